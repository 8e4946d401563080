/**
 * The length of a record id within a run: 11 characters, as Amazon Bedrock requires. Ids are in the order of the input.
 *
 * 3 characters are for the slice, 3 for the part of the slice, and 5 for the record of the part, in digits and capital letters (base
 * 36). The user's ids, which may be missing, repeated or of any length, are restored when the results are joined.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-data.html
 */
export const RECORD_ID_LENGTH = 11;

const BASE = 36;
const PLACE = 3;

/** The maximum number of slices of a run, and of parts of a slice: 46,656. */
export const MOST_OF_A_PLACE = BASE ** PLACE;

export function sliceId(slice: number): string {
  return digits(slice, PLACE);
}

export function partId(slice: number, part: number): string {
  return sliceId(slice) + digits(part, PLACE);
}

export function recordId(part: string, record: number): string {
  return part + digits(record, RECORD_ID_LENGTH - part.length);
}

/** The slice of a part, or of a file of bad lines. */
export function sliceOf(id: string): number {
  return parseInt(id.slice(0, PLACE), BASE);
}

/** The index of a record in its part. */
export function indexOf(record: string): number {
  return parseInt(record.slice(2 * PLACE), BASE);
}

function digits(value: number, length: number): string {
  return value.toString(BASE).toUpperCase().padStart(length, '0');
}

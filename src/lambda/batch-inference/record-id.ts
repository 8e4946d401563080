/**
 * The id that a record has within a run: 11 characters, as Amazon Bedrock wants it, and in the order of the input.
 *
 * 3 for the slice, 3 for the part of the slice, 5 for the record of the part, in digits and capital letters (base 36). The
 * user's own ids, which may be missing, repeated or of any length, come back when the results are joined.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-data.html
 */
export const RECORD_ID_LENGTH = 11;

const BASE = 36;
const PLACE = 3;

/** The largest number of slices of a run, and of parts of a slice: 46,656. */
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

/** The slice that a part, or a file of bad lines, is of. */
export function sliceOf(id: string): number {
  return parseInt(id.slice(0, PLACE), BASE);
}

/** Which record of its part it is. */
export function indexOf(record: string): number {
  return parseInt(record.slice(2 * PLACE), BASE);
}

function digits(value: number, length: number): string {
  return value.toString(BASE).toUpperCase().padStart(length, '0');
}

import { DeletedThroughput, MAX_PARAMETER_BYTES } from './contract';

/**
 * The deletions and purchases of one throughput, in a parameter of its own. Without a name it never was deleted.
 *
 * It only ever moves on: deleted, bought again, deleted again. So of several that were written by runs that did not know of
 * each other, the one that came furthest is right.
 */
export interface Deletion extends Partial<DeletedThroughput> {
  readonly arn: string;
  /** The number of its deletions. */
  readonly deletions: number;
  /** The ARN that it has now, if it was bought again; its old one if it had not gone after all. */
  readonly now?: string;
  /** See `Versioned` in versioned-parameter.ts. */
  readonly version?: number;
}

/** A deletion that can be undone. */
export type Deleted = Deletion & DeletedThroughput;

/** @param value undefined if the parameter does not exist; a value that cannot be read is ignored, and earlier versions count */
export function parseDeletion(arn: string, value: string | undefined): Deletion {
  try {
    const deletion = JSON.parse(value ?? 'null');
    if (deletion?.arn === arn && Number.isInteger(deletion.deletions)) return deletion;
  } catch {
    // As if it were not there.
  }
  return { arn, deletions: 0 };
}

export function mergedDeletion(deletions: readonly Deletion[]): Deletion {
  return deletions.reduce((one, other) => (progress(other) >= progress(one) ? other : one));
}

/** Of two that came equally far, the one that knows of a later purchase is further. */
function progress({ deletions, arn, lastArn, now }: Deletion): number {
  const isLater = now === undefined ? lastArn !== undefined : now !== arn;
  return deletions * 4 + (now === undefined ? 0 : 2) + (isLater ? 1 : 0);
}

/** Deleted, or about to be. */
export function isDeleted(deletion: Deletion): deletion is Deleted {
  return deletion.deletions > 0 && deletion.now === undefined;
}

/** The record that is written before a deletion; unchanged if another run has written it already. */
export function withDeleted(before: Deletion, { lastArn, ...throughput }: DeletedThroughput): Deletion {
  const arn = lastArn ?? throughput.arn;
  if (isDeleted(before) && (before.lastArn ?? before.arn) === arn) return before;
  return { ...throughput, ...(lastArn === undefined ? {} : { lastArn }), deletions: before.deletions + 1 };
}

/** @param after how many deletions it was bought again */
export function withBought(before: Deletion, after: number, now: string): Deletion {
  return before.deletions === after && before.now === undefined ? { ...before, now } : before;
}

/** Whether it is too long for a parameter, with the version that is added to it. */
export function isTooLong(deletion: Deletion): boolean {
  return Buffer.byteLength(JSON.stringify({ ...deletion, now: deletion.arn, version: 1_000_000 })) > MAX_PARAMETER_BYTES;
}

/** The entry of the record for a deletion. */
export function deletedThroughput({ resource, arn, lastArn, name, modelArn, modelUnits, tags }: Deleted): DeletedThroughput {
  return { resource, arn, ...(lastArn === undefined ? {} : { lastArn }), name, modelArn, modelUnits, tags };
}

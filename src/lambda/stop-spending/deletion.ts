import { DeletedThroughput, MAX_PARAMETER_BYTES } from './contract';

/**
 * The deletions and purchases of one throughput, in a parameter of its own. Without a name, the throughput was never deleted.
 *
 * It only moves forward: deleted, bought again, deleted again. Of several versions that concurrent runs have written, the one with
 * the most progress is therefore right.
 */
export interface Deletion extends Partial<DeletedThroughput> {
  readonly arn: string;
  /** The number of its deletions. */
  readonly deletions: number;
  /** The current ARN if it was bought again; the former ARN if its deletion did not take effect. */
  readonly now?: string;
  /** See `Versioned` in versioned-parameter.ts. */
  readonly version?: number;
}

/** A deletion that can be undone. */
export type Deleted = Deletion & DeletedThroughput;

/** @param value undefined if the parameter does not exist. A value that cannot be parsed is ignored, and earlier versions are used. */
export function parseDeletion(arn: string, value: string | undefined): Deletion {
  try {
    const deletion = JSON.parse(value ?? 'null');
    if (deletion?.arn === arn && Number.isInteger(deletion.deletions)) return deletion;
  } catch {
    // Equal to a missing parameter.
  }
  return { arn, deletions: 0 };
}

export function mergedDeletion(deletions: readonly Deletion[]): Deletion {
  return deletions.reduce((one, other) => (progress(other) >= progress(one) ? other : one));
}

/** The progress of a deletion, as a number. Of two equal ones, the deletion with a later purchase has more. */
function progress({ deletions, arn, lastArn, now }: Deletion): number {
  const isLater = now === undefined ? lastArn !== undefined : now !== arn;
  return deletions * 4 + (now === undefined ? 0 : 2) + (isLater ? 1 : 0);
}

/** Whether the throughput is deleted, or its deletion has begun. */
export function isDeleted(deletion: Deletion): deletion is Deleted {
  return deletion.deletions > 0 && deletion.now === undefined;
}

/** The record that is written before a deletion; unchanged if another run has written it already. */
export function withDeleted(before: Deletion, { lastArn, ...throughput }: DeletedThroughput): Deletion {
  const arn = lastArn ?? throughput.arn;
  if (isDeleted(before) && (before.lastArn ?? before.arn) === arn) return before;
  return { ...throughput, ...(lastArn === undefined ? {} : { lastArn }), deletions: before.deletions + 1 };
}

/** @param after the number of deletions before the purchase */
export function withBought(before: Deletion, after: number, now: string): Deletion {
  return before.deletions === after && before.now === undefined ? { ...before, now } : before;
}

/** Whether a deletion, with its version, is too long for a parameter. */
export function isTooLong(deletion: Deletion): boolean {
  return Buffer.byteLength(JSON.stringify({ ...deletion, now: deletion.arn, version: 1_000_000 })) > MAX_PARAMETER_BYTES;
}

/** The entry of the record for a deletion. */
export function deletedThroughput({ resource, arn, lastArn, name, modelArn, modelUnits, tags }: Deleted): DeletedThroughput {
  return { resource, arn, ...(lastArn === undefined ? {} : { lastArn }), name, modelArn, modelUnits, tags };
}

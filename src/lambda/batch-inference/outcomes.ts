import type { Job, TokenCounts } from './contract';

/** The outcome of a slice, as its step wrote it. */
export interface SliceOutcome {
  readonly parts: readonly SplitPart[];
  /** The number of lines that begin in each piece. */
  readonly lines: readonly number[];
  readonly badLines: number;
  /** The reason why the input does not have the configured format. */
  readonly problem?: string;
}

export interface SplitPart {
  readonly id: string;
  readonly records: number;
  readonly bytes: number;
  readonly estimate: EstimatedTokens;
}

export interface EstimatedTokens extends TokenCounts {
  /** The output tokens if each record has its maximum. */
  readonly outputAtMost: number;
  readonly media: number;
}

/** The estimate before a run: estimate.json. */
export interface RunEstimate {
  readonly records: number;
  readonly badLines: number;
  readonly tokens: EstimatedTokens;
  readonly usd?: string;
  readonly atMostUsd?: string;
  /** The number of lines of the file before each piece, by slice and piece. */
  readonly linesBefore: readonly (readonly number[])[];
}

/** The outcome of a job, as its step wrote it. */
export interface JobOutcome {
  readonly how: Job['how'];
  readonly status: string;
  readonly succeeded: number;
  readonly deadLetters: number;
  /** The number of dead letters of each kind. */
  readonly errors: Counts;
  /** The parts to run again. */
  readonly again: readonly PartAgain[];
  /** Left out if neither the records nor the job have token counts. */
  readonly tokens?: TokenCounts;
}

export interface PartAgain {
  readonly id: string;
  readonly records: number;
  readonly bytes: number;
}

export interface Counts {
  readonly [kind: string]: number;
}

export function addCounts(all: readonly Counts[]): Counts {
  const sums: { [kind: string]: number } = {};
  for (const [kind, count] of all.flatMap((counts) => Object.entries(counts))) sums[kind] = (sums[kind] ?? 0) + count;
  return sums;
}

/** The source of a record: the user's own id, the piece of its slice, and the line of the piece. */
export type Source = readonly [recordId: string | number | null, piece: number, line: number];

/** A record without a result: one line of steps/dead-letters, after the record's id. */
export interface DeadLetter {
  /** One or two words by which dead letters are counted: `JobFailed`, `ModelError 400`. */
  readonly kind: string;
  readonly reason: string;
}

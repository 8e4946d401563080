import { oneLine } from './sanitize';
import { textWidth } from './text-table';

/** A line of the summary; the mood of a line with a verdict decides its color. */
export interface SummaryLine {
  readonly text: string;
  readonly mood?: Mood;
  /** True for a line that is not cut. */
  readonly isWhole?: boolean;
}
export type Mood = 'title' | 'good' | 'warning' | 'bad';

export interface SummaryOptions {
  /** Characters of a line at most. A name that is cut begins with an ellipsis, and a text that is cut ends with one. */
  readonly width: number;
  /** The report for people, as a path that the reader can open; undefined where the app was refused and no report is written. */
  readonly reportFile?: string;
  /** The nested stage that a budget refuses; undefined where it refuses the app, or nothing. */
  readonly refusedStage?: string;
  /** False where the context switches enforcement off, so that no budget fails the synthesis. */
  readonly isEnforced: boolean;
  /** The paths of the nested stages, whose stacks plain `cdk synth` does not select. */
  readonly stages: readonly string[];
}

export const INDENT = '  ';

/** The characters of the widest text. */
export function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => textWidth(oneLine(text))));
}

import { oneLine } from './sanitize';
import { textWidth } from './text-table';

/** A line of the summary. The mood of a line with a verdict determines its color. */
export interface SummaryLine {
  readonly text: string;
  readonly mood?: Mood;
  /** True for a line that is not cut. */
  readonly isWhole?: boolean;
}
export type Mood = 'title' | 'good' | 'warning' | 'bad';

export interface SummaryOptions {
  /** Maximum number of characters of a line. A name that is cut begins with an ellipsis, and a text that is cut ends with one. */
  readonly width: number;
  /** Path of the Markdown report, which the user can open; undefined if the app was refused and no report is written. */
  readonly reportFile?: string;
  /** Nested stage that a budget refuses; undefined if it refuses the app, or nothing. */
  readonly refusedStage?: string;
  /** False if the context switches enforcement off: no budget fails the synthesis. */
  readonly isEnforced: boolean;
  /** Paths of the nested stages, whose stacks plain `cdk synth` does not select. */
  readonly stages: readonly string[];
}

export const INDENT = '  ';

/** Number of characters of the widest text. */
export function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => textWidth(oneLine(text))));
}

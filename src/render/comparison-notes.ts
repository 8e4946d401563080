import { alignColumns, wrap } from './text-table';
import { CostComparison } from '../pricing/comparison/comparison';

/** A note on options, with their numbers in the table: `1-3, 5`. */
export interface OptionNote {
  readonly numbers: string;
  readonly text: string;
}

/** Splits a break-even text into the point for a table's column and, if it has a condition, the whole text. */
export function splitBreakEven(text: string): { readonly point: string; readonly more?: string } {
  const at = text.search(/, |: /);
  // "a month" is left out after a range of two large numbers, which is long. All numbers of the table are per month.
  const point = (at < 0 ? text : text.slice(0, at)).replace(/ a month on$/, ' a month').replace(/^(from \S+ up to \S+ requests?) a month$/, '$1');
  return at < 0 ? { point } : { point, more: text };
}

/** Renders the trade-offs, unknown costs and break-even conditions of the options. Equal notes are merged. */
export function optionNotes({ options }: CostComparison): OptionNote[] {
  const conditions = options.map(({ breakEven = '' }) => splitBreakEven(breakEven).more);
  return [
    ...groupedNotes(options.map(({ tradeOffs }) => tradeOffs)),
    ...groupedNotes(options.map(({ unavailableReason }) => (unavailableReason === undefined ? [] : [`cost unknown: ${unavailableReason} (--tokens-per-minute-per-model-unit)`]))),
    ...groupedNotes(conditions.map((condition) => (condition === undefined ? [] : [`break-even ${withoutCount(condition)}`]))),
  ];
}

/** Merges the notes of a table's rows. A text of several rows is in the result once, with the numbers of the rows. */
export function groupedNotes(rows: readonly (readonly string[])[]): OptionNote[] {
  const numbers = new Map<string, number[]>();
  rows.forEach((texts, i) => texts.forEach((text) => numbers.set(text, [...(numbers.get(text) ?? []), i + 1])));
  return [...numbers].map(([text, of]) => ({ numbers: ranges(of), text }));
}

/** Renders a line for each note, with its numbers before it. */
export function noteLines(notes: readonly OptionNote[]): string[] {
  const leads = alignColumns([{ align: 'right' }, {}], notes.map(({ numbers }) => [numbers, '|']));
  return notes.flatMap(({ text }, i) => wrap(`  ${leads[i].slice(0, -1)}`, text));
}

/** Removes the number of requests, which the row has, from a condition. The condition is the same for many rows. */
function withoutCount(text: string): string {
  return text.replace(/^from [\d,]+ requests? a month on, /, 'only ');
}

function ranges(numbers: readonly number[]): string {
  const groups: [first: number, last: number][] = [];
  for (const number of numbers) {
    const last = groups[groups.length - 1];
    if (last && last[1] === number - 1) last[1] = number;
    else groups.push([number, number]);
  }
  return groups.map(([first, last]) => (last > first + 1 ? `${first}-${last}` : last > first ? `${first}, ${last}` : `${first}`)).join(', ');
}

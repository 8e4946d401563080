import { alignColumns, wrap } from './text-table';
import { CostComparison } from '../pricing/comparison/comparison';

/** A note on options, by their numbers in the table: `1-3, 5`. */
export interface OptionNote {
  readonly numbers: string;
  readonly text: string;
}

/** A break-even point for the column of a table, and the whole of it where there is more to say. */
export function splitBreakEven(text: string): { readonly point: string; readonly more?: string } {
  const at = text.search(/, |: /);
  // A range of two large numbers is long enough as it is: costs and numbers of the table are all those of a month.
  const point = (at < 0 ? text : text.slice(0, at)).replace(/ a month on$/, ' a month').replace(/^(from \S+ up to \S+ requests?) a month$/, '$1');
  return at < 0 ? { point } : { point, more: text };
}

/** The trade-offs, unknowns and break-even points of the options: each once, with the options that it is about. */
export function optionNotes({ options }: CostComparison): OptionNote[] {
  const conditions = options.map(({ breakEven = '' }) => splitBreakEven(breakEven).more);
  return [
    ...groupedNotes(options.map(({ tradeOffs }) => tradeOffs)),
    ...groupedNotes(options.map(({ unavailableReason }) => (unavailableReason === undefined ? [] : [`cost unknown: ${unavailableReason} (--tokens-per-minute-per-model-unit)`]))),
    ...groupedNotes(conditions.map((condition) => (condition === undefined ? [] : [`break-even ${withoutCount(condition)}`]))),
  ];
}

/** The texts of each row of a table: a text that several rows have stands once, with the numbers of them all. */
export function groupedNotes(rows: readonly (readonly string[])[]): OptionNote[] {
  const numbers = new Map<string, number[]>();
  rows.forEach((texts, i) => texts.forEach((text) => numbers.set(text, [...(numbers.get(text) ?? []), i + 1])));
  return [...numbers].map(([text, of]) => ({ numbers: ranges(of), text }));
}

/** A line for each note, its numbers before it. */
export function noteLines(notes: readonly OptionNote[]): string[] {
  const leads = alignColumns([{ align: 'right' }, {}], notes.map(({ numbers }) => [numbers, '|']));
  return notes.flatMap(({ text }, i) => wrap(`  ${leads[i].slice(0, -1)}`, text));
}

/** The row already has the number of requests; its condition is the same for many rows. */
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

import { regionsText } from './cost-lines';
import { jsonText, oneLine } from './sanitize';
import { alignColumns, Column } from './text-table';
import { BookDiff, PriceChange } from '../price-book-review/diff-books';
import { decimal, ZERO } from '../pricing/decimal';
import { formatQuantity, formatUnitPrice } from '../pricing/format';
import { ANY_MODEL, PriceTier } from '../pricing/price-book/rate';

export function renderBookDiffJson(diff: BookDiff): string {
  return jsonText(diff);
}

const CHANGE_COLUMNS: readonly Pick<Column, 'align'>[] = [
  {}, {}, {}, {}, { align: 'right' }, {}, { align: 'right' }, {}, { align: 'right' }, { align: 'right' }, {}, {},
];

/** Renders the changes of prices as a table for each model, with the regions of the same change in one line. */
export function renderBookDiffTable(diff: BookDiff): string {
  const { models, summary } = diff;
  // The columns of all models are aligned.
  const lines = alignColumns(CHANGE_COLUMNS, models.flatMap(({ changes }) => changes.map(changeCells)));
  let next = 0;
  return [
    ...[diff.old, diff.new].map(({ name, asOf }, i) => oneLine(`${i === 0 ? 'old' : 'new'}: ${name} (${asOf === null ? 'states no day' : `as of ${asOf}`})`)),
    '',
    ...models.flatMap(({ model, changes }) => [model === ANY_MODEL ? 'prices that belong to no model' : oneLine(model), ...lines.slice(next, (next += changes.length)).map((line) => `  ${line}`), '']),
    [
      `${formatQuantity(summary.changed)} changed`, `${formatQuantity(summary.added)} added`,
      `${formatQuantity(summary.removed)} removed`, `${formatQuantity(summary.unchanged)} as before`,
    ].join(', '),
    ...extremeLine('largest rise', summary.largestRise),
    ...extremeLine('largest fall', summary.largestFall),
    '',
  ].join('\n');
}

function changeCells(priceChange: PriceChange): string[] {
  const { change, what, scope, tier, oldUsd, newUsd, unit, deltaUsd, percent, regions } = priceChange;
  return [
    change, what, scope ?? 'all', tier === PriceTier.STANDARD ? '' : tier,
    oldUsd === null ? '' : formatUnitPrice(oldUsd), oldUsd === null || newUsd === null ? '' : '->', newUsd === null ? '' : formatUnitPrice(newUsd),
    `per ${unit}`, deltaUsd === null ? '' : signed(deltaUsd, formatUnitPrice), percent === null ? '' : changePercentText(percent),
    regions.length === 0 ? 'every region' : regionsText(regions), endText(priceChange),
  ];
}

/** Renders `ends: - -> 2026-12-01` for a price whose last day changed; empty for any other one. */
function endText({ change, oldEndDate, newEndDate, oldReviewAfter, newReviewAfter }: PriceChange): string {
  const text = (title: string, before: string | null, after: string | null) =>
    (change === 'changed' && before !== after ? [`${title}: ${before ?? '-'} -> ${after ?? '-'}`] : []);
  return [...text('ends', oldEndDate, newEndDate), ...text('guaranteed until', oldReviewAfter, newReviewAfter)].join(', ');
}

/** Renders a number with its sign: `+$0.30`, `-12.5`. */
function signed(text: string, format: (magnitude: string) => string): string {
  const isNegative = decimal(text).cmp(ZERO) < 0;
  return `${isNegative ? '-' : '+'}${format(isNegative ? text.slice(1) : text)}`;
}

/** Renders a percentage with its sign, rounded to a hundredth: `+3.13 %`. */
function changePercentText(percent: string): string {
  return `${signed(percent, (text) => decimal(decimal(text).toFixed(2)).toFixed())} %`;
}

function extremeLine(title: string, change: PriceChange | null): string[] {
  if (change === null) return [];
  const { model, what, percent, regions } = change;
  return [oneLine(`${title}: ${changePercentText(percent!)}, ${model} ${what}${regions.length === 0 ? '' : ` in ${regionsText(regions)}`}`)];
}

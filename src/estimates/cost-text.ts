import { OtherServiceLineJson } from '../cost-report/report-json';
import { oneLine } from '../input/one-line';
import { Decimal, decimal, sum, ZERO } from '../pricing/decimal';
import { EstimateJson, LineItemJson } from '../pricing/estimate';
import { formatMonthly, formatQuantity, formatUnitPrice, formatUsd, sharePercent } from '../pricing/format';
import { priceDatesOf } from '../pricing/price-book/price-dates';
import { ANY_MODEL } from '../pricing/price-book/rate';
import { billingModeName } from '../pricing/workload';

interface LargestLine {
  readonly description: string;
  readonly usd: string;
  readonly sharePercent: string;
}

// Equal usage of an app has one estimate.
const largestLines = new WeakMap<readonly LineItemJson[], LargestLine | undefined>();

/**
 * The line of an estimate that costs most in a month, with its part of the known monthly cost; undefined without one.
 * One-time costs are no part of a month.
 */
export function largestLine({ lineItems }: Pick<EstimateJson, 'lineItems'>): LargestLine | undefined {
  if (!largestLines.has(lineItems)) largestLines.set(lineItems, largestOf(lineItems));
  return largestLines.get(lineItems);
}

function largestOf(lineItems: readonly LineItemJson[]): LargestLine | undefined {
  const monthly = lineItems.filter(({ oneTime }) => !oneTime).map((line) => ({ line, usd: decimal(line.usd) }));
  const total = sum(monthly.map(({ usd }) => usd));
  const [largest] = [...monthly].sort((a, b) => b.usd.cmp(a.usd));
  return largest && { description: largest.line.description, usd: largest.line.usd, sharePercent: sharePercent(largest.usd, total) };
}

/** The INFO that a construct draws: its monthly cost in the first line, how it comes about in the others. */
export function costText(entry: {
  readonly type: string;
  readonly model: string;
  readonly region: string | undefined;
  readonly estimate: EstimateJson;
  readonly low?: EstimateJson;
  readonly high?: EstimateJson;
  readonly commitment?: { readonly duration: string; readonly months: number };
  readonly otherServices?: readonly OtherServiceLineJson[];
}): string {
  const { estimate } = entry;
  const total = decimal(estimate.knownMonthlyUsd);
  const amount = estimate.monthlyUsd === null ? `cost ${formatMonthly(estimate)}` : `${formatUsd(estimate.monthlyUsd)} a month`;
  return [
    `${amount}: ${entry.model === ANY_MODEL ? '' : `${entry.model}, `}${billingModeName(entry.type)} in ${entry.region ?? 'an unknown region'}`,
    ...estimate.lineItems.map((line) => `  ${lineText(line, total)}`),
    ...(estimate.oneTimeUsd === null ? ['  paid once: unknown'] : []),
    ...range(entry.low, entry.high),
    ...estimate.unitCosts.map(({ unit, usd }) => `  ${formatUsd(usd)} per ${unit}`),
    ...(entry.commitment && estimate.commitmentUsd !== null
      ? [`  commitment that cannot be cancelled: ${formatUsd(estimate.commitmentUsd)} over ${entry.commitment.months} month${entry.commitment.months === 1 ? '' : 's'}; it renews itself`]
      : []),
    ...otherServicesText(entry),
    ...estimate.assumptions.map((assumption) => `  assumed: ${assumption}`),
    ...priceDates([estimate, entry.low, entry.high]),
  ].map(oneLine).join('\n');
}

/** Not Amazon Bedrock's, and not in the amount: with each line of it. */
function otherServicesText({ estimate, low, high, otherServices: lines = [] }: Parameters<typeof costText>[0]): string[] {
  const [expected, least, most] = [estimate, low ?? estimate, high ?? estimate].map(({ otherServicesMonthlyUsd }) => otherServicesMonthlyUsd);
  if (decimal(expected).cmp(ZERO) <= 0) return [];
  const between = least === most ? '' : ` (${formatUsd(least)} to ${formatUsd(most)})`;
  return [
    `  other AWS services for it: about ${formatUsd(expected)} a month${between}`,
    ...lines.map(({ description, quantity, unitPriceUsd, unit, usd }) => `    ${description}: ${formatQuantity(quantity)} x ${formatUnitPrice(unitPriceUsd)} per ${unit} = ${formatUsd(usd)}`),
  ];
}

/** `input tokens: 200 x $3.30 per 1M tokens = $660.00 (43.5 %)`; a one-time cost has no percentage. */
function lineText({ description, quantity, unit, unitPriceUsd, usd, oneTime, derived }: LineItemJson, monthly: Decimal): string {
  const share = oneTime ? 'once' : `(${sharePercent(decimal(usd), monthly)} %)`;
  const rule = derived === undefined ? '' : `, derived: ${derived}`;
  return `${description}: ${formatQuantity(quantity)} x ${formatUnitPrice(unitPriceUsd)} per ${unit} = ${formatUsd(usd)} ${share}${rule}`;
}

function range(low: EstimateJson | undefined, high: EstimateJson | undefined): string[] {
  const parts = [...(low ? [`${formatMonthly(low)} in a slow month`] : []), ...(high ? [`${formatMonthly(high)} in a busy month`] : [])];
  return parts.length === 0 ? [] : [`  ${parts.join(', ')}`];
}

/** The oldest and the newest day on which one of the prices was last confirmed. */
function priceDates(months: readonly (EstimateJson | undefined)[]): string[] {
  const { oldest, newest } = priceDatesOf(months.flatMap((month) => month?.lineItems ?? []));
  return oldest === null ? [] : [`  prices of ${oldest}${newest === oldest ? '' : ` to ${newest}`}`];
}

import { decimal, Decimal, ZERO } from './decimal';
import { ANY_MODEL } from './price-book/rate';

const CENT = decimal('0.01');

/**
 * Money as people read it: `$30,922.80`; below a cent as many digits as it takes (`$0.00000465`).
 *
 * Display only. Sums are made of the exact amounts, never of what this returns.
 */
export function formatUsd(amount: Decimal | string): string {
  const value = typeof amount === 'string' ? decimal(amount) : amount;
  if (value.cmp(ZERO) < 0) return `-${formatUsd(ZERO.minus(value))}`;
  const isBelowCent = value.cmp(CENT) < 0 && value.cmp(ZERO) > 0;
  return `$${isBelowCent ? significantDigits(value.toFixed(), 3) : withCommas(value.toFixed(2))}`;
}

/**
 * Two amounts for one sentence that compares them: `formatUsd`, with the digits that differ where they differ by less than
 * a cent (`$1,000.004` and `$1,000.000`).
 */
export function formatUsdApart(a: Decimal | string, b: Decimal | string): readonly [string, string] {
  const [first, second] = [a, b].map((amount) => (typeof amount === 'string' ? decimal(amount) : amount));
  const difference = first.cmp(second) > 0 ? first.minus(second) : second.minus(first);
  if (difference.cmp(ZERO) === 0 || difference.cmp(CENT) >= 0) return [formatUsd(first), formatUsd(second)];
  // As many digits as the difference itself is printed with: they cannot be equal then.
  const digits = significantDigits(difference.toFixed(), 3).split('.')[1].length;
  return [`$${withCommas(first.toFixed(digits))}`, `$${withCommas(second.toFixed(digits))}`];
}

/** `formatUsd`, or `unknown`: an unknown amount never looks like $0.00. */
export function formatUsdOrUnknown(amount: Decimal | string | null | undefined): string {
  return amount === undefined || amount === null ? 'unknown' : formatUsd(amount);
}

/** A monthly cost: `$12.00`, `unknown`, `unknown, at least $12.00`. */
export function formatMonthly({ monthlyUsd, knownMonthlyUsd }: { readonly monthlyUsd: string | null; readonly knownMonthlyUsd: string }): string {
  if (monthlyUsd !== null) return formatUsd(monthlyUsd);
  return decimal(knownMonthlyUsd).cmp(ZERO) > 0 ? `unknown, at least ${formatUsd(knownMonthlyUsd)}` : 'unknown';
}

/** The part of a whole in percent, rounded to a tenth: `43.5`, `100`; 0 where there is no whole. */
export function sharePercent(part: Decimal, whole: Decimal): string {
  return whole.cmp(ZERO) === 0 ? '0' : (100 * part.toNumber() / whole.toNumber()).toFixed(1).replace(/\.0$/, '');
}

/** The same as people read it: `43.5 %`, `<0.1 %`; a dash where there is no whole. */
export function formatShare(part: string, whole: string): string {
  const [exactPart, exactWhole] = [decimal(part), decimal(whole)];
  if (exactWhole.cmp(ZERO) <= 0) return '-';
  const percent = sharePercent(exactPart, exactWhole);
  return percent === '0' && exactPart.cmp(ZERO) > 0 ? '<0.1 %' : `${percent} %`;
}

/** A unit price with all its digits: `$0.33`, `$21.18`, `$0.000112`. */
export function formatUnitPrice(usd: string): string {
  const [whole, fraction = ''] = usd.split('.');
  return `$${withCommas(whole)}.${fraction.padEnd(2, '0')}`;
}

/** A number of days: `1 day`, `1,200 days`. */
export function formatDays(days: number): string {
  return `${formatQuantity(days)} day${days === 1 ? '' : 's'}`;
}

/** A count as people read it: `1,234,567.5`. */
export function formatQuantity(quantity: string | number): string {
  return withCommas(typeof quantity === 'string' ? quantity : decimal(quantity).toFixed());
}

function withCommas(text: string): string {
  const [whole, fraction] = text.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** Cuts `0.0000046512` after so many digits that are not leading zeros. */
function significantDigits(text: string, digits: number): string {
  const leading = /^0\.0*/.exec(text)![0].length;
  return decimal(text).toFixed(leading - 2 + digits).replace(/0+$/, '');
}

/** ` of amazon.nova-pro-v1:0` behind the name of a price; empty where no model is part of it. */
export function ofModel(model: string | null): string {
  return model === null || model === ANY_MODEL ? '' : ` of ${model}`;
}

import { JudgedBook, Spotted } from './judged-book';
import { groupBy, PlacedRate } from './placed-rate';
import { rateText } from './rate-text';
import { Typical, TypicalPrices } from './typical-price';
import { formatUnitPrice } from '../pricing/format';
import { isDay } from '../pricing/price-book/day';
import { isGivenAway } from '../pricing/price-book/free-rates';
import { isTooOld, tooOldText } from '../pricing/price-book/price-age';
import { priceDatesOf } from '../pricing/price-book/price-dates';
import { RateKind } from '../pricing/price-book/rate';
import { comparableUnit, endOf, rateIdentity, startOf } from '../pricing/price-book/rate-identity';

/** Rules that make a book unusable: one function for each rule. */

export function tooOld({ effective, limit }: JudgedBook): Spotted[] {
  const { newest } = priceDatesOf(effective.map(({ rate }) => rate));
  return newest === null || !isTooOld(newest, limit) ? [] : [{ model: '', text: tooOldText('the newest price', newest, limit) }];
}

export function fromTheFuture({ rates, limit: { today } }: JudgedBook): Spotted[] {
  return rates
    .flatMap(({ rate, region }) => {
      const read = isDay(rate.asOf) && rate.asOf > today ? `read on ${rate.asOf}` : undefined;
      const confirmed = isDay(rate.confirmed) && rate.confirmed > today ? `confirmed on ${rate.confirmed}` : undefined;
      const what = read ?? confirmed;
      return what === undefined ? [] : [{ model: rate.model, region, text: `${rateText(rate)} was ${what}, which is after ${today}` }];
    });
}

const DAYS = ['asOf', 'confirmed', 'effectiveDate', 'endDate', 'reviewAfter'] as const;

/** Dates that are not in the calendar, which the other rules would pass: they are neither too old nor in the future. */
export function noDays({ rates }: JudgedBook): Spotted[] {
  return rates.flatMap(({ rate, region }) => DAYS
    .filter((field) => rate[field] !== undefined && !isDay(rate[field]))
    .map((field) => ({ model: rate.model, region, text: `${rateText(rate)} states the ${field} ${JSON.stringify(rate[field])}, which is no day of the calendar` })));
}

export function zeroPrices({ rates }: JudgedBook): Spotted[] {
  return rates
    .filter(({ rate, price }) => price.toNumber() === 0 && !isGivenAway(rate))
    .map(({ rate, region }) => ({ model: rate.model, region, text: `${rateText(rate)} is $0, which AWS uses as a placeholder` }));
}

/** Contradictions within a layer. A rate without a region does not contradict one with a region, which has precedence. */
export function contradictions({ layers }: JudgedBook): Spotted[] {
  return layers.flatMap((layer) =>
    [...groupBy(layer, ({ key, rate }) => `${key} ${rate.regionAssumed ?? false}`).values()].flatMap(overlaps));
}

/** Rates with the same key, each of which begins while another one with another price is in force. It takes one pass. */
function overlaps(alike: readonly PlacedRate[]): Spotted[] {
  if (alike.length === 1) return [];
  const [first, ...later] = [...alike].sort((a, b) => (startOf(a.rate) < startOf(b.rate) ? -1 : startOf(a.rate) > startOf(b.rate) ? 1 : 0));
  const found: Spotted[] = [];
  let longest = first;
  for (const next of later) {
    if (startOf(next.rate) < endOf(longest.rate) && next.price.cmp(longest.price) !== 0) found.push(contradiction(longest, next));
    if (endOf(next.rate) > endOf(longest.rate)) longest = next;
  }
  return found;
}

function contradiction(one: PlacedRate, other: PlacedRate): Spotted {
  const text = ({ rate, price }: PlacedRate) => `${formatUnitPrice(price.toFixed())}${rate.source === undefined ? '' : ` (${rate.source})`}`;
  return { model: one.rate.model, region: one.region, text: `${rateText(one.rate)} is both ${text(one)} and ${text(other)} per ${comparableUnit(one.rate)}` };
}

/**
 * Multiple of the typical price from which a rate is taken to be wrong.
 *
 * Errors of the unit are by a factor of 1,000. In the embedded book of 2026-09-23, the rates of one kind are within 7.7 times the
 * median of their model (Titan Text Embeddings V2, whose European prices are as listed). They are within 20 times that of their
 * family (Jamba), and 72 times that of their provider (GPT-5 beside gpt-oss). So the limit accepts all correct rates, and the median
 * of the model shows an error of the unit.

 */
const OUTLIER = 100;

export function outliers({ rates, reference, inForce }: JudgedBook): Spotted[] {
  const known = [new TypicalPrices(rates), new TypicalPrices(reference)];
  const exceeded = new Map(rates.flatMap((placed): [PlacedRate, Typical][] => {
    const usd = placed.price.toNumber();
    const isOff = (typical: Typical) => usd >= OUTLIER * typical.usd || usd * OUTLIER <= typical.usd;
    const found = usd === 0 ? undefined : known.flatMap((prices) => prices.of(placed)).find(isOff);
    return found === undefined ? [] : [[placed, found]];
  }));
  return [
    ...[...exceeded].map(([placed, typical]) => outlier(placed, typical.usd, `the typical price of ${typical.of}`)),
    ...[...inForce.values()].flatMap((input) => {
      if (input.rate.kind !== RateKind.INPUT) return [];
      const output = inForce.get(rateIdentity({ ...input.rate, kind: RateKind.OUTPUT }, input.region));
      return output === undefined || exceeded.has(input) || exceeded.has(output) ? [] : apart(input, output);
    }),
  ];
}

/**
 * Ratio of the input and output prices of a model from which one of them is taken to be wrong.
 *
 * In all 2,979 pairs of the embedded book of 2026-09-23, the output price is 1 (Jurassic-2) to 10 times (Palmyra X5) the input price.
 * With an error of 1,000 in one of them, the ratio is at least 100.
 */
const APART = 50;

function apart(input: PlacedRate, output: PlacedRate): Spotted[] {
  const [usdIn, usdOut] = [input.price.toNumber(), output.price.toNumber()];
  if (usdIn === 0 || usdOut === 0 || (usdIn < APART * usdOut && usdOut < APART * usdIn)) return [];
  return [outlier(input, usdOut, `its output at ${formatUnitPrice(output.price.toFixed())}`)];
}

function outlier({ rate, region, price }: PlacedRate, other: number, what: string): Spotted {
  const usd = price.toNumber();
  const times = (ratio: number) => ratio.toFixed(0).replace(/\B(?=(\d{3})+$)/g, ',');
  const how = usd > other ? `${times(usd / other)} times` : `1/${times(other / usd)} of`;
  const unit = comparableUnit(rate);
  return {
    model: rate.model,
    region,
    text: `${rateText(rate)} is ${formatUnitPrice(price.toFixed())} per ${unit}, ${how} ${what}`,
  };
}

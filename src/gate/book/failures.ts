import { JudgedBook, Spotted } from './judged-book';
import { comparableUnit, groupBy, PlacedRate } from './placed-rate';
import { rateText } from './rate-text';
import { Typical, TypicalPrices } from './typical-price';
import { formatUnitPrice } from '../../pricing/format';
import { RateKind } from '../../pricing/rate';
import { tooOldText } from '../price-age';

/** Everything that makes a book unfit to price anything by: a function for each rule. */

export function tooOld({ asOf, limit }: JudgedBook): Spotted[] {
  const text = asOf === undefined ? undefined : tooOldText(asOf, limit);
  return text === undefined ? [] : [{ model: '', text }];
}

export function fromTheFuture({ rates, limit: { today } }: JudgedBook): Spotted[] {
  return rates
    .filter(({ rate: { asOf } }) => asOf !== undefined && asOf > today)
    .map(({ rate, region }) => ({ model: rate.model, region, text: `${rateText(rate)} was read on ${rate.asOf}, which is after ${today}` }));
}

/** What AWS gives away: writes to some caches, and the regular expressions of a guardrail. */
const FREE_KINDS: readonly RateKind[] = [RateKind.CACHE_WRITE_5M, RateKind.CACHE_WRITE_30M, RateKind.CACHE_WRITE_1H];
const FREE_POLICY = 'sensitive-information-regex';

export function zeroPrices({ rates }: JudgedBook): Spotted[] {
  return rates
    .filter(({ rate, price }) => price.toNumber() === 0 && !FREE_KINDS.includes(rate.kind) && rate.policy !== FREE_POLICY)
    .map(({ rate, region }) => ({ model: rate.model, region, text: `${rateText(rate)} is $0, which AWS uses as a placeholder` }));
}

/** Only within one layer, and not where one of the two names no region: it gives way to the one that does. */
export function contradictions({ layers }: JudgedBook): Spotted[] {
  return layers.flatMap((layer) =>
    [...groupBy(layer, ({ key, rate }) => `${key} ${rate.regionAssumed ?? false}`).values()].flatMap(overlaps));
}

/** Of rates that price the same thing, each that begins while another with another price is in force. One pass, however many they are. */
function overlaps(alike: readonly PlacedRate[]): Spotted[] {
  if (alike.length === 1) return [];
  const [first, ...later] = [...alike].sort((a, b) => (startOf(a) < startOf(b) ? -1 : startOf(a) > startOf(b) ? 1 : 0));
  const found: Spotted[] = [];
  let longest = first;
  for (const next of later) {
    if (startOf(next) < endOf(longest) && next.price.cmp(longest.price) !== 0) found.push(contradiction(longest, next));
    if (endOf(next) > endOf(longest)) longest = next;
  }
  return found;
}

function startOf({ rate }: PlacedRate): string {
  return rate.effectiveDate ?? '';
}

function endOf({ rate }: PlacedRate): string {
  return rate.endDate ?? '9999-99-99';
}

function contradiction(one: PlacedRate, other: PlacedRate): Spotted {
  const text = ({ rate, price }: PlacedRate) => `${formatUnitPrice(price.toFixed())}${rate.source === undefined ? '' : ` (${rate.source})`}`;
  return { model: one.rate.model, region: one.region, text: `${rateText(one.rate)} is both ${text(one)} and ${text(other)} per ${comparableUnit(one.rate)}` };
}

/**
 * From which multiple of the typical price on a rate cannot be right.
 *
 * Slips of the unit are by 1,000. In the embedded book of 2026-09-23 the rates of one kind stay within 7.7 times their
 * model's median (Titan Text Embeddings V2, whose European prices are as listed), within 20 times their family's (Jamba),
 * and within 72 times their provider's (GPT-5 beside gpt-oss): the bound leaves those alone, and a slip shows in the first.
 */
const OUTLIER = 100;

export function outliers({ rates, reference }: JudgedBook): Spotted[] {
  const known = [new TypicalPrices(rates), new TypicalPrices(reference)];
  return rates.flatMap((placed) => {
    const usd = placed.price.toNumber();
    if (usd === 0) return [];
    const exceeded = known.flatMap((prices) => prices.of(placed)).find((typical) => usd >= OUTLIER * typical.usd || usd * OUTLIER <= typical.usd);
    return exceeded === undefined ? [] : [outlier(placed, usd, exceeded)];
  });
}

function outlier({ rate, region, price }: PlacedRate, usd: number, typical: Typical): Spotted {
  const times = (ratio: number) => ratio.toFixed(0).replace(/\B(?=(\d{3})+$)/g, ',');
  const how = usd > typical.usd ? `${times(usd / typical.usd)} times` : `1/${times(typical.usd / usd)} of`;
  const unit = comparableUnit(rate);
  return {
    model: rate.model,
    region,
    text: `${rateText(rate)} is ${formatUnitPrice(price.toFixed())} per ${unit}, ${how} what is typical of ${typical.of}`,
  };
}

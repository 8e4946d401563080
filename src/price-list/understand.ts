import { customModelImport } from './families/custom-model-import';
import { customization } from './families/customization';
import { guardrails } from './families/guardrails';
import { media } from './families/media';
import { outside } from './families/outside';
import { provisionedThroughput } from './families/provisioned-throughput';
import { requests } from './families/requests';
import { reserved } from './families/reserved';
import { tokens } from './families/tokens';
import { DraftRate, Family, ListedSku, ListedTerm, NameMap, notUnderstood, Rank, Reading } from './listed-sku';
import { isPlaceholder } from './zero-prices';
import { decimal, isDecimalText, toText } from '../pricing/decimal';
import { Rate } from '../pricing/rate';

/** Asked in this order; the first one whose family the row is of decides. */
const FAMILIES: readonly Family[] = [
  outside, guardrails, customModelImport, provisionedThroughput, reserved, requests, tokens, customization, media,
];

export const NO_PRICE = 'no price on demand';
export const PLACEHOLDER = 'a price of $0, which keeps a place and prices nothing';

/** A rate with what the rows of the same key are told apart by. */
export interface RankedRate {
  readonly rate: Rate;
  readonly rank: Rank;
}

/** The rates of one SKU: one for each term and each way of reaching the model. */
export function understand(listed: ListedSku, names: NameMap): Reading<RankedRate> {
  const { terms, attributes } = listed;
  if (!attributes.usagetype) return notUnderstood('no usagetype');
  if (!attributes.regionCode) return notUnderstood('no regionCode');
  if (terms.length === 0) return { skipped: NO_PRICE };
  if (terms.length > 1 && terms.some(({ effectiveDate }) => effectiveDate === undefined)) return notUnderstood('several terms, not all of them dated');
  const rates: RankedRate[] = [];
  const skipped: string[] = [];
  for (const term of terms) {
    const reading = understandTerm(listed, term, names);
    if ('notUnderstood' in reading) return reading;
    if ('skipped' in reading) skipped.push(reading.skipped);
    else rates.push(...reading.understood.map(({ rank = Rank.STATED, ...draft }) => ({ rank, rate: rateOf(draft, listed, term) })));
  }
  if (skipped.length === 0) return { understood: rates };
  return skipped.length === terms.length ? { skipped: skipped[0] } : notUnderstood('several terms, some of them without a price');
}

function understandTerm({ offerCode, attributes }: ListedSku, { prices }: ListedTerm, names: NameMap): Reading {
  if (prices.length !== 1) return notUnderstood(prices.length === 0 ? 'a term without a price' : 'a price that depends on the quantity');
  const [{ unit, usd, currencies, description, beginRange = '0', endRange = 'Inf' }] = prices;
  if (beginRange !== '0' || endRange !== 'Inf') return notUnderstood('a price that depends on the quantity');
  if (usd === undefined) return notUnderstood(`no price in USD, only in ${currencies.join(', ') || 'nothing'}`);
  if (!isDecimalText(usd)) return notUnderstood('a price that is no decimal number');
  const row = { offerCode, attributes, unit, usd, description };
  for (const family of FAMILIES) {
    const reading = family(row, names);
    if (reading === undefined) continue;
    return 'understood' in reading && reading.understood.every(isPlaceholder) ? { skipped: PLACEHOLDER } : reading;
  }
  return notUnderstood('of no known family');
}

function rateOf(draft: Omit<DraftRate, 'rank'>, { sku, attributes, publicationDate }: ListedSku, { effectiveDate }: ListedTerm): Rate {
  // Fields in the order in which a reader of the book looks for them.
  const { model, kind, usd, unit, scope, ...rest } = draft;
  return {
    model,
    kind,
    usd: toText(decimal(usd)),
    unit,
    region: attributes.regionCode,
    ...(scope === undefined ? {} : { scope }),
    ...rest,
    asOf: publicationDate,
    source: `price-list-sku:${sku}`,
    ...(effectiveDate === undefined ? {} : { effectiveDate }),
  };
}

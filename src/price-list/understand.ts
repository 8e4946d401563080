import { MODEL_NAMES, ReadAttributes, unreadAttribute } from './attributes';
import { customModelImport } from './families/custom-model-import';
import { customization } from './families/customization';
import { guardrails } from './families/guardrails';
import { knowledgeBases } from './families/knowledge-bases';
import { media } from './families/media';
import { outside } from './families/outside';
import { provisionedThroughput } from './families/provisioned-throughput';
import { requests } from './families/requests';
import { reserved } from './families/reserved';
import { STATING, tokens } from './families/tokens';
import { DraftRate, Family, ListedSku, ListedTerm, NameMap, notUnderstood, Rank, Reading } from './listed-sku';
import { decimal, isDecimalText, toText, ZERO } from '../pricing/decimal';
import { isDay } from '../pricing/price-book/day';
import { isGivenAway } from '../pricing/price-book/free-rates';
import { Rate } from '../pricing/price-book/rate';
import { DIMENSIONS_OF_KIND, dimensionsOf, RateDimension } from '../pricing/price-book/rate-dimensions';
import { isRegion } from '../pricing/region';

/** Families of prices. The first one that recognizes a row reads it. */
const FAMILIES: readonly (ReadAttributes & { readonly family: Family })[] = [
  { family: guardrails, reads: ['policyType'], ownWords: ['guardrail', 'guardrails'] },
  { family: knowledgeBases, reads: ['type', 'resource'], ownWords: ['managed', 'knowledge', 'base', 'bases'] },
  { family: customModelImport, reads: ['feature', 'featureType', 'architecture', 'architectureName', 'customModelUnitVersion'] },
  { family: provisionedThroughput, reads: ['feature', ...MODEL_NAMES] },
  { family: reserved, reads: ['feature', 'crossRegion', 'tokenType', ...MODEL_NAMES] },
  { family: requests, reads: MODEL_NAMES, ownWords: ['nova', 'web', 'grounding', 'request', 'requests', 'search', 'unit', 'units', 'rerank', 'query', 'queries'] },
  { family: tokens, reads: [...STATING, ...MODEL_NAMES] },
  { family: customization, reads: ['feature', ...MODEL_NAMES], ownWords: ['customization', 'model', 'model-customization', 'training', 'storage', 'rft', 'hours'] },
  { family: media, reads: ['feature', 'inferenceType', 'imagequality', 'imageresolution', ...MODEL_NAMES] },
];

const NO_PRICE = 'no price on demand';
const PLACEHOLDER = 'a price of $0, which is a placeholder';

/** A rate with its precedence among the rates of the same key. */
export interface RankedRate {
  readonly rate: Rate;
  readonly rank: Rank;
}

/** Reads the rates of an SKU: one for each term and each scope. */
export function understand(listed: ListedSku, names: NameMap): Reading<RankedRate> {
  const { terms, attributes } = listed;
  if (!attributes.usagetype) return notUnderstood('no usagetype');
  const reason = outside(listed);
  if (reason !== undefined) return { skipped: reason };
  if (!attributes.regionCode) return notUnderstood('no regionCode');
  if (!isRegion(attributes.regionCode)) return notUnderstood(`regionCode ${JSON.stringify(attributes.regionCode)}: no region`);
  if (terms.length === 0) return { skipped: NO_PRICE };
  if (terms.length > 1 && terms.some(({ effectiveDate }) => effectiveDate === undefined)) return notUnderstood('several terms, not all of them dated');
  const undated = terms.find(({ effectiveDate }) => effectiveDate !== undefined && !isDay(effectiveDate));
  if (undated !== undefined) return notUnderstood(`effectiveDate ${JSON.stringify(undated.effectiveDate)}: not a day of the calendar`);
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
  if (usd === undefined && currencies.includes('USD')) return notUnderstood('a price in USD that is not a text');
  if (usd === undefined) return notUnderstood(`no price in USD, only in ${currencies.join(', ') || 'nothing'}`);
  if (!isDecimalText(usd)) return notUnderstood('a price that is no decimal number');
  const row = { offerCode, attributes, unit, usd, description };
  for (const { family, ...read } of FAMILIES) {
    const reading = family(row, names);
    if (reading === undefined) continue;
    if (!('understood' in reading)) return reading;
    if (reading.understood.every(isPlaceholder)) return { skipped: PLACEHOLDER };
    const [unread] = [unreadAttribute(attributes, read), ...reading.understood.map(unaskedDimension)].filter((found) => found !== undefined);
    return unread === undefined ? reading : notUnderstood(unread);
  }
  return notUnderstood('of no known family');
}

/** True for a price of $0 that is a placeholder of the list. As a rate, it would make usage free of charge. */
function isPlaceholder(rate: DraftRate): boolean {
  return decimal(rate.usd).cmp(ZERO) === 0 && !isGivenAway(rate);
}

const DIMENSIONS = [...new Set(Object.values(DIMENSIONS_OF_KIND).flat())].filter((dimension) => dimension !== 'scope');

/** Describes a dimension of a rate that prices of its kind do not depend on. A price book with such a rate would be refused. */
function unaskedDimension(rate: DraftRate): string | undefined {
  const states = (dimension: RateDimension) => rate[dimension] !== undefined && rate[dimension] !== false;
  const unasked = DIMENSIONS.find((dimension) => states(dimension) && !dimensionsOf(rate).includes(dimension));
  return unasked && `${unasked} ${JSON.stringify(rate[unasked])}: prices of the kind ${rate.kind} do not depend on it`;
}

function rateOf(draft: Omit<DraftRate, 'rank'>, { sku, attributes, publicationDate }: ListedSku, { effectiveDate }: ListedTerm): Rate {
  // Fields in the order of their importance to a reader of the book.
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

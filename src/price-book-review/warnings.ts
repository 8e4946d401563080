import { JudgedBook, Spotted } from './judged-book';
import { PlacedRate } from './placed-rate';
import { inForceText, rateText } from './rate-text';
import { sourceTable } from './source-table';
import { formatDays, formatQuantity, formatUnitPrice } from '../pricing/format';
import { isInForce } from '../pricing/price-book/match';
import { modelFacts } from '../pricing/price-book/model-catalog';
import { PriceScope, PriceTier, Rate, RateKind, RateUnit } from '../pricing/price-book/rate';
import { RateGroup } from '../pricing/price-book/rate-group';
import { rateIdentity } from '../pricing/price-book/rate-identity';

/** Rules for rates that should be checked: one function for each rule. */

export function undated({ effective }: JudgedBook): Spotted[] {
  const isUndated = effective.every(({ rate: { asOf, confirmed } }) => (confirmed ?? asOf) === undefined);
  return isUndated ? [{ model: '', text: 'no rate states the day on which it was read: the age of the prices is not known' }] : [];
}

/**
 * Rates of a model's input (text, images or video) without a rate of its output, or the other way round. A rate that holds
 * everywhere is the other side of a rate in any region or scope.
 */
export function oneSided({ rates }: JudgedBook): Spotted[] {
  const tokens = rates.filter(({ rate: { model, kind } }) => (isInput(kind) || kind === RateKind.OUTPUT) && isTextModel(model));
  const sides = { input: new Set<string>(), output: new Set<string>() };
  for (const { rate, region } of tokens) {
    const side = sides[isInput(rate.kind) ? 'input' : 'output'];
    places(rate, [region, ANYWHERE], [rate.scope, ANYWHERE]).forEach((place) => side.add(place));
  }
  return tokens.flatMap(({ rate, region }) => {
    const other = isInput(rate.kind) ? 'output' : 'input';
    const found = places(rate, alsoEverywhere(region), alsoEverywhere(rate.scope)).some((place) => sides[other].has(place));
    return found ? [] : [{ model: rate.model, region, text: `${rateText(rate)} without a price of ${other}` }];
  });
}

/** Place of every rate. A rate that holds everywhere finds its other side of any region or scope there. */
const ANYWHERE = 'anywhere';

function alsoEverywhere(place: string | undefined): (string | undefined)[] {
  return place === undefined ? [ANYWHERE] : [place, undefined];
}

/** Keys that are common to the two sides of a price. */
function places(rate: RateGroup, regions: readonly (string | undefined)[], scopes: readonly (string | undefined)[]): string[] {
  const sided = { ...rate, kind: RateKind.INPUT, unit: RateUnit.MILLION_TOKENS };
  return scopes.flatMap((scope) => regions.map((region) => rateIdentity({ ...sided, scope: scope as PriceScope }, region)));
}

function isInput(kind: RateKind): boolean {
  return kind === RateKind.INPUT || kind.startsWith('input-');
}

/** Whether a model returns text. Embeddings and rankings do not; images and speech have other units. */
function isTextModel(model: string): boolean {
  const modality = modelFacts(model)?.modality;
  return modality === undefined ? !/embed|rerank/.test(model) : ['text', 'multimodal'].includes(modality);
}

/** Rates that are not in force, unless another rate with the same key is. */
export function notInForce({ rates, inForce, limit: { today } }: JudgedBook): Spotted[] {
  return rates
    .filter(({ rate, key }) => !isInForce(rate, today) && !inForce.has(key))
    .map(({ rate, region }) => ({ model: rate.model, region, text: `${rateText(rate)} is in force ${inForceText(rate)}, not on ${today}` }));
}

/** Rates in force whose source guaranteed them only until a day in the past. */
export function reviewDue({ rates, limit: { today } }: JudgedBook): Spotted[] {
  return rates
    .filter(({ rate }) => rate.reviewAfter !== undefined && rate.reviewAfter < today && isInForce(rate, today))
    .map(({ rate, region }) => ({ model: rate.model, region, text: `${rateText(rate)} (guaranteed until ${rate.reviewAfter})` }));
}

/** Rates of a sort that are above another rate of the same book: above the first existing one of `insteads`. */
function above({ inForce }: JudgedBook, isOfSort: (rate: PlacedRate['rate']) => boolean, ...insteads: readonly Partial<Rate>[]): Spotted[] {
  return [...inForce.values()].flatMap(({ rate, region, price }) => {
    if (!isOfSort(rate)) return [];
    const other = insteads.map((instead) => inForce.get(rateIdentity({ ...rate, ...instead }, region))).find((found) => found !== undefined);
    if (other === undefined || price.cmp(other.price) <= 0) return [];
    return [{
      model: rate.model,
      region,
      text: `${rateText(rate)} is ${formatUnitPrice(price.toFixed())}, above ${rateText(other.rate)} at ${formatUnitPrice(other.price.toFixed())}`,
    }];
  });
}

export function dearBatch(book: JudgedBook): Spotted[] {
  return above(book, ({ tier }) => tier === PriceTier.BATCH, { tier: PriceTier.STANDARD });
}

export function dearGlobal(book: JudgedBook): Spotted[] {
  return [PriceScope.IN_REGION, PriceScope.GEO].flatMap((scope) => above(book, (rate) => rate.scope === PriceScope.GLOBAL, { scope }));
}

export function dearCache(book: JudgedBook): Spotted[] {
  const standard = { kind: RateKind.INPUT, tier: PriceTier.STANDARD };
  // A cache read costs a quarter of the input price at most, so a rate of another tier or scope of the region is sufficient, too.
  const scopes = [undefined, PriceScope.IN_REGION, PriceScope.GEO, PriceScope.GLOBAL].map((scope) => ({ ...standard, scope }));
  return above(book, ({ kind }) => kind === RateKind.CACHE_READ, { kind: RateKind.INPUT }, standard, ...scopes);
}

export function oldSources({ effective, limit }: JudgedBook): Spotted[] {
  return sourceTable(effective, limit)
    .filter(({ ratesTooOld }) => ratesTooOld > 0)
    .map(({ source, rates, asOf, days, ratesTooOld }) => ({
      model: '',
      text: `${formatQuantity(ratesTooOld)} of ${formatQuantity(rates)} rate${rates === 1 ? '' : 's'} of ${source}: `
        + `last confirmed more than ${formatDays(limit.maxDays)} ago, the oldest on ${asOf}, ${formatDays(days ?? 0)} ago`,
    }));
}

import { legacyOf, ReplacedUse, replacementText } from './lifecycle';
import { isInForce, OPEN, periodText } from './match';
import { modelFacts } from './model-catalog';
import { ModelId } from '../model-id';
import { callsFrom, idOfCall, isOffered, listedOffers } from './offered';
import { PriceBook } from './price-book';
import { ANY_MODEL, ContextLength, PriceScope, PriceTier, Rate, RateKind, RateQuery } from './rate';

/** The fields that separate sorts of rates of one kind: a rate of another sort is no hint. */
const OF_SORT = ['customModel', 'policy', 'customModelUnitVersion'] as const;

/** The remedy for a missing price: the place or time at which the book has one, or the field to state. */
export function missingPriceHint(book: PriceBook, query: RateQuery): string {
  const { model, region, context } = query;
  const called = ModelId.parse(model);
  if (!book._knows(model) && model !== ANY_MODEL) return 'check the model id, or give a rate of your own for it';
  if (book._isGone(query)) return endOfLifeHint({ model, region, type: query.kind === RateKind.MODEL_UNIT_HOUR ? 'provisioned-throughput' : undefined });
  if (region === undefined) return "set the region: of the stack, of the workload, or with the context key 'cdk-bedrock-cost:region'";
  const gap = context === ContextLength.LONG ? modelFacts(model)?.longContextGap : undefined;
  if (gap !== undefined) return `give a rate of your own for long requests (context: long), or keep them below the border: ${gap}`;
  const ofKind = book._ratesOf(called.bareId).filter((rate) => isOfSort(rate, query));
  if (ofKind.length === 0) return 'give a rate of your own for it: the price book holds none';
  const alike = ofKind.filter((rate) => isReachedLike(rate, query, called.scope));
  const here = alike.filter((rate) => rate.region === undefined || rate.region === region);
  if (alike.length > 0 && here.length === 0) return elsewhereHint(alike, called, region);
  const ofAnotherDay = here.find((rate) => !isInForce(rate, book._day));
  if (ofAnotherDay) return `ask for another day, since the price book holds it ${periodText(ofAnotherDay)} and not on ${book._day}, or give a rate of your own`;
  return choiceHint(here, query)
    ?? 'change the scope, tier, commitment, term or length of request, since the price book holds it only with another one, or give a rate of your own';
}

/** The change for a model past its end of life. */
export function endOfLifeHint(use: ReplacedUse): string {
  const { model, region } = use;
  const { name = model, endOfLife } = legacyOf(model, region) ?? {};
  return `${replacementText(use)}, since ${name} reached its end of life on ${endOfLife}; or give a rate of your own for a private arrangement with the provider`;
}

function isOfSort(rate: Rate, query: RateQuery): boolean {
  return rate.kind === query.kind && OF_SORT.every((field) => (rate[field] ?? false) === (query[field] ?? false));
}

function isReachedLike(rate: Rate, { tier, commitmentDuration, termMonths }: RateQuery, scope: PriceScope): boolean {
  return (rate.scope === undefined || rate.scope === scope)
    && (rate.tier ?? PriceTier.STANDARD) === (tier ?? PriceTier.STANDARD)
    && rate.commitmentDuration === commitmentDuration
    && rate.termMonths === termMonths;
}

/** The regions that hold a price; for a profile, only those from which it can be called, where a list names them. */
function elsewhereHint(rates: readonly Rate[], model: ModelId, region: string): string {
  const isProfile = model.prefix !== undefined && listedOffers(model.text, region) !== undefined;
  const callable = rates.filter((rate) => !isProfile || rate.region === undefined || canBeCalled(model, rate.region));
  if (callable.length > 0) return `use one of the regions ${regionsText(callable)}, in which the price book holds it, or give a rate of your own`;
  const ids = idsCalledFrom(model, region);
  return `${ids.length > 0 ? `use ${ids.join(' or ')}, since` : 'use another model, or give a rate of your own:'} no availability list names ${model.text} in ${region}`;
}

function canBeCalled(model: ModelId, region: string): boolean {
  const offers = listedOffers(model.text, region);
  return offers === undefined || isOffered(model, offers[region]);
}

/** The ids under which a model can be called from a region, as far as a list names them. */
function idsCalledFrom(model: ModelId, region: string): string[] {
  return (callsFrom(model.text, region) ?? []).filter((call) => call !== 'geo').map((call) => idOfCall(model, call));
}

function regionsText(rates: readonly Rate[]): string {
  const regions = [...new Set(rates.flatMap(({ region }) => region ?? []))].sort();
  return `${regions.slice(0, 6).join(', ')}${regions.length > 6 ? ', ...' : ''}`;
}

/** The hint for a price that depends on a field that the usage does not state, or states with a value that no rate has. */
function choiceHint(rates: readonly Rate[], query: RateQuery): string | undefined {
  const depends = OPEN.flatMap((field) => {
    const values = [...new Set(rates.flatMap((rate) => rate[field] ?? []))].sort();
    return values.length > 1 || (values.length === 1 && query[field] !== undefined) ? [`${field}: one of ${values.join(', ')}`] : [];
  });
  return depends.length === 0 ? undefined : `the price depends on it, so give the ${depends.join('; ')}`;
}

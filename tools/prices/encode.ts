import { Availability, PricedModel, PricedRate, PriceFacts, Regions, ServicePrice } from './facts';
import { defined } from './read-rate';
import { StoredCatalog } from '../../src/pricing/price-book/model-catalog';
import { ANY_MODEL } from '../../src/pricing/price-book/rate';
import { ASSUMED_REGIONS, EncodedBook, SECOND_HAND } from '../../src/pricing/price-book/rate-group';

type Row = EncodedBook['models'][string][number];

/** The prices of other AWS services, as they are stored: by key. */
export interface StoredServices {
  readonly [key: string]: Omit<ServicePrice, 'key'>;
}

/** The encoded book. Texts that many rates share are stored once, and rows refer to them by number. */
export function encodeBook({ models, features, sources: known }: Pick<PriceFacts, 'models' | 'features' | 'sources'>): EncodedBook {
  const sourceText = sourceTextOf(new Set(known.filter(({ secondHand }) => secondHand).map(({ key }) => key)));
  const priced = byId([{ id: ANY_MODEL, rates: features }, ...models]).filter((model) => model.rates.length > 0);
  const rates = priced.flatMap((model) => model.rates);
  const sources = sortedTexts(rates.map(sourceText));
  const regionSets = sortedTexts(rates.map(({ regions }) => regionText(regions)));
  const shapes = sortedTexts(rates.map(shapeText));
  const numbers = { sources: numbered(sources), regionSets: numbered(regionSets), shapes: numbered(shapes) };
  const row = (rate: PricedRate): Row => [
    numbers.shapes.get(shapeText(rate))!,
    rate.usd,
    numbers.sources.get(sourceText(rate))!,
    numbers.regionSets.get(regionText(rate.regions))!,
  ];
  return {
    schemaVersion: '1',
    sources: sources.map((text) => JSON.parse(text)),
    regionSets,
    shapes: shapes.map((text) => JSON.parse(text)),
    models: Object.fromEntries(priced.map((model) => [model.id, model.rates.map(row).sort(byShape)])),
  };
}

function sourceTextOf(secondHand: ReadonlySet<string>) {
  return ({ source, asOf, confirmed }: PricedRate) => JSON.stringify([
    secondHand.has(source) ? source + SECOND_HAND : source, asOf, ...(confirmed === undefined ? [] : [confirmed]),
  ]);
}

const SHAPE = [
  'kind', 'scope', 'tier', 'context', 'commitmentDuration', 'customModel', 'resolution', 'quality', 'termMonths', 'policy',
  'customModelUnitVersion', 'architecture', 'unit', 'effectiveDate', 'endDate', 'reviewAfter', 'derived',
] as const satisfies readonly (keyof PricedRate)[];

/** The text of a rate's shape. The order of its keys is fixed and does not depend on the file. */
function shapeText(rate: PricedRate): string {
  return JSON.stringify(Object.fromEntries(SHAPE.map((field) => [field, rate[field]])));
}

function regionText(regions: Regions): string {
  return regions === 'open' ? `~${ASSUMED_REGIONS.join(' ')}` : [...regions].sort().join(' ');
}

function sortedTexts(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}

function numbered(texts: readonly string[]): Map<string, number> {
  return new Map(texts.map((text, i) => [text, i]));
}

function byShape(a: Row, b: Row): number {
  return a[0] - b[0] || a[3] - b[3];
}

function byId<T extends Pick<PricedModel, 'id'>>(models: readonly T[]): T[] {
  return [...models].sort((a, b) => (a.id < b.id ? -1 : 1));
}

type StoredModel = StoredCatalog['models'][string];

export function encodeCatalog(models: readonly PricedModel[]): StoredCatalog {
  const aliases = models.flatMap(({ id, aliases: others }) => others.map((alias) => [alias.id, id] as const));
  return {
    aliases: Object.fromEntries(aliases.sort(([a], [b]) => (a < b ? -1 : 1))),
    models: Object.fromEntries(byId(models).map((model) => [model.id, storedModel(model)])),
  };
}

function storedModel(model: PricedModel): StoredModel {
  const { name, provider, modality, profiles, longContextFromInputTokens, longContextGap, status, lifecycle, priceNote, availability } = model;
  return defined({
    name,
    provider,
    modality,
    profiles,
    longContextFromInputTokens,
    longContextGap,
    status,
    lifecycle: lifecycle.length > 0 ? lifecycle : undefined,
    priceNote,
    offers: availability && offers(availability),
  });
}

/** By region: `i` for in-region, the geographic prefixes, `g` for global. */
function offers({ inRegion, geo, global, none }: Availability): { [region: string]: string } {
  const regions = sortedTexts([...inRegion, ...Object.values(geo).flat(), ...global, ...none]);
  return Object.fromEntries(regions.map((region) => [region, [
    ...(inRegion.includes(region) ? ['i'] : []),
    ...Object.keys(geo).filter((prefix) => geo[prefix].includes(region)).sort(),
    ...(global.includes(region) ? ['g'] : []),
  ].join(' ')]));
}

export function encodeServices(services: readonly ServicePrice[]): StoredServices {
  return Object.fromEntries([...services].sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ key, ...price }) => [key, price]));
}

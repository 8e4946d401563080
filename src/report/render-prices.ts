import { count, priceDateText } from './cost-lines';
import { Column, textTable } from './text-table';
import { decimal, toText } from '../pricing/decimal';
import { formatUnitPrice } from '../pricing/format';
import { modelFacts } from '../pricing/model-catalog';
import { parseModelId } from '../pricing/model-id';
import { PriceBook } from '../pricing/price-book';
import { ContextLength, PriceTier, Rate, RateUnit } from '../pricing/rate';

/** What a price book holds of one model. */
export interface ModelRates {
  readonly model: string;
  readonly rates: readonly Rate[];
}

/** Every rate of a model whatever prefix it is asked for with, per million tokens; undefined for a model that is not in the book. */
export function modelRates(book: PriceBook, model: string, region?: string): ModelRates | undefined {
  const { bareId } = parseModelId(model);
  if (!book.knows(bareId)) return undefined;
  return { model: bareId, rates: book.ratesOf(bareId, region).map(perMillion) };
}

/** The same rate for a million tokens, with its tier and context spelled out. The units of other kinds stay as they are. */
function perMillion(rate: Rate): Rate {
  const usd = decimal(rate.usd);
  if (rate.unit !== RateUnit.THOUSAND_TOKENS && rate.unit !== RateUnit.MILLION_TOKENS) return { ...rate, usd: toText(usd) };
  return {
    ...rate,
    usd: toText(rate.unit === RateUnit.THOUSAND_TOKENS ? usd.times(decimal(1000)) : usd),
    unit: RateUnit.MILLION_TOKENS,
    tier: rate.tier ?? PriceTier.STANDARD,
    context: rate.context ?? ContextLength.STANDARD,
  };
}

export function renderModelRatesJson(rates: ModelRates): string {
  return `${JSON.stringify(rates, undefined, 2)}\n`;
}

const RATES: readonly Column[] = [
  { title: 'Price of' }, { title: 'Scope' }, { title: 'Tier' }, { title: 'USD', align: 'right' }, { title: 'Unit' },
  { title: 'As of' }, { title: 'Source' }, { title: 'Regions' },
];
/** How many regions a row names before it only counts them. */
const REGIONS_SHOWN = 3;

/** For the screen: a row for each price, with the regions that share it. */
export function renderModelRatesTable({ model, rates }: ModelRates, region: string | undefined, asOf: string | null): string {
  const facts = modelFacts(model);
  const groups = new Map<string, { readonly cells: readonly string[]; readonly regions: string[]; readonly read: readonly string[] }>();
  for (const rate of rates) {
    const cells = [kindText(rate), rate.scope ?? 'all', rate.tier ?? PriceTier.STANDARD, formatUnitPrice(rate.usd), rate.unit];
    const read = [rate.asOf ?? '-', rate.source ?? '-'];
    const key = JSON.stringify([cells, read]);
    const group = groups.get(key) ?? { cells, regions: [], read };
    group.regions.push(rate.region ?? 'all');
    groups.set(key, group);
  }
  const rows = [...groups.values()].map(({ cells, regions, read }) => [...cells, ...read, regionsText(regions)]);
  return [
    `${model}${facts ? ` (${facts.name}, ${facts.provider})` : ''}${region === undefined ? '' : ` in ${region}`}: ${count(rates.length, 'rate')}`,
    ...(rows.length > 0 ? textTable(RATES, rows) : [`the book has none in ${region}; without --region it shows where it has some`]),
    priceDateText(asOf),
    '',
  ].join('\n');
}

function kindText({ kind, context, commitmentDuration, customModel, derived }: Rate): string {
  return [
    kind,
    ...(context === ContextLength.LONG ? ['long context'] : []),
    ...(commitmentDuration === undefined ? [] : [commitmentDuration === 'none' ? 'no commitment' : commitmentDuration]),
    ...(customModel ? ['custom model'] : []),
    ...(derived === undefined ? [] : ['derived']),
  ].join(', ');
}

function regionsText(regions: readonly string[]): string {
  const sorted = [...new Set(regions)].sort();
  const more = sorted.length - REGIONS_SHOWN;
  // "and 1 more" is no shorter than its name.
  return more <= 1 ? sorted.join(', ') : `${sorted.slice(0, REGIONS_SHOWN).join(', ')} and ${more} more`;
}

interface ListedModel {
  readonly model: string;
  readonly name: string | null;
  readonly provider: string | null;
  readonly rates: number;
  readonly regions: number;
}

function listedModels(book: PriceBook): ListedModel[] {
  return book.modelIds.map((model) => {
    const rates = book.ratesOf(model);
    const facts = modelFacts(model);
    const regions = new Set(rates.flatMap(({ region }) => region ?? []));
    return { model, name: facts?.name ?? null, provider: facts?.provider ?? null, rates: rates.length, regions: regions.size };
  });
}

export function renderPriceListJson(book: PriceBook): string {
  return `${JSON.stringify({ priceBook: { asOf: book.asOf ?? null, sources: book.sources }, models: listedModels(book) }, undefined, 2)}\n`;
}

const MODELS: readonly Column[] = [
  { title: 'Model' }, { title: 'Name' }, { title: 'Provider' }, { title: 'Rates', align: 'right' }, { title: 'Regions', align: 'right' },
];

export function renderPriceListTable(book: PriceBook): string {
  const models = listedModels(book);
  const rows = models.map(({ model, name, provider, rates, regions }) =>
    [model, name ?? '-', provider ?? '-', String(rates), regions === 0 ? 'all' : String(regions)]);
  return [...textTable(MODELS, rows), `${count(models.length, 'model')}. ${priceDateText(book.asOf ?? null)}`, ''].join('\n');
}

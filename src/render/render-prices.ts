import { count, priceDateText, regionsText } from './cost-lines';
import { jsonText } from './sanitize';
import { Column, textTable } from './text-table';
import { inForceText, whatText } from '../price-book-review/rate-text';
import { decimal, toText } from '../pricing/decimal';
import { formatUnitPrice } from '../pricing/format';
import { ModelId } from '../pricing/model-id';
import { legacyOf } from '../pricing/price-book/lifecycle';
import { isReadAfter } from '../pricing/price-book/match';
import { modelFacts } from '../pricing/price-book/model-catalog';
import { callsFrom, IN_REGION_CALL } from '../pricing/price-book/offered';
import { PriceBook } from '../pricing/price-book/price-book';
import { priceDateFields, priceDatesOf } from '../pricing/price-book/price-dates';
import { ANY_MODEL, ContextLength, PriceTier, Rate, RateUnit } from '../pricing/price-book/rate';

/** Rates of a model in a price book. */
export interface ModelRates {
  readonly model: string;
  /** Null if no source states the status of the model. */
  readonly status: 'active' | 'legacy' | null;
  /** Earliest end of life in the shown regions; null if none is published. */
  readonly endOfLife: string | null;
  readonly rates: readonly Rate[];
}

/** Selection of a model's rates. Without a field, the rates of all regions or days are shown. */
export interface RateFilter {
  readonly region?: string;
  readonly day?: string;
}

/** Returns every rate of a model, per million tokens, for an id with or without a prefix; undefined if the model is not in the book. */
export function modelRates(book: PriceBook, model: string, { region, day }: RateFilter = {}): ModelRates | undefined {
  const { bareId } = ModelId.parse(model);
  if (!book._knows(bareId)) return undefined;
  return { model: bareId, ...lifecycleOf(bareId, region), rates: book._ratesOn(day, bareId, region).map(perMillion) };
}

function lifecycleOf(model: string, region: string | undefined): Pick<ModelRates, 'status' | 'endOfLife'> {
  const { status = null, lifecycle = [] } = modelFacts(model) ?? {};
  const ends = region === undefined ? lifecycle.map(({ endOfLife }) => endOfLife) : [legacyOf(model, region)?.endOfLife];
  return { status, endOfLife: ends.filter((end) => end !== undefined).sort()[0] ?? null };
}

/** Renders `legacy, ends 2027-03-30` or, for a day after its end, that it has no price. Empty for a model that is not legacy. */
function lifecycleText({ status, endOfLife }: Pick<ModelRates, 'status' | 'endOfLife'>, rates: number, day: string | undefined): string {
  if (status !== 'legacy') return '';
  if (endOfLife === null) return 'legacy';
  if (day === undefined || day < endOfLife) return `legacy, ends ${endOfLife}`;
  return `legacy, ended ${endOfLife}${rates === 0 ? ': no price' : ''}`;
}

/** Converts a rate of tokens to a million tokens, with its tier and context. The units of other kinds are unchanged. */
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
  return jsonText(rates);
}

const RATES: readonly Column[] = [
  { title: 'Price of' }, { title: 'Scope' }, { title: 'Tier' }, { title: 'USD', align: 'right' }, { title: 'Unit' },
  { title: 'In force' }, { title: 'As of' }, { title: 'Confirmed' }, { title: 'Source' }, { title: 'Regions' },
];
const IN_FORCE = 5;
const CONFIRMED = 7;

/** Renders rates as a table: a row for each price, with its regions. */
export function renderModelRatesTable({ model, rates, ...lifecycle }: ModelRates, { region, day }: RateFilter): string {
  const groups = new Map<string, { readonly cells: readonly string[]; readonly regions: string[] }>();
  for (const rate of rates) {
    const cells = rateCells(rate);
    const key = JSON.stringify(cells);
    const group = groups.get(key) ?? { cells, regions: [] };
    group.regions.push(rate.region ?? 'all');
    groups.set(key, group);
  }
  const rows = [...groups.values()].map(({ cells, regions }) => [...cells, regionsText(regions)]);
  // Most sources state no dates, so empty columns are left out.
  const isShown = (_: unknown, i: number) => ![IN_FORCE, CONFIRMED].includes(i) || rows.some((cells) => cells[i] !== '');
  const where = `${region === undefined ? '' : ` in ${region}`}${day === undefined ? '' : ` on ${day}`}`;
  return [
    `${titleOf(model)}${where}: ${count(rates.length, 'rate')}`,
    ...[lifecycleText(lifecycle, rates.length, day)].filter((text) => text !== ''),
    ...(rows.length > 0
      ? textTable(RATES.filter(isShown), rows.map((cells) => cells.filter(isShown)))
      : [`the book has none${where}; without ${region === undefined ? '--day' : '--region'} it shows where it has some`]),
    ...readAfterLines(rates, day),
    priceDateText(priceDatesOf(rates)),
    '',
  ].join('\n');
}

/** Renders a note on prices that are shown for a day but were read later. */
function readAfterLines(rates: readonly Rate[], day: string | undefined): string[] {
  const later = day === undefined ? 0 : rates.filter((rate) => isReadAfter(rate, day)).length;
  return later === 0 ? [] : [`The book has no prices of ${day} for ${later} of ${count(rates.length, 'rate')}: they were read later, and may differ.`];
}

function titleOf(model: string): string {
  if (model === ANY_MODEL) return 'Rates that belong to no model';
  const facts = modelFacts(model);
  return `${model}${facts ? ` (${facts.name}, ${facts.provider})` : ''}`;
}

function rateCells(rate: Rate): string[] {
  return [
    whatText(rate), rate.scope ?? 'all', rate.tier ?? PriceTier.STANDARD, formatUnitPrice(rate.usd), rate.unit,
    inForceText(rate), rate.asOf ?? '-', rate.confirmed ?? '', rate.source ?? '-',
  ];
}

interface ListedModel extends Pick<ModelRates, 'status' | 'endOfLife'> {
  readonly model: string;
  readonly name: string | null;
  readonly provider: string | null;
  readonly rates: number;
  readonly regions: number;
  /** With a region: `in-region` and prefixes of inference profiles; null if no availability list has the model. */
  readonly calls?: readonly string[] | null;
}

/** Returns the models of the book; for a region, those with a price in it, and those that its availability lists name. */
function listedModels(book: PriceBook, filter: RateFilter): ListedModel[] {
  return book._modelIds.flatMap((model) => {
    const rates = ratesOf(book, model, filter);
    const facts = modelFacts(model);
    const regions = new Set(rates.flatMap(({ region }) => region ?? []));
    const calls = filter.region === undefined ? undefined : callsFrom(model, filter.region) ?? null;
    const lifecycle = lifecycleOf(model, filter.region);
    // A model that has ended is listed with its end.
    const isGone = filter.day !== undefined && lifecycle.endOfLife !== null && lifecycle.endOfLife <= filter.day;
    if (rates.length === 0 && !calls?.length && !(isGone && book._ratesOf(model, filter.region).length > 0)) return [];
    return [{
      model,
      ...lifecycle,
      name: facts?.name ?? null,
      provider: facts?.provider ?? null,
      rates: rates.length,
      regions: regions.size,
      ...(calls === undefined ? {} : { calls }),
    }];
  });
}

function ratesOf(book: PriceBook, model: string, { region, day }: RateFilter): Rate[] {
  return book._ratesOn(day, model, region);
}

/** Rates of all models of a list, and rates without a model. */
function listedRates(book: PriceBook, filter: RateFilter): Rate[] {
  return [...book._modelIds, ANY_MODEL].flatMap((model) => ratesOf(book, model, filter));
}

export function renderPriceListJson(book: PriceBook, filter: RateFilter = {}): string {
  return jsonText({
    priceBook: { asOf: book.asOf ?? null, sources: book._sources },
    ...priceDateFields(priceDatesOf(listedRates(book, filter))),
    ...(filter.region === undefined ? {} : { region: filter.region }),
    models: listedModels(book, filter),
    ratesWithoutModel: ratesOf(book, ANY_MODEL, filter).length,
  });
}

const LISTED_MODEL_COLUMNS: readonly Column[] = [
  { title: 'Model' }, { title: 'Name' }, { title: 'Provider' }, { title: 'Rates', align: 'right' },
];

export function renderPriceListTable(book: PriceBook, filter: RateFilter = {}): string {
  const { region, day } = filter;
  const models = listedModels(book, filter);
  const others = ratesOf(book, ANY_MODEL, filter).length;
  const rates = listedRates(book, filter);
  const last: Column = region === undefined ? { title: 'Regions', align: 'right' } : { title: `Callable from ${region}` };
  const rows = models.map(({ model, name, provider, rates: number, regions, calls, ...lifecycle }) => [
    model, name ?? '-', provider ?? '-', String(number),
    calls === undefined ? regions === 0 && number > 0 ? 'all' : String(regions) : callsText(calls), lifecycleText(lifecycle, number, day),
  ]);
  return [
    ...textTable([...LISTED_MODEL_COLUMNS, last, { title: 'Lifecycle' }], rows),
    `${count(models.length, 'model')}${region === undefined ? '' : ` in ${region}`}${day === undefined ? '' : ` on ${day}`}. ${priceDateText(priceDatesOf(rates))}`,
    ...readAfterLines(rates, day),
    ...(others === 0 ? [] : [`${count(others, 'rate')} of guardrails, knowledge bases, imported models and others belong to no model: prices show '*'.`]),
    '',
  ].join('\n');
}

/** Renders `in-region, us., global.`: the bare id, and the prefixes of its inference profiles. */
function callsText(calls: readonly string[] | null): string {
  if (calls === null) return 'unknown';
  return calls.length === 0 ? 'not listed' : calls.map((call) => (call === IN_REGION_CALL ? call : `${call}.`)).join(', ');
}

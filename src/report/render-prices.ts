import { count, priceDateText } from './cost-lines';
import { regionsText } from './regions-text';
import { Column, textTable } from './text-table';
import { inForceText, whatText } from '../gate/book/rate-text';
import { isInForce } from '../pricing/book/match';
import { decimal, toText } from '../pricing/decimal';
import { formatUnitPrice } from '../pricing/format';
import { modelFacts } from '../pricing/model-catalog';
import { parseModelId } from '../pricing/model-id';
import { PriceBook } from '../pricing/price-book';
import { ANY_MODEL, ContextLength, PriceTier, Rate, RateUnit } from '../pricing/rate';

/** What a price book holds of one model. */
export interface ModelRates {
  readonly model: string;
  readonly rates: readonly Rate[];
}

/** Which of a model's rates are shown; left out: those of every region, and of every day. */
export interface RateFilter {
  readonly region?: string;
  readonly day?: string;
}

/** Every rate of a model whatever prefix it is asked for with, per million tokens; undefined for a model that is not in the book. */
export function modelRates(book: PriceBook, model: string, { region, day }: RateFilter = {}): ModelRates | undefined {
  const { bareId } = parseModelId(model);
  if (!book.knows(bareId)) return undefined;
  return { model: bareId, rates: book.ratesOf(bareId, region).filter((rate) => isInForce(rate, day)).map(perMillion) };
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
  { title: 'In force' }, { title: 'As of' }, { title: 'Source' }, { title: 'Regions' },
];
const IN_FORCE = 5;

/** For the screen: a row for each price, with the regions that share it. */
export function renderModelRatesTable({ model, rates }: ModelRates, { region, day }: RateFilter, asOf: string | null): string {
  const groups = new Map<string, { readonly cells: readonly string[]; readonly regions: string[] }>();
  for (const rate of rates) {
    const cells = rateCells(rate);
    const key = JSON.stringify(cells);
    const group = groups.get(key) ?? { cells, regions: [] };
    group.regions.push(rate.region ?? 'all');
    groups.set(key, group);
  }
  const rows = [...groups.values()].map(({ cells, regions }) => [...cells, regionsText(regions)]);
  // Most sources state no dates: then there is nothing to say in a column of its own.
  const isShown = (_: unknown, i: number) => i !== IN_FORCE || rows.some((cells) => cells[IN_FORCE] !== '');
  const where = `${region === undefined ? '' : ` in ${region}`}${day === undefined ? '' : ` on ${day}`}`;
  return [
    `${titleOf(model)}${where}: ${count(rates.length, 'rate')}`,
    ...(rows.length > 0
      ? textTable(RATES.filter(isShown), rows.map((cells) => cells.filter(isShown)))
      : [`the book has none${where}; without ${region === undefined ? '--day' : '--region'} it shows where it has some`]),
    priceDateText(asOf),
    '',
  ].join('\n');
}

function titleOf(model: string): string {
  if (model === ANY_MODEL) return 'Rates that belong to no model';
  const facts = modelFacts(model);
  return `${model}${facts ? ` (${facts.name}, ${facts.provider})` : ''}`;
}

function rateCells(rate: Rate): string[] {
  return [
    whatText(rate), rate.scope ?? 'all', rate.tier ?? PriceTier.STANDARD, formatUnitPrice(rate.usd), rate.unit,
    inForceText(rate), rate.asOf ?? '-', rate.source ?? '-',
  ];
}

interface ListedModel {
  readonly model: string;
  readonly name: string | null;
  readonly provider: string | null;
  readonly rates: number;
  readonly regions: number;
}

function listedModels(book: PriceBook, day: string | undefined): ListedModel[] {
  return book.modelIds.flatMap((model) => {
    const rates = ratesOn(book, model, day);
    const facts = modelFacts(model);
    const regions = new Set(rates.flatMap(({ region }) => region ?? []));
    if (rates.length === 0) return [];
    return [{ model, name: facts?.name ?? null, provider: facts?.provider ?? null, rates: rates.length, regions: regions.size }];
  });
}

function ratesOn(book: PriceBook, model: string, day: string | undefined): Rate[] {
  return book.ratesOf(model).filter((rate) => isInForce(rate, day));
}

export function renderPriceListJson(book: PriceBook, day?: string): string {
  return `${JSON.stringify({
    priceBook: { asOf: book.asOf ?? null, sources: book.sources },
    models: listedModels(book, day),
    ratesWithoutModel: ratesOn(book, ANY_MODEL, day).length,
  }, undefined, 2)}\n`;
}

const MODELS: readonly Column[] = [
  { title: 'Model' }, { title: 'Name' }, { title: 'Provider' }, { title: 'Rates', align: 'right' }, { title: 'Regions', align: 'right' },
];

export function renderPriceListTable(book: PriceBook, day?: string): string {
  const models = listedModels(book, day);
  const others = ratesOn(book, ANY_MODEL, day).length;
  const rows = models.map(({ model, name, provider, rates, regions }) =>
    [model, name ?? '-', provider ?? '-', String(rates), regions === 0 ? 'all' : String(regions)]);
  return [
    ...textTable(MODELS, rows),
    `${count(models.length, 'model')}${day === undefined ? '' : ` on ${day}`}. ${priceDateText(book.asOf ?? null)}`,
    ...(others === 0 ? [] : [`${count(others, 'rate')} of guardrails, knowledge bases, imported models and others belong to no model: prices show '*'.`]),
    '',
  ].join('\n');
}

import { priceText } from './book-lines';
import { Proposal, ProposedRate } from './proposal';
import { PriceSource, Statement } from './stated-rate';
import { groupBy } from '../../../src/price-book-review/placed-rate';
import { RateKind, RateUnit } from '../../../src/pricing/price-book/rate';
import { PriceFacts } from '../facts';

/** Prices of models that a source states flat: their standard prices by scope and kind. */
export type Flat = ReadonlyMap<string, readonly FlatPrices[]>;

interface FlatPrices {
  readonly source: PriceSource;
  readonly contextWindow: number;
  readonly prices: ReadonlyMap<RateKind, string>;
}

export function flatPrices(statements: readonly Statement[], resolve: (id: string) => string): Flat {
  const flat = new Map<string, readonly FlatPrices[]>();
  for (const { source, flat: models, rates } of statements) {
    for (const { target, contextWindow } of models) {
      const prices = new Map(rates.filter((rate) => rate.model === target.model && rate.scope === target.scope && rate.prefix === target.prefix
        && rate.unit === RateUnit.MILLION_TOKENS && rate.tier === undefined).map((rate) => [rate.kind, priceText(rate)]));
      const key = `${resolve(target.model)} ${target.scope}`;
      flat.set(key, [...(flat.get(key) ?? []), { source, contextWindow, prices }]);
    }
  }
  return flat;
}

/** The border of each model: that of prices/, or else the lowest one that a source states. */
export function bordersOf(models: PriceFacts['models'], statements: readonly Statement[], resolve: (id: string) => string): Map<string, number> {
  const borders = new Map<string, number>();
  for (const { borders: stated } of statements) {
    for (const { model, longContextFromInputTokens: border } of stated) {
      const id = resolve(model);
      borders.set(id, Math.min(border, borders.get(id) ?? border));
    }
  }
  for (const { id, longContextFromInputTokens: ours } of models) if (ours !== undefined) borders.set(id, ours);
  return borders;
}

export function borderChanges(
  facts: PriceFacts, statements: readonly Statement[], resolve: (id: string) => string, added: readonly ProposedRate[],
): Pick<Proposal, 'borders' | 'differingBorders'> {
  const ours = new Map(facts.models.map(({ id, longContextFromInputTokens: border }) => [id, border]));
  const stated = statements.flatMap(({ borders }) => borders.map((border) => ({ ...border, model: resolve(border.model) })));
  const byModel = groupBy(stated, ({ model }) => model);
  const isPriced = (model: string) => ours.has(model) || added.some((rate) => rate.model === model);
  return {
    borders: [...byModel].filter(([model]) => ours.get(model) === undefined && isPriced(model))
      .map(([model, of]) => ({ model, longContextFromInputTokens: Math.min(...of.map(({ longContextFromInputTokens: border }) => border)) })),
    differingBorders: [...new Map(stated.flatMap(({ model, longContextFromInputTokens: theirs, source }) => {
      const border = ours.get(model);
      return border === undefined || border === theirs ? [] : [[`${model} ${source.key}`, { model, ours: border, theirs, source: source.key }] as const];
    })).values()],
  };
}

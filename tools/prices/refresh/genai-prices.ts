import { LeftOut, NO_UNIT, PriceSource, StatedBorder, StatedRate, Statement, Target } from './stated-rate';
import { targetOf } from './target';
import { decimal } from '../../../src/pricing/decimal';
import { ContextLength, PriceScope, RateKind, RateUnit } from '../../../src/pricing/price-book/rate';

/** A price of genai-prices: a decimal text for a million tokens, or one that changes with the length of the request. */
type Price = string | { readonly base: string; readonly tiers: readonly { readonly start: number; readonly price: string }[] };

/** The models of its provider `aws`, as read-packages.py prints them: the prices in force on the day of the version. */
export type GenaiModels = readonly {
  readonly id: string;
  readonly name?: string;
  readonly contextWindow?: number;
  readonly prices: { readonly [field: string]: Price };
}[];

const KINDS: { readonly [field: string]: RateKind } = {
  input_mtok: RateKind.INPUT,
  output_mtok: RateKind.OUTPUT,
  cache_read_mtok: RateKind.CACHE_READ,
  cache_write_mtok: RateKind.CACHE_WRITE_5M,
  cache_write_1h_mtok: RateKind.CACHE_WRITE_1H,
  input_audio_mtok: RateKind.INPUT_SPEECH,
  output_audio_mtok: RateKind.OUTPUT_SPEECH,
};

/** Everything that genai-prices states of Amazon Bedrock. `regional.` is its own prefix, for both in-region and geographic use. */
export function readGenaiPrices(models: GenaiModels, source: PriceSource): Statement {
  const rates: StatedRate[] = [];
  const borders: StatedBorder[] = [];
  const leftOut: LeftOut[] = [];
  const flat: { target: Target; contextWindow: number }[] = [];
  const names: { [model: string]: string } = {};
  for (const { id, name, contextWindow, prices } of models) {
    const targets = targetsOf(id);
    if (typeof targets === 'string') {
      Object.keys(prices).forEach((what) => leftOut.push({ source, rawId: id, what, why: targets }));
      continue;
    }
    if (name) names[targets[0].model] ??= name;
    for (const [field, price] of Object.entries(prices)) {
      const kind = KINDS[field];
      if (kind === undefined) {
        leftOut.push({ source, rawId: id, what: field, why: NO_UNIT });
        continue;
      }
      const add = (usd: string, context?: ContextLength) => targets.forEach((target) => rates.push({
        source, rawId: id, ...target, kind, ...(context === undefined ? {} : { context }), usd: /^\d+(\.\d+)?$/.test(usd) ? decimal(usd).toFixed() : usd, unit: RateUnit.MILLION_TOKENS,
      }));
      const { base, tiers } = typeof price === 'string' ? { base: price, tiers: [] } : price;
      add(base);
      for (const { start, price: long } of tiers) {
        add(long, ContextLength.LONG);
        // A tier begins with the request that has more tokens than its start.
        targets.forEach(({ model }) => borders.push({ source, model, longContextFromInputTokens: start + 1 }));
      }
    }
    const isFlat = Object.values(prices).every((price) => typeof price === 'string');
    if (isFlat && contextWindow !== undefined) targets.forEach((target) => flat.push({ target, contextWindow }));
  }
  return { source, rates: rates.filter(({ usd }) => usd !== '0'), borders, flat, leftOut, names };
}

function targetsOf(id: string): Target[] | string {
  const target = targetOf(id.replace(/^regional\./, ''));
  if (typeof target === 'string' || !id.startsWith('regional.')) return typeof target === 'string' ? target : [target];
  return [{ ...target, scope: PriceScope.IN_REGION }, { ...target, scope: PriceScope.GEO }];
}

import { LeftOut, PriceSource, StatedBorder, StatedRate, Statement } from './stated-rate';
import { targetOf } from './target';
import { decimal } from '../../../src/pricing/decimal';
import { ContextLength, RateKind, RateUnit } from '../../../src/pricing/price-book/rate';

interface Costs {
  readonly input?: number;
  readonly output?: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
}

/** pi-ai's table of Amazon Bedrock: dist/providers/data/amazon-bedrock.json of its package. */
export interface PiAiTable {
  readonly [api: string]: {
    readonly [key: string]: {
      readonly id: string;
      readonly name: string;
      readonly contextWindow: number;
      readonly cost: Costs & { readonly tiers?: readonly (Costs & { readonly inputTokensAbove: number })[] };
    };
  };
}

const KINDS: readonly (readonly [keyof Costs, RateKind])[] = [
  ['input', RateKind.INPUT], ['output', RateKind.OUTPUT], ['cacheRead', RateKind.CACHE_READ], ['cacheWrite', RateKind.CACHE_WRITE_5M],
];

/** Everything that pi-ai's table states. It writes 0 for prices that it does not know. */
export function readPiAi(table: PiAiTable, source: PriceSource): Statement {
  const rates: StatedRate[] = [];
  const borders: StatedBorder[] = [];
  const leftOut: LeftOut[] = [];
  const flat: { target: Statement['flat'][number]['target']; contextWindow: number }[] = [];
  const names: { [model: string]: string } = {};
  for (const { id, name, cost, contextWindow } of Object.values(table).flatMap((models) => Object.values(models))) {
    const target = targetOf(id);
    if (typeof target === 'string') {
      KINDS.filter(([field]) => cost[field]).forEach(([field]) => leftOut.push({ source, rawId: id, what: field, why: target }));
      continue;
    }
    const { tiers = [], ...standard } = cost;
    names[target.model] ??= name.replace(/ \([A-Za-z]+\)$/, '');
    const add = (costs: Costs, context?: ContextLength) => KINDS.filter(([field]) => isPrice(costs[field])).forEach(([field, kind]) => rates.push({
      source,
      rawId: id,
      ...target,
      kind,
      ...(context === undefined ? {} : { context }),
      usd: decimal(String(costs[field])).toFixed(),
      unit: RateUnit.MILLION_TOKENS,
    }));
    add(standard);
    tiers.forEach((tier) => {
      add(tier, ContextLength.LONG);
      borders.push({ source, model: target.model, longContextFromInputTokens: tier.inputTokensAbove + 1 });
    });
    if (tiers.length === 0) flat.push({ target, contextWindow });
  }
  return { source, rates, borders, flat, leftOut, names };
}

function isPrice(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value !== 0;
}

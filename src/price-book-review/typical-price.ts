import { groupBy, PlacedRate } from './placed-rate';
import { providerOf } from '../pricing/price-book/model-catalog';
import { comparableUnit } from '../pricing/price-book/rate-identity';

/**
 * Typical prices of similar rates: the median of the same kind in the same unit, of the same model, and of its family.
 *
 * A float is exact enough: a median is only compared with a limit of a factor of 100. Prices of $0 are ignored.
 */
export class TypicalPrices {
  private readonly byModel: ReadonlyMap<string, Typical>;
  private readonly byFamily: ReadonlyMap<string, Typical>;
  private readonly byProvider: ReadonlyMap<string, Typical>;

  constructor(rates: readonly PlacedRate[]) {
    const priced = rates.map((rate) => ({ rate, usd: rate.price.toNumber() })).filter(({ usd }) => usd > 0);
    const medians = (nameOf: (model: string) => string) =>
      new Map([...groupBy(priced, ({ rate }) => place(nameOf, rate))].map(([key, group]) => [key, typical(nameOf(group[0].rate.rate.model), group)]));
    this.byModel = medians((model) => model);
    this.byFamily = medians(familyOf);
    this.byProvider = medians(providerOf);
  }

  /** Returns the medians of the model and of its family. For a family with a single model, that of the provider is used. */
  of(rate: PlacedRate): readonly Typical[] {
    const family = this.byFamily.get(place(familyOf, rate));
    const wider = family !== undefined && family.models > 1 ? family : this.byProvider.get(place(providerOf, rate)) ?? family;
    return [this.byModel.get(place((model) => model, rate)), wider].filter((found) => found !== undefined);
  }
}

export interface Typical {
  /** Owner of the prices: a model, a family such as `amazon.nova`, or a provider. */
  readonly of: string;
  readonly usd: number;
  readonly models: number;
}

function typical(of: string, group: readonly { readonly rate: PlacedRate; readonly usd: number }[]): Typical {
  const sorted = group.map(({ usd }) => usd).sort((a, b) => a - b);
  return { of, usd: sorted[Math.floor(sorted.length / 2)], models: new Set(group.map(({ rate }) => rate.rate.model)).size };
}

function place(nameOf: (model: string) => string, { rate }: PlacedRate): string {
  return `${nameOf(rate.model)} ${rate.kind} ${comparableUnit(rate)}`;
}

const families = new Map<string, string>();

/** Words of an id before its first number: `anthropic.claude-sonnet` for `anthropic.claude-sonnet-4-6`, `openai.gpt` for `openai.gpt-5.4`. */
function familyOf(model: string): string {
  let family = families.get(model);
  if (family === undefined) families.set(model, (family = /^[a-z0-9]*\.?[a-z]*(?:-[a-z]+(?![a-z0-9]))*/.exec(model)?.[0] ?? model));
  return family;
}

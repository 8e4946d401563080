import { groupBy, PlacedRate } from './placed-rate';
import { providerOf } from '../pricing/price-book/model-catalog';
import { comparableUnit } from '../pricing/price-book/rate-identity';

/**
 * The typical price of rates like one: the median of the same kind in the same unit, of the same model, and of its family.
 *
 * A float is enough here: a median is held against a bound of 100, never added to anything. $0 says nothing of a price.
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

  /** The model's own median, and its family's; a family of a single model is judged by its provider's. */
  of(rate: PlacedRate): readonly Typical[] {
    const family = this.byFamily.get(place(familyOf, rate));
    const wider = family !== undefined && family.models > 1 ? family : this.byProvider.get(place(providerOf, rate)) ?? family;
    return [this.byModel.get(place((model) => model, rate)), wider].filter((found) => found !== undefined);
  }
}

export interface Typical {
  /** The owner of the prices: a model, a family such as `amazon.nova`, or a provider. */
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

/** The words of an id before its first number: `anthropic.claude-sonnet-4-6` is of `anthropic.claude-sonnet`, `openai.gpt-5.4` of `openai.gpt`. */
function familyOf(model: string): string {
  let family = families.get(model);
  if (family === undefined) families.set(model, (family = /^[a-z0-9]*\.?[a-z]*(?:-[a-z]+(?![a-z0-9]))*/.exec(model)?.[0] ?? model));
  return family;
}

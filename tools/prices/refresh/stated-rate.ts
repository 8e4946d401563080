import { CommitmentDuration, ContextLength, PriceScope, PriceTier, RateKind, RateUnit } from '../../../src/pricing/price-book/rate';

/** A package or list that was read. */
export interface PriceSource {
  /** A key of sources.yaml, such as `litellm-1.110.2`. */
  readonly key: string;
  readonly what: string;
  /** The day on which this version was published. */
  readonly date: string;
  /** True for AWS's own price list, which wins over everything else. */
  readonly isAws?: boolean;
}

/** The model that a source's own id names, how it is called, and where. */
export interface Target {
  /** The id without profile prefix, as the source writes it. */
  readonly model: string;
  readonly scope: PriceScope;
  /** `us`, `eu`, ...: the geography that the id names. */
  readonly prefix?: string;
  readonly region?: string;
  /** True for the id of the endpoint bedrock-mantle, whose prices need not be those of bedrock-runtime. */
  readonly isMantle?: boolean;
}

/** One price as a source states it. */
export interface StatedRate extends Target {
  readonly source: PriceSource;
  /** The id as the source writes it. */
  readonly rawId: string;
  readonly kind: RateKind;
  readonly tier?: PriceTier;
  readonly context?: ContextLength;
  readonly commitmentDuration?: CommitmentDuration;
  readonly customModel?: boolean;
  readonly policy?: string;
  readonly usd: string;
  readonly unit: RateUnit;
}

/** The first number of input tokens of a long request, as a source states it. */
export interface StatedBorder {
  readonly source: PriceSource;
  readonly model: string;
  readonly longContextFromInputTokens: number;
}

/** A row of a source that no rate of ours can be made of, and why. */
export interface LeftOut {
  readonly source: PriceSource;
  readonly rawId: string;
  readonly what: string;
  readonly why: string;
}

/** Everything that one source states. */
export interface Statement {
  readonly source: PriceSource;
  readonly rates: readonly StatedRate[];
  readonly borders: readonly StatedBorder[];
  /** Models that the source prices flat, although it lets requests be longer than other models' borders: by raw model id. */
  readonly flat: readonly { readonly target: Target; readonly contextWindow: number }[];
  readonly leftOut: readonly LeftOut[];
  /** Names of models, for those that the price files lack. */
  readonly names: { readonly [model: string]: string };
}

export const GOVCLOUD = 'GovCloud or China';
export const NOT_BEDROCK = 'not Bedrock';
export const NO_UNIT = 'no unit of ours';
export const MANTLE_ONLY = 'mantle-only id';
export const SCOPE_DOUBTFUL = 'scope doubtful';

/** The name of a source without its version: another version of it is no second source. */
export function familyOf(key: string): string {
  return key.replace(/-20\d\d-\d\d-\d\d$/, '').replace(/-\d[\d.]*$/, '');
}

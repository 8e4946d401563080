import { decimal, Decimal, sumIfAllKnown } from '../decimal';
import { MissingPrice } from '../estimate';
import { DatedPrice } from '../price-book/price-dates';

/** The ways to make a model's answers better, from the one that asks least to the one that asks most. */
export const TECHNIQUES = ['prompt-engineering', 'retrieval', 'instruction-fine-tuning', 'domain-adaptation'] as const;
export type TechniqueName = (typeof TECHNIQUES)[number];

/** What one technique takes, as far as the usage does not say it. */
export interface AdviceInputs {
  /** Tokens that retrieval adds to each request. */
  readonly retrievedTokens: number;
  readonly indexGigabytes: number;
  /** Tokens of the instructions that the model is trained with, and how many times it sees them. */
  readonly trainingTokens: number;
  readonly epochs: number;
  /** Tokens of the texts that the model is trained on, and how many times it sees them. */
  readonly adaptationTokens: number;
  readonly adaptationEpochs: number;
  /** Model units that carry a custom model which is not sold on demand; undefined when nobody said how many, then one is taken. */
  readonly modelUnits?: number;
  readonly hoursPerMonth: number;
}

/** A part of what a technique costs: every month, or once. */
export interface TechniqueLine {
  readonly description: string;
  readonly usd: Decimal;
  readonly oneTime: boolean;
}

/** What a technique costs besides what is paid already. Undefined where a price is missing: never 0. */
export interface Technique {
  readonly name: TechniqueName;
  readonly oneTimeUsd: Decimal | undefined;
  readonly monthlyChangeUsd: Decimal | undefined;
  /** What 100 input tokens in every request are worth a month, where that is what the technique changes. */
  readonly usdPer100InputTokens?: Decimal;
  readonly lines: readonly TechniqueLine[];
  readonly notes: readonly string[];
  readonly missingPrices: readonly MissingPrice[];
  /** What its prices take for granted: derived, of an assumed region, discounted. */
  readonly assumptions: readonly string[];
  /** The prices that it was worked out from, those of the usage as it is included. */
  readonly prices: readonly DatedPrice[];
}

const MONTHS_OF_A_YEAR = decimal(12);

/** What is paid once, and the monthly change for a year: the figure that techniques are ordered by. */
export function firstYearUsd({ oneTimeUsd, monthlyChangeUsd }: Pick<Technique, 'oneTimeUsd' | 'monthlyChangeUsd'>): Decimal | undefined {
  return sumIfAllKnown([oneTimeUsd, monthlyChangeUsd?.times(MONTHS_OF_A_YEAR)]);
}

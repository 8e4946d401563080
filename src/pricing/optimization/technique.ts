import { decimal, Decimal, sumIfAllKnown } from '../decimal';
import { MissingPrice } from '../estimate';
import { DatedPrice } from '../price-book/price-dates';

/** The ways to make a model's answers better, from the one that asks least to the one that asks most. */
export const TECHNIQUES = ['prompt-engineering', 'retrieval', 'instruction-fine-tuning', 'domain-adaptation'] as const;
export type TechniqueName = (typeof TECHNIQUES)[number];

/** The parameters of a technique that the usage does not state. */
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
  /** The model units for a custom model without on-demand prices; 1 if undefined. */
  readonly modelUnits?: number;
  readonly hoursPerMonth: number;
}

/** A part of what a technique costs: every month, or once. */
export interface TechniqueLine {
  readonly description: string;
  readonly usd: Decimal;
  readonly oneTime: boolean;
}

/** The cost of a technique in addition to current costs. Undefined, never 0, if a price is missing. */
export interface Technique {
  readonly name: TechniqueName;
  readonly oneTimeUsd: Decimal | undefined;
  readonly monthlyChangeUsd: Decimal | undefined;
  /** The monthly cost of 100 input tokens in each request, if the technique changes these. */
  readonly usdPer100InputTokens?: Decimal;
  readonly lines: readonly TechniqueLine[];
  readonly notes: readonly string[];
  readonly missingPrices: readonly MissingPrice[];
  /** The assumptions of its prices: derived, of an assumed region, discounted. */
  readonly assumptions: readonly string[];
  /** The prices on which it is based, including those of the current usage. */
  readonly prices: readonly DatedPrice[];
}

const MONTHS_OF_A_YEAR = decimal(12);

/** The one-time cost plus the monthly change over a year, by which techniques are ordered. */
export function firstYearUsd({ oneTimeUsd, monthlyChangeUsd }: Pick<Technique, 'oneTimeUsd' | 'monthlyChangeUsd'>): Decimal | undefined {
  return sumIfAllKnown([oneTimeUsd, monthlyChangeUsd?.times(MONTHS_OF_A_YEAR)]);
}

import { ListedModel } from './bedrock-models';
import { Line } from './book-lines';
import { LeftOut, PriceSource, StatedRate } from './stated-rate';
import { Dispute, PricedRate } from '../facts';

/** A rate for a model of prices/, for all regions that share it. */
export interface ProposedRate {
  readonly model: string;
  readonly rate: PricedRate;
}

/** A rate of the book that becomes another one in some of its regions. */
export interface ProposedChange {
  readonly model: string;
  readonly line: PricedRate;
  readonly region: string;
  /** The rate that replaces it there; a confirmation where only `confirmed` differs. */
  readonly to: Pick<PricedRate, 'usd' | 'unit' | 'asOf' | 'source' | 'confirmed'>;
}

export interface ProposedModel {
  readonly id: string;
  readonly name: string;
  readonly listed?: ListedModel;
  readonly longContextFromInputTokens?: number;
}

export interface Doubt {
  readonly rate: StatedRate;
  readonly why: string;
}

/** One price of the book that another source states, too. */
export interface Comparison {
  readonly line: Line;
  readonly source: PriceSource;
  /** In the book's unit: dollars for a million tokens, an image, an hour. */
  readonly theirs: string;
  readonly agrees: boolean;
}

/** The result of a comparison of prices/ with other sources. */
export interface Proposal {
  readonly comparisons: readonly Comparison[];
  readonly sources: readonly PriceSource[];
  readonly models: readonly ProposedModel[];
  readonly added: readonly ProposedRate[];
  readonly changed: readonly ProposedChange[];
  readonly confirmed: readonly ProposedChange[];
  /** Second-hand rates of the book that their own source no longer states, nor any other. */
  readonly gone: readonly Line[];
  /** Disagreements that prices/disputed.yaml does not hold yet. */
  readonly disputed: readonly Dispute[];
  readonly knownDisputes: number;
  /** The border between a standard and a long request, where prices/ states none. */
  readonly borders: readonly { readonly model: string; readonly longContextFromInputTokens: number }[];
  readonly differingBorders: readonly { readonly model: string; readonly ours: number; readonly theirs: number; readonly source: string }[];
  readonly doubts: readonly Doubt[];
  readonly leftOut: readonly LeftOut[];
  readonly equal: number;
  /** The id of the book for a source's spelling of it. */
  readonly resolve: (id: string) => string;
}

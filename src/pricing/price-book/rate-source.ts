import { Rate } from './rate';
import { decodeModel, EncodedBook, RateGroup } from './rate-group';

/** A source of rates: the embedded book, a file, or the own list of the user. */
export interface RateSource {
  modelIds(): string[];
  ratesOf(model: string): readonly RateGroup[];
  /** The sources and days of the rates. */
  provenance(): readonly Pick<Rate, 'source' | 'asOf' | 'confirmed'>[];
}

/** Rates that were given one by one. */
export interface OwnRates extends RateSource {
  readonly groups: readonly RateGroup[];
}

const NONE: readonly RateGroup[] = [];

export function encodedSource(book: EncodedBook): RateSource {
  const decoded = new Map<string, RateGroup[]>();
  return {
    modelIds: () => Object.keys(book.models),
    provenance: () => book.sources.map(([source, asOf, confirmed]) => ({ source, asOf, ...(confirmed === undefined ? {} : { confirmed }) })),
    ratesOf: (model) => {
      let groups = decoded.get(model);
      if (!groups) decoded.set(model, (groups = decodeModel(book, model)));
      return groups;
    },
  };
}

export function ownSource(groups: readonly RateGroup[]): OwnRates {
  const byModel = new Map<string, RateGroup[]>();
  for (const group of groups) {
    const known = byModel.get(group.model);
    if (known) known.push(group);
    else byModel.set(group.model, [group]);
  }
  return { groups, modelIds: () => [...byModel.keys()], ratesOf: (model) => byModel.get(model) ?? NONE, provenance: () => groups };
}

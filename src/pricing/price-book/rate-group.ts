import { Rate } from './rate';

/** Rates that differ in nothing but their region, as the book keeps them. */
export interface RateGroup extends Omit<Rate, 'region'> {
  /** The regions that the rate holds in; undefined means every region. */
  readonly regions?: readonly string[];
  /** True when the source does not name the region, and `regions` is what we take it to hold in. */
  readonly regionAssumed?: boolean;
}

/** Suffix of a source that repeats AWS's prices. It is part of the name, so that every output that shows the source shows it. */
export const SECOND_HAND = ' (second-hand)';

/** The regions of a rate whose source leaves the region open: those whose published prices agree most often. */
export const ASSUMED_REGIONS: readonly string[] = ['us-east-1', 'us-east-2', 'us-west-2'];

/**
 * The embedded book as it is stored: small to ship and quick to parse.
 *
 * A row is `[shape, usd, source, regions]`, all but `usd` being indexes. A region set is one text, regions apart by a
 * space; a leading `~` marks regions that the source leaves open.
 */
export interface EncodedBook {
  readonly schemaVersion: '1';
  readonly sources: readonly (readonly [source: string, asOf: string, confirmed?: string])[];
  readonly regionSets: readonly string[];
  readonly shapes: readonly Omit<Rate, 'model' | 'usd' | 'region' | 'asOf' | 'confirmed' | 'source'>[];
  readonly models: { readonly [id: string]: readonly (readonly [shape: number, usd: string, source: number, regions: number])[] };
}

/** The rates of one model, decoded when the model is first asked for. */
export function decodeModel(book: EncodedBook, model: string): RateGroup[] {
  if (!Object.hasOwn(book.models, model)) return [];
  return book.models[model].map(([shape, usd, source, regions]) => {
    const regionSet = book.regionSets[regions];
    const [from, asOf, confirmed] = book.sources[source];
    const regionAssumed = regionSet.startsWith('~');
    return {
      model,
      ...book.shapes[shape],
      usd,
      source: from,
      asOf,
      ...(confirmed === undefined ? {} : { confirmed }),
      regions: (regionAssumed ? regionSet.slice(1) : regionSet).split(' '),
      regionAssumed,
    };
  });
}

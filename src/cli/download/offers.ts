import { createHash } from 'crypto';
import { JsonShapeError, parseJson } from '../../input/nesting';
import { BEDROCK_OFFERS } from '../../price-list/price-list-file';
import { regionAdvice } from '../../pricing/region';
import { InputError } from '../io';

/** One version of an offer's price list in one region. AWS never changes the file under its address. */
export interface PinnedList {
  readonly offer: string;
  readonly region: string;
  readonly version: string;
  readonly url: string;
  /** Name of the file in the download folder. It includes a hash of the endpoint, since endpoints may serve different files. */
  readonly fileName: string;
}

/** Lists of an offer, by region. */
export type OfferLists = ReadonlyMap<string, PinnedList>;

export interface Plan {
  readonly lists: readonly PinnedList[];
  /** Lists that do not exist. */
  readonly notes: readonly string[];
}

/** Maximum number of characters of a response that a message quotes. */
const MAX_QUOTED = 160;
const OFFER_NAMES = BEDROCK_OFFERS.join('|');
/** Path of a list. It is strict, because regions and versions become parts of file names. */
const VERSION_PATH = new RegExp(`^/offers/v1\\.0/aws/(${OFFER_NAMES})/([A-Za-z0-9_-]{1,64})/([a-z0-9-]{1,64})/index\\.json$`);
/** Name of a downloaded list. Earlier versions wrote names without the endpoint's hash: such files are of unknown origin and are only removed. */
const FILE_NAME = new RegExp(`^(${OFFER_NAMES})\\.[A-Za-z0-9_-]+\\.[a-z0-9-]+(\\.[0-9a-f]{12})?\\.json(\\.part|\\.etag)?$`);

export function regionIndexUrl(endpoint: string, offer: string): string {
  return `${endpoint}/offers/v1.0/aws/${offer}/current/region_index.json`;
}

/** True for the name of a downloaded list. */
export function isListFile(name: string): boolean {
  return FILE_NAME.test(name);
}

/**
 * Parses a region_index.json, which has the current version of each region.
 *
 * @throws InputError if it does not have the format of AWS
 */
export function listsIn(text: string, offer: string, endpoint: string): OfferLists {
  const place = regionIndexUrl(endpoint, offer);
  const regions = Object.entries(regionsIn(text, place));
  if (regions.length === 0) throw notAnIndex(place, 'no region');
  const from = createHash('sha256').update(endpoint).digest('hex').slice(0, 12);
  return new Map(regions.sort(([a], [b]) => (a < b ? -1 : 1)).map(([region, entry]) => {
    const { currentVersionUrl: path, regionCode = region } = (entry ?? {}) as { readonly [field: string]: unknown };
    const [, ofOffer, version, ofRegion] = VERSION_PATH.exec(String(path)) ?? [];
    if (version === undefined || ofOffer !== offer || ofRegion !== region || regionCode !== region) {
      throw notAnIndex(place, `${String(JSON.stringify(entry)).slice(0, MAX_QUOTED)} for the region ${JSON.stringify(region.slice(0, MAX_QUOTED))}`);
    }
    return [region, { offer, region, version, url: `${endpoint}${path}`, fileName: `${offer}.${version}.${region}.${from}.json` }];
  }));
}

function regionsIn(text: string, place: string): object {
  let index: unknown;
  try {
    index = parseJson(text);
  } catch (e) {
    throw notAnIndex(place, `${e instanceof JsonShapeError ? `JSON that is ${e.message}` : 'text that is not JSON'}: ${JSON.stringify(text.slice(0, MAX_QUOTED))}`);
  }
  const { regions } = (index ?? {}) as { readonly regions?: unknown };
  if (typeof regions !== 'object' || regions === null) throw notAnIndex(place, 'no field regions');
  return regions;
}

function notAnIndex(place: string, found: string): InputError {
  return new InputError(
    `${place}: must be a region_index.json as AWS publishes it, with the path of the current version of each region, got ${found}.`,
    'Check --endpoint, or a proxy or mirror in between.',
  );
}

/**
 * Selects the lists to download.
 *
 * @param asked the regions of the command line; empty for all
 * @throws InputError for a region that no offer has
 */
export function planOf(offers: ReadonlyMap<string, OfferLists>, asked: readonly string[]): Plan {
  const known = [...new Set([...offers.values()].flatMap((lists) => [...lists.keys()]))].sort();
  const unknown = asked.filter((region) => !known.includes(region));
  if (unknown.length > 0) throw new InputError(`--region must be one of ${known.join(', ')}, got ${unknown.map((region) => JSON.stringify(region)).join(', ')}. ${regionAdvice(unknown[0])}`);
  const regions = asked.length === 0 ? known : [...new Set(asked)].sort();
  const lists: PinnedList[] = [];
  const notes: string[] = [];
  for (const [offer, ofRegion] of offers) {
    const missing = regions.filter((region) => !ofRegion.has(region));
    lists.push(...regions.flatMap((region) => ofRegion.get(region) ?? []));
    if (missing.length > 0) notes.push(`AWS has no list of ${offer} in ${missing.join(', ')}.`);
  }
  return { lists, notes };
}

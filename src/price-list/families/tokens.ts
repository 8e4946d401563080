import { ContextLength, PriceTier, RateKind } from '../../pricing/price-book/rate';
import { Facets, facetsOf, isMeaningful, merged, Unclear } from '../facets';
import { Attributes, DraftRate, NameMap, notUnderstood, PriceRow, Reading } from '../listed-sku';
import { isMantle, mantleModelOf, modelOf, NamedModel, namesIn } from '../model-names';
import { inScopes } from '../scope';
import { tokenUnit } from '../units';
import { wordsOf } from '../words';

/** First words of the price in a usagetype, after the key of the model: `NovaLite-`**`cache-read-input-token-count`**. */
const FIRST_WORDS = ['input', 'output', 'cache', 'speech'];
/** Words that may precede the first words. Capitalized ones are read from the key, unless they are in the model's name: `TitanEmbeddingsG1-Image`. */
const LEADING_WORDS = ['prompt', 'text', 'image', 'audio', 'video', 'document', 'batch', 'flex', 'priority', 'geo', 'global'];
/** Words in a key that are not in the model's name or in the words of the price: such a row is not of the model itself. */
const FOREIGN_KEY = new RegExp(` (?:${[
  'custom', 'distill', 'evaluat', 'fine-?tun', 'tun', 'train', 'reserv', 'provision', 'commit', 'dedicat', 'extend', 'peak', 'burst', 'spot',
  'discount', 'cris', 'cross', 'context', 'l?ctx', 'latency', 'optimi', 'tier', 'async', 'job', 'cache', '1m ',
].join('|')})`);
const CUSTOM_KEY = / custom/;
/** Dimension of a Marketplace usagetype: `USW1-MP:USW1_`**`InputTokenCount_Global`**`-Units`. */
const MARKETPLACE_DIMENSION = /MP:[A-Za-z0-9]+?_(.+)-Units$/;
/** Attributes that state the billed unit. All of them must agree. */
export const STATING: readonly string[] = ['feature', 'featureType', 'featuretype', 'inferenceType', 'tokenType', 'serviceTier', 'service_tier', 'crossRegion'];
/** Further words of the description of a Marketplace row. */
const IGNORED_IN_DESCRIPTION = ['million', 'thousand', '1m', '1k', '1', 'price', 'per', 'of'];

/** Reads the prices of tokens of every kind and tier: on demand, batch, from a cache, through a profile, of a custom model. */
export function tokens(row: PriceRow, names: NameMap): Reading | undefined {
  const { attributes, unit, description } = row;
  const { usagetype } = attributes;
  const dimension = dimensionOf(usagetype);
  if (dimension === undefined) return undefined;
  const model = modelFor(attributes, names);
  const key = keyWithoutName(dimension.key, attributes, model);
  const explicit = merged([
    ['usagetype', facetsOf('usagetype', [...key.filter(isMeaningful), ...dimension.words])],
    ...STATING.filter((field) => attributes[field] !== undefined && attributes[field] !== '')
      .map((field) => [field, facetsOf(field, wordsOf(attributes[field]))] as const),
  ]);
  if (explicit instanceof Unclear) return notUnderstood(explicit.reason);
  const described = describedFacets(row);
  if (described instanceof Unclear) return notUnderstood(described.reason);
  // The scope of the description has lower precedence than the others, so it is not a contradiction.
  const { scope, ...others } = described;
  if (model === 'runtime') return { skipped: 'the rate of a runtime model, published a second time for bedrock-mantle' };
  if ('unclear' in model) return notUnderstood(model.unclear);
  const facets = merged([['attributes', explicit], ['description', others], ['model name', facetsOfName(model)]]);
  if (facets instanceof Unclear) return notUnderstood(facets.reason);
  if (isForeign(key, facets)) return notUnderstood('usagetype: the key has words that are not of the model');
  const kind = kindOf(facets);
  if (kind === undefined) return notUnderstood('tokens of an unknown kind');
  const scale = tokenUnit(unit, description);
  if ('unclear' in scale) return notUnderstood(scale.unclear);
  const rate: DraftRate = {
    model: model.id,
    kind,
    usd: row.usd,
    unit: scale.unit,
    ...(facets.tier === undefined || facets.tier === PriceTier.STANDARD ? {} : { tier: facets.tier }),
    ...(facets.context === undefined ? {} : { context: ContextLength.LONG }),
    ...(facets.custom === undefined ? {} : { customModel: true }),
  };
  return { understood: inScopes(rate, explicit.scope, scope, isMantle(attributes)) };
}

interface Dimension {
  readonly words: readonly string[];
  /** Key of the model, which precedes the words. */
  readonly key: string;
}

/** Splits a usagetype into its key and words; undefined if it is not that of a token price. */
function dimensionOf(usagetype: string): Dimension | undefined {
  const marketplace = MARKETPLACE_DIMENSION.exec(usagetype)?.[1];
  const { words, key } = marketplace === undefined ? splitKey(usagetype) : { words: wordsOf(marketplace), key: '' };
  if (!words.some((word) => word === 'token' || word === 'tokens')) return undefined;
  return { words, key };
}

/** Splits a usagetype. The key may contain words such as `speech`; in a bedrock-mantle row it ends at the marker `-mantle-`. */
function splitKey(usagetype: string): Dimension {
  const mantle = usagetype.indexOf('-mantle-');
  if (mantle >= 0) return { words: wordsOf(usagetype.slice(mantle + '-mantle-'.length)), key: usagetype.slice(0, mantle) };
  const parts = usagetype.split('-');
  let first = parts.findIndex((part) => FIRST_WORDS.includes(part));
  if (first < 0) return { words: [], key: usagetype };
  while (LEADING_WORDS.includes(parts[first - 1])) first--;
  return { words: wordsOf(parts.slice(first).join('-')), key: parts.slice(0, first).join('-') };
}

/** Words of a key that are not part of the model's name or id, such as `Batch` in `USE1-NovaPro-Batch`. */
function keyWithoutName(key: string, attributes: Attributes, model: ReturnType<typeof modelFor>): string[] {
  const id = typeof model === 'object' && 'id' in model ? [model.id] : [];
  const ofName = new Set([...namesIn(attributes), ...id].flatMap(wordsOf));
  return wordsOf(key).filter((word) => !ofName.has(word));
}

function isForeign(key: readonly string[], { custom }: Facets): boolean {
  const words = ` ${key.filter((word) => !isMeaningful(word)).join(' ')} `;
  return FOREIGN_KEY.test(custom === undefined ? words : words.replace(CUSTOM_KEY, ''));
}

/** Meaning of the description of a Marketplace row. The descriptions of other rows are sentences and are not read. */
function describedFacets({ attributes, description }: PriceRow): Facets | Unclear {
  if (!MARKETPLACE_DIMENSION.test(attributes.usagetype)) return {};
  return facetsOf('description', wordsOf(description.slice(description.lastIndexOf('|') + 1)), IGNORED_IN_DESCRIPTION);
}

function modelFor(attributes: Attributes, names: NameMap): NamedModel | { readonly unclear: string } | 'runtime' {
  return isMantle(attributes) ? mantleModelOf(attributes, names) : modelOf(attributes, names);
}

function facetsOfName({ latencyOptimized, custom }: NamedModel): Facets {
  return { ...(latencyOptimized ? { tier: PriceTier.LATENCY_OPTIMIZED } : {}), ...(custom ? { custom: 'yes' } : {}) };
}

const INPUTS: { readonly [medium in NonNullable<Facets['medium']>]: RateKind } = {
  'text': RateKind.INPUT,
  'image': RateKind.INPUT_IMAGE,
  'document-image': RateKind.INPUT_DOCUMENT_IMAGE,
  'audio': RateKind.INPUT_AUDIO,
  'video': RateKind.INPUT_VIDEO,
  'speech': RateKind.INPUT_SPEECH,
};
const OUTPUTS: { readonly [medium: string]: RateKind } = { text: RateKind.OUTPUT, image: RateKind.OUTPUT_IMAGE, speech: RateKind.OUTPUT_SPEECH };
/** Kinds of cache writes by lifetime. A write without a lifetime is the five-minute one. */
const WRITES = { '5m': RateKind.CACHE_WRITE_5M, '30m': RateKind.CACHE_WRITE_30M, '1h': RateKind.CACHE_WRITE_1H };

function kindOf({ direction, cache, lifetime, medium = 'text', perMinute }: Facets): RateKind | undefined {
  if (perMinute || (lifetime !== undefined && cache !== 'write')) return undefined;
  if (cache !== undefined) {
    if (direction === 'output' || medium !== 'text') return undefined;
    return cache === 'read' ? RateKind.CACHE_READ : WRITES[lifetime ?? '5m'];
  }
  if (direction === undefined) return undefined;
  return direction === 'input' ? INPUTS[medium] : OUTPUTS[medium];
}

import { ContextLength, PriceTier, RateKind } from '../../pricing/price-book/rate';
import { Facets, facetsOf, merged, saysSomething, Unclear } from '../facets';
import { Attributes, DraftRate, NameMap, notUnderstood, PriceRow, Reading } from '../listed-sku';
import { isMantle, mantleModelOf, modelOf, NamedModel, namesIn } from '../model-names';
import { inScopes } from '../scope';
import { tokenUnit } from '../units';
import { wordsOf } from '../words';

/** Words at which the key of the model ends in a usagetype and those of the price begin: `NovaLite-`**`cache-read-input-token-count`**. */
const FIRST_WORDS = ['input', 'output', 'cache', 'speech'];
/** Words that may stand before those. Capitalised ones are read from the key, unless the model is named so: `TitanEmbeddingsG1-Image`. */
const LEADING_WORDS = ['prompt', 'text', 'image', 'audio', 'video', 'document', 'batch', 'flex', 'priority', 'geo', 'global'];
/** Words that a key must not hold unless the model's name or the words hold them, too: such a row is not of the model itself. */
const TELLING_KEY = new RegExp(` (?:${[
  'custom', 'distill', 'evaluat', 'fine-?tun', 'tun', 'train', 'reserv', 'provision', 'commit', 'dedicat', 'extend', 'peak', 'burst', 'spot',
  'discount', 'cris', 'cross', 'context', 'l?ctx', 'latency', 'optimi', 'tier', 'async', 'job', 'cache', '1m ',
].join('|')})`);
const CUSTOM_KEY = / custom/;
/** The dimension of a Marketplace usagetype: `USW1-MP:USW1_`**`InputTokenCount_Global`**`-Units`. */
const MARKETPLACE_DIMENSION = /MP:[A-Za-z0-9]+?_(.+)-Units$/;
/** Attributes that say what the price is of. All of them have to agree. */
export const STATING: readonly string[] = ['feature', 'featureType', 'featuretype', 'inferenceType', 'tokenType', 'serviceTier', 'service_tier', 'crossRegion'];
/** Further words of the description of a Marketplace row. */
const IGNORED_IN_DESCRIPTION = ['million', 'thousand', '1m', '1k', '1', 'price', 'per', 'of'];

/** Tokens of every kind and tier: on demand, batch, from a cache, through a profile, of a custom model. */
export function tokens(row: PriceRow, names: NameMap): Reading | undefined {
  const { attributes, unit, description } = row;
  const { usagetype } = attributes;
  const dimension = dimensionOf(usagetype);
  if (dimension === undefined) return undefined;
  const model = modelFor(attributes, names);
  const key = keyWithoutName(dimension.key, attributes, model);
  const explicit = merged([
    ['usagetype', facetsOf('usagetype', [...key.filter(saysSomething), ...dimension.words])],
    ...STATING.filter((field) => attributes[field] !== undefined && attributes[field] !== '')
      .map((field) => [field, facetsOf(field, wordsOf(attributes[field]))] as const),
  ]);
  if (explicit instanceof Unclear) return notUnderstood(explicit.reason);
  const described = describedFacets(row);
  if (described instanceof Unclear) return notUnderstood(described.reason);
  // The description's scope gives way to the others', so it is no contradiction.
  const { scope, ...others } = described;
  if (model === 'runtime') return { skipped: 'the rate of a runtime model, published a second time for bedrock-mantle' };
  if ('unclear' in model) return notUnderstood(model.unclear);
  const facets = merged([['attributes', explicit], ['description', others], ['model name', facetsOfName(model)]]);
  if (facets instanceof Unclear) return notUnderstood(facets.reason);
  if (saysMore(key, facets)) return notUnderstood('usagetype: a key that says more than the model');
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
  /** The key of the model in front of them. */
  readonly key: string;
}

/** The words and the key of a usagetype; undefined if it is not that of a token price. */
function dimensionOf(usagetype: string): Dimension | undefined {
  const marketplace = MARKETPLACE_DIMENSION.exec(usagetype)?.[1];
  const { words, key } = marketplace === undefined ? splitKey(usagetype) : { words: wordsOf(marketplace), key: '' };
  if (!words.some((word) => word === 'token' || word === 'tokens')) return undefined;
  return { words, key };
}

/** The key of a model may itself hold words such as `speech`: the one of a bedrock-mantle row ends at its marker. */
function splitKey(usagetype: string): Dimension {
  const mantle = usagetype.indexOf('-mantle-');
  if (mantle >= 0) return { words: wordsOf(usagetype.slice(mantle + '-mantle-'.length)), key: usagetype.slice(0, mantle) };
  const parts = usagetype.split('-');
  let first = parts.findIndex((part) => FIRST_WORDS.includes(part));
  if (first < 0) return { words: [], key: usagetype };
  while (LEADING_WORDS.includes(parts[first - 1])) first--;
  return { words: wordsOf(parts.slice(first).join('-')), key: parts.slice(0, first).join('-') };
}

/** The words of a key that are no part of the model's name or id: such as `Batch` in `USE1-NovaPro-Batch`. */
function keyWithoutName(key: string, attributes: Attributes, model: ReturnType<typeof modelFor>): string[] {
  const id = typeof model === 'object' && 'id' in model ? [model.id] : [];
  const ofName = new Set([...namesIn(attributes), ...id].flatMap(wordsOf));
  return wordsOf(key).filter((word) => !ofName.has(word));
}

function saysMore(key: readonly string[], { custom }: Facets): boolean {
  const words = ` ${key.filter((word) => !saysSomething(word)).join(' ')} `;
  return TELLING_KEY.test(custom === undefined ? words : words.replace(CUSTOM_KEY, ''));
}

/** Only Marketplace rows are told apart by their description, which is a sentence for people elsewhere. */
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
/** A write without a lifetime is the five-minute one. */
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

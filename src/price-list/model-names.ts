import { Attributes, NameMap } from './listed-sku';
import { bookIds } from '../pricing/price-book/model-catalog';

let loaded: NameMap | undefined;

/** The names of the models that the embedded price book knows, generated from prices/. */
export function knownNames(): NameMap {
  return (loaded ??= require('../pricing/data/price-list-names.json') as NameMap);
}

/**
 * Ids of the bedrock-mantle endpoint that have rates of their own, with the id of the same model on the runtime.
 *
 * Both are listed under the name that the name map gives to the first: the usagetype has the model.
 */
const RUNTIME_IDS = new Map([['qwen.qwen3-next-80b-a3b-instruct', 'qwen.qwen3-next-80b-a3b']]);

/** A model by its name in the list. */
export interface NamedModel {
  readonly id: string;
  /** Latency-optimized inference is listed as a model of another name. */
  readonly latencyOptimized?: boolean;
  /** So is inference of a custom model, for some. */
  readonly custom?: boolean;
}

interface NameIndex {
  /** By name without case and whitespace; undefined where two ids share one. */
  readonly ids: ReadonlyMap<string, string | undefined>;
  readonly known: ReadonlySet<string>;
}

const indices = new WeakMap<NameMap, NameIndex>();

function indexOf(names: NameMap): NameIndex {
  let index = indices.get(names);
  if (!index) {
    const ids = new Map<string, string | undefined>();
    const known = new Set(Object.values(names));
    for (const [name, id] of [...Object.entries(names), ...[...known].map((own) => [own, own])]) {
      const key = keyOf(name);
      ids.set(key, ids.has(key) && ids.get(key) !== id ? undefined : id);
    }
    indices.set(names, (index = { ids, known }));
  }
  return index;
}

/** A name without case and whitespace. Nothing fuzzy: `Nova 2.0 Lite` is not `Nova Lite`. */
export function keyOf(name: string): string {
  return name.toLowerCase().replace(/\s+/g, '');
}

const MARKETPLACE_SUFFIX = / \(Amazon Bedrock Edition\)$/;
const LATENCY_SUFFIX = /[ -]*\(?latency[ -]optimized\)?$/i;
const CUSTOM_SUFFIX = / custom$/i;

/** The name of the model as the row states it; a list of more than one when its attributes name several. */
export function namesIn({ model, titanModel, modelUnit, titanModelUnit, servicename }: Attributes): readonly string[] {
  const named = [...new Set([model, titanModel].filter((name) => name !== undefined && name !== ''))];
  if (named.length > 0) return named;
  if (servicename !== undefined && MARKETPLACE_SUFFIX.test(servicename)) return [servicename.replace(MARKETPLACE_SUFFIX, '')];
  return [...new Set([modelUnit, titanModelUnit].filter((name) => name !== undefined && name !== ''))];
}

/** The reason for a row whose model name has no id. */
export const UNKNOWN_NAME = 'unknown model name';

/** A name without the words for latency-optimized inference and for a custom model. */
export function baseName(name: string): string {
  const shorter = withoutSuffix(name);
  return shorter === name ? name : baseName(shorter);
}

/** A name without its last suffix; the name itself if it has none. */
function withoutSuffix(name: string): string {
  return name.replace(CUSTOM_SUFFIX.test(name) ? CUSTOM_SUFFIX : LATENCY_SUFFIX, '') || name;
}

/** The name that a row is known by: of its model, or the id of the endpoint for a bedrock-mantle row without a name. */
export function nameOf(attributes: Attributes): string | undefined {
  const [name] = namesIn(attributes);
  return name === undefined ? mantleIdOf(attributes) : baseName(name);
}

/** The model of a row, or why it is not clear. */
export function modelOf(attributes: Attributes, names: NameMap): NamedModel | { readonly unclear: string } {
  const stated = namesIn(attributes);
  if (stated.length === 0) return { unclear: 'no model name' };
  if (stated.length > 1) return { unclear: 'several model names' };
  const [name] = stated;
  const { ids } = indexOf(names);
  let base = name;
  while (!ids.has(keyOf(base)) && withoutSuffix(base) !== base) base = withoutSuffix(base);
  const id = ids.get(keyOf(base));
  if (id === undefined) return { unclear: ids.has(keyOf(base)) ? 'model name of several ids' : UNKNOWN_NAME };
  const more = name.slice(base.length);
  return {
    id: RUNTIME_IDS.get(id) ?? id,
    ...(/custom/i.test(more) ? { custom: true } : {}),
    ...(/latency/i.test(more) ? { latencyOptimized: true } : {}),
  };
}

/** The id in a usagetype such as `USE1-qwen.qwen3-32b-mantle-input-tokens-standard`. */
const MANTLE_ID = /^(?:[A-Z]{2,4}\d?-)?([a-z0-9]+\.[a-z0-9.:-]+?)-mantle-/i;

/** The id that a usagetype of the bedrock-mantle endpoint has. */
export function mantleIdOf({ usagetype = '' }: Attributes): string | undefined {
  return MANTLE_ID.exec(usagetype)?.[1];
}

/** Whether a row is one of the bedrock-mantle endpoint. */
export function isMantle({ usagetype = '', tokenType = '' }: Attributes): boolean {
  return /mantle/i.test(usagetype) || /mantle/i.test(tokenType);
}

/**
 * The model of a bedrock-mantle row.
 *
 * Such rows publish the rates of most models a second time, under an id of the endpoint's own (`qwen.qwen3-32b` for
 * `qwen.qwen3-32b-v1:0`): those are skipped. Where the id is one that the book knows, the row is priced, because some
 * models are sold there only; where the runtime has a row of the same price, that one stands (Rank.MANTLE).
 */
export function mantleModelOf(attributes: Attributes, names: NameMap): NamedModel | { readonly unclear: string } | 'runtime' {
  const id = mantleIdOf(attributes);
  if (id === undefined) return { unclear: 'a bedrock-mantle row without model id' };
  const { known } = indexOf(names);
  if (known.has(id)) return { id };
  const named = modelOf(attributes, names);
  if ('id' in named || bookIds(id).some((other) => known.has(other))) return 'runtime';
  return namesIn(attributes).length === 0 ? modelOf({ model: id }, names) : named;
}

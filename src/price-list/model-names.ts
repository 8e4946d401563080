import { Attributes, NameMap } from './listed-sku';
import { bookIds } from '../pricing/price-book/model-catalog';

let loaded: NameMap | undefined;

/** Returns the model names that are known to the embedded price book. They are generated from prices/. */
export function knownNames(): NameMap {
  return (loaded ??= require('../pricing/data/price-list-names.json') as NameMap);
}

/**
 * Ids of the bedrock-mantle endpoint with rates of their own, and the id of the same model on the runtime.
 *
 * Both are listed under the name of the first id in the name map. The usagetype distinguishes them.
 */
const RUNTIME_IDS = new Map([['qwen.qwen3-next-80b-a3b-instruct', 'qwen.qwen3-next-80b-a3b']]);

/** A model that was found by its name in the list. */
export interface NamedModel {
  readonly id: string;
  /** True for latency-optimized inference, which is listed under another model name. */
  readonly latencyOptimized?: boolean;
  /** True for inference of a custom model, which is listed under another model name for some models. */
  readonly custom?: boolean;
}

interface NameIndex {
  /** By name without case and whitespace; undefined if two ids share a name. */
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

/** Returns a name without case and whitespace. Similar names do not match: `Nova 2.0 Lite` is not `Nova Lite`. */
export function keyOf(name: string): string {
  return name.toLowerCase().replace(/\s+/g, '');
}

const MARKETPLACE_SUFFIX = / \(Amazon Bedrock Edition\)$/;
const LATENCY_SUFFIX = /[ -]*\(?latency[ -]optimized\)?$/i;
const CUSTOM_SUFFIX = / custom$/i;

/** Returns the model names in the attributes of a row. */
export function namesIn({ model, titanModel, modelUnit, titanModelUnit, servicename }: Attributes): readonly string[] {
  const named = [...new Set([model, titanModel].filter((name) => name !== undefined && name !== ''))];
  if (named.length > 0) return named;
  if (servicename !== undefined && MARKETPLACE_SUFFIX.test(servicename)) return [servicename.replace(MARKETPLACE_SUFFIX, '')];
  return [...new Set([modelUnit, titanModelUnit].filter((name) => name !== undefined && name !== ''))];
}

/** Reason for a row whose model name has no id. */
export const UNKNOWN_NAME = 'unknown model name';

/** Removes the suffixes for latency-optimized inference and for a custom model from a name. */
export function baseName(name: string): string {
  const shorter = withoutSuffix(name);
  return shorter === name ? name : baseName(shorter);
}

/** Removes the last suffix of a name, if it has one. */
function withoutSuffix(name: string): string {
  return name.replace(CUSTOM_SUFFIX.test(name) ? CUSTOM_SUFFIX : LATENCY_SUFFIX, '') || name;
}

/** Returns the model name of a row, or the endpoint's id for a bedrock-mantle row without a name. */
export function nameOf(attributes: Attributes): string | undefined {
  const [name] = namesIn(attributes);
  return name === undefined ? mantleIdOf(attributes) : baseName(name);
}

/** Returns the model of a row, or the reason if it is not clear. */
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

/** Model id in a usagetype such as `USE1-qwen.qwen3-32b-mantle-input-tokens-standard`. */
const MANTLE_ID = /^(?:[A-Z]{2,4}\d?-)?([a-z0-9]+\.[a-z0-9.:-]+?)-mantle-/i;

/** Returns the model id in a usagetype of the bedrock-mantle endpoint. */
export function mantleIdOf({ usagetype = '' }: Attributes): string | undefined {
  return MANTLE_ID.exec(usagetype)?.[1];
}

/** Whether a row is one of the bedrock-mantle endpoint. */
export function isMantle({ usagetype = '', tokenType = '' }: Attributes): boolean {
  return /mantle/i.test(usagetype) || /mantle/i.test(tokenType);
}

/**
 * Returns the model of a bedrock-mantle row.
 *
 * Such rows publish the rates of most models a second time, under the endpoint's own id (`qwen.qwen3-32b` for
 * `qwen.qwen3-32b-v1:0`). These rows are skipped. A row with an id that the book knows is priced, because some models are sold
 * on this endpoint only. A row of the runtime for the same price has precedence (Rank.MANTLE).
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

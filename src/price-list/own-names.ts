import { NameMap } from './listed-sku';
import { baseName, keyOf, modelOf } from './model-names';
import { isBareModelId, ModelId } from '../pricing/model-id';

/** Field with the address of the schema, for editors. */
const SCHEMA_FIELD = '$schema';
const EXAMPLE = '"Nova Lite": amazon.nova-lite-v1:0';
/** Maximum number of characters of a file's text that a message quotes. */
const MAX_QUOTED = 80;

/** Names of a file of model names (schemas/model-names.schema.json), or its problems with their fields. */
export type OwnNames = { readonly names: NameMap } | { readonly problems: readonly string[] };

/**
 * Validates the content of a file of model names: the name of a model in the Price List, and its model id.
 *
 * Another id for a name that the importer knows is refused, because it would move all prices of the model.
 *
 * @param known the names that the importer knows
 */
export function ownNames(content: unknown, known: NameMap): OwnNames {
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    return { problems: [`must map names to model ids, got ${quoted(content)}. Write a line for each name, such as ${EXAMPLE}.`] };
  }
  const names = Object.entries(content).filter(([name]) => name !== SCHEMA_FIELD);
  if (names.length === 0) return { problems: [`must hold at least one name. Write a line for each name, such as ${EXAMPLE}.`] };
  const first = new Map<string, readonly [name: string, id: unknown]>();
  const problems: string[] = [];
  const own: [string, string][] = [];
  for (const [listed, id] of names) {
    const name = listed.replace(/ \(Amazon Bedrock Edition\)$/, '');
    // The Price List has two spellings of some names.
    const [other, otherId] = first.get(keyOf(name)) ?? [listed, id];
    const problem = otherId === id ? problemOf(name, id, known)
      : `is the same name as ${quoted(other)}, for ${quoted(otherId)}, got ${quoted(id)}. Keep one of the two lines.`;
    first.set(keyOf(name), [other, otherId]);
    if (problem !== undefined) problems.push(`${quoted(listed)}: ${problem}`);
    else own.push([name, id as string]);
  }
  return problems.length > 0 ? { problems } : { names: Object.fromEntries(own) };
}

function problemOf(name: string, id: unknown, known: NameMap): string | undefined {
  if (name.trim() === '') return 'must be a name as the Price List writes it, got an empty text. Remove the line.';
  if (typeof id !== 'string') return `must be a model id, got ${quoted(id)}. Write a line such as ${EXAMPLE}.`;
  const { prefix, bareId } = ModelId.parse(id);
  if (!id.startsWith('arn:') && prefix !== undefined) {
    return `must be a model id without the prefix of an inference profile, got ${quoted(id)}. Write ${bareId}: the prices of its profiles come with it.`;
  }
  if (!isBareModelId(id)) return `must be a model id such as amazon.nova-lite-v1:0, got ${quoted(id)}. Write the id that requests name.`;
  const base = baseName(name);
  const meant = modelOf({ model: name }, known);
  if ('id' in meant && (meant.id !== id || base !== name)) {
    const variant = meant.custom ? ' as a custom model' : meant.latencyOptimized ? ' with optimized latency' : '';
    return `is known to the importer as ${meant.id}${variant}, got ${quoted(id)}. Remove the line.`;
  }
  // The suffix of such a name distinguishes its price, so the importer must read it.
  return base === name ? undefined : `must be the name of the model alone. Write ${quoted(base)}.`;
}

/** Returns the names of the file that the importer knows as well. */
export function needlessNames(own: NameMap, known: NameMap): readonly string[] {
  return Object.keys(own).filter((name) => 'id' in modelOf({ model: name }, known));
}

function quoted(value: unknown): string {
  const json = JSON.stringify(value) ?? String(value);
  return json.length > MAX_QUOTED ? `${json.slice(0, MAX_QUOTED - 3)}...` : json;
}

import { Attributes, NameMap } from './listed-sku';
import { keyOf, mantleIdOf, nameOf } from './model-names';
import { isBareModelId, ModelId } from '../pricing/model-id';
import { modelFacts } from '../pricing/price-book/model-catalog';

/** A model name of the Price List without a known model id. */
export interface UnknownName {
  readonly name: string;
  /** Number of SKUs that are not priced because of it. */
  readonly skus: number;
  /** A guess for the user to check, from the provider and the name, or from the usagetype. It prices nothing. */
  readonly suggestedId: string;
}

/** Provider in a guess for a row that states none. */
const ANY_PROVIDER = 'provider';

/** Returns the unknown model names of SKUs, those with the most SKUs first. */
export function unknownNames(skus: readonly Attributes[], names: NameMap): readonly UnknownName[] {
  const groups = new Map<string, { readonly name: string; readonly skus: Attributes[] }>();
  for (const attributes of skus) {
    const name = nameOf(attributes);
    if (name === undefined) continue;
    const group = groups.get(keyOf(name));
    if (group) group.skus.push(attributes);
    else groups.set(keyOf(name), { name, skus: [attributes] });
  }
  return [...groups.values()]
    .map(({ name, skus: ofName }) => ({ name, skus: ofName.length, suggestedId: suggestedId(name, ofName, names) }))
    .sort((a, b) => b.skus - a.skus || (a.name < b.name ? -1 : 1));
}

function suggestedId(name: string, skus: readonly Attributes[], names: NameMap): string {
  const inUsagetype = skus.map(mantleIdOf).find((id) => id !== undefined && isBareModelId(id));
  if (inUsagetype !== undefined) return inUsagetype;
  const ids = [...new Set(Object.values(names))];
  const stated = skus.map(({ provider }) => provider).find((provider) => provider !== undefined && provider !== '');
  const prefix = (stated && (prefixOf(stated, ids) ?? slug(stated.replace(/ (?:AI|Labs)$/i, ''), false)))
    || prefixOf(firstWord(name), ids) || prefixOfFamily(name, names) || ANY_PROVIDER;
  const keepsPoints = ids.some((id) => id.startsWith(`${prefix}.`) && id.slice(prefix.length + 1).includes('.'));
  const own = slug(name, keepsPoints);
  // `OpenAI GPT-6` is openai.gpt-6, while Mistral Large is mistral.mistral-large: other ids of the provider show whether it is repeated.
  const repeats = ids.some((id) => id.startsWith(`${prefix}.${prefix}-`));
  const model = own.startsWith(`${prefix}-`) && !repeats ? own.slice(prefix.length + 1) : own;
  const guess = `${prefix}.${model}`;
  return isBareModelId(guess) ? guess : `${ANY_PROVIDER}.${slug(name, false) || 'model'}`;
}

/** First part of most ids of a provider: `mistral` for Mistral AI. */
function prefixOf(provider: string, ids: readonly string[]): string | undefined {
  const wanted = keyOf(provider);
  const isIt = (id: string) => {
    const named = keyOf(modelFacts(id)?.provider ?? '');
    return named === wanted || named.replace(/(?:ai|labs)$/, '') === wanted || providerPart(id) === wanted;
  };
  return mostFrequent(ids.filter(isIt).map(providerPart));
}

/** First part of the ids of names that begin with the same word: `anthropic` for Claude. */
function prefixOfFamily(name: string, names: NameMap): string | undefined {
  const wanted = keyOf(firstWord(name));
  return mostFrequent(Object.entries(names).filter(([known]) => keyOf(firstWord(known)) === wanted).map(([, id]) => providerPart(id)));
}

function mostFrequent(texts: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0]?.[0];
}

/** Provider's part of a model id, such as `mistral`. */
function providerPart(id: string): string {
  return ModelId.parse(id).provider;
}

function firstWord(name: string): string {
  return /^[A-Za-z]+/.exec(name)?.[0] ?? name;
}

/** Converts a text to the characters and the length of a part of a model id. */
function slug(text: string, keepsPoints: boolean): string {
  return text.toLowerCase()
    .replace(keepsPoints ? /[^a-z0-9.]+/g : /[^a-z0-9]+/g, '-')
    .replace(/[-.]*\.[-.]*/g, '.')
    .replace(/^[-.]+/, '')
    .slice(0, 60)
    .replace(/[-.]+$/, '');
}

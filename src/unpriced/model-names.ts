import { asPattern, EITHER, UNKNOWN } from './plain-template';
import { MODEL_ID, ModelId } from '../pricing/model-id';
import { catalogModels } from '../pricing/price-book/model-catalog';

/** Maximum length of a word that may be a model id. */
const LONGEST = 200;
/** A word of the characters of model ids. */
const WORD = /[a-zA-Z0-9._:-]+/g;
/** Letters with which the name of a model begins: `claude`. */
const FAMILY = /^[a-z]+/;

/** Types of ARNs that name a model by its id. */
const WITH_ID = ['foundation-model', 'inference-profile'];
/** Types of ARNs that name a model by a name of the account. */
const OF_ACCOUNT = ['application-inference-profile', 'custom-model', 'custom-model-deployment', 'imported-model', 'provisioned-model', 'prompt-router'];

let families: Map<string, Set<string>> | undefined;

/** The families of the known models by provider: `anthropic` has `claude`. */
function familiesByProvider(): Map<string, Set<string>> {
  if (families === undefined) {
    families = new Map();
    for (const { id } of catalogModels()) {
      const { provider, bareId } = ModelId.parse(id);
      families.set(provider, (families.get(provider) ?? new Set()).add(FAMILY.exec(bareId.slice(provider.length + 1))?.[0] ?? ''));
    }
  }
  return families;
}

/** True for an id of a known provider and family, known or new. Names of hosts, packages and metrics are not. */
function looksLikeModel(word: string): boolean {
  if (word.length > LONGEST || !MODEL_ID.test(word)) return false;
  const { provider, bareId } = ModelId.parse(word);
  const name = bareId.slice(provider.length + 1);
  // A dot in the name of a model is part of a number, as in `glm-4.6`; one of a host is not.
  if (/\.\D/.test(name)) return false;
  return /[\d-]/.test(name) && familiesByProvider().get(provider)?.has(FAMILY.exec(name)?.[0] ?? '') === true;
}

/** The model ids in any text, such as the JSON of an environment variable or the code of a function. The time is linear. */
export function modelIdsIn(text: string): string[] {
  // Each id has a dot, and most texts have none.
  if (!text.includes('.')) return [];
  const found = new Set<string>();
  for (const [word] of text.matchAll(WORD)) {
    if (word.length > LONGEST || !word.includes('.')) continue;
    // A prefix such as `bedrock_converse:` is not part of the id.
    const parts = trimmed(word).split(':');
    const id = parts.map((_, i) => parts.slice(i).join(':')).find(looksLikeModel);
    if (id !== undefined) found.add(id);
  }
  return [...found];
}

/** Removes the punctuation at the end of a word. */
function trimmed(word: string): string {
  let end = word.length;
  while (end > 0 && '.:-_'.includes(word[end - 1])) end--;
  return word.slice(0, end);
}

/** The models that a text names at a place for a model: an id or an ARN, known or not. */
export function declaredModels(text: string): string[] {
  return text.split(EITHER).flatMap((choice) => {
    const { id } = modelOf(choice.trim());
    return id !== undefined && MODEL_ID.test(id) ? [id] : [];
  });
}

/** A model of a permission: an id, a pattern such as `anthropic.claude-*`, or any model. */
export interface NamedModel {
  readonly id?: string;
  readonly pattern?: string;
  readonly isAny?: true;
}

/** The model that an ARN or an id names. */
export function modelOf(text: string): NamedModel {
  if (text.length > 2_000) return {};
  const slash = text.lastIndexOf('/');
  const type = slash < 0 ? undefined : text.slice(text.lastIndexOf(':', slash) + 1, slash);
  const written = text.slice(slash + 1);
  // Only the deployment may know the geography of a model that is known.
  const name = written.startsWith(`${UNKNOWN}.`) ? written.slice(2) : written;
  if (type !== undefined && OF_ACCOUNT.includes(type)) return {};
  if (type !== undefined && !WITH_ID.includes(type) && !type.includes('*')) return {};
  if (name === '*' || name.includes(UNKNOWN)) return { isAny: true };
  if (/[*?]/.test(name)) return name.includes('.') || name.length > 2 ? { pattern: asPattern(name) } : { isAny: true };
  return MODEL_ID.test(name) ? { id: name } : {};
}

/**
 * Joins the names of one model: its bare id and its ARN in any region are those of an inference profile that has the same model. The bare
 * id is left out then, since the profile is the id that is invoked.
 */
export function distinctModels(ids: Iterable<string>): string[] {
  const all = [...new Set(ids)];
  const profiled = new Set(all.map((id) => ModelId.parse(id)).filter(({ prefix }) => prefix !== undefined).map(({ bareId }) => bareId));
  return all.filter((id) => ModelId.parse(id).prefix !== undefined || !profiled.has(id));
}

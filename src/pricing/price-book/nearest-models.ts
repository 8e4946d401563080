import { modelFacts } from './model-catalog';
import { nearestNames, similarity } from '../../input/nearest';
import { GEOGRAPHIES, withoutContextVariant, withProfile } from '../model-id';

/** A model id or a model's name, taken apart. */
interface NameParts {
  /** The words of the name without provider, numbers and words that most models have. */
  readonly words: readonly string[];
  /** The version as numbers: `[4, 6]` of Claude Sonnet 4.6. */
  readonly version: readonly number[];
  /** True where the version is that of the id, such as `v2` of `titan-embed-text-v2:0`. */
  readonly isIdVersion: boolean;
  /** Sizes such as `70b`, without the letter. */
  readonly sizes: readonly string[];
  readonly date?: string;
  /** The version of the id itself, such as `1:0` of `-v1:0`. */
  readonly suffix?: string;
}

/** Words of names that do not identify a model. */
const NOISE: ReadonlySet<string> = new Set(['instruct', 'chat', 'it', 'model', 'latest', 'preview', 'bedrock', 'the', 'ai', 'labs']);

/** The costs of a difference. The family weighs most, then the version and the size, then all that is often left out. */
const COST = {
  family: 2,
  version: 0.5,
  versionPart: 0.25,
  versionMissing: 0.05,
  versionUnasked: 0.3,
  idVersion: 0.15,
  otherSortOfVersion: 0.2,
  size: 0.5,
  sizeUnasked: 0.2,
  provider: 0.1,
  onlyProvider: 1,
  suffix: 0.04,
  date: 0.06,
  leftOut: 0.01,
};
/** The cost above which a name is not suggested. */
const TOO_FAR = 1.3;
/** The same for a name that is nothing but a version, such as `v3.2`. */
const TOO_FAR_FOR_NUMBER = 0.2;
/** The cost above that of the best name from which another name is not suggested. */
const MUCH_FURTHER = 0.2;
/** The cost up to which a model with the profile that was asked for is suggested beside nearer ones without it. */
const SAME_FAMILY = 0.7;
/** The share of letters that differ from which two words are different words. */
const OTHER_WORD = 0.4;
/** The weight of words that only the candidate has. */
const UNASKED = 0.3;

/**
 * The model ids that were most probably meant, best first: of the same family and version before any other, and with the
 * inference profile that was asked for where the model has it.
 *
 * @param written an id, an ARN or a name as people write it: `us.anthropic.claude-sonnet-4-6-v1:0`, `Claude Sonnet 4.6`
 * @param known bare ids
 * @param profilesOf the prefixes that a known id can be called with, `undefined` for the bare id itself
 */
export function nearestModelIds(
  written: string, known: readonly string[], profilesOf: (id: string) => readonly (string | undefined)[], count = 3,
): string[] {
  const name = written.slice(0, 200).toLowerCase().trim().split('/').at(-1)!;
  const providers = [...new Set(known.filter((id) => id.includes('.')).map((id) => id.split('.')[0].toLowerCase()))];
  const { prefix, provider, rest } = takeApart(name, providers);
  const wanted = partsOf(rest, provider);
  const isNumber = wanted.words.length === 0 && provider === undefined;
  if (isNumber && wanted.version.length === 0) return [];
  const scored = known
    .map((id) => ({ id, cost: costOf(wanted, provider, id), edits: 1 - similarity(name, id.toLowerCase()) }))
    .filter(({ cost }) => cost <= (isNumber ? TOO_FAR_FOR_NUMBER : TOO_FAR))
    .sort((a, b) => a.cost - b.cost || a.edits - b.edits || (a.id < b.id ? -1 : 1));
  if (scored.length === 0 && !isNumber) return nearestNames(rest === '' ? name : rest, known, count).map((id) => withProfile(id, prefix, profilesOf(id)));
  if (scored.length === 0) return [];
  const found = scored.filter(({ cost }) => cost <= scored[0].cost + MUCH_FURTHER).slice(0, count);
  const hasProfile = ({ id }: { readonly id: string }) => profilesOf(id).includes(prefix);
  const ofGeography = prefix === undefined || found.some(hasProfile) ? undefined : scored.find((one) => one.cost <= SAME_FAMILY && hasProfile(one));
  const suggested = ofGeography === undefined ? found : [...found.slice(0, count - 1), ofGeography];
  return suggested.map(({ id }) => withProfile(id, prefix, profilesOf(id)));
}

/** The prefix of the profile and the provider, also where they are repeated, and the rest. */
function takeApart(name: string, providers: readonly string[]): { readonly prefix?: string; readonly provider?: string; readonly rest: string } {
  let rest = name;
  let prefix: string | undefined;
  let provider: string | undefined;
  for (;;) {
    const [, first = '', after = ''] = /^([^.\s:_/]+)[.\s:_/]+(.*)$/s.exec(rest) ?? [];
    const profile = profileOf(first);
    // A word that is not followed by a dot may be part of a name.
    const isSegment = rest[first.length] === '.';
    const meant = providers.find((one) => one === first) ?? (isSegment && provider === undefined ? providerLike(first, providers) : undefined);
    if (first !== '' && profile !== undefined && isSegment && provider === undefined) prefix = profile;
    else if (first !== '' && meant !== undefined && (provider === undefined || provider === meant)) provider = meant;
    else break;
    rest = after;
  }
  // `anthropic-claude-...`, `qwen3-32b`, or nothing but the provider.
  const joined = provider === undefined ? providers.find((one) => rest.startsWith(one) && /^($|[-\d])/.test(rest.slice(one.length))) : undefined;
  return joined === undefined ? { prefix, provider, rest } : { prefix, provider: joined, rest: rest.slice(joined.length).replace(/^-/, '') };
}

/** The prefix of a profile, or the one that was meant. */
function profileOf(written: string): string | undefined {
  return GEOGRAPHIES.find(({ prefix, otherNames }) => prefix === written || otherNames.includes(written))?.prefix;
}

/** The provider whose name is most like a misspelt one. */
function providerLike(written: string, providers: readonly string[]): string | undefined {
  return written.length < 4 ? undefined : providers.find((provider) => similarity(written, provider) >= 0.7);
}

function costOf(wanted: NameParts, provider: string | undefined, id: string): number {
  const [idProvider, ...rest] = id.toLowerCase().split('.');
  const own = rest.length === 0 ? undefined : idProvider;
  const names = [partsOf(rest.length === 0 ? idProvider : rest.join('.'), own)];
  const displayName = modelFacts(id)?.name.toLowerCase();
  if (displayName !== undefined) names.push(partsOf(displayName, own));
  const isOther = provider !== undefined && own !== undefined && provider !== own && !own.startsWith(provider);
  const otherProvider = wanted.words.length === 0 ? COST.onlyProvider : COST.provider;
  return Math.min(...names.map((candidate) => difference(wanted, candidate))) + (isOther ? otherProvider : 0);
}

function difference(wanted: NameParts, candidate: NameParts): number {
  return COST.family * familyDifference(wanted.words, candidate.words)
    + versionDifference(wanted, candidate)
    + sizeDifference(wanted.sizes, candidate.sizes)
    + otherwise(wanted.suffix, candidate.suffix, COST.suffix)
    + otherwise(wanted.date, candidate.date, COST.date);
}

function otherwise(wanted: string | undefined, candidate: string | undefined, cost: number): number {
  if (wanted === candidate) return 0;
  return wanted === undefined || candidate === undefined ? COST.leftOut : cost;
}

/** 0 for the same words, in any order; 1 for words that have nothing in common. */
function familyDifference(wanted: readonly string[], candidate: readonly string[]): number {
  const unmatched = new Set(candidate);
  let cost = 0;
  for (const word of wanted) {
    const [best, near] = candidate.reduce<readonly [string | undefined, number]>((found, one) => {
      const edits = 1 - similarity(word, one);
      return edits < found[1] ? [one, edits] : found;
    }, [undefined, OTHER_WORD]);
    cost += word.length * (best === undefined ? 1 : near);
    if (best !== undefined) unmatched.delete(best);
  }
  const asWords = share(cost, lengthOf(wanted)) + UNASKED * share(lengthOf([...unmatched]), lengthOf(candidate));
  // `novapro`
  return Math.min(asWords, 1 - similarity(wanted.join(''), candidate.join('')));
}

function lengthOf(words: readonly string[]): number {
  return words.join('').length;
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function versionDifference(wanted: NameParts, candidate: NameParts): number {
  if (wanted.version.length === 0) return candidate.version.length === 0 ? 0 : COST.versionMissing;
  if (candidate.version.length === 0) return COST.versionUnasked;
  const otherSort = wanted.isIdVersion === candidate.isIdVersion ? 0 : COST.otherSortOfVersion;
  if (wanted.version.join('.') === candidate.version.join('.')) return otherSort;
  if (wanted.version.every((number, i) => number === candidate.version[i])) return COST.versionPart + otherSort;
  const asNumber = ([major, minor = 0]: readonly number[]) => major + minor / 10;
  const apart = Math.min(Math.abs(asNumber(wanted.version) - asNumber(candidate.version)), 4) / 40;
  return (wanted.isIdVersion && candidate.isIdVersion ? COST.idVersion : COST.version) + apart;
}

function sizeDifference(wanted: readonly string[], candidate: readonly string[]): number {
  if (wanted.join() === candidate.join()) return 0;
  if (wanted.length === 0) return COST.versionMissing;
  return candidate.length === 0 ? COST.sizeUnasked : COST.size;
}

const SIZE = /^(?:[aeo]?\d+(?:x\d+)?b|\d{3})$/;
const SUFFIX = /(?:^|[-.:\s_])v(\d+)(?::(\d+))?$/;

/** Takes a name without its provider apart. A version of the id is that of the model where the name has no other number. */
function partsOf(name: string, provider: string | undefined): NameParts {
  const plain = withoutContextVariant(name);
  const suffix = SUFFIX.exec(plain);
  const tokens = tokensOf(suffix === null ? plain : plain.slice(0, suffix.index), provider);
  const date = tokens.find((token) => /^\d{8}$/.test(token));
  const sizes = tokens.filter((token) => SIZE.test(token)).map((size) => size.replace(/b$/, ''));
  const numbers = tokens.filter((token) => /^\d{1,2}$|^\d{4}$/.test(token)).map(Number);
  const words = tokens.filter((token) => /[a-z]/.test(token) && !SIZE.test(token) && !NOISE.has(token));
  const ownVersion = suffix === null ? [] : [Number(suffix[1]), ...(Number(suffix[2] ?? 0) > 0 ? [Number(suffix[2])] : [])];
  return {
    words,
    sizes,
    version: numbers.length === 0 ? ownVersion : numbers,
    isIdVersion: numbers.length === 0,
    ...(date === undefined ? {} : { date }),
    ...(suffix === null || numbers.length === 0 ? {} : { suffix: `${suffix[1]}:${suffix[2] ?? '0'}` }),
  };
}

/** The same words for `llama3-1-70b` and `Llama 3.1 70B`: a number after a word is a word of its own. */
function tokensOf(name: string, provider: string | undefined): string[] {
  return name
    .replace(/(\d{4})-(\d\d)-(\d\d)/g, '$1$2$3')
    .split(/[^a-z0-9+]+/)
    .flatMap((token) => {
      const [, word, rest] = /^([a-z]{2,}|v)(\d.*)$/.exec(token) ?? [];
      return word === undefined ? [token] : [word, rest];
    })
    .filter((token) => token !== '' && token !== 'v' && token !== provider);
}

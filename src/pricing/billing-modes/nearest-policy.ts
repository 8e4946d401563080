import { nearestNames, similarity } from '../../input/nearest';

/** Words that do not identify a policy, such as those of the CloudFormation property `contentPolicyConfig`. */
const NOISE: ReadonlySet<string> = new Set(['policy', 'policies', 'config', 'guardrail', 'guardrails', 'filter', 'filters']);

/** Names that AWS documentation and people use for what a policy checks. */
const SYNONYMS: { readonly [word: string]: string } = { pii: 'sensitive-information', topic: 'denied-topics', grounding: 'contextual-grounding' };

/** The similarity from which two words are the same, such as `topic` and `topics`. */
const SAME_WORD = 0.75;

/**
 * The policy of a guardrail that was most probably meant: `content-text` for `content`; undefined when none is like it.
 *
 * @param known the policies of the price book; of several that are as near, one that checks texts is taken
 */
export function nearestPolicy(written: string, known: readonly string[]): string | undefined {
  const wanted = wordsOf(written).filter((word) => !NOISE.has(word)).flatMap((word) => (Object.hasOwn(SYNONYMS, word) ? SYNONYMS[word].split('-') : [word]));
  const [best] = known
    .map((policy) => {
      const words = wordsOf(policy);
      const shared = wanted.filter((word) => words.some((own) => similarity(word, own) >= SAME_WORD)).length;
      return { policy, shared, others: words.length - shared, ofImages: Number(words.includes('image')) };
    })
    .filter(({ shared }) => shared > 0)
    .sort((a, b) => b.shared - a.shared || a.others - b.others || a.ofImages - b.ofImages);
  return best?.policy ?? nearestNames(written.slice(0, 200), known, 1)[0];
}

function wordsOf(name: string): string[] {
  return name.slice(0, 200).replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase().split(/[^a-z]+/).filter((word) => word !== '');
}

import { PricingError } from '../input/error';

/** The spelling, in a language of jsii, of a field that is `monthlyLimitUsd` here. */
interface Spelling {
  readonly language: string;
  readonly spell: (name: string) => string;
  /** Whether parameters are spelt like fields; false where they are spelt as here. */
  readonly alsoParameters: boolean;
}

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const pascal = (name: string) => name.slice(0, 1).toUpperCase() + name.slice(1);

/** By the beginning of what jsii names as the agent, such as `Python/3.11.2`, `go1.22.1/linux/amd64` or `DotNet/8.0.0`. Java spells like TypeScript. */
const SPELLINGS: readonly (Spelling & { readonly agent: RegExp })[] = [
  { agent: /^Python\//, language: 'Python', spell: snake, alsoParameters: true },
  { agent: /^go\d/, language: 'Go', spell: pascal, alsoParameters: false },
  { agent: /^DotNet\//, language: '.NET', spell: pascal, alsoParameters: false },
];

/** A field of a problem: `usage.requestsPerMonth`, `thresholdPercents[1]`. Keys of a file or the context are spelt the same everywhere. */
const FIELD = /^(?:[A-Za-z]\w*(?:\[\w+\])?\.)*([a-z]\w*)(?:\[.+\])?$/;

/**
 * A problem of a prop with the spelling of the app's language beside ours, where the two differ:
 * `usage.requestsPerMonth (requests_per_month in Python) must be a number of 0 or more, got -5.`
 *
 * @param of whether the problem is that of a field of a struct or of a parameter
 * @param agent the language of the app, as jsii names it; undefined for JavaScript and TypeScript
 */
export function inLanguage(problem: PricingError, of: 'field' | 'parameter' = 'field', agent = process.env.JSII_AGENT): PricingError {
  const spelling = SPELLINGS.find((candidate) => candidate.agent.test(agent ?? ''));
  if (spelling === undefined || (of === 'parameter' && !spelling.alsoParameters)) return problem;
  const { language, spell } = spelling;
  const names = (problem.alternatives ?? [problem.field]).flatMap((field) => FIELD.exec(field)?.[1] ?? []);
  const spelt = names.map(spell);
  const isSame = names.length === 0 || spelt.every((name, i) => name === names[i]);
  return isSame ? problem : problem.withNote(`${spelt.join(', ')} in ${language}`);
}

import { IConstruct } from 'constructs';
import { addFinding } from './findings';
import { ContextKey } from './settings-sources';
import { describe } from '../input/error';
import { didYouMeanOneOf, nearestNames } from '../input/nearest';
import { sentences } from '../input/sentence';
import { MESSAGES } from '../messages';

const PREFIX = 'cdk-bedrock-cost:';
/** Without the prefix, which would make every key similar to every other. */
const KNOWN_NAMES: readonly string[] = Object.values(ContextKey).map((key) => key.slice(PREFIX.length));

/** One sentence for each key that begins with the prefix of this library and is none of its keys. */
export function unknownContextKeys(keys: readonly string[]): string[] {
  return keys
    .filter((key) => key.startsWith(PREFIX) && !KNOWN_NAMES.includes(key.slice(PREFIX.length)))
    .map((key) => {
      const nearest = nearestNames(key.slice(PREFIX.length, PREFIX.length + 100), KNOWN_NAMES, 1).map((name) => `${PREFIX}${name}`);
      return sentences([`context ${describe(key)} is not a known key`, didYouMeanOneOf(nearest)]);
    });
}

/** Warns of misspelt context keys of the app, which would otherwise leave the defaults in force unnoticed. */
export function warnOfUnknownContextKeys(construct: IConstruct): void {
  const unknown = unknownContextKeys(Object.keys(construct.node.root.node.getAllContext() as object));
  if (unknown.length > 0) addFinding(construct, MESSAGES.unknownContextKey, sentences(unknown));
}

import { Token } from 'aws-cdk-lib';

/**
 * True unless two accounts, or two regions, are known to differ: what is known only at deployment may be the same, and is
 * so in almost every app. Taking it for another one would leave resources unwatched without a word.
 */
export function mayBeSame(one: string, other: string): boolean {
  return one === other || Token.isUnresolved(one) || Token.isUnresolved(other);
}

import { Token } from 'aws-cdk-lib';

/**
 * True unless two accounts, or two regions, are known to differ. A value that is known only at deployment is taken to be the same, as it
 * is in almost every app: resources would otherwise be left unmonitored.
 */
export function isSameEnvironment(one: string, other: string): boolean {
  return one === other || Token.isUnresolved(one) || Token.isUnresolved(other);
}

import { Token } from 'aws-cdk-lib';

/**
 * True unless two accounts, or two regions, are known to differ. A token may have the same value, as in almost every app; as a different
 * one, it would silently leave resources without monitors.
 */
export function mayBeSame(one: string, other: string): boolean {
  return one === other || Token.isUnresolved(one) || Token.isUnresolved(other);
}

import { Stack, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** The names of the fields whose values are tokens, or lists with one. */
export function unresolvedFields(fields: object): string[] {
  return Object.entries(fields).filter(([, value]) => isUnresolved(value)).map(([field]) => field);
}

function isUnresolved(value: unknown): boolean {
  return Token.isUnresolved(value) || (Array.isArray(value) && value.some((member) => Token.isUnresolved(member)));
}

/**
 * The fields with `Lazy` values resolved. Values that only the deployment knows, such as a CloudFormation parameter, remain
 * tokens.
 *
 * For use at synthesis only: `Lazy.number` keeps the value that it returned first, so that resolving one while the app is
 * still being constructed would change the user's own template.
 */
export function resolveLazy<T extends object>(scope: IConstruct, fields: T): T {
  const entries = Object.entries(fields).map(([field, value]) => [field, isUnresolved(value) ? resolvedValue(scope, value) : value]);
  return Object.fromEntries(entries) as T;
}

function resolvedValue(scope: IConstruct, token: unknown): unknown {
  const value: unknown = Stack.of(scope).resolve(token);
  const members: readonly unknown[] = Array.isArray(value) ? value : [value];
  return members.some(isIntrinsic) || isUnresolved(value) ? token : value;
}

function isIntrinsic(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

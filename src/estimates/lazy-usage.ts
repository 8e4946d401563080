import { Stack, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** The names of the fields whose values are tokens. */
export function unresolvedFields(fields: object): string[] {
  return Object.entries(fields).filter(([, value]) => Token.isUnresolved(value)).map(([field]) => field);
}

/**
 * The fields with `Lazy` values resolved. Values that only the deployment knows, such as a CloudFormation parameter, remain
 * tokens.
 *
 * For use at synthesis only: `Lazy.number` keeps the value that it returned first, so that resolving one while the app is
 * still being constructed would change the user's own template.
 */
export function resolveLazy<T extends object>(scope: IConstruct, fields: T): T {
  const entries = Object.entries(fields).map(([field, value]) => [field, Token.isUnresolved(value) ? resolvedValue(scope, value) : value]);
  return Object.fromEntries(entries) as T;
}

function resolvedValue(scope: IConstruct, token: unknown): unknown {
  const value: unknown = Stack.of(scope).resolve(token);
  const isIntrinsic = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isIntrinsic || Token.isUnresolved(value) ? token : value;
}

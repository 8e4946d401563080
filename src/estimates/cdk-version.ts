import { App } from 'aws-cdk-lib';
import { describe } from '../input/error';

/** The oldest aws-cdk-lib with all that this library uses, as in peerDependencies. */
export const OLDEST_CDK = '2.271.0';

/** Names a version of aws-cdk-lib that is too old; undefined for one that is new enough, or is no release. */
export function cdkVersionProblem(version: string): string | undefined {
  const [found, oldest] = [numbersOf(version), numbersOf(OLDEST_CDK)!];
  // A build of aws-cdk-lib from its repository has the version 0.0.0.
  if (found === undefined || found.every((number) => number === 0)) return undefined;
  const differs = found.findIndex((number, i) => number !== oldest[i]);
  if (differs < 0 || found[differs] > oldest[differs]) return undefined;
  return `cdk-bedrock-cost needs aws-cdk-lib ${OLDEST_CDK} or newer, got ${describe(version)}. Update aws-cdk-lib.`;
}

function numbersOf(version: string): number[] | undefined {
  const [, ...numbers] = /^(\d+)\.(\d+)\.(\d+)(?![\w.])/.exec(version) ?? [];
  return numbers.length === 0 ? undefined : numbers.map(Number);
}

/** The runtime information that jsii adds to each class. */
const RUNTIME_INFO = Symbol.for('jsii.rtti');

/** The version of aws-cdk-lib that this library has loaded, as its classes state it; undefined where they do not. */
export function cdkVersion(): string | undefined {
  const { version } = (App as { readonly [RUNTIME_INFO]?: { readonly version?: unknown } })[RUNTIME_INFO] ?? {};
  return typeof version === 'string' ? version : undefined;
}

/**
 * Refuses an aws-cdk-lib that is too old, which would otherwise fail with a TypeError of a missing method.
 *
 * @throws with the version that is needed
 */
export function requireCdkVersion(version = cdkVersion()): void {
  const problem = version === undefined ? undefined : cdkVersionProblem(version);
  if (problem !== undefined) throw new Error(problem);
}

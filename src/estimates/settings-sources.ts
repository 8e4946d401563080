import { IConstruct } from 'constructs';
import { registryOf, rootOf, Settings } from './registry';
import { readTextFile, SYNTH_SILENCE_MS } from '../files/text-file';
import { PricingError } from '../input/error';
import { parseUsageOverrides, UsageOverrides } from '../usage-file/usage-file';

/** The context keys that configure the library from cdk.json or with `cdk synth -c`. They win over code. */
export enum ContextKey {
  ENABLED = 'cdk-bedrock-cost:enabled',
  SUMMARY = 'cdk-bedrock-cost:summary',
  DETAILS = 'cdk-bedrock-cost:details',
  ENFORCEMENT = 'cdk-bedrock-cost:enforcement',
  REGION = 'cdk-bedrock-cost:region',
  HOURS_PER_MONTH = 'cdk-bedrock-cost:hoursPerMonth',
  PRICE_BOOK = 'cdk-bedrock-cost:priceBook',
  USAGE = 'cdk-bedrock-cost:usage',
  SEVERITY = 'cdk-bedrock-cost:severity',
  TODAY = 'cdk-bedrock-cost:today',
  MAX_PRICE_AGE_DAYS = 'cdk-bedrock-cost:maxPriceAgeDays',
  ALLOW_DERIVED_RATES = 'cdk-bedrock-cost:allowDerivedRates',
  DRY_RUN = 'cdk-bedrock-cost:dryRun',
}

/** The keys that hold for the whole app, which has one price book and one usage file. */
export const APP_KEYS = [ContextKey.PRICE_BOOK, ContextKey.USAGE, ContextKey.TODAY, ContextKey.ALLOW_DERIVED_RATES] as const;

// Each copy of the library keeps its own: a usage file is an object of its classes.
const usageFiles = new WeakMap<IConstruct, UsageOverrides | null>();

/** The usage file of the app, whose workloads, named by construct path, win over the usage in the code, field by field. */
export function usageFile(scope: IConstruct): UsageOverrides | undefined {
  const root = rootOf(scope);
  if (!usageFiles.has(root)) {
    const path: unknown = root.node.tryGetContext(ContextKey.USAGE);
    if (path !== undefined && typeof path !== 'string') throw new PricingError(`context '${ContextKey.USAGE}'`, path, 'the path of a file');
    usageFiles.set(root, path === undefined ? null : readUsageFile(path));
  }
  return usageFiles.get(root) ?? undefined;
}

/** The path of the usage file of the app, as the context names it. */
export function usageFilePath(scope: IConstruct): string | undefined {
  const path: unknown = scope.node.tryGetContext(ContextKey.USAGE);
  return typeof path === 'string' ? path : undefined;
}

function readUsageFile(path: string): UsageOverrides {
  return parseUsageOverrides(readTextFile(path, 'a usage file', { field: `context '${ContextKey.USAGE}'`, silenceMs: SYNTH_SILENCE_MS }), path);
}

/** The price settings of the code. They are final from the first read on. */
export function configured(scope: IConstruct): Settings {
  const registry = registryOf(scope);
  registry.pricesReadAt ??= scope.node.path;
  return registry.settings;
}

import { UsageFileError } from './usage-file-error';
import { parseYamlText } from './yaml-text';
import { isObject } from '../input/argument';
import { didYouMeanOneOf } from '../input/nearest';
import { SchemaNames, schemaProblems, SchemaValidator } from '../input/schema-problems';
import { nearestPolicy } from '../pricing/billing-modes/nearest-policy';
import { InferenceLatency, ServiceTier } from '../pricing/billing-modes/on-demand';
import { Rate, RateKind } from '../pricing/price-book/rate';
import { regionAdvice } from '../pricing/region';
import { UsageFields, WORKLOAD_TYPES, WorkloadType } from '../pricing/workload';

/** The kinds of rates that a usage file can give. */
export const USAGE_FILE_RATE_KINDS: readonly string[] = Object.values(RateKind);

/** One piece of work of an average month. */
export interface FileWorkload {
  readonly name: string;
  readonly type: WorkloadType;
  /** Undefined for what is sold without a model, such as a guardrail. */
  readonly model?: string;
  readonly region?: string;
  readonly usage: UsageFields;
  /** The fields that differ in a slow month. */
  readonly low?: UsageFields;
  /** The fields that differ in a busy month. */
  readonly high?: UsageFields;
}

/** A usage file (schemas/usage.schema.json), checked. */
export interface UsageFile {
  readonly region?: string;
  readonly hoursPerMonth?: number;
  /** False when no rate may be used that follows from another by a rule; undefined leaves it to the price book. */
  readonly allowDerivedRates?: boolean;
  /** The rates of `prices:`. */
  readonly rates: Rate[];
  readonly workloads: readonly FileWorkload[];
}

/** A workload of the usage file of an app: what it states wins over the code, and everything else stays the code's. */
export interface UsageOverride extends Omit<FileWorkload, 'type'> {
  readonly type?: WorkloadType;
}

/** The usage file of an app's context, checked. */
export interface UsageOverrides extends Omit<UsageFile, 'workloads'> {
  readonly workloads: readonly UsageOverride[];
}

interface CheckedFile {
  readonly region?: string;
  readonly hoursPerMonth?: number;
  readonly allowDerivedRates?: boolean;
  readonly prices?: Rate[];
  readonly workloads: readonly (Omit<FileWorkload, 'usage'> & UsageFields)[];
}

/** The place of a guardrail's policy, whose names have synonyms. */
const POLICY = /\/policies\/\d+$|\/policy$/;

const NAMES: SchemaNames = {
  tags: { type: WORKLOAD_TYPES, kind: USAGE_FILE_RATE_KINDS },
  regionAdvice,
  didYouMean: (instancePath, name, names) => {
    if (!POLICY.test(instancePath)) return undefined;
    const policy = nearestPolicy(name, names);
    return didYouMeanOneOf(policy === undefined || policy === name ? [] : [policy]) ?? '';
  },
};

/**
 * Reads a usage file's text, YAML or JSON.
 *
 * @param fileName what messages call the file
 * @throws UsageFileError that names every problem with its field, its value and the remedy
 */
export function parseUsageFile(text: string, fileName: string): UsageFile {
  const validate: SchemaValidator = require('../../assets/vendor/validate-usage.js');
  const value = parseYamlText(text, fileName);
  return checkedFile(value, schemaProblems(validate, value, NAMES), fileName);
}

/**
 * Reads the usage file of an app's context, whose workloads may leave out whatever the code states.
 *
 * @throws UsageFileError as `parseUsageFile`
 */
export function parseUsageOverrides(text: string, fileName: string): UsageOverrides {
  const value = parseYamlText(text, fileName);
  return checkedFile(value, overrideProblems(value), fileName);
}

function overrideProblems(value: unknown): string[] {
  const validate: SchemaValidator = require('../../assets/vendor/validate-usage-overrides.js');
  if (!isObject(value) || !Array.isArray(value.workloads)) return schemaProblems(validate, value, NAMES);
  // The fields of a workload without type depend on the construct: they must be valid for one type at least.
  const workloads = value.workloads.map((workload) => {
    const isTypeless = typeof workload === 'object' && workload !== null && !Array.isArray(workload) && !Object.hasOwn(workload, 'type');
    return isTypeless ? { ...workload, type: nearestType(validate, workload) } : workload;
  });
  return schemaProblems(validate, { ...value, workloads }, NAMES);
}

/** The type with the fewest problems. */
function nearestType(validate: SchemaValidator, workload: object): WorkloadType {
  const problems = (type: WorkloadType) =>
    schemaProblems(validate, { version: 1, workloads: [{ ...workload, type }] }, NAMES).filter((problem) => problem.startsWith('workloads[0]')).length;
  return WORKLOAD_TYPES.map((type) => ({ type, count: problems(type) })).reduce((best, other) => (other.count < best.count ? other : best)).type;
}

function checkedFile(value: unknown, problems: readonly string[], fileName: string): UsageFile {
  if (problems.length > 0) throw new UsageFileError(fileName, problems);

  const { region, hoursPerMonth, allowDerivedRates, prices = [], workloads } = value as CheckedFile;
  const file = { region, hoursPerMonth, allowDerivedRates, rates: prices, workloads: workloads.map(toWorkload) };
  const contradictions = [...inexactPrices(prices), ...duplicateNames(file.workloads), ...file.workloads.flatMap(tierContradictions)];
  if (contradictions.length > 0) throw new UsageFileError(fileName, contradictions);
  return file;
}

function toWorkload({ name, type, model, region, low, high, ...usage }: CheckedFile['workloads'][number]): FileWorkload {
  return {
    name,
    type,
    model,
    region,
    usage: withoutNegativeZero(usage),
    low: low && withoutNegativeZero(low),
    high: high && withoutNegativeZero(high),
  };
}

/** `-0` is a number of 0 or more, but would be printed with its sign. */
function withoutNegativeZero(fields: UsageFields): UsageFields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value === 0 ? 0 : value]));
}

/** Numbers whose digits were not written out, such as 1e-3: a float is not the price that somebody meant. */
function inexactPrices(prices: readonly Rate[]): string[] {
  return prices.flatMap(({ usd }: { readonly usd: unknown }, i) =>
    (typeof usd === 'string' ? [] : [`prices[${i}].usd must be written as digits, got ${String(usd)}. Write it as a text such as usd: "0.0008".`]));
}

function duplicateNames(workloads: readonly FileWorkload[]): string[] {
  const first = new Map<string, number>();
  return workloads.flatMap(({ name }, i) => {
    const before = first.get(name);
    if (before === undefined) first.set(name, i);
    return before === undefined
      ? []
      : [`workloads[${i}].name must differ from that of workloads[${before}], got ${JSON.stringify(name)}.`];
  });
}

/** Latency-optimized inference is sold in the standard tier only. */
function tierContradictions({ usage, low, high }: FileWorkload, i: number): string[] {
  const cases = { '': usage, '.low': low && { ...usage, ...low }, '.high': high && { ...usage, ...high } };
  return Object.entries(cases).flatMap(([place, fields]) => {
    const tier = fields?.serviceTier;
    if (fields?.latency !== InferenceLatency.OPTIMIZED || tier === undefined || tier === ServiceTier.STANDARD) return [];
    return [`workloads[${i}]${place}.latency must be "standard" with serviceTier ${JSON.stringify(tier)}, got "optimized".`];
  }).slice(0, 1);
}

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

/** Kinds of rates that a usage file can set. */
export const USAGE_FILE_RATE_KINDS: readonly string[] = Object.values(RateKind);

/** A workload of an average month. */
export interface FileWorkload {
  readonly name: string;
  readonly type: WorkloadType;
  /** Undefined for a billing mode without a model, such as that of a guardrail. */
  readonly model?: string;
  readonly region?: string;
  readonly usage: UsageFields;
  /** Fields that differ in a slow month. */
  readonly low?: UsageFields;
  /** Fields that differ in a busy month. */
  readonly high?: UsageFields;
}

/** A validated usage file (schemas/usage.schema.json). */
export interface UsageFile {
  readonly region?: string;
  readonly hoursPerMonth?: number;
  /** False to refuse derived rates; undefined for the setting of the price book. */
  readonly allowDerivedRates?: boolean;
  /** Rates of `prices:`. */
  readonly rates: Rate[];
  readonly workloads: readonly FileWorkload[];
}

/** A workload of the usage file of an app. Its fields have precedence over the code; other fields keep the values of the code. */
export interface UsageOverride extends Omit<FileWorkload, 'type'> {
  readonly type?: WorkloadType;
}

/** A validated usage file of an app's context. */
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

/** Path of a guardrail's policy, whose names have synonyms. */
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
 * Parses a usage file in YAML or JSON.
 *
 * @param fileName the name of the file in messages
 * @throws UsageFileError with every problem, its field, its value and the remedy
 */
export function parseUsageFile(text: string, fileName: string): UsageFile {
  const validate: SchemaValidator = require('../../assets/vendor/validate-usage.js');
  const value = parseYamlText(text, fileName);
  return checkedFile(value, schemaProblems(validate, value, NAMES), fileName);
}

/**
 * Parses the usage file of an app's context, whose workloads may leave out any field that the code sets.
 *
 * @throws UsageFileError like `parseUsageFile`
 */
export function parseUsageOverrides(text: string, fileName: string): UsageOverrides {
  const value = parseYamlText(text, fileName);
  return checkedFile(value, overrideProblems(value), fileName);
}

function overrideProblems(value: unknown): string[] {
  const validate: SchemaValidator = require('../../assets/vendor/validate-usage-overrides.js');
  if (!isObject(value) || !Array.isArray(value.workloads)) return schemaProblems(validate, value, NAMES);
  // The fields of a workload without type depend on the construct. They must be valid for at least one type.
  const workloads = value.workloads.map((workload) => {
    const isTypeless = typeof workload === 'object' && workload !== null && !Array.isArray(workload) && !Object.hasOwn(workload, 'type');
    return isTypeless ? { ...workload, type: nearestType(validate, workload) } : workload;
  });
  return schemaProblems(validate, { ...value, workloads }, NAMES);
}

/** Returns the type with the fewest problems. */
function nearestType(validate: SchemaValidator, workload: object): WorkloadType {
  const problems = (type: WorkloadType) =>
    schemaProblems(validate, { version: 1, workloads: [{ ...workload, type }] }, NAMES).filter((problem) => problem.startsWith('workloads[0]')).length;
  return WORKLOAD_TYPES.map((type) => ({ type, count: problems(type) })).reduce((best, other) => (other.count < best.count ? other : best)).type;
}

function checkedFile(value: unknown, problems: readonly string[], fileName: string): UsageFile {
  if (problems.length > 0) throw new UsageFileError(fileName, problems.map((problem) => ofNamedWorkload(problem, value)));

  const { region, hoursPerMonth, allowDerivedRates, prices = [], workloads } = value as CheckedFile;
  const file = { region, hoursPerMonth, allowDerivedRates, rates: prices, workloads: workloads.map(toWorkload) };
  const contradictions = [...inexactPrices(prices), ...duplicateNames(file.workloads), ...file.workloads.flatMap(tierContradictions)];
  if (contradictions.length > 0) throw new UsageFileError(fileName, contradictions);
  return file;
}

/** Problem of a field of a workload that is empty, as in a file of `usage init`. */
const EMPTY_FIELD = /^workloads\[(\d+)\]\.(.+, got null\.)$/;

/** Names the workload of an empty field, so that its author finds it among many: `workload "App/Chat": requestsPerMonth must be ...`. */
function ofNamedWorkload(problem: string, value: unknown): string {
  const [, index, rest] = EMPTY_FIELD.exec(problem) ?? [];
  const workloads: unknown = isObject(value) ? value.workloads : undefined;
  const workload: unknown = index !== undefined && Array.isArray(workloads) ? workloads[Number(index)] : undefined;
  return isObject(workload) && typeof workload.name === 'string' ? `workload ${JSON.stringify(workload.name)}: ${rest} Fill it in.` : problem;
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

/** Replaces `-0` with 0. It is a valid number of 0 or more, but would be printed with its sign. */
function withoutNegativeZero(fields: UsageFields): UsageFields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value === 0 ? 0 : value]));
}

/** Problems of prices that are not written in digits, such as 1e-3, because a float is not an exact price. */
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

/** Problems of latency-optimized inference in other tiers than the standard one, in which it is not sold. */
function tierContradictions({ usage, low, high }: FileWorkload, i: number): string[] {
  const cases = { '': usage, '.low': low && { ...usage, ...low }, '.high': high && { ...usage, ...high } };
  return Object.entries(cases).flatMap(([place, fields]) => {
    const tier = fields?.serviceTier;
    if (fields?.latency !== InferenceLatency.OPTIMIZED || tier === undefined || tier === ServiceTier.STANDARD) return [];
    return [`workloads[${i}]${place}.latency must be "standard" with serviceTier ${JSON.stringify(tier)}, got "optimized".`];
  }).slice(0, 1);
}

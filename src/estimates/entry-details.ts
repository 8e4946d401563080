import { Token } from 'aws-cdk-lib';
import { UsageEstimates } from './estimate-usage';
import { unresolvedFields } from './lazy-usage';
import { CostEntry } from './registry';
import { ResourceUsageJson, UsageJson } from '../cost-report/report-json';
import { COMMITMENT_MONTHS, CommitmentDuration } from '../pricing/price-book/rate';
import { UsageFields } from '../pricing/workload';

export function commitmentOf(duration: CommitmentDuration | undefined): CostEntry['commitment'] {
  const months = typeof duration === 'string' ? COMMITMENT_MONTHS[duration] ?? 0 : 0;
  return months > 0 ? { duration: duration!, months } : undefined;
}

/** The names of the terms that AWS sells. */
const DURATIONS: { readonly [months: number]: string } = { 1: 'one-month', 3: 'three-months', 6: 'six-months' };

/** The commitment of tokens a minute that are reserved for a term. */
export function reservationOf(termMonths: number | undefined): CostEntry['commitment'] {
  if (!Number.isInteger(termMonths) || termMonths! < 1) return undefined;
  return { duration: DURATIONS[termMonths!] ?? `${termMonths}-months`, months: termMonths! };
}

/** The usage that was priced, as plain data. Fields that are known only at deployment are in a list of their own. */
export function pricedUsage({ usage, lowUsage, highUsage, unresolved: ofAverage }: UsageEstimates): ResourceUsageJson {
  const low = lowUsage && differing(lowUsage, usage);
  const high = highUsage && differing(highUsage, usage);
  const unresolved = [
    ...ofAverage,
    ...(low ? unresolvedFields(low).map((field) => `low.${field}`) : []),
    ...(high ? unresolvedFields(high).map((field) => `high.${field}`) : []),
  ];
  return {
    usage: plainFields(usage),
    ...(low ? { lowUsage: plainFields(low) } : {}),
    ...(high ? { highUsage: plainFields(high) } : {}),
    ...(unresolved.length > 0 ? { unresolvedUsage: unresolved } : {}),
  };
}

function differing(fields: UsageFields, average: UsageFields): UsageFields {
  const averages = new Map<string, unknown>(Object.entries(average));
  return Object.fromEntries(Object.entries(fields).filter(([field, value]) => value !== averages.get(field)));
}

/** The fields that stay the same in JSON: a number that is not finite would come out as null. */
export function plainFields(fields: UsageFields): UsageJson {
  return Object.fromEntries(Object.entries(fields).flatMap(([field, value]): [string, UsageJson[string]][] => {
    if (Token.isUnresolved(value)) return [];
    if (typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return [[field, value]];
    return Array.isArray(value) && value.every((item) => typeof item === 'string') ? [[field, value]] : [];
  }));
}

import { BatchMeter } from './contract';
import { DAY, HourlyAmounts, hourOf, monthOf, restOfMonth } from './forecast';
import { meterOf, roughly, Spend } from './spend';
import { decimal, Decimal, sum } from '../../pricing/decimal';
import { tokenCost } from '../shared/token-cost';

/** A job of a batch; times in seconds since 1970. */
export interface BatchJob {
  /** Left out while the job is running. */
  readonly endedAt?: number;
  readonly records: number;
  /** The token counts of the job; left out while it is running, or if it has none. */
  readonly tokens?: { readonly input: number; readonly output: number };
}

/**
 * The costs of jobs, each in the hour in which it ended. Running jobs count provisionally in the current hour.
 *
 * @param now the current time; `at` is before it when a past month is counted again
 */
export function batchSpend(meter: BatchMeter, jobs: readonly BatchJob[], at: number, now: number): Spend {
  const { resource, model } = meter;
  const costs = jobs.map((job) => ({ hour: hourOf(Math.min(job.endedAt ?? now, now)), usd: costOf(meter, job) }));
  const { start } = monthOf(at);
  return {
    resource,
    model,
    meter: meterOf.batch(meter),
    monthToDate: sum(costs.filter(({ hour }) => hour >= start && hour <= at).map(({ usd }) => usd)),
    restOfMonth: roughly(restOfMonth(byHour(costs), at)),
  };
}

/** The ratio of the cost of the jobs of the last 24 hours to their estimated cost; undefined without a job with token counts. */
export function batchCostRatio(meter: BatchMeter, jobs: readonly BatchJob[], now: number): number | undefined {
  // A job without token counts has its estimated cost, so it is not compared.
  const counted = jobs.filter(({ endedAt = 0, tokens }) => tokens && endedAt > now - DAY && endedAt <= now);
  const estimated = sum(counted.map((job) => estimateOf(meter, job)));
  return estimated.toNumber() > 0 ? sum(counted.map((job) => costOf(meter, job))).div(estimated).toNumber() : undefined;
}

function costOf(meter: BatchMeter, job: BatchJob): Decimal {
  return job.tokens ? tokenCost(job.tokens, meter) : estimateOf(meter, job);
}

function estimateOf({ usdPerRecord }: BatchMeter, { records }: BatchJob): Decimal {
  return decimal(usdPerRecord).times(decimal(records));
}

function byHour(costs: readonly { readonly hour: number; readonly usd: Decimal }[]): HourlyAmounts {
  const hours = new Map<number, number>();
  for (const { hour, usd } of costs) hours.set(hour, (hours.get(hour) ?? 0) + usd.toNumber());
  return hours;
}

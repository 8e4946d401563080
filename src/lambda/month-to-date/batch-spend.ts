import { BatchMeter } from './contract';
import { DAY, HourlyAmounts, hourOf, monthOf, restOfMonth } from './forecast';
import { meterOf, roughly, Spend } from './spend';
import { decimal, Decimal, sum } from '../../pricing/decimal';
import { tokenCost } from '../shared/token-cost';

/** A job of a batch; times in seconds since 1970. */
export interface BatchJob {
  /** Left out while it runs. */
  readonly endedAt?: number;
  readonly records: number;
  /** The token counts of the job itself; left out while it runs, and where it left none. */
  readonly tokens?: { readonly input: number; readonly output: number };
}

/**
 * The costs of jobs, each in the hour in which it ended; of those that run, provisionally, in the present hour.
 *
 * @param now the present; `at` is before it when a month that is over is counted anew
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

/** The ratio of the cost of the jobs of the last 24 hours to their estimated cost; undefined without a job that has counts. */
export function batchCostRatio(meter: BatchMeter, jobs: readonly BatchJob[], now: number): number | undefined {
  // Without a count of its own a job has its estimated cost: there is nothing to compare.
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

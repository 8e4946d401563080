import { ThroughputMeter } from './contract';
import { Count, countOf } from './counts';
import { DAY, historyStart, HOUR, HourlyAmounts, monthOf } from './forecast';
import { meterOf, roughly, Spend } from './spend';
import { idsOfThroughput, PROCESSED_METRICS } from '../../aws/metrics';
import { decimal } from '../../pricing/decimal';

export type PricedThroughputMeter = ThroughputMeter & Required<Pick<ThroughputMeter, 'usdPerModelUnitHour'>>;

export function isPriced(meter: ThroughputMeter): meter is PricedThroughputMeter {
  return meter.usdPerModelUnitHour !== undefined;
}

/** A purchase as the API returns it, with times in seconds since 1970. */
export interface Purchase {
  readonly status?: string;
  readonly creationTime: number;
  readonly modelUnits?: number;
  readonly commitmentEnd?: number;
}

/**
 * The cost of started hours, used or not.
 *
 * AWS bills from the time at which the units are in service. The API returns only the time of the purchase, some minutes earlier, so the
 * count is at most one hour too high.
 *
 * @param purchase left out for throughput that was bought elsewhere, which counts from the beginning of the month
 */
export function throughputSpend(meter: PricedThroughputMeter, purchase: Purchase | undefined, at: number): Spend {
  const { resource, model } = meter;
  const { start, end } = monthOf(at);
  if (meter.businessHoursPerMonth !== undefined) return businessHoursSpend(meter, meter.businessHoursPerMonth, purchase, at);
  const from = Math.max(start, purchase?.creationTime ?? start);
  const units = purchase?.status === 'Failed' ? 0 : purchase?.modelUnits ?? meter.modelUnits;
  const usdPerHour = decimal(meter.usdPerModelUnitHour).times(decimal(units));
  const begun = hoursBegun(from, at);
  return {
    resource,
    model,
    meter: meterOf.throughput(meter),
    monthToDate: usdPerHour.times(decimal(begun)),
    // A commitment that ends in the month renews itself.
    restOfMonth: usdPerHour.times(decimal(hoursBegun(from, end) - begun)),
  };
}

/** The cost of the current purchase by started hour. The forecast has the proportional part of the monthly hours. */
function businessHoursSpend(meter: PricedThroughputMeter, hoursPerMonth: number, purchase: Purchase | undefined, at: number): Spend {
  const { resource, model } = meter;
  const { start, end } = monthOf(at);
  const usdPerHour = decimal(meter.usdPerModelUnitHour).times(decimal(purchase?.modelUnits ?? meter.modelUnits));
  const begun = purchase && purchase.status !== 'Failed' ? hoursBegun(Math.max(start, purchase.creationTime), at) : 0;
  return {
    resource,
    model,
    meter: meterOf.throughput(meter),
    monthToDate: usdPerHour.times(decimal(begun)),
    restOfMonth: roughly(usdPerHour.toNumber() * hoursPerMonth * (end - at) / (end - start)),
  };
}

/** Days until a commitment ends and renews itself. */
export function commitmentDaysLeft({ commitmentEnd }: Purchase, now: number): number | undefined {
  return commitmentEnd === undefined ? undefined : Math.max(0, (commitmentEnd - now) / DAY);
}

/** The counts of processed tokens and images; none if the ARN is not known. */
export function processedCounts({ arn }: ThroughputMeter): Count[] {
  return arn === undefined ? [] : PROCESSED_METRICS.map((metric) => countOf(metric, [idsOfThroughput(arn)]));
}

/** The last hour with processed tokens or images; 0 for none. */
export function lastUseOf(processed: readonly HourlyAmounts[]): number {
  let last = 0;
  for (const counts of processed) for (const [hour, count] of counts) if (count > 0 && hour > last) last = hour;
  return last;
}

/**
 * Hours since the last use or the purchase, as far as the history reaches; undefined while the throughput is not in service.
 *
 * @param lastUse the last hour of use; 0 for none
 */
export function idleHours({ status, creationTime }: Purchase, lastUse: number, now: number): number | undefined {
  if (status !== 'InService') return undefined;
  // The time of use within the last used hour is not known, so idle time begins with its end.
  return Math.max(0, (now - Math.max(creationTime, historyStart(now), lastUse + HOUR)) / HOUR);
}

function hoursBegun(from: number, to: number): number {
  return Math.max(0, Math.ceil((to - from) / HOUR));
}

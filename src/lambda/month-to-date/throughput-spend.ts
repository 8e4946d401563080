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

/** A purchase as AWS describes it; times in seconds since 1970. */
export interface Purchase {
  readonly status?: string;
  readonly creationTime: number;
  readonly modelUnits?: number;
  readonly commitmentEnd?: number;
}

/**
 * The hours begun, used or not.
 *
 * AWS bills from the moment that the units are in service. When that was AWS does not tell, only when they were bought,
 * some minutes before: counting from there is at most an hour too much.
 *
 * @param purchase left out for throughput that was bought elsewhere: from the beginning of the month
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
    // A commitment that ends within the month renews itself.
    restOfMonth: usdPerHour.times(decimal(hoursBegun(from, end) - begun)),
  };
}

/** The present purchase costs by the hour begun; the rest of the month has its share of the hours of a month. */
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

/** Days until a commitment ends, and renews itself. */
export function commitmentDaysLeft({ commitmentEnd }: Purchase, now: number): number | undefined {
  return commitmentEnd === undefined ? undefined : Math.max(0, (commitmentEnd - now) / DAY);
}

/** Tokens and images processed by the hour; none where the ARN is not known. */
export function processedCounts({ arn }: ThroughputMeter): Count[] {
  return arn === undefined ? [] : PROCESSED_METRICS.map((metric) => countOf(metric, [idsOfThroughput(arn)]));
}

/** The last hour in which it processed anything; 0 for none. */
export function lastUseOf(processed: readonly HourlyAmounts[]): number {
  let last = 0;
  for (const counts of processed) for (const [hour, count] of counts) if (count > 0 && hour > last) last = hour;
  return last;
}

/**
 * Hours since it last processed anything or was bought, as far as the history reaches; undefined while it is not in service.
 *
 * @param lastUse 0 for none
 */
export function idleHours({ status, creationTime }: Purchase, lastUse: number, now: number): number | undefined {
  if (status !== 'InService') return undefined;
  // Of the last hour of use only its end is known not to be use.
  return Math.max(0, (now - Math.max(creationTime, historyStart(now), lastUse + HOUR)) / HOUR);
}

function hoursBegun(from: number, to: number): number {
  return Math.max(0, Math.ceil((to - from) / HOUR));
}

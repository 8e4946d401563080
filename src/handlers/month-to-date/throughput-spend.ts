import { DAY, HOUR, monthOf } from './forecast';
import { meterOf, Spend } from './spend';
import { decimal } from '../../pricing/decimal';
import { ThroughputMeter } from '../month-to-date.contract';

/** What AWS says of a purchase; times in seconds since 1970. */
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
export function throughputSpend(meter: ThroughputMeter, purchase: Purchase | undefined, at: number): Spend {
  const { resource, model } = meter;
  const { start, end } = monthOf(at);
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

/** Days until a commitment ends, and renews itself. */
export function commitmentDaysLeft({ commitmentEnd }: Purchase, now: number): number | undefined {
  return commitmentEnd === undefined ? undefined : Math.max(0, (commitmentEnd - now) / DAY);
}

function hoursBegun(from: number, to: number): number {
  return Math.max(0, Math.ceil((to - from) / HOUR));
}

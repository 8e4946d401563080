import { BatchMeter, ThroughputMeter, TokenMeter } from './contract';
import { DAY, monthOf } from './forecast';
import { Limit } from '../../aws/limits';
import { Decimal, decimal, sum, ZERO } from '../../pricing/decimal';

/** The cost of one resource in the month, and its forecast for the rest of the month. */
export interface Spend {
  readonly resource: string;
  readonly model: string;
  readonly meter: string;
  readonly monthToDate: Decimal;
  /** Left out if only the forecast of all tokens of a budget is known. */
  readonly restOfMonth?: Decimal;
}

export interface Amounts {
  readonly monthToDate: Decimal;
  /** The forecast of the whole month, not only of its rest. */
  readonly forecast: Decimal;
}

/** @param more the expected cost of the rest of the month in addition to `spends` */
export function totalOf(spends: readonly Spend[], more: Decimal): Amounts {
  const monthToDate = sum(spends.map((spend) => spend.monthToDate));
  return { monthToDate, forecast: monthToDate.plus(more).plus(sum(spends.map(({ restOfMonth = ZERO }) => restOfMonth))) };
}

/** Rounds a forecast to a millionth of a dollar. */
export function roughly(usd: number): Decimal {
  return decimal(decimal(usd).toFixed(6));
}

/**
 * The values of the dimension `Meter`: the ids under which AWS counts. A value changes with every replacement, and stays when only a
 * construct's path changes.
 */
export const meterOf = {
  tokens: ({ modelId }: TokenMeter) => modelId,
  // Throughput bought elsewhere has an unknown ARN, so only the construct distinguishes two of them.
  throughput: ({ arn, resource }: ThroughputMeter) => arn ?? `elsewhere:${resource}`.slice(0, Limit.DIMENSION_VALUE),
  batch: ({ roleArn, jobNamePrefix }: BatchMeter) => `${roleArn}:${jobNamePrefix}`,
};

/** The time in which a finished month is still published: datapoints arrive late, and the last run of a month is before its end. */
const CLOSING_SECONDS = DAY / 4;

/** The last second of the previous month while it is still published; undefined later. */
export function closingOf(now: number): number | undefined {
  const { start } = monthOf(now);
  return now < start + CLOSING_SECONDS ? start - 1 : undefined;
}

/** The minute of a time, which is the precision of timestamps in CloudWatch. */
export function minuteOf(seconds: number): number {
  return seconds - (seconds % 60);
}

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
  /** Left out where only the forecast of all tokens of a budget is known. */
  readonly restOfMonth?: Decimal;
}

export interface Amounts {
  readonly monthToDate: Decimal;
  /** Of the whole month, not only of its rest. */
  readonly forecast: Decimal;
}

/** @param more the expected cost of the rest of the month that `spends` do not include */
export function totalOf(spends: readonly Spend[], more: Decimal): Amounts {
  const monthToDate = sum(spends.map((spend) => spend.monthToDate));
  return { monthToDate, forecast: monthToDate.plus(more).plus(sum(spends.map(({ restOfMonth = ZERO }) => restOfMonth))) };
}

/** A forecast is no exact sum: to the millionth of a dollar. */
export function roughly(usd: number): Decimal {
  return decimal(decimal(usd).toFixed(6));
}

/**
 * The values of the dimension `Meter`: what AWS counts by, so that it changes with every replacement, and stays when only
 * a construct's path changes.
 */
export const meterOf = {
  tokens: ({ modelId }: TokenMeter) => modelId,
  // Bought elsewhere, under an ARN that is not known: only the construct distinguishes two of them.
  throughput: ({ arn, resource }: ThroughputMeter) => arn ?? `elsewhere:${resource}`.slice(0, Limit.DIMENSION_VALUE),
  batch: ({ roleArn, jobNamePrefix }: BatchMeter) => `${roleArn}:${jobNamePrefix}`,
};

/** Datapoints come late, and the last run of a month is before its end: for so long the finished month is published anew. */
const CLOSING_SECONDS = DAY / 4;

/** The last second of the month before, while it is still published anew. */
export function closingOf(now: number): number | undefined {
  const { start } = monthOf(now);
  return now < start + CLOSING_SECONDS ? start - 1 : undefined;
}

/** The minute that a time is in: what CloudWatch keeps of a timestamp. */
export function minuteOf(seconds: number): number {
  return seconds - (seconds % 60);
}

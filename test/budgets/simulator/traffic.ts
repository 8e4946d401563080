import { Meter, MetricRef, TemplateAlarms } from './template-alarms';
import { Month, monthOf } from '../../../src/lambda/month-to-date/forecast';

const MINUTES_OF_DAY = 1_440;
const MILLION = 1e6;
const { floor } = Math;

/** The period on which the forecast is based. */
export const HISTORY_MINUTES = 21 * MINUTES_OF_DAY;

/** The values on which usage may depend. */
export interface Moment {
  /** Minutes since the month began; negative before. */
  readonly minute: number;
  readonly minuteOfDay: number;
  /** 0 is Sunday. */
  readonly weekday: number;
}

/** Burn rate at a minute: a rate of 1 at every minute spends exactly the limit in this month. */
export type Pace = (moment: Moment) => number;

/** Shares of the metrics in the cost of a minute. A metric that is left out has no share. */
export const TOKEN_MIX: { readonly [metricName: string]: number } = { InputTokenCount: 43, OutputTokenCount: 54, CacheReadInputTokenCount: 3 };

export interface TokenSeries {
  readonly meter: Meter;
  readonly before: Float64Array;
}

/** The usage by the minute, in the month and in the three weeks before it. */
export class Traffic {
  /** The cumulative tokens of each metric before each minute since the start of the history. */
  readonly series: readonly TokenSeries[];
  private readonly own: readonly TokenSeries[];

  /** @param beside usage that another budget covers */
  constructor(readonly month: Month, readonly limitUsd: number, tokens: ReadonlyMap<Meter, Float64Array>, beside: readonly TokenSeries[] = []) {
    this.own = [...tokens].map(([meter, perMinute]) => ({ meter, before: prefixSums(perMinute) }));
    this.series = [...this.own, ...beside];
  }

  get minutes(): number {
    return (this.month.end - this.month.start) / 60;
  }

  tokensBefore({ metricName, dimensions }: MetricRef): Float64Array | undefined {
    return this.series.find(({ meter }) => meter.metricName === metricName && meter.dimensions === dimensions)?.before;
  }

  /** Tokens times prices, independent of the expressions that the alarms compute. */
  usd(from: number, to: number): number {
    return usdOf(this.own, from, () => to);
  }
}

/** The cost between two minutes, of which the end may differ by the metric. */
export function usdOf(series: readonly TokenSeries[], from: number, to: (index: number) => number): number {
  return series.reduce((sum, { meter, before }, i) => sum + between(before, from, to(i)) * meter.usdPerMillion, 0) / MILLION;
}

/** Every metric of tokens in the alarms, at the price that their expressions multiply it with. */
export function metersOf({ metricAlarms }: TemplateAlarms): Meter[] {
  const meters = new Map<string, Meter>();
  for (const { id, metrics, math } of metricAlarms) {
    for (const [watched, ref] of metrics) {
      if (ref.namespace !== 'AWS/Bedrock') continue;
      if (ref.statistic !== 'Sum') throw new Error(`${id}: tokens are summed, not taken as ${ref.statistic}`);
      // The dollars of no tokens, of a million of this metric, and of two million: a price is the step, and the same twice.
      const tokens = (other: string) => Float64Array.from(other === watched ? [0, MILLION, 2 * MILLION] : [0, 0, 0]);
      const dollars = math(new Map([...metrics.keys()].map((other) => [other, tokens(other)])));
      const usdPerMillion = dollars[1];
      if (dollars[0] !== 0 || Math.abs(dollars[2] - 2 * usdPerMillion) > 1e-9 * usdPerMillion) throw new Error(`${id}: ${ref.metricName} is not multiplied by a price`);
      const key = `${ref.metricName}|${ref.dimensions}`;
      const known = meters.get(key)?.usdPerMillion ?? usdPerMillion;
      if (Math.abs(known - usdPerMillion) > 1e-9 * known) throw new Error(`${id}: ${key} has the prices ${known} and ${usdPerMillion}`);
      meters.set(key, { ...ref, usdPerMillion });
    }
  }
  return [...meters.values()];
}

export interface UsageSpec {
  /** `YYYY-MM` */
  readonly month: string;
  readonly pace: Pace;
  /** The burn rate of the three weeks before the month; left out if they have no usage. */
  readonly paceBefore?: Pace;
  /** The number of models that share the usage evenly, in their order. */
  readonly models?: number;
}

/**
 * Converts US dollars per minute to whole tokens, rounded down by the minute, which keeps recurring usage equal. The rest is input of the last
 * minute of the month: a burn rate of 1 spends the limit, less one token at most.
 *
 * @param beside usage of other metrics, which is not counted as cost
 */
export function trafficOf(spec: UsageSpec, meters: readonly Meter[], limitUsd: number, beside?: Traffic): Traffic {
  const { month: name, pace, paceBefore, models = Infinity } = spec;
  const month = monthNamed(name);
  const minutes = (month.end - month.start) / 60;
  const usdPerMinute = limitUsd / minutes;
  const used = [...new Set(meters.map(({ dimensions }) => dimensions))].slice(0, models);
  const mixed = meters.filter(({ dimensions, metricName }) => used.includes(dimensions) && TOKEN_MIX[metricName] !== undefined);
  const weights = mixed.reduce((sum, { metricName }) => sum + TOKEN_MIX[metricName], 0);
  const shares = mixed.map((meter) => ({ meter, share: TOKEN_MIX[meter.metricName] / weights, tokens: new Float64Array(HISTORY_MINUTES + minutes) }));
  let planned = 0;
  let spent = 0;
  for (let minute = paceBefore ? -HISTORY_MINUTES : 0; minute < minutes; minute++) {
    const usd = (minute < 0 ? paceBefore! : pace)(momentOf(month, minute)) * usdPerMinute;
    for (const { meter, share, tokens } of shares) {
      const count = floor(usd * share / meter.usdPerMillion * MILLION);
      tokens[HISTORY_MINUTES + minute] = count;
      if (minute >= 0) spent += count * meter.usdPerMillion / MILLION;
    }
    if (minute >= 0) planned += usd;
  }
  // A billionth less, because of the floating-point sums of 44,640 minutes.
  const rest = planned * (1 - 1e-9) - spent;
  if (rest > planned * 0.005) throw new Error(`a limit of $${limitUsd} is too small to be spent in whole tokens every minute`);
  const input = shares.find(({ meter: { metricName } }) => metricName === 'InputTokenCount');
  if (input && rest > 0) input.tokens[HISTORY_MINUTES + minutes - 1] += floor(rest / input.meter.usdPerMillion * MILLION);
  return new Traffic(month, limitUsd, new Map(shares.map(({ meter, tokens }) => [meter, tokens])), beside?.series);
}

/** Scales a burn rate so that it spends a share of the limit in a month. */
export function spending(share: number, monthName: string, shape: Pace): Pace {
  const month = monthNamed(monthName);
  const minutes = (month.end - month.start) / 60;
  let sum = 0;
  for (let minute = 0; minute < minutes; minute++) sum += shape(momentOf(month, minute));
  const scale = share * minutes / sum;
  return (moment) => scale * shape(moment);
}

/** The first minute of the month with usage. */
export function firstUse(monthName: string, pace: Pace): number {
  const month = monthNamed(monthName);
  let minute = 0;
  while (pace(momentOf(month, minute)) === 0) minute++;
  return minute;
}

export function monthNamed(name: string): Month {
  return monthOf(Date.parse(`${name}-01T00:00:00Z`) / 1000);
}

function momentOf({ start }: Month, minute: number): Moment {
  const sinceEpoch = start / 60 + minute;
  // The first of January 1970 was a Thursday.
  return { minute, minuteOfDay: sinceEpoch % MINUTES_OF_DAY, weekday: (floor(sinceEpoch / MINUTES_OF_DAY) + 4) % 7 };
}

function prefixSums(perMinute: Float64Array): Float64Array {
  const before = new Float64Array(perMinute.length + 1);
  perMinute.forEach((tokens, i) => { before[i + 1] = before[i] + tokens; });
  return before;
}

/** The tokens between two minutes, within the history. */
export function between(before: Float64Array, from: number, to: number): number {
  const [first, last] = [HISTORY_MINUTES + from, HISTORY_MINUTES + to];
  return last <= first || last <= 0 ? 0 : before[last] - before[first > 0 ? first : 0];
}

import { BudgetRequest, BurnRateRequest, TokenMeter } from './contract';
import { Points } from './metrics';
import { Part, windowOf } from './parts';
import { PERIOD } from './series-counts';
import { usdOf } from './token-spend';
import { Decimal, decimal, sum } from '../../pricing/decimal';

/** The cost of tokens and images in the last minutes. */
export interface WindowSpend {
  readonly minutes: number;
  readonly part: Decimal;
  /** The cost of the whole budget, in the function that adds it up. */
  readonly total?: Decimal;
}

/** The windows of a budget, in minutes: its own ones, and the windows of its burn rates. */
export function windowsOf({ windowsMinutes = [], burnRates = [] }: BudgetRequest): number[] {
  return [...new Set([...windowsMinutes, ...burnRates.flatMap(({ windows }) => windows.map(({ minutes }) => minutes))])];
}

/**
 * The cost of a meter in a window that ends with the last full five minutes. Counts are by five minutes: a window that ended with the run
 * would begin within a period, and lose it.
 *
 * @param minutes the length of the window. Unless it is a multiple of five, the partial period at the beginning is left out
 * @param periods tokens by five minutes, in the order of the prices
 */
export function usdWithin(minutes: number, now: number, meter: TokenMeter, periods: readonly Points[]): Decimal {
  const end = now - (now % PERIOD);
  const start = end - minutes * 60;
  return usdOf(meter, periods.map((points) => {
    let count = 0;
    for (const [time, value] of points) if (time >= start && time < end) count += value;
    return count;
  }));
}

/** The cost of each window in the whole budget, with the counts of other parts. */
export function wholeWindows(windows: readonly WindowSpend[], parts: readonly Part[], budget: string, now: number): WindowSpend[] {
  return windows.map((window) => ({ ...window, total: window.part.plus(windowOf(parts, budget, window.minutes, now)) }));
}

/** The highest ratio of the burn rates. The ratio of a burn rate is the lowest ratio of its windows' costs to thresholds, since all must be exceeded. */
export function burnRatio(burnRates: readonly BurnRateRequest[], usd: (minutes: number) => Decimal): Decimal {
  const ratios = burnRates.map(({ windows }) => windows.map(({ minutes, thresholdUsd }) => usd(minutes).div(decimal(thresholdUsd))).reduce(least));
  return ratios.reduce(greatest);
}

/** The cost of the stack's part of each budget in each window. */
export function partWindows(budget: BudgetRequest, usd: (minutes: number, meter: number) => Decimal): WindowSpend[] {
  return windowsOf(budget).map((minutes) => ({ minutes, part: sum(budget.onDemand.map((meter) => usd(minutes, meter))) }));
}

function least(a: Decimal, b: Decimal): Decimal {
  return a.cmp(b) <= 0 ? a : b;
}

function greatest(a: Decimal, b: Decimal): Decimal {
  return a.cmp(b) >= 0 ? a : b;
}

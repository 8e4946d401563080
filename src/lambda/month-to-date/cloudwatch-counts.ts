import type { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { Base, basePages, fits, isContinuous, requestId } from './base';
import { BaseStore } from './base-store';
import { StackRequest } from './contract';
import { Count, pointsOf, seriesOf, SeriesPoints } from './counts';
import { historyStart } from './forecast';
import { Ledger } from './ledger';
import { Points } from './metrics';
import { baseOf } from './recount';
import { isActiveSince, readActive, readAll } from './series-counts';
import { minuteOf } from './spend';
import { processedCounts } from './throughput-spend';
import { tokenCounts } from './token-spend';
import { windowsOf } from './window-spend';

/** The counts of a stack in CloudWatch, each list in the request's order. */
export interface CloudWatchCounts {
  /** The counts of the earlier hours; left out after a full recount. */
  readonly base?: Base;
  /** The base of a full recount for the next runs. */
  readonly newBase?: Base;
  /** The state of the base for the ledger. */
  readonly baseState: NonNullable<Ledger['base']>;
  /** Tokens by hour, for each price. */
  readonly tokens: readonly (readonly Points[])[];
  /** Tokens by five minutes, for each price. */
  readonly tokenPeriods: readonly (readonly Points[])[];
  /** Tokens and images by hour, for each throughput. */
  readonly processed: readonly (readonly Points[])[];
}

export interface Clock {
  /** The time of the event. */
  readonly now: number;
  readonly present: number;
  /** The last second of the month that is being closed, if any. */
  readonly closing: number | undefined;
}

/**
 * Reads the counts since the last recount, of metrics that were active since, or all counts from the beginning of the history if no
 * base matches.
 */
export async function readCloudWatchCounts(
  cloudWatch: CloudWatch, store: BaseStore, request: StackRequest, ledger: Ledger, { now, present, closing }: Clock,
): Promise<CloudWatchCounts> {
  const tokens = request.onDemand.map(tokenCounts);
  const processed = request.provisioned.map(processedCounts);
  const series = seriesOf([...tokens, ...processed].flat());
  const longestWindow = 60 * Math.max(0, ...request.budgets.flatMap(windowsOf));
  const end = minuteOf(now) + 60;
  const listsOf = ({ hours, periods }: { readonly hours: SeriesPoints; readonly periods: SeriesPoints }) => ({
    tokens: pointsOfAll(tokens, hours), tokenPeriods: pointsOfAll(tokens, periods), processed: pointsOfAll(processed, hours),
  });
  const activeIn = (hours: SeriesPoints, since: number) => series.map((one) => isActiveSince(hours, one, since));

  const base = await fittingBase(store, request, ledger, now, present);
  if (base) {
    const { id, active } = ledger.base!;
    const wasActive = activeFrom(active);
    const counts = await readActive(cloudWatch, series, wasActive, base.until, end);
    const isActive = activeIn(counts.hours, base.until).map((is, i) => is || wasActive(i));
    return { base, baseState: { id, active: activeText(isActive) }, ...listsOf(counts) };
  }
  const counts = await readAll(cloudWatch, series, historyStart(closing ?? now), longestWindow > 0 ? now - longestWindow : undefined, end);
  const lists = listsOf(counts);
  const newBase = baseOf(request, lists.tokens, lists.processed, now, longestWindow);
  return { newBase, baseState: { id: basePages(newBase).id, active: activeText(activeIn(counts.hours, newBase.until)) }, ...lists };
}

async function fittingBase(store: BaseStore, request: StackRequest, ledger: Ledger, now: number, present: number): Promise<Base | undefined> {
  if (!ledger.base || !isContinuous(ledger.asOf, now, present)) return undefined;
  const base = await store.read(ledger.base.id);
  return base && fits(base, requestId(request), now) ? base : undefined;
}

function pointsOfAll(counts: readonly (readonly Count[])[], points: SeriesPoints): Points[][] {
  return counts.map((all) => all.map((count) => pointsOf(count, points)));
}

/** The bits of a digit. Each series has one bit, since the ledger has little room for them. */
const BITS = 5;

function activeText(isActive: readonly boolean[]): string {
  const bits = isActive.map((is) => (is ? '1' : '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((digit) => parseInt(digit.padEnd(BITS, '0'), 2).toString(2 ** BITS)).join('');
}

/** A lookup in a text of bits; false beyond its end. */
function activeFrom(text: string): (series: number) => boolean {
  const bits = [...text].map((digit) => parseInt(digit, 2 ** BITS).toString(2).padStart(BITS, '0')).join('');
  return (i) => bits[i] === '1';
}

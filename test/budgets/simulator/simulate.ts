/**
 * Simulates the alarms of a CloudFormation template for a month of usage, minute by minute, and returns the times at which they fire.
 *
 * It follows these rules of CloudWatch:
 *
 * - A sliding window: at every minute, an alarm evaluates the `Period` x `EvaluationPeriods` that end then.
 *   https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation-window.html
 *   AWS does not document that windows of an hour or more advance by the minute. `advance: 'every-hour'` is the
 *   pessimistic reading: they end at full hours.
 * - A datapoint is the statistic of a period: `Sum` of tokens, `Maximum` of published metrics. A period without usage
 *   has none: Bedrock publishes no zeros.
 *   https://docs.aws.amazon.com/bedrock/latest/userguide/monitoring.html
 * - Metric data is late: at any minute, the last `delayMinutes` are missing from the newest period. (An
 *   assumption, by default 3 minutes: AWS documents no number.)
 * - Metric math over metrics of one period, 10 at most: `metric-math.ts`.
 *   https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 * - M out of N datapoints, and the treatment of missing ones: `alarm-state.ts`.
 *   https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
 *   https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 * - A composite alarm is in ALARM while its rule holds: `alarm-rule.ts`. It follows its children within the minute.
 *   https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-combining.html
 * - Actions run when a state becomes ALARM. An alarm starts as INSUFFICIENT_DATA when the month begins.
 *
 * The metrics of the namespace of a budget are published as its function would: `published.ts`, and `runs.ts` for the metrics that a run
 * counts. A run publishes when it has read, and CloudWatch has the datapoint `publishedAfterMinutes` later. (An assumption, by default a
 * minute: AWS documents two minutes for the first datapoint of a new metric, and no number for others.)
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/publishingMetrics.html
 */
import { AlarmState, nextState } from './alarm-state';
import { Series } from './metric-math';
import { NONE } from './missing';
import { playFunction, Published } from './published';
import { MetricAlarm, MetricRef, TemplateAlarms } from './template-alarms';
import { HISTORY_MINUTES, Traffic } from './traffic';
import { MetricName, NAMESPACE } from '../../../src/lambda/month-to-date/contract';

const { ceil, floor } = Math;

export interface SimulationOptions {
  /** The delay of metric data in minutes. Default: 3 */
  readonly delayMinutes?: number;
  /** The delay of published metrics in minutes. Default: 1 */
  readonly publishedAfterMinutes?: number;
  /** The movement of windows of an hour or more. Default: 'every-minute' */
  readonly advance?: 'every-minute' | 'every-hour';
  /** The minute of the month from which the spend of a scenario is counted. Default: 0 */
  readonly begins?: number;
  /** The last minute of the simulation. Default: the end of the month */
  readonly ends?: number;
  /** The minute of the month with the first run of the function. Default: 0 */
  readonly firstRun?: number;
  /** A minute with a recount. Default: the last run before the scenario begins; the next recount follows a day later */
  readonly recountsAt?: number;
  /** The additional delay until a new metric is listed, in minutes. Default: 15 */
  readonly listedAfterMinutes?: number;
}

/** The kind of an alarm: on the burn rate, the forecast, the month-to-date cost at the limit or above, or below it, or missing counts. */
export type AlarmKind = 'burn-rate' | 'forecast' | 'month-to-date' | 'notice' | 'no-data';

/** A notification. */
export interface Firing {
  readonly alarm: string;
  readonly kind: AlarmKind;
  /** Minutes since the month began. */
  readonly minute: number;
  /** The part of the limit that was spent by then, including cost that CloudWatch does not have yet; 1 is the whole limit. */
  readonly spent: number;
  /** The same, since the scenario began. */
  readonly spentSince: number;
}

/** The first notification of every alarm that has actions, in the order of time. */
export function simulate(alarms: TemplateAlarms, traffic: Traffic, options: SimulationOptions = {}): Firing[] {
  const { delayMinutes = 3, publishedAfterMinutes = 1, advance = 'every-minute', begins = 0, firstRun = 0, listedAfterMinutes } = options;
  const minutes = Math.min(options.ends ?? traffic.minutes, traffic.minutes);
  const { countMinutes: everyMinutes } = alarms;
  const { recountsAt = firstRun + everyMinutes * floor((begins - firstRun) / everyMinutes) } = options;
  const published = playFunction(traffic, { everyMinutes, firstRun, recountsAt, delayMinutes, listedAfterMinutes, minutes }, alarms.budgets);
  const data: Data = { traffic, minutes, everyMinutes, firstRun, published, delayMinutes, publishedAfterMinutes, advance };
  const states = new Map(alarms.metricAlarms.map((alarm) => [alarm.id, statesOf(alarm, data)]));
  const kinds = new Map(alarms.metricAlarms.map((alarm) => [alarm.id, kindOf(alarm, traffic.limitUsd)]));
  addComposites(alarms, states, kinds, minutes);
  const notifications: Pick<Firing, 'alarm' | 'kind' | 'minute'>[] = [
    ...[...alarms.metricAlarms, ...alarms.compositeAlarms].filter(({ notifies }) => notifies)
      .map(({ id }) => ({ alarm: id, kind: kinds.get(id)!, minute: states.get(id)!.indexOf(AlarmState.ALARM) })),
    ...alarms.metricAlarms.filter(({ notifiesWithoutData }) => notifiesWithoutData)
      .map(({ id }) => ({ alarm: id, kind: 'no-data' as const, minute: firstLossOf(states.get(id)!) })),
  ];
  return notifications
    .filter(({ minute }) => minute >= 0)
    .map((fired) => ({
      ...fired,
      spent: traffic.usd(0, fired.minute) / traffic.limitUsd,
      spentSince: traffic.usd(begins, fired.minute) / traffic.limitUsd,
    }))
    .sort((a, b) => a.minute - b.minute);
}

interface Data {
  readonly traffic: Traffic;
  readonly minutes: number;
  /** The minutes between two runs of the function. */
  readonly everyMinutes: number;
  readonly firstRun: number;
  readonly published: Published;
  readonly delayMinutes: number;
  readonly publishedAfterMinutes: number;
  readonly advance: 'every-minute' | 'every-hour';
}

/** The state of a metric alarm at every minute of the month. */
function statesOf(alarm: MetricAlarm, data: Data): Uint8Array {
  const values: (() => Series)[] = [];
  const ofAge = (age: number) => (values[age] ??= lazy(() =>
    alarm.math(new Map([...alarm.metrics].map(([id, ref]) => [id, datapoints(ref, alarm.periodMinutes, age, data)])))))();
  const states = new Uint8Array(data.minutes);
  let state = AlarmState.INSUFFICIENT_DATA;
  let minute = 0;
  const datapoint = (age: number) => ofAge(age)[minute];
  for (; minute < states.length; minute++) {
    state = nextState(alarm, datapoint, state);
    states[minute] = state;
  }
  return states;
}

/** At every minute, the datapoint of the period that is `age` periods old. */
function datapoints(ref: MetricRef, periodMinutes: number, age: number, data: Data): Series {
  const { minutes, delayMinutes, publishedAfterMinutes, advance } = data;
  const isPublished = ref.namespace === NAMESPACE;
  const late = isPublished ? publishedAfterMinutes : delayMinutes;
  const steps = advance === 'every-hour' && periodMinutes >= 60;
  const statistic = isPublished ? maximum(ref, data) : sum(ref, data);
  const series = new Float64Array(minutes);
  for (let minute = 0; minute < minutes; minute++) {
    const end = (steps ? minute - minute % 60 : minute) - age * periodMinutes;
    series[minute] = statistic(end - periodMinutes, end, minute - late);
  }
  return series;
}

/** The datapoint of the known minutes of a period; `NONE` if there is none. */
type Statistic = (from: number, end: number, known: number) => number;

function sum(ref: MetricRef, { traffic }: Data): Statistic {
  if (ref.namespace !== 'AWS/Bedrock' || ref.statistic !== 'Sum') throw new Error(`the simulator has no ${ref.statistic} of ${ref.namespace} ${ref.metricName}`);
  const before = traffic.tokensBefore(ref);
  return (from, end, known) => {
    const to = end < known ? end : known;
    if (before === undefined || to <= from) return NONE;
    // The time before the history has no data.
    const [last, first] = [HISTORY_MINUTES + to, HISTORY_MINUTES + from];
    const tokens = last <= 0 ? 0 : before[last] - before[first > 0 ? first : 0];
    return tokens === 0 ? NONE : tokens;
  };
}

function maximum(ref: MetricRef, { published, everyMinutes, firstRun }: Data): Statistic {
  const values = ref.statistic === 'Maximum' && published(ref);
  if (!values) {
    throw new Error(`the simulator publishes no ${ref.statistic} of ${ref.metricName} by ${ref.dimensions}`);
  }
  return (from, end, known) => {
    let max = NONE;
    for (let run = from > firstRun ? ceil((from - firstRun) / everyMinutes) : 0; run < values.length; run++) {
      const time = firstRun + run * everyMinutes;
      if (time >= end || time > known) break;
      const value = values[run];
      if (!(value <= max)) max = value;
    }
    return max;
  };
}

/** A composite is of the first of these kinds that its children are of. */
const KINDS: readonly AlarmKind[] = ['burn-rate', 'forecast', 'month-to-date', 'notice'];

function addComposites({ compositeAlarms }: TemplateAlarms, states: Map<string, Uint8Array>, kinds: Map<string, AlarmKind>, minutes: number): void {
  const waiting = new Set(compositeAlarms);
  while (waiting.size > 0) {
    const ready = [...waiting].filter(({ children }) => children.every((child) => states.has(child)));
    if (ready.length === 0) throw new Error(`composite alarms in a circle: ${[...waiting].map(({ id }) => id).join(', ')}`);
    for (const composite of ready) {
      const { id, children, holds } = composite;
      let minute = 0;
      const stateOf = (child: string): AlarmState => states.get(child)![minute];
      const own = new Uint8Array(minutes);
      for (; minute < minutes; minute++) own[minute] = holds(stateOf) ? AlarmState.ALARM : AlarmState.OK;
      states.set(id, own);
      kinds.set(id, KINDS.find((kind) => children.some((child) => kinds.get(child) === kind))!);
      waiting.delete(composite);
    }
  }
}

function kindOf({ metrics, threshold }: MetricAlarm, limitUsd: number): AlarmKind {
  const names = [...metrics.values()].map(({ namespace, metricName }) => (namespace === NAMESPACE ? metricName : namespace));
  if (names.includes('AWS/Bedrock') || names.includes(MetricName.SPENT) || names.includes(MetricName.BURN_RATIO)) return 'burn-rate';
  if (names.includes(MetricName.FORECAST)) return 'forecast';
  // If the limit is published as well, the alarm compares percentages of it.
  return threshold >= (names.includes(MetricName.LIMIT) ? 100 : limitUsd) ? 'month-to-date' : 'notice';
}

/** The first minute without data after one with; -1 if there is none. */
function firstLossOf(states: Uint8Array): number {
  const { INSUFFICIENT_DATA } = AlarmState;
  return states.findIndex((state, minute) => minute > 0 && state === INSUFFICIENT_DATA && states[minute - 1] !== INSUFFICIENT_DATA);
}

function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

import { Scenario, steady, Target } from './scenarios';
import { AlarmKind, Firing, simulate, SimulationOptions } from './simulate';
import { TemplateAlarms } from './template-alarms';
import { metersOf, trafficOf } from './traffic';

/** The result of a scenario. */
export interface Run {
  readonly scenario: Scenario;
  readonly firings: readonly Firing[];
}

/** The kinds of alarms that report a month above the limit; a notification at a part of it does not. */
const ALARMS: readonly AlarmKind[] = ['burn-rate', 'forecast', 'month-to-date'];

/** Scenarios with expected alarms end half a month after their start. */
const LENGTH_MINUTES = 14 * 1_440;

/** Runs scenarios with the alarms of a template: they are the usage of the first budget; the usage of others spends exactly their limits. */
export function runScenarios(alarms: TemplateAlarms, limitUsd: number, scenarios: readonly Scenario[], options: SimulationOptions = {}): Run[] {
  const [first, ...others] = alarms.budgets;
  const meters = first?.meters ?? metersOf(alarms);
  const besides = others.flatMap((budget) => budget.meters);
  return scenarios.map((scenario) => {
    const { begins = 0, month, target } = scenario;
    const beside = besides.length > 0 ? trafficOf({ month, pace: steady, paceBefore: steady }, besides, limitUsd * others.length) : undefined;
    const ends = target && begins + LENGTH_MINUTES;
    return { scenario, firings: simulate(alarms, trafficOf(scenario, meters, limitUsd, beside), { ends, ...options, begins }) };
  });
}

/** The delay of the first alarm after the start of the scenario, and the part of the limit that was spent in that time. */
export function firstAlarm({ scenario, firings }: Run, kinds: readonly AlarmKind[] = ALARMS): Target | undefined {
  const fired = firings.find(({ kind }) => kinds.includes(kind));
  return fired && { minutes: fired.minute - (scenario.begins ?? 0), gone: fired.spentSince };
}

/** Unexpected alarms: within the limit, or before the scenario began. */
export function falseAlarms({ scenario: { expected, begins = 0 }, firings }: Run): readonly Firing[] {
  return firings.filter(({ kind, minute }) => ALARMS.includes(kind) && (expected === 'silence' || minute < begins));
}

/** The same scenarios with alarms on token metrics, and on metrics of the function. */
export interface Comparison {
  readonly tokens: readonly Run[];
  /** Several runs of each scenario. */
  readonly published: readonly Run[];
  /** The burn rates alone, with runs of the function at minutes that are no multiples of its interval. */
  readonly shifted: readonly Run[];
}

/** The maximum additional delay in minutes of the alarms in other runs, for each scenario with alarms; `Infinity` if a run has none. */
export function lateness(tokens: readonly Run[], others: readonly Run[], kind: AlarmKind): Map<Scenario, number> {
  const minutesOf = (run: Run) => firstAlarm(run, [kind])?.minutes ?? Infinity;
  return new Map(tokens.flatMap((run) => {
    const worst = Math.max(...others.filter(({ scenario }) => scenario === run.scenario).map(minutesOf));
    return worst === Infinity && minutesOf(run) === Infinity ? [] : [[run.scenario, worst - minutesOf(run)]];
  }));
}

const HEAD = [
  'scenario (runs)', 'burn-rate alarm on token metrics after', 'budget gone then', 'on what the function publishes after', 'budget gone then',
  'forecast alarm after', 'budget gone then', 'false alarms',
];

/** All runs as a Markdown table, with one row for each name, from the best run to the worst. */
export function renderRuns({ tokens, published }: Comparison): string {
  const names = [...new Set(tokens.map(({ scenario: { name } }) => name))];
  const rows = names.map((name) => {
    const [ofTokens, ofPublished] = [tokens, published].map((runs) => runs.filter(({ scenario }) => scenario.name === name));
    const prefix = ofTokens[0].scenario.expected === 'pace' ? 'reports the pace: ' : '';
    return [
      `${name} (${ofTokens.length})`,
      ...columns(ofTokens, 'burn-rate', prefix),
      ...columns(ofPublished, 'burn-rate', prefix),
      ...columns(ofTokens, 'forecast', ''),
      String([...ofTokens, ...ofPublished].reduce((sum, run) => sum + falseAlarms(run).length, 0)),
    ];
  });
  return [HEAD, HEAD.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

function columns(runs: readonly Run[], kind: AlarmKind, prefix: string): [string, string] {
  const fired = runs.map((run) => firstAlarm(run, [kind])).filter((after) => after !== undefined);
  if (fired.length === 0) return ['–', '–'];
  const some = fired.length < runs.length ? ` (${fired.length} of ${runs.length})` : '';
  return [
    `${prefix}${range(fired.map(({ minutes }) => minutes), duration)}${some}`,
    range(fired.map(({ gone }) => gone), (share) => `${(share * 100).toFixed(1)} %`),
  ];
}

function range(values: readonly number[], show: (value: number) => string): string {
  const [least, most] = [show(Math.min(...values)), show(Math.max(...values))];
  return least === most ? least : `${least} to ${most}`;
}

function duration(minutes: number): string {
  const [days, hours, rest] = [Math.floor(minutes / 1_440), Math.floor(minutes / 60) % 24, minutes % 60];
  if (minutes < 0) return `${-minutes} min before`;
  if (days > 0) return `${days} d ${hours} h`;
  return hours > 0 ? `${hours} h ${rest} min` : `${rest} min`;
}

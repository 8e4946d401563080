import { readFileSync } from 'fs';
import { join } from 'path';
import { budgetOver, LIMIT_USD } from '../budgets/simulator/budget-template';
import { compare, onlyBurnRates, overOne, overTwo, twoBudgets } from '../budgets/simulator/comparison';
import { alarmsPage } from '../budgets/simulator/page';
import { falseAlarms, firstAlarm, lateness, Run, runScenarios } from '../budgets/simulator/report';
import { daily, Scenario, scenarios, Target, weekdays } from '../budgets/simulator/scenarios';
import { SimulationOptions } from '../budgets/simulator/simulate';
import { readAlarms, text } from '../budgets/simulator/template-alarms';
import { metersOf, Pace, spending } from '../budgets/simulator/traffic';
import { describeInFull, testInFull } from '../in-full';
import { isQuick } from '../runs';

const everyMonth = scenarios();
const oneMonth = everyMonth.filter(({ name }, i) => everyMonth.findIndex((other) => other.name === name) === i);
const all = isQuick ? oneMonth : everyMonth;
/** The number of months of a scenario that does not depend on the weekday on which a month begins. */
const MONTHS_OF_EACH = isQuick ? 1 : 3;
const named = (some: readonly Scenario[]) =>
  [...new Set(some.map(({ name }) => name))].map((name) => [name, some.filter((scenario) => scenario.name === name)] as const);
const within = all.filter(({ expected }) => expected === 'silence');
const over = all.filter(({ expected }) => expected !== 'silence');

function expectSilence(runs: readonly Run[]): void {
  expect(runs.flatMap((run) => falseAlarms(run).map(({ alarm, minute }) => `${run.scenario.month}: ${alarm} after ${minute} minutes`))).toEqual([]);
  expect(runs.flatMap(({ firings }) => firings.filter(({ kind }) => kind === 'no-data'))).toEqual([]);
}

/** The minutes within the interval of the function at which it may run. */
const FIRST_RUNS = Array.from({ length: overTwo.countMinutes }, (_, minute) => minute);
/** Scenarios of the fast tier: usage far above the limit, little usage, and usage within the limit. */
const FEW = /^(20x steady|one hour at 20x|80 %|3x on weekdays).*(new|0.5x|days)$|^weekdays, 8 office hours, exactly the limit$/;

/** All scenarios in both columns of docs/alarms.md, simulated once for all tests. In the fast tier, the second column has a few of them. */
const comparison = {
  ...compare(isQuick ? all.filter(({ name }) => FEW.test(name)) : all, isQuick ? [7] : FIRST_RUNS.slice(1)),
  ...(isQuick ? { tokens: runScenarios(overOne, LIMIT_USD, all) } : {}),
};

/** The runs whose first alarm misses its target, with that alarm. */
function tooLate(runs: readonly Run[], target: (scenario: Scenario) => Target = ({ target: own }) => own!) {
  return runs.map((run) => ({ run, first: firstAlarm(run) }))
    .filter(({ run: { scenario }, first }) => !first || first.minutes > target(scenario).minutes || first.gone > target(scenario).gone)
    .map(({ run: { scenario: { name, month } }, first }) => ({ name, month, first }));
}

describe('a budget over one profile', () => {
  const run = (some: readonly Scenario[]) => comparison.tokens.filter(({ scenario }) => some.includes(scenario));

  test('prices tokens in its alarms as in the function that counts, which runs every 15 minutes', () => {
    const schedule = Object.values<any>(budgetOver(1).Resources).find(({ Type }) => Type === 'AWS::Scheduler::Schedule');
    const [{ prices }]: [{ prices: { metric: string; usdPerMillion: string }[] }] = JSON.parse(text(schedule.Properties.Target.Input)).onDemand;
    // Cached tokens have a second name without Count, at the same price.
    const byName = prices.flatMap(({ metric, usdPerMillion }) => (
      metric.startsWith('Cache') ? [metric, metric.replace('TokenCount', 'Tokens')] : [metric]).map((metricName) => ({ metricName, usdPerMillion })));
    expect(metersOf(overOne).map(({ metricName, usdPerMillion }) => ({ metricName, usdPerMillion: String(usdPerMillion) }))).toEqual(byName);
    expect(overOne.countMinutes).toBe(15);
  });

  test.each(named(within))('is silent: %s', (_, some) => {
    expectSilence(run(some));
  });

  test.each(named(over))('notifies in time: %s', (_, some) => {
    const runs = run(some);
    expect(tooLate(runs)).toEqual([]);
    expect(runs.flatMap(falseAlarms)).toEqual([]);
  });

  test('notifies at 50 and 80 % of the limit, and not at exactly 100 %', () => {
    const [{ firings }] = run(within.filter(({ name }) => name === 'steady, exactly the limit').slice(0, 1));
    expect(firings.map(({ kind, spent }) => [kind, spent.toFixed(2)])).toEqual([['notice', '0.50'], ['notice', '0.80']]);
  });

  test('notifies of a month that spends 80 % within its last 5 days, without a wrong forecast', () => {
    const runs = run(over.filter(({ expected }) => expected === 'pace'));
    // 80 % in 120 hours are 6.6 % (48 hours of 730) in 9.86 of them; known 3 minutes later
    expect(runs.map((some) => firstAlarm(some, ['burn-rate'])!.minutes)).toEqual(Array(MONTHS_OF_EACH).fill(595));
    expect(runs.map((some) => firstAlarm(some, ['forecast', 'month-to-date']))).toEqual(Array(MONTHS_OF_EACH).fill(undefined));
  });
});

describeInFull('the burn rates, in other readings of CloudWatch', () => {
  const run = (some: readonly Scenario[], options: SimulationOptions) => runScenarios(onlyBurnRates(overOne), LIMIT_USD, some, options);
  // The forecast reports the scenarios at 1.5x; the burn rates do not.
  const fast = over.filter(({ name }) => !name.startsWith('1.5x'));

  test('are silent within the limit when metrics come at once', () => {
    // Whole windows, at every minute: those that are late or advance by the hour hold no more.
    expectSilence(run(within, { delayMinutes: 0 }));
  });

  test('notify in time when metrics are 10 minutes late', () => {
    expect(tooLate(run(fast, { delayMinutes: 10 }))).toEqual([]);
  });

  test('notify at most an hour later when windows advance by the hour and metrics are 10 minutes late', () => {
    const runs = run(fast, { advance: 'every-hour', delayMinutes: 10 });
    // Spending that begins just after a full hour is in a whole window at the second full hour after it.
    const later = ({ target }: Scenario) => ({ minutes: target!.minutes + 70, gone: target!.gone * (1 + 70 / target!.minutes) });
    expect(tooLate(runs, later)).toEqual([]);
    // Spending that begins at a full hour is reported in time.
    expect(tooLate(runs.filter(({ scenario: { name } }) => /^20x steady/.test(name)))).toEqual([]);
  });

  const rhythm = (month: string, shape: Pace): Scenario[] => {
    const pace = spending(1, month, shape);
    return [{ name: 'rhythm', month, pace, paceBefore: pace, expected: 'silence' }];
  };
  const monWedFri: Pace = (moment) => (moment.weekday % 2 === 1 ? daily(8)(moment) : 0);
  // Alarms that are allowed at exactly the limit: for an hour above 12 / 730 of it, or a day above 48 / 730.
  test.each<[string, string, Pace, string[]]>([
    // 28 days of an hour each: 3.6 % of the limit within an hour, more than the 1.6 % that trigger an alarm
    ['every day within 1 hour', '2026-02', daily(1), ['fast']],
    // 31 x 2 hours: 1.61 % within an hour
    ['every day within 2 hours', '2026-10', daily(2), []],
    // 20 x 2 hours: 2.5 % within an hour; 5.0 % within a day, less than the 6.6 % that trigger an alarm
    ['on weekdays within 2 hours', '2026-02', weekdays(2), ['fast']],
    ['on weekdays within 4 hours', '2026-02', weekdays(4), []],
    // 12 days: 8.3 % within a day
    ['on three days a week', '2026-02', monWedFri, ['slow']],
  ])('notify of a rhythm that spends exactly the limit %s in %s: %p', (_, month, shape, expected) => {
    const [{ firings }] = run(rhythm(month, shape), { delayMinutes: 0 });
    expect(firings.map(({ alarm }) => (/Burn1/.test(alarm) ? 'fast' : 'slow'))).toEqual(expected);
  });
});

describe('alarms on the metrics of the function', () => {
  const { tokens, published, shifted } = comparison;
  const of = (runs: readonly Run[], isWanted: (scenario: Scenario) => boolean) => runs.filter(({ scenario }) => isWanted(scenario));
  const isWithin = ({ expected }: Scenario) => expected === 'silence';
  const isOver = ({ target }: Scenario) => target !== undefined;

  test.each([['12 metrics', overTwo, 1], ['two budgets', twoBudgets, 2]])('are five of each budget in a stack with %s, none of them on token metrics', (_, alarms, budgets) => {
    expect(alarms.budgets.map(({ burnRates }) => burnRates.length)).toEqual(Array(budgets).fill(2));
    expect(alarms.compositeAlarms).toEqual([]);
    const read = alarms.metricAlarms.flatMap(({ metrics }) => [...metrics.values()].map(({ namespace, metricName }) => `${namespace} ${metricName}`));
    expect(read.sort()).toEqual(['BurnRatio', 'ForecastUsd', 'MonthToDateUsd', 'MonthToDateUsd', 'MonthToDateUsd']
      .flatMap((name) => Array(budgets).fill(`CdkBedrockCost ${name}`)));
    // Not played: the alarm on the function, which notifies of missing runs as well.
    expect([...alarms.leftOut.keys()]).toEqual([expect.stringMatching(/^BedrockCostMonthToDateFailing/)]);
  });

  test('are silent within the limit', () => {
    const runs = of(published, isWithin);
    expect(runs).toHaveLength(2 * of(tokens, (scenario) => isWithin(scenario) && (!isQuick || FEW.test(scenario.name))).length);
    expectSilence(runs);
  });

  test('notify in time, and not for the other budget, which spends exactly its limit', () => {
    const runs = of([...published, ...shifted], isOver);
    expect(runs.length).toBeGreaterThan(0);
    // The shifted runs have burn rates only, none of which reports 1.5 times the pace: the forecast does.
    expect(tooLate([...of(published, isOver), ...of(shifted, ({ name }) => !name.startsWith('1.5x steady'))])).toEqual([]);
    expect(runs.flatMap(falseAlarms)).toEqual([]);
    const ofOther = runs.flatMap(({ firings }) => firings.filter(({ alarm }) => alarm.startsWith('Team2')));
    expect(new Set(ofOther.map(({ kind }) => kind))).toEqual(new Set(['notice']));
  });

  test('on the forecast notify at the same time as with alarms on token metrics, or one run later if the forecast hardly exceeds the limit', () => {
    const later = [...lateness(of(tokens, (scenario) => published.some((run) => run.scenario === scenario)), published, 'forecast').values()];
    expect(later.filter((minutes) => minutes !== 0 && minutes !== 15)).toEqual([]);
    expect(later.filter((minutes) => minutes > 0).length).toBeLessThanOrEqual(1);
  });

  test('on burn rates notify at most 15 minutes later, the interval of the function', () => {
    const later = lateness(of(tokens, (scenario) => published.some((run) => run.scenario === scenario)), published, 'burn-rate');
    expect(Math.max(...later.values())).toBeLessThanOrEqual(15);
    expect(Math.min(...later.values())).toBeGreaterThanOrEqual(0);
  });

  testInFull('on burn rates notify up to 4 minutes later if the function does not run at a multiple of 5 minutes', () => {
    const later = lateness(tokens, shifted, 'burn-rate');
    expect(later.size).toBeGreaterThan(0);
    expect(Math.max(...later.values())).toBeLessThanOrEqual(15 + 4);
  });

  testInFull('are silent within the limit with any time of the last recount', () => {
    const rhythms = within.filter(({ name, month }) => /^(steady|weekdays, 8).*exactly the limit(, new)?$/.test(name) && ['2026-02', '2026-05'].includes(month));
    expect(rhythms.length).toBeGreaterThanOrEqual(3);
    for (const hour of [6, 9, 12, 18]) expectSilence(runScenarios(overTwo, LIMIT_USD, rhythms, { recountsAt: hour * 60 }));
  });
});

describe('a budget over six profiles, whose 36 metrics are one ratio', () => {
  const six = readAlarms(budgetOver(6));
  const first = (alarms: typeof six, scenario: Scenario) => firstAlarm(runScenarios(onlyBurnRates(alarms), LIMIT_USD, [scenario])[0])?.minutes;

  test('has one alarm on burn rates, which notifies directly', () => {
    const { metricAlarms, compositeAlarms } = onlyBurnRates(six);
    expect(metricAlarms.map(({ metrics, notifies }) => [...metrics.values(), notifies])).toEqual([
      [{ namespace: 'CdkBedrockCost', metricName: 'BurnRatio', dimensions: 'Budget=Stack/Budget', statistic: 'Maximum' }, true],
    ]);
    expect(compositeAlarms).toEqual([]);
    expect(six.budgets[0].meters).toHaveLength(24);
  });

  testInFull('alarms like a budget over two when all have equal use', () => {
    const some = oneMonth.filter(({ name }) => /^(20x steady|3x on weekdays|1.5x steady|80 %).*(new|days)$/.test(name));
    expect(some.length).toBeGreaterThanOrEqual(4);
    for (const scenario of some) expect(first(six, scenario)).toBe(first(overTwo, scenario));
  });

  test('reports runaway use of one of them as early as a budget over two', () => {
    const [runaway] = oneMonth.filter(({ name }) => name.startsWith('one hour at 20x'));
    expect(first(six, { ...runaway, models: 1 })).toBe(first(overTwo, runaway));
  });

  test('reports runaway use of one that was idle before, at most two runs later', () => {
    const [runaway] = oneMonth.filter(({ name }) => name.startsWith('one hour at 40x'));
    const alone: Scenario = { ...runaway, models: 1, pace: (moment) => (runaway.pace(moment) > 1 ? 40 : 0), paceBefore: undefined };
    const later = first(six, alone)! - first(overOne, alone)!;
    expect(later).toBeGreaterThanOrEqual(0);
    expect(later).toBeLessThan(2 * six.countMinutes + 3);
  });

  test.each(isQuick ? [1] : [1, 2, 3])('is silent at exactly the limit when %p of them have all of it, against the plan', (models) => {
    const rhythms = within.filter(({ name, month }) => /^(steady|weekdays, 8).*exactly the limit(, new)?$/.test(name) && month === '2026-02');
    expect(rhythms.length).toBeGreaterThanOrEqual(3);
    expectSilence(runScenarios(onlyBurnRates(six), LIMIT_USD, rhythms.map((scenario) => ({ ...scenario, models }))));
  });
});

testInFull('docs/alarms.md is current: npm run alarms', () => {
  expect(readFileSync(join(__dirname, '../../docs/alarms.md'), 'utf8')).toBe(alarmsPage(comparison));
});

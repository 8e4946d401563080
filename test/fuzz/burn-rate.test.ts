import { readFileSync } from 'fs';
import { join } from 'path';
import { budgetOver, LIMIT_USD } from '../budgets/simulator/budget-template';
import { alarmsPage } from '../budgets/simulator/page';
import { falseAlarms, firstAlarm, Run, runScenarios } from '../budgets/simulator/report';
import { daily, Scenario, scenarios, Target, weekdays } from '../budgets/simulator/scenarios';
import { SimulationOptions } from '../budgets/simulator/simulate';
import { readAlarms, TemplateAlarms, text } from '../budgets/simulator/template-alarms';
import { metersOf, Pace, spending } from '../budgets/simulator/traffic';
import { describeInFull, testInFull } from '../in-full';
import { isQuick } from '../runs';

const one = readAlarms(budgetOver(1));
/** Those on token metrics, and those on what the function says was spent within a window. */
const onlyBurnRates = (alarms: TemplateAlarms): TemplateAlarms => ({
  ...alarms,
  metricAlarms: alarms.metricAlarms.filter(({ metrics }) =>
    [...metrics.values()].every(({ namespace, metricName }) => namespace === 'AWS/Bedrock' || metricName === 'SpentUsd')),
});

const everyMonth = scenarios();
const oneMonth = everyMonth.filter(({ name }, i) => everyMonth.findIndex((other) => other.name === name) === i);
const all = isQuick ? oneMonth : everyMonth;
/** Of a scenario that does not depend on the weekday with which a month begins. */
const MONTHS_OF_EACH = isQuick ? 1 : 3;
const named = (some: readonly Scenario[]) =>
  [...new Set(some.map(({ name }) => name))].map((name) => [name, some.filter((scenario) => scenario.name === name)] as const);
const within = all.filter(({ expected }) => expected === 'silence');
const over = all.filter(({ expected }) => expected !== 'silence');

function expectSilence(runs: readonly Run[]): void {
  expect(runs.flatMap((run) => falseAlarms(run).map(({ alarm, minute }) => `${run.scenario.month}: ${alarm} after ${minute} minutes`))).toEqual([]);
  expect(runs.flatMap(({ firings }) => firings.filter(({ kind }) => kind === 'no-data'))).toEqual([]);
}

/** A scenario with a budget over one profile, simulated once for all tests. */
const ran = new Map<Scenario, Run>();
function runOverOne(scenario: Scenario): Run {
  const run = ran.get(scenario) ?? runScenarios(one, LIMIT_USD, [scenario])[0];
  ran.set(scenario, run);
  return run;
}

/** The runs whose first alarm misses its target, with that alarm. */
function tooLate(runs: readonly Run[], target: (scenario: Scenario) => Target = ({ target: own }) => own!) {
  return runs.map((run) => ({ run, first: firstAlarm(run) }))
    .filter(({ run: { scenario }, first }) => !first || first.minutes > target(scenario).minutes || first.gone > target(scenario).gone)
    .map(({ run: { scenario: { name, month } }, first }) => ({ name, month, first }));
}

describe('a budget over one profile', () => {
  const run = (some: readonly Scenario[]) => some.map(runOverOne);

  test('prices tokens in its alarms as in the function that counts, which runs every 15 minutes', () => {
    const schedule = Object.values<any>(budgetOver(1).Resources).find(({ Type }) => Type === 'AWS::Scheduler::Schedule');
    const [{ prices }]: [{ prices: { metric: string; usdPerMillion: string }[] }] = JSON.parse(text(schedule.Properties.Target.Input)).onDemand;
    // Cached tokens have a second name without Count, at the same price.
    const byName = prices.flatMap(({ metric, usdPerMillion }) => (
      metric.startsWith('Cache') ? [metric, metric.replace('TokenCount', 'Tokens')] : [metric]).map((metricName) => ({ metricName, usdPerMillion })));
    expect(metersOf(one).map(({ metricName, usdPerMillion }) => ({ metricName, usdPerMillion: String(usdPerMillion) }))).toEqual(byName);
    expect(one.countMinutes).toBe(15);
  });

  test.each(named(within))('is silent: %s', (_, some) => {
    expectSilence(run(some));
  });

  test.each(named(over))('tells in time: %s', (_, some) => {
    const runs = run(some);
    expect(tooLate(runs)).toEqual([]);
    expect(runs.flatMap(falseAlarms)).toEqual([]);
  });

  test('tells at 50 and 80 % of the limit, and nothing at exactly 100 %', () => {
    const [{ firings }] = run(within.filter(({ name }) => name === 'steady, exactly the limit').slice(0, 1));
    expect(firings.map(({ kind, spent }) => [kind, spent.toFixed(2)])).toEqual([['notice', '0.50'], ['notice', '0.80']]);
  });

  test('tells the pace of a month that spends 80 % within its last 5 days, and forecasts nothing wrong', () => {
    const runs = run(over.filter(({ expected }) => expected === 'pace'));
    // 80 % in 120 hours are 6.6 % (48 hours of 730) in 9.86 of them; known 3 minutes later
    expect(runs.map((some) => firstAlarm(some, ['burn-rate'])!.minutes)).toEqual(Array(MONTHS_OF_EACH).fill(595));
    expect(runs.map((some) => firstAlarm(some, ['forecast', 'month-to-date']))).toEqual(Array(MONTHS_OF_EACH).fill(undefined));
  });
});

describeInFull('the burn rates, in other readings of CloudWatch', () => {
  const run = (some: readonly Scenario[], options: SimulationOptions) => runScenarios(onlyBurnRates(one), LIMIT_USD, some, options);
  // The forecast tells them; no burn rate does.
  const fast = over.filter(({ name }) => !name.startsWith('1.5x'));

  test('are silent within the limit when metrics come at once', () => {
    // Whole windows, at every minute: those that are late or advance by the hour hold no more.
    expectSilence(run(within, { delayMinutes: 0 }));
  });

  test('tell in time when metrics are 10 minutes late', () => {
    expect(tooLate(run(fast, { delayMinutes: 10 }))).toEqual([]);
  });

  test('tell an hour later at most when windows advance by the hour and metrics are 10 minutes late', () => {
    const runs = run(fast, { advance: 'every-hour', delayMinutes: 10 });
    // What begins just after a full hour is seen whole at the second one after it.
    const later = ({ target }: Scenario) => ({ minutes: target!.minutes + 70, gone: target!.gone * (1 + 70 / target!.minutes) });
    expect(tooLate(runs, later)).toEqual([]);
    // From a full hour on, within the hour as well.
    expect(tooLate(runs.filter(({ scenario: { name } }) => /^20x steady/.test(name)))).toEqual([]);
  });

  const rhythm = (month: string, shape: Pace): Scenario[] => {
    const pace = spending(1, month, shape);
    return [{ name: 'rhythm', month, pace, paceBefore: pace, expected: 'silence' }];
  };
  const monWedFri: Pace = (moment) => (moment.weekday % 2 === 1 ? daily(8)(moment) : 0);
  // What an alarm may tell of at exactly the limit: an hour above 12 / 730 of it, a day above 48 / 730.
  test.each<[string, string, Pace, string[]]>([
    // 28 days of an hour each: 3.6 % of the limit within an hour, of which 1.6 % are told
    ['every day within 1 hour', '2026-02', daily(1), ['fast']],
    // 31 x 2 hours: 1.61 % within an hour
    ['every day within 2 hours', '2026-10', daily(2), []],
    // 20 x 2 hours: 2.5 % within an hour; 5.0 % within a day, of which 6.6 % are told
    ['on weekdays within 2 hours', '2026-02', weekdays(2), ['fast']],
    ['on weekdays within 4 hours', '2026-02', weekdays(4), []],
    // 12 days: 8.3 % within a day
    ['on three days a week', '2026-02', monWedFri, ['slow']],
  ])('tell of a rhythm that spends exactly the limit %s in %s: %p', (_, month, shape, expected) => {
    const [{ firings }] = run(rhythm(month, shape), { delayMinutes: 0 });
    expect(firings.map(({ alarm }) => (/Burn1/.test(alarm) ? 'fast' : 'slow'))).toEqual(expected);
  });
});

describe('a budget over six profiles, whose 36 metrics are spread over six alarms', () => {
  const six = readAlarms(budgetOver(6));
  // One month of each is enough to see the same.
  const some = oneMonth.filter(({ name }) => /^(20x steady|3x on weekdays|1.5x steady|80 %).*(new|days)$|^weekdays, 8 office hours, exactly the limit$/.test(name));

  test('has composite alarms over children that do not notify', () => {
    const { metricAlarms, compositeAlarms } = onlyBurnRates(six);
    // Six groups of 6 metrics, and the whole, over three windows.
    const sizes = metricAlarms.map(({ metrics, notifies }) => [metrics.size, notifies]).sort();
    expect(sizes).toEqual([...Array(3).fill([1, false]), ...Array(18).fill([6, false])]);
    expect(compositeAlarms.map(({ children, notifies }) => [children.length, notifies])).toEqual(expect.arrayContaining([[14, true], [7, true]]));
  });

  testInFull('alarms as a budget over one when all are used alike, one count of the function later at most', () => {
    const [ofOne, ofSix] = [one, six].map((alarms) => runScenarios(onlyBurnRates(alarms), LIMIT_USD, some).map((run) => firstAlarm(run)?.minutes));
    // Neither tells of steady use at 1.5 times the pace: the forecast does.
    expect(ofSix.map((minutes) => minutes === undefined)).toEqual(ofOne.map((minutes) => minutes === undefined));
    const later = ofSix.flatMap((minutes, i) => (minutes === undefined ? [] : [minutes - ofOne[i]!]));
    for (const minutes of later) {
      expect(minutes).toBeGreaterThanOrEqual(-1);
      expect(minutes).toBeLessThanOrEqual(six.countMinutes! + 5);
    }
  });

  testInFull('keeps silent and tells in time, forecast and all', () => {
    const few = some.filter(({ name }) => /^(20x steady, new|1.5x steady, new|weekdays)/.test(name));
    const runs = runScenarios(six, LIMIT_USD, few);
    expect(runs).toHaveLength(3);
    expectSilence(runs.filter(({ scenario: { expected } }) => expected === 'silence'));
    expect(tooLate(runs.filter(({ scenario: { target } }) => target))).toEqual([]);
  });

  test('tells of a runaway in one of them as soon as a budget over one', () => {
    const runaway = oneMonth.filter(({ name }) => name.startsWith('one hour at 20x'));
    const [ofOne] = runScenarios(onlyBurnRates(one), LIMIT_USD, runaway).map((run) => firstAlarm(run)!.minutes);
    const inOne = runaway.map((scenario) => ({ ...scenario, models: 1 }));
    const [ofSix] = runScenarios(onlyBurnRates(six), LIMIT_USD, inOne).map((run) => firstAlarm(run)!.minutes);
    expect(Math.abs(ofSix - ofOne)).toBeLessThanOrEqual(1);
  });

  test.each(isQuick ? [1] : [1, 2, 3])('is silent at exactly the limit when %p of them have all of it, against the plan', (models) => {
    const rhythms = within.filter(({ name, month }) => /^(steady|weekdays, 8).*exactly the limit(, new)?$/.test(name) && month === '2026-02');
    expect(rhythms.length).toBeGreaterThanOrEqual(3);
    expectSilence(runScenarios(onlyBurnRates(six), LIMIT_USD, rhythms.map((scenario) => ({ ...scenario, models }))));
  });
});

testInFull('docs/alarms.md is current: npm run alarms', () => {
  expect(readFileSync(join(__dirname, '../../docs/alarms.md'), 'utf8')).toBe(alarmsPage(all.map(runOverOne)));
});

import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { falseAlarms, firstAlarm, Run, runScenarios } from './simulator/report';
import { daily, Scenario, scenarios, Target, weekdays } from './simulator/scenarios';
import { SimulationOptions } from './simulator/simulate';
import { readAlarms, TemplateAlarms, text } from './simulator/template-alarms';
import { metersOf, Pace, spending } from './simulator/traffic';
import { CostBudget } from '../../src/budgets/cost-budget';
import { BudgetEnforcement } from '../../src/budgets/cost-budget-props';
import { ApplicationInferenceProfile } from '../../src/inference/application-inference-profile';
import { BedrockModel } from '../../src/inference/bedrock-model';

// $20 an hour of 730
const LIMIT = 14_600;

/** A budget over profiles of one model, all planned alike. */
function budgetOver(profiles: number): { [section: string]: any } {
  const stack = new Stack(new App(), 'Stack', { env: { region: 'us-west-2', account: '111122223333' } });
  new CostBudget(stack, 'Budget', { monthlyLimitUsd: LIMIT, enforcement: BudgetEnforcement.WARN });
  for (let i = 1; i <= profiles; i++) {
    new ApplicationInferenceProfile(stack, `Profile${i}`, {
      model: BedrockModel.of('us.anthropic.claude-sonnet-4-6'), usage: { requestsPerMonth: 100_000, inputTokensPerRequest: 2_000 },
    });
  }
  return Template.fromStack(stack).toJSON();
}

const one = readAlarms(budgetOver(1));
const onlyBurnRates = (alarms: TemplateAlarms): TemplateAlarms =>
  ({ ...alarms, metricAlarms: alarms.metricAlarms.filter(({ metrics }) => [...metrics.values()].every(({ namespace }) => namespace === 'AWS/Bedrock')) });

const all = scenarios();
const named = (some: readonly Scenario[]) =>
  [...new Set(some.map(({ name }) => name))].map((name) => [name, some.filter((scenario) => scenario.name === name)] as const);
const within = all.filter(({ expected }) => expected === 'silence');
const over = all.filter(({ expected }) => expected !== 'silence');

function expectSilence(runs: readonly Run[]): void {
  expect(runs.flatMap((run) => falseAlarms(run).map(({ alarm, minute }) => `${run.scenario.month}: ${alarm} after ${minute} minutes`))).toEqual([]);
  expect(runs.flatMap(({ firings }) => firings.filter(({ kind }) => kind === 'no-data'))).toEqual([]);
}

/** The runs whose first alarm misses its target, with that alarm. */
function tooLate(runs: readonly Run[], target: (scenario: Scenario) => Target = ({ target: own }) => own!) {
  return runs.map((run) => ({ run, first: firstAlarm(run) }))
    .filter(({ run: { scenario }, first }) => !first || first.minutes > target(scenario).minutes || first.gone > target(scenario).gone)
    .map(({ run: { scenario: { name, month } }, first }) => ({ name, month, first }));
}

describe('a budget over one profile', () => {
  const run = (some: readonly Scenario[], options?: SimulationOptions) => runScenarios(one, LIMIT, some, options);

  test('prices tokens in its alarms as in the function that counts, which runs every 15 minutes', () => {
    const schedule = Object.values(budgetOver(1).Resources as any[]).find(({ Type }) => Type === 'AWS::Scheduler::Schedule');
    const [{ prices }] = JSON.parse(text(schedule.Properties.Target.Input)).onDemand;
    expect(metersOf(one).map(({ metricName, usdPerMillion }) => ({ metricName, usdPerMillion: String(usdPerMillion) }))).toEqual(prices);
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
    expect(runs.map((some) => firstAlarm(some, ['burn-rate'])!.minutes)).toEqual([595, 595, 595]);
    expect(runs.map((some) => firstAlarm(some, ['forecast', 'month-to-date']))).toEqual([undefined, undefined, undefined]);
  });
});

describe('the burn rates, in other readings of CloudWatch', () => {
  const run = (some: readonly Scenario[], options: SimulationOptions) => runScenarios(onlyBurnRates(one), LIMIT, some, options);
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

describe('a budget over six profiles, whose 24 metrics are spread over three alarms', () => {
  const six = readAlarms(budgetOver(6));
  // One month of each is enough to see the same.
  const each = named(all).map(([, [scenario]]) => scenario);
  const some = each.filter(({ name }) => /^(20x steady|3x on weekdays|1.5x steady|80 %).*(new|days)$|^weekdays, 8 office hours, exactly the limit$/.test(name));

  test('has composite alarms over children that do not notify', () => {
    const { metricAlarms, compositeAlarms } = onlyBurnRates(six);
    expect(metricAlarms.map(({ metrics, notifies }) => [metrics.size, notifies])).toEqual(Array(9).fill([8, false]));
    expect(compositeAlarms.map(({ children, notifies }) => [children.length, notifies])).toEqual(expect.arrayContaining([[6, true], [3, true]]));
  });

  test('tells what a budget over one tells when all are used alike', () => {
    const [ofOne, ofSix] = [one, six].map((alarms) => runScenarios(onlyBurnRates(alarms), LIMIT, some).map((run) => firstAlarm(run)?.minutes));
    // Tokens are whole in each of 18 metrics: a minute more or less.
    const apart = ofSix.map((minutes, i) => (minutes === ofOne[i] ? 0 : Math.abs(minutes! - ofOne[i]!)));
    apart.forEach((minutes) => expect(minutes).toBeLessThanOrEqual(1));
  });

  test('keeps silent and tells in time, forecast and all', () => {
    const few = some.filter(({ name }) => /^(20x steady, new|1.5x steady, new|weekdays)/.test(name));
    const runs = runScenarios(six, LIMIT, few);
    expect(runs).toHaveLength(3);
    expectSilence(runs.filter(({ scenario: { expected } }) => expected === 'silence'));
    expect(tooLate(runs.filter(({ scenario: { target } }) => target))).toEqual([]);
  });

  test('tells sooner of a runaway in one of them', () => {
    const runaway = each.filter(({ name }) => name.startsWith('one hour at 20x')).map((scenario) => ({ ...scenario, models: 1 }));
    const [first] = runScenarios(onlyBurnRates(six), LIMIT, runaway).map((run) => firstAlarm(run)!);
    // A third of the limit is for the alarm's two profiles: 12 times its pace are 4 times the whole, 60 x 4 / 20 minutes and 3.
    expect(first.minutes).toBe(15);
  });

  // Known, and in the documentation: an alarm cannot see what others have left.
  test('tells of use within the limit when one profile has all of it, against the plan', () => {
    const steady = each.filter(({ name }) => name === 'steady, exactly the limit, new').map((scenario) => ({ ...scenario, models: 1 }));
    const [run] = runScenarios(onlyBurnRates(six), LIMIT, steady);
    expect(firstAlarm(run)).toBeDefined();
  });
});

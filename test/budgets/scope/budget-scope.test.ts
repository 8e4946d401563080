import { App, Duration, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { BudgetScope } from '../../../src/budgets/scope/budget-scope';
import { BudgetTopics } from '../../../src/budgets/scope/budget-topics';
import { isMetered } from '../../../src/budgets/scope/meter';
import { NotificationTopic } from '../../../src/budgets/scope/notification-topic';
import { StackCounts } from '../../../src/budgets/scope/stack-request';
import { decimal } from '../../../src/pricing/decimal';
import { CostEstimates } from '../../../src/registration/cost-estimates';
import { env, profile, traffic } from '../synth';

const account = env.account;

function app(limitUsd = 1460) {
  const root = new App();
  const home = new Stack(root, 'Home', { env });
  const notifications = new NotificationTopic(home, 'Topic', { given: new Topic(home, 'Given'), emailAddresses: [], anomalies: false, named: false });
  const scope = new BudgetScope(home, root, new BudgetTopics(home, notifications, []), {
    limit: decimal(limitUsd),
    plannedLimitsUsd: undefined,
    burnRates: [{ window: Duration.hours(24), shortWindow: Duration.hours(6), factor: 2 }, { window: Duration.hours(6), factor: 4 }],
    thresholdPercents: [100],
    forecastThresholdPercents: [100],
    interval: Duration.minutes(15),
    batchCostFactor: 2,
  });
  scope.onEntry((entry) => {
    if (isMetered(entry) && !scope.meterOf(entry)) scope.addMeter(entry);
  });
  return { root, home, scope };
}

const countsOf = (scope: BudgetScope, stack: Stack) => new StackCounts(stack, [scope.planOf(stack)]);

describe('the entries of a budget', () => {
  test('include those from before and after the budget, without removed constructs', () => {
    const { root, home, scope } = app();
    profile(home, 'Chat');
    profile(new Stack(root, 'Other', { env }), 'Search');
    home.node.tryRemoveChild('Chat');
    expect(scope.entries.map(({ construct }) => construct.node.path)).toEqual(['Other/Search']);
  });
});

describe('the plan of a stack', () => {
  test('has the meters of its stack only; the home stack adds up the parts of its account', () => {
    const { root, home, scope } = app();
    profile(home, 'Chat');
    const part = new Stack(root, 'Part', { env: { region: 'eu-west-1', account } });
    const foreign = new Stack(root, 'Foreign', { env: { region: 'us-west-2', account: '444455556666' } });
    profile(part, 'Search');
    profile(foreign, 'Chat');
    expect(scope.stacks).toEqual([home, part, foreign]);
    expect(scope.regions).toEqual(['us-west-2', 'eu-west-1']);
    expect(countsOf(scope, part).request()).toMatchObject({ stack: 'Part', onDemand: [{ resource: 'Part/Search' }], budgets: [{ onDemand: [0], total: undefined, publishPart: true }] });
    const { onDemand, budgets: [{ total, publishPart }] } = countsOf(scope, home).request();
    expect(onDemand.map(({ resource }) => resource)).toEqual(['Home/Chat']);
    expect(total).toMatchObject({ parts: [{ stack: 'Part', region: 'eu-west-1' }], publishTo: [] });
    expect(publishPart).toBe(false);
  });

  test('leaves a model that is called directly to the first stack of the account and region', () => {
    const { root, home, scope } = app();
    traffic(home);
    const other = new Stack(root, 'Other', { env });
    traffic(other);
    profile(other, 'Chat');
    expect(scope.planOf(other).meters.map(({ resource }) => resource)).toEqual(['Other/Chat']);
    expect(countsOf(scope, other).request().budgets[0].countedElsewhere).toEqual(['us.anthropic.claude-sonnet-4-6']);
  });

  test('has alarms on its metrics while they fit into one alarm: 6 metrics of a profile with a prompt cache, 10 of an alarm', () => {
    const { home, scope } = app();
    profile(home, 'One');
    const plan = scope.planOf(home);
    const seen = () => ({
      windows: scope.windowsMinutes,
      hasTokenAlarms: plan.hasTokenAlarms,
      publishesWindows: scope.publishesWindows,
      publishesBurnRatio: plan.publishesBurnRatio,
    });
    expect(seen()).toEqual({ windows: [], hasTokenAlarms: true, publishesWindows: false, publishesBurnRatio: false });
    profile(home, 'Two');
    expect(seen()).toEqual({ windows: [1440, 360], hasTokenAlarms: false, publishesWindows: false, publishesBurnRatio: true });
  });
});

describe('the runs of a month', () => {
  // 730 hours x 4, of which 730 / 24
  const runs = { runs: 2_920, recounts: 31 };

  test('list 13 metrics of each profile, 500 on a page', () => {
    const { home, scope } = app();
    for (let i = 0; i < 39; i++) profile(home, `Profile${i}`);
    // 39 x 13 = 507: two pages in 2,889 runs, and one request that publishes in each run.
    expect(countsOf(scope, home).requests(runs)).toBe(8_698);
    // 39 x 4 = 156 in use: each once in a run, and twice in a recount, which also reads 39 x 2 second names.
    expect(countsOf(scope, home).metricsRead(runs)).toBe(2_889 * 156 + 31 * (2 * 156 + 78));
  });

  test('read both ids of a model that is called directly', () => {
    const { home, scope } = app();
    traffic(home);
    // With windows, since both do not fit into one alarm: 8 active metrics with 12 names.
    expect(countsOf(scope, home).metricsRead(runs)).toBe(2_889 * 8 + 31 * (12 + 8));
  });

  test('publish the total in each region of a stop', () => {
    const { root, home, scope } = app();
    profile(home, 'Chat');
    expect(scope.planOf(home).metricsPublished).toBe(2);
    scope.addStop(new Stack(root, 'Abroad', { env: { region: 'eu-west-1', account } }));
    expect(scope.planOf(home).metricsPublished).toBe(4);
    // 2,889 pages; two regions in 2,920 runs.
    expect(countsOf(scope, home).requests(runs)).toBe(8_729);
  });

  test('publish the cost of each resource only for a dashboard, which shows the stacks of its account', () => {
    const { root, home, scope } = app();
    const foreign = new Stack(root, 'Foreign', { env: { region: 'us-west-2', account: '444455556666' } });
    for (const stack of [home, foreign]) profile(stack, 'Chat');
    const plans = [home, foreign].map((stack) => scope.planOf(stack));
    const published = () => plans.map((plan) => [new StackCounts(plan.stack, [plan]).request().budgets[0].resourceMetrics, plan.metricsPublished]);
    expect(published()).toEqual([[undefined, 2], [undefined, 2]]);
    scope.addDashboard();
    expect(published()).toEqual([[true, 3], [undefined, 2]]);
  });
});

test('the total is published once in each other region with stop actions', () => {
  const { root, home, scope } = app();
  profile(home, 'Chat');
  for (const [id, region] of [['A', 'us-west-2'], ['B', 'eu-west-1'], ['C', 'eu-west-1']]) scope.addStop(new Stack(root, id, { env: { region, account } }));
  expect(scope.total.publishTo).toEqual(['eu-west-1']);
});

test('no cost is counted without a meter or a price', () => {
  const { home, scope } = app();
  expect(scope.isCounting).toBe(false);
  profile(home, 'Chat');
  expect(scope.isCounting).toBe(true);
});

describe('the allowance for tokens', () => {
  test('is the limit minus the planned cost of other usage, and follows later additions', () => {
    const { home, scope } = app(20_000);
    traffic(home);
    expect(scope.tokenAllowance().toFixed()).toBe('20000');
    // Llama 3.1 70B, us-west-2, no commitment: $24.00 x 730 hours = $17,520
    CostEstimates.of(home).addProvisioned('Units', { model: 'meta.llama3-1-70b-instruct-v1:0', modelUnits: 1 });
    expect(scope.tokenAllowance().toFixed()).toBe('2480');
  });

  test('is at least the planned cost of tokens', () => {
    const { home, scope } = app(100);
    traffic(home);
    expect(scope.tokenAllowance().toFixed()).toBe('660');
  });
});

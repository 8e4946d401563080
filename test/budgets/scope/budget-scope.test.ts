import { App, Duration, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { BudgetScope } from '../../../src/budgets/scope/budget-scope';
import { BudgetTopics } from '../../../src/budgets/scope/budget-topics';
import { isMetered } from '../../../src/budgets/scope/meter';
import { NotificationTopic } from '../../../src/budgets/scope/notification-topic';
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

describe('the entries of a budget', () => {
  test('are those of before and after, without removed constructs', () => {
    const { root, home, scope } = app();
    profile(home, 'Chat');
    profile(new Stack(root, 'Other', { env }), 'Search');
    home.node.tryRemoveChild('Chat');
    expect(scope.entries.map(({ construct }) => construct.node.path)).toEqual(['Other/Search']);
  });
});

describe('the plan of a stack', () => {
  test('has the meters of the stack alone; the home stack adds up the parts of its account', () => {
    const { root, home, scope } = app();
    profile(home, 'Chat');
    const part = new Stack(root, 'Part', { env: { region: 'eu-west-1', account } });
    const foreign = new Stack(root, 'Foreign', { env: { region: 'us-west-2', account: '444455556666' } });
    profile(part, 'Search');
    profile(foreign, 'Chat');
    expect(scope.stacks).toEqual([home, part, foreign]);
    expect(scope.regions).toEqual(['us-west-2', 'eu-west-1']);
    expect(scope.planOf(part).request()).toMatchObject({ stack: 'Part', onDemand: [{ resource: 'Part/Search' }], budgets: [{ onDemand: [0], total: undefined, publishPart: true }] });
    const { onDemand, budgets: [{ total, publishPart }] } = scope.planOf(home).request();
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
    expect(scope.planOf(other).request().budgets[0].countedElsewhere).toEqual(['us.anthropic.claude-sonnet-4-6']);
  });

  test('has a group of meters for each alarm: 6 metrics of a profile with a prompt cache, 10 of an alarm', () => {
    const { home, scope } = app();
    profile(home, 'One');
    expect(scope.isSpendPublished).toBe(false);
    expect(scope.windowsMinutes).toEqual([]);
    profile(home, 'Two');
    expect(scope.planOf(home).meterGroups.map((meters) => meters.length)).toEqual([1, 1]);
    expect(scope.isSpendPublished).toBe(true);
    expect(scope.windowsMinutes).toEqual([1440, 360]);
  });
});

test('the cost of the whole is published in the other regions of stops, each once', () => {
  const { root, home, scope } = app();
  profile(home, 'Chat');
  for (const [id, region] of [['A', 'us-west-2'], ['B', 'eu-west-1'], ['C', 'eu-west-1']]) scope.addStop(new Stack(root, id, { env: { region, account } }));
  expect(scope.total.publishTo).toEqual(['eu-west-1']);
});

test('nothing is counted without a meter or a price', () => {
  const { home, scope } = app();
  expect(scope.isCounting).toBe(false);
  profile(home, 'Chat');
  expect(scope.isCounting).toBe(true);
});

describe('the allowance for tokens', () => {
  test('is the limit without the planned cost of all else, and follows what is added later', () => {
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

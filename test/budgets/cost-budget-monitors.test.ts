import { readFileSync } from 'fs';
import { resolve } from 'path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { env, profile, SONNET, stackWith } from './synth';
import { CostBudget } from '../../src/budgets/cost-budget';
import { StopAction } from '../../src/budgets/stop-actions/stop-action';
import { MonitorJson } from '../../src/cost-report/report-json';
import { ApplicationInferenceProfile } from '../../src/inference/application-inference-profile';
import { BatchInference } from '../../src/inference/batch/batch-inference';
import { BedrockModel } from '../../src/inference/bedrock-model';
import { ProvisionedModelThroughput } from '../../src/inference/provisioned/provisioned-model-throughput';
import { formatUsd } from '../../src/pricing/format';
import { OTHER_SERVICE_KEYS } from '../../src/pricing/other-services';
import { CommitmentDuration } from '../../src/pricing/price-book/rate';
import { buildReport } from '../../src/synth-output/build-report';

/** The report of an app, whose monitors are created at synthesis. */
const reportOf = (app: App) => {
  app.synth();
  return buildReport(app);
};
const monitorsOf = (stack: Stack): { [part: string]: MonitorJson } =>
  Object.fromEntries(reportOf(stack.node.root as App).budgets.flatMap(({ monitors = [] }) => monitors).map((monitor) => [monitor.part, monitor]));
const usd = (monitor: MonitorJson) => monitor.otherServicesMonthlyUsd;

describe('the monitors have costs of their own, by prices/aws-services.yaml', () => {
  const { stack } = stackWith();
  profile(stack, 'Chat');
  const monitors = monitorsOf(stack);

  test('burn-rate alarms: each metric that an alarm reads, and composites', () => {
    // three windows x 6 metrics (cached tokens have two names each) x $0.10, one composite at $0.50
    expect(usd(monitors['burn-rate alarms'])).toBe('2.3');
    expect(monitors['burn-rate alarms'].lineItems).toEqual([
      { description: 'metrics that alarms read', quantity: '18', unit: 'metric-month', unitPriceUsd: '0.1', usd: '1.8' },
      { description: 'composite alarms', quantity: '1', unit: 'alarm-month', unitPriceUsd: '0.5', usd: '0.5' },
    ]);
  });

  test('the function: the metrics that it publishes and reads, and its runs', () => {
    // 2 published (the total, the forecast) x $0.30 = 0.60. 730 x 4 = 2,920 runs, of which 31 recounts (730 / 24 = 30.4).
    // Metrics: 2,889 x 4 in use + 31 x 6 names = 11,742 x $0.01 / 1,000 = 0.11742.
    // Requests: 2,889 ListMetrics + 2,920 PutMetricData = 5,809 x $0.01 / 1,000 = 0.05809. Invocations: 2,920 x $0.20 / 1M = 0.000584.
    // Duration: 2,920 x 2 s x 0.5 GB = 2,920 GB-s x 0.0000133334 = 0.038933528. Schedule: 2,920 x $1.00 / 1M = 0.00292.
    // The alarm on failed runs: 0.10. Sum: 0.917947528
    expect(usd(monitors['month to date'])).toBe('0.917947528');
    expect(monitors['month to date'].lineItems!.slice(0, 4)).toEqual([
      { description: 'alarm on failed runs', quantity: '1', unit: 'metric-month', unitPriceUsd: '0.1', usd: '0.1' },
      { description: 'metrics that are published', quantity: '2', unit: 'metric-month', unitPriceUsd: '0.3', usd: '0.6' },
      { description: 'metrics that are read, if all are in use', quantity: '11.742', unit: '1K metrics requested', unitPriceUsd: '0.01', usd: '0.11742' },
      { description: 'requests that list and publish metrics', quantity: '5.809', unit: '1K requests', unitPriceUsd: '0.01', usd: '0.05809' },
    ]);
  });

  test('alarms on the month: 50, 80 and 100 %, the forecast, missing counts', () => {
    expect(usd(monitors['month-to-date and forecast alarms'])).toBe('0.5');
  });

  test('AWS Budgets: free of charge', () => {
    expect(usd(monitors['AWS Budgets'])).toBe('0');
  });

  test('each has a detection delay', () => {
    for (const { delay } of Object.values(monitors)) expect(delay).toMatch(/minutes|hours/);
    expect(monitors['AWS Budgets'].delay).toContain('8 to 12 hours');
  });

  test('the report has all of them as other services, and in no total of Bedrock', () => {
    const report = reportOf(stack.node.root as App);
    // 2.3 + 0.917947528 + 0.5
    expect(report.totals).toMatchObject({ monthlyUsd: '660', otherServicesMonthlyUsd: '3.717947528' });
    expect(report.stacks).toEqual([expect.objectContaining({ path: 'Stack', otherServicesMonthlyUsd: '3.717947528' })]);
  });

  test.each<[string, (stack: Stack, budget: CostBudget) => void, string]>([
    // A metric of the profile: $0.30.
    ['a dashboard, for which the cost of each resource is published', (_, budget) => void budget.addDashboard(), '1.217947528'],
    // 12 names are too many for one alarm. The burn ratio, published: $0.30. 4 more metrics in use and 6 more names, and a recount reads
    // the 8 in use once more: 2,889 x 4 + 31 x (6 + 8) = 11,990 x $0.01 / 1,000 = 0.1199
    ['a second profile', (own) => void profile(own, 'Second'), '1.337847528'],
    // Its idle hours: $0.30. Tokens and images that it processes, under either of two ids: 2,889 x 2 + 31 x 4 = 5,902
    // x $0.01 / 1,000 = 0.05902
    ['provisioned throughput', (own) => void new ProvisionedModelThroughput(own, 'Capacity', { model: BedrockModel.META_LLAMA3_1_70B_INSTRUCT_V1_0, modelUnits: 1 }), '1.276967528'],
  ])('counting %s', (_, add, expected) => {
    const { stack: own, budget } = stackWith({ monthlyLimitUsd: 100_000 });
    profile(own, 'First');
    add(own, budget);
    expect(usd(monitorsOf(own)['month to date'])).toBe(expected);
  });

  test('a dashboard and stop actions add their costs', () => {
    const { stack: own, budget } = stackWith();
    profile(own, 'Other').grantInvoke(new Role(own, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
    budget.addDashboard();
    budget.addStopAction(StopAction.denyInvocations());
    const more = monitorsOf(own);
    expect(usd(more.dashboard)).toBe('3');
    // Alarms on the month-to-date cost and on errors of the function: 2 x $0.10. 2,920 checks: x $0.20 / 1M = 0.000584; x 1 s x 0.5 GB =
    // 1,460 GB-s x 0.0000133334 = 0.019466764; x $1.00 / 1M = 0.00292
    expect(usd(more['stop actions'])).toBe('0.222970764');
    // $0.10 a day; 730 / 24 = 30.41666666666666666667 days
    expect(usd(more['AWS Budgets action'])).toBe('3.041666666666666666667');
  });
});

describe('several budgets of a stack', () => {
  const stack = new Stack(new App(), 'Stack', { env });
  const teams = ['Search', 'Chat', 'Mail'].map((id) => new Construct(stack, id));
  for (const team of teams) {
    new CostBudget(team, 'Budget', { monthlyLimitUsd: 10_000, emailAddresses: ['team@example.com'] });
    new ApplicationInferenceProfile(team, 'Profile', { model: BedrockModel.of(SONNET), usage: { requestsPerMonth: 1, inputTokensPerRequest: 1 } });
  }
  const { budgets, totals } = reportOf(stack.node.root as App);
  const costs = budgets.map(({ monitors = [] }) => Object.fromEntries(monitors.map((monitor) => [monitor.part, usd(monitor)])));

  test('cost $1.40 each for five alarms and three metrics', () => {
    // 50, 80 and 100 %, forecast: 4 x $0.10. Burn ratio: $0.10. Spent, forecast, burn ratio: 3 x $0.30.
    for (const budget of costs.slice(1)) {
      expect(budget).toEqual({ 'month-to-date and forecast alarms': '0.4', 'burn-rate alarm': '0.1', 'month to date': '0.9', 'AWS Budgets': '0' });
    }
  });

  test('share the cost of one function, which the report has once', () => {
    // The alarm on failed runs: 0.10. Metrics: 2,889 x 12 in use + 31 x (18 names + 12 in use by five minutes) = 35,598
    // x $0.01 / 1,000 = 0.35598. Requests 0.05809 and runs 0.042437528 as for one budget. Sum: 0.556507528.
    // The metrics of the first budget: 0.90.
    expect(costs[0]).toEqual({ 'month-to-date and forecast alarms': '0.4', 'burn-rate alarm': '0.1', 'month to date of 3 budgets': '1.456507528', 'AWS Budgets': '0' });
    // 3 x 1.40 + 0.556507528
    expect(totals.otherServicesMonthlyUsd).toBe('4.756507528');
  });
});

test('a monitor in another stack counts towards that stack', () => {
  const app = new App();
  const [home, other] = ['Home', 'Other'].map((id) => new Stack(app, id, { env }));
  new CostBudget(home, 'Budget', { monthlyLimitUsd: 10_000, covers: app });
  profile(other, 'Chat');
  const { stacks } = reportOf(app);
  expect(stacks.map(({ path, monthlyUsd, otherServicesMonthlyUsd }) => [path, monthlyUsd, otherServicesMonthlyUsd])).toEqual([
    // Burn rate 2.30; counting: 2 metrics published (the part's, its forecast) = 0.60, and as above
    ['Other', '660', '3.217947528'],
    // 6 alarms = 0.60; 2 metrics published = 0.60; requests 0.05809; runs 0.042437528. The counts of the other part are in SSM
    // parameters, which are free of charge.
    ['Home', '0', '1.300527528'],
  ]);
});

test('the named prices are those of the data', () => {
  expect(Object.keys(require('../../src/pricing/data/aws-services.json')).sort()).toEqual([...OTHER_SERVICE_KEYS].sort());
});

describe('docs/budgets.md states these costs', () => {
  const page = readFileSync(resolve(__dirname, '../../docs/budgets.md'), 'utf8');
  const costOf = (what: string) => page.split('\n').find((line) => line.startsWith(`| ${what}`))!.split(' | ').pop();
  /** The monitors of a budget over a profile and one more construct, and the additional cost of counting that construct. */
  const added = (add: (stack: Stack) => void) => {
    const watched = (make: (stack: Stack) => void) => {
      const { stack } = stackWith({ monthlyLimitUsd: 100_000 });
      profile(stack, 'Chat');
      make(stack);
      return { monitors: monitorsOf(stack), resources: reportOf(stack.node.root as App).resources };
    };
    const [{ monitors: before }, { monitors, resources }] = [watched(() => undefined), watched(add)];
    const counting = Number(usd(monitors['month to date'])) - Number(usd(before['month to date']));
    return { monitors, counting: formatUsd(counting.toFixed(4)), otherServices: resources.flatMap((resource) => resource.otherServices ?? []) };
  };
  const throughput = (props: object = {}) => (stack: Stack) => new ProvisionedModelThroughput(stack, 'Capacity', {
    model: BedrockModel.META_LLAMA3_1_70B_INSTRUCT_V1_0, modelUnits: 1, ...props,
  });
  const batch = (schedule?: ScheduleExpression) => (stack: Stack) => new BatchInference(stack, 'Nightly', {
    model: BedrockModel.of('us.amazon.nova-pro-v1:0'),
    inputBucket: new Bucket(stack, 'Prompts'),
    outputBucket: new Bucket(stack, 'Answers'),
    schedule,
    usage: { jobsPerMonth: 30, recordsPerJob: 1_000, inputTokensPerRecord: 10_000, outputTokensPerRecord: 1_000 },
  });

  test('of a profile', () => {
    const { monitors } = added(() => undefined);
    expect(costOf('burn-rate alarms')).toBe(`${formatUsd(usd(monitors['burn-rate alarms']))} |`);
    const month = Number(usd(monitors['month to date'])) + Number(usd(monitors['month-to-date and forecast alarms']));
    expect(costOf('month to date')).toBe(`${formatUsd(month.toFixed(4))} |`);
  });

  test('of provisioned throughput', () => {
    const commitment = { commitmentDuration: CommitmentDuration.ONE_MONTH, acknowledgeCommitmentUsd: 15_461.40 };
    const [none, oneMonth] = [throughput(), throughput(commitment)].map(added);
    const sum = ({ monitors }: typeof none) => Number(usd(monitors['provisioned throughput'])) + Number(usd(monitors['month to date']));
    expect(costOf('provisioned throughput')).toBe(
      `${formatUsd(usd(none.monitors['provisioned throughput']))} + ${none.counting}; ${formatUsd((sum(oneMonth) - sum(none)).toFixed(4))} more with a commitment |`);
  });

  test('of a batch', () => {
    const [byHand, daily] = [batch(), batch(ScheduleExpression.rate(Duration.days(1)))].map(added);
    const alarmsOf = ({ otherServices }: typeof byHand) => Number(otherServices.find(({ description }) => description.startsWith('alarms'))!.usd);
    expect(costOf('batch |')).toBe(
      `${formatUsd(usd(byHand.monitors['batch jobs: failed, stuck, costlier']))} + ${byHand.counting}; ${formatUsd((alarmsOf(daily) - alarmsOf(byHand)).toFixed(2))} more with a schedule |`);
    const total = daily.otherServices.reduce((sum, { usd: cost }) => sum + Number(cost), 0);
    const batchPage = readFileSync(resolve(__dirname, '../../docs/batch-inference.md'), 'utf8');
    expect(batchPage).toContain(`other AWS services for it: about ${formatUsd(total.toFixed(4))} a month\n`);
    expect(batchPage).toContain('    alarms on the cost of runs and on failed starts: 2 x $0.10 per metric-month = $0.20\n');
  });

  test('of stop actions and a dashboard', () => {
    const { stack, budget } = stackWith();
    profile(stack, 'Other').grantInvoke(new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
    budget.addDashboard();
    budget.addStopAction(StopAction.denyInvocations());
    const monitors = monitorsOf(stack);
    expect(costOf('stop actions')).toBe(`${formatUsd(usd(monitors['stop actions']))}; ${formatUsd(usd(monitors['AWS Budgets action']))} |`);
    // A metric of each resource: $0.30.
    expect(costOf('dashboard')).toBe(`${formatUsd(usd(monitors.dashboard))}, $0.30 more for each resource |`);
  });
});

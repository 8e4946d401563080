import { App, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { env, profile, stackWith } from './synth';
import { CostBudget } from '../../src/budgets/cost-budget';
import { StopAction } from '../../src/budgets/stop/stop-action';
import { GuardJson } from '../../src/gate/report-json';
import { OTHER_SERVICE_KEYS } from '../../src/pricing/other-services';
import { buildReport } from '../../src/report/build-report';

const guardsOf = (stack: Stack): { [part: string]: GuardJson } =>
  Object.fromEntries(buildReport(stack.node.root).budgets.flatMap(({ guards = [] }) => guards).map((guard) => [guard.part, guard]));
const usd = (guard: GuardJson) => guard.otherServicesMonthlyUsd;

describe('what watches costs itself, by prices/aws-services.yaml', () => {
  const { stack } = stackWith();
  profile(stack, 'Chat');
  const guards = guardsOf(stack);

  test('burn-rate alarms: each metric that an alarm reads, and composites', () => {
    // three windows x 6 metrics (cached tokens have two names each) x $0.10, one composite at $0.50
    expect(usd(guards['burn-rate alarms'])).toBe('2.3');
    expect(guards['burn-rate alarms'].lineItems).toEqual([
      { description: 'metrics that alarms read', quantity: '18', unit: 'metric-month', unitPriceUsd: '0.1', usd: '1.8' },
      { description: 'composite alarms', quantity: '1', unit: 'alarm-month', unitPriceUsd: '0.5', usd: '0.5' },
    ]);
  });

  test('the function: metrics that it publishes and reads, its runs', () => {
    // 3 published (the resource's, the whole's, the forecast) x $0.30 = 0.90; 730 x 4 = 2,920 runs: 6 metrics each = 17,520
    // x $0.01 / 1,000 = 0.1752; 2,920 x $0.20 / 1M = 0.000584; 2,920 x 2 s x 0.5 GB = 2,920 GB-s x 0.0000133334 =
    // 0.038933528; 2,920 x $1.00 / 1M = 0.00292; the alarm on failed runs 0.10. Sum: 1.217637528
    expect(usd(guards['month to date'])).toBe('1.217637528');
  });

  test('alarms on the month: 50, 80, 100 %, forecast, silence', () => {
    expect(usd(guards['month-to-date and forecast alarms'])).toBe('0.5');
  });

  test('AWS Budgets: nothing', () => {
    expect(usd(guards['AWS Budgets'])).toBe('0');
  });

  test('each says how late it speaks', () => {
    for (const { delay } of Object.values(guards)) expect(delay).toMatch(/minutes|hours/);
    expect(guards['AWS Budgets'].delay).toContain('8 to 12 hours');
  });

  test('all of it stands in the report as other services, and in no Bedrock total', () => {
    const report = buildReport(stack.node.root);
    // 2.3 + 1.217637528 + 0.5
    expect(report.totals).toMatchObject({ monthlyUsd: '660', otherServicesMonthlyUsd: '4.017637528' });
    expect(report.stacks).toEqual([expect.objectContaining({ path: 'Stack', otherServicesMonthlyUsd: '4.017637528' })]);
  });

  test('a dashboard and stop actions add theirs', () => {
    const { stack: own, budget } = stackWith();
    profile(own, 'Other').grantInvoke(new Role(own, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
    budget.dashboard();
    budget.onExceeded(StopAction.denyInvocations());
    const more = guardsOf(own);
    expect(usd(more.dashboard)).toBe('3');
    // Alarms on the money spent and on errors of the function: 2 x $0.10. 2,920 checks: x $0.20 / 1M = 0.000584; x 1 s x 0.5 GB =
    // 1,460 GB-s x 0.0000133334 = 0.019466764; x $1.00 / 1M = 0.00292
    expect(usd(more['stop actions'])).toBe('0.222970764');
    // $0.10 a day; 730 / 24 = 30.41666666666666666667 days
    expect(usd(more['AWS Budgets action, the second line'])).toBe('3.041666666666666666667');
  });
});

test('what stands in another stack counts there', () => {
  const app = new App();
  const [home, other] = ['Home', 'Other'].map((id) => new Stack(app, id, { env }));
  new CostBudget(home, 'Budget', { monthlyLimitUsd: 10_000, covers: app });
  profile(other, 'Chat');
  const { stacks } = buildReport(app);
  expect(stacks.map(({ path, monthlyUsd, otherServicesMonthlyUsd }) => [path, monthlyUsd, otherServicesMonthlyUsd])).toEqual([
    // Burn rate 2.30; counting: 3 metrics published (the resource's, the part's, its forecast) = 0.90, and as above
    ['Other', '660', '3.517637528'],
    // 6 alarms = 0.60; 2 metrics published = 0.60; runs 0.042437528. What the other part has counted is in SSM parameters, which cost nothing.
    ['Home', '0', '1.242437528'],
  ]);
});

test('the prices that are named are those of the data', () => {
  expect(Object.keys(require('../../src/pricing/data/aws-services.json')).sort()).toEqual([...OTHER_SERVICE_KEYS].sort());
});

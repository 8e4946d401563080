import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { profile, stackWith } from '../synth';

const budgets = (stack: Stack) => Object.values(Template.fromStack(stack).findResources('AWS::Budgets::Budget')).map(({ Properties }) => Properties);

describe('the AWS Budget', () => {
  test('has the limit, and counts the costs with the tag', () => {
    const { stack, budget } = stackWith();
    profile(stack, 'Chat');
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Budgets::Budget', {
      Budget: { BudgetLimit: { Amount: 1460, Unit: 'USD' }, TimeUnit: 'MONTHLY', BudgetType: 'COST', CostFilters: { TagKeyValue: [`user:${budget.costAllocationTagKey}$covered`] } },
    });
    template.hasResourceProperties('AWS::Bedrock::ApplicationInferenceProfile', { Tags: [{ Key: budget.costAllocationTagKey, Value: 'covered' }] });
  });

  test('is created after the policy of the topic, without which AWS Budgets refuses it', () => {
    const { stack } = stackWith({ quarterlyLimitUsd: 4_000, yearlyLimitUsd: 15_000 });
    for (const { DependsOn } of Object.values(Template.fromStack(stack).findResources('AWS::Budgets::Budget'))) {
      expect(DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(/TopicPolicy/)]));
    }
  });

  test('notifies at 50, 80 and 100 % of the actual cost and at 100 % of the forecast', () => {
    const { stack } = stackWith();
    const notifications = budgets(stack)[0].NotificationsWithSubscribers.map(({ Notification }: any) => Notification);
    expect(notifications.map((n: any) => [n.NotificationType, n.Threshold, n.ThresholdType, n.ComparisonOperator])).toEqual([
      ['ACTUAL', 50, 'PERCENTAGE', 'GREATER_THAN'], ['ACTUAL', 80, 'PERCENTAGE', 'GREATER_THAN'], ['ACTUAL', 100, 'PERCENTAGE', 'GREATER_THAN'],
      ['FORECASTED', 100, 'PERCENTAGE', 'GREATER_THAN'],
    ]);
  });

  test('notifies at custom thresholds', () => {
    const { stack } = stackWith({ thresholdPercents: [90], forecastThresholdPercents: [] });
    expect(budgets(stack)[0].NotificationsWithSubscribers.map(({ Notification: n }: any) => [n.NotificationType, n.Threshold])).toEqual([['ACTUAL', 90]]);
  });

  test('notifies the topic, and e-mail addresses without a confirmation', () => {
    const { stack } = stackWith({ emailAddresses: ['a@example.com', 'b@example.com', 'a@example.com'] });
    expect(budgets(stack)[0].NotificationsWithSubscribers[0].Subscribers).toEqual([
      { SubscriptionType: 'SNS', Address: { Ref: expect.stringMatching(/^BudgetTopic/) } },
      { SubscriptionType: 'EMAIL', Address: 'a@example.com' }, { SubscriptionType: 'EMAIL', Address: 'b@example.com' },
    ]);
  });

  test('can also cover a quarter and a year', () => {
    const { stack } = stackWith({ quarterlyLimitUsd: 4_000, yearlyLimitUsd: 15_000 });
    expect(budgets(stack).map(({ Budget }) => [Budget.TimeUnit, Budget.BudgetLimit.Amount])).toEqual([['MONTHLY', 1460], ['QUARTERLY', 4000], ['ANNUALLY', 15000]]);
  });

  test('can have a limit for each month, by the second at which the month begins', () => {
    const months = ['2026-12', ...Array.from({ length: 11 }, (_, i) => `2027-${String(i + 1).padStart(2, '0')}`)];
    const { stack } = stackWith({ plannedLimitsUsd: Object.fromEntries(months.map((month, i) => [month, 1000 + i])) });
    const { BudgetLimit, PlannedBudgetLimits } = budgets(stack)[0].Budget;
    expect(BudgetLimit).toBeUndefined();
    // date -u -d 2026-12-01 +%s; date -u -d 2027-11-01 +%s
    expect(PlannedBudgetLimits).toMatchObject({ 1796083200: { Amount: '1000', Unit: 'USD' }, 1825027200: { Amount: '1011', Unit: 'USD' } });
    expect(Object.keys(PlannedBudgetLimits)).toHaveLength(12);
  });
});

describe('the anomaly monitor', () => {
  test('is created if it is configured, with the same tag and permission to publish to the topic', () => {
    const { stack, budget } = stackWith({ anomalyThresholdUsd: 50 });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::CE::AnomalyMonitor', {
      MonitorType: 'CUSTOM', MonitorSpecification: JSON.stringify({ Tags: { Key: budget.costAllocationTagKey, Values: ['covered'], MatchOptions: ['EQUALS'] } }),
    });
    template.hasResourceProperties('AWS::CE::AnomalySubscription', {
      Frequency: 'IMMEDIATE',
      Subscribers: [{ Type: 'SNS', Address: { Ref: Match.stringLikeRegexp('^BudgetTopic') } }],
      ThresholdExpression: '{"Dimensions":{"Key":"ANOMALY_TOTAL_IMPACT_ABSOLUTE","MatchOptions":["GREATER_THAN_OR_EQUAL"],"Values":["50"]}}',
    });
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 'sns:Publish', Principal: { Service: 'costalerts.amazonaws.com' } })]) },
    });
  });

  test('is not created by default', () => {
    Template.fromStack(stackWith().stack).resourceCountIs('AWS::CE::AnomalyMonitor', 0);
  });
});

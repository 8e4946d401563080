import { App, Stack, Stage } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { BudgetEnforcement, CostBudget } from '../../src/budgets/cost-budget';
import { judge } from '../../src/budgets/verdict';
import { CostEstimates } from '../../src/estimates/cost-estimates';
import { ApplicationInferenceProfile } from '../../src/inference/application-inference-profile';
import { BedrockModel } from '../../src/inference/bedrock-model';
import { decimal } from '../../src/pricing/decimal';
import { ServiceTier } from '../../src/pricing/usage';

const env = { region: 'us-west-2', account: '111122223333' };
const SONNET = 'us.anthropic.claude-sonnet-4-6';
// 100,000 requests of 2,000 tokens in = 200 million tokens at $3.30 = $660.00 a month
const traffic = (scope: Stack, id = 'Traffic', model = SONNET) =>
  CostEstimates.of(scope).addOnDemand(id, { model, requestsPerMonth: 100_000, inputTokensPerRequest: 2_000 });

// The same under a ModelId of its own.
const profile = (stack: Stack, id: string) => new ApplicationInferenceProfile(stack, id, {
  model: BedrockModel.of(SONNET), usage: { requestsPerMonth: 100_000, inputTokensPerRequest: 2_000 },
});

const stackWith = (props: Partial<ConstructorParameters<typeof CostBudget>[2]> = {}) => {
  const stack = new Stack(new App(), 'Stack', { env });
  const budget = new CostBudget(stack, 'Budget', { monthlyLimitUsd: 1460, enforcement: BudgetEnforcement.WARN, ...props });
  return { stack, budget };
};
const alarms = (stack: Stack) => Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);

describe('the alarm on the spend of the last 24 hours', () => {
  test('multiplies each token metric by its price and compares dollars with dollars', () => {
    const { stack } = stackWith();
    traffic(stack);
    // Sonnet 4.6 through us., us-west-2, per million tokens: in 3.30, out 16.50, cache read 0.33; cache writes 4.125 for
    // five minutes, 6.60 for an hour: CloudWatch counts them together, so the dearer one.
    const [alarm] = alarms(stack);
    expect(alarm.Metrics[0]).toMatchObject({
      Expression: '(FILL(r0m0, 0) * 3.3 + FILL(r0m1, 0) * 16.5 + FILL(r0m2, 0) * 0.33 + FILL(r0m3, 0) * 6.6) / 1000000',
      ReturnData: true,
    });
    expect(alarm.Metrics.slice(1).map((m: any) => [m.Id, m.MetricStat.Metric.MetricName, m.MetricStat.Stat, m.MetricStat.Period])).toEqual([
      ['r0m0', 'InputTokenCount', 'Sum', 86400], ['r0m1', 'OutputTokenCount', 'Sum', 86400],
      ['r0m2', 'CacheReadInputTokens', 'Sum', 86400], ['r0m3', 'CacheWriteInputTokens', 'Sum', 86400],
    ]);
    // $1,460 a month of 730 hours is $48 a day; twice that
    expect(alarm.Threshold).toBe(96);
  });

  test('leaves out of its threshold what is spent whatever the traffic', () => {
    const { stack } = stackWith({ monthlyLimitUsd: 36_500 });
    traffic(stack);
    CostEstimates.of(stack).addProvisioned('Units', { model: 'meta.llama3-1-70b-instruct-v1:0', modelUnits: 1 });
    // 36,500 less 1 x $24.00 x 730 h = 18,980 for tokens; 18,980 x 24 / 730 = 624 a day; twice that
    expect(alarms(stack)[0].Threshold).toBe(1248);
  });

  test('does not ring every day for a plan that is over the limit anyway', () => {
    const { stack } = stackWith({ monthlyLimitUsd: 10 });
    traffic(stack);
    // the estimate itself: 660 x 24 / 730 = 21.698..., twice that
    expect(alarms(stack)[0].Threshold).toBe(43.4);
  });

  test('watches what is added after the budget and what was there before', () => {
    const stack = new Stack(new App(), 'Stack', { env });
    traffic(stack, 'Before');
    new CostBudget(stack, 'Budget', { monthlyLimitUsd: 10_000 });
    traffic(stack, 'After', 'amazon.nova-pro-v1:0');
    const models = alarms(stack)[0].Metrics.slice(1).map((m: any) => m.MetricStat.Metric.Dimensions[0].Value);
    expect(new Set(models)).toEqual(new Set([SONNET, 'amazon.nova-pro-v1:0']));
  });

  test('never holds more metrics than CloudWatch accepts', () => {
    const { stack } = stackWith({ monthlyLimitUsd: 100_000 });
    for (let i = 0; i < 7; i++) profile(stack, `Profile${i}`);
    const made = alarms(stack);
    // four metrics each: two to an alarm
    expect(made.map(({ Metrics }) => Metrics.length - 1)).toEqual([8, 8, 8, 4]);
    // the alarms share the limit by the estimates: 2/7, 2/7, 2/7, 1/7 of 100,000 x 24 / 730 x 2 = 6,575.34
    expect(made.map(({ Threshold }) => Threshold)).toEqual([1878.67, 1878.67, 1878.67, 939.33]);
  });

  test('counts a model that is called directly once, however many constructs describe it', () => {
    const app = new App();
    const stacks = ['A', 'B', 'C'].map((id) => new Stack(app, id, { env }));
    new CostBudget(stacks[0], 'Budget', { monthlyLimitUsd: 2_000, covers: app });
    stacks.forEach((stack) => traffic(stack));
    const made = stacks.flatMap(alarms);
    expect(made).toHaveLength(1);
    expect(made[0].Metrics).toHaveLength(5);
    // 3 x $660 planned of $2,000: all of it is this alarm's; 2,000 x 24 / 730 x 2
    expect(made[0].Threshold).toBe(131.51);
  });

  test('takes the dearer price where one ModelId is used in two tiers, which CloudWatch does not tell apart', () => {
    const { stack } = stackWith();
    for (const serviceTier of [ServiceTier.FLEX, ServiceTier.PRIORITY]) {
      CostEstimates.of(stack).addOnDemand(serviceTier, { model: 'amazon.nova-pro-v1:0', requestsPerMonth: 1, inputTokensPerRequest: 1, serviceTier });
    }
    // Nova Pro, us-west-2, priority: in 1.40, out 5.60 (page 2026-07-24)
    expect(alarms(stack)[0].Metrics[0].Expression).toBe('(FILL(r0m0, 0) * 1.4 + FILL(r0m1, 0) * 5.6) / 1000000');
  });

  test('prices long requests as the estimate does', () => {
    const { stack } = stackWith({ monthlyLimitUsd: 1e6 });
    const { lineItems: [{ unitPriceUsd }] } = CostEstimates.of(stack).addOnDemand('Long', { model: 'openai.gpt-5.6-terra', requestsPerMonth: 1, inputTokensPerRequest: 300_000 });
    expect(alarms(stack)[0].Metrics[0].Expression).toContain(`FILL(r0m0, 0) * ${unitPriceUsd} +`);
  });

  test('watches what nobody has planned anything for, at an even share of what the limit leaves', () => {
    const { stack } = stackWith();
    profile(stack, 'Planned');
    new ApplicationInferenceProfile(stack, 'Unplanned', { model: BedrockModel.of(SONNET), usage: { requestsPerMonth: 0, inputTokensPerRequest: 0 } });
    profile(stack, 'Other');
    // 1,460 less 2 x 660 leaves 140 for three meters: 46.67 each. Alarm 2 holds 'Other' alone: (660 + 46.67) x 24 / 730 x 2
    expect(alarms(stack).map(({ Threshold }) => Threshold)).toEqual([49.53, 46.47]);
  });

  test('is never at 0, where it would fire on the first token', () => {
    const { stack } = stackWith({ monthlyLimitUsd: 0.01 });
    CostEstimates.of(stack).addOnDemand('Traffic', { model: SONNET, requestsPerMonth: 0, inputTokensPerRequest: 1 });
    expect(alarms(stack)[0].Threshold).toBe(0.01);
  });

  test('notifies a topic that is known by its ARN from any stage', () => {
    const app = new App();
    const top = new Stack(app, 'Top', { env });
    const arn = 'arn:aws:sns:us-west-2:111122223333:pager';
    new CostBudget(top, 'Budget', { monthlyLimitUsd: 10_000, covers: app, notificationTopic: Topic.fromTopicArn(top, 'Pager', arn) });
    const inner = new Stack(new Stage(app, 'Prod', { env }), 'Inner');
    traffic(inner);
    expect(alarms(inner)[0].AlarmActions).toEqual([arn]);
  });

  test('says where it had to take another topic, and what is billed elsewhere', () => {
    const app = new App();
    const home = new Stack(app, 'Home', { env });
    new CostBudget(home, 'Budget', { monthlyLimitUsd: 10_000, covers: app, emailAddresses: ['team@example.com'] });
    traffic(new Stack(app, 'Theirs', { env: { region: 'us-west-2', account: '444455556666' } }));
    const infos = Annotations.fromStack(home).findInfo('*', Match.anyValue()).map(({ entry }) => String(entry.data));
    expect(infos).toEqual(expect.arrayContaining([
      expect.stringContaining('Theirs/Traffic is billed to the account 444455556666'),
      expect.stringMatching(/the alarms in Theirs notify Theirs\/BedrockCostAlerts\w+, with 1 e-mail addresses/),
    ]));
  });

  test('notifies no topic of another region, which CloudWatch would refuse', () => {
    const stack = new Stack(new App(), 'Stack', { env });
    const topic = Topic.fromTopicArn(stack, 'Theirs', 'arn:aws:sns:us-east-1:111122223333:theirs');
    new CostBudget(stack, 'Budget', { monthlyLimitUsd: 10_000, notificationTopic: topic, emailAddresses: ['team@example.com'] });
    traffic(stack);
    expect(alarms(stack)[0].AlarmActions).toEqual([{ Ref: expect.stringMatching(/^BedrockCostAlerts/) }]);
  });

  test('writes prices without an exponent', () => {
    const { stack } = stackWith();
    traffic(stack, 'Micro', 'amazon.nova-micro-v1:0');
    expect(alarms(stack)[0].Metrics[0].Expression).not.toMatch(/\de/);
  });

  test('stands in the stack of what it watches and notifies the topic there', () => {
    const app = new App();
    const home = new Stack(app, 'Home', { env });
    const other = new Stack(app, 'Other', { env });
    const abroad = new Stack(app, 'Abroad', { env: { ...env, region: 'eu-west-1' } });
    new CostBudget(home, 'Budget', { monthlyLimitUsd: 10_000, covers: app, emailAddresses: ['team@example.com'] });
    traffic(other);
    traffic(abroad, 'Traffic', 'eu.anthropic.claude-sonnet-4-6');
    expect(alarms(home)).toHaveLength(0);
    // By name, so that the stacks stay independent of each other.
    const [{ Properties: { TopicName } }] = Object.values(Template.fromStack(home).findResources('AWS::SNS::Topic'));
    expect(TopicName).toMatch(/^Home-/);
    expect(alarms(other)[0].AlarmActions).toEqual([{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:sns:us-west-2:111122223333:${TopicName}`]] }]);
    // CloudWatch cannot notify a topic of another region: the same people are subscribed to one there.
    const template = Template.fromStack(abroad);
    template.hasResourceProperties('AWS::SNS::Subscription', { Endpoint: 'team@example.com' });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmActions: [{ Ref: Match.stringLikeRegexp('^BedrockCostAlerts') }] });
  });

  test('leaves the topic without a fixed name where nobody needs one', () => {
    const { stack } = stackWith();
    traffic(stack);
    Template.fromStack(stack).hasResourceProperties('AWS::SNS::Topic', { TopicName: Match.absent() });
  });

  test('reaches into stages', () => {
    const app = new App();
    const top = new Stack(app, 'Top', { env });
    new CostBudget(top, 'Budget', { monthlyLimitUsd: 10_000, covers: app });
    const inner = new Stack(new Stage(app, 'Prod', { env }), 'Inner');
    traffic(inner);
    expect(alarms(inner)).toHaveLength(1);
  });

  test('does not watch use in another region, and says so', () => {
    const { stack } = stackWith();
    CostEstimates.of(stack).addOnDemand('Abroad', { model: 'eu.anthropic.claude-sonnet-4-6', region: 'eu-west-1', requestsPerMonth: 1, inputTokensPerRequest: 1 });
    expect(alarms(stack)).toHaveLength(0);
  });

  test('says in its description what it means', () => {
    const { stack } = stackWith();
    traffic(stack);
    expect(alarms(stack)[0].AlarmDescription).toBe(
      'Bedrock tokens of the last 24 hours cost more than $96.00: 2 times the daily pace of the $1,460.00 a month of Stack/Budget. '
      + 'Counts every call of us.anthropic.claude-sonnet-4-6 in this account and region. Watches Stack/Traffic.');
  });
});

describe('the AWS Budget', () => {
  test('has the limit and counts what carries the tag', () => {
    const { stack, budget } = stackWith();
    Template.fromStack(stack).hasResourceProperties('AWS::Budgets::Budget', {
      Budget: { BudgetLimit: { Amount: 1460, Unit: 'USD' }, TimeUnit: 'MONTHLY', CostFilters: { TagKeyValue: [`user:${budget.costAllocationTagKey}$covered`] } },
    });
  });

  test('is made after the policy of the topic, without which AWS Budgets refuses it', () => {
    const { stack } = stackWith();
    Template.fromStack(stack).hasResource('AWS::Budgets::Budget', { DependsOn: Match.arrayWith([Match.stringLikeRegexp('TopicPolicy')]) });
  });

  test('speaks at 80 and 100 % spent and 100 % forecast', () => {
    const { stack } = stackWith();
    const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::Budgets::Budget'));
    expect(Properties.NotificationsWithSubscribers.map(({ Notification: n }: any) => [n.NotificationType, n.Threshold])).toEqual([['ACTUAL', 80], ['ACTUAL', 100], ['FORECASTED', 100]]);
  });
});

describe('the topic', () => {
  test.each(['cloudwatch.amazonaws.com', 'budgets.amazonaws.com'])('lets %s publish', (Service) => {
    const { stack } = stackWith();
    Template.fromStack(stack).hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 'sns:Publish', Principal: { Service }, Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } } })]) },
    });
  });

  test('with a key of yours lets both use the key', () => {
    const stack = new Stack(new App(), 'Stack', { env });
    new CostBudget(stack, 'Budget', { monthlyLimitUsd: 1, notificationTopic: new Topic(stack, 'Mine', { masterKey: new Key(stack, 'Key') }) });
    for (const Service of ['cloudwatch.amazonaws.com', 'budgets.amazonaws.com']) {
      Template.fromStack(stack).hasResourceProperties('AWS::KMS::Key', {
        KeyPolicy: { Statement: Match.arrayWith([Match.objectLike({ Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Principal: { Service } })]) },
      });
    }
  });

  test('may be shared by two budgets and the same people', () => {
    const stack = new Stack(new App(), 'Stack', { env });
    const notificationTopic = new Topic(stack, 'Mine');
    for (const id of ['One', 'Two']) new CostBudget(stack, id, { monthlyLimitUsd: 1, notificationTopic, emailAddresses: ['a@example.com', 'a@example.com'] });
    Template.fromStack(stack).resourceCountIs('AWS::SNS::Subscription', 1);
  });

  test('may be yours, which then lets both publish', () => {
    const stack = new Stack(new App(), 'Stack', { env });
    const topic = new Topic(stack, 'Mine');
    new CostBudget(stack, 'Budget', { monthlyLimitUsd: 1, notificationTopic: topic });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::SNS::Topic', 1);
    template.hasResourceProperties('AWS::SNS::TopicPolicy', { Topics: [{ Ref: Match.stringLikeRegexp('^Mine') }] });
  });
});

describe('the verdict', () => {
  // $660.00 a month known
  test.each([['660', 'near'], ['659.99', 'over'], ['825', 'near'], ['825.01', 'ok']])('with a limit of %s is %s', (limit, status) => {
    const { stack } = stackWith();
    traffic(stack);
    expect(judge(stack, decimal(limit), { enforcement: 'WARN', onMissingPrice: 'WARN' }).status).toBe(status);
  });

  test.each([['10000', 'unknown'], ['100', 'over']])('with a missing price and a limit of %s is %s', (limit, status) => {
    const { stack } = stackWith();
    traffic(stack);
    traffic(stack, 'Other', 'example.unknown');
    expect(judge(stack, decimal(limit), { enforcement: 'WARN', onMissingPrice: 'WARN' }).status).toBe(status);
  });

  test('does not count what was removed from the tree', () => {
    const { stack } = stackWith();
    traffic(stack);
    stack.node.tryRemoveChild('Traffic');
    expect(judge(stack, decimal(1), { enforcement: 'WARN', onMissingPrice: 'WARN' })).toMatchObject({ status: 'ok', covered: 0 });
  });
});

describe('the severity of what a budget says', () => {
  const exceeded = (severity: string, enforcement: BudgetEnforcement) => {
    const stack = new Stack(new App({ context: { 'cdk-bedrock-cost:severity': { 'bedrock-cost-budget-exceeded': severity } } }), 'Stack', { env });
    new CostBudget(stack, 'Budget', { monthlyLimitUsd: 1, enforcement });
    traffic(stack);
    return stack;
  };

  test.each(['off', 'info', 'warning'])('may be made %s for an app, and then stops nothing', (severity) => {
    expect(() => Template.fromStack(exceeded(severity, BudgetEnforcement.BLOCK))).not.toThrow();
  });

  test('fails for a severity that does not exist, with a message and no error of ours', () => {
    expect(() => Template.fromStack(exceeded('loud', BudgetEnforcement.BLOCK))).toThrow(/bedrock-cost-invalid-input: .*"loud" is not allowed/);
  });

  test('may be made an error', () => {
    expect(() => Template.fromStack(exceeded('error', BudgetEnforcement.BLOCK))).toThrow('$659.00 over the limit');
  });
});

describe('bad input', () => {
  test.each([0, -5, NaN, Infinity])('fails for a limit of %p', (monthlyLimitUsd) => {
    const { stack } = stackWith({ monthlyLimitUsd });
    expect(() => Template.fromStack(stack)).toThrow(/\[Stack\/Budget\] bedrock-cost-invalid-input: monthlyLimitUsd: .* is not allowed; expected a number above 0/);
  });

  test.each(['', 'nobody'])('fails for the e-mail address %p', (address) => {
    const { stack } = stackWith({ emailAddresses: [address] });
    expect(() => Template.fromStack(stack)).toThrow('expected e-mail addresses');
  });

  test('fails outside of every stack', () => {
    expect(() => new CostBudget(new App(), 'Budget', { monthlyLimitUsd: 1 })).toThrow('has to stand in a Stack');
  });

  test.each([['cdk-bedrock-cost:hoursPerMonth', 'abc'], ['cdk-bedrock-cost:hoursPerMonth', true], ['cdk-bedrock-cost:priceBook', 5]])(
    'fails for the context %s=%p without a priced construct, too', (key, value) => {
      const stack = new Stack(new App({ context: { [key]: value } }), 'Stack', { env });
      new CostBudget(stack, 'Budget', { monthlyLimitUsd: 1 });
      expect(() => Template.fromStack(stack)).toThrow(/bedrock-cost-invalid-input: context 'cdk-bedrock-cost:/);
    });

  test('fails for an enforcement that does not exist', () => {
    const { stack } = stackWith({ enforcement: 'LOUD' as BudgetEnforcement });
    expect(() => Template.fromStack(stack)).toThrow('enforcement: "LOUD" is not allowed; expected one of WARN, ACKNOWLEDGEABLE, BLOCK');
  });

  test('a BLOCK budget that is exceeded throws in a unit test', () => {
    const { stack } = stackWith({ monthlyLimitUsd: 1, enforcement: BudgetEnforcement.BLOCK });
    traffic(stack);
    expect(() => Template.fromStack(stack)).toThrow('$660.00 a month is $659.00 over the limit of $1.00 of Stack/Budget');
  });
});

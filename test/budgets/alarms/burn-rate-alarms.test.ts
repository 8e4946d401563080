import { App, CfnOutput, Duration, Fn, Stack, Stage } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { CostBudget } from '../../../src/budgets/cost-budget';
import { CacheTtl, ServiceTier } from '../../../src/pricing/billing-modes/on-demand';
import { CostEstimates } from '../../../src/registration/cost-estimates';
import { AlarmJson, alarms, burnRateAlarms, composites, env, only, profile, SONNET, stackWith, traffic } from '../synth';

const HOUR = 1;
/** Meta sells no prompt cache. */
const NO_CACHE = 'us.meta.llama3-3-70b-instruct-v1:0';
/** The alarms on the published cost of the whole budget. */
const whole = (stack: Stack) => alarms(stack).filter(({ MetricName }) => MetricName === 'SpentUsd');
/** The model ids that alarms monitor, by metric. */
const idsOf = (some: readonly AlarmJson[]) => some.flatMap(({ Metrics }) => (
  Metrics.slice(1).map(({ MetricStat }: any) => MetricStat.Metric.Dimensions[0].Value)));
const expressionOf = (stack: Stack) => burnRateAlarms(stack, HOUR)[0].Metrics[0].Expression;

describe('the expression of an alarm', () => {
  test('multiplies each token metric by its price and compares dollars with dollars', () => {
    const { stack } = stackWith();
    traffic(stack);
    const [alarm] = burnRateAlarms(stack, HOUR);
    // Cache writes of all lifetimes are counted together, so the highest price applies: 6.60.
    expect(alarm.Metrics[0]).toMatchObject({
      Expression: '(FILL(r0m0, 0) * 3.3 + FILL(r0m1, 0) * 16.5 + MAX([FILL(r0m2, 0), FILL(r0m2n1, 0)]) * 0.33 '
        + '+ MAX([FILL(r0m3, 0), FILL(r0m3n1, 0)]) * 6.6) / 1000000',
      ReturnData: true,
    });
    expect(alarm.Metrics.slice(1).map((m: any) => [m.Id, m.MetricStat.Metric.MetricName, m.MetricStat.Stat, m.MetricStat.Period])).toEqual([
      ['r0m0', 'InputTokenCount', 'Sum', 3600], ['r0m1', 'OutputTokenCount', 'Sum', 3600],
      ['r0m2', 'CacheReadInputTokenCount', 'Sum', 3600], ['r0m2n1', 'CacheReadInputTokens', 'Sum', 3600],
      ['r0m3', 'CacheWriteInputTokenCount', 'Sum', 3600], ['r0m3n1', 'CacheWriteInputTokens', 'Sum', 3600],
    ]);
  });

  test('uses the price of the declared cache lifetime', () => {
    const { stack } = stackWith();
    CostEstimates.of(stack).addOnDemand('Cached', { model: SONNET, requestsPerMonth: 1, inputTokensPerRequest: 1, cacheWriteTokensPerRequest: 1, cacheTtl: CacheTtl.FIVE_MINUTES });
    expect(expressionOf(stack)).toContain('MAX([FILL(r0m3, 0), FILL(r0m3n1, 0)]) * 4.125)');
  });

  test('counts images', () => {
    const { stack } = stackWith();
    // Nova Canvas, us-west-2... priced in us-east-1 only for some sizes: 1024x1024 standard $0.04 (page 2026-07-24)
    CostEstimates.of(stack).addImage('Pictures', { model: 'amazon.nova-canvas-v1:0', region: 'us-west-2', imagesPerMonth: 1000, resolution: '1024x1024', quality: 'standard' });
    const [alarm] = burnRateAlarms(stack, HOUR);
    expect(alarm.Metrics[0].Expression).toBe('FILL(r0m0, 0) * 0.04');
    expect(alarm.Metrics[1].MetricStat.Metric).toMatchObject({ MetricName: 'OutputImageCount', Dimensions: [{ Name: 'ModelId', Value: 'amazon.nova-canvas-v1:0' }] });
  });

  test('uses the higher price if one ModelId is used in two tiers, which CloudWatch does not separate', () => {
    const { stack } = stackWith();
    for (const serviceTier of [ServiceTier.FLEX, ServiceTier.PRIORITY]) {
      CostEstimates.of(stack).addOnDemand(serviceTier, { model: 'amazon.nova-pro-v1:0', requestsPerMonth: 1, inputTokensPerRequest: 1, serviceTier });
    }
    expect(Annotations.fromStack(stack).findInfo('*', Match.stringLikeRegexp('use amazon.nova-pro-v1:0 at different prices, .* the highest price applies'))).toHaveLength(1);
    // Nova Pro, us-west-2, priority: in 1.40, out 5.60 (page 2026-07-24), read from the cache 0.35 (LiteLLM)
    expect(expressionOf(stack))
      .toBe('(FILL(r0m0, 0) * 1.4 + FILL(r0m1, 0) * 5.6 + MAX([FILL(r0m2, 0), FILL(r0m2n1, 0)]) * 0.35) / 1000000');
  });

  test('prices long requests as the estimate does', () => {
    const { stack } = stackWith({ monthlyLimitUsd: 1e6 });
    const { lineItems: [{ unitPriceUsd }] } = CostEstimates.of(stack).addOnDemand('Long', { model: 'openai.gpt-5.6-terra', requestsPerMonth: 1, inputTokensPerRequest: 300_000 });
    expect(expressionOf(stack)).toContain(`FILL(r0m0, 0) * ${unitPriceUsd} +`);
  });

  test('writes prices without an exponent', () => {
    const { stack } = stackWith();
    traffic(stack, 'Micro', 'amazon.nova-micro-v1:0');
    expect(expressionOf(stack)).not.toMatch(/\de/);
  });
});

describe('the thresholds', () => {
  // $1,460 a month of 730 hours is $2 an hour
  test.each([[1, 24], [6, 24], [24, 96]])('of the window of %p h is %p dollars by default', (hours, dollars) => {
    const { stack } = stackWith();
    traffic(stack);
    // 12 x $2; 2 x 6 x $2; 2 x 24 x $2
    expect(burnRateAlarms(stack, hours).map(({ Threshold }) => Threshold)).toEqual([dollars]);
  });

  test('follow custom burn rates', () => {
    const { stack } = stackWith({ burnRates: [{ window: Duration.minutes(30), factor: 10 }] });
    profile(stack, 'Chat');
    // half an hour at 10 x $2
    expect(burnRateAlarms(stack, 0.5).map(({ Threshold }) => Threshold)).toEqual([10]);
    expect(composites(stack)).toEqual([]);
  });

  test('exclude costs that do not depend on traffic', () => {
    const { stack } = stackWith({ monthlyLimitUsd: 36_500 });
    traffic(stack);
    CostEstimates.of(stack).addProvisioned('Units', { model: 'meta.llama3-1-70b-instruct-v1:0', modelUnits: 1 });
    // 36,500 - 1 x $24.00 x 730 h = 18,980 for tokens; / 730 = $26 an hour, x 12
    expect(burnRateAlarms(stack, HOUR)[0].Threshold).toBe(312);
  });

  test('do not cause an alarm every day for a plan above the limit', () => {
    const { stack } = stackWith({ monthlyLimitUsd: 10 });
    traffic(stack);
    // the estimate itself: 660 / 730 x 24 x 2 = 43.39726...
    expect(burnRateAlarms(stack, 24)[0].Threshold).toBe(43.3973);
  });

  test('use the limit of the whole budget in each stack: usage that is distributed differently than planned causes no false alarm', () => {
    const app = new App();
    const stacks = ['Home', 'Other'].map((id) => new Stack(app, id, { env }));
    new CostBudget(stacks[0], 'Budget', { monthlyLimitUsd: 2_920, covers: app });
    stacks.forEach((stack) => profile(stack, 'Planned'));
    // $4 an hour x 24 x 2 for each stack, and for the total
    for (const stack of stacks) expect(burnRateAlarms(stack, 24).map(({ Threshold }) => Threshold)).toEqual([192]);
    expect(whole(stacks[0]).map(({ Dimensions, Threshold }) => [Dimensions[1].Value, Threshold])).toEqual([['60', 48], ['1440', 192], ['360', 48]]);
  });

  test('are never 0, where an alarm would fire on the first token', () => {
    const { stack } = stackWith({ monthlyLimitUsd: 0.01, burnRates: [{ window: Duration.minutes(15), factor: 2 }] });
    CostEstimates.of(stack).addOnDemand('Traffic', { model: SONNET, requestsPerMonth: 0, inputTokensPerRequest: 1 });
    // 0.01 / 730 x 0.25 x 2 = 0.0000068
    expect(burnRateAlarms(stack, 0.25)[0].Threshold).toBe(0.0001);
  });

  test('follow hours that are configured after the budget was created', () => {
    const stack = new Stack(new App({ context: { 'cdk-bedrock-cost:hoursPerMonth': 744 } }), 'Stack', { env });
    new CostBudget(stack, 'Budget', { monthlyLimitUsd: 744 });
    traffic(stack);
    // $1 an hour
    expect(burnRateAlarms(stack, HOUR)[0].Threshold).toBe(12);
  });
});

describe('the notifying alarm', () => {
  test('is the alarm itself with one window, and with two windows their composite alarm', () => {
    const { stack } = stackWith();
    profile(stack, 'Chat');
    const topic = [{ Ref: expect.stringMatching(/^BudgetTopic/) }];
    expect(burnRateAlarms(stack, 1)[0].AlarmActions).toEqual(topic);
    const [long] = burnRateAlarms(stack, 24);
    const [short] = burnRateAlarms(stack, 6);
    expect([long, short].map(({ AlarmActions }) => AlarmActions)).toEqual([undefined, undefined]);
    const [composite, ...others] = composites(stack);
    expect(others).toEqual([]);
    expect(composite.AlarmActions).toEqual(topic);
    expect(composite.AlarmRule).toEqual({ 'Fn::Join': ['', ['(ALARM("', { Ref: long.id }, '") AND ALARM("', { Ref: short.id }, '"))']] });
  });

  test('is a composite alarm over the part and the total, with a part in another stack', () => {
    const app = new App();
    const [home, other] = ['Home', 'Other'].map((id) => new Stack(app, id, { env }));
    new CostBudget(home, 'Budget', { monthlyLimitUsd: 100_000, covers: app });
    for (const stack of [home, other]) profile(stack, 'Profile', NO_CACHE);
    const fast = burnRateAlarms(home, 1);
    // 100,000 / 730 x 12
    expect(fast.map(({ Threshold, AlarmActions }) => [Threshold, AlarmActions])).toEqual([[1643.8356, undefined]]);
    const [anyFast, anySlow] = composites(home);
    const refs = (rule: any) => rule['Fn::Join'][1].flatMap((part: any) => part.Ref ?? []);
    const [wholeHour, ...wholeDay] = whole(home);
    expect(refs(anyFast.AlarmRule).sort()).toEqual([...fast, wholeHour].map(({ id }) => id).sort());
    const slow = [...burnRateAlarms(home, 24), ...burnRateAlarms(home, 6), ...wholeDay];
    expect(refs(anySlow.AlarmRule).sort()).toEqual(slow.map(({ id }) => id).sort());
  });

  test('is the alarm on the total for requests that name a model by its ARN: both ids do not fit into one alarm', () => {
    const { stack } = stackWith();
    traffic(stack);
    expect(new Set(idsOf(burnRateAlarms(stack, HOUR)))).toEqual(new Set([SONNET]));
    expect(whole(stack).map(({ Dimensions, Threshold }) => [Dimensions[1].Value, Threshold])).toEqual([['60', 24], ['1440', 96], ['360', 24]]);
  });

  test('is the alarm on the total for usage that exceeds a burn rate only in all stacks together', () => {
    const app = new App();
    const home = new Stack(app, 'Home', { env });
    new CostBudget(home, 'Budget', { monthlyLimitUsd: 1_460, covers: app });
    profile(home, 'One');
    expect(whole(home)).toEqual([]);
    const apps = new App();
    const stacks = ['Home', 'Other'].map((id) => new Stack(apps, id, { env }));
    new CostBudget(stacks[0], 'Budget', { monthlyLimitUsd: 1_460, covers: apps });
    stacks.forEach((stack) => profile(stack, 'One'));
    expect(whole(stacks[0])[0]).toMatchObject({
      Namespace: 'CdkBedrockCost',
      MetricName: 'SpentUsd',
      Statistic: 'Maximum',
      Period: 900,
      Threshold: 24,
      TreatMissingData: 'ignore',
      Dimensions: [{ Name: 'Budget', Value: 'Home/Budget' }, { Name: 'Window', Value: '60' }],
    });
    expect(whole(stacks[1])).toEqual([]);
    for (const stack of stacks) {
      const [{ Properties: { Target: { Input } } }] = Object.values(Template.fromStack(stack).findResources('AWS::Scheduler::Schedule'));
      expect(JSON.stringify(Input)).toContain('windowsMinutes\\":[60,1440,360]');
    }
  });

  test('never has more metrics than CloudWatch accepts, also if further constructs describe its model', () => {
    const { stack } = stackWith({ monthlyLimitUsd: 100_000 });
    // Titan Embed has input tokens only; other models have up to six metrics.
    traffic(stack, 'Embed', 'amazon.titan-embed-text-v2:0');
    expect(burnRateAlarms(stack, 1).map(({ Metrics }) => Metrics.length - 1)).toEqual([1]);
    const { stack: second } = stackWith({ monthlyLimitUsd: 100_000 });
    // Six metrics are reserved for each model: a further construct may describe the model with a prompt cache.
    for (const model of ['amazon.titan-embed-text-v2:0', SONNET]) traffic(second, model.replace(/\W/g, ''), model);
    expect(burnRateAlarms(second, 1)).toEqual([]);
    expect(only(second, /BurnRatio/)).toMatchObject({ MetricName: 'BurnRatio' });
  });
});

describe('the monitored usage', () => {
  test('includes constructs from before and after the budget', () => {
    const stack = new Stack(new App(), 'Stack', { env });
    profile(stack, 'Before', NO_CACHE);
    new CostBudget(stack, 'Budget', { monthlyLimitUsd: 10_000 });
    profile(stack, 'After', NO_CACHE);
    expect(new Set(idsOf(burnRateAlarms(stack, HOUR)).map((id) => id['Fn::GetAtt'][0].slice(0, 5)))).toEqual(new Set(['Befor', 'After']));
  });

  test('includes a model that is called directly once, regardless of the number of its constructs', () => {
    const app = new App();
    const stacks = ['A', 'B', 'C'].map((id) => new Stack(app, id, { env }));
    new CostBudget(stacks[0], 'Budget', { monthlyLimitUsd: 2_920, covers: app });
    stacks.forEach((stack) => traffic(stack));
    const made = stacks.flatMap((stack) => burnRateAlarms(stack, HOUR));
    expect(made).toHaveLength(1);
    expect(made[0].Metrics).toHaveLength(7);
    // 3 x $660 planned of $2,920, all of it in this alarm; $4 an hour x 12
    expect(made[0].Threshold).toBe(48);
  });

  test('excludes usage in another region, which the budget reports', () => {
    const { stack } = stackWith();
    CostEstimates.of(stack).addOnDemand('Abroad', { model: 'eu.anthropic.claude-sonnet-4-6', region: 'eu-west-1', requestsPerMonth: 1, inputTokensPerRequest: 1 });
    expect(alarms(stack)).toHaveLength(0);
    expect(Annotations.fromStack(stack).findInfo('*', Match.stringLikeRegexp('is used in eu-west-1, which alarms in Stack'))).toHaveLength(1);
  });

  test('excludes usage that CloudWatch does not count, which the budget reports', () => {
    const { stack } = stackWith();
    CostEstimates.of(stack).addOnDemand('Pictures', {
      model: 'amazon.nova-2-multimodal-embeddings-v1:0', region: 'us-west-2', requestsPerMonth: 1, inputTokensPerRequest: 1, imagesPerRequest: 1,
    });
    expect(Annotations.fromStack(stack).findInfo('*', Match.stringLikeRegexp('Stack/Pictures has imagesPerRequest, which CloudWatch does not count'))).toHaveLength(1);
  });

  test('is in the description, with the effect of the burn rate', () => {
    const { stack } = stackWith();
    traffic(stack);
    expect(burnRateAlarms(stack, HOUR)[0].AlarmDescription).toBe(
      'Amazon Bedrock has cost more than $24.00 in the last hour, a burn rate of more than 12 for the limit of $1,460.00 a month of Stack/Budget. '
      + 'At this rate, the budget of the month is spent in 60 hours. '
      + 'Counts every call of us.anthropic.claude-sonnet-4-6 in this account and region. Monitors Stack/Traffic.');
    expect(composites(stack)[1].AlarmDescription).toContain('more than 2 over both 24 hours and 6 hours, for the limit of $1,460.00 a month of Stack/Budget. ');
  });
});

describe('the stacks of the alarms', () => {
  test('are those of the monitored resources, and the alarms notify the topic there', () => {
    const app = new App();
    const home = new Stack(app, 'Home', { env });
    const other = new Stack(app, 'Other', { env });
    const abroad = new Stack(app, 'Abroad', { env: { ...env, region: 'eu-west-1' } });
    new CostBudget(home, 'Budget', { monthlyLimitUsd: 10_000, covers: app, emailAddresses: ['team@example.com'] });
    traffic(other);
    traffic(abroad, 'Traffic', 'eu.anthropic.claude-sonnet-4-6');
    expect(burnRateAlarms(home, HOUR)).toHaveLength(0);
    // By name, since a reference would make the stacks depend on each other.
    const [{ Properties: { TopicName } }] = Object.values(Template.fromStack(home).findResources('AWS::SNS::Topic'));
    expect(TopicName).toMatch(/^Home-/);
    expect(burnRateAlarms(other, HOUR)[0].AlarmActions).toEqual([{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:sns:us-west-2:111122223333:${TopicName}`]] }]);
    // CloudWatch cannot notify a topic of another region: a topic there has the same subscriptions.
    const template = Template.fromStack(abroad);
    template.hasResourceProperties('AWS::SNS::Subscription', { Endpoint: 'team@example.com' });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmActions: [{ Ref: Match.stringLikeRegexp('^BedrockCostAlerts') }] });
  });

  test('do not refer to each other', () => {
    const app = new App();
    const stacks = ['A', 'B', 'C'].map((id) => new Stack(app, id, { env }));
    new CostBudget(stacks[0], 'Budget', { monthlyLimitUsd: 10_000, covers: app });
    stacks.forEach((stack) => profile(stack, 'Profile'));
    for (const { stacks: made } of [app.synth()]) expect(made.map(({ dependencies }) => dependencies.filter(({ id }) => !id.endsWith('.assets')))).toEqual([[], [], []]);
    for (const stack of stacks) expect(JSON.stringify(Template.fromStack(stack).toJSON())).not.toMatch(/Fn::ImportValue|"Export"/);
  });

  test('can be in stages', () => {
    const app = new App();
    const top = new Stack(app, 'Top', { env });
    new CostBudget(top, 'Budget', { monthlyLimitUsd: 10_000, covers: app });
    const inner = new Stack(new Stage(app, 'Prod', { env }), 'Inner');
    traffic(inner);
    expect(burnRateAlarms(inner, HOUR)).toHaveLength(1);
  });

  test('can notify a topic with a known ARN from every stage', () => {
    const app = new App();
    const top = new Stack(app, 'Top', { env });
    const arn = 'arn:aws:sns:us-west-2:111122223333:pager';
    new CostBudget(top, 'Budget', { monthlyLimitUsd: 10_000, covers: app, notificationTopic: Topic.fromTopicArn(top, 'Pager', arn) });
    const inner = new Stack(new Stage(app, 'Prod', { env }), 'Inner');
    traffic(inner);
    expect(burnRateAlarms(inner, HOUR)[0].AlarmActions).toEqual([arn]);
  });

  test.each<[string, { account?: string; region?: string }, (stack: Stack) => string]>([
    ['in a stack without an account', { region: 'us-west-2' }, () => 'arn:aws:sns:us-west-2:111122223333:pager'],
    ['in a stack without an environment', {}, () => 'arn:aws:sns:us-west-2:111122223333:pager'],
    ['that is known at deployment', env, () => Fn.importValue('pager')],
  ])('can notify the topic of the user %s', (_, environment, arnIn) => {
    const stack = new Stack(new App({ context: { 'cdk-bedrock-cost:region': 'us-west-2' } }), 'Stack', { env: environment });
    new CostBudget(stack, 'Budget', { monthlyLimitUsd: 10_000, notificationTopic: Topic.fromTopicArn(stack, 'Pager', arnIn(stack)) });
    profile(stack, 'Chat');
    expect(burnRateAlarms(stack, HOUR)[0].AlarmActions).toEqual([stack.resolve(arnIn(stack))]);
    expect(Template.fromStack(stack).findResources('AWS::SNS::Topic')).toEqual({});
  });

  test.each([[undefined, false], ['pager', true]])('have no references to the topic of the user in another stack, named %p', (topicName, isNotified) => {
    const app = new App();
    const [ops, other] = ['Ops', 'Other'].map((id) => new Stack(app, id, { env }));
    new CostBudget(ops, 'Budget', { monthlyLimitUsd: 10_000, covers: app, notificationTopic: new Topic(ops, 'Pager', { topicName }) });
    // A reference that would create a cycle.
    new CfnOutput(ops, 'Uses', { value: new Topic(other, 'Theirs').topicArn });
    traffic(other);
    const [action] = burnRateAlarms(other, HOUR)[0].AlarmActions;
    expect(JSON.stringify(action)).toContain(isNotified ? ':sns:us-west-2:111122223333:pager' : 'BedrockCostAlerts');
  });

  test('never notify a topic of another region, which CloudWatch would refuse', () => {
    const stack = new Stack(new App(), 'Stack', { env });
    const topic = Topic.fromTopicArn(stack, 'Theirs', 'arn:aws:sns:us-east-1:111122223333:theirs');
    new CostBudget(stack, 'Budget', { monthlyLimitUsd: 10_000, notificationTopic: topic, emailAddresses: ['team@example.com'] });
    profile(stack, 'Chat');
    expect(burnRateAlarms(stack, HOUR)[0].AlarmActions).toEqual([{ Ref: expect.stringMatching(/^BedrockCostAlerts/) }]);
  });

  test('have findings for a substitute topic, and for costs that are billed to another account', () => {
    const app = new App();
    const home = new Stack(app, 'Home', { env });
    new CostBudget(home, 'Budget', { monthlyLimitUsd: 10_000, covers: app, emailAddresses: ['team@example.com'] });
    traffic(new Stack(app, 'Theirs', { env: { region: 'us-west-2', account: '444455556666' } }));
    const infos = Annotations.fromStack(home).findInfo('*', Match.anyValue()).map(({ entry }) => String(entry.data));
    expect(infos).toEqual(expect.arrayContaining([
      expect.stringContaining('Theirs/Traffic is billed to the account 444455556666'),
      expect.stringMatching(/The alarms in Theirs notify Theirs\/BedrockCostAlerts\w+, with 1 e-mail addresses/),
    ]));
  });

  test('leave the topic without a fixed name if no other stack needs it', () => {
    const { stack } = stackWith();
    traffic(stack);
    Template.fromStack(stack).hasResourceProperties('AWS::SNS::Topic', { TopicName: Match.absent() });
  });
});

test('usage without a known price is counted as $0 by the same alarms, with a note in their descriptions', () => {
  const { stack } = stackWith();
  profile(stack, 'Chat', 'us.example.unknown-v1:0');
  const [{ Metrics: [{ Expression }], AlarmDescription }] = burnRateAlarms(stack, 1);
  expect(Expression).toBe('(FILL(r0m0, 0) * 0 + FILL(r0m1, 0) * 0) / 1000000');
  expect(AlarmDescription).toContain(' Counts Stack/Chat as $0, since the price is unknown. ');
  expect(burnRateAlarms(stack, 1)).toHaveLength(burnRateAlarms(pricedStack(), 1).length);
});

function pricedStack() {
  const { stack } = stackWith();
  profile(stack, 'Chat', 'us.amazon.nova-pro-v1:0');
  return stack;
}

import { App, Duration, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { CostBudget } from '../../../src/budgets/cost-budget';
import { CostEstimates } from '../../../src/registration/cost-estimates';
import { alarms, env, profile, requests, SONNET, stackRequests, stackWith, traffic } from '../synth';

const SONNET_PRICES = [
  { metric: 'InputTokenCount', usdPerMillion: '3.3' }, { metric: 'OutputTokenCount', usdPerMillion: '16.5' },
  { metric: 'CacheReadInputTokenCount', usdPerMillion: '0.33' }, { metric: 'CacheWriteInputTokenCount', usdPerMillion: '6.6' },
];

/** The name of the parameter in which the function of a stack stores its amounts. */
function ledgerIn(stack: Stack): string {
  const [parameter, ...more] = Object.values(Template.fromStack(stack).findResources('AWS::SSM::Parameter', { Properties: { Value: '{}' } }));
  expect(more).toEqual([]);
  return parameter.Properties.Name;
}
/** The permissions of the roles of a stack for a service: actions and resources, with ARNs as CloudFormation renders them. */
function allowed(stack: Stack, service: string): string[] {
  const statements = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].flatMap((type) => Object.values(Template.fromStack(stack).findResources(type)))
    .flatMap(({ Properties }: any) => Properties.PolicyDocument.Statement);
  const texts = (value: any) => [value].flat().map((one: any) => (typeof one === 'string' ? one : one['Fn::Join'][1].map((part: any) => part.Ref ?? part).join('')));
  return statements.flatMap(({ Action, Resource }: any) => texts(Action).filter((action) => action.startsWith(`${service}:`))
    .flatMap((action) => texts(Resource).map((resource) => `${action} ${resource.replace('arn:AWS::Partition:', '')}`))).sort();
}

describe('the month-to-date function', () => {
  test('receives the meters with their prices, and the time from the schedule', () => {
    const { stack } = stackWith();
    traffic(stack);
    profile(stack, 'Chat');
    expect(requests(stack)).toEqual([{
      time: '<aws.scheduler.scheduled-time>',
      budget: 'Stack/Budget',
      stack: 'Stack',
      onDemand: [
        {
          resource: 'Stack/Traffic',
          model: SONNET,
          modelId: SONNET,
          otherModelIds: ['arn:AWS::Partition:bedrock:us-west-2:111122223333:inference-profile/us.anthropic.claude-sonnet-4-6'],
          shared: true,
          prices: SONNET_PRICES,
        },
        { resource: 'Stack/Chat', model: SONNET, modelId: expect.stringMatching(/^Chat\w+\.InferenceProfileId$/), prices: SONNET_PRICES },
      ],
      countedElsewhere: [],
      provisioned: [],
      batch: [],
      windowsMinutes: [60, 1440, 360],
      // $1,460 a month of 730 hours is $2 an hour: 12 x $2 x 1 h; 2 x $2 x 24 h and 6 h.
      burnRates: [
        { windows: [{ minutes: 60, thresholdUsd: '24' }] },
        { windows: [{ minutes: 1440, thresholdUsd: '96' }, { minutes: 360, thresholdUsd: '24' }] },
      ],
      total: { parts: [], publishTo: [], limitUsd: '1460' },
      publishPart: false,
    }]);
  });

  test('publishes the windows of burn rates if alarms read token metrics and not all ids fit into one alarm', () => {
    const { stack } = stackWith();
    traffic(stack);
    expect(requests(stack)).toEqual([expect.objectContaining({ windowsMinutes: [60, 1440, 360], publishWindows: true })]);
    expect(requests(stack)[0]).not.toHaveProperty('burnRates');
  });

  test('runs every 15 minutes by default, and is retried before the next run', () => {
    const { stack } = stackWith({ countInterval: Duration.minutes(5) });
    traffic(stack);
    Template.fromStack(stack).hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'rate(5 minutes)', Target: { RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 900 } },
    });
    const standard = stackWith().stack;
    traffic(standard);
    Template.fromStack(standard).hasResourceProperties('AWS::Scheduler::Schedule', { ScheduleExpression: 'rate(15 minutes)' });
  });

  test('may publish to its own namespace only', () => {
    const { stack } = stackWith();
    traffic(stack);
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          { Action: 'cloudwatch:PutMetricData', Condition: { StringEquals: { 'cloudwatch:namespace': 'CdkBedrockCost' } }, Effect: 'Allow', Resource: '*' },
        ]),
      },
    });
  });

  test('reads its request from its own schedule, which no event can change', () => {
    const { stack } = stackWith();
    traffic(stack);
    const template = Template.fromStack(stack);
    const [{ Properties: { Name } }] = Object.values(template.findResources('AWS::Scheduler::Schedule'));
    expect(Name).toMatch(/^cdk-bedrock-cost-Stack-Budget-in-Stack-[0-9a-f]{8}$/);
    expect(allowed(stack, 'scheduler')).toEqual([`scheduler:GetSchedule scheduler:us-west-2:111122223333:schedule/default/${Name}`]);
    const [parameter] = Object.keys(template.findResources('AWS::SSM::Parameter', { Properties: { Value: '{}' } }));
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { SCHEDULE: Name, LEDGER_PARAMETER: { Ref: parameter }, STACK_ID: { Ref: 'AWS::StackId' } } },
    });
  });

  test('has a unique name for its schedule, never longer than AWS accepts', () => {
    const stack = new Stack(new App(), 'A'.repeat(120), { env });
    const stacks = ['One', 'Two'].map((id) => new Stack(stack.node.root, `${'A'.repeat(120)}${id}`, { env }));
    for (const one of [stack, ...stacks]) {
      new CostBudget(one, 'Budget'.repeat(20), { monthlyLimitUsd: 10_000 });
      traffic(one);
    }
    // In the first stack, several budgets share a function.
    new CostBudget(stack, 'Second', { monthlyLimitUsd: 10_000 });
    const names = [stack, ...stacks].flatMap((one) => (
      Object.values(Template.fromStack(one).findResources('AWS::Scheduler::Schedule')).map(({ Properties }) => Properties.Name)));
    expect(new Set(names).size).toBe(3);
    for (const name of names) expect(name).toMatch(/^[0-9a-zA-Z_.-]{1,64}$/);
  });

  test('reads only metrics that AWS alone can publish, and stores its amounts where it alone may write', () => {
    const app = new App();
    const [home, other, abroad] = [['Home', 'us-west-2'], ['Other', 'us-west-2'], ['Abroad', 'eu-west-1']].map(([id, region]) => new Stack(app, id, { env: { ...env, region } }));
    new CostBudget(home, 'Budget', { monthlyLimitUsd: 10_000, covers: app });
    traffic(other, 'Traffic', 'us.amazon.nova-pro-v1:0');
    traffic(abroad, 'Traffic', 'eu.anthropic.claude-sonnet-4-6');
    // ListMetrics and GetMetricData are for the counts of AWS: see the handler's own test.
    const actions = ['cloudwatch:GetMetricData *', 'cloudwatch:ListMetrics *', 'cloudwatch:PutMetricData *'];
    for (const stack of [home, other, abroad]) expect(allowed(stack, 'cloudwatch')).toEqual(actions);
    const path = (stack: Stack) => `ssm:${stack.region}:111122223333:parameter${ledgerIn(stack).replace(/1$/, '')}`;
    const ofItsOwn = (stack: Stack) => [`ssm:DeleteParameter ${path(stack)}1`, `ssm:GetParameter ${path(stack)}*`, `ssm:PutParameter ${path(stack)}*`];
    expect(allowed(other, 'ssm')).toEqual(ofItsOwn(other));
    expect(allowed(abroad, 'ssm')).toEqual(ofItsOwn(abroad));
    expect(allowed(home, 'ssm')).toEqual([...ofItsOwn(home), `ssm:GetParameter ${path(other)}*`, `ssm:GetParameter ${path(abroad)}*`].sort());
  });

  test('works in a budget over 60 stacks, and in a stack of 225 profiles', () => {
    const app = new App();
    const home = new Stack(app, 'Home', { env });
    new CostBudget(home, 'Budget', { monthlyLimitUsd: 1_000_000, covers: app });
    const parts = Array.from({ length: 60 }, (_, i) => new Stack(app, `A-stack-with-a-rather-long-name-as-they-are-${i}`, { env }));
    parts.forEach((stack, i) => profile(stack, `Chat${i}`));
    expect(requests(home)[0].total!.parts).toHaveLength(60);
    expect(new Set(parts.map(ledgerIn)).size).toBe(60);
    expect(allowed(home, 'ssm').filter((text) => text.startsWith('ssm:GetParameter '))).toHaveLength(61);
    // IAM accepts 10,240 characters in the policies of a role, and 6,144 in a managed one.
    const documents = (type: string) => Object.values(Template.fromStack(home).findResources(type))
      .map(({ Properties }) => JSON.stringify(Properties.PolicyDocument).length);
    for (const length of documents('AWS::IAM::ManagedPolicy')) expect(length).toBeLessThan(6_144 * 1.3);
    for (const length of documents('AWS::IAM::Policy')) expect(length).toBeLessThan(10_240 * 1.3);

    const { stack: large } = stackWith({ monthlyLimitUsd: 1_000_000, burnRates: [{ factor: 12, window: Duration.hours(1) }] });
    for (let i = 0; i < 225; i++) profile(large, `Chat${i}`);
    expect(requests(large)[0].onDemand).toHaveLength(225);
    expect(Object.keys(Template.fromStack(large).toJSON().Resources).length).toBeLessThanOrEqual(500);
  });

  test('counts the hours of throughput that was bought outside of the app', () => {
    const { stack } = stackWith();
    CostEstimates.of(stack).addProvisioned('Units', { model: 'meta.llama3-1-70b-instruct-v1:0', modelUnits: 2 });
    // $24.00 for a unit and an hour without commitment
    expect(requests(stack)[0].provisioned).toEqual([{ resource: 'Stack/Units', model: 'meta.llama3-1-70b-instruct-v1:0', modelUnits: 2, usdPerModelUnitHour: '24' }]);
  });

  test('is in each stack; the function in the stack of the budget adds up the parts', () => {
    const app = new App();
    const [home, other, abroad] = [['Home', 'us-west-2'], ['Other', 'us-west-2'], ['Abroad', 'eu-west-1']].map(([id, region]) => new Stack(app, id, { env: { ...env, region } }));
    new CostBudget(home, 'Budget', { monthlyLimitUsd: 10_000, covers: app });
    traffic(other, 'Traffic', 'us.amazon.nova-pro-v1:0');
    traffic(abroad, 'Traffic', 'eu.anthropic.claude-sonnet-4-6');
    expect(requests(home)).toEqual([expect.objectContaining({
      budget: 'Home/Budget',
      onDemand: [],
      publishPart: false,
      total: {
        parts: [{ stack: 'Other', region: 'us-west-2', ledger: ledgerIn(other) }, { stack: 'Abroad', region: 'eu-west-1', ledger: ledgerIn(abroad) }],
        publishTo: [],
        limitUsd: '10000',
      },
    })]);
    for (const [stack, name] of [[other, 'Other'], [abroad, 'Abroad']] as const) {
      expect(requests(stack)).toEqual([expect.objectContaining({ budget: 'Home/Budget', stack: name, publishPart: true })]);
      expect(requests(stack)[0].total).toBeUndefined();
    }
  });

  test('of another account is not a part of the total', () => {
    const app = new App();
    const home = new Stack(app, 'Home', { env });
    const theirs = new Stack(app, 'Theirs', { env: { ...env, account: '444455556666' } });
    new CostBudget(home, 'Budget', { monthlyLimitUsd: 10_000, covers: app });
    traffic(home);
    traffic(theirs);
    expect(requests(home)[0].total!.parts).toEqual([]);
    expect(requests(theirs)).toHaveLength(1);
  });

  test('does not count a model that another stack counts, in any order of the stacks', () => {
    const app = new App();
    const [one, other] = ['One', 'Other'].map((id) => new Stack(app, id, { env }));
    new CostBudget(one, 'Budget', { monthlyLimitUsd: 10_000, covers: app });
    traffic(other);
    traffic(one);
    profile(one, 'Chat');
    expect(requests(one)[0]).toMatchObject({ onDemand: [{ resource: 'One/Chat' }], countedElsewhere: [SONNET] });
    expect(requests(other)[0]).toMatchObject({ onDemand: [{ resource: 'Other/Traffic, One/Traffic' }], countedElsewhere: [] });
  });

  test('notifies of failures, in every part', () => {
    const app = new App();
    const [home, other] = ['Home', 'Other'].map((id) => new Stack(app, id, { env }));
    new CostBudget(home, 'Budget', { monthlyLimitUsd: 10_000, covers: app });
    traffic(other);
    for (const stack of [home, other]) {
      const [failing, ...others] = alarms(stack).filter(({ Namespace }) => Namespace === 'AWS/Lambda');
      expect(others).toEqual([]);
      expect(failing).toMatchObject({ MetricName: 'Errors', Statistic: 'Sum', Period: 900, EvaluationPeriods: 3, Threshold: 0, ComparisonOperator: 'GreaterThanThreshold' });
      expect(failing.AlarmActions).toHaveLength(1);
      expect(failing.AlarmDescription).toContain(`The cost of Home/Budget in ${stack.node.path} could not be counted 3 times in a row`);
    }
  });

  test('is not created for a budget that covers no costs', () => {
    const { stack } = stackWith();
    Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 0);
    expect(alarms(stack)).toEqual([]);
  });

  test('two budgets that overlap are counted by one function, each by its own meters', () => {
    const { stack } = stackWith();
    new CostBudget(stack, 'Second', { monthlyLimitUsd: 5_000 });
    traffic(stack);
    const [{ onDemand, budgets }, ...more] = stackRequests(stack);
    expect(more).toEqual([]);
    expect(onDemand).toHaveLength(1);
    expect(budgets.map(({ budget, total, onDemand: meters }) => [budget, total!.limitUsd, meters])).toEqual([['Stack/Budget', '1460', [0]], ['Stack/Second', '5000', [0]]]);
  });

  test('converts names that are not ASCII to names that CloudWatch accepts', () => {
    const stack = new Stack(new App(), 'Stack', { env });
    new CostBudget(stack, 'Größe', { monthlyLimitUsd: 10_000 });
    traffic(stack, 'Übersetzer');
    expect(requests(stack)[0]).toMatchObject({
      budget: expect.stringMatching(/^Stack\/Gr\?\?e-[0-9a-f]{8}$/), onDemand: [{ resource: expect.stringMatching(/^Stack\/\?bersetzer-[0-9a-f]{8}$/) }],
    });
  });
});

describe('the request', () => {
  const synthesize = (profiles: number, idLength: number) => {
    const { stack } = stackWith();
    for (let i = 0; i < profiles; i++) profile(stack, `${i}`.padEnd(idLength, 'x'));
    (stack.node.root as App).synth();
  };

  test('fails with more characters than a schedule accepts', () => {
    // Each profile is a meter with a name of 1,000 characters and four prices.
    expect(() => synthesize(200, 1_000)).toThrow(/the request to count the costs of Stack has \d{6} characters, and a schedule accepts 250000\. Split the stack\./);
  });

  test('is measured exactly if it has many tokens', () => {
    // With the longest value of each token it could be too long, but it is not.
    expect(() => synthesize(60, 10)).not.toThrow();
  });
});

describe('budgets of stages', () => {
  test('monitor their own stage each, with different names', () => {
    const app = new App();
    const stacks = ['Test', 'Prod'].map((id) => {
      const stack = new Stack(new Stage(app, id, { env }), 'Chat');
      new CostBudget(stack, 'Budget', { monthlyLimitUsd: 10_000, covers: Stage.of(stack) });
      profile(stack, 'Assistant');
      return stack;
    });
    expect(stacks.map((stack) => requests(stack).map(({ budget, onDemand }) => [budget, onDemand[0].resource]))).toEqual([
      [['Test-Chat/Budget', 'Test/Chat/Assistant']], [['Prod-Chat/Budget', 'Prod/Chat/Assistant']],
    ]);
    expect(() => app.synth()).not.toThrow();
  });

  test('can overlap with a budget over the app, which adds up the stages', () => {
    const app = new App();
    const top = new Stack(app, 'Top', { env });
    new CostBudget(top, 'Budget', { monthlyLimitUsd: 10_000, covers: app });
    const inner = new Stack(new Stage(app, 'Prod', { env }), 'Chat');
    new CostBudget(inner, 'Budget', { monthlyLimitUsd: 10_000 });
    profile(inner, 'Assistant');
    expect(requests(top)[0].total!.parts).toEqual([{ stack: 'Prod/Chat', region: 'us-west-2', ledger: ledgerIn(inner) }]);
    expect(ledgerIn(inner)).toMatch(/^\/cdk-bedrock-cost\/Prod-Chat-in-Prod-Chat-[0-9a-f]{8}\/spent\/1$/);
    // One function for both.
    expect(stackRequests(inner)).toEqual([expect.objectContaining({
      onDemand: [expect.objectContaining({ resource: 'Prod/Chat/Assistant' })],
      budgets: [
        expect.objectContaining({ budget: 'Top/Budget', onDemand: [0], publishPart: false }),
        expect.objectContaining({ budget: 'Prod-Chat/Budget', onDemand: [0], publishPart: false, burnRates: expect.anything() }),
      ],
    })]);
  });

  test('in a nested stack are counted there', () => {
    const parent = new Stack(new App(), 'Parent', { env });
    const nested = new NestedStack(parent, 'Nested');
    new CostBudget(parent, 'Budget', { monthlyLimitUsd: 10_000 });
    profile(nested, 'Assistant');
    expect(requests(parent)[0].total!.parts).toEqual([{ stack: 'Parent/Nested', region: 'us-west-2', ledger: ledgerIn(nested) }]);
    expect(requests(nested)[0]).toMatchObject({ budget: 'Parent/Budget', stack: 'Parent/Nested', publishPart: true });
  });
});

import { App, Aspects, Duration, Stack, Stage, Tags } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { ManagedPolicy, PermissionsBoundary, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct, IConstruct } from 'constructs';
import { CostBudget } from '../../../src/budgets/cost-budget';
import { CostBudgetProps } from '../../../src/budgets/cost-budget-props';
import { StopAction } from '../../../src/budgets/stop-actions/stop-action';
import { ApplicationInferenceProfile } from '../../../src/inference/application-inference-profile';
import { BedrockModel } from '../../../src/inference/bedrock-model';
import { StackRequest } from '../../../src/lambda/month-to-date/contract';
import { ServiceTier } from '../../../src/pricing/billing-modes/on-demand';
import { CostEstimates } from '../../../src/registration/cost-estimates';
import { alarms, burnRateAlarms, composites, env, only, profile, SONNET, stackRequests, statements, traffic } from '../synth';

const [UNSTABLE, STABLE] = [false, true].map((is) => ({ '@aws-cdk/core:aspectStabilization': is }));
const EMAIL = { emailAddresses: ['team@example.com'] };

const stackIn = (app: App | Stage, id = 'Stack', more: object = {}) => new Stack(app, id, { env: { ...env, ...more } });
/** Budgets of $1,460 a month, each over its own profile. */
function teams(stack: Stack, count: number, props: Partial<CostBudgetProps> = {}): void {
  for (let i = 0; i < count; i++) {
    const team = new Construct(stack, `Team${i}`);
    new CostBudget(team, 'Budget', { monthlyLimitUsd: 1_460, ...props });
    new ApplicationInferenceProfile(team, 'Profile', { model: BedrockModel.of(SONNET), usage: { requestsPerMonth: 1, inputTokensPerRequest: 1 } });
  }
}
/** The number of resources of a stack by type, without the profiles. */
function typesOf(stack: Stack): { [type: string]: number } {
  const types: { [type: string]: number } = {};
  for (const { Type } of Object.values<any>(Template.fromStack(stack).toJSON().Resources)) types[Type] = (types[Type] ?? 0) + 1;
  return types;
}
const sum = (types: { [type: string]: number }) => Object.values(types).reduce((total, count) => total + count, 0);

describe('the resources of a stack with several budgets', () => {
  const withTeams = (count: number) => {
    const stack = stackIn(new App());
    teams(stack, count, EMAIL);
    return typesOf(stack);
  };

  test('are 9 for each budget, and 9 for the stack', () => {
    const [two, three] = [withTeams(2), withTeams(3)];
    // Spent 50, 80, 100 %, forecast, burn ratio.
    const ofBudget = {
      'AWS::SNS::Topic': 1, 'AWS::SNS::TopicPolicy': 1, 'AWS::SNS::Subscription': 1, 'AWS::Budgets::Budget': 1, 'AWS::CloudWatch::Alarm': 5,
    };
    expect(sum(three) - sum(two)).toBe(9 + 1);
    for (const [type, count] of Object.entries(ofBudget)) expect([type, three[type] - two[type]]).toEqual([type, count]);
    expect(two).toEqual({
      'AWS::Bedrock::ApplicationInferenceProfile': 2,
      ...Object.fromEntries(Object.entries(ofBudget).map(([type, count]) => [type, 2 * count])),
      // The alarm on the function.
      'AWS::CloudWatch::Alarm': 2 * 5 + 1,
      'AWS::Lambda::Function': 1,
      'AWS::IAM::Role': 2,
      'AWS::IAM::Policy': 2,
      'AWS::Logs::LogGroup': 1,
      'AWS::Scheduler::Schedule': 1,
      'AWS::SSM::Parameter': 1,
    });
  });

  test('do not increase with further profiles', () => {
    const withProfiles = (count: number) => {
      const stack = stackIn(new App());
      new CostBudget(stack, 'Budget', { monthlyLimitUsd: 1e6 });
      for (let i = 0; i < count; i++) profile(stack, `Profile${i}`);
      return sum(typesOf(stack)) - count;
    };
    expect(withProfiles(12)).toBe(withProfiles(2));
  });

  test('increase by one alarm for every five topics, the maximum of an alarm', () => {
    const stack = stackIn(new App());
    teams(stack, 7, EMAIL);
    const failing = alarms(stack).filter(({ MetricName }) => MetricName === 'Errors');
    expect(failing.map(({ AlarmActions, InsufficientDataActions }) => [AlarmActions.length, InsufficientDataActions])).toEqual([
      [5, failing[0].AlarmActions], [2, failing[1].AlarmActions],
    ]);
    expect(new Set(failing.flatMap(({ AlarmActions }) => AlarmActions.map(({ Ref }: any) => Ref))).size).toBe(7);
  });
});

describe('the alarms of a stack with several budgets', () => {
  const stack = stackIn(new App());
  teams(stack, 2);

  test('read the metrics that the function publishes for each budget', () => {
    const own = alarms(stack).filter(({ Dimensions: [dimension] }) => dimension.Value === 'Stack/Team1/Budget');
    const read = own.map(({ Namespace, MetricName, Threshold, ComparisonOperator }) => [Namespace, MetricName, ComparisonOperator, Threshold]);
    expect(read.sort()).toEqual([
      ['CdkBedrockCost', 'BurnRatio', 'GreaterThanThreshold', 1],
      ['CdkBedrockCost', 'ForecastUsd', 'GreaterThanThreshold', 1460],
      ['CdkBedrockCost', 'MonthToDateUsd', 'GreaterThanOrEqualToThreshold', 1168],
      ['CdkBedrockCost', 'MonthToDateUsd', 'GreaterThanOrEqualToThreshold', 730],
      ['CdkBedrockCost', 'MonthToDateUsd', 'GreaterThanThreshold', 1460],
    ]);
    const topic = { Ref: expect.stringMatching(/^Team1BudgetTopic/) };
    for (const { AlarmActions, EvaluationPeriods, Statistic, Period, TreatMissingData, MetricName } of own) {
      expect([AlarmActions, Statistic, Period, TreatMissingData]).toEqual([[topic], 'Maximum', 900, 'ignore']);
      expect(EvaluationPeriods).toBe(MetricName === 'ForecastUsd' ? 3 : 1);
    }
    expect([burnRateAlarms(stack, 1), composites(stack)]).toEqual([[], []]);
  });

  test('describe every burn rate and its consequence', () => {
    const [{ AlarmDescription }] = alarms(stack).filter(({ MetricName }) => MetricName === 'BurnRatio');
    // 730 h / 12 = 60; 730 h / 2 = 15 days
    expect(AlarmDescription).toBe('The burn rate of Amazon Bedrock is too high for the limit of $1,460.00 a month of Stack/Team0/Budget: more than 12 over 1 hour, '
      + 'at which the budget of the month is spent in 60 hours; or more than 2 over both 24 hours and 6 hours, at which the budget of the month is spent in 15 days. '
      + 'Counted every 15 minutes. Monitors all that the budget covers.');
  });

  test('notify all topics when the function fails, or when its counts end, but not before the first run', () => {
    const failing = only(stack, /Failing/);
    // A new alarm begins in INSUFFICIENT_DATA. Its state does not change, so it sends no notification.
    expect(failing).toMatchObject({
      Namespace: 'AWS/Lambda',
      MetricName: 'Errors',
      Threshold: 0,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 3,
      Period: 900,
      TreatMissingData: 'missing',
      AlarmActions: [{ Ref: expect.stringMatching(/^Team0/) }, { Ref: expect.stringMatching(/^Team1/) }],
    });
    expect(failing.AlarmDescription).toContain('has not been counted for 45 minutes: the limits of some or all of these budgets are not monitored: Stack/Team0/Budget, Stack/Team1/Budget.');
    expect(alarms(stack).filter(({ id }) => /NotCounted/.test(id))).toEqual([]);
  });

  test('notify of a part without runs in a stack other than that of the budget, where no total is published', () => {
    const app = new App();
    const [home, other] = ['Home', 'Other'].map((id) => stackIn(app, id));
    new CostBudget(home, 'Budget', { monthlyLimitUsd: 10_000, covers: app });
    [home, other].forEach((one) => profile(one, 'Chat'));
    expect(only(home, /Failing/)).toMatchObject({ TreatMissingData: 'notBreaching' });
    const { InsufficientDataActions, AlarmActions, TreatMissingData, AlarmDescription } = only(other, /Failing/);
    expect([InsufficientDataActions, TreatMissingData]).toEqual([AlarmActions, 'missing']);
    expect(AlarmDescription).toContain('The cost of Home/Budget in Other could not be counted 3 times in a row, or has not been counted for 45 minutes: ');
  });

  test('notify a topic of several budgets once', () => {
    const shared = stackIn(new App());
    teams(shared, 7, { notificationTopic: new Topic(shared, 'Topic') });
    expect(only(shared, /Failing/).AlarmActions).toHaveLength(1);
  });
});

describe('the function of several budgets', () => {
  test('runs at the shortest interval of its budgets', () => {
    const stack = stackIn(new App());
    for (const [id, minutes] of [['Slow', 60], ['Fast', 5], ['Usual', 15]] as const) {
      new CostBudget(stack, id, { monthlyLimitUsd: 1_460, countInterval: Duration.minutes(minutes) });
    }
    profile(stack, 'Chat');
    // At the full interval of the hour, in steps of which windows are counted.
    Template.fromStack(stack).hasResourceProperties('AWS::Scheduler::Schedule', { ScheduleExpression: 'cron(0/5 * * * ? *)' });
    // The alarms of each budget have the interval of that budget.
    const ratios = alarms(stack).filter(({ MetricName }) => MetricName === 'BurnRatio');
    expect(ratios.map(({ Dimensions: [{ Value }], Period }) => [Value, Period]).sort()).toEqual([['Stack/Fast', 300], ['Stack/Slow', 3600], ['Stack/Usual', 900]]);
    expect(only(stack, /Failing/).Period).toBe(300);
  });

  test.each([[7, 'rate(7 minutes)'], [12, 'cron(0/12 * * * ? *)'], [60, 'rate(60 minutes)']])('runs every %p minutes by %s', (minutes, expression) => {
    const stack = stackIn(new App());
    teams(stack, 2, { countInterval: Duration.minutes(minutes) });
    Template.fromStack(stack).hasResourceProperties('AWS::Scheduler::Schedule', { ScheduleExpression: expression });
  });

  test('counts a model that is called directly once, at the highest price of all budgets, which the other budget reports', () => {
    const stack = stackIn(new App());
    const scopes = [ServiceTier.FLEX, ServiceTier.PRIORITY].map((serviceTier) => {
      const team = new Construct(stack, serviceTier);
      new CostBudget(team, 'Budget', { monthlyLimitUsd: 1_460 });
      CostEstimates.of(team).addOnDemand('Use', { model: 'amazon.nova-pro-v1:0', requestsPerMonth: 1, inputTokensPerRequest: 1, serviceTier });
      return team.node.path;
    });
    const [{ onDemand, budgets }] = stackRequests(stack);
    expect(onDemand.map(({ resource }) => resource)).toEqual([scopes.map((path) => `${path}/Use`).join(', ')]);
    // Nova Pro, us-west-2, priority: in 1.40 (page 2026-07-24); flex costs half of standard.
    expect(onDemand[0].prices[0]).toEqual({ metric: 'InputTokenCount', usdPerMillion: '1.4' });
    expect(budgets.map((budget) => budget.onDemand)).toEqual([[0], [0]]);
    const found = Annotations.fromStack(stack).findInfo('*', Match.stringLikeRegexp('use amazon.nova-pro-v1:0 at different prices, .* the highest price applies'));
    expect(found.map(({ id }) => id)).toEqual([`/${scopes[0]}/Budget`]);
  });

  test('adds up the parts of other stacks, which publish no metrics', () => {
    const app = new App();
    const [home, other] = ['Home', 'Other'].map((id) => stackIn(app, id));
    for (const id of ['One', 'Two']) new CostBudget(home, id, { monthlyLimitUsd: 1_460, covers: app });
    [home, other].forEach((stack) => profile(stack, 'Chat'));
    const [[ofHome], [ofOther]] = [home, other].map(stackRequests);
    const windows = [60, 1440, 360];
    expect(ofOther.budgets).toEqual(['Home/One', 'Home/Two'].map((budget) => (
      { budget, onDemand: [0], provisioned: [], batch: [], countedElsewhere: [], windowsMinutes: windows, publishPart: false })));
    const ledger = Object.values(Template.fromStack(other).findResources('AWS::SSM::Parameter'))[0].Properties.Name;
    for (const budget of ofHome.budgets) {
      expect(budget).toMatchObject({ total: { parts: [{ stack: 'Other', region: env.region, ledger }] }, publishPart: false, burnRates: expect.anything() });
    }
    // One ledger for both budgets.
    const read = statements(home).filter(({ Action, Resource }) => Action === 'ssm:GetParameter' && JSON.stringify(Resource).includes(ledger.replace(/1$/, '*')));
    expect(read).toHaveLength(1);
    expect(alarms(other).map(({ MetricName }) => MetricName)).toEqual(['Errors']);
  });

  test('leaves the total to alarms on its windows if the stack of the budget has alarms on token metrics', () => {
    const app = new App();
    const [home, other] = ['Home', 'Other'].map((id) => stackIn(app, id));
    new CostBudget(home, 'Budget', { monthlyLimitUsd: 10_000, covers: app });
    profile(home, 'Chat');
    for (const id of ['One', 'Two']) profile(other, id);
    expect(burnRateAlarms(home, 1)).toHaveLength(1);
    expect(alarms(home).filter(({ MetricName }) => MetricName === 'SpentUsd').map(({ Dimensions }) => Dimensions[1].Value)).toEqual(['60', '1440', '360']);
    const [{ budgets: [part] }] = stackRequests(other);
    expect(part).toMatchObject({ windowsMinutes: [60, 1440, 360], publishPart: false });
    expect(alarms(other).map(({ MetricName }) => MetricName)).toEqual(['Errors']);
  });

  test('publishes the burn ratio of its part in another account, where no total exists', () => {
    const app = new App();
    const home = stackIn(app, 'Home');
    const foreign = stackIn(app, 'Foreign', { account: '444455556666' });
    new CostBudget(home, 'Budget', { monthlyLimitUsd: 1_460, covers: app });
    for (const id of ['One', 'Two']) profile(foreign, id);
    const [{ budgets: [part] }] = stackRequests(foreign);
    expect(part).toMatchObject({ publishPart: true, windowsMinutes: [], burnRates: [{ windows: [{ minutes: 60, thresholdUsd: '24' }] }, expect.anything()] });
    expect(only(foreign, /BurnRatio/)).toMatchObject({
      MetricName: 'BurnRatio', Dimensions: [{ Name: 'Budget', Value: 'Home/Budget' }, { Name: 'Stack', Value: 'Foreign' }], Threshold: 1,
    });
  });
});

describe('at synthesis', () => {
  test.each([['without', UNSTABLE], ['with', STABLE]])('Aspects of the app visit the created resources, %s stabilization', (_, context) => {
    const app = new App({ context });
    const stack = stackIn(app);
    Tags.of(app).add('team', 'ai');
    PermissionsBoundary.of(app).apply(ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'limits'));
    teams(stack, 2);
    const template = Template.fromStack(stack);
    const roles = Object.values(template.findResources('AWS::IAM::Role'));
    expect(roles).toHaveLength(2);
    for (const { Properties } of roles) expect(Properties).toMatchObject({ PermissionsBoundary: expect.anything(), Tags: [{ Key: 'team', Value: 'ai' }] });
    template.hasResourceProperties('AWS::Lambda::Function', { Tags: Match.arrayWith([{ Key: 'team', Value: 'ai' }]) });
    for (const [id, { Properties }] of Object.entries(template.findResources('AWS::CloudWatch::Alarm'))) expect([id, Properties.Tags]).toEqual([id, [{ Key: 'team', Value: 'ai' }]]);
  });

  /** An Aspect that gives each construct called Team a profile. */
  const addProfiles = (scope: IConstruct) => Aspects.of(scope).add({
    visit: (node) => {
      if (node.node.id === 'Team' && !node.node.tryFindChild('Late')) {
        new ApplicationInferenceProfile(node as Construct, 'Late', { model: BedrockModel.of(SONNET), usage: { requestsPerMonth: 1, inputTokensPerRequest: 1 } });
      }
    },
  });

  test.each([['without', UNSTABLE], ['with', STABLE]])('profiles that another Aspect adds are monitored, %s stabilization', (_, context) => {
    const app = new App({ context });
    const stack = stackIn(app);
    new CostBudget(stack, 'Budget', { monthlyLimitUsd: 1_460 });
    profile(stack, 'Early');
    new Construct(stack, 'Team');
    addProfiles(app);
    // The decision was made for one profile: its alarms remain, and alarms on published metrics monitor the total.
    expect(burnRateAlarms(stack, 1).map(({ Metrics }) => Metrics.length - 1)).toEqual([6]);
    expect(alarms(stack).filter(({ MetricName }) => MetricName === 'SpentUsd')).toHaveLength(3);
    expect(stackRequests(stack)[0].onDemand.map(({ resource }) => resource)).toEqual(['Stack/Early', 'Stack/Team/Late']);
  });

  test('a stage whose first cost is added by an Aspect is monitored with stabilization, and refused without', () => {
    const stageIn = (context: object) => {
      const app = new App({ context });
      const inner = stackIn(new Stage(app, 'Prod'), 'Inner');
      const home = stackIn(app, 'Home');
      new CostBudget(home, 'Budget', { monthlyLimitUsd: 1_460, covers: app });
      new Construct(inner, 'Team');
      addProfiles(inner);
      return { app, inner };
    };
    expect(stackRequests(stageIn(STABLE).inner)[0].onDemand).toHaveLength(1);
    expect(() => stageIn(UNSTABLE).app.synth()).toThrow(/Prod\/Inner would not be monitored: an Aspect has added its first construct with a cost/);
  });

  test('a second synthesis gives the same templates', () => {
    const app = new App();
    const stack = stackIn(app);
    teams(stack, 2);
    const templateOf = () => app.synth({ force: true }).getStackByName(stack.stackName).template;
    expect(templateOf()).toEqual(templateOf());
  });

  test('a stage that is synthesized early, as a pipeline does, has its monitors', () => {
    const app = new App();
    const home = stackIn(app, 'Home');
    const stage = new Stage(app, 'Prod');
    const inner = stackIn(stage, 'Inner');
    for (const id of ['One', 'Two']) new CostBudget(home, id, { monthlyLimitUsd: 1_460, covers: app });
    profile(inner, 'Chat');
    const resources = Object.values<any>(stage.synth().stacks[0].template.Resources);
    expect(resources.filter(({ Type }) => Type === 'AWS::Scheduler::Schedule')).toHaveLength(1);
    // Its ledger is the one that the home stack reads.
    const ledger = resources.find(({ Type }) => Type === 'AWS::SSM::Parameter').Properties.Name;
    expect(stackRequests(home)[0].budgets[0].total!.parts).toEqual([{ stack: 'Prod/Inner', region: env.region, ledger }]);
  });

  test('two copies of the library in one stack have a function each, with different names', () => {
    const stack = stackIn(new App());
    teams(stack, 2);
    jest.isolateModules(() => {
      const copy = require('../../../src/budgets/cost-budget');
      for (const id of ['One', 'Two']) new copy.CostBudget(stack, id, { monthlyLimitUsd: 1_460 });
    });
    traffic(stack);
    const template = Template.fromStack(stack);
    const namesOf = (type: string) => Object.values(template.findResources(type)).map(({ Properties }) => Properties.Name);
    for (const type of ['AWS::Scheduler::Schedule', 'AWS::SSM::Parameter']) expect(new Set(namesOf(type)).size).toBe(2);
  });

  test('no resource is created if estimates are disabled', () => {
    const stack = stackIn(new App({ context: { 'cdk-bedrock-cost:enabled': false } }));
    teams(stack, 2);
    expect(Object.keys(typesOf(stack)).filter((type) => /Lambda|Alarm|Scheduler/.test(type))).toEqual([]);
  });

  test('the names that stages use of each other do not depend on the order in which a pipeline synthesizes them', () => {
    const app = new App();
    const pipeline = stackIn(app, 'Pipeline');
    const inners = ['Dev', 'Prod'].map((id) => {
      const stage = new Stage(app, id);
      const inner = stackIn(stage, 'Inner');
      const budget = new CostBudget(pipeline, `${id}Budget`, { monthlyLimitUsd: 1_460, covers: stage });
      budget.addStopAction(StopAction.denyInvocations());
      profile(inner, 'Chat').grantInvoke(new Role(inner, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
      return { id, template: stage.synth().stacks[0].template };
    });
    const home = Template.fromStack(pipeline).toJSON();
    const requestsOf = (template: any): StackRequest[] => Object.values<any>(template.Resources)
      .flatMap(({ Type, Properties }) => (Type === 'AWS::Scheduler::Schedule' ? [Properties.Target.Input] : []))
      .map((input) => (typeof input === 'string' ? input : input['Fn::Join'][1].map((part: any) => (typeof part === 'string' ? part : 'x')).join('')))
      .filter((text) => text.includes('"budgets"')).map((text) => JSON.parse(text));
    const ledgersOf = (template: any) => Object.values<any>(template.Resources).filter(({ Type, Properties }) => Type === 'AWS::SSM::Parameter' && Properties.Value === '{}')
      .map(({ Properties }) => Properties.Name);
    for (const { id, template } of inners) {
      const [request] = requestsOf(home).filter(({ budgets }) => budgets.some(({ budget }) => budget.endsWith(`${id}Budget`)));
      const [{ total, windowsMinutes }] = request.budgets;
      expect(total!.parts.map(({ ledger }) => ledger)).toEqual(ledgersOf(template));
      expect(requestsOf(template)[0].budgets[0].windowsMinutes).toEqual(windowsMinutes);
      const functions = Object.values<any>(template.Resources).map(({ Properties }) => Properties?.Environment?.Variables ?? {});
      const [{ COUNT }] = functions.filter((variables) => variables.COUNT);
      expect(ledgersOf(home)).toContain(JSON.parse(COUNT).parameter);
    }
  });

  test('a removed budget is neither counted nor notified', () => {
    const stack = stackIn(new App());
    teams(stack, 2);
    stack.node.tryRemoveChild('Team0');
    const alone = stackIn(new App());
    new Construct(alone, 'Team0');
    const team = new Construct(alone, 'Team1');
    new CostBudget(team, 'Budget', { monthlyLimitUsd: 1_460 });
    new ApplicationInferenceProfile(team, 'Profile', { model: BedrockModel.of(SONNET), usage: { requestsPerMonth: 1, inputTokensPerRequest: 1 } });
    expect(Template.fromStack(stack).toJSON()).toEqual(Template.fromStack(alone).toJSON());
  });

  test('a removed profile is not counted', () => {
    const stack = stackIn(new App());
    new CostBudget(stack, 'Budget', { monthlyLimitUsd: 1_460 });
    for (const id of ['Gone', 'Chat']) profile(stack, id);
    stack.node.tryRemoveChild('Gone');
    expect(stackRequests(stack)[0].onDemand.map(({ resource }) => resource)).toEqual(['Stack/Chat']);
    // One profile alone fits into an alarm.
    expect(burnRateAlarms(stack, 1).map(({ Metrics }) => Metrics.length - 1)).toEqual([6]);
  });

  test('constructs that are added before a second synthesis are counted by it', () => {
    const app = new App();
    const stack = stackIn(app);
    teams(stack, 2);
    app.synth();
    profile(stack, 'Later');
    new CostBudget(stack, 'All', { monthlyLimitUsd: 100_000 });
    const { template } = app.synth({ force: true }).getStackByName(stack.stackName);
    const [{ Properties }] = Object.values<any>(template.Resources).filter(({ Type }) => Type === 'AWS::Scheduler::Schedule');
    expect(JSON.stringify(Properties.Target.Input)).toContain('Stack/Later');
  });
});

describe('several budgets of a stack are refused', () => {
  test('if metrics cannot distinguish two of them', () => {
    const app = new App();
    const [one, two] = ['us-west-2', 'eu-west-1'].map((region) => new Stack(app, region, { env: { ...env, region }, stackName: 'Chat' }));
    new CostBudget(one, 'Budget', { monthlyLimitUsd: 1_460, covers: app });
    new CostBudget(two, 'Budget', { monthlyLimitUsd: 1_460 });
    profile(two, 'Search', 'eu.anthropic.claude-sonnet-4-6');
    expect(() => app.synth()).toThrow('the CostBudgets us-west-2/Budget and eu-west-1/Budget have the same metricsName, "Chat/Budget", and cover resources of the same stack');
  });

  test('if they are more than one function can store totals for', () => {
    const stack = stackIn(new App());
    const topic = new Topic(stack, 'Topic');
    for (let i = 0; i < 51; i++) new CostBudget(stack, `Budget${i}`, { monthlyLimitUsd: 1_460, notificationTopic: topic });
    profile(stack, 'Chat');
    expect(() => Template.fromStack(stack)).toThrow('51 CostBudgets cover resources of Stack, and one function counts 50 at most.');
  });
});

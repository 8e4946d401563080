import { App, Duration, Stack, Tags } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal, User } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CostBudget } from '../../../src/budgets/cost-budget';
import { BudgetEnforcement } from '../../../src/budgets/cost-budget-props';
import { StopAction } from '../../../src/budgets/stop-actions/stop-action';
import { BatchInference } from '../../../src/inference/batch/batch-inference';
import { BedrockModel } from '../../../src/inference/bedrock-model';
import { ProvisionedModelThroughput } from '../../../src/inference/provisioned/provisioned-model-throughput';
import { CommitmentDuration } from '../../../src/pricing/price-book/rate';
import { CostEstimates } from '../../../src/registration/cost-estimates';
import { buildReport } from '../../../src/synth-output/build-report';
import { alarms, env, profile, SONNET, stackWith, traffic } from '../synth';

const roleIn = (stack: Stack, id = 'Caller') => new Role(stack, id, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
const stopFunction = (stack: Stack) => Object.entries(Template.fromStack(stack).findResources('AWS::Lambda::Function')).find(([id]) => id.includes('Stop'))!;
const text = (value: any): string => (typeof value === 'string' ? value : value['Fn::Join'][1].map((part: any) => (typeof part === 'string' ? part : part.Ref ?? part['Fn::GetAtt'].join('.'))).join(''));
/** The targets of the stop actions in the parameters of a stack. */
const targets = (stack: Stack) => Object.values(Template.fromStack(stack).findResources('AWS::SSM::Parameter'))
  .filter(({ Properties }) => Properties.Name?.includes('/targets/'))
  .flatMap(({ Properties }) => JSON.parse(text(Properties.Value)));
const statementsOf = (stack: Stack, role: RegExp) => Object.entries(Template.fromStack(stack).findResources('AWS::IAM::Policy'))
  .filter(([id]) => role.test(id)).flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement);
const infos = (stack: Stack) => Annotations.fromStack(stack).findInfo('*', Match.anyValue()).map(({ entry }) => String(entry.data));

describe('a budget stops nothing', () => {
  test('by default', () => {
    const { stack } = stackWith();
    profile(stack, 'Chat').grantInvoke(roleIn(stack));
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::IAM::ManagedPolicy', 0);
    template.resourceCountIs('AWS::Budgets::BudgetsAction', 0);
    expect(alarms(stack).filter(({ OKActions }) => OKActions)).toEqual([]);
  });
});

describe('denying invocations', () => {
  const denying = (options?: Parameters<typeof StopAction.denyInvocations>[0]) => {
    const { stack, budget } = stackWith();
    const chat = profile(stack, 'Chat');
    budget.addStopAction(StopAction.denyInvocations(options));
    chat.grantInvoke(roleIn(stack));
    return { stack, budget, chat };
  };

  test('is started and undone by an alarm on the month-to-date cost above the limit', () => {
    const { stack } = denying();
    const [id] = stopFunction(stack);
    const [alarm, ...others] = alarms(stack).filter(({ OKActions }) => OKActions);
    expect(others).toEqual([]);
    expect(alarm).toMatchObject({ Namespace: 'CdkBedrockCost', MetricName: 'MonthToDateUsd', ComparisonOperator: 'GreaterThanThreshold', Threshold: 1460, TreatMissingData: 'ignore' });
    expect(alarm.AlarmActions).toEqual([{ 'Fn::GetAtt': [id, 'Arn'] }, { Ref: expect.stringMatching(/^BudgetTopic/) }]);
    expect(alarm.OKActions).toEqual([{ 'Fn::GetAtt': [id, 'Arn'] }]);
  });

  test('is started by that alarm alone', () => {
    const { stack } = denying();
    const [alarm] = alarms(stack).filter(({ OKActions }) => OKActions);
    expect(alarm.AlarmName).toMatch(/^cdk-bedrock-cost-[A-Za-z0-9_.-]+-exceeded$/);
    const alarmArn = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:cloudwatch:us-west-2:111122223333:alarm:${alarm.AlarmName}`]] };
    const permissions = Object.entries(Template.fromStack(stack).findResources('AWS::Lambda::Permission', { Properties: { Principal: 'lambda.alarms.cloudwatch.amazonaws.com' } }));
    expect(permissions.map(([, { Properties }]) => Properties)).toEqual([expect.objectContaining({ SourceAccount: '111122223333', SourceArn: alarmArn })]);
    expect(stopFunction(stack)[1].Properties.Environment.Variables.ALARM_ARN).toEqual(alarmArn);
    // An alarm that fires before the permission exists would have no effect.
    const [resource] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm', { Properties: { AlarmName: alarm.AlarmName } }));
    expect(resource.DependsOn).toContain(permissions[0][0]);
  });

  test('compares the alarm with the counted cost, in the parameter of the month-to-date function', () => {
    const { stack } = denying();
    const template = Template.fromStack(stack);
    const [parameter] = Object.values(template.findResources('AWS::SSM::Parameter')).map(({ Properties }) => Properties.Name).filter((name) => /\/spent\/1$/.test(name));
    // 1,460 is the limit of the budget; three intervals of 15 minutes.
    expect(JSON.parse(stopFunction(stack)[1].Properties.Environment.Variables.COUNT)).toEqual({ parameter, region: 'us-west-2', maxAgeSeconds: 2700, limitUsd: '1460' });
    const arn = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:ssm:us-west-2:111122223333:parameter${parameter}`]] };
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: Match.arrayWith([{ Action: 'ssm:GetParameter', Effect: 'Allow', Resource: arn }]) },
    });
  });

  test('denies the granted invocations only, with a policy that is not attached', () => {
    const { stack } = denying();
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::ManagedPolicy', {
      Roles: Match.absent(),
      PolicyDocument: {
        Statement: [{
          Effect: 'Deny',
          Action: ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'],
          Resource: [{ 'Fn::GetAtt': [Match.stringLikeRegexp('^Chat'), 'InferenceProfileArn'] }],
        }, {
          // Authorized on the model and the job (AWS's service authorization reference), not on the profile.
          Effect: 'Deny', Action: 'bedrock:CreateModelInvocationJob', Resource: '*',
        }],
      },
    });
  });

  test('may attach and detach one policy each for the function and AWS Budgets, with the same document', () => {
    const { stack } = denying();
    const policies = Template.fromStack(stack).findResources('AWS::IAM::ManagedPolicy');
    const idOf = (pattern: RegExp) => Object.keys(policies).filter((id) => pattern.test(id));
    const [[own], [second]] = [idOf(/HomeDenial/), idOf(/SecondLine/)];
    expect(Object.keys(policies).sort()).toEqual([own, second].sort());
    expect(policies[own].Properties.PolicyDocument).toEqual(policies[second].Properties.PolicyDocument);
    for (const [role, policy] of [[/StopHomeHandlerRole/, own], [/SecondLineRole/, second]] as const) {
      expect(statementsOf(stack, role).filter(({ Action }: any) => Action.includes('iam:AttachRolePolicy'))).toEqual([{
        Action: ['iam:AttachRolePolicy', 'iam:DetachRolePolicy'],
        Effect: 'Allow',
        Condition: { ArnEquals: { 'iam:PolicyARN': { Ref: policy } } },
        Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::111122223333:role/*']] },
      }]);
    }
    // It only reads the other one.
    for (const policy of [own, second]) {
      expect(statementsOf(stack, /StopHomeHandlerRole/)).toContainEqual({ Action: 'iam:ListEntitiesForPolicy', Effect: 'Allow', Resource: { Ref: policy } });
    }
    const { Variables } = stopFunction(stack)[1].Properties.Environment;
    expect(Variables).toMatchObject({ DENY_POLICY_ARN: { Ref: own }, BUDGET_ACTION_POLICY_ARN: { Ref: second } });
  });

  test('has no permission to write a policy into a role, which could be any policy', () => {
    const actions = statementsOf(denying().stack, /./).flatMap(({ Action }: any) => Action);
    expect(actions.filter((action: string) => /iam:Put|iam:CreatePolicy|iam:\*/.test(action))).toEqual([]);
  });

  test('is checked at the interval at which its cost is counted', () => {
    const { stack, budget } = stackWith({ countInterval: Duration.minutes(30) });
    budget.addStopAction(StopAction.denyInvocations());
    profile(stack, 'Chat').grantInvoke(roleIn(stack));
    const template = Template.fromStack(stack);
    const [id] = stopFunction(stack);
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'rate(30 minutes)',
      Target: { Arn: { 'Fn::GetAtt': [id, 'Arn'] }, Input: '{"do":"verify"}', RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 900 } },
    });
    template.hasResourceProperties('AWS::IAM::Role', {
      Policies: [{ PolicyDocument: Match.objectLike({ Statement: [{ Action: 'lambda:InvokeFunction', Effect: 'Allow', Resource: { 'Fn::GetAtt': [id, 'Arn'] } }] }) }],
    });
  });

  describe('and a role that has 10 managed policies', () => {
    const policyArns = (count: number) => Array.from({ length: count }, (_, i) => ManagedPolicy.fromAwsManagedPolicyName(`Policy${i}`));
    const warned = (inline: number, attached: number, options?: Parameters<typeof StopAction.denyInvocations>[0]) => {
      const { stack, budget } = stackWith();
      budget.addStopAction(StopAction.denyInvocations(options));
      const role = new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com'), managedPolicies: policyArns(inline) });
      for (let i = 0; i < attached; i++) {
        new ManagedPolicy(stack, `Attached${i}`, { roles: [role, roleIn(stack, `Other${i}`)], statements: [new PolicyStatement({ actions: ['s3:GetObject'], resources: ['*'] })] });
      }
      profile(stack, 'Chat').grantInvoke(role);
      return Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('bedrock-cost-role-without-room|managed policies')).map(({ entry }) => String(entry.data));
    };

    // With more than 10, CDK itself warns.
    test.each([[10, 0], [9, 1], [0, 10]])('causes a warning, with %d inline and %d attached policies', (inline, attached) => {
      const [warning, ...more] = warned(inline, attached);
      expect(more).toEqual([]);
      expect(warning).toContain('Stack/Caller has 10 managed policies or more, so IAM may refuse to attach the deny policy when Stack/Budget is exceeded. Merge managed policies of the role or make some of them inline policies, or raise the quota "Managed policies attached to an IAM role" in Service Quotas and acknowledge it.');
    });

    test('causes no warning in a dry run, which attaches no policy', () => {
      expect(warned(10, 0, { dryRun: true })).toEqual([]);
    });

    test.each([[9, 0], [0, 9], [5, 4]])('causes no warning with fewer: %d and %d', (inline, attached) => {
      expect(warned(inline, attached)).toEqual([]);
    });
  });

  test('identifies the roles by their names', () => {
    const { stack } = denying();
    expect(targets(stack)).toEqual([{ role: expect.stringMatching(/^Caller/) }]);
    const [, { Properties: { Environment } }] = stopFunction(stack);
    expect(JSON.parse(Environment.Variables.STEPS)).toEqual([{ action: 'deny-invocations', dryRun: false }]);
  });

  test('has an AWS Budgets action', () => {
    const { stack } = denying();
    Template.fromStack(stack).hasResourceProperties('AWS::Budgets::BudgetsAction', {
      BudgetName: { Ref: Match.stringLikeRegexp('^Budget') },
      ActionType: 'APPLY_IAM_POLICY',
      ApprovalModel: 'AUTOMATIC',
      NotificationType: 'ACTUAL',
      ActionThreshold: { Type: 'PERCENTAGE', Value: 100 },
      Definition: { IamActionDefinition: { PolicyArn: { Ref: Match.stringLikeRegexp('^BudgetStopHomeSecondLine') }, Roles: [{ Ref: Match.stringLikeRegexp('^Caller') }] } },
    });
  });

  test('has no AWS Budgets action in a dry run', () => {
    const { stack } = denying({ dryRun: true });
    Template.fromStack(stack).resourceCountIs('AWS::Budgets::BudgetsAction', 0);
    const [, { Properties: { Environment } }] = stopFunction(stack);
    expect(JSON.parse(Environment.Variables.STEPS)).toEqual([{ action: 'deny-invocations', dryRun: true }]);
  });

  test('covers grants from before and after, on models and throughput, and the submitter of batch jobs', () => {
    const { stack, budget } = stackWith({ monthlyLimitUsd: 100_000 });
    const [before, after, ofModel] = ['Before', 'After', 'OfModel'].map((id) => roleIn(stack, id));
    const capacity = new ProvisionedModelThroughput(stack, 'Capacity', { model: BedrockModel.of('meta.llama3-1-70b-instruct-v1:0:128k'), modelUnits: 1 });
    capacity.grantInvoke(before);
    budget.addStopAction(StopAction.denyInvocations());
    capacity.grantInvoke(after);
    BedrockModel.of(SONNET).grantInvoke(ofModel);
    const bucket = new Bucket(stack, 'Bucket');
    new BatchInference(stack, 'Nightly', { model: BedrockModel.of('us.amazon.nova-pro-v1:0'), inputBucket: bucket, outputBucket: bucket, usage: { jobsPerMonth: 1, recordsPerJob: 100, inputTokensPerRecord: 1 } });
    expect(targets(stack).map(({ role }) => role.replace(/[0-9A-F]{8}$/, ''))).toEqual(['Before', 'After', 'OfModel', 'NightlyStateMachineRole']);
  });

  test.each([[undefined, ['Hourly']], [false, ['Hourly']], [true, ['Committed', 'Hourly']]])(
    'leaves commitments alone, which are paid already, unless includeCommitments is true: %s', (includeCommitments, denied) => {
      const { stack, budget } = stackWith({ monthlyLimitUsd: 100_000 });
      const model = BedrockModel.of('meta.llama3-1-70b-instruct-v1:0:128k');
      budget.addStopAction(StopAction.denyInvocations({ includeCommitments }));
      new ProvisionedModelThroughput(stack, 'Hourly', { model, modelUnits: 1 }).grantInvoke(roleIn(stack, 'ByTheHour'));
      new ProvisionedModelThroughput(stack, 'Committed', { model, modelUnits: 1, commitmentDuration: CommitmentDuration.ONE_MONTH, acknowledgeCommitmentUsd: 20_000 })
        .grantInvoke(roleIn(stack, 'ByTheMonth'));
      const [{ Properties: { PolicyDocument } }] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::ManagedPolicy'));
      const arns: string[] = [PolicyDocument.Statement[0].Resource].flat().map(({ Ref }: any) => Ref);
      expect(arns.map((ref) => /^[A-Z][a-z]+/.exec(ref)![0]).sort()).toEqual(denied);
      expect(targets(stack)).toHaveLength(denied.length);
    });

  test('does not deny the grants of another part of the app', () => {
    const app = new App();
    const [mine, theirs] = ['Mine', 'Theirs'].map((id) => new Stack(app, id, { env }));
    new CostBudget(mine, 'Budget', { monthlyLimitUsd: 1_460 }).addStopAction(StopAction.denyInvocations());
    profile(mine, 'Chat').grantInvoke(roleIn(mine));
    profile(theirs, 'Chat').grantInvoke(roleIn(theirs));
    expect(targets(mine)).toHaveLength(1);
    Template.fromStack(theirs).resourceCountIs('AWS::IAM::ManagedPolicy', 0);
  });

  test('is in the stack of the role; the total is published in its region', () => {
    const app = new App();
    const home = new Stack(app, 'Home', { env });
    const abroad = new Stack(app, 'Abroad', { env: { ...env, region: 'eu-west-1' } });
    new CostBudget(home, 'Budget', { monthlyLimitUsd: 1_460, covers: app }).addStopAction(StopAction.denyInvocations());
    traffic(home);
    profile(abroad, 'Chat').grantInvoke(roleIn(abroad));
    expect(targets(abroad)).toHaveLength(1);
    expect(alarms(abroad).filter(({ OKActions }) => OKActions)).toHaveLength(1);
    const input = Object.values(Template.fromStack(home).findResources('AWS::Scheduler::Schedule'))[0].Properties.Target.Input;
    expect(JSON.parse(text(input)).budgets[0].total.publishTo).toEqual(['eu-west-1']);
    // A separate AWS Budget, since the one in another stack has no known name there.
    Template.fromStack(abroad).hasResourceProperties('AWS::Budgets::Budget', { Budget: { BudgetLimit: { Amount: 1460, Unit: 'USD' } }, NotificationsWithSubscribers: Match.absent() });
  });

  test('reports the roles that it cannot reach', () => {
    const { stack, budget } = stackWith();
    budget.addStopAction(StopAction.denyInvocations());
    const chat = profile(stack, 'Chat');
    chat.grantInvoke(Role.fromRoleArn(stack, 'Imported', 'arn:aws:iam::111122223333:role/theirs'));
    chat.grantInvoke(new User(stack, 'Person'));
    expect(infos(stack)).toEqual(expect.arrayContaining([
      expect.stringContaining('Stack/Imported may invoke Stack/Chat and is not a role of this app: its invocations are not denied when Stack/Budget is exceeded'),
      expect.stringContaining('Stack/Person may invoke Stack/Chat and is not a role of this app'),
    ]));
    Template.fromStack(stack).resourceCountIs('AWS::IAM::ManagedPolicy', 0);
    const named = buildReport(stack.node.root).findings.filter(({ id }) => id === 'bedrock-cost-not-stoppable');
    expect(named.map(({ path, severity, message }) => [path, severity, message.split(' ')[0]])).toEqual([
      ['Stack/Budget', 'info', 'Stack/Imported'], ['Stack/Budget', 'info', 'Stack/Person'],
    ]);
  });

  test('distributes many roles over several parameters and AWS Budgets actions', () => {
    const { stack, budget } = stackWith();
    budget.addStopAction(StopAction.denyInvocations());
    const chat = profile(stack, 'Chat');
    for (let i = 0; i < 101; i++) chat.grantInvoke(roleIn(stack, `Role${i}`));
    expect(targets(stack)).toHaveLength(101);
    const actions = Object.values(Template.fromStack(stack).findResources('AWS::Budgets::BudgetsAction'));
    expect(actions.map(({ Properties }) => Properties.Definition.IamActionDefinition.Roles.length)).toEqual([100, 1]);
  });
});

describe('the function', () => {
  const stopping = (props?: Parameters<typeof stackWith>[0]) => {
    const { stack, budget } = stackWith(props);
    budget.addStopAction(StopAction.denyInvocations());
    profile(stack, 'Chat').grantInvoke(roleIn(stack));
    return stack;
  };
  const topic = { Ref: expect.stringMatching(/^BudgetTopic/) };

  test('notifies the topic of its errors immediately', () => {
    const stack = stopping();
    const [id] = stopFunction(stack);
    expect(alarms(stack).filter(({ MetricName, Dimensions }) => MetricName === 'Errors' && Dimensions[0].Value.Ref === id)).toEqual([expect.objectContaining({
      Namespace: 'AWS/Lambda', Statistic: 'Sum', Period: 300, EvaluationPeriods: 1, Threshold: 0, ComparisonOperator: 'GreaterThanThreshold', AlarmActions: [topic],
    })]);
  });

  test('tries an event three times, for six hours, and sends failed events to the topic', () => {
    const stack = stopping();
    const [id] = stopFunction(stack);
    const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::EventInvokeConfig'));
    expect(Properties).toEqual({
      FunctionName: { Ref: id }, Qualifier: '$LATEST', MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 21_600, DestinationConfig: { OnFailure: { Destination: topic } },
    });
    expect(statementsOf(stack, /StopHomeHandlerRole/)).toContainEqual({ Action: 'sns:Publish', Effect: 'Allow', Resource: topic });
  });

  test('has the reserved concurrency of the props, and none by default', () => {
    const reserved = (stack: Stack) => stopFunction(stack)[1].Properties.ReservedConcurrentExecutions;
    expect(reserved(stopping())).toBeUndefined();
    expect(reserved(stopping({ stopReservedConcurrentExecutions: 1 }))).toBe(1);
  });

  test.each([0, -1, 1.5, NaN])('is refused with a concurrency of %p', (stopReservedConcurrentExecutions) => {
    const { stack } = stackWith({ stopReservedConcurrentExecutions });
    expect(() => (stack.node.root as App).synth()).toThrow('stopReservedConcurrentExecutions');
  });

  test('may write and delete the states of its own stack only', () => {
    const stack = stopping();
    const deleted = { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] };
    const statement = statementsOf(stack, /StopHomeHandlerRole/).find(({ Action }: any) => Action.includes('ssm:DeleteParameter'));
    expect(statement.Action).toEqual(['ssm:GetParameter', 'ssm:PutParameter', 'ssm:DeleteParameter']);
    expect(statement.Resource['Fn::Join'][1]).toEqual(['arn:', { Ref: 'AWS::Partition' }, expect.stringMatching(/:ssm:us-west-2:111122223333:parameter\/cdk-bedrock-cost\/.+\/deleted\/$/), deleted, '/*']);
    expect(stopFunction(stack)[1].Properties.Environment.Variables.DELETED_PATH['Fn::Join'][1]).toEqual([expect.stringMatching(/^\/cdk-bedrock-cost\/.+\/deleted\/$/), deleted]);
  });
});

describe('in a region without AWS Budgets', () => {
  const inRegion = (region: string, props = {}) => {
    const stack = new Stack(new App(), 'Stack', { env: { ...env, region } });
    const budget = new CostBudget(stack, 'Budget', { monthlyLimitUsd: 1_460, quarterlyLimitUsd: 4_000, yearlyLimitUsd: 16_000, anomalyThresholdUsd: 10, enforcement: BudgetEnforcement.WARN, ...props });
    budget.addStopAction(StopAction.denyInvocations());
    BedrockModel.of('amazon.nova-pro-v1:0').grantInvoke(roleIn(stack));
    return stack;
  };
  const billing = (stack: Stack) => Object.values(Template.fromStack(stack).toJSON().Resources as { [id: string]: { Type: string } })
    .map(({ Type }) => Type).filter((type) => /^AWS::(Budgets|CE)::/.test(type)).sort();

  test.each([
    ['us-gov-west-1', [], 3],
    ['us-gov-east-1', [], 3],
    ['mx-central-1', [], 3],
    // Cost Explorer's types exist there, those of AWS Budgets do not.
    ['eu-north-1', ['AWS::CE::AnomalyMonitor', 'AWS::CE::AnomalySubscription'], 2],
    ['cn-north-1', ['AWS::Budgets::Budget', 'AWS::Budgets::Budget', 'AWS::Budgets::Budget', 'AWS::Budgets::BudgetsAction', 'AWS::CE::AnomalyMonitor', 'AWS::CE::AnomalySubscription'], 0],
  ])('missing types of CloudFormation are left out, with a finding: %s', (region, types, isLacking) => {
    const stack = inRegion(region);
    expect(billing(stack)).toEqual(types);
    const named = infos(stack).filter((info) => info.includes('CloudFormation has no AWS::') && info.includes(region));
    expect(named).toHaveLength(isLacking);
    if (types.length === 0) expect(named.join()).toMatch(/AWS::Budgets::Budget .*AWS::CE::AnomalyMonitor .*AWS::Budgets::BudgetsAction /);
    expect(buildReport(stack.node.root).budgets[0].monitors!.map(({ part }) => part).filter((part) => /AWS Budgets|Anomaly/.test(part)))
      .toEqual(region === 'cn-north-1' ? ['AWS Budgets', 'AWS Cost Anomaly Detection', 'AWS Budgets action'] : types.length > 0 ? ['AWS Cost Anomaly Detection'] : []);
  });

  test('the stop works without the AWS Budgets action', () => {
    const stack = inRegion('us-gov-west-1');
    Template.fromStack(stack).resourceCountIs('AWS::IAM::ManagedPolicy', 1);
    expect(targets(stack)).toEqual([{ role: expect.stringMatching(/^Caller/) }]);
    expect(stopFunction(stack)[1].Properties.Environment.Variables).not.toHaveProperty('BUDGET_ACTION_POLICY_ARN');
  });

  test('a profile, whose type is missing there too, causes a warning', () => {
    const stack = new Stack(new App(), 'Stack', { env: { ...env, region: 'eu-north-1' } });
    profile(stack, 'Chat');
    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('CloudFormation has no AWS::Bedrock::ApplicationInferenceProfile in eu-north-1'));
  });
});

describe('stopping batch jobs', () => {
  test('identifies them by their role and name', () => {
    const { stack, budget } = stackWith();
    const bucket = new Bucket(stack, 'Bucket');
    new BatchInference(stack, 'Nightly', { model: BedrockModel.of('us.amazon.nova-pro-v1:0'), inputBucket: bucket, outputBucket: bucket, usage: { jobsPerMonth: 1, recordsPerJob: 100, inputTokensPerRecord: 1 } });
    budget.addStopAction(StopAction.stopBatchJobs());
    expect(targets(stack)).toEqual([{ batch: 'Stack/Nightly', jobNamePrefix: expect.stringMatching(/^StackNightly/), roleArn: expect.stringMatching(/^NightlyServiceRole\w+\.Arn$/) }]);
    expect(statementsOf(stack, /StopHomeHandlerRole/)).toEqual(expect.arrayContaining([
      { Action: 'bedrock:ListModelInvocationJobs', Effect: 'Allow', Resource: '*' },
      { Action: ['bedrock:StopModelInvocationJob', 'bedrock:GetModelInvocationJob'], Effect: 'Allow', Resource: { 'Fn::Join': ['', expect.arrayContaining([':bedrock:us-west-2:111122223333:model-invocation-job/*'])] } },
    ]));
  });
});

describe('deleting throughput', () => {
  test('deletes throughput without a commitment, and may buy it again', () => {
    const { stack, budget } = stackWith({ monthlyLimitUsd: 100_000 });
    const model = BedrockModel.of('meta.llama3-1-70b-instruct-v1:0:128k');
    new ProvisionedModelThroughput(stack, 'Hourly', { model, modelUnits: 1 });
    new ProvisionedModelThroughput(stack, 'Committed', { model, modelUnits: 1, commitmentDuration: CommitmentDuration.ONE_MONTH, acknowledgeCommitmentUsd: 20_000 });
    budget.addStopAction(StopAction.deleteUncommittedThroughput());
    expect(targets(stack)).toEqual([{ throughput: 'Stack/Hourly', arn: expect.stringMatching(/^Hourly/), name: expect.stringMatching(/^Hourly\w+\.ProvisionedModelName$/) }]);
    const granted = statementsOf(stack, /StopHomeHandlerRole/).find(({ Action }: any) => Action.includes('bedrock:CreateProvisionedModelThroughput'));
    expect(JSON.stringify(granted.Resource)).toContain('foundation-model/meta.llama3-1-70b-instruct-v1:0:128k');
    // AWS deletes no throughput that is still being created: the check deletes it later.
    Template.fromStack(stack).hasResourceProperties('AWS::Scheduler::Schedule', { Target: { Input: '{"do":"verify"}' } });
  });
});

test.each([[20, []], [45, ['Stack/Tagged']]])('throughput with %d long tags, which must be recorded, is deleted or reported: %j', (count, told) => {
  const { stack, budget } = stackWith({ monthlyLimitUsd: 100_000 });
  const model = BedrockModel.of('meta.llama3-1-70b-instruct-v1:0:128k');
  const tagged = new ProvisionedModelThroughput(stack, 'Tagged', { model, modelUnits: 1 });
  // 100 bytes each, with their quotes and names: a parameter holds 4,096.
  for (let i = 10; i < 10 + count; i++) Tags.of(tagged).add(`key-${i}`, 'v'.repeat(70));
  new ProvisionedModelThroughput(stack, 'Plain', { model, modelUnits: 1 });
  budget.addStopAction(StopAction.deleteUncommittedThroughput());
  const warned = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('too long to be recorded')).map(({ entry }) => /delete (\S+):/.exec(String(entry.data))![1]);
  expect(warned).toEqual(told);
});

test('several actions run once each, and invocations are denied first', () => {
  const { stack, budget } = stackWith();
  profile(stack, 'Chat').grantInvoke(roleIn(stack));
  budget.addStopAction(StopAction.stopBatchJobs());
  budget.addStopAction(StopAction.denyInvocations());
  expect(() => budget.addStopAction(StopAction.denyInvocations({ dryRun: true }))).toThrow('Stack/Budget: the stop action deny-invocations was already added. Add each action once.');
  const [, { Properties: { Environment } }] = stopFunction(stack);
  expect(JSON.parse(Environment.Variables.STEPS).map(({ action }: any) => action)).toEqual(['deny-invocations', 'stop-batch-jobs']);
});

test('a disabled budget stops nothing', () => {
  const stack = new Stack(new App({ context: { 'cdk-bedrock-cost:enabled': false } }), 'Stack', { env });
  const budget = new CostBudget(stack, 'Budget', { monthlyLimitUsd: 10 });
  budget.addStopAction(StopAction.denyInvocations());
  profile(stack, 'Chat').grantInvoke(roleIn(stack));
  Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 0);
});

describe('with limits that differ from month to month', () => {
  const plannedLimitsUsd = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`2027-${String(i + 1).padStart(2, '0')}`, 5_000]));

  test('the AWS Budgets action in another stack uses them, too', () => {
    const app = new App();
    const [home, other] = ['Home', 'Other'].map((id) => new Stack(app, id, { env }));
    new CostBudget(home, 'Budget', { monthlyLimitUsd: 1_460, covers: app, plannedLimitsUsd }).addStopAction(StopAction.denyInvocations());
    profile(other, 'Chat').grantInvoke(roleIn(other));
    const [{ Properties: { Budget: { BudgetLimit, PlannedBudgetLimits } } }] = Object.values(Template.fromStack(other).findResources('AWS::Budgets::Budget'));
    expect(BudgetLimit).toBeUndefined();
    expect(Object.values(PlannedBudgetLimits)).toEqual(Array(12).fill({ Amount: '5000', Unit: 'USD' }));
    expect(alarms(other).find(({ OKActions }) => OKActions)).toMatchObject({ Threshold: 100, AlarmDescription: expect.stringContaining('more than the limit of the month of Home/Budget') });
  });
});

describe('usage that no action reaches is reported', () => {
  const warned = (stack: Stack) => Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('do not reach')).map(({ entry }) => String(entry.data));

  test('a profile without a grant, regardless of other grants', () => {
    const { stack, budget } = stackWith();
    budget.addStopAction(StopAction.denyInvocations());
    profile(stack, 'Chat').grantInvoke(roleIn(stack));
    profile(stack, 'ByHand');
    expect(warned(stack)).toEqual([expect.stringContaining('The stop actions of Stack/Budget do not reach Stack/ByHand: their use continues when the budget is exceeded. Grant invocations with grantInvoke, create jobs and throughput with the constructs of this library, or acknowledge it and stop them by other means.')]);
  });

  test('a model, unless a model was granted', () => {
    const { stack, budget } = stackWith();
    budget.addStopAction(StopAction.denyInvocations());
    traffic(stack);
    expect(warned(stack)).toEqual([expect.stringMatching(/do not reach Stack\S*Traffic: /)]);

    const granted = stackWith();
    granted.budget.addStopAction(StopAction.denyInvocations());
    traffic(granted.stack);
    BedrockModel.of(SONNET).grantInvoke(roleIn(granted.stack));
    expect(warned(granted.stack)).toEqual([]);
  });

  test('jobs and throughput that the app does not create', () => {
    const { stack, budget } = stackWith();
    budget.addStopAction(StopAction.stopBatchJobs());
    budget.addStopAction(StopAction.deleteUncommittedThroughput());
    const estimates = CostEstimates.of(stack);
    const model = 'amazon.nova-pro-v1:0';
    estimates.addBatch('Jobs', { model, jobsPerMonth: 1, recordsPerJob: 100, inputTokensPerRecord: 100 });
    estimates.addProvisioned('Units', { model, modelUnits: 1 });
    estimates.addProvisioned('Committed', { model, modelUnits: 1, commitmentDuration: CommitmentDuration.ONE_MONTH });
    expect(warned(stack)).toEqual([expect.stringMatching(/do not reach Stack\S*Jobs, Stack\S*Units: /)]);
  });

  test('also in the report, at the line of the budget', () => {
    const { stack, budget } = stackWith();
    budget.addStopAction(StopAction.denyInvocations());
    profile(stack, 'ByHand');
    (stack.node.root as App).synth();
    const { findings } = buildReport(stack.node.root);
    expect(findings).toContainEqual(expect.objectContaining({
      id: 'bedrock-cost-stop-does-not-reach',
      severity: 'warning',
      path: 'Stack/Budget',
      source: { file: 'test/budgets/synth.ts', line: expect.any(Number) },
      fix: 'Grant invocations with grantInvoke, create jobs and throughput with the constructs of this library, or acknowledge it and stop them by other means.',
    }));
  });

  test('except usage that no action is for, or that no budget covers', () => {
    const { stack, budget } = stackWith();
    budget.addStopAction(StopAction.stopBatchJobs());
    profile(stack, 'Chat');
    expect(warned(stack)).toEqual([]);
    const app = new App();
    const [home, other] = ['Home', 'Other'].map((id) => new Stack(app, id, { env }));
    new CostBudget(home, 'Budget', { monthlyLimitUsd: 1_460 }).addStopAction(StopAction.denyInvocations());
    profile(other, 'Chat');
    expect(warned(home)).toEqual([]);
  });

  test('with the first five names of many', () => {
    const { stack, budget } = stackWith();
    budget.addStopAction(StopAction.denyInvocations());
    for (let i = 1; i <= 7; i++) profile(stack, `P${i}`);
    expect(warned(stack)).toEqual([expect.stringContaining('do not reach Stack/P1, Stack/P2, Stack/P3, Stack/P4, Stack/P5 and 2 more: ')]);
  });
});

describe('usage without a known price', () => {
  test('has stop actions, and the budget reports that they never start', () => {
    const { stack, budget } = stackWith();
    budget.addStopAction(StopAction.deleteUncommittedThroughput());
    budget.addStopAction(StopAction.stopBatchJobs());
    const bucket = new Bucket(stack, 'Bucket');
    // Neither has a public price.
    new ProvisionedModelThroughput(stack, 'Capacity', { model: BedrockModel.of('amazon.nova-pro-v1:0:24k'), modelUnits: 1 });
    new BatchInference(stack, 'Nightly', { model: BedrockModel.of('example.unknown'), inputBucket: bucket, outputBucket: bucket, usage: { jobsPerMonth: 1, recordsPerJob: 100, inputTokensPerRecord: 1 } });
    expect(targets(stack)).toEqual([{ throughput: 'Stack/Capacity', arn: expect.any(String), name: expect.any(String) }, expect.objectContaining({ batch: 'Stack/Nightly' })]);
    expect(alarms(stack).filter(({ id }) => /Idle|Throttled|Failed|Stuck/.test(id))).toHaveLength(4);
    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('None of the costs covered by Stack/Budget can be counted, so its stop actions never start'));
  });
});

test('a budget without a known account monitors and stops usage in stacks with an account', () => {
  const app = new App();
  const home = new Stack(app, 'Home', { env: { region: 'us-west-2' } });
  const other = new Stack(app, 'Other', { env });
  new CostBudget(home, 'Budget', { monthlyLimitUsd: 1_460, covers: app }).addStopAction(StopAction.denyInvocations());
  profile(other, 'Chat').grantInvoke(roleIn(other));
  expect(targets(other)).toHaveLength(1);
  expect(alarms(home).filter(({ MetricName }) => MetricName === 'MonthToDateUsd')).not.toEqual([]);
  expect(infos(home).filter((info) => /another account|billed to/.test(info))).toEqual([]);
});

test('two budgets whose names differ only in characters that AWS refuses have different parameters and metrics', () => {
  const stack = new Stack(new App(), 'Stack', { env });
  const budgets = ['予算', '限度'].map((id) => new CostBudget(stack, id, { monthlyLimitUsd: 1_460 }));
  budgets.forEach((budget) => budget.addStopAction(StopAction.denyInvocations()));
  profile(stack, 'Chat').grantInvoke(roleIn(stack));
  const names = Object.values(Template.fromStack(stack).findResources('AWS::SSM::Parameter')).map(({ Properties }) => Properties.Name);
  // Each budget has the state and the targets of its stop, and its ledger.
  expect(new Set(names).size).toBe(names.length);
  expect(new Set(budgets.map(({ metricsName }) => metricsName)).size).toBe(2);
});

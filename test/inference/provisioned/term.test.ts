import { Duration, Lazy, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { CostBudget } from '../../../src/budgets/cost-budget';
import { BedrockModel } from '../../../src/inference/bedrock-model';
import { ProvisionedModelThroughputProps } from '../../../src/inference/provisioned/props';
import { ProvisionedModelThroughput } from '../../../src/inference/provisioned/provisioned-model-throughput';
import { CommitmentDuration } from '../../../src/pricing/price-book/rate';
import { findingsOf, flat, refusals, stackIn, statementsOf } from '../synth';

const TYPE = 'Custom::BedrockProvisionedModelThroughput';
const LLAMA = BedrockModel.of('meta.llama3-1-70b-instruct-v1:0');

/** 2 x $21.18 x 730 x 1 = $30,922.80 */
function committed(props: Partial<ProvisionedModelThroughputProps> = {}, stack: Stack = stackIn('us-west-2'), id = 'Capacity') {
  const throughput = new ProvisionedModelThroughput(stack, id, {
    model: LLAMA, modelUnits: 2, commitmentDuration: CommitmentDuration.ONE_MONTH, acknowledgeCommitmentUsd: 30_922.8, ...props,
  });
  return { stack, throughput };
}
const withTopic = (props: Partial<ProvisionedModelThroughputProps> = {}) => {
  const stack = stackIn('us-west-2');
  return committed({ notificationTopic: new Topic(stack, 'Costs'), ...props }, stack);
};
const properties = (stack: Stack) => Object.values(Template.fromStack(stack).findResources(TYPE))[0].Properties;
const findings = (stack: Stack) => findingsOf(stack).map(({ id, message }) => `${id}: ${message}`);
const scheduleRole = (stack: Stack) => Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role', { Properties: { Policies: [{ PolicyName: 'TermEnd' }] } }))[0];

describe('the price that the handler checks', () => {
  test('is the confirmed price, with its region', () => {
    expect(properties(committed().stack)).toMatchObject({ confirmedUsd: '30922.8', price: { hourlyUsd: '21.18', hoursPerMonth: '730', region: 'us-west-2' } });
  });

  test('is a custom price, with the region of the stack if that is known', () => {
    // 2 x $10 x 730 = $14,600
    const { stack } = committed({ hourlyPricePerModelUnitUsd: 10, acknowledgeCommitmentUsd: 14_600 });
    expect(properties(stack).price).toEqual({ hourlyUsd: '10', hoursPerMonth: '730', region: 'us-west-2' });
    const anywhere = committed({ hourlyPricePerModelUnitUsd: 10, acknowledgeCommitmentUsd: 14_600 }, stackIn(null)).stack;
    expect(properties(anywhere).price).toEqual({ hourlyUsd: '10', hoursPerMonth: '730' });
  });

  test('is left out without a commitment: a new price changes no template', () => {
    const { stack } = committed({ commitmentDuration: CommitmentDuration.NONE, acknowledgeCommitmentUsd: undefined });
    expect(properties(stack)).not.toHaveProperty('price');
    expect(properties(stack)).not.toHaveProperty('confirmedUsd');
  });
});

describe('the renewal of a commitment', () => {
  test('is announced 14 days before to the topic', () => {
    const { stack } = withTopic();
    expect(properties(stack)).toMatchObject({
      topicArn: { Ref: expect.stringMatching(/^Costs/) },
      term: { noticeDays: 14, roleArn: { 'Fn::GetAtt': [expect.any(String), 'Arn'] }, functionArn: { 'Fn::GetAtt': [expect.any(String), 'Arn'] } },
    });
    expect(findings(stack).filter((text) => text.includes('renewal'))).toEqual([]);
  });

  test('is announced at the renewalNotice of the props', () => {
    expect(properties(withTopic({ renewalNotice: Duration.days(3) }).stack).term.noticeDays).toBe(3);
  });

  test.each(['before', 'after'])('that the alarm of a budget announces is not reported, with the budget created %s it', (when) => {
    const stack = stackIn('us-west-2');
    const budget = () => new CostBudget(stack, 'Budget', { monthlyLimitUsd: 100_000, emailAddresses: ['team@example.com'] });
    if (when === 'before') budget();
    committed({}, stack);
    if (when === 'after') budget();
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'CommitmentDaysLeft' });
    expect(findings(stack).filter((text) => text.includes('renewal-not-announced'))).toEqual([]);
  });

  test('that no topic announces is reported at synth, once', () => {
    const { stack } = committed();
    Template.fromStack(stack);
    Template.fromStack(stack);
    expect(findings(stack).filter((text) => text.includes('renewal-not-announced'))).toHaveLength(1);
    expect(findings(stack)).toContainEqual(expect.stringMatching(/^bedrock-cost-renewal-not-announced: /));
    expect(properties(stack)).not.toHaveProperty('term');
    expect(properties(stack)).not.toHaveProperty('topicArn');
  });

  test('of the first term is an attribute', () => {
    const { stack, throughput } = committed();
    expect(stack.resolve(throughput.commitmentEnd)).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^Capacity/), 'CommitmentEnd'] });
  });

  test('is announced by a role that outlives the stack and has no other permissions', () => {
    const role = scheduleRole(withTopic().stack);
    expect(role).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(role.Properties.Policies[0].PolicyDocument.Statement).toEqual([
      { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: { 'Fn::GetAtt': [expect.stringContaining('OnTermEnd'), 'Arn'] } },
      { Effect: 'Allow', Action: 'sns:Publish', Resource: { Ref: expect.stringMatching(/^Costs/) } },
    ]);
    expect(role.Properties.AssumeRolePolicyDocument.Statement).toEqual([{
      Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'scheduler.amazonaws.com' }, Condition: { StringEquals: { 'aws:SourceAccount': '111111111111' } },
    }]);
  });

  test('is planned by functions that may pass only that role, only to EventBridge Scheduler, and change no other schedules', () => {
    const { stack } = withTopic();
    const passing = statementsOf(stack, 'iam:PassRole');
    expect(passing).toHaveLength(1);
    for (const { Resource, Condition } of passing) {
      expect(Resource).toEqual({ 'Fn::GetAtt': [expect.stringContaining('TermScheduleRole'), 'Arn'] });
      expect(Condition).toEqual({ StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } });
    }
    for (const { Resource } of statementsOf(stack, 'scheduler:CreateSchedule')) {
      expect(flat(Resource)).toBe('arn:<AWS::Partition>:scheduler:us-west-2:111111111111:schedule/default/bedrock-throughput-*');
    }
  });

  test('of several commitments in a stack is planned by one function, and announced by a separate role for each', () => {
    const { stack } = withTopic();
    const before = JSON.stringify(scheduleRole(stack));
    const both = withTopic().stack;
    committed({ notificationTopic: new Topic(both, 'Others'), removalPolicy: RemovalPolicy.DESTROY }, both, 'More');
    expect(JSON.stringify(scheduleRole(both))).toBe(before);
    expect(Object.keys(Template.fromStack(stack).findResources('AWS::Lambda::Function', { Properties: { Handler: 'index.onTermEnd' } }))).toHaveLength(1);
  });

  test('is announced to an encrypted topic with its key', () => {
    const stack = stackIn('us-west-2');
    const masterKey = new Key(stack, 'Key');
    committed({ notificationTopic: new Topic(stack, 'Costs', { masterKey }) }, stack);
    const key = { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] };
    expect(scheduleRole(stack).Properties.Policies[0].PolicyDocument.Statement).toContainEqual({ Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: key });
    expect(statementsOf(stack, 'kms:GenerateDataKey')).toEqual([{ Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: key }]);
  });

  test.each([
    ['a FIFO topic', (stack: Stack) => new Topic(stack, 'Costs', { fifo: true }), 'notificationTopic must be a standard topic, since EventBridge Scheduler cannot publish to a FIFO topic.'],
    ['a topic of another region', (stack: Stack) => Topic.fromTopicArn(stack, 'Costs', 'arn:aws:sns:eu-west-1:111111111111:costs'), 'notificationTopic must be a topic in us-west-2, the region of the stack, got a topic in eu-west-1.'],
  ])('cannot be announced to %s, which is refused', (_, topic, text) => {
    const stack = stackIn('us-west-2');
    committed({ notificationTopic: topic(stack) }, stack);
    expect(refusals(stack)).toEqual([expect.stringContaining(text)]);
  });
});

describe('removed throughput', () => {
  test('with RemovalPolicy.DESTROY is deleted by CloudFormation, and the handler plans the deletion at the end of the term', () => {
    const { stack } = committed({ removalPolicy: RemovalPolicy.DESTROY });
    Template.fromStack(stack).hasResource(TYPE, { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
    expect(properties(stack).term).toMatchObject({ releaseAtExpiry: true });
    expect(flat(scheduleRole(stack).Properties.Policies[0].PolicyDocument.Statement[1].Resource)).toBe('arn:<AWS::Partition>:bedrock:us-west-2:111111111111:provisioned-model/*');
  });

  test.each([undefined, RemovalPolicy.RETAIN, RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE])('with removalPolicy %s cannot be deleted by a role at the end of a term', (removalPolicy) => {
    const { stack } = withTopic({ removalPolicy });
    expect(JSON.stringify(scheduleRole(stack))).not.toContain('bedrock:DeleteProvisionedModelThroughput');
    expect(properties(stack).term).not.toHaveProperty('releaseAtExpiry');
  });

  test('without a commitment has no term', () => {
    const { stack } = committed({ commitmentDuration: undefined, acknowledgeCommitmentUsd: undefined, removalPolicy: RemovalPolicy.DESTROY });
    Template.fromStack(stack).hasResource(TYPE, { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
    expect(properties(stack)).not.toHaveProperty('term');
  });
});

describe('invalid input', () => {
  test.each([
    ['a notice of half a day', { renewalNotice: Duration.hours(12) }, 'renewalNotice must be a Duration of whole days from 1 to 27, shorter than the term, got 0.5.'],
    ['a notice longer than the term', { renewalNotice: Duration.days(28) }, 'renewalNotice must be a Duration of whole days from 1 to 27, shorter than the term, got 28.'],
    ['a snapshot', { removalPolicy: RemovalPolicy.SNAPSHOT }, 'removalPolicy must be one of destroy, retain, retain-on-update-or-delete, got "snapshot". Use RemovalPolicy.RETAIN or RemovalPolicy.DESTROY.'],
    ['a removal policy that is known only at deployment', { removalPolicy: Lazy.string({ produce: () => 'retain' }) as RemovalPolicy }, 'removalPolicy must be one of destroy, retain, retain-on-update-or-delete, got a token. Use RemovalPolicy.RETAIN or RemovalPolicy.DESTROY.'],
    ['another removal policy', { removalPolicy: 'delete' as RemovalPolicy }, 'removalPolicy must be one of destroy, retain, retain-on-update-or-delete, got "delete". Use RemovalPolicy.RETAIN or RemovalPolicy.DESTROY.'],
  ])('%s is refused', (_, props, text) => {
    expect(refusals(withTopic(props).stack)).toEqual([expect.stringContaining(text)]);
  });
});

describe('a dry run', () => {
  const dry = (value: unknown, props: Partial<ProvisionedModelThroughputProps> = {}) =>
    committed(props, stackIn('us-west-2', { 'cdk-bedrock-cost:dryRun': value })).stack;

  test.each([[true], ['true']])('of the context value %p is in the properties, the outputs and on screen', (value) => {
    const stack = dry(value);
    expect(properties(stack)).toMatchObject({ dryRun: true, price: { hourlyUsd: '21.18' } });
    expect(Object.values(Template.fromStack(stack).findOutputs('*')).map(({ Value }) => Value)).toEqual([{ 'Fn::GetAtt': [expect.stringMatching(/^Capacity/), 'DryRun'] }]);
    expect(findings(stack)).toContainEqual(expect.stringMatching(/^bedrock-cost-throughput-dry-run: /));
  });

  test('by the hour also has the price in the properties', () => {
    expect(properties(dry(true, { commitmentDuration: CommitmentDuration.NONE }))).toMatchObject({ dryRun: true, price: { hourlyUsd: '24' } });
  });

  test('does not confirm a commitment', () => {
    expect(refusals(dry(true, { acknowledgeCommitmentUsd: 1 }))).toEqual([expect.stringContaining('bedrock-cost-commitment-not-acknowledged')]);
  });

  test.each([[false], ['false'], [undefined]])('is disabled with the context value %p', (value) => {
    const stack = dry(value);
    expect(properties(stack)).not.toHaveProperty('dryRun');
    expect(Template.fromStack(stack).findOutputs('*')).toEqual({});
  });

  test('of another context value is refused, without a purchase', () => {
    const stack = dry('yes');
    expect(refusals(stack)).toEqual([expect.stringContaining('context \'cdk-bedrock-cost:dryRun\' must be true or false, got "yes".')]);
  });
});

test('allowRepurchase is in the properties of the handler', () => {
  expect(properties(committed({ allowRepurchase: true }).stack)).toMatchObject({ allowRepurchase: true });
  expect(properties(committed({ allowRepurchase: false }).stack)).not.toHaveProperty('allowRepurchase');
});

test('the state of every throughput is a separate parameter, below the name of the stack', () => {
  const { stack } = committed();
  committed({}, stack, 'More');
  const names = Object.values(Template.fromStack(stack).findResources('AWS::SSM::Parameter')).map(({ Properties }) => Properties.Name);
  expect(names.filter((name) => name.includes('/record/'))).toEqual([expect.stringMatching(/^\/cdk-bedrock-cost\/Stack\/record\/Stack-Capacity-/), expect.stringMatching(/^\/cdk-bedrock-cost\/Stack\/record\/Stack-More-/)]);
  expect(statementsOf(stack, 'ssm:PutParameter').map(({ Resource }) => flat(Resource))).toEqual(['arn:<AWS::Partition>:ssm:us-west-2:111111111111:parameter/cdk-bedrock-cost/Stack/record/*']);
});

describe('an update removes permissions before it deletes the resource that needs them:', () => {
  const workerPolicies = (stack: Stack) => Object.entries(Template.fromStack(stack).findResources('AWS::IAM::Policy'))
    .filter(([, { Properties }]) => JSON.stringify(Properties.Roles).includes('IsCompleteRole'));
  const shared = (stack: Stack) => workerPolicies(stack).filter(([id]) => id.startsWith('BedrockProvisionedModelThroughputProvider')).map(([, { Properties }]) => Properties.PolicyDocument);

  test('shared permissions do not change if a throughput is removed', () => {
    const one = stackIn('us-west-2');
    committed({ commitmentDuration: CommitmentDuration.NONE }, one, 'Hourly');
    const both = stackIn('us-west-2');
    committed({ commitmentDuration: CommitmentDuration.NONE }, both, 'Hourly');
    committed({ notificationTopic: new Topic(both, 'Costs'), removalPolicy: RemovalPolicy.DESTROY }, both, 'Committed');
    expect(shared(one)).toEqual(shared(both));
  });

  test('permissions for one throughput are in a policy that is deleted after it', () => {
    const { stack } = withTopic({ removalPolicy: RemovalPolicy.DESTROY });
    const [[resource]] = [Object.values(Template.fromStack(stack).findResources(TYPE))];
    const [[own]] = workerPolicies(stack).filter(([id]) => id.startsWith('Capacity'));
    expect(resource.DependsOn).toContain(own);
  });
});

test('a notice that is a token is not checked', () => {
  const { stack } = withTopic({ renewalNotice: Duration.days(Lazy.number({ produce: () => 5 })) });
  expect(refusals(stack)).toEqual([]);
  expect(properties(stack).term.noticeDays).toBe(5);
});

test('47 tags of the user pass, and 48 are refused: AWS accepts 50, including those of the library', () => {
  const tagged = (count: number) => {
    const { stack, throughput } = committed({ commitmentDuration: CommitmentDuration.NONE });
    for (let i = 0; i < count; i++) Tags.of(throughput).add(`tag-${i}`, 'x');
    return Template.fromStack(stack);
  };
  expect(() => tagged(48)).toThrow('tags: at most 47 tags are possible beside the library\'s own, got 48. Remove some of Stack/Capacity or of its stack.');
  expect(() => tagged(47)).not.toThrow();
});

import { App, Stack, TimeZone } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { CostBudget } from '../../../src/budgets/cost-budget';
import { BedrockModel } from '../../../src/inference/bedrock-model';
import { ProvisionedModelThroughputProps, ScheduledModelThroughputProps } from '../../../src/inference/provisioned/props';
import { ProvisionedModelThroughput } from '../../../src/inference/provisioned/provisioned-model-throughput';
import { ScheduledModelThroughput } from '../../../src/inference/provisioned/scheduled-model-throughput';
import { CommitmentDuration } from '../../../src/pricing/price-book/rate';
import { flat, stackIn, statementsOf, warnings } from '../synth';

const TYPE = 'Custom::BedrockProvisionedModelThroughput';
const NOBODY = 'bedrock-cost-schedule-failures-not-notified';
const LLAMA = BedrockModel.of('meta.llama3-1-70b-instruct-v1:0:128k');
const SCHEDULE = { start: '08:00', end: '18:00', timeZone: TimeZone.EUROPE_BERLIN, outsideHours: BedrockModel.of('us.meta.llama3-1-70b-instruct-v1:0') };

function throughputIn(stack: Stack, props: Partial<ProvisionedModelThroughputProps> = {}, id = 'Capacity') {
  return new ProvisionedModelThroughput(stack, id, { model: LLAMA, modelUnits: 2, ...props });
}
function scheduledIn(stack: Stack, props: Partial<ScheduledModelThroughputProps> = {}, id = 'Capacity') {
  return new ScheduledModelThroughput(stack, id, { model: LLAMA, modelUnits: 2, schedule: SCHEDULE, ...props });
}
const budgetIn = (stack: Stack) => new CostBudget(stack, 'Budget', { monthlyLimitUsd: 100_000, emailAddresses: ['team@example.com'] });
const errorAlarms = (stack: Stack) => Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'))
  .filter(({ Properties }) => JSON.stringify(Properties.Metrics ?? []).includes('"AWS/Lambda"') && /provisioned throughput/.test(flat(Properties.AlarmDescription)));

describe('without a topic', () => {
  test.each<[string, Partial<ProvisionedModelThroughputProps>]>([
    ['by the hour', {}],
    ['with a commitment', { commitmentDuration: CommitmentDuration.ONE_MONTH, acknowledgeCommitmentUsd: 30_922.8 }],
  ])('synth reports an INFO for throughput %s, and no warning: CloudFormation reports most failures', (_, props) => {
    const stack = stackIn('us-west-2');
    throughputIn(stack, props);
    Template.fromStack(stack);
    expect(warnings(stack)).toEqual([]);
    const infos = Annotations.fromStack(stack).findInfo('*', Match.stringLikeRegexp('throughput-failures-not-notified'));
    expect(infos.map(({ entry }) => entry.data)).toEqual([expect.stringContaining('No topic is notified if an update or a deletion fails to delete the throughput, which remains billed.')]);
  });

  test('synth warns once of failures in business hours without a notification, with the fix', () => {
    const stack = stackIn('us-west-2');
    scheduledIn(stack);
    Template.fromStack(stack);
    Template.fromStack(stack);
    const found = warnings(stack).filter((text) => text.includes(NOBODY));
    expect(found).toEqual([expect.stringContaining('No topic is notified if the throughput cannot be deleted in the evening and remains billed: only the log of a function has the failure. Set notificationTopic, or add a CostBudget that covers it.')]);
    expect(errorAlarms(stack)).toEqual([]);
  });

  test.each<[string, (stack: Stack) => void]>([
    ['a topic of its own', (stack) => scheduledIn(stack, { notificationTopic: new Topic(stack, 'Costs') })],
    ['a budget that is created before', (stack) => { budgetIn(stack); scheduledIn(stack); }],
    ['a budget that is created later', (stack) => { scheduledIn(stack); budgetIn(stack); }],
  ])('but not with %s', (_, make) => {
    const stack = stackIn('us-west-2');
    make(stack);
    Template.fromStack(stack);
    expect(warnings(stack).filter((text) => text.includes(NOBODY))).toEqual([]);
    expect(errorAlarms(stack)).toHaveLength(1);
  });

  test('a budget over other constructs changes nothing', () => {
    const app = new App();
    const [stack, other] = ['Stack', 'Other'].map((id) => new Stack(app, id, { env: { account: '111111111111', region: 'us-west-2' } }));
    scheduledIn(stack);
    budgetIn(other);
    Template.fromStack(stack);
    expect(warnings(stack).filter((text) => text.includes(NOBODY))).toHaveLength(1);
  });
});

describe('the alarm on errors of the functions', () => {
  test('exists once in a stack, adds up all functions that buy or delete, and notifies each topic once', () => {
    const stack = stackIn('us-west-2');
    const [first, second] = ['First', 'Second'].map((id) => new Topic(stack, id));
    throughputIn(stack, { notificationTopic: first }, 'One');
    scheduledIn(stack, { notificationTopic: first }, 'Two');
    throughputIn(stack, { notificationTopic: second, commitmentDuration: CommitmentDuration.ONE_MONTH, acknowledgeCommitmentUsd: 30_922.8 }, 'Three');
    const [{ Properties }, ...more] = errorAlarms(stack);
    expect(more).toEqual([]);
    expect(Properties).toMatchObject({
      AlarmActions: [stack.resolve(first.topicArn), stack.resolve(second.topicArn)],
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 0,
      TreatMissingData: 'notBreaching',
      EvaluationPeriods: 3,
      DatapointsToAlarm: 1,
    });
    const [sum, ...errors] = Properties.Metrics;
    expect(sum).toEqual({ Id: 'errors', Expression: 'SUM(METRICS())', Label: 'Errors', ReturnData: true });
    const functions = errors.map(({ MetricStat: { Metric: { MetricName, Dimensions: [{ Value }] }, Period, Stat }, ReturnData }: any) => {
      expect({ MetricName, Period, Stat, ReturnData }).toEqual({ MetricName: 'Errors', Period: 300, Stat: 'Sum', ReturnData: false });
      return Template.fromStack(stack).findResources('AWS::Lambda::Function')[Value.Ref].Properties.Handler;
    });
    expect(functions).toEqual(['index.isComplete', 'index.onTick', 'index.onTermEnd']);
  });

  test('has further alarms if there are more topics than an alarm accepts', () => {
    const stack = stackIn('us-west-2');
    for (let i = 0; i < 11; i++) throughputIn(stack, { notificationTopic: new Topic(stack, `Topic${i}`) }, `Capacity${i}`);
    expect(errorAlarms(stack).map(({ Properties }) => Properties.AlarmActions.length)).toEqual([5, 5, 1]);
  });

  test('may publish to a topic of the user with a custom policy, and use its key', () => {
    const stack = stackIn('us-west-2');
    throughputIn(stack, { notificationTopic: new Topic(stack, 'Costs', { enforceSSL: true, masterKey: new Key(stack, 'Key') }) });
    const template = Template.fromStack(stack);
    const alarms = { Principal: { Service: 'cloudwatch.amazonaws.com' }, Effect: 'Allow', Condition: { StringEquals: { 'aws:SourceAccount': '111111111111' } } };
    const [{ Properties: topic }] = Object.values(template.findResources('AWS::SNS::TopicPolicy'));
    expect(topic.PolicyDocument.Statement).toContainEqual(expect.objectContaining({ ...alarms, Action: 'sns:Publish' }));
    const [{ Properties: key }] = Object.values(template.findResources('AWS::KMS::Key'));
    expect(key.KeyPolicy.Statement).toContainEqual(expect.objectContaining({ ...alarms, Action: ['kms:Decrypt', 'kms:GenerateDataKey*'] }));
  });
});

describe('the topic of a budget', () => {
  test.each([['by the hour', throughputIn, 1], ['in business hours', scheduledIn, 2]])('is known to the functions, which may publish to it before the resource is created and after it is deleted, %s', (_, make, roles) => {
    const stack = stackIn('us-west-2');
    make(stack);
    const { topic } = budgetIn(stack);
    const template = Template.fromStack(stack);
    const [[, { Properties, DependsOn }]] = Object.entries(template.findResources(TYPE));
    expect(Properties.budgetTopicArns).toEqual([stack.resolve(topic.topicArn)]);
    const policies = Object.entries(template.findResources('AWS::IAM::Policy')).filter(([id]) => id.startsWith('CapacityHandlerPolicy'));
    expect(policies).toHaveLength(1);
    const [[id, { Properties: policy }]] = policies;
    expect(policy.PolicyDocument.Statement).toEqual([{ Effect: 'Allow', Action: 'sns:Publish', Resource: stack.resolve(topic.topicArn) }]);
    expect(policy.Roles).toHaveLength(roles);
    expect(DependsOn).toContain(id);
  });

  test('is notified for each of two budgets, and the own topic once', () => {
    const stack = stackIn('us-west-2');
    const topic = new Topic(stack, 'Costs');
    throughputIn(stack, { notificationTopic: topic });
    for (const id of ['A', 'B']) new CostBudget(stack, id, { monthlyLimitUsd: 100_000, notificationTopic: topic });
    const other = new CostBudget(stack, 'C', { monthlyLimitUsd: 100_000, emailAddresses: ['team@example.com'] });
    const [{ Properties }] = Object.values(Template.fromStack(stack).findResources(TYPE));
    expect(Properties.topicArn).toEqual(stack.resolve(topic.topicArn));
    expect(Properties.budgetTopicArns).toEqual([stack.resolve(other.topic.topicArn)]);
  });

  test('with a key allows the functions to use the key', () => {
    const stack = stackIn('us-west-2');
    const key = new Key(stack, 'Key');
    throughputIn(stack);
    new CostBudget(stack, 'Budget', { monthlyLimitUsd: 100_000, notificationTopic: new Topic(stack, 'Costs', { masterKey: key }) });
    const statements = Object.entries(Template.fromStack(stack).findResources('AWS::IAM::Policy')).filter(([id]) => id.startsWith('CapacityHandlerPolicy'))
      .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement);
    expect(statements).toContainEqual({ Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Resource: stack.resolve(key.keyArn) });
  });

  test('of another stack is named without a reference to it', () => {
    const app = new App();
    const [stack, other] = ['Stack', 'Other'].map((id) => new Stack(app, id, { env: { account: '111111111111', region: 'us-west-2' } }));
    throughputIn(stack);
    new CostBudget(other, 'Budget', { monthlyLimitUsd: 100_000, covers: app, emailAddresses: ['team@example.com'] });
    const [{ Properties }] = Object.values(Template.fromStack(stack).findResources(TYPE));
    expect(flat(Properties.budgetTopicArns[0])).toMatch(/^arn:<AWS::Partition>:sns:us-west-2:111111111111:Other-/);
    expect(statementsOf(stack, 'sns:Publish').some(({ Resource }) => flat(Resource) === flat(Properties.budgetTopicArns[0]))).toBe(true);
  });
});

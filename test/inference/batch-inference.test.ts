import { Duration, Lazy, Stack, Tags } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { entries, flat, refusals, roleIn, stackIn, statementsOf, warnings } from './synth';
import { BatchInference, BatchInferenceProps, ModelInvocationType } from '../../src/inference/batch-inference';
import { BedrockModel } from '../../src/inference/bedrock-model';
import { ProvisionedModelThroughput } from '../../src/inference/provisioned-model-throughput';

const usage = { jobsPerMonth: 30, recordsPerJob: 1_000, inputTokensPerRecord: 10_000, outputTokensPerRecord: 1_000 };

function batch(props: Partial<BatchInferenceProps> = {}, stack: Stack = stackIn()) {
  const inputBucket = Bucket.fromBucketName(stack, 'Records', 'records');
  const outputBucket = Bucket.fromBucketName(stack, 'Results', 'results');
  return { stack, batch: new BatchInference(stack, 'Nightly', { model: BedrockModel.of('amazon.nova-pro-v1:0'), inputBucket, outputBucket, usage, ...props }) };
}

/** The states of the state machine, with intrinsic functions as text. */
function states(stack: Stack): { [name: string]: any } {
  const [machine] = Object.values(Template.fromStack(stack).findResources('AWS::StepFunctions::StateMachine'));
  return JSON.parse(flat(machine.Properties.DefinitionString)).States;
}
const job = (props?: Partial<BatchInferenceProps>) => states(batch(props).stack)['Create job'].Parameters;

describe('a job', () => {
  test('reads the records, writes the results, and is named after the execution', () => {
    expect(job()).toEqual({
      'JobName.$': expect.stringMatching(/^States\.Format\('[0-9a-zA-Z]{1,20}-\{\}', States\.Hash\(\$\$\.Execution\.Id, 'SHA-1'\)\)$/),
      'ClientRequestToken.$': "States.Hash($$.Execution.Id, 'SHA-256')",
      'RoleArn': expect.any(String),
      'ModelId': 'amazon.nova-pro-v1:0',
      'InputDataConfig': { S3InputDataConfig: { S3Uri: 's3://records/', S3InputFormat: 'JSONL' } },
      'OutputDataConfig': { S3OutputDataConfig: { S3Uri: 's3://results/' } },
    });
  });

  test.each([
    ['a folder', { inputPrefix: 'in' }, 's3://records/in/'],
    ['a folder with its slash', { inputPrefix: 'in/' }, 's3://records/in/'],
    ['one file', { inputKey: 'in/today.jsonl' }, 's3://records/in/today.jsonl'],
  ])('can read %s', (_, props, uri) => {
    expect(job(props).InputDataConfig.S3InputDataConfig.S3Uri).toBe(uri);
  });

  test('takes timeout, format and folder of results', () => {
    expect(job({ timeout: Duration.days(2), modelInvocationType: ModelInvocationType.CONVERSE, outputPrefix: 'out' }))
      .toMatchObject({ TimeoutDurationInHours: 48, ModelInvocationType: 'Converse', OutputDataConfig: { S3OutputDataConfig: { S3Uri: 's3://results/out/' } } });
  });

  test('carries the tags that are put on it or above it', () => {
    const { stack, batch: nightly } = batch();
    Tags.of(nightly).add('team', 'search');
    expect(states(stack)['Create job'].Parameters.Tags).toEqual([{ Key: 'team', Value: 'search' }]);
  });

  test('names the owner of a bucket of another account, and expects it there', () => {
    const stack = stackIn();
    const inputBucket = Bucket.fromBucketAttributes(stack, 'Theirs', { bucketName: 'theirs', account: '222222222222' });
    batch({ inputBucket }, stack);
    expect(states(stack)['Create job'].Parameters.InputDataConfig.S3InputDataConfig.S3BucketOwner).toBe('222222222222');
    expect(statementsOf(stack, 's3:GetObject')[0].Condition).toEqual({ StringEquals: { 'aws:ResourceAccount': '222222222222' } });
  });
});

describe('the state machine', () => {
  test('tries a throttled call again, under the same token', () => {
    for (const name of ['Create job', 'Look at job']) {
      expect(states(batch().stack)[name].Retry[0].ErrorEquals).toContain('Bedrock.ThrottlingException');
    }
  });

  test('looks every five minutes, or as often as it is told', () => {
    expect(states(batch().stack).Wait).toMatchObject({ Seconds: 300, Next: 'Look at job' });
    expect(states(batch({ pollInterval: Duration.seconds(33) }).stack).Wait.Seconds).toBe(33);
  });

  const next = (status: string) => {
    const { Choices, Default } = states(batch().stack)['Has it ended?'];
    const rule = Choices.find((choice: any) => [choice, ...(choice.Or ?? [])].some(({ StringEquals }) => StringEquals === status));
    return rule?.Next ?? Default;
  };
  test.each([
    ['Submitted', 'Wait'], ['Validating', 'Wait'], ['Scheduled', 'Wait'], ['InProgress', 'Wait'], ['Stopping', 'Wait'],
    ['Completed', 'Job completed'],
    ['PartiallyCompleted', 'Job failed'], ['Failed', 'Job failed'], ['Stopped', 'Job failed'], ['Expired', 'Job failed'],
  ])('goes on from %s to %s', (status, state) => {
    expect(next(status)).toBe(state);
  });

  test('fails with status and message of the job', () => {
    expect(states(batch().stack)['Job failed']).toEqual({ Type: 'Fail', ErrorPath: '$.Status', CausePath: 'States.JsonToString($)' });
  });

  test('logs and traces', () => {
    Template.fromStack(batch().stack).hasResourceProperties('AWS::StepFunctions::StateMachine', { LoggingConfiguration: { Level: 'ALL' }, TracingConfiguration: { Enabled: true } });
  });

  test('may make jobs for the model, and hand them the service role only', () => {
    const { stack } = batch({ model: BedrockModel.of('us.amazon.nova-pro-v1:0') });
    const resources = flat(statementsOf(stack, 'bedrock:CreateModelInvocationJob')[0].Resource);
    expect(resources).toContain(':inference-profile/us.amazon.nova-pro-v1:0');
    expect(resources).toContain(':bedrock:us-*::foundation-model/amazon.nova-pro-v1:0');
    expect(resources).toContain(':bedrock:us-east-1:111111111111:model-invocation-job/*');
    expect(statementsOf(stack, 'iam:PassRole')).toEqual([expect.objectContaining({
      Resource: { 'Fn::GetAtt': [expect.stringMatching(/^NightlyServiceRole/), 'Arn'] },
      Condition: { StringEquals: { 'iam:PassedToService': 'bedrock.amazonaws.com' } },
    })]);
  });

  test('can be started by whom it is granted to, and measured', () => {
    const { stack, batch: nightly } = batch();
    nightly.grantStart(roleIn(stack));
    expect(statementsOf(stack, 'states:StartExecution')).toHaveLength(1);
    for (const [metric, name] of [[nightly.metricStarted(), 'ExecutionsStarted'], [nightly.metricSucceeded(), 'ExecutionsSucceeded'],
      [nightly.metricFailed(), 'ExecutionsFailed'], [nightly.metricTime(), 'ExecutionTime']] as const) {
      expect(metric).toMatchObject({ namespace: 'AWS/States', metricName: name });
    }
  });
});

describe('the service role', () => {
  test('is for jobs of this account and region', () => {
    Template.fromStack(batch().stack).hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: Match.objectLike({
        Statement: [Match.objectLike({
          Principal: { Service: 'bedrock.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': '111111111111' }, ArnLike: { 'aws:SourceArn': Match.anyValue() } },
        })],
      }),
    });
  });

  test('reads the records and writes the results, and nothing beside them', () => {
    const { stack } = batch({ inputPrefix: 'in', outputPrefix: 'out' });
    const arn = 'arn:<AWS::Partition>:s3:::';
    expect(statementsOf(stack, 's3:GetObject').map(({ Resource }) => flat(Resource))).toEqual([`${arn}records/in/*`]);
    expect(statementsOf(stack, 's3:PutObject').map(({ Resource }) => flat(Resource))).toEqual([`${arn}results/out/*`]);
    expect(statementsOf(stack, 's3:ListBucket')[0].Condition).toEqual({
      StringEquals: { 'aws:ResourceAccount': '111111111111' }, StringLikeIfExists: { 's3:prefix': ['in/*'] },
    });
  });

  test('may use the keys of the buckets', () => {
    const stack = stackIn();
    const encryptionKey = new Key(stack, 'Key');
    batch({ inputBucket: new Bucket(stack, 'In', { encryptionKey }), outputBucket: new Bucket(stack, 'Out', { encryptionKey }) }, stack);
    expect(statementsOf(stack, 'kms:GenerateDataKey')).toHaveLength(1);
    expect(statementsOf(stack, 'kms:Decrypt').length).toBeGreaterThan(0);
  });

  test('may invoke the model in every region that a profile routes to', () => {
    const { stack } = batch({ model: BedrockModel.of('eu.amazon.nova-pro-v1:0') }, stackIn('eu-central-1'));
    expect(flat(statementsOf(stack, 'bedrock:InvokeModel')[0].Resource)).toContain(':bedrock:eu-*::foundation-model/amazon.nova-pro-v1:0');
  });
});

describe('the schedule', () => {
  test('is not there unless it is asked for', () => {
    Template.fromStack(batch().stack).resourceCountIs('AWS::Scheduler::Schedule', 0);
  });

  test('starts the state machine without a second try, for each start is a job to pay', () => {
    const { stack } = batch({ schedule: ScheduleExpression.cron({ hour: '2', minute: '0' }) });
    Template.fromStack(stack).hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'cron(0 2 * * ? *)',
      Target: { Arn: { Ref: Match.stringLikeRegexp('^NightlyStateMachine') }, RetryPolicy: { MaximumRetryAttempts: 0 } },
    });
    expect(warnings(stack)).toEqual([]);
  });
});

describe('the cost', () => {
  test('is that of the batch rates', () => {
    // 30 jobs x 1,000 records: 300 million input tokens x $0.40 + 30 million output tokens x $1.60 = $120 + $48
    const { stack } = batch();
    expect(entries(stack)).toMatchObject([{ type: 'batch', model: 'amazon.nova-pro-v1:0', tokenMetrics: undefined, estimate: { monthlyUsd: '168' } }]);
  });

  test('of the state machine stands beside it: 2 transitions a job and 3 a look, for the whole timeout', () => {
    // 24 h every 5 min are 288 looks: 30 x (2 + 3 x 288) = 25,980 transitions x $0.025 / 1,000 = $0.6495
    expect(entries(batch().stack)[0].estimate.otherServicesMonthlyUsd).toBe('0.6495');
    // 48 h every 30 min are 96 looks: 30 x (2 + 3 x 96) = 8,700 transitions
    expect(entries(batch({ timeout: Duration.hours(48), pollInterval: Duration.minutes(30) }).stack)[0].estimate.otherServicesMonthlyUsd).toBe('0.2175');
  });

  test('of a custom model is unknown, not that of its base model', () => {
    const { stack } = batch({ model: BedrockModel.fromCustomModel('arn:aws:bedrock:us-east-1:111111111111:custom-model/amazon.nova-lite-v1:0/abc', 'amazon.nova-lite-v1:0') });
    expect(entries(stack)).toMatchObject([{ estimate: { monthlyUsd: null, knownMonthlyUsd: '0' } }]);
    expect(refusals(stack)).toEqual([]);
  });

  test('of a number that is known only at deployment is unknown', () => {
    const stack = stackIn();
    const jobsPerMonth = Lazy.number({ produce: () => 30 });
    batch({ usage: { ...usage, jobsPerMonth } }, stack);
    expect(entries(stack)[0].estimate).toMatchObject({ monthlyUsd: null, otherServicesMonthlyUsd: '0' });
  });
});

test('is a step of the user\'s own state machine, which waits for its end and may do nothing else', () => {
  const { stack, batch: nightly } = batch();
  new StateMachine(stack, 'Own', { definitionBody: DefinitionBody.fromChainable(nightly.asTask(stack, 'Summaries')) });
  const [[, own]] = Object.entries(Template.fromStack(stack).findResources('AWS::StepFunctions::StateMachine')).filter(([id]) => id.startsWith('Own'));
  const { States } = JSON.parse(flat(own.Properties.DefinitionString));
  expect(States.Summaries).toMatchObject({
    Type: 'Task', Resource: 'arn:<AWS::Partition>:states:::states:startExecution.sync:2', Parameters: { StateMachineArn: expect.stringMatching(/^<NightlyStateMachine/) }, End: true,
  });
  expect(statementsOf(stack, 'states:StartExecution').map(({ Resource }) => flat(Resource))).toEqual([expect.stringMatching(/^<NightlyStateMachine/)]);
});

describe('a warning of too few records', () => {
  const small = (props: Partial<BatchInferenceProps>) => warnings(batch(props).stack).filter((text) => text.includes('does not accept'));

  test.each([[99, 1], [100, 0], [101, 0]])('for %d records a job comes %d times', (recordsPerJob, times) => {
    expect(small({ usage: { ...usage, recordsPerJob } })).toHaveLength(times);
  });

  test('follows the quota of the account', () => {
    expect(small({ usage: { ...usage, recordsPerJob: 10 }, minimumRecordsPerJob: 10 })).toEqual([]);
    expect(small({ minimumRecordsPerJob: 1_001 })).toEqual([expect.stringContaining('recordsPerJob is 1000, and Amazon Bedrock does not accept a job of fewer than 1001 records')]);
  });

  test('comes for a slow month too', () => {
    expect(small({ lowUsage: { ...usage, recordsPerJob: 50 } })).toHaveLength(1);
  });

  test('does not come for a number that is known only at deployment', () => {
    const stack = stackIn();
    const recordsPerJob = Lazy.number({ produce: () => 10 });
    batch({ usage: { ...usage, recordsPerJob } }, stack);
    expect(warnings(stack).filter((text) => text.includes('does not accept'))).toEqual([]);
  });
});

test.each([
  ['both a file and a folder', { inputKey: 'a.jsonl', inputPrefix: 'in' }, 'inputKey: "a.jsonl" is not allowed; expected either inputKey or inputPrefix'],
  ['a timeout under 24 hours', { timeout: Duration.hours(23) }, 'timeout: 1380'],
  ['a timeout over 168 hours', { timeout: Duration.hours(169) }, 'timeout: 10140'],
  ['a timeout of no whole hours', { timeout: Duration.minutes(24 * 60 + 1) }, 'timeout: 1441'],
  ['a look every 9 seconds', { pollInterval: Duration.seconds(9) }, 'pollInterval: 9'],
  ['a look every one and a half seconds', { pollInterval: Duration.millis(1500) }, 'pollInterval: 1.5 is not allowed; expected whole seconds, 10 or more'],
  ['a look every 10 and a half seconds', { pollInterval: Duration.millis(10_500) }, 'pollInterval: 10.5'],
  // Step Functions ends an execution at 25,000 events: 24 h / 32 s = 2,700 looks x 9 = 24,300
  ['more looks than the history of an execution has room for', { pollInterval: Duration.seconds(32) }, 'pollInterval: 32 is not allowed; expected 33 seconds or more with this timeout (24 hours unless set)'],
  // 604,800 s / 226 s = 2,676.1: 2,677 looks x 9 = 24,093
  ['as much with a timeout of a week', { pollInterval: Duration.seconds(226), timeout: Duration.days(7) }, 'pollInterval: 226 is not allowed; expected 227 seconds or more'],
  ['a minimum of no records', { minimumRecordsPerJob: 0 }, 'minimumRecordsPerJob: 0'],
  ['negative usage', { usage: { ...usage, recordsPerJob: -1 } }, 'recordsPerJob: -1'],
  ['provisioned throughput', {
    model: BedrockModel.fromInvokableAttributes({ invokableArn: 'arn:aws:bedrock:us-east-1:111111111111:provisioned-model/abcdefghijkl', pricingModelId: 'amazon.nova-pro-v1:0' }),
  }, 'model: "arn:aws:bedrock:us-east-1:111111111111:provisioned-model/abcdefghijkl" is not allowed'],
])('fails for %s', (_, props, found) => {
  expect(refusals(batch(props).stack)).toEqual([expect.stringContaining(`[Stack/Nightly] bedrock-cost-invalid-input: ${found}`)]);
});

// 86,400 s / 33 s = 2,618.2: 2,619 looks x 9 = 23,571; 604,800 s / 227 s = 2,664.3: 2,665 looks x 9 = 23,985
test.each([[33, 24], [227, 168]])('a look every %d seconds is allowed with a timeout of %d hours', (seconds, hours) => {
  expect(refusals(batch({ pollInterval: Duration.seconds(seconds), timeout: Duration.hours(hours) }).stack)).toEqual([]);
});

test('a look as often as is known only at deployment passes', () => {
  const stack = stackIn();
  const seconds = Lazy.number({ produce: () => 60 });
  batch({ pollInterval: Duration.seconds(seconds) }, stack);
  expect(refusals(stack)).toEqual([]);
});

test('fails for provisioned throughput of this app, whose ARN is known only at deployment', () => {
  const stack = stackIn();
  const capacity = new ProvisionedModelThroughput(stack, 'Capacity', { model: BedrockModel.of('amazon.nova-pro-v1:0:24k'), modelUnits: 1 });
  batch({ model: BedrockModel.fromInvokable(capacity, 'amazon.nova-pro-v1:0') }, stack);
  expect(refusals(stack)).toEqual([expect.stringContaining('batch inference is not possible on provisioned throughput')]);
});

test.each([[24], [168]])('a timeout of %d hours is allowed', (hours) => {
  expect(refusals(batch({ timeout: Duration.hours(hours) }).stack)).toEqual([]);
});

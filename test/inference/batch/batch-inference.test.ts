import { mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, CfnParameter, Duration, Lazy, Stack, Tags, Token } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { DefinitionBody, JsonPath, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { BatchInference } from '../../../src/inference/batch/batch-inference';
import { BatchInferenceProps, ModelInvocationType, SmallRuns } from '../../../src/inference/batch/batch-inference-props';
import { BatchPrompts } from '../../../src/inference/batch/prompts';
import { BedrockModel } from '../../../src/inference/bedrock-model';
import { ProvisionedModelThroughput } from '../../../src/inference/provisioned/provisioned-model-throughput';
import { DEFAULT_PROJECT, entries, flat, refusals, roleIn, stackIn, statementsOf, warnings } from '../synth';

const usage = { jobsPerMonth: 30, recordsPerJob: 1_000, inputTokensPerRecord: 10_000, outputTokensPerRecord: 1_000 };

function batch(props: Partial<BatchInferenceProps> = {}, stack: Stack = stackIn()) {
  const inputBucket = Bucket.fromBucketName(stack, 'Records', 'records');
  const outputBucket = Bucket.fromBucketName(stack, 'Results', 'results');
  return { stack, batch: new BatchInference(stack, 'Nightly', { model: BedrockModel.of('amazon.nova-pro-v1:0'), inputBucket, outputBucket, usage, ...props }) };
}

/** The statements of the policies of one role; of those with an action, if one is named. */
const statementsOfRole = (stack: Stack, role: RegExp) => (action?: string): any[] =>
  Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'))
    .filter(({ Properties }) => Properties.Roles.some(({ Ref }: { Ref: string }) => role.test(Ref)))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .filter(({ Action }) => action === undefined || [Action].flat().includes(action));

/** The states of the state machine, with intrinsic functions as text. */
function states(stack: Stack): { [name: string]: any } {
  const [machine] = Object.values(Template.fromStack(stack).findResources('AWS::StepFunctions::StateMachine'));
  return JSON.parse(flat(machine.Properties.DefinitionString)).States;
}
/** The states of the child executions that a Distributed Map runs. */
const childStates = (stack: Stack, map: string) => states(stack)[map].ItemProcessor.States;
const job = (props?: Partial<BatchInferenceProps>) => childStates(batch(props).stack, 'Jobs')['Create job'].Parameters;
const settings = (props?: Partial<BatchInferenceProps>) => states(batch(props).stack).Plan.Parameters.Payload.settings;

describe('a job', () => {
  test('reads and writes in the folder of the run, under a name and a token that follow from what it runs', () => {
    expect(job()).toEqual({
      'JobName.$': '$.job.name',
      'ClientRequestToken.$': '$.job.token',
      'RoleArn': expect.any(String),
      'ModelId': 'amazon.nova-pro-v1:0',
      'InputDataConfig': { S3InputDataConfig: { 'S3Uri.$': '$.job.inputUri', 'S3InputFormat': 'JSONL' } },
      'OutputDataConfig': { S3OutputDataConfig: { 'S3Uri.$': '$.job.outputUri' } },
    });
    expect(settings().jobNamePrefix).toMatch(/^[0-9a-zA-Z]{1,20}$/);
  });

  test('takes timeout and format', () => {
    expect(job({ timeout: Duration.days(2), modelInvocationType: ModelInvocationType.CONVERSE })).toMatchObject({ TimeoutDurationInHours: 48, ModelInvocationType: 'Converse' });
  });

  test('carries the tags that are put on it or above it', () => {
    const { stack, batch: nightly } = batch();
    Tags.of(nightly).add('team', 'search');
    expect(childStates(stack, 'Jobs')['Create job'].Parameters.Tags).toEqual([{ Key: 'team', Value: 'search' }]);
  });

  test('names the owner of a bucket of another account, and expects it there', () => {
    const stack = stackIn();
    const outputBucket = Bucket.fromBucketAttributes(stack, 'Theirs', { bucketName: 'theirs', account: '222222222222' });
    batch({ outputBucket }, stack);
    const { InputDataConfig, OutputDataConfig } = childStates(stack, 'Jobs')['Create job'].Parameters;
    expect([InputDataConfig.S3InputDataConfig.S3BucketOwner, OutputDataConfig.S3OutputDataConfig.S3BucketOwner]).toEqual(['222222222222', '222222222222']);
    for (const { Condition } of statementsOf(stack, 's3:PutObject')) expect(Condition).toEqual({ StringEquals: { 'aws:ResourceAccount': '222222222222' } });
  });

  test('encrypts its results with the key of their bucket', () => {
    const stack = stackIn();
    batch({ outputBucket: new Bucket(stack, 'Out', { encryptionKey: new Key(stack, 'Key') }) }, stack);
    expect(childStates(stack, 'Jobs')['Create job'].Parameters.OutputDataConfig.S3OutputDataConfig.S3EncryptionKeyId).toMatch(/^<Key.*Arn>$/);
  });

  test('runs in a network of the account, if it is given one, and so do the functions', () => {
    const stack = stackIn();
    const vpc = new Vpc(stack, 'Vpc', { availabilityZones: ['us-east-1a'] });
    batch({ vpc }, stack);
    const { VpcConfig } = childStates(stack, 'Jobs')['Create job'].Parameters;
    expect(VpcConfig).toEqual({ SubnetIds: [expect.stringMatching(/^<VpcPrivate/)], SecurityGroupIds: [expect.stringMatching(/^<NightlySecurityGroup/)] });
    const functions = Template.fromStack(stack).findResources('AWS::Lambda::Function', { Properties: { Timeout: 900 } });
    for (const { Properties } of Object.values(functions)) {
      expect(Properties.VpcConfig.SubnetIds).toHaveLength(1);
    }
    expect(statementsOf(stack, 'ec2:CreateNetworkInterface').length).toBeGreaterThanOrEqual(3);
  });
});

describe('the input', () => {
  test.each([
    ['the whole bucket', {}, { kind: 'folder', path: '' }],
    ['a folder', { inputPrefix: 'in' }, { kind: 'folder', path: 'in/' }],
    ['a folder with its slash', { inputPrefix: 'in/' }, { kind: 'folder', path: 'in/' }],
    ['one file', { inputKey: 'in/today.jsonl' }, { kind: 'file', path: 'in/today.jsonl' }],
    ['a manifest', { inputManifestKey: 'in/manifest.json' }, { kind: 'manifest', path: 'in/manifest.json' }],
  ])('can be %s', (_, props, input) => {
    expect(settings(props).input).toEqual({ bucket: 'records', ...input });
  });

  test('can be prompts, which the functions are told how to read', () => {
    expect(settings({ prompts: BatchPrompts.csv({ maxTokens: 200, promptField: 'question', system: 'Be brief.' }) }).prompts)
      .toEqual({ format: 'csv', maxTokens: 200, promptField: 'question', idField: 'recordId', system: 'Be brief.' });
  });
});

test('what AWS takes is cut to its quotas, and they can be raised', () => {
  expect(settings().quotas).toEqual({
    recordsPerJob: 50_000, recordsPerFile: 50_000, bytesPerJob: 5_000_000_000, bytesPerFile: 1_000_000_000, minimumRecordsPerJob: 100,
  });
  const { stack } = batch({ quotas: { recordsPerJob: 1_000_000, jobsAtATime: 3 } });
  expect(states(stack).Jobs.MaxConcurrency).toBe(3);
  expect(states(stack).Plan.Parameters.Payload.settings.quotas).toMatchObject({ recordsPerJob: 1_000_000, recordsPerFile: 50_000 });
});

describe('the state machine', () => {
  test('tries a throttled call again, under the same token', () => {
    for (const name of ['Create job', 'Look at job', 'Find job']) {
      expect(childStates(batch().stack, 'Jobs')[name].Retry.at(-1)).toMatchObject({ ErrorEquals: ['States.ALL'] });
    }
  });

  test('looks every five minutes, or as often as it is told', () => {
    expect(childStates(batch().stack, 'Jobs').Wait).toMatchObject({ Seconds: 300, Next: 'Look at job' });
    expect(childStates(batch({ pollInterval: Duration.seconds(60) }).stack, 'Jobs').Wait.Seconds).toBe(60);
  });

  const next = (status: string) => {
    const { Choices, Default } = childStates(batch().stack, 'Jobs')['Has it ended?'];
    const rule = Choices.find((choice: any) => [choice, ...(choice.Or ?? [])].some(({ StringEquals }) => StringEquals === status));
    return rule?.Next ?? Default;
  };
  test.each([
    ['Submitted', 'Wait'], ['Validating', 'Wait'], ['Scheduled', 'Wait'], ['InProgress', 'Wait'], ['Stopping', 'Wait'],
    ['Completed', 'Collect'], ['PartiallyCompleted', 'Collect'], ['Failed', 'Collect'], ['Stopped', 'Collect'], ['Expired', 'Collect'],
  ])('goes on from %s to %s', (status, state) => {
    expect(next(status)).toBe(state);
  });

  test('looks for the job after an error that does not say whether there is one, and takes a refusal for what it is', () => {
    const [refused, unclear] = childStates(batch().stack, 'Jobs')['Create job'].Catch;
    expect(refused).toMatchObject({ ErrorEquals: expect.arrayContaining(['Bedrock.ValidationException', 'Bedrock.AccessDeniedException']), Next: 'Collect' });
    expect(refused.ErrorEquals).not.toContain('Bedrock.ConflictException');
    expect(unclear).toMatchObject({ ErrorEquals: ['States.ALL'], Next: 'Listed later?' });
    expect(childStates(batch().stack, 'Jobs')['Listed later?']).toMatchObject({ Type: 'Wait', Seconds: 900, Next: 'Find job' });
  });

  test('never gives up a job that was made, and might be billed', () => {
    expect(childStates(batch().stack, 'Jobs')['Look at job'].Catch).toBeUndefined();
  });

  test('has no way to the model on demand unless it is asked for', () => {
    expect(childStates(batch().stack, 'Jobs')).not.toHaveProperty('Run on demand');
    expect(childStates(batch({ smallRuns: SmallRuns.ON_DEMAND }).stack, 'Jobs')).toHaveProperty('Run on demand');
  });

  // A job may take 24 h and wait as long before; three tries: 6 x 24 h. 2,500,000 records are 50 jobs, 20 at a time: 3 waves.
  test.each([[1_000, 518_400], [2_500_000, 3 * 518_400]])('with %d records a run, is stuck after %d seconds', (recordsPerJob, seconds) => {
    const [machine] = Object.values(Template.fromStack(batch({ usage: { ...usage, recordsPerJob } }).stack).findResources('AWS::StepFunctions::StateMachine'));
    expect(JSON.parse(flat(machine.Properties.DefinitionString)).TimeoutSeconds).toBe(seconds);
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
    expect(statementsOfRole(stack, /^Caller/)('states:StartExecution')).toHaveLength(1);
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

  test('reads and writes in the folders of runs, and nothing beside them', () => {
    const { stack } = batch({ inputPrefix: 'in', outputPrefix: 'out' });
    const ofRole = statementsOfRole(stack, /^NightlyServiceRole/);
    const arn = 'arn:<AWS::Partition>:s3:::';
    expect(ofRole('s3:GetObject').map(({ Resource }) => flat(Resource))).toEqual([`${arn}results/out/*/steps/*`]);
    expect(ofRole('s3:PutObject').map(({ Resource }) => flat(Resource))).toEqual([`${arn}results/out/*/steps/*`]);
    expect(ofRole('s3:ListBucket')[0].Condition).toEqual({ StringEquals: { 'aws:ResourceAccount': '111111111111' }, StringLikeIfExists: { 's3:prefix': ['out/*'] } });
  });

  test('may use the keys of the buckets', () => {
    const stack = stackIn();
    const encryptionKey = new Key(stack, 'Key');
    batch({ inputBucket: new Bucket(stack, 'In', { encryptionKey }), outputBucket: new Bucket(stack, 'Out', { encryptionKey }) }, stack);
    for (const role of [/^NightlyServiceRole/, /^NightlyFunctionsReader/, /^NightlyFunctionsWorker/]) {
      expect(statementsOfRole(stack, role)('kms:GenerateDataKey')).toHaveLength(1);
      expect(statementsOfRole(stack, role)('kms:Decrypt').length).toBeGreaterThan(0);
    }
    expect(statementsOfRole(stack, /^NightlyStateMachineRole/)('kms:Decrypt')).toHaveLength(1);
  });

  test('may invoke the model in every region that a profile routes to', () => {
    const { stack } = batch({ model: BedrockModel.of('eu.amazon.nova-pro-v1:0') }, stackIn('eu-central-1'));
    const [{ Resource }] = statementsOf(stack, 'bedrock:InvokeModel');
    expect(flat(Resource)).toContain(':bedrock:eu-*::foundation-model/amazon.nova-pro-v1:0');
    expect(flat(Resource)).toContain(DEFAULT_PROJECT);
  });
});

describe('the functions', () => {
  const actionsOf = (stack: Stack, role: RegExp) => statementsOfRole(stack, role)().flatMap(({ Action }) => Action).filter((action: string) => !action.startsWith('logs:')).sort();

  test('may read the input, and only the one that has to', () => {
    const { stack } = batch({ inputPrefix: 'in', outputPrefix: 'out' });
    const objectsRead = (role: RegExp) => statementsOfRole(stack, role)('s3:GetObject').map(({ Resource }) => flat(Resource).replace('arn:<AWS::Partition>:s3:::', ''));
    expect(objectsRead(/^NightlyFunctionsReader/)).toEqual(['records/in/*', 'results/out/*']);
    expect(objectsRead(/^NightlyFunctionsWorker/)).toEqual(['results/out/*']);
  });

  test('may do nothing else than read, write and count', () => {
    const files = ['s3:AbortMultipartUpload', 's3:GetObject', 's3:ListBucket', 's3:PutObject'];
    const { stack } = batch({ smallRuns: SmallRuns.ON_DEMAND });
    expect([...new Set(actionsOf(stack, /^NightlyFunctionsReader/))]).toEqual(files);
    expect(actionsOf(stack, /^NightlyFunctionsWorker/)).toEqual(['cloudwatch:PutMetricData', ...files]);
    expect(actionsOf(stack, /^NightlyFunctionsInvoker/)).toEqual(['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream', ...files]);
  });

  test('may read every file of the bucket where a manifest names them', () => {
    const { stack } = batch({ inputManifestKey: 'in/manifest.json' });
    expect(flat(statementsOfRole(stack, /^NightlyFunctionsReader/)('s3:GetObject')[0].Resource)).toBe('arn:<AWS::Partition>:s3:::records/*');
  });
});

describe('an object that arrives', () => {
  const arrivals = (props: Partial<BatchInferenceProps> = {}) => {
    const stack = stackIn();
    batch({ inputBucket: new Bucket(stack, 'In'), inputPrefix: 'in', startOnArrival: true, ...props }, stack);
    return stack;
  };

  test('starts a run of that object, once for each time it is written', () => {
    const template = Template.fromStack(arrivals());
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { 'source': ['aws.s3'], 'detail-type': ['Object Created'], 'detail': { bucket: { name: [{ Ref: Match.stringLikeRegexp('^In') }] }, object: { key: [{ prefix: 'in/' }], size: [{ numeric: ['>', 0] }] } } },
      Targets: [Match.objectLike({
        InputTransformer: {
          InputPathsMap: { 'detail-object-key': '$.detail.object.key', 'detail-object-sequencer': '$.detail.object.sequencer' },
          InputTemplate: '{"inputKey":<detail-object-key>,"sequencer":<detail-object-sequencer>,"isEvent":true}',
        },
      })],
    });
  });

  test.each([
    ['with one file', { inputKey: 'in/today.jsonl', inputPrefix: undefined }, 'startOnArrival must be left out with inputKey or inputManifestKey, since each object that arrives is a run. Set inputPrefix, or read the whole bucket.'],
    ['results in the folder of the records', { outputPrefix: 'in/results' }, 'outputPrefix must be outside the input with startOnArrival, since each result would start another run, got "in/results/". Use a folder outside "in/".'],
  ])('fails %s', (_, props, found) => {
    const stack = stackIn();
    const both = new Bucket(stack, 'Both');
    batch({ inputBucket: both, inputPrefix: 'in', outputPrefix: 'out', outputBucket: both, startOnArrival: true, ...props }, stack);
    expect(refusals(stack)).toEqual([expect.stringContaining(found)]);
  });
});

describe('the alarm on what runs cost', () => {
  test('watches how far off the estimate was, and tells who is to be told', () => {
    const stack = stackIn();
    batch({ costAlarmFactor: 3, notificationTopic: new Topic(stack, 'Topic') }, stack);
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'CdkBedrockCost',
      MetricName: 'BatchRunCostDeviation',
      Dimensions: [{ Name: 'Resource', Value: 'Stack/Nightly' }],
      Statistic: 'Maximum',
      Threshold: 3,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
      AlarmActions: [{ Ref: Match.stringLikeRegexp('^Topic') }],
    });
  });

  test('is not there where no price is known: it could never go off', () => {
    const { stack } = batch({ model: BedrockModel.of('example.unknown-v1:0') });
    Template.fromStack(stack).resourceCountIs('AWS::CloudWatch::Alarm', 0);
  });
});

describe('a limit of a run', () => {
  const above = (props: Partial<BatchInferenceProps>) => warnings(batch(props).stack).filter((text) => text.includes('run-above-maximum'));
  // Nova Pro in batch: 1,000 records x (10,000 x $0.40 + 1,000 x $1.60) / million = $4.00 + $1.60 = $5.60

  test('below the estimate of a run draws a warning: each run would be refused', () => {
    expect(above({ maxCostPerRunUsd: 5.59 })).toEqual([
      'A run of 1,000 records is estimated to cost $5.60, more than maxCostPerRunUsd, $5.59. '
      + 'Raise maxCostPerRunUsd, or lower recordsPerJob or the tokens of a record. [ack: bedrock-cost-run-above-maximum]',
    ]);
  });

  test('that an average run does not exceed draws none', () => {
    expect([{}, { maxCostPerRunUsd: 5.6 }, { maxCostPerRunUsd: 10 }].flatMap(above)).toEqual([]);
  });

  test('below the estimate of a run in a busy month draws one, too', () => {
    // 2,000 records: $11.20
    expect(above({ maxCostPerRunUsd: 10, highUsage: { ...usage, recordsPerJob: 2_000 } })[0]).toContain('A run of 2,000 records is estimated to cost $11.20, more than maxCostPerRunUsd, $10.00.');
  });

  test('of records that run on demand is compared with their on-demand price', () => {
    // 50 records x (10,000 x $0.80 + 1,000 x $3.20) / million = $0.40 + $0.16 = $0.56
    const small = { usage: { ...usage, recordsPerJob: 50 }, smallRuns: SmallRuns.ON_DEMAND };
    expect(above({ ...small, maxCostPerRunUsd: 0.5 })[0]).toContain('A run of 50 records is estimated to cost $0.56, more than maxCostPerRunUsd, $0.50.');
    expect(above({ ...small, maxCostPerRunUsd: 0.56 })).toEqual([]);
  });

  test('known only at deployment draws none', () => {
    expect(above({ maxCostPerRunUsd: Token.asNumber({ Ref: 'Maximum' }) })).toEqual([]);
  });
});

describe('a schedule whose runs cannot be counted', () => {
  const { jobsPerMonth, ...uncounted } = usage;
  const COUNTABLE = 'a schedule whose runs in an average month can be counted, such as rate(1 day) or cron(0 2 * * ? *)';
  const schedules: [string, string][] = [['once', 'at(2026-12-24T20:00:00)'], ['in one year', 'cron(0 2 * * ? 2027)'], ['no cron', 'cron(0 2 x y ? *)']];

  test.each(schedules)('is named instead of jobsPerMonth: %s', (_, expression) => {
    const { stack } = batch({ usage: uncounted, schedule: ScheduleExpression.expression(expression) });
    expect(new Set(refusals(stack))).toEqual(new Set([
      `[Stack/Nightly] bedrock-cost-invalid-input: schedule must be ${COUNTABLE}, got "${expression}". Set usage.jobsPerMonth, or use such a schedule.`,
    ]));
  });

  test('is named where records run on demand, too', () => {
    const small = { usage: { ...uncounted, recordsPerJob: 50 }, smallRuns: SmallRuns.ON_DEMAND };
    const { stack } = batch({ ...small, schedule: ScheduleExpression.expression(schedules[0][1]) });
    expect(refusals(stack)[0]).toContain(`schedule must be ${COUNTABLE}`);
  });

  test('is named where it is a token', () => {
    const { stack } = batch({ usage: uncounted, schedule: ScheduleExpression.expression(Token.asString({ Ref: 'Schedule' })) });
    expect(refusals(stack)[0]).toContain('schedule is a token, whose runs cannot be counted at synth. Set usage.jobsPerMonth.');
  });

  test('is allowed with jobsPerMonth', () => {
    expect(refusals(batch({ usage: { ...uncounted, jobsPerMonth }, schedule: ScheduleExpression.expression(schedules[0][1]) }).stack)).toEqual([]);
  });

  test('is not named where there is none', () => {
    expect(refusals(batch({ usage: uncounted }).stack)[0]).toContain('jobsPerMonth is required. Set a number of 0 or more.');
  });
});

describe('the schedule', () => {
  test('is not there unless it is asked for', () => {
    Template.fromStack(batch().stack).resourceCountIs('AWS::Scheduler::Schedule', 0);
  });

  test('tries for an hour to start one run for each time', () => {
    const { stack } = batch({ schedule: ScheduleExpression.cron({ hour: '2', minute: '0' }) });
    Template.fromStack(stack).hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'cron(0 2 * * ? *)',
      Target: {
        Arn: { Ref: Match.stringLikeRegexp('^NightlyStateMachine') },
        // 185 is the most that EventBridge Scheduler takes.
        RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 3600 },
        // Delivered twice for one time, it is one request: of two executions for it, one runs nothing.
        Input: '{"requestId":"schedule <aws.scheduler.scheduled-time>","isEvent":true}',
      },
    });
    expect(warnings(stack)).toEqual([]);
  });

  test('keeps a start that failed in a queue, and notifies the topic of the construct', () => {
    const stack = stackIn();
    batch({ schedule: ScheduleExpression.rate(Duration.days(1)), notificationTopic: new Topic(stack, 'Costs') }, stack);
    const template = Template.fromStack(stack);
    const [queue, ...more] = Object.keys(template.findResources('AWS::SQS::Queue'));
    expect(more).toEqual([]);
    const [{ Properties: { Target } }] = Object.values(template.findResources('AWS::Scheduler::Schedule'));
    expect(Target.DeadLetterConfig).toEqual({ Arn: { 'Fn::GetAtt': [queue, 'Arn'] } });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [queue, 'QueueName'] } }],
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      AlarmActions: [{ Ref: Match.stringLikeRegexp('^Costs') }],
    });
    // Without this statement, EventBridge Scheduler drops the event.
    template.hasResourceProperties('AWS::IAM::Policy', {
      Roles: [{ Ref: Match.stringLikeRegexp('NightlyScheduleRole') }],
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 'sqs:SendMessage', Resource: { 'Fn::GetAtt': [queue, 'Arn'] } })]) },
    });
  });
});

describe('the cost', () => {
  test('is that of the batch rates', () => {
    // 30 jobs x 1,000 records: 300 million input tokens x $0.40 + 30 million output tokens x $1.60 = $120 + $48
    const { stack } = batch();
    expect(entries(stack)).toMatchObject([{ type: 'batch', model: 'amazon.nova-pro-v1:0', tokenMetrics: undefined, estimate: { monthlyUsd: '168' } }]);
  });

  test('of the state machine stands beside it: 21 transitions a run and 3 a look, for the whole timeout', () => {
    const transitions = (props?: Partial<BatchInferenceProps>) => entries(batch(props).stack)[0].otherServices!.find(({ unit }) => unit === '1K transitions');
    // 24 h every 5 min are 288 looks: 30 x (21 + 3 x 288) = 26,550 transitions x $0.025 / 1,000 = $0.66375
    expect(transitions()).toMatchObject({ quantity: '26.55', usd: '0.66375' });
    // 48 h every 30 min are 96 looks: 30 x (21 + 3 x 96) = 9,270 transitions
    expect(transitions({ timeout: Duration.hours(48), pollInterval: Duration.minutes(30) })).toMatchObject({ usd: '0.23175' });
    // 120,000 records are 3 jobs, and 4.8 GB: 18 slices of 256 MB, and 9 files of 1 GB with their results.
    expect(transitions({ usage: { ...usage, recordsPerJob: 120_000 } })).toMatchObject({ quantity: `${30 * (12 + 2 * 18 + 3 * (5 + 3 * 288) + 2 * 9) / 1000}` });
  });

  test('of the state machine is another one in a slow and in a busy month', () => {
    // 10 runs: 8.85 x $0.025 + 80 calls $0.000016 + 173 GB-s $0.0023066782 + $0.00205 + 460 objects read $0.000184 + 0.06 x $0.30 + $0.10
    // 60 runs: 53.1 x $0.025 + 480 calls $0.000096 + 1,037 GB-s $0.0138267358 + $0.0123 + 2,760 objects read $0.001104 + 0.33 x $0.30 + $0.10
    const { stack } = batch({ lowUsage: { ...usage, jobsPerMonth: 10 }, highUsage: { ...usage, jobsPerMonth: 60 } }, stackIn(undefined, { 'cdk-bedrock-cost:details': true }));
    expect(entries(stack)).toMatchObject([{
      low: { otherServicesMonthlyUsd: '0.3438066782' }, estimate: { otherServicesMonthlyUsd: '0.8284200346' }, high: { otherServicesMonthlyUsd: '1.5538267358' },
    }]);
    expect(Annotations.fromStack(stack).findInfo('*', Match.stringLikeRegexp('about \\$0\\.83 a month \\(\\$0\\.34 to \\$1\\.55\\)'))).toHaveLength(1);
  });

  test.each<[string, Partial<BatchInferenceProps>]>([
    ['usage', { usage }],
    ['usage with a schedule of another number of runs', { usage, schedule: ScheduleExpression.rate(Duration.hours(1)) }],
  ])('of a slow and a busy month has the runs of the %s, where only the records differ', (_, props) => {
    const { stack } = batch({ ...props, lowUsage: { recordsPerJob: 500, jobsPerMonth: undefined }, highUsage: { recordsPerJob: 2_000 } });
    expect(refusals(stack)).toEqual([]);
    // 30 runs of 1,000 records cost $168.00 (300 x $0.40 + 30 x $1.60); of 500 half of it, of 2,000 twice.
    expect(entries(stack)).toMatchObject([{ low: { monthlyUsd: '84' }, estimate: { monthlyUsd: '168' }, high: { monthlyUsd: '336' } }]);
  });

  test('of runs on demand, too', () => {
    const { stack } = batch({ usage: { ...usage, recordsPerJob: 50 }, smallRuns: SmallRuns.ON_DEMAND, highUsage: { recordsPerJob: 60 } });
    expect(refusals(stack)).toEqual([]);
    // 30 x 50 requests of 10,000 + 1,000 tokens at $0.80 and $3.20: 15 x $0.80 + 1.5 x $3.20 = $16.80; of 60 records a fifth more.
    expect(entries(stack)).toMatchObject([{ estimate: { monthlyUsd: '16.8' }, high: { monthlyUsd: '20.16' } }]);
  });

  test('of a custom model is unknown, not that of its base model', () => {
    const { stack } = batch({ model: BedrockModel.fromCustomModel('arn:aws:bedrock:us-east-1:111111111111:custom-model/amazon.nova-lite-v1:0/abc', 'amazon.nova-lite-v1:0') });
    expect(entries(stack)).toMatchObject([{ estimate: { monthlyUsd: null, knownMonthlyUsd: '0' } }]);
    expect(refusals(stack)).toEqual([]);
  });

  test('of a number that is known only at deployment is unknown', () => {
    const stack = stackIn();
    const jobsPerMonth = new CfnParameter(stack, 'Jobs', { type: 'Number' }).valueAsNumber;
    batch({ usage: { ...usage, jobsPerMonth } }, stack);
    expect(entries(stack)[0].estimate).toMatchObject({ monthlyUsd: null, otherServicesMonthlyUsd: '0' });
  });
});

test('is a step of the user\'s own state machine, which waits for its end and may do nothing else', () => {
  const { stack, batch: nightly } = batch({ inputPrefix: 'in' });
  new StateMachine(stack, 'Own', { definitionBody: DefinitionBody.fromChainable(nightly.asTask(stack, 'Summaries', { inputKey: JsonPath.stringAt('$.key') })) });
  const [[, own]] = Object.entries(Template.fromStack(stack).findResources('AWS::StepFunctions::StateMachine')).filter(([id]) => id.startsWith('Own'));
  const { States } = JSON.parse(flat(own.Properties.DefinitionString));
  expect(States.Summaries).toMatchObject({
    Type: 'Task', Resource: 'arn:<AWS::Partition>:states:::states:startExecution.sync:2', Parameters: { StateMachineArn: expect.stringMatching(/^<NightlyStateMachine/), Input: { 'inputKey.$': '$.key' } }, End: true,
  });
  expect(statementsOfRole(stack, /^OwnRole/)('states:StartExecution').map(({ Resource }) => flat(Resource))).toEqual([expect.stringMatching(/^<NightlyStateMachine/)]);
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
    const recordsPerJob = new CfnParameter(stack, 'RecordsPerJob', { type: 'Number' }).valueAsNumber;
    batch({ usage: { ...usage, recordsPerJob } }, stack);
    expect(warnings(stack).filter((text) => text.includes('does not accept'))).toEqual([]);
  });
});

describe('runs of so few records that none is a job', () => {
  const few = { usage: { ...usage, recordsPerJob: 50 }, smallRuns: SmallRuns.ON_DEMAND };

  test('are estimated on demand, draw no warning, and are counted by the metrics of the model', () => {
    const { stack } = batch(few);
    // 30 x 50 records: 15 million in x $0.80 + 1.5 million out x $3.20 = $12.00 + $4.80
    expect(entries(stack)).toMatchObject([
      { type: 'on-demand', estimate: { monthlyUsd: '16.8' }, tokenMetrics: { modelId: 'amazon.nova-pro-v1:0', shared: true } },
    ]);
    expect(warnings(stack)).toEqual([]);
  });

  test('are batch where they may become larger', () => {
    expect(entries(batch({ ...few, usage }).stack)).toMatchObject([{ type: 'batch' }]);
  });
});

describe('what is known only at deployment', () => {
  test('is passed on: a limit, how often a record is tried, how many jobs there may be', () => {
    const stack = stackIn();
    const number = (value: number) => Lazy.number({ produce: () => value });
    batch({ maxCostPerRunUsd: number(7), maxAttempts: number(2), quotas: { jobsAtATime: number(4) } }, stack);
    expect(states(stack).Plan.Parameters.Payload.settings).toMatchObject({ maxCostPerRunUsd: 7, maxAttempts: 2 });
    expect(states(stack).Jobs.MaxConcurrency).toBe(4);
    const [machine] = Object.values(Template.fromStack(stack).findResources('AWS::StepFunctions::StateMachine'));
    expect(JSON.parse(flat(machine.Properties.DefinitionString))).not.toHaveProperty('TimeoutSeconds');
  });

  test('quotas that are left undefined are the usual ones', () => {
    const { quotas } = settings({ quotas: { recordsPerJob: undefined, bytesPerJob: undefined } });
    expect(quotas).toMatchObject({ recordsPerJob: 50_000, bytesPerJob: 5_000_000_000 });
  });
});

test('a run is estimated with the answers that the usage file declares, as the month is', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'usage-')), 'usage.yaml');
  writeFileSync(file, 'version: 1\nworkloads:\n  - { name: Stack/Nightly, type: batch, model: amazon.nova-pro-v1:0, jobsPerMonth: 30, recordsPerJob: 1000, outputTokensPerRecord: 5000 }\n');
  const { stack } = batch({}, stackIn('us-east-1', { 'cdk-bedrock-cost:usage': file }));
  // 300 million in x $0.40 + 150 million out x $1.60
  expect(entries(stack)).toMatchObject([{ estimate: { monthlyUsd: '360' } }]);
  expect(states(stack).Plan.Parameters.Payload.settings.estimate.outputTokensPerRecord).toBe(5_000);
});

test('a path that CloudWatch does not take as a dimension has another name in metric and alarm', () => {
  const stack = new Stack(stackIn().node.root as App, 'Zweiter', { env: { region: 'us-east-1', account: '111111111111' } });
  const nightly = new BatchInference(stack, 'Nächtlich', {
    model: BedrockModel.of('amazon.nova-pro-v1:0'), inputBucket: new Bucket(stack, 'In'), outputBucket: new Bucket(stack, 'Out'), usage,
  });
  const { Resource } = nightly.metricCostUsd().dimensions!;
  expect(Resource).toMatch(/^Zweiter[ -~]+$/);
  Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', { Dimensions: [{ Name: 'Resource', Value: Resource }] });
});

test.each([
  ['both a file and a folder', { inputKey: 'a.jsonl', inputPrefix: 'in' }, 'inputKey must be left out with inputPrefix. Set one of inputKey, inputPrefix and inputManifestKey.'],
  ['both a file and a manifest', { inputKey: 'a.jsonl', inputManifestKey: 'm.json' }, 'inputManifestKey must be left out with inputKey or inputPrefix. Set one of inputKey, inputPrefix and inputManifestKey.'],
  ['a run that may cost nothing', { maxCostPerRunUsd: 0 }, 'maxCostPerRunUsd must be a number above 0, got 0.'],
  ['no try', { maxAttempts: 0 }, 'maxAttempts must be a whole number from 1 to 9, got 0.'],
  ['more tries than names have room for', { maxAttempts: 10 }, 'maxAttempts must be a whole number from 1 to 9, got 10.'],
  ['a quota of nothing', { quotas: { recordsPerJob: 0 } }, 'quotas.recordsPerJob must be a whole number of 1 or more, got 0.'],
  ['half a job', { quotas: { jobsAtATime: 0.5 } }, 'quotas.jobsAtATime must be a whole number of 1 or more, got 0.5.'],
  ['a factor of 1', { costAlarmFactor: 1 }, 'costAlarmFactor must be a number above 1, got 1.'],
  ['a tolerance above all', { toleratedFailurePercentage: 101 }, 'toleratedFailurePercentage must be a number from 0 to 100, got 101.'],
  ['a limit where the price is not known', { model: BedrockModel.of('example.unknown-v1:0'), maxCostPerRunUsd: 5 }, 'maxCostPerRunUsd requires the batch price of the model, which is unknown. Set env.region on the stack, or give a rate of your own.'],
  ['a limit where answers are not counted', { usage: { ...usage, outputTokensPerRecord: undefined }, maxCostPerRunUsd: 5 }, 'maxCostPerRunUsd requires usage.outputTokensPerRecord, by which the cost of the answers is estimated. Set usage.outputTokensPerRecord.'],
  ['a folder that begins with a slash', { inputPrefix: '/in' }, 'inputPrefix must be a key or a folder in the bucket that does not begin with a slash or s3://, got "/in".'],
  ['prompts for a model whose format nobody knows', { model: BedrockModel.of('example.unknown-v1:0'), prompts: BatchPrompts.jsonl({ maxTokens: 10 }) }, 'prompts requires a model whose request format is known, got "example.unknown-v1:0". Set modelInvocationType to ModelInvocationType.CONVERSE, or give records.'],
  ['prompts without room for an answer', { prompts: BatchPrompts.jsonl({ maxTokens: 0 }) }, 'prompts.maxTokens must be a whole number of 1 or more, got 0.'],
  ['a timeout under 24 hours', { timeout: Duration.hours(23) }, 'timeout must be a Duration of whole hours from 24 to 168 (1440 to 10080 minutes), got 1380.'],
  ['a timeout over 168 hours', { timeout: Duration.hours(169) }, 'timeout must be a Duration of whole hours from 24 to 168 (1440 to 10080 minutes), got 10140.'],
  ['a timeout of no whole hours', { timeout: Duration.minutes(24 * 60 + 1) }, 'timeout must be a Duration of whole hours from 24 to 168 (1440 to 10080 minutes), got 1441.'],
  ['a look every 9 seconds', { pollInterval: Duration.seconds(9) }, 'pollInterval must be a Duration of whole seconds, 10 or more, got 9.'],
  ['a look every one and a half seconds', { pollInterval: Duration.millis(1500) }, 'pollInterval must be a Duration of whole seconds, 10 or more, got 1.5.'],
  ['a look every 10 and a half seconds', { pollInterval: Duration.millis(10_500) }, 'pollInterval must be a Duration of whole seconds, 10 or more, got 10.5.'],
  // Step Functions ends an execution at 25,000 events: 24 h, and 20 h before them, / 59 s = 2,685 looks x 9 = 24,165
  ['more looks than the history of an execution has room for', { pollInterval: Duration.seconds(59) }, 'pollInterval must be a Duration of 60 seconds or more with this timeout (default: 24 hours), got 59. Step Functions ends an execution at 25,000 events, and each poll makes 9: raise pollInterval or shorten timeout.'],
  // 676,800 s / 253 s = 2,675.1: 2,676 looks x 9 = 24,084
  ['as much with a timeout of a week', { pollInterval: Duration.seconds(253), timeout: Duration.days(7) }, 'pollInterval must be a Duration of 254 seconds or more with this timeout (default: 24 hours), got 253. Step Functions ends an execution at 25,000 events, and each poll makes 9: raise pollInterval or shorten timeout.'],
  ['a minimum of no records', { minimumRecordsPerJob: 0 }, 'minimumRecordsPerJob must be a number of 1 or more, got 0.'],
  ['negative usage', { usage: { ...usage, recordsPerJob: -1 } }, 'usage.recordsPerJob must be a number of 0 or more, got -1.'],
  ['provisioned throughput', {
    model: BedrockModel.fromInvokableAttributes({ invokableArn: 'arn:aws:bedrock:us-east-1:111111111111:provisioned-model/abcdefghijkl', pricingModelId: 'amazon.nova-pro-v1:0' }),
  }, 'model must be a model or an inference profile, got "arn:aws:bedrock:us-east-1:111111111111:provisioned-model/abcdefghijkl". Batch inference does not run on provisioned throughput.'],
])('fails for %s', (_, props, found) => {
  expect(refusals(batch(props).stack)).toEqual([expect.stringContaining(`[Stack/Nightly] bedrock-cost-invalid-input: ${found}`)]);
});

// 158,400 s / 60 s = 2,640 looks x 9 = 23,760; 676,800 s / 254 s = 2,664.6: 2,665 looks x 9 = 23,985
test.each([[60, 24], [254, 168]])('a look every %d seconds is allowed with a timeout of %d hours', (seconds, hours) => {
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
  expect(refusals(stack)).toEqual([expect.stringContaining('model must be a model or an inference profile, got "provisioned throughput of amazon.nova-pro-v1:0". Batch inference does not run on provisioned throughput.')]);
});

test.each([[24], [168]])('a timeout of %d hours is allowed', (hours) => {
  expect(refusals(batch({ timeout: Duration.hours(hours) }).stack)).toEqual([]);
});

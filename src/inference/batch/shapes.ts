import { BatchInferenceProps, BatchQuotas, BatchTaskOptions, ModelInvocationType, SmallRuns } from './batch-inference-props';
import { boolean, choice, closedStruct, duration, essential, having, list, marked, model, number, required, ShapesOf, struct, text, topic } from '../../estimates/shape';
import { BatchUsage } from '../../pricing/billing-modes/batch';
import { HIGH_USAGE, LOW_USAGE } from '../profile-shapes';

const QUOTA = number('a whole number of 1 or more');
const USAGE = 'the usage of an average month, such as { jobsPerMonth: 30, recordsPerJob: 1000, inputTokensPerRecord: 500, outputTokensPerRecord: 100 }';
const QUANTITY = number('a number of 0 or more');
const USAGE_FIELDS = {
  jobsPerMonth: QUANTITY, recordsPerJob: QUANTITY, inputTokensPerRecord: QUANTITY, outputTokensPerRecord: QUANTITY, customModel: boolean(),
} satisfies ShapesOf<BatchUsage>;
const bucket = (of: string) => having('bucketName', 'string', `the bucket of the ${of}: a Bucket, or one from Bucket.fromBucketName`);

/** The shapes of the props of a `BatchInference`. */
export const BATCH_SHAPES: ShapesOf<BatchInferenceProps> = {
  model: essential(model('amazon.nova-pro-v1:0')),
  inputBucket: essential(bucket('records')),
  outputBucket: essential(bucket('results')),
  usage: required(closedStruct(USAGE, { ...USAGE_FIELDS, recordsPerJob: required(QUANTITY) })),
  lowUsage: closedStruct(LOW_USAGE, USAGE_FIELDS),
  highUsage: closedStruct(HIGH_USAGE, USAGE_FIELDS),
  inputPrefix: text(),
  inputKey: text(),
  inputManifestKey: text(),
  prompts: marked('BatchPrompts', 'BatchPrompts, such as BatchPrompts.jsonl({ maxTokens: 500 })'),
  outputPrefix: text(),
  schedule: having('expressionString', 'string', 'a ScheduleExpression, such as ScheduleExpression.cron({ hour: "2", minute: "0" })'),
  startOnArrival: boolean(),
  maxCostPerRunUsd: number('a number above 0'),
  smallRuns: choice(SmallRuns),
  maxAttempts: number('a whole number from 1 to 9'),
  toleratedFailurePercentage: number('a number from 0 to 100'),
  bytesPerToken: number('a number of 1 or more'),
  costAlarmFactor: number('a number above 1'),
  notificationTopic: topic(),
  quotas: struct('the quotas that differ, such as { recordsPerJob: 100000 }', {
    recordsPerJob: QUOTA, recordsPerFile: QUOTA, bytesPerJob: QUOTA, bytesPerFile: QUOTA, jobsAtATime: QUOTA,
  } satisfies ShapesOf<BatchQuotas>),
  minimumRecordsPerJob: number('a number of 1 or more'),
  timeout: duration('a Duration of whole hours from 24 to 168, such as Duration.hours(24)'),
  pollInterval: duration('a Duration of whole seconds, 10 or more, such as Duration.minutes(5)'),
  modelInvocationType: choice(ModelInvocationType),
  vpc: having('vpcId', 'string', 'a Vpc, or one from Vpc.fromLookup'),
  vpcSubnets: struct('a SubnetSelection, such as { subnetType: SubnetType.PRIVATE_ISOLATED }'),
  securityGroups: list(having('securityGroupId', 'string', 'a SecurityGroup, or one from SecurityGroup.fromSecurityGroupId'), 'a list of security groups'),
};

/** The shapes of the arguments of `asTask`. */
export const TASK_SHAPES = {
  options: struct('an object such as { inputPrefix: "in/" }', { requestId: text(), inputKey: text(), inputPrefix: text() } satisfies ShapesOf<BatchTaskOptions>),
};

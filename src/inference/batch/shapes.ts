import { Token } from 'aws-cdk-lib';
import { BatchInferenceAttributes, BatchInferenceProps, BatchQuotas, BatchTaskOptions, ModelInvocationType, SmallRuns } from './props';
import { RANGES } from './ranges';
import {
  arn, boolean, choice, closedStruct, duration, essential, having, IN_SCOPE, label, list, marked, model, number, required, Shape, ShapesOf,
  size, struct, text, topic,
} from '../../estimates/shape';
import { BatchUsage } from '../../pricing/billing-modes/batch';
import { QUANTITY as USAGE_QUANTITY } from '../../pricing/billing-modes/input';
import { HIGH_USAGE, LOW_USAGE } from '../profile-shapes';

const QUOTA = number(RANGES.quota.allowed);
const SIZE = size(`${RANGES.size.allowed}, such as Size.gibibytes(5)`);
const USAGE = 'the usage of an average month, such as { jobsPerMonth: 30, recordsPerJob: 1000, inputTokensPerRecord: 500, outputTokensPerRecord: 100 }';
const QUANTITY = number(USAGE_QUANTITY.problem('', undefined).allowed);
const USAGE_FIELDS = {
  jobsPerMonth: QUANTITY, recordsPerJob: QUANTITY, inputTokensPerRecord: QUANTITY, outputTokensPerRecord: QUANTITY, customModel: boolean(),
} satisfies ShapesOf<BatchUsage>;
const bucket = (of: string) => having('bucketName', 'string', `the bucket of the ${of}: a Bucket, or one from Bucket.fromBucketName`);

const INPUT: Shape = {
  ...marked('BatchInput', 'a BatchInput, such as BatchInput.prefix("in/")'),
  fixOf: (value) => (typeof value === 'string' && value !== '' ? `Use BatchInput.prefix(${JSON.stringify(value)}).` : undefined),
};

/** The shapes of the props of a `BatchInference`. */
export const BATCH_SHAPES: ShapesOf<BatchInferenceProps> = {
  model: essential(model('amazon.nova-pro-v1:0')),
  inputBucket: essential(bucket('records')),
  outputBucket: essential(bucket('results')),
  usage: required(closedStruct(USAGE, { ...USAGE_FIELDS, recordsPerJob: required(QUANTITY) })),
  lowUsage: closedStruct(LOW_USAGE, USAGE_FIELDS),
  highUsage: closedStruct(HIGH_USAGE, USAGE_FIELDS),
  input: INPUT,
  prompts: marked('BatchPrompts', 'BatchPrompts, such as BatchPrompts.jsonl({ maxTokens: 500 })'),
  outputPrefix: text(),
  schedule: having('expressionString', 'string', 'a ScheduleExpression, such as ScheduleExpression.cron({ hour: "2", minute: "0" })'),
  startOnArrival: boolean(),
  maxCostPerRunUsd: number(RANGES.maxCostPerRunUsd.allowed),
  smallRuns: choice(SmallRuns),
  maxAttempts: number(RANGES.maxAttempts.allowed),
  toleratedFailurePercentage: number(RANGES.toleratedFailurePercentage.allowed),
  bytesPerToken: number(RANGES.bytesPerToken.allowed),
  costAlarmFactor: number(RANGES.costAlarmFactor.allowed),
  notificationTopic: topic(),
  quotas: struct('the quotas that differ, such as { recordsPerJob: 100000 }', {
    minimumRecordsPerJob: QUOTA, recordsPerJob: QUOTA, recordsPerFile: QUOTA, jobSize: SIZE, fileSize: SIZE, concurrentJobs: QUOTA,
  } satisfies ShapesOf<BatchQuotas>),
  timeout: duration(`${RANGES.timeout.allowed}, such as Duration.hours(24)`),
  pollInterval: duration(`${RANGES.pollInterval.allowed}, such as Duration.minutes(5)`),
  modelInvocationType: choice(ModelInvocationType),
  vpc: having('vpcId', 'string', 'a Vpc, or one from Vpc.fromLookup'),
  vpcSubnets: struct('a SubnetSelection, such as { subnetType: SubnetType.PRIVATE_ISOLATED }'),
  securityGroups: list(having('securityGroupId', 'string', 'a SecurityGroup, or one from SecurityGroup.fromSecurityGroupId'), 'a list of security groups'),
};

/** The shapes of the arguments of `asTask`. */
export const TASK_SHAPES = {
  options: struct('an object such as { requestId: "order-5" }', { requestId: text(), input: INPUT } satisfies ShapesOf<BatchTaskOptions>),
};

/** The shapes of the arguments of `fromBatchInferenceAttributes`. */
export const IMPORT_SHAPES = {
  ...IN_SCOPE,
  attrs: required(struct('an object with stateMachineArn and batchInferenceName', {
    stateMachineArn: required({
      ...arn('a state machine'),
      accepts: (value) => typeof value === 'string' && (Token.isUnresolved(value) || /^arn:[^:]+:states:[^:]*:[^:]*:stateMachine:[^:]+(:[^:]+)?$/.test(value)),
    }),
    batchInferenceName: required(label('the batchInferenceName of the construct, such as "Stack/Nightly"')),
  } satisfies ShapesOf<BatchInferenceAttributes>)),
};

import { Duration, ResourceEnvironment, Token } from 'aws-cdk-lib';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { BatchInferenceProps, ModelInvocationType } from './batch-inference-props';
import { folder } from './location';
import { Limit } from '../../aws/limits';
import { isEmbeddingFormat, RequestFormat, requestFormatOf } from '../../aws/request-formats';
import { ONE_OR_MORE, QUANTITY } from '../../pricing/billing-modes/input';
import { ModelId } from '../../pricing/model-id';
import { BedrockModel } from '../bedrock-model';
import { InputChecks } from '../input-checks';

export const DEFAULTS = {
  timeout: Duration.hours(24),
  pollInterval: Duration.minutes(5),
  minimumRecordsPerJob: Limit.JOB_RECORDS_MIN,
  maxAttempts: 3,
  bytesPerToken: 4,
  costAlarmFactor: 2,
  quotas: {
    recordsPerJob: Limit.JOB_RECORDS,
    recordsPerFile: Limit.JOB_RECORDS,
    bytesPerJob: Limit.JOB_BYTES,
    bytesPerFile: Limit.JOB_FILE_BYTES,
    jobsAtATime: Limit.JOBS_AT_A_TIME,
  },
} as const;

/** Step Functions ends an execution at 25,000 events. What is left of them is for its start, its end and retries. */
const MAX_POLL_EVENTS = 24_000;
const EVENTS_OF_POLL = 9;
const MAX_POLLS = Math.floor(MAX_POLL_EVENTS / EVENTS_OF_POLL);
/** How long a job may wait before its own timeout begins to count, for which there is room in the history, too. */
const QUEUE_MINUTES = 20 * 60;
/** The definition has it for each function, in all 1 MB at most. */
const LONGEST_SYSTEM_PROMPT = 32_000;

const MOST_ATTEMPTS = 9;

/** What the props of a `BatchInference` may be. */
export function inputChecks(props: BatchInferenceProps, env: ResourceEnvironment): InputChecks {
  const checks = new InputChecks();
  checkPlaces(checks, props, env);
  checkTimes(checks, props);
  checkNumbers(checks, props);
  checkPrompts(checks, props);
  const { maxCostPerRunUsd, usage: { outputTokensPerRecord } } = props;
  const isCounted = outputTokensPerRecord !== undefined || props.prompts !== undefined || isEmbedding(props);
  const { model, vpc, vpcSubnets, securityGroups } = props;
  return checks
    .refuseIf(maxCostPerRunUsd !== undefined && !isCounted, 'maxCostPerRunUsd', 'requires usage.outputTokensPerRecord, by which the cost of the answers is estimated', 'Set usage.outputTokensPerRecord.')
    .check('model', model._shown, () => model._origin !== 'provisioned-throughput', 'a model or an inference profile', 'Batch inference does not run on provisioned throughput.')
    .refuseIf(vpcSubnets !== undefined && vpc === undefined, 'vpcSubnets', 'requires vpc', 'Set vpc, or remove vpcSubnets.')
    .refuseIf(securityGroups !== undefined && vpc === undefined, 'securityGroups', 'requires vpc', 'Set vpc, or remove securityGroups.')
    .check('securityGroups', securityGroups?.length, (count) => count >= 1 && count <= Limit.JOB_SECURITY_GROUPS, `a list of 1 to ${Limit.JOB_SECURITY_GROUPS} security groups`);
}

function checkPlaces(checks: InputChecks, props: BatchInferenceProps, scopeEnv: ResourceEnvironment): void {
  const { inputBucket, outputBucket, inputKey, inputPrefix, inputManifestKey, startOnArrival } = props;
  const output = folder(props.outputPrefix);
  for (const [name, path] of Object.entries({ inputKey, inputPrefix, inputManifestKey, outputPrefix: props.outputPrefix })) {
    checks.check(name, path, (text) => !/^(?:\/|s3:)/.test(text), 'a key or a folder in the bucket that does not begin with a slash or s3://');
  }
  checks
    .check('inputKey', inputKey, (key) => key !== '', 'the key of an object')
    .check('inputManifestKey', inputManifestKey, (key) => key !== '', 'the key of an object')
    .refuseIf(inputKey !== undefined && inputPrefix !== undefined, 'inputKey', 'must be left out with inputPrefix', 'Set one of inputKey, inputPrefix and inputManifestKey.')
    .refuseIf(inputManifestKey !== undefined && (inputPrefix ?? inputKey) !== undefined, 'inputManifestKey', 'must be left out with inputKey or inputPrefix',
      'Set one of inputKey, inputPrefix and inputManifestKey.')
    .refuseIf(startOnArrival === true && (inputKey ?? inputManifestKey) !== undefined, 'startOnArrival', 'must be left out with inputKey or inputManifestKey, since each object that arrives is a run',
      'Set inputPrefix, or read the whole bucket.');
  // Each file that a run writes would start another run: at a price.
  const input = folder(inputPrefix);
  const mixed = startOnArrival === true && inputKey === undefined && sameBucket(inputBucket, outputBucket) && output.startsWith(input);
  const { account, region } = inputBucket.env;
  const differs = (theirs: string, ours: string) => !Token.isUnresolved(theirs) && !Token.isUnresolved(ours) && theirs !== ours;
  const isElsewhere = differs(account, scopeEnv.account) || differs(region, scopeEnv.region);
  checks.refuseIf(startOnArrival === true && isElsewhere, 'startOnArrival', 'requires a bucket in the account and region of the stack, since Amazon S3 notifies no other',
    'Remove startOnArrival, or use a bucket of the stack\'s account and region.');
  checks.refuseIf(mixed, 'outputPrefix', `must be outside the input with startOnArrival, since each result would start another run, got ${JSON.stringify(output)}`,
    input === '' ? 'Set inputPrefix: without it, the whole bucket is the input.' : `Use a folder outside ${JSON.stringify(input)}.`);
}

/** By whatever each of them was imported. */
function sameBucket(a: IBucket, b: IBucket): boolean {
  const arnOf = ({ bucketArn, stack }: IBucket) => JSON.stringify(stack.resolve(bucketArn));
  return a === b || a.bucketName === b.bucketName || arnOf(a) === arnOf(b);
}

function isEmbedding({ model, modelInvocationType }: BatchInferenceProps): boolean {
  return !Token.isUnresolved(model.pricingModelId) && isEmbeddingFormat(requestFormat(model.pricingModelId, modelInvocationType));
}

function requestFormat(modelId: string, type = ModelInvocationType.INVOKE_MODEL): RequestFormat | undefined {
  return requestFormatOf(ModelId.parse(modelId).bareId, type);
}

function checkTimes(checks: InputChecks, { schedule, timeout = DEFAULTS.timeout, pollInterval = DEFAULTS.pollInterval }: BatchInferenceProps): void {
  const minutes = timeout.isUnresolved() ? undefined : timeout.toMinutes({ integral: false });
  const seconds = pollInterval.isUnresolved() ? undefined : pollInterval.toSeconds({ integral: false });
  const shortest = minutes !== undefined && isTimeout(minutes) ? Math.ceil(((minutes + QUEUE_MINUTES) * 60) / MAX_POLLS) : 0;
  checks
    .check('schedule', schedule?.expressionString, isSchedule, 'rate(value unit), cron(six fields) or at(yyyy-mm-ddThh:mm:ss)')
    .check('timeout', minutes, isTimeout, 'a Duration of whole hours from 24 to 168 (1440 to 10080 minutes)')
    .check('pollInterval', seconds, isPollInterval, 'a Duration of whole seconds, 10 or more')
    .check('pollInterval', seconds, (interval) => !isPollInterval(interval) || interval >= shortest,
      `a Duration of ${shortest} seconds or more with this timeout (default: 24 hours)`, `Step Functions ends an execution at 25,000 events, and each poll makes ${EVENTS_OF_POLL}: raise pollInterval or shorten timeout.`);
}

/** The forms of an expression that Amazon EventBridge Scheduler takes. */
function isSchedule(expression: string): boolean {
  return /^rate\([1-9]\d* (minute|hour|day)s?\)$|^cron\(\S+( +\S+){5}\)$|^at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)$/.test(expression);
}

function isTimeout(minutes: number): boolean {
  return minutes % 60 === 0 && minutes >= Limit.JOB_TIMEOUT_HOURS_MIN * 60 && minutes <= Limit.JOB_TIMEOUT_HOURS_MAX * 60;
}

function isPollInterval(seconds: number): boolean {
  return Number.isInteger(seconds) && seconds >= 10;
}

function checkNumbers(checks: InputChecks, props: BatchInferenceProps): void {
  checks
    .check('minimumRecordsPerJob', props.minimumRecordsPerJob, (records) => Number.isFinite(records) && records >= 1, 'a number of 1 or more')
    .check('maxCostPerRunUsd', props.maxCostPerRunUsd, (usd) => Number.isFinite(usd) && usd > 0, 'a number above 0')
    .check('maxAttempts', props.maxAttempts, (times) => Number.isInteger(times) && times >= 1 && times <= MOST_ATTEMPTS, `a whole number from 1 to ${MOST_ATTEMPTS}`)
    .check('toleratedFailurePercentage', props.toleratedFailurePercentage, (share) => share >= 0 && share <= 100, 'a number from 0 to 100')
    .check('bytesPerToken', props.bytesPerToken, ONE_OR_MORE.accepts, 'a number of 1 or more')
    .check('costAlarmFactor', props.costAlarmFactor, (factor) => Number.isFinite(factor) && factor > 1, 'a number above 1');
  // Runs on demand are priced by requests: a problem would name a field that the user did not set.
  for (const prop of ['usage', 'lowUsage', 'highUsage'] as const) {
    for (const field of ['jobsPerMonth', 'recordsPerJob', 'inputTokensPerRecord', 'outputTokensPerRecord'] as const) {
      const quantity = props[prop]?.[field];
      checks.check(`${prop}.${field}`, quantity, QUANTITY.accepts, QUANTITY.problem(field, quantity).allowed);
    }
  }
  for (const [name, value] of Object.entries(props.quotas ?? {}) as [string, number | undefined][]) {
    checks.check(`quotas.${name}`, value, (quota) => Number.isInteger(quota) && quota >= 1, 'a whole number of 1 or more');
  }
}

function isFormatKnown({ pricingModelId }: BedrockModel, type?: ModelInvocationType): boolean {
  return Token.isUnresolved(pricingModelId) || requestFormat(pricingModelId, type) !== undefined;
}

function checkPrompts(checks: InputChecks, { prompts, model, modelInvocationType }: BatchInferenceProps): void {
  if (prompts === undefined) return;
  const { maxTokens, temperature, promptField, idField, system } = prompts._settings;
  checks
    .refuseIf(maxTokens === undefined, 'prompts.maxTokens', 'is required', 'Set a whole number of 1 or more.')
    .check('prompts.maxTokens', maxTokens, (tokens) => Number.isInteger(tokens) && tokens >= 1, 'a whole number of 1 or more')
    .refuseIf((system?.length ?? 0) > LONGEST_SYSTEM_PROMPT, 'prompts.system', `must have at most ${LONGEST_SYSTEM_PROMPT} characters, got ${system?.length}`)
    .check('prompts.temperature', temperature, (value) => value >= 0 && value <= 1, 'a number from 0 to 1')
    .check('prompts.idField', idField, (field) => field !== promptField, 'another field than that of the prompt')
    .refuseIf(!isFormatKnown(model, modelInvocationType),
      'prompts', `requires a model whose request format is known, got ${JSON.stringify(model.pricingModelId)}`, 'Set modelInvocationType to ModelInvocationType.CONVERSE, or give records.');
}

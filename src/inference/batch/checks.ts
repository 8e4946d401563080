import { ResourceEnvironment, Token } from 'aws-cdk-lib';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { DEFAULTS } from './defaults';
import { checkInput } from './input';
import { folder, withTokensAs } from './location';
import { BatchInferenceProps, ModelInvocationType } from './props';
import { RANGES } from './ranges';
import { bytesOf } from './settings';
import { isEmbeddingFormat, RequestFormat, requestFormatOf } from '../../aws/request-formats';
import { QUANTITY } from '../../pricing/billing-modes/input';
import { ModelId } from '../../pricing/model-id';
import { BedrockModel } from '../bedrock-model';
import { InputChecks } from '../input-checks';

/** The events for polls. Step Functions ends an execution at 25,000 events, of which the others are for its start, its end and retries. */
const MAX_POLL_EVENTS = 24_000;
const EVENTS_OF_POLL = 9;
const MAX_POLLS = Math.floor(MAX_POLL_EVENTS / EVENTS_OF_POLL);
/** The time that a job may wait before its timeout begins, which the history of the execution must include. */
const QUEUE_MINUTES = 20 * 60;
/** The state machine definition, of at most 1 MB, has the system prompt for each function. */
const LONGEST_SYSTEM_PROMPT = 32_000;
/** With the names of the bucket and of the files of a run, S3 URIs of jobs have at most 1,024 characters, the limit of Amazon Bedrock. */
const LONGEST_OUTPUT_PREFIX = 800;

/** The checks of the props of a `BatchInference`. */
export function propsChecks(props: BatchInferenceProps, env: ResourceEnvironment): InputChecks {
  const checks = new InputChecks();
  checkPlaces(checks, props, env);
  checkTimes(checks, props);
  checkNumbers(checks, props);
  checkQuotas(checks, props);
  checkPrompts(checks, props);
  const { maxCostPerRunUsd, usage: { outputTokensPerRecord } } = props;
  const isCounted = outputTokensPerRecord !== undefined || props.prompts !== undefined || isEmbedding(props);
  checks
    .refuseIf(maxCostPerRunUsd !== undefined && !isCounted, 'maxCostPerRunUsd', 'requires usage.outputTokensPerRecord, from which the cost of the output is estimated', 'Set usage.outputTokensPerRecord.');
  const { model, vpc, vpcSubnets, securityGroups } = props;
  return checks
    .check('model', model._shown, () => model._origin !== 'provisioned-throughput', 'a model or an inference profile', 'Batch inference does not run on provisioned throughput.')
    .refuseIf(vpcSubnets !== undefined && vpc === undefined, 'vpcSubnets', 'requires vpc', 'Set vpc, or remove vpcSubnets.')
    .refuseIf(securityGroups !== undefined && vpc === undefined, 'securityGroups', 'requires vpc', 'Set vpc, or remove securityGroups.')
    .check('securityGroups', securityGroups?.length, RANGES.securityGroups.accepts, RANGES.securityGroups.allowed);
}

function checkPlaces(checks: InputChecks, props: BatchInferenceProps, scopeEnv: ResourceEnvironment): void {
  const { inputBucket, outputBucket, input, outputPrefix, startOnArrival } = props;
  const output = folder(outputPrefix);
  checkInput(checks, 'input', input);
  checks
    .check('outputPrefix', withTokensAs('token', output), isOutputPrefix,
      `folders of letters, digits and -!_'(). with a slash between them, ${LONGEST_OUTPUT_PREFIX} characters at most, none of them . or .., such as "out/"`,
      'Amazon Bedrock accepts no other characters in the S3 URIs of jobs.')
    .refuseIf(startOnArrival === true && input !== undefined && input._kind !== 'folder', 'startOnArrival',
      'requires a prefix as the input, since each object that arrives is a run', 'Use BatchInput.prefix, or leave input out for the whole bucket.');
  // Each file that a run writes would start another run, which is billed.
  const prefix = input === undefined ? '' : input._path;
  const mixed = startOnArrival === true && sameBucket(inputBucket, outputBucket) && output.startsWith(prefix);
  const { account, region } = inputBucket.env;
  const differs = (theirs: string, ours: string) => !Token.isUnresolved(theirs) && !Token.isUnresolved(ours) && theirs !== ours;
  const isElsewhere = differs(account, scopeEnv.account) || differs(region, scopeEnv.region);
  checks.refuseIf(startOnArrival === true && isElsewhere, 'startOnArrival', 'requires a bucket in the account and region of the stack, since Amazon S3 sends no events to others',
    'Remove startOnArrival, or use a bucket of the stack\'s account and region.');
  checks.refuseIf(mixed, 'outputPrefix', `must be outside the input with startOnArrival, since each result would start another run, got ${JSON.stringify(output)}`,
    prefix === '' ? 'Set input to a BatchInput.prefix: without it, the whole bucket is the input.' : `Use a folder outside ${JSON.stringify(prefix)}.`);
}

/** The pattern of Amazon Bedrock's `S3Uri`, without the wildcard of IAM. */
function isOutputPrefix(path: string): boolean {
  return path.length <= LONGEST_OUTPUT_PREFIX && /^(?:(?!\.\.?(?:\/|$))[-!_'().a-zA-Z0-9]+(?:\/|$))*$/.test(path);
}

/** True for the same bucket, also if it was imported twice in different ways. */
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
  const shortest = minutes !== undefined && RANGES.timeout.accepts(minutes) ? Math.ceil(((minutes + QUEUE_MINUTES) * 60) / MAX_POLLS) : 0;
  checks
    .check('schedule', schedule?.expressionString, isSchedule, 'rate(value unit), cron(six fields) or at(yyyy-mm-ddThh:mm:ss)')
    .check('timeout', minutes, RANGES.timeout.accepts, `${RANGES.timeout.allowed} (1440 to 10080 minutes)`)
    .check('pollInterval', seconds, RANGES.pollInterval.accepts, RANGES.pollInterval.allowed)
    .check('pollInterval', seconds, (interval) => !RANGES.pollInterval.accepts(interval) || interval >= shortest,
      `a Duration of ${shortest} seconds or more with this timeout (default: 24 hours)`, `Step Functions ends an execution at 25,000 events, and each poll makes ${EVENTS_OF_POLL}: raise pollInterval or shorten timeout.`);
}

/** True for an expression that Amazon EventBridge Scheduler accepts. */
function isSchedule(expression: string): boolean {
  return /^rate\([1-9]\d* (minute|hour|day)s?\)$|^cron\(\S+( +\S+){5}\)$|^at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)$/.test(expression);
}

function checkNumbers(checks: InputChecks, props: BatchInferenceProps): void {
  for (const prop of ['maxCostPerRunUsd', 'maxAttempts', 'toleratedFailurePercentage', 'bytesPerToken', 'costAlarmFactor'] as const) {
    checks.check(prop, props[prop], RANGES[prop].accepts, RANGES[prop].allowed);
  }
  // Runs on demand are priced by requests: a problem would name a field that the user did not set.
  for (const prop of ['usage', 'lowUsage', 'highUsage'] as const) {
    for (const field of ['jobsPerMonth', 'recordsPerJob', 'inputTokensPerRecord', 'outputTokensPerRecord'] as const) {
      const quantity = props[prop]?.[field];
      checks.check(`${prop}.${field}`, quantity, QUANTITY.accepts, QUANTITY.problem(field, quantity).allowed);
    }
  }
}

function checkQuotas(checks: InputChecks, { quotas = {} }: BatchInferenceProps): void {
  const { quota, size } = RANGES;
  for (const name of ['minimumRecordsPerJob', 'recordsPerJob', 'recordsPerFile', 'concurrentJobs'] as const) {
    checks.check(`quotas.${name}`, quotas[name], quota.accepts, quota.allowed);
  }
  for (const name of ['jobSize', 'fileSize'] as const) {
    const isUnknown = quotas[name]?.isUnresolved() === true;
    checks
      .refuseIf(isUnknown, `quotas.${name}`, 'must be known at synthesis, got a token', 'Use a Size without a token, such as Size.gibibytes(5).')
      .check(`quotas.${name}`, isUnknown ? undefined : quotas[name] && bytesOf(quotas[name]), size.accepts, size.allowed);
  }
  const { minimumRecordsPerJob: minimum, recordsPerJob } = { ...DEFAULTS.quotas, ...quotas };
  const areKnown = [minimum, recordsPerJob].every((count) => !Token.isUnresolved(count) && quota.accepts(count));
  checks.check('quotas.recordsPerJob', areKnown ? recordsPerJob : undefined, (records) => records >= minimum, `at least quotas.minimumRecordsPerJob, ${minimum}`);
}

function isFormatKnown({ pricingModelId }: BedrockModel, type?: ModelInvocationType): boolean {
  return Token.isUnresolved(pricingModelId) || requestFormat(pricingModelId, type) !== undefined;
}

function checkPrompts(checks: InputChecks, { prompts, model, modelInvocationType }: BatchInferenceProps): void {
  if (prompts === undefined) return;
  const { maxTokens, temperature, promptField, idField, system } = prompts._settings;
  checks
    .refuseIf(maxTokens === undefined, 'prompts.maxTokens', 'is required', 'Set a whole number of 1 or more.')
    .check('prompts.maxTokens', maxTokens, RANGES.maxTokens.accepts, RANGES.maxTokens.allowed)
    .refuseIf((system?.length ?? 0) > LONGEST_SYSTEM_PROMPT, 'prompts.system', `must have at most ${LONGEST_SYSTEM_PROMPT} characters, got ${system?.length}`)
    .check('prompts.temperature', temperature, RANGES.temperature.accepts, RANGES.temperature.allowed)
    .check('prompts.idField', idField, (field) => field !== promptField, 'another field than that of the prompt')
    .refuseIf(!isFormatKnown(model, modelInvocationType),
      'prompts', `requires a model whose request format is known, got ${JSON.stringify(model.pricingModelId)}`, 'Set modelInvocationType to ModelInvocationType.CONVERSE, or use records as the input.');
}

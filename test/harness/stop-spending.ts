import { AlarmEvent, DeletedThroughput, StopActionKind, StopEnv, StopRecord, StopStep, StopTarget } from '../../src/lambda/stop-spending/contract';
import type * as Handler from '../../src/lambda/stop-spending/index.lambda';
import { FakeAws } from '../fakes/fake-aws';

export const DENY_POLICY = 'arn:aws:iam::111111111111:policy/DenyInvocations';
export const BATCH_ROLE = 'arn:aws:iam::111111111111:role/Batch';
export const ALARM_ARN = 'arn:aws:cloudwatch:us-east-1:111111111111:alarm:ChatMonthToDate';
export const RECORD = '/budget/record';
export const TARGETS = '/budget/targets';
export const DELETED = '/budget/deleted';
export const ALL_STEPS: readonly StopStep[] = Object.values(StopActionKind).map((action) => ({ action, dryRun: false }));

/** The handler with the real SDK, in an environment as its construct gives it. */
export function loadHandler(endpoint: string): typeof Handler {
  hurryRetries();
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'key',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    AWS_LAMBDA_FUNCTION_NAME: 'StopChat',
    [StopEnv.BUDGET]: 'Chat',
    [StopEnv.TARGETS_PATH]: TARGETS,
    [StopEnv.RECORD_PARAMETER]: RECORD,
    [StopEnv.DELETED_PATH]: DELETED,
    [StopEnv.DENY_POLICY_ARN]: DENY_POLICY,
    [StopEnv.TOPIC_ARN]: 'arn:aws:sns:us-east-1:111111111111:Told',
    [StopEnv.ALARM_ARN]: ALARM_ARN,
  });
  let handler!: typeof Handler;
  jest.isolateModules(() => { handler = require('../../src/lambda/stop-spending/index.lambda'); });
  return handler;
}

/** Shortens the random delays before retries of the SDK. Its timeouts, which are multiples of 500 ms, stay as they are. */
function hurryRetries(): void {
  const real = global.setTimeout;
  global.setTimeout = Object.assign(
    ((callback: () => void, delay = 0, ...args: []) => real(callback, delay % 500 === 0 ? delay : 1, ...args)) as typeof setTimeout,
    real,
  );
}

export function configure(steps: readonly StopStep[]): void {
  process.env[StopEnv.STEPS] = JSON.stringify(steps);
}

/** Writes the configuration and the parameters that the template creates. */
export function deploy(aws: FakeAws, ...targets: readonly StopTarget[]): void {
  configure(ALL_STEPS);
  process.env[StopEnv.DENY_POLICY_ARN] = DENY_POLICY;
  aws.parameters.set(RECORD, '{"state":"running"}');
  targets.forEach((target, i) => aws.parameters.set(`${TARGETS}/${i}/targets`, JSON.stringify([target])));
}

/** The record of a stop as the parameters have it, which is also the answer to `{"do":"status"}`. */
export function recordOf(aws: FakeAws): StopRecord {
  const { version, undenied, ...state } = JSON.parse(aws.parameters.get(RECORD)!);
  const deletions = deletionsIn(aws);
  const deleted = deletedIn(aws);
  const restored = deletions.filter(({ arn, now }) => now !== undefined && now !== arn).map(({ arn, now }) => [arn, now]);
  return { ...state, ...(deleted.length > 0 ? { deleted } : {}), ...(restored.length > 0 ? { restored: Object.fromEntries(restored) } : {}) };
}

/** The deleted throughput that was not bought again. */
export function deletedIn(aws: FakeAws): DeletedThroughput[] {
  return deletionsIn(aws).filter(({ now }) => now === undefined).map(({ version, deletions, ...throughput }) => throughput as DeletedThroughput);
}

function deletionsIn(aws: FakeAws): any[] {
  const values = [...aws.parameters].filter(([name]) => name.startsWith(`${DELETED}/`)).map(([, { value }]) => JSON.parse(value));
  return values.sort((a, b) => (a.arn < b.arn ? -1 : 1));
}

/** An event as CloudWatch documents it, including fields that the handler does not read. */
export function alarm(value: AlarmEvent['alarmData']['state']['value'], time: string): AlarmEvent {
  const event = {
    source: 'aws.cloudwatch',
    alarmArn: ALARM_ARN,
    accountId: '111111111111',
    time,
    region: 'us-east-1',
    alarmData: {
      alarmName: 'ChatMonthToDate',
      state: { value, reason: 'Threshold Crossed: 1 datapoint [101.0] was greater than the threshold (100.0).', timestamp: time },
      previousState: { value: 'OK', reason: 'before', timestamp: time },
      configuration: { metrics: [{ id: 'm', metricStat: { metric: { namespace: 'BedrockCost', name: 'MonthToDateUsd', dimensions: { Budget: 'Chat' } }, period: 300, stat: 'Maximum' } }] },
    },
  };
  return event as AlarmEvent;
}

import { BedrockClient } from '@aws-sdk/client-bedrock';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import { ThroughputEnv } from './contract';
import { throughputHandler } from './handler';

// A run must end well within RUN_SECONDS. The next run retries failed calls.
const SETTINGS = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
};

export const { onEvent, isComplete, onTick, onTermEnd } = throughputHandler({
  bedrock: new BedrockClient(SETTINGS),
  ssm: new SSMClient(SETTINGS),
  scheduler: new SchedulerClient(SETTINGS),
  sns: new SNSClient(SETTINGS),
  now: () => Date.now(),
}, {
  stackId: process.env[ThroughputEnv.STACK_ID]!,
  parameterPath: process.env[ThroughputEnv.PARAMETER_PATH]!,
});

import { BedrockClient } from '@aws-sdk/client-bedrock';
import { IAMClient } from '@aws-sdk/client-iam';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';

// Every call ends within the function's own timeout. Throttled calls are retried for some seconds.
const SETTINGS = {
  maxAttempts: 6,
  requestHandler: { connectionTimeout: 5_000, requestTimeout: 15_000, throwOnRequestTimeout: true },
};

export const bedrock = new BedrockClient(SETTINGS);
export const iam = new IAMClient(SETTINGS);
export const sns = new SNSClient(SETTINGS);
export const ssm = new SSMClient(SETTINGS);

import type { BedrockClient } from '@aws-sdk/client-bedrock';
import type { SchedulerClient } from '@aws-sdk/client-scheduler';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { SSMClient } from '@aws-sdk/client-ssm';

/** The clients and the clock of the handler. */
export interface Services {
  readonly bedrock: BedrockClient;
  readonly ssm: SSMClient;
  readonly scheduler: SchedulerClient;
  readonly sns: SNSClient;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

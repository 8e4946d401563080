import type { BedrockRuntime } from '@aws-sdk/client-bedrock-runtime';
import type { CloudWatch } from '@aws-sdk/client-cloudwatch';
import type { Store } from './store';

/** The clients of AWS, the timer and the remaining time of a step. */
export interface BatchServices {
  readonly store: (bucket: string) => Store;
  readonly runtime: BedrockRuntime;
  readonly cloudWatch: CloudWatch;
  readonly wait: (milliseconds: number) => Promise<void>;
  /** The remaining milliseconds of the call. */
  readonly timeLeft: () => number;
}

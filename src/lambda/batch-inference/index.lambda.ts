import { setTimeout } from 'node:timers/promises';
import { BedrockRuntime } from '@aws-sdk/client-bedrock-runtime';
import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { S3 } from '@aws-sdk/client-s3';
import { BatchCall } from './contract';
import { batchSteps } from './handler';
import { Store } from './store';

// Buckets may lie in another region than the jobs.
const s3 = new S3({ maxAttempts: 6, followRegionRedirects: true });
// A request that is repeated may be paid twice: what fails is looked at, and run again by the next round.
const runtime = new BedrockRuntime({ maxAttempts: 1 });
// Where there is no way to CloudWatch, as in a VPC without an endpoint, a run does not hang.
const cloudWatch = new CloudWatch({
  maxAttempts: 2, requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
});

export function handler(call: BatchCall, { getRemainingTimeInMillis }: { getRemainingTimeInMillis: () => number }): Promise<unknown> {
  return batchSteps({ store: (bucket) => new Store(s3, bucket), runtime, cloudWatch, wait: setTimeout, timeLeft: getRemainingTimeInMillis })(call);
}

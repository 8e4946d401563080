import { setTimeout } from 'node:timers/promises';
import { BedrockRuntime } from '@aws-sdk/client-bedrock-runtime';
import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { S3 } from '@aws-sdk/client-s3';
import { BatchCall } from './contract';
import { batchSteps } from './handler';
import { Store } from './store';

// Buckets may be in another region than the jobs.
const s3 = new S3({ maxAttempts: 6, followRegionRedirects: true });
// A repeated request may be billed twice, so failures are examined first, and the next round retries them.
const runtime = new BedrockRuntime({ maxAttempts: 1 });
// Short timeouts, so that a run does not hang without a connection to CloudWatch, such as in a VPC without an endpoint.
const cloudWatch = new CloudWatch({
  maxAttempts: 2, requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
});

export function handler(call: BatchCall, { getRemainingTimeInMillis }: { getRemainingTimeInMillis: () => number }): Promise<unknown> {
  return batchSteps({ store: (bucket) => new Store(s3, bucket), runtime, cloudWatch, wait: setTimeout, timeLeft: getRemainingTimeInMillis })(call);
}

import type { ModelInvocationJobSummary } from '@aws-sdk/client-bedrock';
import type { S3 } from '@aws-sdk/client-s3';

export type S3Client = Pick<S3, 'getObject'>;

/** The counts of a job in its manifest. */
export interface Manifest {
  readonly records?: number;
  readonly tokens?: { readonly input: number; readonly output: number };
  /** Whether the function lacks the permission to read it, so that it may exist. */
  readonly denied: boolean;
}

/** Reads `manifest.json.out`, which a job writes next to its output. */
export async function readManifest(s3: S3Client, job: ModelInvocationJobSummary): Promise<Manifest> {
  const { Bucket, Key } = placeOf(job);
  try {
    const { Body } = await s3.getObject({ Bucket, Key });
    return parseManifest(await Body!.transformToString());
  } catch (e) {
    const { name, message, $metadata } = e as Error & { $metadata?: { httpStatusCode?: number } };
    const status = $metadata?.httpStatusCode;
    if (status === 404) return { denied: false };
    if (status !== 403) throw e;
    console.warn(`s3://${Bucket}/${Key} may not be read (${name}: ${message}): ${job.jobArn} counts as estimated`);
    return { denied: true };
  }
}

function placeOf({ jobArn = '', outputDataConfig }: ModelInvocationJobSummary): { Bucket: string; Key: string } {
  const [, Bucket, prefix = ''] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(outputDataConfig!.s3OutputDataConfig!.s3Uri!)!;
  const folder = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
  return { Bucket, Key: `${folder}${jobArn.split('/').pop()}/manifest.json.out` };
}

function parseManifest(text: string): Manifest {
  try {
    const { processedRecordCount, inputTokenCount, outputTokenCount } = JSON.parse(text);
    return {
      records: numberOf(processedRecordCount),
      tokens: isCount(inputTokenCount) && isCount(outputTokenCount) ? { input: inputTokenCount, output: outputTokenCount } : undefined,
      denied: false,
    };
  } catch {
    return { denied: false };
  }
}

function numberOf(value: unknown): number | undefined {
  return isCount(value) ? value : undefined;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

/**
 * The names that Amazon CloudWatch has for what Amazon Bedrock publishes.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/monitoring-runtime-metrics.html
 */
export const BEDROCK_NAMESPACE = 'AWS/Bedrock';

/** The dimension that names what was invoked: an id or an ARN, as the request names it. */
export const MODEL_ID = 'ModelId';

export const BedrockMetric = {
  INVOCATIONS: 'Invocations',
  INVOCATION_LATENCY: 'InvocationLatency',
  INVOCATION_CLIENT_ERRORS: 'InvocationClientErrors',
  INVOCATION_SERVER_ERRORS: 'InvocationServerErrors',
  INVOCATION_THROTTLES: 'InvocationThrottles',
  /** Without cached tokens. */
  INPUT_TOKENS: 'InputTokenCount',
  OUTPUT_TOKENS: 'OutputTokenCount',
  CACHE_READ_TOKENS: 'CacheReadInputTokenCount',
  CACHE_WRITE_TOKENS: 'CacheWriteInputTokenCount',
  OUTPUT_IMAGES: 'OutputImageCount',
} as const;
export type BedrockMetric = (typeof BedrockMetric)[keyof typeof BedrockMetric];

/**
 * Second names. Programs that read live accounts find cached tokens under the names in `BedrockMetric`; AWS's table of
 * metrics has these. An account may have either.
 */
const SECOND_NAMES: { readonly [metric in BedrockMetric]?: string } = {
  [BedrockMetric.CACHE_READ_TOKENS]: 'CacheReadInputTokens',
  [BedrockMetric.CACHE_WRITE_TOKENS]: 'CacheWriteInputTokens',
};

/** The most metrics of one `ModelId`: those above, `LegacyModelInvocations`, `TimeToFirstToken` and `EstimatedTPMQuotaUsage`. */
export const METRICS_OF_MODEL_ID = Object.keys(BedrockMetric).length + 3;

/**
 * The metrics that show whether something is in use: what it has processed, and not `Invocations`, since AWS documents both
 * that these include requests that failed and that they do not.
 */
export const PROCESSED_METRICS = [BedrockMetric.INPUT_TOKENS, BedrockMetric.OUTPUT_IMAGES] as const;

/** Every name under which CloudWatch may have a count. In each period the largest value is right, never the sum. */
export function metricNames(metric: BedrockMetric): string[] {
  const second = SECOND_NAMES[metric];
  return second === undefined ? [metric] : [metric, second];
}

/**
 * The ids under which requests to provisioned throughput may be counted: its ARN, as requests name it, or the last part of
 * that. AWS documents neither. In each period the larger count is right.
 */
export function idsOfThroughput(arn: string): string[] {
  return [arn, ...arn.split('/').slice(1)];
}

/** The largest of several series in each period, as metric math. A series without a datapoint is 0. */
export function largestOf(ids: readonly string[]): string {
  const filled = ids.map((id) => `FILL(${id}, 0)`);
  return filled.length === 1 ? filled[0] : `MAX([${filled.join(', ')}])`;
}

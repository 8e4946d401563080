/**
 * The namespace of the metrics that Amazon Bedrock publishes to Amazon CloudWatch.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/monitoring-runtime-metrics.html
 */
export const BEDROCK_NAMESPACE = 'AWS/Bedrock';

/** The dimension with the id or ARN of the invoked model, as in the request. */
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
 * Alternative names of metrics. Public programs read cached tokens with the names in `BedrockMetric`; AWS's table of metrics has these
 * names. An account may have either.
 */
const SECOND_NAMES: { readonly [metric in BedrockMetric]?: string } = {
  [BedrockMetric.CACHE_READ_TOKENS]: 'CacheReadInputTokens',
  [BedrockMetric.CACHE_WRITE_TOKENS]: 'CacheWriteInputTokens',
};

/** The maximum metrics of one `ModelId`: `BedrockMetric`, `LegacyModelInvocations`, `TimeToFirstToken` and `EstimatedTPMQuotaUsage`. */
export const METRICS_OF_MODEL_ID = Object.keys(BedrockMetric).length + 3;

/**
 * The metrics that show whether a model is in use. `Invocations` is not used, since AWS documents both that it includes failed requests
 * and that it does not.
 */
export const PROCESSED_METRICS = [BedrockMetric.INPUT_TOKENS, BedrockMetric.OUTPUT_IMAGES] as const;

/** All names under which CloudWatch may have a count. The right value of a period is the largest one, never the sum. */
export function metricNames(metric: BedrockMetric): string[] {
  const second = SECOND_NAMES[metric];
  return second === undefined ? [metric] : [metric, second];
}

/**
 * The ids under which requests to provisioned throughput may be counted: its ARN, as in requests, or the last part of the ARN. AWS
 * documents neither. The right count of a period is the larger one.
 */
export function idsOfThroughput(arn: string): string[] {
  return [arn, ...arn.split('/').slice(1)];
}

/** The largest of several series in each period, as a metric math expression. A series without a datapoint counts as 0. */
export function largestOf(ids: readonly string[]): string {
  const filled = ids.map((id) => `FILL(${id}, 0)`);
  return filled.length === 1 ? filled[0] : `MAX([${filled.join(', ')}])`;
}

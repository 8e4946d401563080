import { Duration, Resource } from 'aws-cdk-lib';
import { MathExpression, Metric, MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { BEDROCK_NAMESPACE, BedrockMetric, largestOf, metricNames, MODEL_ID } from '../aws/metrics';
import { metricOptions, requireMetricName } from '../estimates/metric-options';

const PERIOD = Duration.minutes(5);

/**
 * The CloudWatch metrics of an invokable resource: namespace `AWS/Bedrock`, dimension `ModelId`.
 *
 * Calls through the endpoint `bedrock-mantle` are counted in the namespace `AWS/BedrockMantle` only. Each metric has a period of 5 minutes by
 * default.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/monitoring.html
 */
export interface IInvocationMetrics {
  /**
   * A metric of the namespace `AWS/Bedrock` for this resource: the sum over 5 minutes by default.
   *
   * @param metricName such as `TimeToFirstToken`
   */
  metric(metricName: string, props?: MetricOptions): Metric;

  /** Requests that Amazon Bedrock accepted. The pages of AWS differ on whether failed requests are included. */
  metricInvocations(props?: MetricOptions): Metric;

  /** Average time from a request to the last token of its response, in milliseconds. */
  metricInvocationLatency(props?: MetricOptions): Metric;

  /** Requests that failed with a client error. */
  metricInvocationClientErrors(props?: MetricOptions): Metric;

  /** Requests that failed with a server error. */
  metricInvocationServerErrors(props?: MetricOptions): Metric;

  /** Throttled requests, which are counted neither as invocations nor as errors. */
  metricInvocationThrottles(props?: MetricOptions): Metric;

  /** Input tokens. */
  metricInputTokens(props?: MetricOptions): Metric;

  /** Output tokens. */
  metricOutputTokens(props?: MetricOptions): Metric;

  /** Input tokens read from the prompt cache: the larger of the two metrics under which CloudWatch may count them. */
  metricCacheReadTokens(props?: MetricOptions): MathExpression;

  /** Input tokens written to the prompt cache: the larger of the two metrics under which CloudWatch may count them. */
  metricCacheWriteTokens(props?: MetricOptions): MathExpression;
}

/**
 * The metrics of a resource, by the value of the dimension `ModelId`.
 *
 * @internal
 */
export abstract class InvocationMetrics extends Resource implements IInvocationMetrics {
  /**
   * The value of the dimension `ModelId`.
   * @internal
   */
  public abstract readonly _metricModelId: string;

  /**
   * A metric of the namespace `AWS/Bedrock` for this resource: the sum over 5 minutes by default.
   *
   * @param metricName such as `TimeToFirstToken`
   */
  public metric(metricName: string, props?: MetricOptions): Metric {
    requireMetricName(this, metricName);
    return new Metric({
      namespace: BEDROCK_NAMESPACE,
      metricName,
      dimensionsMap: { [MODEL_ID]: this._metricModelId },
      statistic: Stats.SUM,
      period: PERIOD,
      ...metricOptions(this, props),
    }).attachTo(this);
  }

  /** Requests that Amazon Bedrock accepted. The pages of AWS differ on whether failed requests are included. */
  public metricInvocations(props?: MetricOptions): Metric {
    return this.metric(BedrockMetric.INVOCATIONS, props);
  }

  /** Average time from a request to the last token of its response, in milliseconds. */
  public metricInvocationLatency(props?: MetricOptions): Metric {
    return this.metric(BedrockMetric.INVOCATION_LATENCY, { statistic: Stats.AVERAGE, ...metricOptions(this, props) });
  }

  /** Requests that failed with a client error. */
  public metricInvocationClientErrors(props?: MetricOptions): Metric {
    return this.metric(BedrockMetric.INVOCATION_CLIENT_ERRORS, props);
  }

  /** Requests that failed with a server error. */
  public metricInvocationServerErrors(props?: MetricOptions): Metric {
    return this.metric(BedrockMetric.INVOCATION_SERVER_ERRORS, props);
  }

  /** Throttled requests, which are counted neither as invocations nor as errors. */
  public metricInvocationThrottles(props?: MetricOptions): Metric {
    return this.metric(BedrockMetric.INVOCATION_THROTTLES, props);
  }

  /** Input tokens. */
  public metricInputTokens(props?: MetricOptions): Metric {
    return this.metric(BedrockMetric.INPUT_TOKENS, props);
  }

  /** Output tokens. */
  public metricOutputTokens(props?: MetricOptions): Metric {
    return this.metric(BedrockMetric.OUTPUT_TOKENS, props);
  }

  /** Input tokens read from the prompt cache: the larger of the two metrics under which CloudWatch may count them. */
  public metricCacheReadTokens(props?: MetricOptions): MathExpression {
    return this.largest(BedrockMetric.CACHE_READ_TOKENS, props);
  }

  /** Input tokens written to the prompt cache: the larger of the two metrics under which CloudWatch may count them. */
  public metricCacheWriteTokens(props?: MetricOptions): MathExpression {
    return this.largest(BedrockMetric.CACHE_WRITE_TOKENS, props);
  }

  private largest(metric: BedrockMetric, props?: MetricOptions): MathExpression {
    const { period = PERIOD, label = metric, color } = metricOptions(this, props);
    // Ids must be unique in an expression of the user that combines several of these.
    const usingMetrics = Object.fromEntries(metricNames(metric).map((name) => [`m${name}${this.node.addr.slice(-8)}`, this.metric(name, props)]));
    return new MathExpression({ expression: largestOf(Object.keys(usingMetrics)), usingMetrics, period, label, color });
  }
}

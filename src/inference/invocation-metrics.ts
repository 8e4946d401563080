import { Duration, Resource } from 'aws-cdk-lib';
import { Metric, MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';

/**
 * The CloudWatch metrics of one thing that is invoked: namespace `AWS/Bedrock`, dimension `ModelId`.
 *
 * Calls through the endpoint `bedrock-mantle` are counted in `AWS/BedrockMantle` only and do not show here.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/monitoring.html
 *
 * @internal
 */
export abstract class InvocationMetrics extends Resource {
  /**
   * How CloudWatch calls it in the dimension `ModelId`.
   * @internal
   */
  public abstract readonly _metricModelId: string;

  /**
   * A metric of the namespace `AWS/Bedrock` for this resource: the sum over 5 minutes unless `props` say otherwise.
   *
   * @param metricName such as `TimeToFirstToken`
   */
  public metric(metricName: string, props: MetricOptions = {}): Metric {
    return new Metric({
      namespace: 'AWS/Bedrock',
      metricName,
      dimensionsMap: { ModelId: this._metricModelId },
      statistic: Stats.SUM,
      period: Duration.minutes(5),
      ...props,
    }).attachTo(this);
  }

  /** Requests that Amazon Bedrock accepted. AWS documents both that failed ones are included and that they are not. */
  public metricInvocations(props?: MetricOptions): Metric {
    return this.metric('Invocations', props);
  }

  /** Milliseconds from a request to the last token of its answer, on average. */
  public metricInvocationLatency(props?: MetricOptions): Metric {
    return this.metric('InvocationLatency', { statistic: Stats.AVERAGE, ...props });
  }

  /** Requests that failed through the caller's fault. */
  public metricInvocationClientErrors(props?: MetricOptions): Metric {
    return this.metric('InvocationClientErrors', props);
  }

  /** Requests that failed through AWS's fault. */
  public metricInvocationServerErrors(props?: MetricOptions): Metric {
    return this.metric('InvocationServerErrors', props);
  }

  /** Requests that were throttled: they count neither as invocations nor as errors. */
  public metricInvocationThrottles(props?: MetricOptions): Metric {
    return this.metric('InvocationThrottles', props);
  }

  /** Input tokens. */
  public metricInputTokens(props?: MetricOptions): Metric {
    return this.metric('InputTokenCount', props);
  }

  /** Output tokens. */
  public metricOutputTokens(props?: MetricOptions): Metric {
    return this.metric('OutputTokenCount', props);
  }

  /** Input tokens that were read from the prompt cache. */
  public metricCacheReadTokens(props?: MetricOptions): Metric {
    return this.metric('CacheReadInputTokens', props);
  }

  /** Input tokens that were written to the prompt cache. */
  public metricCacheWriteTokens(props?: MetricOptions): Metric {
    return this.metric('CacheWriteInputTokens', props);
  }
}

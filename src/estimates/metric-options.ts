import { MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { IConstruct } from 'constructs';
import { duration, label, required, requireArguments, Shapes, struct, text } from './shape';

/** Those that CDK does not check by itself; newer versions have more. */
const METRIC_OPTIONS: Shapes = {
  period: duration('a Duration, such as Duration.minutes(5)'),
  statistic: text('a statistic, such as Stats.SUM'),
  label: text(),
  color: text('a color, such as "#d62728"'),
  unit: text('a Unit, such as Unit.COUNT'),
  dimensionsMap: struct('a mapping of dimensions to their values'),
  region: text('a region such as "us-east-1"'),
  account: text('the id of an account'),
};
const ALLOWED = 'the options of a metric, such as { period: Duration.hours(1) }';

/** The options of a metric, checked for callers without a compiler. */
export function metricOptions(scope: IConstruct, props: MetricOptions = {}): MetricOptions {
  requireArguments(`${scope.node.path}: metric.`, { props }, { props: struct(ALLOWED, METRIC_OPTIONS) });
  return props;
}

/** The name of a metric, checked for callers without a compiler. */
export function requireMetricName(scope: IConstruct, metricName: string): void {
  requireArguments(`${scope.node.path}: metric.`, { metricName }, { metricName: required(label('the name of a metric')) });
}

import { Duration, Lazy } from 'aws-cdk-lib';
import { CfnAlarm, CfnAlarmProps } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { BEDROCK_NAMESPACE, BedrockMetric, largestOf, metricNames, MODEL_ID } from '../../aws/metrics';
import { Dimension, MetricName } from '../../lambda/month-to-date/contract';
import { decimal, MILLION } from '../../pricing/decimal';
import { describeLast } from '../burn-rate';
import { budgetMetric, shorten } from '../scope/budget-metrics';
import { BudgetScope } from '../scope/budget-scope';
import { Meter, MeterTerm } from '../scope/meter';

/** The parts of an alarm on the spend of a window that do not depend on its metrics. */
export interface SpendAlarmProps {
  readonly window: Duration;
  /** The threshold in US dollars within the window; computed at synth. */
  readonly threshold: () => number;
  /** The cause and the consequence of the alarm; computed at synth. */
  readonly description: () => string;
  /** The ARNs to notify; empty for a child of a composite alarm. */
  readonly actions: () => string[];
}

/**
 * An alarm on the cost of meters within a window: the sum of each token metric times its price, compared with US dollars.
 *
 * It is an L1 construct, since its metrics are computed at synth, which the L2 construct does not support. The caller observes the limits
 * of CloudWatch (`Limit`).
 *
 * @param meters computed at synth
 */
export function meterSpendAlarm(scope: Construct, id: string, meters: () => readonly Meter[], props: SpendAlarmProps): CfnAlarm {
  return new CfnAlarm(scope, id, { ...common(props), metrics: Lazy.any({ produce: () => metricQueries(meters(), props.window) }) });
}

/** An alarm on the cost of the whole budget within a window, which the month-to-date function publishes. */
export function totalSpendAlarm(scope: Construct, id: string, budget: BudgetScope, props: SpendAlarmProps): CfnAlarm {
  const metric = budgetMetric(budget, MetricName.SPENT);
  return new CfnAlarm(scope, id, {
    ...common(props),
    // A gap between two counts does not end the alarm.
    treatMissingData: 'ignore',
    ...metric,
    dimensions: [...metric.dimensions, { name: Dimension.WINDOW, value: String(props.window.toMinutes()) }],
    statistic: 'Maximum',
    period: budget.settings.interval.toSeconds(),
  });
}

function common({ threshold, description, actions }: SpendAlarmProps): CfnAlarmProps {
  return {
    alarmDescription: Lazy.string({ produce: () => shorten(description()) }),
    comparisonOperator: 'GreaterThanThreshold',
    threshold: Lazy.number({ produce: threshold }),
    evaluationPeriods: 1,
    treatMissingData: 'notBreaching',
    alarmActions: Lazy.list({ produce: actions }, { omitEmpty: true }),
  };
}

interface Term extends MeterTerm {
  /** One for each name of the metric. */
  readonly series: readonly { readonly id: string; readonly metricName: string }[];
  readonly modelId: string;
}

function metricQueries(meters: readonly Meter[], window: Duration): CfnAlarm.MetricDataQueryProperty[] {
  const terms = meters.flatMap(({ terms: own, modelId }, r) => own.map((term, m): Term => ({
    ...term,
    modelId,
    series: metricNames(term.metric).map((metricName, n) => ({ id: `r${r}m${m}${n === 0 ? '' : `n${n}`}`, metricName })),
  })));
  return [
    { id: 'spend', label: `US dollars in the ${describeLast(window)}`, expression: expressionOf(terms), returnData: true },
    ...terms.flatMap(({ series, modelId }) => series.map(({ id, metricName }) => ({
      id,
      metricStat: { metric: { namespace: BEDROCK_NAMESPACE, metricName, dimensions: [{ name: MODEL_ID, value: modelId }] }, period: window.toSeconds(), stat: 'Sum' },
      returnData: false,
    }))),
  ];
}

/** Renders `(FILL(r0m0, 0) * 3.3 + MAX([FILL(r0m1, 0), FILL(r0m1n1, 0)]) * 0.33) / 1000000 + FILL(r1m0, 0) * 0.04`: prices per million tokens, and per image. */
function expressionOf(terms: readonly Term[]): string {
  const isImage = ({ metric }: Term) => metric === BedrockMetric.OUTPUT_IMAGES;
  const count = ({ series }: Term) => largestOf(series.map(({ id }) => id));
  const tokens = terms.filter((term) => !isImage(term)).map((term) => `${count(term)} * ${term.usdPerMillion}`);
  const images = terms.filter(isImage).map((term) => `${count(term)} * ${decimal(term.usdPerMillion).div(MILLION).toFixed()}`);
  return [...(tokens.length > 0 ? [`(${tokens.join(' + ')}) / 1000000`] : []), ...images].join(' + ');
}

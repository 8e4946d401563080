import { Duration, Lazy } from 'aws-cdk-lib';
import { CfnAlarm, CfnAlarmProps } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { describeLast } from './burn-rate';
import { Meter, MeterTerm } from './meter';
import { Limit } from '../../aws/limits';
import { BEDROCK_NAMESPACE, BedrockMetric, largestOf, metricNames, MODEL_ID } from '../../aws/metrics';
import { Decimal, decimal } from '../../pricing/decimal';

/** Fractions of a cent: the hour of a small budget is worth no more. */
const THRESHOLD_DIGITS = 4;
const SMALLEST_THRESHOLD = '0.0001';
const MILLION = decimal(1_000_000);

export interface SpendAlarmProps {
  readonly window: Duration;
  /** Whose tokens it adds up; may grow until synth. */
  readonly meters: readonly Meter[];
  /** Dollars within the window above which it fires; computed at synth. */
  readonly threshold: () => Decimal;
  /** Why it fired, for the one who is woken; computed at synth. */
  readonly description: () => string;
  /** Whom it notifies; empty for a child of a composite alarm. */
  readonly actions: () => string[];
}

/**
 * What was spent within a window, as an alarm: each token metric times its price, compared with dollars.
 *
 * The lowest level of CDK is used since what is watched is only known at synth, and none of its checks work on values
 * that are; the limits of CloudWatch are kept by the caller (`Limit`).
 */
export function spendAlarm(scope: Construct, id: string, { window, meters, threshold, description, actions }: SpendAlarmProps): CfnAlarm {
  return new CfnAlarm(scope, id, {
    ...burnRateProps({ threshold, description, actions }),
    metrics: Lazy.any({ produce: () => metricQueries(meters, window) }),
  });
}

/** What the alarms on token metrics and those on what is published of the whole have in common. */
export function burnRateProps({ threshold, description, actions }: Pick<SpendAlarmProps, 'threshold' | 'description' | 'actions'>): CfnAlarmProps {
  return {
    alarmDescription: Lazy.string({ produce: () => shorten(description()) }),
    comparisonOperator: 'GreaterThanThreshold',
    threshold: Lazy.number({ produce: () => Number(roundedDollars(threshold())) }),
    evaluationPeriods: 1,
    treatMissingData: 'notBreaching',
    alarmActions: Lazy.list({ produce: actions }, { omitEmpty: true }),
  };
}

/** CloudWatch takes no longer description. */
export function shorten(description: string): string {
  return description.length <= Limit.ALARM_DESCRIPTION ? description : `${description.slice(0, Limit.ALARM_DESCRIPTION - 4)} ...`;
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

/** `(FILL(r0m0, 0) * 3.3 + MAX([FILL(r0m1, 0), FILL(r0m1n1, 0)]) * 0.33) / 1000000 + FILL(r1m0, 0) * 0.04`: prices per million tokens, and per image. */
function expressionOf(terms: readonly Term[]): string {
  const isImage = ({ metric }: Term) => metric === BedrockMetric.OUTPUT_IMAGES;
  const count = ({ series }: Term) => largestOf(series.map(({ id }) => id));
  const tokens = terms.filter((term) => !isImage(term)).map((term) => `${count(term)} * ${term.usdPerMillion}`);
  const images = terms.filter(isImage).map((term) => `${count(term)} * ${decimal(term.usdPerMillion).div(MILLION).toFixed()}`);
  return [...(tokens.length > 0 ? [`(${tokens.join(' + ')}) / 1000000`] : []), ...images].join(' + ');
}

/** Never 0: an alarm at 0 would fire on the first token. */
export function roundedDollars(amount: Decimal): string {
  const rounded = amount.toFixed(THRESHOLD_DIGITS);
  return Number(rounded) > 0 ? rounded : SMALLEST_THRESHOLD;
}

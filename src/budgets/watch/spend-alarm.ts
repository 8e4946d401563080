import { Duration, Lazy } from 'aws-cdk-lib';
import { CfnAlarm, CfnAlarmProps } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { describeLast } from './burn-rate';
import { Meter } from './meter';
import { OUTPUT_IMAGES } from '../../estimates/metered';
import { Decimal, decimal } from '../../pricing/decimal';

/** CloudWatch accepts so many metrics in one math alarm. */
export const MAX_METRICS = 10;
const MAX_DESCRIPTION = 1024;
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
 * that are; the limits of CloudWatch are kept by the caller (`MAX_METRICS`).
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
  return description.length <= MAX_DESCRIPTION ? description : `${description.slice(0, MAX_DESCRIPTION - 4)} ...`;
}

interface Term {
  readonly id: string;
  readonly metricName: string;
  readonly usdPerMillion: string;
  readonly modelId: string;
}

function metricQueries(meters: readonly Meter[], window: Duration): CfnAlarm.MetricDataQueryProperty[] {
  const terms = meters.flatMap((meter, r) => meter.terms.map((term, m): Term => ({ id: `r${r}m${m}`, modelId: meter.modelId, ...term })));
  return [
    { id: 'spend', label: `US dollars in the ${describeLast(window)}`, expression: expressionOf(terms), returnData: true },
    ...terms.map(({ id, metricName, modelId }) => ({
      id,
      metricStat: { metric: { namespace: 'AWS/Bedrock', metricName, dimensions: [{ name: 'ModelId', value: modelId }] }, period: window.toSeconds(), stat: 'Sum' },
      returnData: false,
    })),
  ];
}

/** `(FILL(r0m0, 0) * 3.3 + FILL(r0m1, 0) * 16.5) / 1000000 + FILL(r1m0, 0) * 0.04`: prices per million tokens, and per image. */
function expressionOf(terms: readonly Term[]): string {
  const isImage = ({ metricName }: Term) => metricName === OUTPUT_IMAGES;
  const tokens = terms.filter((term) => !isImage(term)).map(({ id, usdPerMillion }) => `FILL(${id}, 0) * ${usdPerMillion}`);
  const images = terms.filter(isImage).map(({ id, usdPerMillion }) => `FILL(${id}, 0) * ${decimal(usdPerMillion).div(MILLION).toFixed()}`);
  return [...(tokens.length > 0 ? [`(${tokens.join(' + ')}) / 1000000`] : []), ...images].join(' + ');
}

/** Never 0: an alarm at 0 would fire on the first token. */
export function roundedDollars(amount: Decimal): string {
  const rounded = amount.toFixed(THRESHOLD_DIGITS);
  return Number(rounded) > 0 ? rounded : SMALLEST_THRESHOLD;
}

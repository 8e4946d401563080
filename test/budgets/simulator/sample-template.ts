/** A handwritten template with the resources of a budget, for any windows and factors. */
export interface SampleTemplate {
  readonly limitUsd: number;
  /** A single window notifies by itself; several windows notify through a composite alarm. */
  readonly burnRates: readonly { readonly factor: number; readonly windowHours: readonly number[] }[];
}

const TOPIC = { Ref: 'Topic' };
const PROFILE_ID = { 'Fn::GetAtt': ['Profile', 'InferenceProfileId'] };
const HOURS_PER_MONTH = 730;

/** Prices per million tokens: $3.30, $16.50, $0.33 and $6.60. */
export const PRICES = { InputTokenCount: 3.3, OutputTokenCount: 16.5, CacheReadInputTokenCount: 0.33, CacheWriteInputTokenCount: 6.6 };

function tokenMetrics(periodSeconds: number) {
  return Object.keys(PRICES).map((MetricName, i) => ({
    Id: `r0m${i}`,
    ReturnData: false,
    MetricStat: { Metric: { Namespace: 'AWS/Bedrock', MetricName, Dimensions: [{ Name: 'ModelId', Value: PROFILE_ID }] }, Period: periodSeconds, Stat: 'Sum' },
  }));
}

export function burnRate(windowHours: number, threshold: number, notifies: boolean) {
  const terms = Object.values(PRICES).map((price, i) => `FILL(r0m${i}, 0) * ${price}`);
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 1,
      Threshold: threshold,
      TreatMissingData: 'notBreaching',
      ...(notifies ? { AlarmActions: [TOPIC] } : {}),
      Metrics: [{ Id: 'spend', Expression: `(${terms.join(' + ')}) / 1000000`, ReturnData: true }, ...tokenMetrics(windowHours * 3_600)],
    },
  };
}

export function published(metricName: string, threshold: number, evaluationPeriods = 1, period = 900) {
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: evaluationPeriods,
      Threshold: threshold,
      TreatMissingData: 'ignore',
      AlarmActions: [TOPIC],
      Namespace: 'CdkBedrockCost',
      MetricName: metricName,
      Dimensions: [{ Name: 'Budget', Value: 'Stack/Budget' }],
      Statistic: 'Maximum',
      Period: period,
    },
  };
}

/** An alarm on the published cost within a window. */
export function spentWithin(windowMinutes: number, threshold: number, notifies = true, period = 900) {
  const { Type, Properties: { AlarmActions, ...rest } } = published('SpentUsd', threshold, 1, period);
  const Dimensions = [...rest.Dimensions, { Name: 'Window', Value: `${windowMinutes}` }];
  return { Type, Properties: { ...rest, Dimensions, TreatMissingData: 'notBreaching', ...(notifies ? { AlarmActions } : {}) } };
}

export function composite(children: readonly string[], operator: 'AND' | 'OR' = 'AND') {
  const parts = children.flatMap((child, i) => [`${i === 0 ? '' : ` ${operator} `}ALARM("`, { 'Fn::GetAtt': [child, 'Arn'] }, '")']);
  return { Type: 'AWS::CloudWatch::CompositeAlarm', Properties: { AlarmRule: { 'Fn::Join': ['', parts] }, AlarmActions: [TOPIC] } };
}

export function sampleTemplate({ limitUsd, burnRates }: SampleTemplate) {
  const resources: { [id: string]: unknown } = {};
  burnRates.forEach(({ factor, windowHours }, i) => {
    const threshold = (hours: number) => Math.round(factor * limitUsd * hours / HOURS_PER_MONTH * 100) / 100;
    const ids = windowHours.map((hours) => `Burn${i}In${hours}Hours`);
    windowHours.forEach((hours, j) => { resources[ids[j]] = burnRate(hours, threshold(hours), windowHours.length === 1); });
    if (windowHours.length > 1) resources[`Burn${i}`] = composite(ids);
  });
  for (const percent of [50, 80, 100]) resources[`Spent${percent}`] = published('MonthToDateUsd', limitUsd * percent / 100);
  return { Resources: resources };
}

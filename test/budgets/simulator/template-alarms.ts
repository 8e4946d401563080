import { AlarmRule, parseAlarmRule } from './alarm-rule';
import { StateRules, TreatMissingData } from './alarm-state';
import { compileMetricMath, MetricMath } from './metric-math';
import { BurnRateRequest, StackRequest } from '../../../src/lambda/month-to-date/contract';

/** A metric as an alarm reads it. */
export interface MetricRef {
  readonly namespace: string;
  readonly metricName: string;
  /** The dimensions as one text, references as `<LogicalId.Attribute>`. */
  readonly dimensions: string;
  readonly statistic: string;
}

export interface MetricAlarm extends StateRules {
  readonly id: string;
  readonly notifies: boolean;
  /** Whether it has actions for the state INSUFFICIENT_DATA. */
  readonly notifiesWithoutData: boolean;
  readonly threshold: number;
  readonly periodMinutes: number;
  readonly metrics: ReadonlyMap<string, MetricRef>;
  readonly math: MetricMath;
}

export interface CompositeAlarm {
  readonly id: string;
  readonly notifies: boolean;
  /** The logical ids of the alarms that its rule names. */
  readonly children: readonly string[];
  /** Whether its rule holds, by the states of its children. */
  readonly holds: AlarmRule['holds'];
}

/** A metric of tokens, and the price of a million of them. */
export interface Meter extends MetricRef {
  readonly usdPerMillion: number;
}

/** A budget as the function counts it. */
export interface CountedBudget {
  /** The value of the dimension `Budget`. */
  readonly name: string;
  readonly meters: readonly Meter[];
  /** The burn rates of `BurnRatio`. */
  readonly burnRates: readonly BurnRateRequest[];
}

export interface TemplateAlarms {
  readonly metricAlarms: readonly MetricAlarm[];
  readonly compositeAlarms: readonly CompositeAlarm[];
  /** The reasons why alarms are left out, by their logical ids. */
  readonly leftOut: ReadonlyMap<string, string>;
  /** The budgets in the inputs of the template's schedules. */
  readonly budgets: readonly CountedBudget[];
  /** The minutes between two runs of the month-to-date function: by the template's schedule, by default 15. */
  readonly countMinutes: number;
}

interface Resource { readonly Type: string; readonly Properties: { readonly [property: string]: any } }

const COMPARISONS: { readonly [operator: string]: (threshold: number) => (value: number) => boolean } = {
  GreaterThanThreshold: (threshold) => (value) => value > threshold,
  GreaterThanOrEqualToThreshold: (threshold) => (value) => value >= threshold,
  LessThanThreshold: (threshold) => (value) => value < threshold,
  LessThanOrEqualToThreshold: (threshold) => (value) => value <= threshold,
};

/** The properties that do not affect the time at which an alarm fires. */
const HARMLESS = ['AlarmName', 'AlarmDescription', 'AlarmActions', 'OKActions', 'InsufficientDataActions', 'ActionsEnabled', 'Tags', 'Unit'];
const UNDERSTOOD = {
  alarm: [...HARMLESS, 'Metrics', 'Namespace', 'MetricName', 'Dimensions', 'Statistic', 'Period', 'EvaluationPeriods', 'DatapointsToAlarm',
    'ComparisonOperator', 'Threshold', 'TreatMissingData'],
  composite: [...HARMLESS, 'AlarmRule'],
};

/** Reads all alarms of a CloudFormation template, and refuses alarms that the simulator does not support. */
export function readAlarms(template: { readonly Resources?: { readonly [id: string]: any } }): TemplateAlarms {
  const resources = Object.entries(template.Resources ?? {}) as [string, Resource][];
  const every = resources.filter(([, { Type }]) => /^AWS::CloudWatch::(Composite)?Alarm$/.test(Type));
  const alarms = every.filter(([, { Properties }]) => !isOfFunction(Properties));
  const schedules = resources.filter(([, { Type }]) => Type === 'AWS::Scheduler::Schedule').map(([, { Properties }]) => Properties);
  const byName = new Map(alarms.map(([id, { Properties: { AlarmName } }]) => [AlarmName === undefined ? id : text(AlarmName), id]));
  return {
    metricAlarms: alarms.filter(([, { Type }]) => Type === 'AWS::CloudWatch::Alarm').map(([id, { Properties }]) => metricAlarm(id, Properties)),
    compositeAlarms: alarms.filter(([, { Type }]) => Type === 'AWS::CloudWatch::CompositeAlarm')
      .map(([id, { Properties }]) => compositeAlarm(id, Properties, (name) => logicalId(name, new Set(alarms.map(([other]) => other)), byName))),
    leftOut: new Map(every.flatMap(([id, { Properties }]) => (isOfFunction(Properties) ? [[id, FUNCTION_NEVER_FAILS]] : []))),
    countMinutes: countMinutes(schedules),
    budgets: schedules.flatMap(({ Target }) => (Target === undefined ? [] : countedBudgets(JSON.parse(text(Target.Input))))),
  };
}

/** The budgets of a stack's request, each with the metrics of the meters that it covers. A cached token has two names, of which the first is used. */
function countedBudgets({ onDemand, budgets }: StackRequest): CountedBudget[] {
  const meters = onDemand.map(({ modelId, prices }) => prices.map(({ metric, usdPerMillion }): Meter => (
    { namespace: 'AWS/Bedrock', metricName: metric, dimensions: `ModelId=${modelId}`, statistic: 'Sum', usdPerMillion: Number(usdPerMillion) })));
  return budgets.map(({ budget, onDemand: covered, burnRates = [] }) => ({ name: budget, meters: covered.flatMap((i) => meters[i]), burnRates }));
}

function countMinutes(schedules: readonly Resource['Properties'][]): number {
  const rates = new Set(schedules.map(({ ScheduleExpression }) => ScheduleExpression as string));
  if (rates.size === 0) return 15;
  const [schedule] = rates;
  const [, count, unit] = (rates.size === 1 && /^rate\((\d+) (minute|hour)s?\)$/.exec(schedule)) || [];
  const [, minutes] = (rates.size === 1 && /^cron\(0\/(\d+) \* \* \* \? \*\)$/.exec(schedule)) || [];
  if ((count ?? minutes) === undefined) throw new Error(`the simulator does not know the schedules ${[...rates].join(', ')}`);
  return minutes ? Number(minutes) : Number(count) * (unit === 'hour' ? 60 : 1);
}

const FUNCTION_NEVER_FAILS = 'The function that counts runs at every interval and never fails here, so that there are datapoints, of no errors.';

/** True for an alarm on the failures of a function, which notifies without data as well. */
function isOfFunction({ Namespace, MetricName }: Resource['Properties']): boolean {
  return Namespace === 'AWS/Lambda' && MetricName === 'Errors';
}

function metricAlarm(id: string, alarm: Resource['Properties']): MetricAlarm {
  refuseUnknown(id, alarm, UNDERSTOOD.alarm);
  const { metrics, expression, periodSeconds } = alarm.Metrics ? mathQuery(id, alarm.Metrics) : {
    metrics: new Map([['m', metricRef(alarm, alarm.Statistic)]]), expression: 'm', periodSeconds: alarm.Period as number,
  };
  if (!Number.isInteger(periodSeconds / 60)) throw new Error(`${id}: a period of ${periodSeconds} s`);
  const evaluationPeriods: number = alarm.EvaluationPeriods;
  const limit = periodSeconds < 3_600 ? 86_400 : 604_800;
  if (periodSeconds * evaluationPeriods > limit) throw new Error(`${id}: CloudWatch refuses ${evaluationPeriods} periods of ${periodSeconds} s`);
  const comparison = COMPARISONS[alarm.ComparisonOperator];
  if (!comparison || typeof alarm.Threshold !== 'number') throw new Error(`${id}: ${alarm.ComparisonOperator} ${JSON.stringify(alarm.Threshold)}`);
  return {
    id,
    notifies: notifies(alarm),
    notifiesWithoutData: notifies({ ...alarm, AlarmActions: alarm.InsufficientDataActions }),
    threshold: alarm.Threshold,
    periodMinutes: periodSeconds / 60,
    metrics,
    math: compileMetricMath(expression, [...metrics.keys()]),
    evaluationPeriods,
    datapointsToAlarm: alarm.DatapointsToAlarm ?? evaluationPeriods,
    treatMissingData: (alarm.TreatMissingData ?? 'missing') as TreatMissingData,
    breaches: comparison(alarm.Threshold),
  };
}

/** One expression over metrics of one period: CloudWatch accepts at most 10 of them. */
function mathQuery(id: string, queries: Resource['Properties'][]) {
  const expressions = queries.filter(({ Expression }) => Expression !== undefined);
  const stats = queries.filter(({ MetricStat }) => MetricStat !== undefined);
  const returned = queries.filter(({ ReturnData }) => ReturnData !== false);
  const periods = new Set(stats.map(({ MetricStat: { Period } }) => Period));
  if (expressions.length !== 1 || returned.length !== 1 || returned[0] !== expressions[0]) {
    throw new Error(`${id}: the simulator knows one expression, and that one returned`);
  }
  if (periods.size !== 1) throw new Error(`${id}: metrics of several periods, ${[...periods].join(' s, ')} s`);
  if (stats.length > 10) throw new Error(`${id}: CloudWatch refuses ${stats.length} metrics in one alarm`);
  return {
    expression: text(expressions[0].Expression),
    periodSeconds: [...periods][0] as number,
    metrics: new Map(stats.map(({ Id, MetricStat: { Metric, Stat } }) => [Id as string, metricRef(Metric, Stat)])),
  };
}

function metricRef({ Namespace, MetricName, Dimensions = [] }: Resource['Properties'], statistic: string): MetricRef {
  const dimensions = (Dimensions as Resource['Properties'][]).map(({ Name, Value }) => `${Name}=${text(Value)}`).sort().join(',');
  return { namespace: Namespace, metricName: MetricName, dimensions, statistic };
}

function compositeAlarm(id: string, alarm: Resource['Properties'], idOf: (name: string) => string): CompositeAlarm {
  refuseUnknown(id, alarm, UNDERSTOOD.composite);
  const { names, holds } = parseAlarmRule(text(alarm.AlarmRule));
  const ids = new Map(names.map((name) => [name, idOf(name)]));
  return { id, notifies: notifies(alarm), holds: (stateOf) => holds((name) => stateOf(ids.get(name)!)), children: [...ids.values()] };
}

function notifies({ AlarmActions = [], ActionsEnabled = true }: Resource['Properties']): boolean {
  return ActionsEnabled && AlarmActions.length > 0;
}

function refuseUnknown(id: string, properties: Resource['Properties'], known: readonly string[]): void {
  const unknown = Object.keys(properties).filter((property) => !known.includes(property));
  if (unknown.length > 0) throw new Error(`${id}: the simulator does not know ${unknown.join(', ')}`);
}

/** A rule names an alarm by its name, or by its ARN, which ends with the name. */
function logicalId(name: string, ids: ReadonlySet<string>, byName: ReadonlyMap<string, string>): string {
  const reference = /^<([^.>]+)(?:\.Arn)?>$/.exec(name)?.[1];
  const id = reference !== undefined && ids.has(reference) ? reference : byName.get(name) ?? byName.get(name.replace(/^.*:alarm:/, ''));
  if (id === undefined) throw new Error(`an alarm rule names ${name}, which is not in the template`);
  return id;
}

/** A text of a template, with references as `<LogicalId>` and `<LogicalId.Attribute>`. */
export function text(value: any): string {
  if (typeof value === 'string') return value;
  if (value?.Ref) return `<${value.Ref}>`;
  if (value?.['Fn::GetAtt']) return `<${[value['Fn::GetAtt']].flat().join('.')}>`;
  if (value?.['Fn::Join']) return value['Fn::Join'][1].map(text).join(value['Fn::Join'][0]);
  throw new Error(`the simulator cannot resolve ${JSON.stringify(value)}`);
}

import { isNone } from './missing';

export enum AlarmState { OK, ALARM, INSUFFICIENT_DATA }

export type TreatMissingData = 'breaching' | 'notBreaching' | 'ignore' | 'missing';

/** The settings of a metric alarm that determine its state. */
export interface StateRules {
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly treatMissingData: TreatMissingData;
  readonly breaches: (value: number) => boolean;
}

/**
 * CloudWatch fetches more datapoints than the evaluation periods: older datapoints replace missing ones. AWS does not document their number;
 * its own examples fetch 5 for 3.
 */
export const EXTRA_DATAPOINTS = 2;

/**
 * The state after one evaluation. `datapoint(0)` is the newest, `datapoint(1)` the one a period before; NaN is none.
 *
 * - As many real datapoints as evaluation periods: the newest of them decide, for every treatment of missing data.
 * - Fewer: breaching and notBreaching fill in the rest. With missing, no datapoint at all is INSUFFICIENT_DATA, and
 *   breaching ones alarm as soon as the oldest is as old as the datapoints to alarm ("premature" alarms are avoided). With
 *   ignore, the state stays as it is unless the real datapoints decide: enough that breach, or one that does not.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function nextState(rules: StateRules, datapoint: (age: number) => number, current: AlarmState): AlarmState {
  const { evaluationPeriods, datapointsToAlarm, treatMissingData, breaches } = rules;
  let [real, breaching, oldestBreaching] = [0, 0, -1];
  for (let age = 0; age < evaluationPeriods + EXTRA_DATAPOINTS && real < evaluationPeriods; age++) {
    const value = datapoint(age);
    if (isNone(value)) continue;
    real++;
    if (breaches(value)) {
      breaching++;
      oldestBreaching = age;
    }
  }
  const missing = evaluationPeriods - real;
  if (breaching + (treatMissingData === 'breaching' ? missing : 0) >= datapointsToAlarm) return AlarmState.ALARM;
  if (missing === 0 || treatMissingData === 'breaching' || treatMissingData === 'notBreaching') return AlarmState.OK;
  if (treatMissingData === 'ignore') return breaching === real ? current : AlarmState.OK;
  if (real === 0) return AlarmState.INSUFFICIENT_DATA;
  return breaching === real && oldestBreaching + 1 >= datapointsToAlarm ? AlarmState.ALARM : AlarmState.OK;
}

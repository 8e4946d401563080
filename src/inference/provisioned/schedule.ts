import { TimeZone } from 'aws-cdk-lib';
import { BusinessHours } from '../../pricing/business-hours';
import { BedrockModel } from '../bedrock-model';

/** A day of the week. */
export enum DayOfWeek {
  /** Monday. */
  MONDAY = 'MON',
  /** Tuesday. */
  TUESDAY = 'TUE',
  /** Wednesday. */
  WEDNESDAY = 'WED',
  /** Thursday. */
  THURSDAY = 'THU',
  /** Friday. */
  FRIDAY = 'FRI',
  /** Saturday. */
  SATURDAY = 'SAT',
  /** Sunday. */
  SUNDAY = 'SUN',
}

/**
 * The hours in which provisioned throughput is there: bought at their beginning, deleted at their end.
 *
 * AWS gives it another ARN every day, and takes some minutes to provide it. The id to invoke is in the SSM parameter
 * `modelIdParameter` of the construct: the throughput's ARN, or the model outside the hours.
 */
export interface ThroughputSchedule {
  /**
   * The days.
   * @default - Monday to Friday
   */
  readonly days?: DayOfWeek[];
  /** When it is bought: `HH:MM` of the time zone, in steps of 5 minutes. */
  readonly start: string;
  /** When it is deleted: `HH:MM` of the same day, in steps of 5 minutes, or `24:00`. Callers are sent away 5 minutes before. */
  readonly end: string;
  /** The time zone of the times. */
  readonly timeZone: TimeZone;
  /** What is invoked outside the hours, and while the throughput is being made: the model on demand, or through an inference profile. */
  readonly outsideHours: BedrockModel;
}

const WORKDAYS = [DayOfWeek.MONDAY, DayOfWeek.TUESDAY, DayOfWeek.WEDNESDAY, DayOfWeek.THURSDAY, DayOfWeek.FRIDAY];

export function businessHoursOf({ days = WORKDAYS, start, end, timeZone }: ThroughputSchedule): BusinessHours {
  return { days, start, end, timeZone: timeZone.timezoneName };
}

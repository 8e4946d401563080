import { TimeZone } from 'aws-cdk-lib';
import { BusinessHours, hoursPerMonth } from '../../pricing/business-hours';
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

/** Hours of a week in which a `ScheduledModelThroughput` exists: it is bought at their start and deleted at their end. */
export interface ThroughputSchedule {
  /**
   * Days of the week.
   * @default - Monday to Friday
   */
  readonly days?: DayOfWeek[];
  /** Time of the purchase: `HH:MM` in the time zone, in steps of 5 minutes. AWS takes some minutes to provide the units. */
  readonly start: string;
  /**
   * Time of the deletion: `HH:MM` of the same day, in steps of 5 minutes, or `24:00`. `modelIdParameter` changes to `outsideHours` 5 minutes
   * before.
   */
  readonly end: string;
  /** Time zone of `start` and `end`. */
  readonly timeZone: TimeZone;
  /** Model to invoke outside of the hours and until AWS has provided the units: on demand, or through an inference profile. */
  readonly outsideHours: BedrockModel;
}

const WORKDAYS = [DayOfWeek.MONDAY, DayOfWeek.TUESDAY, DayOfWeek.WEDNESDAY, DayOfWeek.THURSDAY, DayOfWeek.FRIDAY];

export function businessHoursOf({ days = WORKDAYS, start, end, timeZone }: ThroughputSchedule): BusinessHours {
  return { days, start, end, timeZone: timeZone.timezoneName };
}

/** The billed hours in a month of this number of hours. */
export function scheduledHours(schedule: ThroughputSchedule, hoursInMonth: number): number {
  return hoursPerMonth(businessHoursOf(schedule), hoursInMonth);
}

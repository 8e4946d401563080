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

/** The hours of a week in which a `ScheduledModelThroughput` exists: bought at their beginning, deleted at their end. */
export interface ThroughputSchedule {
  /**
   * The days.
   * @default - Monday to Friday
   */
  readonly days?: DayOfWeek[];
  /** The time of the purchase: `HH:MM` of the time zone, in steps of 5 minutes. AWS takes some minutes to provide the units. */
  readonly start: string;
  /**
   * The time of the deletion: `HH:MM` of the same day, in steps of 5 minutes, or `24:00`. Callers are directed to
   * `outsideHours` 5 minutes before.
   */
  readonly end: string;
  /** The time zone of the times. */
  readonly timeZone: TimeZone;
  /** The model to invoke outside the hours and until AWS has provided the units: on demand, or through an inference profile. */
  readonly outsideHours: BedrockModel;
}

const WORKDAYS = [DayOfWeek.MONDAY, DayOfWeek.TUESDAY, DayOfWeek.WEDNESDAY, DayOfWeek.THURSDAY, DayOfWeek.FRIDAY];

export function businessHoursOf({ days = WORKDAYS, start, end, timeZone }: ThroughputSchedule): BusinessHours {
  return { days, start, end, timeZone: timeZone.timezoneName };
}

/** The hours that are billed in a month of so many hours. */
export function scheduledHours(schedule: ThroughputSchedule, hoursInMonth: number): number {
  return hoursPerMonth(businessHoursOf(schedule), hoursInMonth);
}

import { BusinessHours, businessHoursProblems, hoursPerMonth, hoursPerWeek, minutesOf, WEEKDAYS } from '../../src/pricing/business-hours';
import { fc } from '../fast-check';

const WORKDAYS = ['MON', 'TUE', 'WED', 'THU', 'FRI'];
const OFFICE: BusinessHours = { days: WORKDAYS, start: '08:00', end: '18:00', timeZone: 'Europe/Berlin' };
const on = (days: string[], start: string, end: string): BusinessHours => ({ days, start, end, timeZone: 'Europe/Berlin' });

describe('the hours', () => {
  test.each([
    // 5 x 10 = 50 a week; 50 / 168 x 730 = 217.26
    [OFFICE, 730, 50, 218],
    // 50 / 168 x 744 = 221.43
    [OFFICE, 744, 50, 222],
    // 7 x 12 = 84, half of the week: 365 of 730 exactly
    [on([...WEEKDAYS], '08:00', '20:00'), 730, 84, 365],
    // 5 x 24 = 120; 120 / 168 x 730 = 521.43
    [on(WORKDAYS, '00:00', '24:00'), 730, 120, 522],
    // 5 x 10.5 = 52.5 are used, 5 x 11 = 55 are begun; 55 / 168 x 730 = 238.99
    [on(WORKDAYS, '08:00', '18:30'), 730, 52.5, 239],
    // 1 / 12 hour is used, 1 begun; 1 / 168 x 730 = 4.35
    [on(['MON'], '08:00', '08:05'), 730, 1 / 12, 5],
    // 5 x 8 = 40; 40 / 168 x 735 = 175 exactly
    [on(WORKDAYS, '08:00', '16:00'), 735, 40, 175],
    // 42 = a quarter of the week; of 730.4 hours 182.6
    [on(['MON', 'TUE', 'WED'], '00:00', '14:00'), 730.4, 42, 183],
  ])('of %j in a month of %d are %d a week and %d a month', (hours, hoursInMonth, week, month) => {
    expect(hoursPerWeek(hours)).toBe(week);
    expect(hoursPerMonth(hours, hoursInMonth)).toBe(month);
  });
});

describe('business hours that are not allowed', () => {
  test.each<[Partial<BusinessHours>, string]>([
    [{ days: [] }, 'schedule.days must be one or more of MON, TUE, WED, THU, FRI, SAT, SUN, each once, got [].'],
    [{ days: ['MON', 'MON'] }, 'schedule.days must be one or more of MON, TUE, WED, THU, FRI, SAT, SUN, each once, got ["MON","MON"].'],
    [{ days: ['Monday'] }, 'schedule.days must be one or more of MON, TUE, WED, THU, FRI, SAT, SUN, each once, got ["Monday"].'],
    [{ days: 'MON' as unknown as string[] }, 'schedule.days must be one or more of MON, TUE, WED, THU, FRI, SAT, SUN, each once, got "MON".'],
    [{ start: '8:00' }, 'schedule.start must be HH:MM in steps of 5 minutes, from 00:00 to 23:55, got "8:00".'],
    [{ start: '08:01' }, 'schedule.start must be HH:MM in steps of 5 minutes, from 00:00 to 23:55, got "08:01".'],
    [{ start: '24:00' }, 'schedule.start must be HH:MM in steps of 5 minutes, from 00:00 to 23:55, got "24:00".'],
    [{ start: undefined }, 'schedule.start is required. Set HH:MM in steps of 5 minutes, from 00:00 to 23:55.'],
    [{ end: '25:00' }, 'schedule.end must be HH:MM in steps of 5 minutes, from 00:05 to 24:00, got "25:00".'],
    [{ end: '18:00\n' }, 'schedule.end must be HH:MM in steps of 5 minutes, from 00:05 to 24:00, got "18:00\\n".'],
    [{ end: '08:00' }, 'schedule.end must be a time at least an hour after start, 08:00, on the same day, got "08:00".'],
    [{ end: '08:55' }, 'schedule.end must be a time at least an hour after start, 08:00, on the same day, got "08:55".'],
    [{ start: '20:00', end: '04:00' }, 'schedule.end must be a time at least an hour after start, 20:00, on the same day, got "04:00".'],
    [{ timeZone: 'Europe/Bonn' }, 'schedule.timeZone must be the IANA name of a time zone, such as "Europe/Berlin", got "Europe/Bonn".'],
    [{ timeZone: '+01:00' }, 'schedule.timeZone must be the IANA name of a time zone, such as "Europe/Berlin", got "+01:00".'],
    [{ timeZone: '' }, 'schedule.timeZone must be the IANA name of a time zone, such as "Europe/Berlin", got "".'],
    [{ days: [...WEEKDAYS], start: '00:00', end: '24:00' }, 'schedule must be hours that leave out a part of the week, got {"days":["SUN","MON","TUE","WED","THU","FRI","SAT"],"start":"00:00","end":"24:00","timeZone":"Europe/Berlin"}. Use ProvisionedModelThroughput to have the units all the time.'],
  ])('%j have the problem: %s', (fields, text) => {
    const problems = businessHoursProblems({ ...OFFICE, ...fields } as BusinessHours);
    expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining(text)]);
  });

  test('are listed with every field that is wrong', () => {
    expect(businessHoursProblems({ days: [], start: '', end: '', timeZone: '' }).map(({ field }) => field))
      .toEqual(['schedule.days', 'schedule.start', 'schedule.end', 'schedule.timeZone']);
  });

  test('are not those of any window of an hour or more', () => {
    const clock = (step: number) => `${String(Math.floor(step / 12)).padStart(2, '0')}:${String(step % 12 * 5).padStart(2, '0')}`;
    const days = fc.subarray([...WEEKDAYS], { minLength: 1, maxLength: 6 });
    const timeZone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/St_Johns', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Kiritimati', 'Antarctica/Troll');
    fc.assert(fc.property(days, fc.nat(23 * 12), fc.nat(23 * 12), timeZone, (some, from, more, zone) => {
      const hours = { days: some, start: clock(from), end: clock(Math.min(from + 12 + more, 24 * 12)), timeZone: zone };
      expect(minutesOf(hours.end) - minutesOf(hours.start)).toBeGreaterThanOrEqual(60);
      expect(businessHoursProblems(hours)).toEqual([]);
    }));
  });
});

import { firstUse, historyStart, monthOf, monthToDate, recurringWeek, restByWeek, restOfMonth, withNewUse } from '../../../src/lambda/month-to-date/forecast';
import { fc } from '../../fast-check';
import { runs } from '../../runs';

const HOUR = 3600;
const at = (time: string) => Date.parse(time) / 1000;
/** An amount for every hour that has begun between two times. */
function hours(from: string, to: string, amountOf: (hour: number) => number): Map<number, number> {
  const result = new Map<number, number>();
  for (let hour = at(from); hour < at(to); hour += HOUR) result.set(hour, amountOf(hour));
  return result;
}
const forecast = (amounts: Map<number, number>, now: string) => monthToDate(amounts, at(now)) + restOfMonth(amounts, at(now));

describe('the month', () => {
  test.each([
    ['2026-02-28T23:59:59Z', '2026-02', '2026-02-01T00:00:00Z', '2026-03-01T00:00:00Z'],
    ['2026-03-01T00:00:00Z', '2026-03', '2026-03-01T00:00:00Z', '2026-04-01T00:00:00Z'],
    ['2026-12-31T23:59:59Z', '2026-12', '2026-12-01T00:00:00Z', '2027-01-01T00:00:00Z'],
    ['2028-02-29T12:00:00Z', '2028-02', '2028-02-01T00:00:00Z', '2028-03-01T00:00:00Z'],
  ])('of %s is %s', (time, name, start, end) => {
    expect(monthOf(at(time))).toEqual({ name, start: at(start), end: at(end) });
  });

  test.each([
    // Three weeks before, which is in the month before.
    ['2026-09-03T10:20:00Z', '2026-08-13T10:00:00Z'],
    // Later than three weeks after the month's beginning, it is that.
    ['2026-09-29T10:20:00Z', '2026-09-01T00:00:00Z'],
  ])('of %s requires amounts from %s', (now, start) => {
    expect(historyStart(at(now))).toBe(at(start));
  });

  test('has the sum of its hours until now', () => {
    const amounts = hours('2026-08-31T20:00:00Z', '2026-09-01T06:00:00Z', () => 1);
    // Midnight to 3:00, four hours, of which the last has just begun.
    expect(monthToDate(amounts, at('2026-09-01T03:10:00Z'))).toBe(4);
    expect(monthToDate(amounts, at('2026-08-31T23:59:59Z'))).toBe(4);
  });
});

describe('the forecast', () => {
  // September 2026: 720 hours. A dollar an hour is a month of 720.
  test.each(['2026-09-01T00:00:00Z', '2026-09-01T00:30:00Z', '2026-09-15T10:20:00Z', '2026-09-30T23:59:59Z'])(
    'of steady use at the limit is the limit at %s', (now) => {
      const soFar = hours('2026-08-01T00:00:00Z', new Date((at(now) - (at(now) % HOUR)) * 1000).toISOString(), () => 1);
      expect(forecast(soFar, now)).toBe(720);
    });

  test.each([0, 1, 2, 3, 4, 5, 6, 7])('of a weekly rhythm is exact on day %s of its month', (day) => {
    // Nothing at weekends, 2 an hour from 8 to 18 on working days: September 2026 has 22 of them, 22 x 10 x 2 = 440.
    const rhythm = (hour: number) => {
      const date = new Date(hour * 1000);
      return [0, 6].includes(date.getUTCDay()) || date.getUTCHours() < 8 || date.getUTCHours() >= 18 ? 0 : 2;
    };
    const now = new Date((at('2026-09-08T13:00:00Z') + day * 24 * HOUR) * 1000).toISOString();
    expect(forecast(hours('2026-08-01T00:00:00Z', now, rhythm), now)).toBe(440);
  });

  test('does not extrapolate one hour of runaway use', () => {
    const now = '2026-09-20T12:00:00Z';
    const amounts = hours('2026-08-01T00:00:00Z', now, () => 1);
    amounts.set(at('2026-09-18T03:00:00Z'), 500);
    // The month has the 499 more of that hour, once.
    expect(forecast(amounts, now)).toBe(720 + 499);
  });

  test('extrapolates runaway use of two weeks, but not of some days', () => {
    const now = '2026-09-20T00:00:00Z';
    const from = (start: string) => hours('2026-08-01T00:00:00Z', now, (hour) => (hour >= at(start) ? 10 : 1));
    // 19 days have gone: 456 hours at 1, of which 3 x 24 at 10, and 11 days of 24 hours at 1 are to come.
    expect(forecast(from('2026-09-17T00:00:00Z'), now)).toBe(456 + 72 * 9 + 264);
    // 15 days of 24 hours at 10, and 264 hours at 10 to come.
    expect(forecast(from('2026-09-05T00:00:00Z'), now)).toBe(456 + 360 * 9 + 264 * 10);
  });

  test('recognizes a job that ends at 2:10 in one week and at 1:50 in the next as the same job', () => {
    const now = '2026-09-21T12:00:00Z';
    const amounts = new Map<number, number>();
    // 20 nights and the one of the 21st, the hour changing by the week; 9 nights are to come: 30 in all.
    for (let day = -20; day <= 20; day++) amounts.set(at('2026-09-01T00:00:00Z') + (day * 24 + (Math.floor((day + 28) / 7) % 2 ? 1 : 2)) * HOUR, 5);
    expect(forecast(amounts, now)).toBe(30 * 5);
  });

  test('of use that began less than two weeks ago is the last week, not a decline', () => {
    // Since Sep 10: ten days and a half of a dollar an hour, 252, and 252 more to come.
    expect(forecast(hours('2026-09-10T00:00:00Z', '2026-09-20T12:00:00Z', () => 1), '2026-09-20T12:00:00Z')).toBe(252 + 252);
  });

  test('includes the remaining amount of the current hour', () => {
    const amounts = hours('2026-08-01T00:00:00Z', '2026-09-30T23:00:00Z', () => 10);
    amounts.set(at('2026-09-30T23:00:00Z'), 4);
    expect(restOfMonth(amounts, at('2026-09-30T23:30:00Z'))).toBe(6);
    amounts.set(at('2026-09-30T23:00:00Z'), 14);
    expect(restOfMonth(amounts, at('2026-09-30T23:30:00Z'))).toBe(0);
  });

  test('without use is $0', () => {
    expect(forecast(new Map(), '2026-09-20T12:00:00Z')).toBe(0);
  });
});

describe('a recurring week that was computed hours ago', () => {
  const FIRST = at('2026-09-20T00:00:00Z');
  const nothing = Array(168).fill(0);

  test('includes use that began since: it recurs a week later', () => {
    const uses = [{ hours: hours('2026-09-20T00:00:00Z', '2026-09-20T04:00:00Z', () => 2), firstUse: 0 }];
    const now = at('2026-09-20T03:30:00Z');
    const week = withNewUse(nothing, FIRST, uses, now);
    expect(week.slice(0, 5)).toEqual([2, 2, 2, 0, 0]);
    // On September 27, three hours of $2.
    expect(restByWeek(week, FIRST, 2, now)).toBe(6);
  });

  test('keeps use that is older than a week: the weeks before are compared', () => {
    const before = hours('2026-09-01T00:00:00Z', '2026-09-20T00:00:00Z', () => 1);
    const since = hours('2026-09-20T00:00:00Z', '2026-09-20T12:00:00Z', () => 50);
    const week = recurringWeek(before, FIRST);
    expect(withNewUse(week, FIRST, [{ hours: since, firstUse: firstUse(before) }], at('2026-09-20T11:00:00Z'))).toEqual(week);
  });

  test('includes use that began days before only in hours without use in the week before', () => {
    // Since September 13, 6:00: the hours from 0:00 to 6:00 of the week before had no use.
    const before = hours('2026-09-13T06:00:00Z', '2026-09-20T00:00:00Z', () => 1);
    const since = hours('2026-09-20T00:00:00Z', '2026-09-20T12:00:00Z', () => 1);
    const week = withNewUse(recurringWeek(before, FIRST), FIRST, [{ hours: since, firstUse: firstUse(before) }], at('2026-09-20T12:00:00Z'));
    expect(week).toEqual(Array(168).fill(1));
  });

  test('forecasts new use like the whole history', () => {
    const amount = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1_000 }));
    fc.assert(fc.property(fc.array(amount, { minLength: 1, maxLength: 24 }), fc.nat(3_599), fc.nat(29), (amounts, seconds, day) => {
      const first = at('2026-09-01T00:00:00Z') + day * 24 * HOUR;
      const used = new Map(amounts.map((usd, i) => [first + i * HOUR, usd]));
      const current = first + (amounts.length - 1) * HOUR;
      const now = current + seconds;
      const week = withNewUse(nothing, first, [{ hours: used, firstUse: 0 }], now);
      expect(restByWeek(week, first, used.get(current) ?? 0, now)).toBe(restOfMonth(used, now));
    }), { numRuns: runs({ quick: 100, full: 2_000 }) });
  });
});

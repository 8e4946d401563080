import { phaseAt, windowOf } from '../../../src/lambda/provisioned-model-throughput/business-hours';
import { TICK_MINUTES } from '../../../src/lambda/provisioned-model-throughput/contract';
import { BusinessHours, hoursPerWeek, WEEKDAYS } from '../../../src/pricing/business-hours';
import { fc } from '../../fast-check';

const WORKDAYS = ['MON', 'TUE', 'WED', 'THU', 'FRI'];
const OFFICE: BusinessHours = { days: WORKDAYS, start: '08:00', end: '18:00', timeZone: 'Europe/Berlin' };
const on = (days: string[], start: string, end: string, timeZone = 'Europe/Berlin'): BusinessHours => ({ days, start, end, timeZone });

const phases = (hours: BusinessHours, ...times: string[]) => times.map((time) => phaseAt(hours, new Date(time)));

/** The ticks of some hours after a time that are not closed: `HH:MM` in UTC, with `!` for closing. */
function ticks(hours: BusinessHours, from: string, count: number): string[] {
  const start = Date.parse(from);
  return Array.from({ length: count * 12 }, (_, i) => new Date(start + i * TICK_MINUTES * 60_000)).flatMap((time) => {
    const phase = phaseAt(hours, time);
    return phase === 'closed' ? [] : [time.toISOString().slice(11, 16) + (phase === 'closing' ? '!' : '')];
  });
}

describe('the phase', () => {
  test('is open from the start, closing in the last 5 minutes, and closed from the end on', () => {
    // Friday 2026-01-16; Berlin is an hour ahead of UTC in winter
    expect(phases(OFFICE, '2026-01-16T06:59:59Z', '2026-01-16T07:00:00Z', '2026-01-16T12:00:00Z')).toEqual(['closed', 'open', 'open']);
    expect(phases(OFFICE, '2026-01-16T16:54:59Z', '2026-01-16T16:55:00Z', '2026-01-16T16:59:59Z', '2026-01-16T17:00:00Z'))
      .toEqual(['open', 'closing', 'closing', 'closed']);
  });

  test('follows the clock of the zone, not UTC: in summer everything is an hour earlier', () => {
    expect(phases(OFFICE, '2026-07-17T05:55:00Z', '2026-07-17T06:00:00Z', '2026-07-17T15:55:00Z', '2026-07-17T16:00:00Z'))
      .toEqual(['closed', 'open', 'closing', 'closed']);
  });

  test('is closed on days that are not listed', () => {
    expect(phases(OFFICE, '2026-01-17T12:00:00Z', '2026-01-18T12:00:00Z', '2026-01-19T12:00:00Z')).toEqual(['closed', 'closed', 'open']);
  });

  test('follows the day of the zone, which may differ from the day in UTC', () => {
    // Monday 08:00 in Auckland (13 hours ahead in January) is Sunday 19:00 in UTC; Friday 18:00 is Friday 05:00
    const auckland = { ...OFFICE, timeZone: 'Pacific/Auckland' };
    expect(phases(auckland, '2026-01-18T18:55:00Z', '2026-01-18T19:00:00Z', '2026-01-23T04:55:00Z', '2026-01-23T05:00:00Z'))
      .toEqual(['closed', 'open', 'closing', 'closed']);
  });

  test('until 24:00 ends with the day', () => {
    const evening = on(['FRI'], '20:00', '24:00', 'UTC');
    expect(phases(evening, '2026-01-16T23:50:00Z', '2026-01-16T23:55:00Z', '2026-01-17T00:00:00Z')).toEqual(['open', 'closing', 'closed']);
  });

  test('stays open over a midnight at which one window ends and the next begins', () => {
    const workweek = on(WORKDAYS, '00:00', '24:00', 'UTC');
    expect(phases(workweek, '2026-01-15T23:55:00Z', '2026-01-16T00:00:00Z', '2026-01-16T23:55:00Z', '2026-01-17T00:00:00Z'))
      .toEqual(['open', 'open', 'closing', 'closed']);
  });
});

// Berlin, Sunday 2026-03-29: at 01:00 UTC the clock goes from 02:00 to 03:00; 02:30 does not exist.
describe('when the clock is set forward', () => {
  const BEFORE = '2026-03-29T00:00:00Z'; // 01:00

  test('a window over it is an hour shorter', () => {
    // 01:00 is 00:00 UTC, 04:00 is 02:00 UTC
    const open = ticks(on(['SUN'], '01:00', '04:00'), BEFORE, 4);
    expect([open.length, open.at(0), open.at(-1)]).toEqual([24, '00:00', '01:55!']);
  });

  test('a start that does not exist is at the time at which the clock passes it', () => {
    // from 03:00, 01:00 UTC
    expect(ticks(on(['SUN'], '02:30', '03:15'), BEFORE, 4)).toEqual(['01:00', '01:05', '01:10!']);
  });

  test('an end that does not exist is at the time at which the clock passes it, and the last minutes before are closing', () => {
    // 01:50 is 00:50 UTC; at 01:00 UTC it is 03:00 at once
    expect(ticks(on(['SUN'], '01:50', '02:30'), BEFORE, 4)).toEqual(['00:50', '00:55!']);
  });

  test('a window that does not exist never opens', () => {
    expect(ticks(on(['SUN'], '02:10', '02:50'), BEFORE, 4)).toEqual([]);
  });

  test('at midnight, the day begins when the clock has passed it', () => {
    // Cairo, Friday 2026-04-24: at 22:00 UTC of the 23rd the clock goes from 00:00 to 01:00
    expect(ticks(on(['FRI'], '00:30', '01:15', 'Africa/Cairo'), '2026-04-23T20:00:00Z', 6)).toEqual(['22:00', '22:05', '22:10!']);
    expect(ticks(on(['THU'], '23:45', '24:00', 'Africa/Cairo'), '2026-04-23T20:00:00Z', 6)).toEqual(['21:45', '21:50', '21:55!']);
  });
});

// Berlin, Sunday 2026-10-25: at 01:00 UTC the clock goes from 03:00 back to 02:00; 02:30 is at 00:30 and 01:30 UTC.
describe('when the clock is set back', () => {
  const BEFORE = '2026-10-24T23:00:00Z'; // 01:00

  test('a window over it is an hour longer', () => {
    // 01:00 is 23:00 UTC, 04:00 is 03:00 UTC
    const open = ticks(on(['SUN'], '01:00', '04:00'), BEFORE, 6);
    expect([open.length, open.at(0), open.at(-1)]).toEqual([48, '23:00', '02:55!']);
  });

  test('a window ends once, at the first of two ends', () => {
    expect(ticks(on(['SUN'], '02:20', '02:35'), BEFORE, 6)).toEqual(['00:20', '00:25', '00:30!']);
  });

  test('a window begins once, at the first of two starts, and stays open when the clock goes back', () => {
    // 02:45 for the first time is 00:45 UTC, 03:10 is 02:10 UTC
    const open = ticks(on(['SUN'], '02:45', '03:10'), BEFORE, 6);
    expect([open.length, open.at(0), open.at(-1)]).toEqual([17, '00:45', '02:05!']);
    expect(windowOf(on(['SUN'], '02:45', '03:10'), new Date('2026-10-25T01:00:00Z'))).toBe('2026-10-25-0245');
  });

  test('by half an hour, too', () => {
    // Lord Howe, Sunday 2026-04-05: at 15:00 UTC of the 4th from 02:00 back to 01:30. 01:45 is 14:45 UTC first, 02:10 is 15:40
    const open = ticks(on(['SUN'], '01:45', '02:10', 'Australia/Lord_Howe'), '2026-04-04T13:00:00Z', 4);
    expect([open.length, open.at(0), open.at(-1)]).toEqual([11, '14:45', '15:35!']);
  });

  test('over midnight, the day has 25 hours', () => {
    // Cairo, Thursday 2026-10-29: at 21:00 UTC from 24:00 back to 23:00. 23:30 is 20:30 UTC first, the day ends at 22:00
    const open = ticks(on(['THU'], '23:30', '24:00', 'Africa/Cairo'), '2026-10-29T18:00:00Z', 6);
    expect([open.length, open.at(0), open.at(-1)]).toEqual([18, '20:30', '21:55!']);
  });
});

describe('the name of a window', () => {
  const names = (hours: BusinessHours, ...times: string[]) => times.map((time) => windowOf(hours, new Date(time)));

  test('is the same from its start until the next one starts', () => {
    expect(names(OFFICE, '2026-01-16T07:00:00Z', '2026-01-16T16:59:00Z', '2026-01-18T12:00:00Z', '2026-01-19T06:55:00Z', '2026-01-19T07:00:00Z'))
      .toEqual(['2026-01-16-0800', '2026-01-16-0800', '2026-01-16-0800', '2026-01-16-0800', '2026-01-19-0800']);
  });

  test('is found a week back', () => {
    expect(names(on(['FRI'], '08:00', '18:00', 'UTC'), '2026-01-16T07:55:00Z')).toEqual(['2026-01-09-0800']);
  });

  test('is that of the first day if windows meet at midnight', () => {
    expect(names(on(WORKDAYS, '00:00', '24:00', 'UTC'), '2026-01-12T00:00:00Z', '2026-01-14T12:00:00Z', '2026-01-17T12:00:00Z', '2026-01-19T00:00:00Z'))
      .toEqual(['2026-01-12-0000', '2026-01-12-0000', '2026-01-12-0000', '2026-01-19-0000']);
  });
});

const ZONES = [
  'UTC', 'Europe/Berlin', 'Europe/London', 'America/New_York', 'America/Los_Angeles', 'America/St_Johns', 'America/Sao_Paulo', 'America/Havana',
  'Africa/Cairo', 'Asia/Kolkata', 'Asia/Kathmandu', 'Asia/Tokyo', 'Asia/Beirut', 'Australia/Adelaide', 'Australia/Lord_Howe', 'Pacific/Auckland',
  'Pacific/Chatham', 'Pacific/Kiritimati', 'Pacific/Apia', 'Antarctica/Troll',
];
const TICKS_PER_DAY = 24 * 12;
const clock = (tick: number) => `${String(Math.floor(tick / 12)).padStart(2, '0')}:${String(tick % 12 * 5).padStart(2, '0')}`;

const anyHours: fc.Arbitrary<BusinessHours> = fc.record({
  days: fc.subarray([...WEEKDAYS], { minLength: 1, maxLength: 6 }),
  from: fc.nat(TICKS_PER_DAY - 1),
  length: fc.integer({ min: 1, max: TICKS_PER_DAY }),
  timeZone: fc.constantFrom(...ZONES),
}).map(({ days, from, length, timeZone }) => ({ days, start: clock(from), end: clock(Math.min(from + length, TICKS_PER_DAY)), timeZone }));

/** Ticks from 2024 to 2031. */
const anyTick = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2031, 0, 1) }).map((ms) => ms - ms % (TICK_MINUTES * 60_000));
const ticksFrom = (from: number, days: number) => Array.from({ length: days * TICKS_PER_DAY }, (_, i) => new Date(from + i * TICK_MINUTES * 60_000));

function offsetMinutes(timeZone: string, time: Date): number {
  return (Date.parse(`${time.toLocaleString('sv-SE', { timeZone })}Z`) - time.getTime()) / 60_000;
}

test('a week without a clock change has exactly the weekly hours', () => {
  fc.assert(fc.property(anyHours, anyTick, (hours, from) => {
    const days = Array.from({ length: 9 }, (_, day) => new Date(from + (day - 1) * 86_400_000));
    fc.pre(new Set(days.map((time) => offsetMinutes(hours.timeZone, time))).size === 1);
    const there = ticksFrom(from, 7).filter((time) => phaseAt(hours, time) !== 'closed');
    expect(there.length * TICK_MINUTES).toBe(Math.round(hoursPerWeek(hours) * 60));
  }), { numRuns: 60 });
});

test('in any week, each window has a unique name, and closes once, at its end', () => {
  fc.assert(fc.property(anyHours, anyTick, (hours, from) => {
    const windows: { name: string; phases: string[] }[] = [];
    let isNew = true;
    for (const time of ticksFrom(from, 9)) {
      const phase = phaseAt(hours, time);
      if (phase === 'closed') {
        isNew = true;
        continue;
      }
      const name = windowOf(hours, time);
      if (isNew) windows.push({ name, phases: [] });
      isNew = false;
      expect(name).toBe(windows.at(-1)!.name);
      windows.at(-1)!.phases.push(phase);
    }
    expect(new Set(windows.map(({ name }) => name)).size).toBe(windows.length);
    // The last window may end after the examined ticks.
    for (const window of windows.slice(0, -1)) expect(window.phases.indexOf('closing')).toBe(window.phases.length - 1);
  }), { numRuns: 60 });
});

import { budgetsOverOne } from './budget-template';
import { BudgetCount, playFunction } from './published';
import { Play, runsOf } from './runs';
import { Meter, readAlarms } from './template-alarms';
import { HISTORY_MINUTES, monthNamed, Traffic } from './traffic';

const APRIL = 30 * 1_440;
const [DAY, HOUR] = [1_440, 60];

// Input at $3.30 per million: 1,000,000 tokens a minute are $3.30 a minute.
const input: Meter = { namespace: 'AWS/Bedrock', metricName: 'InputTokenCount', dimensions: 'ModelId=a', statistic: 'Sum', usdPerMillion: 3.3 };
const output: Meter = { ...input, metricName: 'OutputTokenCount', usdPerMillion: 16.5 };

type Use = (minute: number) => boolean;
const within = (from: number, to: number): Use => (minute) => minute >= from && minute < to;
/** A million tokens of each metric at every minute of its use. */
const traffic = (uses: readonly (readonly [Meter, Use])[]) => new Traffic(monthNamed('2026-04'), 1_000, new Map(uses.map(([meter, isUsed]) => (
  [meter, Float64Array.from({ length: HISTORY_MINUTES + APRIL }, (_, i) => (isUsed(i - HISTORY_MINUTES) ? 1_000_000 : 0))]))));

const PLAY: Play = { everyMinutes: 15, delayMinutes: 3, minutes: APRIL };
const BURN_RATES = [
  { windows: [{ minutes: 60, thresholdUsd: '33' }] },
  { windows: [{ minutes: 1_440, thresholdUsd: '660' }, { minutes: 360, thresholdUsd: '66' }] },
];
const counted = (uses: readonly (readonly [Meter, Use])[], play: Partial<Play> = {}) =>
  new BudgetCount(traffic(uses), { ...PLAY, ...play }, { meters: uses.map(([meter]) => meter), burnRates: BURN_RATES });
/** The values of runs of a play every 15 minutes, by their minutes. */
const at = (values: Float64Array | undefined, minutes: readonly number[], firstRun = 0) =>
  minutes.map((minute) => values![(minute - firstRun) / 15].toFixed(2));

describe('the runs of the function', () => {
  test('recount once a day, from the last recount before the month', () => {
    const recounts = (play: Partial<Play>) =>
      runsOf({ ...PLAY, minutes: 3 * DAY, ...play }).flatMap(({ minute, isRecount }) => (isRecount ? [minute] : []));
    expect(recounts({})).toEqual([-DAY, 0, DAY, 2 * DAY]);
    expect(recounts({ recountsAt: 495 })).toEqual([495 - DAY, 495, 495 + DAY, 495 + 2 * DAY]);
    expect(recounts({ recountsAt: 495 + 20 * DAY })).toEqual([495 - DAY, 495, 495 + DAY, 495 + 2 * DAY]);
    // A recount that falls between two runs is made by the next one.
    expect(recounts({ firstRun: 7, recountsAt: -8 })).toEqual([-8, 1_432, 2_872, 4_312]);
    expect(recounts({ firstRun: 7, recountsAt: 0 })).toEqual([-DAY, 7, 7 + DAY, 7 + 2 * DAY]);
  });
});

describe('a new metric', () => {
  test('is counted when it is listed, 15 minutes after its first datapoint, and then in full', () => {
    // Used from 1:40 on, first known at 1:44, listed at 1:59: the run at 1:45 would know 2 minutes, that at 2:00 counts 17.
    const use: Use = within(100, APRIL);
    expect(at(counted([[input, use]]).published('MonthToDateUsd'), [105, 120])).toEqual(['0.00', '56.10']);
    // From 1:42 on: listed at 2:01, counted at 2:15.
    expect(at(counted([[input, within(102, APRIL)]]).published('MonthToDateUsd'), [105, 120, 135])).toEqual(['0.00', '0.00', '99.00']);
    expect(at(counted([[input, within(102, APRIL)]]).spentWithin(60), [120, 135])).toEqual(['0.00', '99.00']);
  });

  test('is counted by a recount before it is listed', () => {
    expect(at(counted([[input, within(100, APRIL)]], { recountsAt: 105 }).published('MonthToDateUsd'), [105])).toEqual(['6.60']);
    // After that recount it was active.
    expect(at(counted([[input, within(102, 103)]], { recountsAt: 105, delayMinutes: 2 }).published('MonthToDateUsd'), [105, 120])).toEqual(['3.30', '3.30']);
  });

  test('does not delay others', () => {
    const both = counted([[input, within(0, APRIL)], [output, within(102, APRIL)]]);
    // Input of 117 minutes, $386.10; at 2:15 of 132 minutes, $435.60, and output of 30, $495.
    expect(at(both.published('MonthToDateUsd'), [120, 135])).toEqual(['386.10', '930.60']);
  });

  test('is new again after a weekend, and not after a day', () => {
    const [hour, later] = [within(0, 60), (from: number) => within(from, from + 60)];
    const resumed = (from: number) => at(counted([[input, (minute) => hour(minute) || later(from)(minute)]]).spentWithin(60), [from + 15, from + 30]);
    // The recounts at midnight leave a day open before them.
    expect(resumed(DAY - HOUR)).toEqual(['39.60', '89.10']);
    expect(resumed(3 * DAY + HOUR)).toEqual(['0.00', '89.10']);
  });
});

describe('the burn ratio', () => {
  test('is the highest of the burn rates, each with the lowest of its windows', () => {
    const ratio = counted([[input, within(100, 300)]], { listedAfterMinutes: 0 }).published('BurnRatio');
    // 2 minutes, $6.60 of $33; 17 minutes, $56.10; at 5:00 57 minutes of the hour.
    expect(at(ratio, [105, 120, 300])).toEqual(['0.20', '1.70', '5.70']);
    // The hour has 15 minutes at 5:45, $49.50; the day all of $660, which is 1, and the six hours more: 1.5 counts. At 6:15 only the day does.
    expect(at(ratio, [345, 375])).toEqual(['1.50', '1.00']);
    // At 7:45 six hours still hold 195 minutes, at 10:45 15 minutes: $49.50 of $66.
    expect(at(ratio, [465, 645, 675])).toEqual(['1.00', '0.75', '0.00']);
  });

  test('has windows that end with the last full five minutes', () => {
    const steadily = counted([[input, () => true]], { firstRun: 2 });
    // At 2:02 from 1:00 to 2:00, of which CloudWatch knows all but a minute.
    expect(at(steadily.spentWithin(60), [122], 2)).toEqual([(59 * 3.3).toFixed(2)]);
  });
});

test('each budget of a request is simulated with the meters that it covers', () => {
  const { budgets } = readAlarms(budgetsOverOne(2));
  const [first, second] = budgets.map(({ meters }) => meters.find(({ metricName }) => metricName === 'InputTokenCount')!);
  expect(budgets.map(({ name }) => name)).toEqual(['Stack/Team1/Budget', 'Stack/Team2/Budget']);
  const published = playFunction(traffic([[first, () => true], [second, within(-HISTORY_MINUTES, 0)]]), PLAY, budgets);
  const of = (budget: string) => published({ metricName: 'MonthToDateUsd', dimensions: `Budget=${budget}` });
  expect(at(of('Stack/Team1/Budget'), [30])).toEqual(['89.10']);
  expect(at(of('Stack/Team2/Budget'), [30])).toEqual(['0.00']);
  expect(of('Stack/Budget')).toBeUndefined();
});

import { parseAlarmRule } from './alarm-rule';
import { AlarmState, nextState, TreatMissingData } from './alarm-state';
import { compileMetricMath } from './metric-math';
import { BudgetCount } from './published';
import { lateness, renderRuns } from './report';
import { Play } from './runs';
import { burnRate, composite, published, sampleTemplate, spentWithin } from './sample-template';
import { Scenario, steady, weekdays } from './scenarios';
import { AlarmKind, simulate, SimulationOptions } from './simulate';
import { Meter, readAlarms } from './template-alarms';
import { HISTORY_MINUTES, metersOf, monthNamed, spending, Traffic, trafficOf } from './traffic';

const { OK, ALARM, INSUFFICIENT_DATA } = AlarmState;
const APRIL = 30 * 1_440;
const LIMIT = 1_000;

// Input at $3.30 per million: 1,000,000 tokens a minute are $3.30 a minute.
const input: Meter = { namespace: 'AWS/Bedrock', metricName: 'InputTokenCount', dimensions: 'ModelId=<Profile.InferenceProfileId>', statistic: 'Sum', usdPerMillion: 3.3 };
const used = (perMinute: (minute: number) => number) =>
  new Traffic(monthNamed('2026-04'), LIMIT,
    new Map([[input, Float64Array.from({ length: HISTORY_MINUTES + APRIL }, (_, i) => perMinute(i - HISTORY_MINUTES))]]));
/** $3.30 a minute from one minute up to another. */
const burst = (from: number, to: number) => used((minute) => (minute >= from && minute < to ? 1_000_000 : 0));
/** When the alarms that notify fire, by their logical ids. */
const fires = (resources: { [id: string]: unknown }, traffic: Traffic, options?: SimulationOptions) =>
  Object.fromEntries(simulate(readAlarms({ Resources: resources }), traffic, options).map(({ alarm, minute }) => [alarm, minute]));
/** The amounts that the function counts for the traffic. */
const counted = (traffic: Traffic, more: Partial<Play> = {}) =>
  new BudgetCount(traffic, { everyMinutes: 15, delayMinutes: 3, minutes: APRIL, ...more }, { meters: [input], burnRates: [] });
/** The same, with new metrics that are listed immediately. */
const AT_ONCE = { listedAfterMinutes: 0 };
/** The first of an hour that costs more than a number of dollars. */
const hourly = (threshold: number) => ({ Hour: burnRate(1, threshold, true) });

describe('a sliding window', () => {
  test('ends at every minute, and includes the usage within the period', () => {
    // $33.00 after 10 minutes, which is not more than $33; $36.30 after 11.
    expect(fires(hourly(33), burst(100, 300), { delayMinutes: 0 })).toEqual({ Hour: 111 });
    expect(fires(hourly(32.99), burst(100, 300), { delayMinutes: 0 })).toEqual({ Hour: 110 });
  });

  test.each([[3, 114], [10, 121]])('lacks the last %d minutes, which are not known yet', (delayMinutes, minute) => {
    expect(fires(hourly(33), burst(100, 300), { delayMinutes })).toEqual({ Hour: minute });
  });

  test('never sees more than a period less the delay', () => {
    // 57 minutes of $3.30 are $188.10
    expect(fires(hourly(188.09), burst(100, 300))).toEqual({ Hour: 160 });
    expect(fires(hourly(188.1), burst(100, 300))).toEqual({});
  });

  test('of an hour or more can be set to end at full hours only', () => {
    const options = { advance: 'every-hour' as const };
    // Up to 2:00, known at 2:00: the minutes 100 to 116, $56.10
    expect(fires(hourly(33), burst(100, 300), options)).toEqual({ Hour: 120 });
    // From minute 110 on: 7 minutes known at 2:00, all 10 at 2:03, which are $33.00; the next window ends at 3:00.
    expect(fires(hourly(33), burst(110, 300), options)).toEqual({ Hour: 180 });
    expect(fires(hourly(32.99), burst(110, 300), options)).toEqual({ Hour: 123 });
  });

  test('reaches back into the time before the month', () => {
    expect(fires(hourly(33), burst(-11, 0), { delayMinutes: 0 })).toEqual({ Hour: 0 });
  });
});

describe('the state', () => {
  // X breaches, O does not, - is missing. The newest datapoint is the last one, as in AWS's tables.
  const after = (points: string, datapointsToAlarm: number, treatMissingData: TreatMissingData, current = INSUFFICIENT_DATA) =>
    nextState({ evaluationPeriods: 3, datapointsToAlarm, treatMissingData, breaches: (value) => value > 0 },
      (age) => ({ X: 1, O: 0 })[points.replace(/ /g, '').split('').reverse()[age]] ?? NaN, current);
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
  test.each<[string, number, AlarmState, AlarmState | 'same', AlarmState, AlarmState]>([
    ['O - X - X', 3, OK, OK, OK, OK],
    ['- - - - O', 3, OK, OK, OK, OK],
    ['- - - - -', 3, INSUFFICIENT_DATA, 'same', ALARM, OK],
    ['O X X - X', 3, ALARM, ALARM, ALARM, ALARM],
    ['- - X - -', 3, ALARM, 'same', ALARM, OK],
    ['O - X - X', 2, ALARM, ALARM, ALARM, ALARM],
    ['O O X O X', 2, ALARM, ALARM, ALARM, ALARM],
    ['O - X - -', 2, OK, OK, ALARM, OK],
    ['- - - - O', 2, OK, OK, ALARM, OK],
  ])('after %s with %d of 3 to alarm is that of AWS\'s table', (points, m, missing, ignore, breaching, notBreaching) => {
    expect(after(points, m, 'missing')).toBe(missing);
    expect(after(points, m, 'breaching')).toBe(breaching);
    expect(after(points, m, 'notBreaching')).toBe(notBreaching);
    for (const current of [OK, ALARM]) expect(after(points, m, 'ignore', current)).toBe(ignore === 'same' ? current : ignore);
  });

  test('becomes INSUFFICIENT_DATA without usage, and OK if missing data does not breach', () => {
    const silent = burnRate(1, 1, false);
    const told = { ...silent.Properties, InsufficientDataActions: [{ Ref: 'Topic' }] };
    const plain = { ...told, Metrics: told.Metrics.map((query) => ('Expression' in query ? { ...query, Expression: 'r0m0' } : query)) };
    const alarm = (Properties: object) => ({ Alarm: { Type: silent.Type, Properties } });
    // Used until 2:00. The two datapoints before the newest are fetched as well: none is left when the window of the oldest
    // one has left 2:00 behind, at 5:00.
    expect(fires(alarm({ ...plain, TreatMissingData: 'missing' }), burst(0, 120), { delayMinutes: 0 })).toEqual({ Alarm: 300 });
    expect(fires(alarm({ ...plain, TreatMissingData: 'notBreaching' }), burst(0, 120))).toEqual({});
    // FILL leaves no datapoint missing.
    expect(fires(alarm({ ...told, TreatMissingData: 'missing' }), burst(0, 120))).toEqual({});
  });
});

describe('metric math', () => {
  const value = (expression: string, series: { [id: string]: number[] }) =>
    [...compileMetricMath(expression, Object.keys(series))(new Map(Object.entries(series).map(([id, values]) => [id, Float64Array.from(values)])))];

  test.each<[string, number[]]>([
    ['(FILL(a, 0) * 3.3 + FILL(b, 0) * 16.5) / 1000000', [(1 * 3.3 + 2 * 16.5) / 1e6, 0, 2 * 16.5 / 1e6]],
    ['a + b', [3, NaN, NaN]],
    ['-a - 1', [-2, NaN, NaN]],
    ['IF(b > 1, b, 0)', [2, NaN, 2]],
    ['IF(FILL(a, 0) > 0, 1, 0)', [1, 0, 0]],
    ['MAX([a, b])', [2, NaN, 2]],
    ['MIN([a, b])', [1, NaN, 2]],
    ['SUM([a, b])', [3, NaN, 2]],
  ])('computes %s minute by minute', (expression, expected) => {
    expect(value(expression, { a: [1, NaN, NaN], b: [2, NaN, 2] })).toEqual(expected);
  });

  test.each([
    ['RUNNING_SUM(a)', 'the function RUNNING_SUM'],
    ['SEARCH("x", "Sum", 300)', 'the function SEARCH'],
    ['SUM(METRICS())', 'the function METRICS'],
    ['MAX(a)', 'of a single series'],
    ['FILL(a, REPEAT)', 'the metric REPEAT'],
    ['a + c', 'the metric c'],
    ['2 a', 'the operator that is left out'],
    ['a ^ 2', 'the operator ^'],
    ['a AND b', 'the operator that is left out'],
    ['a = 1', 'a AssignmentNode'],
    ['1 + 1', 'an expression without a series'],
  ])('fails for %s, which is not supported', (expression, message) => {
    expect(() => value(expression, { a: [1], b: [1] })).toThrow(message);
  });
});

describe('a composite alarm', () => {
  const states: { [name: string]: AlarmState } = { on: ALARM, off: OK, unknown: INSUFFICIENT_DATA };
  const holds = (rule: string) => parseAlarmRule(rule).holds((name) => states[name]);

  test.each<[string, boolean]>([
    ['ALARM("on")', true],
    ['ALARM(on) AND ALARM("off")', false],
    ['ALARM("on") OR ALARM("off")', true],
    ['NOT ALARM("off") AND OK("off")', true],
    ['INSUFFICIENT_DATA("unknown") AND NOT (ALARM("unknown") OR FALSE)', true],
    ['(ALARM("off") AND ALARM("on")) OR (ALARM("on") AND ALARM("on"))', true],
    ['TRUE AND FALSE', false],
  ])('with the rule %s is in ALARM: %p', (rule, expected) => {
    expect(holds(rule)).toBe(expected);
  });

  test.each(['ALARM("a") AND ALARM("b") OR ALARM("c")', 'ALARM("a") ALARM("b")', '(ALARM("a")', 'ALARM("a") AND', 'AT_LEAST(2, ALARM, ("a"))', ''])(
    'fails for the rule %p', (rule) => {
      expect(() => parseAlarmRule(rule)).toThrow('does not understand the alarm rule');
    });

  const windows = (rule: unknown) => ({
    Long: burnRate(2, 33, false),
    Short: { ...burnRate(1, 16.5, false), Properties: { ...burnRate(1, 16.5, false).Properties, AlarmName: 'short-of-stack' } },
    Both: rule,
  });
  // Of $3.30 a minute: more than $16.50 within the hour after 6 minutes, more than $33 within two hours after 11.
  test.each<[string, unknown]>([
    ['ARNs', { 'Fn::Join': ['', ['ALARM("', { 'Fn::GetAtt': ['Long', 'Arn'] }, '") AND ALARM("', { 'Fn::GetAtt': ['Short', 'Arn'] }, '")']] }],
    ['references', { 'Fn::Join': ['', ['ALARM("', { Ref: 'Long' }, '") AND ALARM("', { Ref: 'Short' }, '")']] }],
    ['names', { 'Fn::Join': ['', ['ALARM("', { Ref: 'Long' }, '") AND ALARM(short-of-stack)']] }],
  ])('alone notifies, and names its children by %s', (_, AlarmRule) => {
    const both = { Type: 'AWS::CloudWatch::CompositeAlarm', Properties: { AlarmRule, AlarmActions: ['topic'] } };
    expect(fires(windows(both), burst(100, 300), { delayMinutes: 0 })).toEqual({ Both: 111 });
  });

  test('can consist of composite alarms', () => {
    const resources = { ...windows(composite(['Long', 'Short'])), Any: composite(['Both', 'Short'], 'OR') };
    expect(fires(resources, burst(100, 300), { delayMinutes: 0 })).toEqual({ Any: 106, Both: 111 });
  });

  test('fails for an unknown alarm, and for a cycle', () => {
    expect(() => readAlarms({ Resources: { Both: composite(['Nobody']) } })).toThrow('names <Nobody.Arn>');
    expect(() => fires({ A: composite(['B']), B: composite(['A']) }, burst(0, 1))).toThrow('in a circle: A, B');
  });
});

describe('the alarms of a template', () => {
  test('notify only with actions', () => {
    const { Type, Properties } = burnRate(1, 33, true);
    expect(fires({ Mute: burnRate(1, 33, false), Off: { Type, Properties: { ...Properties, ActionsEnabled: false } } }, burst(100, 300))).toEqual({});
  });

  test('contain the prices of the tokens', () => {
    const burnRates = [{ factor: 12, windowHours: [1] }, { factor: 2, windowHours: [24, 6] }];
    const meters = metersOf(readAlarms(sampleTemplate({ limitUsd: 1, burnRates })));
    expect(meters.map(({ metricName, usdPerMillion }) => [metricName, usdPerMillion])).toEqual([
      ['InputTokenCount', 3.3], ['OutputTokenCount', 16.5], ['CacheReadInputTokenCount', 0.33], ['CacheWriteInputTokenCount', 6.6],
    ]);
    expect(meters[0].dimensions).toBe('ModelId=<Profile.InferenceProfileId>');
  });

  const { Type, Properties } = burnRate(1, 33, true);
  const [spend, ...stats]: any[] = Properties.Metrics;
  const stat = (i: number, period = 3_600) => ({ ...stats[0], Id: `x${i}`, MetricStat: { ...stats[0].MetricStat, Period: period } });
  test.each<[string, object, string]>([
    ['metrics of two periods', { Metrics: [spend, ...stats, stat(1, 21_600)] }, 'metrics of several periods, 3600 s, 21600 s'],
    ['11 metrics', { Metrics: [spend, ...stats, ...[1, 2, 3, 4, 5, 6, 7].map((i) => stat(i))] }, 'CloudWatch refuses 11 metrics'],
    ['two series that are returned', { Metrics: [spend, { ...stats[0], ReturnData: true }] }, 'that one returned'],
    ['8 days', { EvaluationPeriods: 8 * 24 }, 'CloudWatch refuses 192 periods of 3600 s'],
    ['a window by the clock', { EvaluationWindow: { WallClockWindow: {} } }, 'does not know EvaluationWindow'],
    ['a band', { ComparisonOperator: 'GreaterThanUpperThreshold' }, 'GreaterThanUpperThreshold'],
  ])('fail for %s', (_, change, message) => {
    expect(() => readAlarms({ Resources: { Alarm: { Type, Properties: { ...Properties, ...change } } } })).toThrow(message);
  });

  const hour = spentWithin(60, 1);
  const spentBy = (Dimensions: object[], more: object = {}) => ({ ...hour, Properties: { ...hour.Properties, Dimensions, ...more } });
  const [Budget, Window] = [{ Name: 'Budget', Value: 'B' }, { Name: 'Window', Value: '60' }];
  test.each<[string, object, string]>([
    ['a metric that is not published', published('IdleHours', 24), 'Maximum of IdleHours by Budget=Stack/Budget'],
    ['one of a part', spentBy([Budget, { Name: 'Stack', Value: 'S' }, Window]), 'Maximum of SpentUsd by Budget=B,Stack=S,Window=60'],
    ['one without its window', spentBy([Budget]), 'Maximum of SpentUsd by Budget=B'],
    ['one of a window that is no number', spentBy([Budget, { ...Window, Value: 'day' }]), 'Maximum of SpentUsd by Budget=B,Window=day'],
    ['one of a window that it does not have', spentBy([Budget, Window], { MetricName: 'ForecastUsd' }), 'Maximum of ForecastUsd by Budget=B,Window=60'],
    ['another statistic', spentBy([Budget, Window], { Statistic: 'Sum' }), 'Sum of SpentUsd by Budget=B,Window=60'],
    ['a ratio without burn rates in the request', published('BurnRatio', 1), 'Maximum of BurnRatio by Budget=Stack/Budget'],
  ])('fail for %s', (_, alarm, what) => {
    expect(() => fires({ Alarm: alarm }, burst(0, 1))).toThrow(`the simulator publishes no ${what}`);
  });
});

describe('a published metric', () => {
  // $0.033 a minute, $1.98 an hour
  const even = (from: number) => used((minute) => (minute >= from ? 10_000 : 0));

  test('follows the data that CloudWatch has at the time', () => {
    const spent = counted(even(0), AT_ONCE).published('MonthToDateUsd')!;
    // 12 minutes known at 0:15, 57 at 1:00, 60 and 12 at 1:15
    expect([0, 1, 4, 5].map((run) => spent[run].toFixed(4))).toEqual(['0.0000', '0.3960', '1.8810', '2.3760']);
  });

  test('forecasts recurring usage', () => {
    const forecast = (traffic: Traffic) => counted(traffic, { delayMinutes: 0 }).published('ForecastUsd')!;
    // After three weeks of even usage, at any time: 720 hours of $1.98 in April are $1,425.60
    const alike = forecast(even(-HISTORY_MINUTES));
    for (const run of [0, 1, 1_000, 2_879]) expect(alike[run]).toBeCloseTo(1425.6, 6);
    // Begun with the month: each complete hour recurs four times in April, a week later each. At 1:00 4 x $1.98 and the $1.98 that were
    // spent; at 23:45 4 x 23 x $1.98 and $47.025; after the recount of a day, 4 x $47.52 and $47.52.
    const begun = forecast(even(0));
    expect([4, 95, 96, 97].map((run) => begun[run].toFixed(3))).toEqual(['9.900', '229.185', '237.600', '238.095']);
  });

  test('is published at the interval of the template', () => {
    const schedule = (ScheduleExpression: string) => ({ Type: 'AWS::Scheduler::Schedule', Properties: { ScheduleExpression } });
    const runs = (expression: string) => readAlarms({ Resources: { Schedule: schedule(expression) } }).countMinutes;
    expect(['rate(5 minutes)', 'rate(1 hour)', 'cron(0/15 * * * ? *)'].map(runs)).toEqual([5, 60, 15]);
    expect(() => runs('cron(0 0 * * ? *)')).toThrow('does not know the schedules cron');
    // Over $3.96 after 2 h 1 min: every hour, that is counted at 3:00.
    expect(fires({ Spent: published('MonthToDateUsd', 3.96, 1, 3_600), Schedule: schedule('rate(1 hour)') }, even(0))).toEqual({ Spent: 181 });
  });

  test('triggers an alarm only after consecutive values above the limit', () => {
    // Over $3.96 after 2 h 1 min. Runs are at 2:15, 2:30, 2:45 (and at 2:00: $3.96 less 3 minutes), known a minute later.
    const alarm = (periods: number) => fires({ Spent: published('MonthToDateUsd', 3.96, periods) }, even(0)).Spent;
    expect(alarm(1)).toBe(2 * 60 + 16);
    // The newest run within each of three windows of 15 minutes: the third run is known at 2:46.
    expect(alarm(3)).toBe(2 * 60 + 46);
  });

  test('triggers no alarm at exactly the limit', () => {
    // $1,425.60 at the end of the month, of which the last run has seen all but 18 minutes
    expect(fires({ Spent: published('MonthToDateUsd', 1425.6) }, even(0))).toEqual({});
    expect(fires({ Spent: published('MonthToDateUsd', 1425) }, even(0))).toEqual({ Spent: APRIL - 15 + 1 });
  });

  test('triggers a notification below the limit', () => {
    const spent = (limits: number[]) => Object.fromEntries(limits.map((usd) => [`Spent${usd}`, published('MonthToDateUsd', usd)]));
    const kinds = (limits: number[]) => simulate(readAlarms({ Resources: spent(limits) }), even(0)).map(({ kind }) => kind);
    // of a limit of $1,000
    expect(kinds([999, 1_000])).toEqual(['notice', 'month-to-date']);
  });
});

describe('the published cost of a window', () => {
  const dollars = (traffic: Traffic, windowMinutes: number, runs: number[], more: object = {}) => {
    const values = counted(traffic, { ...AT_ONCE, ...more }).spentWithin(windowMinutes);
    return runs.map((run) => values[run].toFixed(2));
  };

  test('follows the data that CloudWatch has at the time, including the time before the month', () => {
    // $3.30 a minute from 1:40 to 5:00. At 1:45: 2 minutes, at 2:00: 17, at 2:45: 57, as at 5:00; at 5:15: 45; at 6:00: nothing.
    expect(dollars(burst(100, 300), 60, [6, 7, 8, 11, 20, 21, 24])).toEqual(['0.00', '6.60', '56.10', '188.10', '188.10', '148.50', '0.00']);
    // All of 200 minutes of it within six hours, until 7:45: from 1:45 on, 195.
    expect(dollars(burst(100, 300), 360, [21, 30, 31])).toEqual(['660.00', '660.00', '643.50']);
    // A day and a week before the month began, less 3 minutes.
    expect(dollars(burst(-HISTORY_MINUTES, 0), 1_440, [0])).toEqual(['4742.10']);
    expect(dollars(burst(-HISTORY_MINUTES, 0), 10_080, [0])).toEqual(['33254.10']);
  });

  test('has a window that ends with the last full five minutes', () => {
    const steadily = burst(-HISTORY_MINUTES, APRIL);
    // At 0:07 from 23:05 to 0:05; at 0:35 to 0:35; at 0:42 from 23:40 to 0:40: 60 minutes each. Nothing is late here.
    expect(dollars(steadily, 60, [1, 5, 6], { everyMinutes: 7, delayMinutes: 0 })).toEqual(['198.00', '198.00', '198.00']);
    // 17 minutes: at 0:14 from 23:55 to 0:10, at 0:42 from 0:25 to 0:40. At 0:42 the minutes from 0:40 on are in no window yet.
    expect(dollars(steadily, 17, [2, 6], { everyMinutes: 7, delayMinutes: 0 })).toEqual(['49.50', '49.50']);
  });

  test('triggers an alarm when the datapoint of its run is available', () => {
    const whole = (windowMinutes: number, usd: number) => ({ Whole: spentWithin(windowMinutes, usd) });
    // Two minutes are known at 1:45, $6.60, and 17 at 2:00, $56.10, which is known itself a minute later.
    expect(fires(whole(60, 6.5), burst(100, 300), AT_ONCE)).toEqual({ Whole: 106 });
    expect(fires(whole(60, 33), burst(100, 300), AT_ONCE)).toEqual({ Whole: 121 });
    expect(fires(whole(60, 56), burst(100, 300), { ...AT_ONCE, delayMinutes: 10 })).toEqual({ Whole: 136 });
    // Without a delay: 5 minutes at 1:45, which are not more than $16.50, and 20 at 2:00. A window has the minutes before its end.
    expect(fires(whole(60, 16.49), burst(100, 300), { ...AT_ONCE, delayMinutes: 0 })).toEqual({ Whole: 106 });
    expect(fires(whole(60, 16.5), burst(100, 300), { ...AT_ONCE, delayMinutes: 0 })).toEqual({ Whole: 121 });
    // 57 minutes at most: $188.10. The first run that sees so many is at 2:45.
    expect(fires(whole(60, 188.09), burst(100, 300), AT_ONCE)).toEqual({ Whole: 166 });
    expect(fires(whole(60, 188.11), burst(100, 300), AT_ONCE)).toEqual({});
  });

  test('triggers an alarm at the interval of the template', () => {
    const Schedule = { Type: 'AWS::Scheduler::Schedule', Properties: { ScheduleExpression: 'rate(5 minutes)' } };
    // 12 minutes are known at 1:55, $39.60.
    expect(fires({ Whole: spentWithin(60, 33, true, 300), Schedule }, burst(100, 300), AT_ONCE)).toEqual({ Whole: 116 });
  });

  test('is a burn rate, in a composite alarm with the alarms on tokens', () => {
    const alarms = readAlarms({ Resources: { Group: burnRate(1, 60, false), Whole: spentWithin(60, 33, false), Any: composite(['Group', 'Whole'], 'OR') } });
    // The tokens are more than $60 after 19 minutes, known at 2:02; the whole alarms at 2:01.
    expect(simulate(alarms, burst(100, 300), AT_ONCE)).toMatchObject([{ alarm: 'Any', kind: 'burn-rate', minute: 121 }]);
    const [group, ...others] = alarms.metricAlarms;
    expect(simulate({ ...alarms, metricAlarms: [{ ...group, breaches: () => false }, ...others] }, burst(100, 300), AT_ONCE)).toMatchObject([{ alarm: 'Any', minute: 121 }]);
    expect(simulate(readAlarms({ Resources: { Whole: spentWithin(60, 33) } }), burst(100, 300), AT_ONCE)).toMatchObject([{ alarm: 'Whole', kind: 'burn-rate' }]);
  });

  test('has two windows, which must both be exceeded', () => {
    const both = (operator: string, state: string) => ({
      Long: spentWithin(360, 50, false),
      Short: spentWithin(60, 60, false),
      Both: { Type: 'AWS::CloudWatch::CompositeAlarm', Properties: { AlarmRule: `ALARM(Long) ${operator} ${state}(Short)`, AlarmActions: ['topic'] } },
    });
    // 17 minutes are known at 2:00, $56.10, and all 30 at 2:15, $99.
    expect(fires(both('AND', 'ALARM'), burst(100, 130), AT_ONCE)).toEqual({ Both: 136 });
    expect(fires(both('OR', 'ALARM'), burst(100, 130), AT_ONCE)).toEqual({ Both: 121 });
    // Over $30 within the hour until the run at 3:00, which holds the last ten minutes; at 3:15, known at 3:16, none.
    const ended = { ...both('AND', 'OK'), Short: spentWithin(60, 30, false), Long: spentWithin(360, 90, false) };
    expect(fires(ended, burst(100, 130), AT_ONCE)).toEqual({ Both: 196 });
  });
});

describe('the usage', () => {
  const meters = metersOf(readAlarms(sampleTemplate({ limitUsd: LIMIT, burnRates: [{ factor: 12, windowHours: [1] }] })));

  test.each(['2026-02', '2026-04', '2026-10'])('that spends the limit in %s never exceeds it, and is at most one token below it', (month) => {
    for (const shape of [steady, weekdays(8)]) {
      const traffic = trafficOf({ month, pace: spending(1, month, shape) }, meters, LIMIT);
      const usd = traffic.usd(0, traffic.minutes);
      expect(usd).toBeLessThanOrEqual(LIMIT);
      expect(usd).toBeGreaterThan(LIMIT - 1e-5);
    }
  });

  test('follows the days of the calendar', () => {
    // The first of May 2026 is a Friday.
    const traffic = trafficOf({ month: '2026-05', pace: spending(1, '2026-05', weekdays(8)) }, meters, LIMIT);
    const days = Array.from({ length: 5 }, (_, day) => traffic.usd(day * 1_440, (day + 1) * 1_440) > 0);
    expect(days).toEqual([true, false, false, true, true]);
    // 21 weekdays: $47.62 each, from 8:00 to 16:00
    expect(traffic.usd(0, 1_440)).toBeCloseTo(1_000 / 21, 1);
    expect(traffic.usd(8 * 60, 16 * 60)).toBe(traffic.usd(0, 1_440));
  });

  test('fails for a limit that is too small for whole tokens', () => {
    expect(() => trafficOf({ month: '2026-04', pace: steady }, meters, 1)).toThrow('too small');
  });

  test('at a burn rate of 20 spends 12 even hours after 36.5 minutes', () => {
    // $730 of 730 h: $12 in an hour. In April, 720 h: 20 x 730 / 720 = $20.28 an hour, $12 after 35.5 minutes, known 3 later.
    const alarms = readAlarms(sampleTemplate({ limitUsd: 730, burnRates: [{ factor: 12, windowHours: [1] }] }));
    const [first] = simulate(alarms, trafficOf({ month: '2026-04', pace: () => 20 }, metersOf(alarms), 730));
    expect(first).toMatchObject({ kind: 'burn-rate', minute: 39 });
    // 39 minutes at 20 times 1 / 43,200
    expect(first.spent).toBeCloseTo(39 * 20 / 43_200, 4);
  });
});

test('the table has a row for each scenario, from the best run to the worst', () => {
  const scenario = (name: string, expected: Scenario['expected'], begins = 0): Scenario => ({ name, expected, begins, month: '2026-04', pace: steady });
  const fired = (kind: AlarmKind, minute: number, spentSince: number) => ({ alarm: kind, kind, minute, spent: spentSince, spentSince });
  const runs = [
    { scenario: scenario('too much', 'alarm', 60), firings: [fired('burn-rate', 99, 0.018), fired('forecast', 60 + 1_440 + 59, 0.2)] },
    { scenario: scenario('too much', 'alarm', 60), firings: [fired('burn-rate', 60 + 61, 0.03)] },
    { scenario: scenario('late', 'pace'), firings: [fired('burn-rate', 595, 0.066)] },
    { scenario: scenario('within', 'silence'), firings: [fired('notice', 1, 0.5)] },
    { scenario: scenario('within', 'silence'), firings: [fired('forecast', 5, 0.5)] },
  ];
  const later = [
    { ...runs[0], firings: [fired('burn-rate', 108, 0.022)] }, { ...runs[0], firings: [fired('burn-rate', 109, 0.022)] },
    { ...runs[1], firings: [fired('burn-rate', 130, 0.035)] }, { ...runs[2], firings: [] }, { ...runs[3], firings: [fired('month-to-date', 5, 0.5)] }, { ...runs[4], firings: [] },
  ];
  expect(renderRuns({ tokens: runs, published: later, shifted: [] }).split('\n').slice(2, -1)).toEqual([
    '| too much (2) | 39 min to 1 h 1 min | 1.8 % to 3.0 % | 48 min to 1 h 10 min | 2.2 % to 3.5 % | 1 d 0 h (1 of 2) | 20.0 % | 0 |',
    '| late (1) | reports the pace: 9 h 55 min | 6.6 % | – | – | – | – | 0 |',
    '| within (2) | – | – | – | – | 5 min (1 of 2) | 50.0 % | 2 |',
  ]);
  expect([...lateness(runs, later, 'burn-rate')]).toEqual([[runs[0].scenario, 10], [runs[1].scenario, 9], [runs[2].scenario, Infinity]]);
});

import { BUDGET, FakeMonth, REGION, SONNET } from './fake-month';

let month: FakeMonth;
beforeAll(async () => { month = await FakeMonth.start(); });
afterAll(async () => month.aws.stop());
beforeEach(() => month.reset());
afterEach(() => jest.restoreAllMocks());

const NOW = '2026-09-15T10:20:00Z';
const PARTS = [{ stack: 'Search', region: 'eu-west-1' }, { stack: 'Mail', region: 'eu-west-1' }, { stack: 'Archive', region: REGION }];
const total = (more: object = {}) => ({ onDemand: [SONNET], total: { parts: PARTS, publishTo: [], limitUsd: '500', ...more } });
const whole = (metricName: string, region = REGION) => month.published(metricName, { Budget: BUDGET }, region);

/** What the function of another part has published. */
function said(stack: string, region: string, time: string, spent: number, forecast?: number): void {
  const publish = (metricName: string, value: number) => month.aws.points.push({
    region, namespace: 'CdkBedrockCost', metricName, dimensions: { Budget: BUDGET, Stack: stack }, time, value,
  });
  publish('MonthToDateUsd', spent);
  if (forecast !== undefined) publish('ForecastUsd', forecast);
}
/** All three, a quarter of an hour ago. */
function allSaid(): void {
  said('Search', 'eu-west-1', '2026-09-15T10:05:00Z', 20.5, 41);
  said('Mail', 'eu-west-1', '2026-09-15T10:05:00Z', 0.25, 0.5);
  said('Archive', REGION, '2026-09-15T10:05:00Z', 100, 200);
}

// $3.30 of its own: a million input tokens, in the night of September 14. By then two weeks are known in which there was
// nothing else, but it is the first use, so the last week is taken: two more nights of the 21st and the 28th.
beforeEach(() => month.count('InputTokenCount', '2026-09-14T02:00:00Z', 1_000_000));
const OWN_FORECAST = 9.9;

describe('the total of a budget', () => {
  test('is its own part and what the others said last, each in its region', async () => {
    allSaid();
    const summary = await month.run(NOW, total());
    // 3.3 + 20.5 + 0.25 + 100, and 9.9 + 41 + 0.5 + 200.
    expect(summary).toMatchObject({ monthToDateUsd: '3.3', forecastUsd: '9.9', total: { monthToDateUsd: '124.05', forecastUsd: '251.4' } });
    expect(whole('MonthToDateUsd')).toEqual({ [NOW]: 124.05 });
    expect(whole('ForecastUsd')).toEqual({ [NOW]: 251.4 });
  });

  test('of one part is that part', async () => {
    await month.run(NOW, total({ parts: [] }));
    expect([whole('MonthToDateUsd'), whole('ForecastUsd')]).toEqual([{ [NOW]: 3.3 }, { [NOW]: OWN_FORECAST }]);
  });

  test('takes of what a part said the newest, also when that is less', async () => {
    allSaid();
    said('Search', 'eu-west-1', '2026-09-15T09:50:00Z', 30, 60);
    expect(await month.run(NOW, total())).toMatchObject({ total: { monthToDateUsd: '124.05', forecastUsd: '251.4' } });
  });

  test('takes what a part says for the same minute', async () => {
    allSaid();
    said('Search', 'eu-west-1', NOW, 21.5, 42);
    expect(await month.run(NOW, total())).toMatchObject({ total: { monthToDateUsd: '125.05', forecastUsd: '252.4' } });
  });

  test('takes of a part that has fallen silent what it said last this month', async () => {
    allSaid();
    const warn = jest.spyOn(console, 'warn').mockImplementation();
    month.aws.points = month.aws.points.filter(({ dimensions }) => dimensions.Stack !== 'Mail');
    said('Mail', 'eu-west-1', '2026-09-02T00:00:00Z', 7, 90);
    said('Mail', 'eu-west-1', '2026-09-12T00:00:00Z', 8, 80);
    said('Mail', 'eu-west-1', '2026-08-31T23:59:00Z', 900, 900);
    // 3.3 + 20.5 + 8 + 100, and 9.9 + 41 + 80 + 200.
    expect(await month.run(NOW, total())).toMatchObject({ total: { monthToDateUsd: '131.8', forecastUsd: '330.9' } });
    expect(warn).not.toHaveBeenCalled();
  });

  test('keeps what a stack has cost this month that is no part any more', async () => {
    allSaid();
    // Said in the region of a part; 900 in the month before.
    said('Gone', 'eu-west-1', '2026-09-03T00:00:00Z', 70, 700);
    said('Gone', 'eu-west-1', '2026-09-04T00:00:00Z', 60, 600);
    said('Older', 'eu-west-1', '2026-08-31T23:59:00Z', 900, 900);
    // 124.05 and 251.4 of those that are parts, and the 60 that it was last counted to have cost, without a forecast.
    expect(await month.run(NOW, total())).toMatchObject({ total: { monthToDateUsd: '184.05', forecastUsd: '311.4' } });
  });

  test('is without a part that has said nothing this month, and says so', async () => {
    allSaid();
    const warn = jest.spyOn(console, 'warn').mockImplementation();
    month.aws.points = month.aws.points.filter(({ dimensions }) => dimensions.Stack !== 'Mail');
    said('Mail', 'eu-west-1', '2026-08-31T23:59:00Z', 900, 900);
    expect(await month.run(NOW, total())).toMatchObject({ total: { monthToDateUsd: '123.8' } });
    expect(warn.mock.calls).toEqual([['nothing was heard this month (2026-09) of the part of Team/Budget that is the stack Mail in eu-west-1: the total is without it']]);
  });

  test('takes a part without a forecast for what it has cost', async () => {
    said('Search', 'eu-west-1', '2026-09-15T10:05:00Z', 20);
    expect(await month.run(NOW, total({ parts: PARTS.slice(0, 1) }))).toMatchObject({ total: { monthToDateUsd: '23.3', forecastUsd: '29.9' } });
  });

  test('of a new month does not hold what the parts said of the old one', async () => {
    jest.spyOn(console, 'warn').mockImplementation();
    said('Search', 'eu-west-1', '2026-09-30T23:45:00Z', 20, 20);
    expect(await month.run('2026-10-01T00:00:00Z', total({ parts: PARTS.slice(0, 1) }))).toMatchObject({ total: { monthToDateUsd: '0' } });
  });

  test('of the old month is told anew in the first hours of the new one, with what the parts told anew', async () => {
    said('Search', 'eu-west-1', '2026-09-30T23:45:00Z', 20, 20);
    said('Search', 'eu-west-1', '2026-09-30T23:59:00Z', 22);
    said('Search', 'eu-west-1', '2026-10-01T00:45:00Z', 1, 30);
    await month.run('2026-10-01T01:00:00Z', total({ parts: PARTS.slice(0, 1), publishTo: ['us-east-1'] }));
    for (const region of [REGION, 'us-east-1']) {
      expect(whole('MonthToDateUsd', region)).toEqual({ '2026-09-30T23:59:00Z': 25.3, '2026-10-01T01:00:00Z': 1 });
      expect(Object.keys(whole('ForecastUsd', region))).toEqual(['2026-10-01T01:00:00Z']);
    }
  });

  test('goes to every region that waits for it, and nothing else does', async () => {
    allSaid();
    await month.run(NOW, total({ publishTo: ['us-east-1', 'ap-northeast-1'], plannedLimitsUsd: { '2026-09': '750.5' } }));
    for (const region of ['us-east-1', 'ap-northeast-1']) {
      expect(month.aws.points.filter((point) => point.region === region).map(({ metricName, dimensions }) => [metricName, dimensions])).toEqual([
        ['MonthToDateUsd', { Budget: BUDGET }], ['ForecastUsd', { Budget: BUDGET }], ['LimitUsd', { Budget: BUDGET }],
      ]);
      expect(whole('MonthToDateUsd', region)).toEqual({ [NOW]: 124.05 });
    }
  });

  test.each([
    ['2026-09-15T10:20:00Z', { '2026-09': '750.5' }, { '2026-09-15T10:20:00Z': 750.5 }],
    ['2026-11-15T10:20:00Z', { '2026-09': '750.5' }, { '2026-11-15T10:20:00Z': 500 }],
    ['2026-10-01T00:00:00Z', { '2026-09': '750.5', '2026-10': '10' }, { '2026-10-01T00:00:00Z': 10 }],
    ['2026-09-15T10:20:00Z', undefined, {}],
  ])('at %s has, of the planned limits %j, that of the month', async (now, plannedLimitsUsd, published) => {
    await month.run(now, total({ parts: [], plannedLimitsUsd }));
    expect(whole('LimitUsd')).toEqual(published);
  });

  test('is not published by a part', async () => {
    await month.run(NOW, { onDemand: [SONNET] });
    expect(whole('MonthToDateUsd')).toEqual({});
    expect(month.part()).toEqual({ [NOW]: 3.3 });
  });

  test('fails when a part cannot be read, and nothing is published', async () => {
    said('Search', 'eu-west-1', '2026-09-15T10:05:00Z', 20.5, 41);
    // The first answer is that of its own tokens.
    month.aws.faults = [{ operation: 'GetMetricData', change: (page) => page }, {
      operation: 'GetMetricData', change: ({ MetricDataResults }) => ({ MetricDataResults: MetricDataResults.slice(1) }),
    }];
    await expect(month.run(NOW, total({ parts: PARTS.slice(0, 1) }))).rejects.toThrow('MonthToDateUsd of Team/Budget / Search: no answer');
    expect(month.aws.callsOf('PutMetricData')).toEqual([]);
  });
});

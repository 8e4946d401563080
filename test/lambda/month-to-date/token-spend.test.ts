import { TokenMeter } from '../../../src/lambda/month-to-date/contract';
import { BUDGET, FakeMonth, METRICS, REGION, SONNET, STACK } from '../../harness/month-to-date';

let month: FakeMonth;
beforeAll(async () => { month = await FakeMonth.start(); });
afterAll(async () => month.aws.stop());
beforeEach(() => month.reset());
afterEach(() => jest.restoreAllMocks());

const NOW = '2026-09-15T10:20:00Z';
const sonnet = { onDemand: [SONNET] };
const iso = (time: number) => new Date(time).toISOString().replace('.000Z', 'Z');
const ofSonnet = () => month.ofResource('Chat/Assistant', 'us.anthropic.claude-sonnet-4-6', 'p1');

/** Tokens of September for exactly $8.29441371, with some of August and some after `NOW`. */
function countSeptember(): void {
  month.count('InputTokenCount', '2026-08-31T23:59:00Z', 9_000_000);
  month.count('InputTokenCount', '2026-09-01T00:00:00Z', 400_000);
  month.count('InputTokenCount', '2026-09-01T00:59:00Z', 600_000);
  month.count('OutputTokenCount', '2026-09-14T23:00:00Z', 250_000);
  month.count('CacheReadInputTokens', '2026-09-15T10:19:00Z', 1_234_567);
  month.count('CacheWriteInputTokens', '2026-09-15T10:20:00Z', 70_001);
  month.count('InputTokenCount', '2026-09-15T10:21:00Z', 9_000_000);
}
// 1,000,000 x 3.3 + 250,000 x 16.5 + 1,234,567 x 0.33 + 70,001 x 6.6, over a million:
// 3.3 + 4.125 + 0.40740711 + 0.4620066 = 8.29441371.
const SEPTEMBER = 8.29441371;

describe('the cost of tokens', () => {
  test('is exact, for the month until now', async () => {
    countSeptember();
    const { month: name, monthToDateUsd, resources } = await month.run(NOW, sonnet);
    expect([name, monthToDateUsd]).toEqual(['2026-09', '8.29441371']);
    expect(resources).toEqual([{
      resource: 'Chat/Assistant', model: 'us.anthropic.claude-sonnet-4-6', meter: 'p1', monthToDateUsd: '8.29441371', forecastUsd: expect.any(String),
    }]);
    expect(ofSonnet()).toEqual({ [NOW]: SEPTEMBER });
    expect(month.part()).toEqual({ [NOW]: SEPTEMBER });
  });

  test('has no binary rounding errors', async () => {
    // 3 x 0.1 is not 0.3 in binary; a price of $0.1 per million.
    for (const hour of ['01', '02', '03']) month.count('InputTokenCount', `2026-09-02T${hour}:00:00Z`, 1_000_000);
    const cheap: TokenMeter = { ...SONNET, prices: [{ metric: 'InputTokenCount', usdPerMillion: '0.1' }] };
    expect(await month.run(NOW, { onDemand: [cheap] })).toMatchObject({ monthToDateUsd: '0.3' });
  });

  test('is read from CloudWatch by hour, in the function\'s own region', async () => {
    await month.run(NOW, sonnet);
    const [{ region, body }] = month.aws.callsOf('GetMetricData');
    expect(region).toBe(REGION);
    expect(body.ScanBy).toBe('TimestampAscending');
    expect(body.MetricDataQueries.map(({ MetricStat }: any) => MetricStat)).toEqual(METRICS.map((MetricName) => (
      { Metric: { Namespace: 'AWS/Bedrock', MetricName, Dimensions: [{ Name: 'ModelId', Value: 'p1' }] }, Period: 3600, Stat: 'Sum' })));
  });

  // A million tokens read from the cache in one hour, two million in another: 3 x $0.33 = $0.99; written: 3 x $6.60 = $19.80.
  test.each([
    ['the names that dashboards read', ['CacheReadInputTokenCount'], 0.99],
    ['the names of the documentation', ['CacheReadInputTokens'], 0.99],
    ['both names, once', ['CacheReadInputTokenCount', 'CacheReadInputTokens'], 0.99],
    ['the names that dashboards read', ['CacheWriteInputTokenCount'], 19.8],
    ['the names of the documentation', ['CacheWriteInputTokens'], 19.8],
    ['both names, once', ['CacheWriteInputTokenCount', 'CacheWriteInputTokens'], 19.8],
  ])('counts cached tokens under %s: %j', async (_, names, usd) => {
    for (const name of names) {
      month.count(name, '2026-09-02T01:10:00Z', 1_000_000);
      month.count(name, '2026-09-03T01:10:00Z', 2_000_000);
    }
    expect(await month.run(NOW, sonnet)).toMatchObject({ monthToDateUsd: `${usd}` });
  });

  test('uses the larger count of each hour if the two names of cached tokens differ', async () => {
    month.count('CacheReadInputTokenCount', '2026-09-02T01:10:00Z', 1_000_000);
    month.count('CacheReadInputTokens', '2026-09-02T01:20:00Z', 3_000_000);
    month.count('CacheReadInputTokenCount', '2026-09-02T02:10:00Z', 2_000_000);
    // 5 million x $0.33.
    expect(await month.run(NOW, sonnet)).toMatchObject({ monthToDateUsd: '1.65' });
  });

  test('adds the requests with the model\'s ARN', async () => {
    const arn = 'arn:aws:bedrock:us-west-2:111122223333:inference-profile/us.anthropic.claude-sonnet-4-6';
    month.count('InputTokenCount', '2026-09-02T01:10:00Z', 1_000_000);
    month.count('InputTokenCount', '2026-09-02T01:20:00Z', 2_000_000, arn);
    month.count('CacheReadInputTokens', '2026-09-02T02:10:00Z', 1_000_000, arn);
    // 3 x $3.30 + $0.33.
    expect(await month.run(NOW, { onDemand: [{ ...SONNET, otherModelIds: [arn] }], windowsMinutes: [60], publishWindows: true })).toMatchObject({ monthToDateUsd: '10.23' });
  });

  test('does not count another model', async () => {
    month.count('InputTokenCount', '2026-09-02T00:00:00Z', 1_000_000, 'p2');
    expect(await month.run(NOW, sonnet)).toMatchObject({ monthToDateUsd: '0' });
  });

  test('forecasts the month: a million tokens an hour are 720 x $3.30', async () => {
    for (let hour = Date.parse('2026-08-20T00:00:00Z'); hour < Date.parse(NOW) - 3_600_000; hour += 3_600_000) {
      month.count('InputTokenCount', new Date(hour).toISOString(), 1_000_000);
    }
    // 346 hours have passed (14 days and 10 hours): 346 x 3.3 = 1141.8; the month 2376.
    expect(await month.run(NOW, sonnet)).toMatchObject({ monthToDateUsd: '1141.8', forecastUsd: '2376' });
    expect(month.part('ForecastUsd')).toEqual({ [NOW]: 2376 });
  });

  test('is published for the part only if the request has it', async () => {
    countSeptember();
    await month.run(NOW, { ...sonnet, publishPart: false });
    expect([month.part(), month.part('ForecastUsd')]).toEqual([{}, {}]);
    expect(ofSonnet()).toEqual({ [NOW]: SEPTEMBER });
  });

  test('is logged in one line', async () => {
    countSeptember();
    const summary = await month.run(NOW, sonnet);
    const lines = jest.mocked(console.log).mock.calls;
    expect(lines.map(([line]) => JSON.parse(line))).toEqual([summary]);
    expect(summary).toMatchObject({ budget: BUDGET, stack: STACK });
  });

  test.each([['missing', undefined], ['no date', '<aws.scheduler.scheduled-time>']])('is of the current time when the time is %s', async (_, time) => {
    month.deploy(sonnet);
    await month.invoke(NOW, { time });
    expect(Object.keys(ofSonnet())).toEqual([NOW]);
  });
});

describe('late, missed and repeated', () => {
  test('datapoints are counted by the next run, up to a day late', async () => {
    countSeptember();
    await month.run(NOW, sonnet);
    month.count('OutputTokenCount', '2026-09-14T11:00:00Z', 100_000);
    // 100,000 x 16.5 per million = 1.65 more, and 29.7 of the nine million after `NOW`.
    await month.run('2026-09-15T10:35:00Z', sonnet);
    expect(month.part()).toEqual({ [NOW]: SEPTEMBER, '2026-09-15T10:35:00Z': 39.64441371 });
  });

  test('datapoints that are more than a day late are counted by the recount of the next day', async () => {
    countSeptember();
    await month.run(NOW, sonnet);
    month.count('OutputTokenCount', '2026-09-10T04:00:00Z', 100_000);
    for (let minutes = 15; minutes <= 24 * 60; minutes += 15) await month.run(iso(Date.parse(NOW) + minutes * 60_000), sonnet);
    const { '2026-09-16T10:05:00Z': before, '2026-09-16T10:20:00Z': after } = month.part();
    expect([before, after]).toEqual([37.99441371, 39.64441371]);
  }, 30_000);

  test('runs are made up for by the next one', async () => {
    countSeptember();
    // The first run of the month is that of the 15th.
    await month.run('2026-09-15T18:00:00Z', sonnet);
    // And the 9 million after `NOW`: 29.7.
    expect(month.part()).toEqual({ '2026-09-15T18:00:00Z': 37.99441371 });
  });

  test('events publish the same values at the same time', async () => {
    countSeptember();
    const first = await month.run(NOW, sonnet);
    const [before] = month.aws.callsOf('PutMetricData');
    month.coldStart();
    expect(await month.run(NOW, sonnet)).toEqual(first);
    expect(month.aws.callsOf('PutMetricData')[1].body).toEqual(before.body);
  });

  test('a new month begins at $0', async () => {
    countSeptember();
    await month.run('2026-09-30T23:45:00Z', sonnet);
    await month.run('2026-10-01T06:00:00Z', sonnet);
    expect(month.part()).toEqual({ '2026-09-30T23:45:00Z': 37.99441371, '2026-10-01T06:00:00Z': 0 });
  });

  test('in its first six hours the previous month is published again, with late datapoints', async () => {
    countSeptember();
    await month.run('2026-09-30T23:45:00Z', sonnet);
    month.count('InputTokenCount', '2026-09-30T23:58:00Z', 1_000_000);
    month.count('InputTokenCount', '2026-10-01T00:10:00Z', 2_000_000);
    await month.run('2026-10-01T05:59:00Z', sonnet);
    // One million more at $3.30 for September, two for October; no forecast of the month that is over.
    expect(month.part()).toEqual({ '2026-09-30T23:45:00Z': 37.99441371, '2026-09-30T23:59:00Z': 41.29441371, '2026-10-01T05:59:00Z': 6.6 });
    expect(ofSonnet()).toEqual(month.part());
    expect(Object.keys(month.part('ForecastUsd'))).toEqual(['2026-09-30T23:45:00Z', '2026-10-01T05:59:00Z']);
  });
});

describe('an answer of CloudWatch', () => {
  test('is read to its last page', async () => {
    countSeptember();
    month.aws.pageSize = 1;
    expect(await month.run(NOW, sonnet)).toMatchObject({ monthToDateUsd: '8.29441371' });
    // The hour of August, and the one of September.
    expect(month.aws.callsOf('GetMetricData').map(({ body }) => body.NextToken)).toEqual([undefined, '1']);
  });

  test('that repeats an hour on the next page counts the hour once', async () => {
    countSeptember();
    month.aws.pageSize = 1;
    const [repeated, hour] = [Date.parse('2026-09-01T00:00:00Z') / 1000, 1_000_000];
    month.aws.faults = [{
      operation: 'GetMetricData',
      change: (page) => ({
        ...page,
        MetricDataResults: page.MetricDataResults.map((one: any) => (
          one.Id === 'm0' ? { ...one, Timestamps: [...one.Timestamps, repeated], Values: [...one.Values, hour] } : one)),
      }),
    }];
    expect(await month.run(NOW, sonnet)).toMatchObject({ monthToDateUsd: '8.29441371' });
  });

  test('has one page: a request has only as many series as fit into 100,800 datapoints', async () => {
    const meters = Array.from({ length: 84 }, (_, i) => ({ ...SONNET, resource: `Chat/R${i}`, modelId: `p${i}` }));
    for (const { modelId } of meters) month.count('InputTokenCount', '2026-09-02T00:00:00Z', 1_000_000, modelId);
    // 84 x 3.3 = 277.2; six series each are 504. From August 25, 10:00, on there are 505 hours: 100,800 / 505 = 199.6.
    expect(await month.run(NOW, { onDemand: meters })).toMatchObject({ monthToDateUsd: '277.2' });
    expect(month.aws.callsOf('GetMetricData').map(({ body }) => body.MetricDataQueries.length)).toEqual([199, 199, 106]);
  });

  const answering = (change: (result: any) => any, onlyPage = true) => ({
    operation: 'GetMetricData',
    change: ({ NextToken, ...page }: any) => ({
      ...page, ...(onlyPage ? {} : { NextToken }), MetricDataResults: page.MetricDataResults.flatMap((one: any) => (one.Id === 'm1' ? change(one) : [one])),
    }),
  });
  test.each([
    ['InternalError', (one: any) => [{ ...one, StatusCode: 'InternalError', Messages: [{ Code: 'Oops', Value: 'try again' }] }], /p1: InternalError, Oops try again$/],
    ['Forbidden', (one: any) => [{ ...one, StatusCode: 'Forbidden' }], /p1: Forbidden$/],
    ['PartialData on the last page', (one: any) => [{ ...one, StatusCode: 'PartialData' }], /p1: PartialData$/],
    ['without one of the series', () => [], /p1: no answer$/],
  ])('fails the run when it is %s, and nothing is published', async (_, change, message) => {
    countSeptember();
    month.aws.faults = [answering(change)];
    const run = month.run(NOW, sonnet);
    await expect(run).rejects.toThrow(/^CloudWatch did not return all metrics\. Nothing was published.*OutputTokenCount of p1/);
    await expect(run).rejects.toThrow(message);
    expect(month.aws.callsOf('PutMetricData')).toEqual([]);
  });

  test('fails the run when one page was an InternalError and the next was not', async () => {
    countSeptember();
    month.aws.pageSize = 1;
    month.aws.faults = [answering((one) => [{ ...one, StatusCode: 'InternalError' }], false)];
    await expect(month.run(NOW, sonnet)).rejects.toThrow('OutputTokenCount of p1: InternalError');
    expect(month.aws.callsOf('PutMetricData')).toEqual([]);
  });

  test('is complete when its status is Complete, with any other messages', async () => {
    countSeptember();
    month.aws.faults = [answering((one) => [{ ...one, Messages: [{ Code: 'Note', Value: 'hello' }] }])];
    expect(await month.run(NOW, sonnet)).toMatchObject({ monthToDateUsd: '8.29441371' });
  });

  test.each([
    ['GetMetricData', 400, 'ThrottlingException'], ['PutMetricData', 400, 'ThrottlingException'],
    ['GetSchedule', 429, 'ThrottlingException'], ['GetParameter', 400, 'ThrottlingException'], ['PutParameter', 500, 'InternalServerError'],
  ])('to %s is retried when AWS throttles or fails', async (operation, status, error) => {
    countSeptember();
    month.aws.faults = [{ operation, status, error, times: 2 }];
    await month.run(NOW, sonnet);
    // And the base of the next runs, written once.
    expect(month.aws.callsOf(operation)).toHaveLength(operation === 'PutParameter' ? 4 : 3);
    expect(month.part()).toEqual({ [NOW]: SEPTEMBER });
  }, 30_000);
});

describe('publishing', () => {
  test('uses several requests for many metrics', async () => {
    const meters = Array.from({ length: 300 }, (_, i) => ({ ...SONNET, resource: `Chat/R${i}`, modelId: `p${i}`, prices: SONNET.prices.slice(0, 1) }));
    await month.run(NOW, { onDemand: meters });
    // 300 resources, and the two metrics of the part.
    expect(month.aws.callsOf('PutMetricData').map(({ body }) => body.MetricData.length)).toEqual([150, 150, 2]);
  });
});

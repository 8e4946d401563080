import { TokenMeter } from '../../../src/lambda/month-to-date/contract';
import { BUDGET, FakeMonth, METRICS, partsIn, REGION, SONNET, STACK } from '../../harness/month-to-date';

let month: FakeMonth;
beforeAll(async () => { month = await FakeMonth.start(); });
afterAll(async () => month.aws.stop());
beforeEach(() => {
  month.reset();
  // The parts have only the cost in the windows.
  jest.spyOn(console, 'warn').mockImplementation();
});
afterEach(() => jest.restoreAllMocks());

const NOW = '2026-09-15T10:20:00Z';
const WINDOWS = { windowsMinutes: [60, 360, 1440], publishWindows: true };
const sonnet = { onDemand: [SONNET], ...WINDOWS };
const part = (minutes: number, stack = STACK) => month.published('SpentUsd', { Budget: BUDGET, Stack: stack, Window: `${minutes}` });
const whole = (minutes: number, region = REGION) => month.published('SpentUsd', { Budget: BUDGET, Window: `${minutes}` }, region);
const parts = () => WINDOWS.windowsMinutes.map((minutes) => part(minutes));
const wholes = () => WINDOWS.windowsMinutes.map((minutes) => whole(minutes));

/** Tokens around the beginnings of the three windows, 9:20, 4:20 and 10:20 the day before, and around their end. */
function countAroundEdges(): void {
  month.count('OutputTokenCount', '2026-09-14T10:19:00Z', 1_000_000);
  month.count('InputTokenCount', '2026-09-14T10:20:00Z', 100_000);
  month.count('InputTokenCount', '2026-09-15T04:19:00Z', 200_000);
  month.count('OutputTokenCount', '2026-09-15T04:20:00Z', 400_000);
  month.count('InputTokenCount', '2026-09-15T09:19:00Z', 10_000);
  month.count('CacheReadInputTokens', '2026-09-15T09:20:00Z', 1_234_567);
  month.count('CacheWriteInputTokens', '2026-09-15T10:19:00Z', 70_001);
  month.count('InputTokenCount', '2026-09-15T10:20:00Z', 9_000_000);
  month.count('InputTokenCount', '2026-09-15T10:21:00Z', 9_000_000);
}
// 1,234,567 x 0.33 + 70,001 x 6.6, over a million: 0.40740711 + 0.4620066.
const HOUR = 0.86941371;
// And 400,000 x 16.5 + 10,000 x 3.3: 6.6 + 0.033.
const SIX_HOURS = 7.50241371;
// And 300,000 x 3.3: 0.99.
const DAY = 8.49241371;

describe('the cost in the last minutes', () => {
  test('is exact, for each window until now', async () => {
    countAroundEdges();
    await month.run(NOW, sonnet);
    expect(parts()).toEqual([{ [NOW]: HOUR }, { [NOW]: SIX_HOURS }, { [NOW]: DAY }]);
    expect(wholes()).toEqual([{}, {}, {}]);
  });

  test('is for a window of its length that ends with the last full five minutes', async () => {
    for (const minute of ['09:19', '09:20', '09:24', '09:25', '10:19', '10:20', '10:22']) month.count('InputTokenCount', `2026-09-15T${minute}:00Z`, 1_000_000);
    // From 9:20 up to 10:20: four of $3.30, published for the minute of the run.
    for (const time of ['10:20:00', '10:22:30', '10:24:59']) {
      await month.run(`2026-09-15T${time}Z`, { ...sonnet, windowsMinutes: [60], publishWindows: true });
      expect(Object.values(part(60)).pop()).toBe(13.2);
    }
    expect(Object.keys(part(60))).toEqual(['10:20', '10:22', '10:24'].map((minute) => `2026-09-15T${minute}:00Z`));
  });

  test('includes all models and images of the budget, and no others', async () => {
    const images: TokenMeter = { resource: 'Chat/Painter', model: 'amazon.nova-canvas-v1:0', modelId: 'p2', prices: [{ metric: 'OutputImageCount', usdPerMillion: '40000' }] };
    month.count('InputTokenCount', '2026-09-15T10:00:00Z', 1_000_000);
    month.count('OutputImageCount', '2026-09-15T10:00:00Z', 3, 'p2');
    month.count('InputTokenCount', '2026-09-15T10:00:00Z', 1_000_000, 'p3');
    await month.run(NOW, { onDemand: [SONNET, images], windowsMinutes: [60], publishWindows: true });
    // 3.3 + 3 x 0.04.
    expect(part(60)).toEqual({ [NOW]: 3.42 });
  });

  test('has no binary rounding errors', async () => {
    // 3 x 0.1 is not 0.3 in binary; a price of $0.1 per million.
    for (const minute of ['00', '05', '10']) month.count('InputTokenCount', `2026-09-15T10:${minute}:00Z`, 1_000_000);
    await month.run(NOW, { onDemand: [{ ...SONNET, prices: [{ metric: 'InputTokenCount', usdPerMillion: '0.1' }] }], windowsMinutes: [60], publishWindows: true });
    expect(part(60)).toEqual({ [NOW]: 0.3 });
  });

  test('falls again, to $0 without use', async () => {
    countAroundEdges();
    await month.run(NOW, sonnet);
    await month.run('2026-09-15T17:20:00Z', { ...sonnet, windowsMinutes: [60, 360], publishWindows: true });
    expect([part(60), part(360)]).toEqual([{ [NOW]: HOUR, '2026-09-15T17:20:00Z': 0 }, { [NOW]: SIX_HOURS, '2026-09-15T17:20:00Z': 0 }]);
  });

  test('is $0 without a meter', async () => {
    await month.run(NOW, WINDOWS);
    expect(parts()).toEqual([{ [NOW]: 0 }, { [NOW]: 0 }, { [NOW]: 0 }]);
  });

  test('includes the previous month, and is not published when that is closed', async () => {
    month.count('InputTokenCount', '2026-09-30T23:30:00Z', 1_000_000);
    month.count('InputTokenCount', '2026-10-01T00:05:00Z', 1_000_000);
    await month.run('2026-10-01T00:10:00Z', { ...sonnet, total: { parts: [], publishTo: [], limitUsd: '500' } });
    expect(parts()).toEqual(Array(3).fill({ '2026-10-01T00:10:00Z': 6.6 }));
    expect(wholes()).toEqual(parts());
    expect(month.part()).toEqual({ '2026-09-30T23:59:00Z': 3.3, '2026-10-01T00:10:00Z': 3.3 });
  });

  test('is read from CloudWatch by five minutes, for the longest window, once, if there is a meter', async () => {
    for (const metric of METRICS) month.count(metric, '2026-09-15T04:00:00Z', 1);
    await month.run('2026-09-15T10:22:30Z', { ...sonnet, onDemand: [SONNET, { ...SONNET, modelId: 'idle' }] });
    const [body, ...more] = month.aws.callsOf('GetMetricData').map((call) => call.body)
      .filter(({ MetricDataQueries: [{ MetricStat }] }) => MetricStat.Period !== 3600);
    expect(more).toEqual([]);
    expect(new Date(body.StartTime * 1000).toISOString()).toBe('2026-09-14T10:20:00.000Z');
    expect(new Date(body.EndTime * 1000).toISOString()).toBe('2026-09-15T10:23:00.000Z');
    expect(body.MetricDataQueries.map(({ MetricStat }: any) => MetricStat)).toEqual(METRICS.map((MetricName) => (
      { Metric: { Namespace: 'AWS/Bedrock', MetricName, Dimensions: [{ Name: 'ModelId', Value: 'p1' }] }, Period: 300, Stat: 'Sum' })));
  });

  test('is read to the last page', async () => {
    countAroundEdges();
    month.aws.pageSize = 1;
    await month.run(NOW, sonnet);
    expect(parts()).toEqual([{ [NOW]: HOUR }, { [NOW]: SIX_HOURS }, { [NOW]: DAY }]);
  });

  test.each([['empty', []], ['missing', undefined]])('is not read when the windows are %s', async (_, windowsMinutes) => {
    countAroundEdges();
    await month.run(NOW, { onDemand: [SONNET], windowsMinutes, publishWindows: true, total: { parts: partsIn({ Search: REGION }), publishTo: [], limitUsd: '500' } });
    expect(month.aws.points.map(({ metricName }) => metricName)).not.toContain('SpentUsd');
    // Its own hours.
    expect(month.aws.callsOf('GetMetricData').map(({ body }) => body.MetricDataQueries[0].MetricStat.Period)).toEqual([3600]);
  });

  test('fails the run when the answer about tokens is incomplete, and nothing is published', async () => {
    countAroundEdges();
    const incomplete = (page: any, { MetricDataQueries: [{ MetricStat: { Period } }] }: any) => (
      Period === 300 ? { MetricDataResults: page.MetricDataResults.map((one: any) => ({ ...one, StatusCode: 'PartialData' })) } : page);
    month.aws.faults = [{ operation: 'GetMetricData', times: 10, change: incomplete }];
    await expect(month.run(NOW, sonnet)).rejects.toThrow('Nothing was published');
    expect(month.aws.callsOf('PutMetricData')).toEqual([]);
  });
});

describe('the cost of the whole budget in the last minutes', () => {
  const PARTS = partsIn({ Search: 'eu-west-1', Mail: 'eu-west-1', Archive: REGION });
  const total = (more: object = {}) => ({ ...sonnet, windowsMinutes: [60, 1440], publishWindows: true, total: { parts: PARTS, publishTo: [], limitUsd: '500', ...more } });
  /** Writes the count of another part, for an hour and for a day. */
  function said(stack: string, region: string, time: string, ofHour: number, ofDay: number): void {
    month.writeLedger(stack, region, { asOf: Date.parse(time) / 1000, windows: { 60: `${ofHour}`, 1440: `${ofDay}` }, months: { '2026-09': {} } });
  }
  function allSaid(): void {
    said('Search', 'eu-west-1', '2026-09-15T10:05:00Z', 0.2, 20.5);
    said('Mail', 'eu-west-1', '2026-09-15T10:05:00Z', 0.1, 0.25);
    said('Archive', REGION, '2026-09-15T10:05:00Z', 1, 100);
  }
  beforeEach(countAroundEdges);

  test('is the own part and the last counts of the others, each in its region', async () => {
    allSaid();
    await month.run(NOW, total());
    // 0.86941371 + 0.2 + 0.1 + 1, and 8.49241371 + 20.5 + 0.25 + 100.
    expect([whole(60), whole(1440)]).toEqual([{ [NOW]: 2.16941371 }, { [NOW]: 129.24241371 }]);
    expect([part(60), part(1440)]).toEqual([{ [NOW]: HOUR }, { [NOW]: DAY }]);
  });

  test('of one part is that part, published once unless the part is requested', async () => {
    await month.run(NOW, { ...total({ parts: [] }), publishPart: false });
    expect([whole(60), whole(1440)]).toEqual([{ [NOW]: HOUR }, { [NOW]: DAY }]);
    expect([part(60), part(1440)]).toEqual([{}, {}]);
  });

  test('uses the newest count, also when it is lower or of the same minute', async () => {
    said('Search', 'eu-west-1', '2026-09-15T09:50:00Z', 30, 60);
    allSaid();
    said('Mail', 'eu-west-1', '2026-09-15T10:16:00Z', 40, 70);
    said('Mail', 'eu-west-1', '2026-09-15T10:19:00Z', 0, 0);
    said('Archive', REGION, NOW, 2, 200);
    await month.run(NOW, total());
    // 0.86941371 + 0.2 + 0 + 2, and 8.49241371 + 20.5 + 0 + 200.
    expect([whole(60), whole(1440)]).toEqual([{ [NOW]: 3.06941371 }, { [NOW]: 228.99241371 }]);
  });

  test('includes nothing of a part that has not counted for more than an hour', async () => {
    said('Search', 'eu-west-1', '2026-09-15T09:20:00Z', 0.2, 20.5);
    said('Mail', 'eu-west-1', '2026-09-15T09:19:00Z', 0.1, 0.25);
    said('Archive', REGION, '2026-09-14T00:00:00Z', 1, 100);
    await month.run(NOW, total());
    // 0.86941371 + 0.2, and 8.49241371 + 20.5.
    expect([whole(60), whole(1440)]).toEqual([{ [NOW]: 1.06941371 }, { [NOW]: 28.99241371 }]);
  });

  test('stays in its own region', async () => {
    await month.run(NOW, total({ publishTo: ['us-east-1'] }));
    expect(whole(60, 'us-east-1')).toEqual({});
    expect(month.published('MonthToDateUsd', { Budget: BUDGET }, 'us-east-1')).not.toEqual({});
  });
});

import { FakeMonth, ledgerOf, METRICS, REGION, SONNET } from '../../harness/month-to-date';

let month: FakeMonth;
beforeAll(async () => { month = await FakeMonth.start(); });
afterAll(async () => month.aws.stop());
beforeEach(() => month.reset());
afterEach(() => jest.restoreAllMocks());

const ARN = 'arn:aws:bedrock:us-west-2:111111111111:provisioned-model/aaaaaaaaaaaa';
const NOW = '2026-09-15T10:20:00Z';
const sonnet = { onDemand: [SONNET] };
const BASE = `${REGION} ${ledgerOf('Chat').replace(/1$/, 'base-1')}`;
const iso = (time: number) => new Date(time).toISOString().replace('.000Z', 'Z');
/** A time some minutes after `NOW`. */
const after = (minutes: number) => iso(Date.parse(NOW) + minutes * 60_000);
/** A million input tokens cost $3.30. */
const use = (millions: number, time: string, modelId = 'p1') => month.count('InputTokenCount', time, millions * 1_000_000, modelId);
/** The periods of the series that a run has read, and their names. */
const read = () => {
  const series = month.aws.callsOf('GetMetricData').flatMap(({ body }) => body.MetricDataQueries.map(({ MetricStat: { Metric, Period } }: any) => (
    `${Metric.MetricName} of ${Metric.Dimensions[0].Value} by ${Period} s`)));
  month.aws.calls.length = 0;
  return series;
};
const RECOUNT = METRICS.map((name) => `${name} of p1 by 3600 s`);

/** A recount at `NOW`, with $6.60 long ago and $3.30 in the hour. */
async function recount(): Promise<void> {
  use(2, '2026-09-05T00:00:00Z');
  use(1, '2026-09-15T10:10:00Z');
  expect(await month.run(NOW, sonnet)).toMatchObject({ monthToDateUsd: '9.9' });
  expect(read()).toEqual(RECOUNT);
}

describe('a run after a recount', () => {
  test('reads active metrics once, by five minutes, and has the same amounts', async () => {
    await recount();
    month.count('CacheReadInputTokens', '2026-09-15T10:30:00Z', 1_000_000);
    // 9.9 + 0.33
    expect(await month.run(after(15), sonnet)).toMatchObject({ monthToDateUsd: '10.23' });
    const [{ body }] = month.aws.callsOf('GetMetricData');
    // A day before the recount, from the hour on.
    expect([body.StartTime, body.EndTime].map((seconds) => iso(seconds * 1000))).toEqual(['2026-09-14T10:00:00Z', '2026-09-15T10:36:00Z']);
    expect(read()).toEqual(['InputTokenCount of p1 by 300 s', 'CacheReadInputTokens of p1 by 300 s']);
  });

  test('reads a metric until the next recount, although it is no longer listed as active', async () => {
    await recount();
    for (let minutes = 120; minutes < 1440; minutes += 120) {
      expect(await month.run(after(minutes), sonnet)).toMatchObject({ monthToDateUsd: '9.9' });
      expect(read()).toEqual(['InputTokenCount of p1 by 300 s']);
    }
    expect(await month.run(after(1440), sonnet)).toMatchObject({ monthToDateUsd: '9.9' });
    expect(read()).toEqual(RECOUNT);
    // More than a day after its last use it is not read at all.
    await month.run(after(1445), sonnet);
    expect(read()).toEqual(['InputTokenCount of p1 by 300 s']);
    for (let minutes = 1560; minutes < 2880; minutes += 120) await month.run(after(minutes), sonnet);
    await month.run(after(2880), sonnet);
    read();
    expect(await month.run(after(2885), sonnet)).toMatchObject({ monthToDateUsd: '9.9' });
    expect(read()).toEqual([]);
  }, 60_000);

  test('reads all pages of the list of active metrics, but only its own metrics', async () => {
    await recount();
    for (const modelId of ['a', 'b', 'p1', 'p2']) use(1, '2026-09-15T10:30:00Z', modelId);
    month.aws.points.push({
      region: REGION, namespace: 'AWS/Bedrock', metricName: 'OutputTokenCount', dimensions: { ModelId: 'p1', Other: 'x' }, time: '2026-09-15T10:30:00Z', value: 1,
    });
    month.aws.pageSize = 1;
    await month.run(after(15), sonnet);
    expect(month.aws.callsOf('ListMetrics').map(({ body }) => [body.Namespace, body.RecentlyActive, body.NextToken])).toEqual(
      [undefined, '1', '2', '3', '4'].map((token) => ['AWS/Bedrock', 'PT3H', token]));
    expect([...new Set(read())]).toEqual(['InputTokenCount of p1 by 300 s']);
  });

  test('uses the larger of two names by hour, as a recount does', async () => {
    await recount();
    month.count('CacheReadInputTokenCount', '2026-09-15T10:22:00Z', 1_000_000);
    month.count('CacheReadInputTokens', '2026-09-15T10:27:00Z', 3_000_000);
    // 9.9 + 3 x 0.33
    expect(await month.run(after(15), sonnet)).toMatchObject({ monthToDateUsd: '10.89' });
  });

  test('closes the previous month, of which it has a part', async () => {
    use(2, '2026-09-05T00:00:00Z');
    use(1, '2026-09-30T12:00:00Z');
    await month.run('2026-09-30T23:30:00Z', sonnet);
    use(3, '2026-09-30T23:58:00Z');
    use(4, '2026-10-01T00:01:00Z');
    read();
    // 3 x 3.3, with the last 3 million 6 x 3.3; and 4 x 3.3.
    expect(await month.run('2026-10-01T00:15:00Z', sonnet)).toMatchObject({ month: '2026-10', monthToDateUsd: '13.2' });
    expect(read()).toEqual(['InputTokenCount of p1 by 300 s']);
    expect(month.part()).toEqual({ '2026-09-30T23:30:00Z': 9.9, '2026-09-30T23:59:00Z': 19.8, '2026-10-01T00:15:00Z': 13.2 });
  });

  test('forecasts by the week of the recount', async () => {
    // A dollar an hour: 720 in September.
    const hourly = { onDemand: [{ ...SONNET, prices: [{ metric: 'InputTokenCount' as const, usdPerMillion: '1' }] }] };
    for (let hour = Date.parse('2026-08-20T00:00:00Z'); hour <= Date.parse('2026-09-16T09:00:00Z'); hour += 3_600_000) use(1, iso(hour));
    expect(await month.run(NOW, hourly)).toMatchObject({ forecastUsd: '720' });
    for (const minutes of [15, 100, 200, 300]) expect(await month.run(after(minutes), hourly)).toMatchObject({ forecastUsd: '720' });
    expect(month.aws.callsOf('GetMetricData').map(({ body }) => body.MetricDataQueries[0].MetricStat.Period)).toEqual([3600, 300, 300, 300, 300]);
  });

  test('has the idle hours of throughput', async () => {
    month.aws.throughput(ARN, { status: 'InService', modelUnits: 1, creationTime: '2026-08-01T00:00:00Z' });
    const capacity = { provisioned: [{ resource: 'Chat/Capacity', model: 'm', arn: ARN, modelUnits: 1, usdPerModelUnitHour: '24' }] };
    month.count('InputTokenCount', '2026-09-12T08:10:00Z', 5, ARN);
    await month.run(NOW, capacity);
    read();
    await month.run(after(15), capacity);
    expect(read()).toEqual([]);
    month.count('InputTokenCount', '2026-09-15T10:40:00Z', 5, ARN);
    await month.run(after(100), capacity);
    expect(read()).toEqual([`InputTokenCount of ${ARN} by 300 s`]);
    // From 9:00 on the 12th: 3 days, 1 h and 20 or 35 min; from 11:00 on, an hour.
    expect(Object.values(month.published('IdleHours', { Budget: 'Team/Budget', Resource: 'Chat/Capacity' }))).toEqual([73 + 1 / 3, 73 + 7 / 12, 1]);
  });

  test.each([0, 16])('counts a new metric that is listed %i minutes late', async (late) => {
    await recount();
    month.aws.listDelaySeconds = late * 60;
    use(1, '2026-09-15T10:36:00Z', 'p2');
    const two = { onDemand: [SONNET, { ...SONNET, modelId: 'p2' }] };
    await month.run(after(15), two);
    await month.run(after(30), two);
    await month.run(after(45), two);
    expect(Object.values(month.part()).slice(-2)).toEqual(late === 0 ? [13.2, 13.2] : [9.9, 13.2]);
  });
});

describe('a full recount is made', () => {
  test.each<[string, () => void, string, object?]>([
    // [the end of the title, the change, time, request]
    ['after a day', () => undefined, after(1440)],
    ['when no run has listed active metrics for more than two hours', () => undefined, after(121)],
    ['when a price has changed', () => undefined, after(15), { onDemand: [{ ...SONNET, prices: [...SONNET.prices].reverse() }] }],
    ['when a window was added', () => undefined, after(15), { ...sonnet, windowsMinutes: [60] }],
    ['when the base does not exist', () => month.aws.parameters.delete(BASE), after(15)],
    ['when the base is damaged', () => month.aws.parameters.write(BASE, 'oops'), after(15)],
    ['when the base is another one', () => month.aws.parameters.write(BASE, month.aws.parameters.get(BASE)![0].replace(/.(.{40})$/, '~$1')), after(15)],
    ['for an event from before the recount', () => undefined, after(-15)],
    ['for a repeated event', () => undefined, NOW],
  ])('%s', async (_, happen, time, request = sonnet) => {
    await recount();
    month.coldStart();
    happen();
    month.deploy(request);
    const { monthToDateUsd } = await month.invoke(time, {}, time < NOW ? NOW : time);
    expect(read().slice(0, 6).sort()).toEqual([...RECOUNT].sort());
    // At 10:05 there was no use in the hour yet.
    expect(monthToDateUsd).toBe(time < NOW ? '6.6' : '9.9');
  });

  test('but not because CloudFormation has written the first parameter again', async () => {
    await recount();
    month.aws.parameters.write(`${REGION} ${ledgerOf('Chat')}`, '{}');
    month.coldStart();
    expect(await month.run(after(15), sonnet)).toMatchObject({ monthToDateUsd: '9.9' });
    expect(read()).toEqual(['InputTokenCount of p1 by 300 s']);
  });

  test('by two concurrent runs, and the next run has the same amounts', async () => {
    use(2, '2026-09-05T00:00:00Z');
    month.deploy(sonnet);
    await Promise.all([month.invoke(NOW), month.invoke(NOW)]);
    month.coldStart();
    expect(await month.invoke(after(15))).toMatchObject({ monthToDateUsd: '6.6' });
    expect(month.part()).toEqual({ [NOW]: 6.6, [after(15)]: 6.6 });
  });

  test('when a run was interrupted between the ledger and the base', async () => {
    await recount();
    month.aws.faults = [{ operation: 'PutParameter', change: (answer: any) => answer }, { operation: 'PutParameter', status: 400, error: 'AccessDeniedException' }];
    await expect(month.run(after(1440), sonnet)).rejects.toThrow();
    // Its amounts were published before.
    expect(month.part()[after(1440)]).toBe(9.9);
    read();
    month.coldStart();
    expect(await month.run(after(1455), sonnet)).toMatchObject({ monthToDateUsd: '9.9' });
    expect(read()).toEqual(RECOUNT);
  });
});

describe('the base in parameters of 4 KB', () => {
  // The recurring weeks of 20 budgets of a profile each, of which every hour differs.
  const METERS = Array.from({ length: 20 }, (_, i) => ({ ...SONNET, modelId: `profile-${i}`, resource: `Chat/R${i}`, prices: SONNET.prices.slice(0, 1) }));
  const REQUEST = {
    stack: 'Chat',
    onDemand: METERS,
    provisioned: [],
    batch: [],
    budgets: METERS.map((_, i) => ({ budget: `B${i}`, onDemand: [i], provisioned: [], batch: [], publishPart: true })),
  };
  const pages = () => [...month.aws.parameters.keys()].filter((name) => name.includes('base-'));
  // A forecast is no exact sum: the sixth digit may be rounded either way.
  const count = async (time: string) => (
    (await month.invokeStack(time)).map(({ monthToDateUsd, forecastUsd }) => [monthToDateUsd, Number(forecastUsd).toFixed(5)]));

  test('is read from all pages by a new instance of the function, and from none by a warm one', async () => {
    for (let hour = 0, tokens = 1; hour < 24 * 10; hour++) {
      for (const { modelId } of METERS) {
        tokens = tokens * 48_271 % 2_147_483_647;
        use(tokens % 1_000_000 / 1e6, iso(Date.parse('2026-09-05T00:00:00Z') + hour * 3_600_000), modelId);
      }
    }
    month.deployStack(REQUEST);
    const amounts = await count(NOW);
    expect(pages().length).toBeGreaterThan(2);
    for (const name of pages()) expect(month.aws.parameters.get(name)![0].length).toBeLessThanOrEqual(4096);
    const readPages = () => month.aws.callsOf('GetParameter').filter(({ body }) => body.Name.includes('base-')).length;
    // In the same hour nothing changes.
    expect(await count(after(15))).toEqual(amounts);
    expect(readPages()).toBe(0);
    month.coldStart();
    expect(await count(after(30))).toEqual(amounts);
    expect(readPages()).toBe(pages().length);
    // A page of an older base.
    month.aws.parameters.write(pages()[1], 'older 2 AAAA');
    month.coldStart();
    read();
    expect(await count(after(39))).toEqual(amounts);
    expect(read()).toEqual(METERS.map(({ modelId }) => `InputTokenCount of ${modelId} by 3600 s`));
  }, 60_000);
});

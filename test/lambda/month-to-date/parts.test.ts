import { keyOf } from '../../../src/lambda/month-to-date/ledger';
import { BUDGET, FakeMonth, ledgerOf, partsIn, REGION, SONNET } from '../../harness/month-to-date';

let month: FakeMonth;
beforeAll(async () => { month = await FakeMonth.start(); });
afterAll(async () => month.aws.stop());
beforeEach(() => month.reset());
afterEach(() => jest.restoreAllMocks());

const NOW = '2026-09-15T10:20:00Z';
const PARTS = partsIn({ Search: 'eu-west-1', Mail: 'eu-west-1', Archive: REGION });
const total = (more: object = {}) => ({ onDemand: [SONNET], total: { parts: PARTS, publishTo: [], limitUsd: '500', ...more } });
const whole = (metricName: string, region = REGION) => month.published(metricName, { Budget: BUDGET }, region);

/** Writes the last count of another part: its cost so far, and the expected cost of the rest of the month. */
function counted(stack: string, region: string, time: string, spent: string, rest = '0', more: object = {}): void {
  const months = { [time.slice(0, 7)]: { own: { p: spent } } };
  month.writeLedger(stack, region, { asOf: Date.parse(time) / 1000, restOfMonthUsd: rest, months, ...more });
}
/** All three, a quarter of an hour ago. */
function allCounted(): void {
  counted('Search', 'eu-west-1', '2026-09-15T10:05:00Z', '20.5', '20.5');
  counted('Mail', 'eu-west-1', '2026-09-15T10:05:00Z', '0.25', '0.25');
  counted('Archive', REGION, '2026-09-15T10:05:00Z', '100', '100');
}
const gone = (stack: string, region: string) => month.destroy(stack, region);

// $3.30 of its own: a million input tokens, in the night of September 14. By then two weeks are known in which there was
// nothing else, but it is the first use, so the last week is taken: two more nights of the 21st and the 28th.
beforeEach(() => month.count('InputTokenCount', '2026-09-14T02:00:00Z', 1_000_000));
const OWN_FORECAST = 9.9;

describe('the total of a budget', () => {
  test('is its own part and the last counts of the others, each in its region', async () => {
    allCounted();
    const summary = await month.run(NOW, total());
    // 3.3 + 20.5 + 0.25 + 100, and 9.9 + 41 + 0.5 + 200.
    expect(summary).toMatchObject({ monthToDateUsd: '3.3', forecastUsd: '9.9', total: { monthToDateUsd: '124.05', forecastUsd: '251.4' } });
    expect(whole('MonthToDateUsd')).toEqual({ [NOW]: 124.05 });
    expect(whole('ForecastUsd')).toEqual({ [NOW]: 251.4 });
    expect(month.ledger()).toMatchObject({ totals: { '2026-09': { [keyOf(BUDGET)]: '124.05' } } });
  });

  test('of one part is that part', async () => {
    await month.run(NOW, total({ parts: [] }));
    expect([whole('MonthToDateUsd'), whole('ForecastUsd')]).toEqual([{ [NOW]: 3.3 }, { [NOW]: OWN_FORECAST }]);
  });

  test('uses the newest count of a part, also when it is lower', async () => {
    counted('Search', 'eu-west-1', '2026-09-15T09:50:00Z', '30', '30');
    allCounted();
    expect(await month.run(NOW, total())).toMatchObject({ total: { monthToDateUsd: '124.05', forecastUsd: '251.4' } });
    counted('Search', 'eu-west-1', '2026-09-15T10:25:00Z', '10.5', '10.5');
    expect(await month.run('2026-09-15T10:35:00Z', total())).toMatchObject({ total: { monthToDateUsd: '114.05', forecastUsd: '231.4' } });
  });

  test('adds up the counted and the carried-over amounts of a part, on all of its pages', async () => {
    counted('Search', 'eu-west-1', '2026-09-15T10:05:00Z', '0', '0', { more: true, months: { '2026-09': { own: { a: '1', b: '0.5' }, shared: { c: '2' } } } });
    const second = { stack: 'id of Search', months: { '2026-09': { own: { d: '4' }, shared: { e: '8' } } }, version: 1 };
    // The remains of a deleted stack of the same name.
    const older = { stack: 'older', months: { '2026-09': { own: { f: '1000' } } }, version: 1 };
    for (const [page, content] of [[2, older], [3, second]] as const) {
      month.aws.parameters.set(`eu-west-1 ${ledgerOf('Search').replace(/1$/, `${page}`)}`, JSON.stringify(content));
    }
    // 3.3 + 1 + 0.5 + 2 + 4 + 8
    expect(await month.run(NOW, total({ parts: PARTS.slice(0, 1) }))).toMatchObject({ total: { monthToDateUsd: '18.8' } });
  });

  test('uses the last count of this month of a part that no longer counts', async () => {
    allCounted();
    const warn = jest.spyOn(console, 'warn').mockImplementation();
    counted('Mail', 'eu-west-1', '2026-09-01T12:00:00Z', '8', '72');
    // 3.3 + 20.5 + 8 + 100, and 9.9 + 41 + 80 + 200.
    expect(await month.run(NOW, total())).toMatchObject({ total: { monthToDateUsd: '131.8', forecastUsd: '330.9' } });
    expect(warn).not.toHaveBeenCalled();
  });

  test('does not include a part that has counted nothing this month, and warns', async () => {
    allCounted();
    const warn = jest.spyOn(console, 'warn').mockImplementation();
    counted('Mail', 'eu-west-1', '2026-08-31T23:59:00Z', '900', '900');
    expect(await month.run(NOW, total())).toMatchObject({ total: { monthToDateUsd: '123.8' } });
    expect(warn.mock.calls).toEqual([['the stack Mail in eu-west-1, a part of Team/Budget, has counted nothing in 2026-09: the total includes only its earlier amounts']]);
  });

  test('does not include a part that is not deployed yet, or whose function has not run, and warns', async () => {
    counted('Archive', REGION, '2026-09-15T10:05:00Z', '100');
    month.aws.parameters.set(`eu-west-1 ${ledgerOf('Mail')}`, '{}');
    const warn = jest.spyOn(console, 'warn').mockImplementation();
    expect(await month.run(NOW, total())).toMatchObject({ total: { monthToDateUsd: '103.3' } });
    expect(warn).toHaveBeenCalledTimes(2);
  });

  test('of a new month does not include the counts of the parts in the previous one', async () => {
    jest.spyOn(console, 'warn').mockImplementation();
    counted('Search', 'eu-west-1', '2026-09-30T23:45:00Z', '20');
    expect(await month.run('2026-10-01T00:00:00Z', total({ parts: PARTS.slice(0, 1) }))).toMatchObject({ total: { monthToDateUsd: '0' } });
  });

  test('of the previous month is counted again in the first hours of the new one, with new counts of the parts', async () => {
    counted('Search', 'eu-west-1', '2026-10-01T00:45:00Z', '1', '29', { months: { '2026-09': { own: { p: '22' } }, '2026-10': { own: { p: '1' } } } });
    await month.run('2026-10-01T01:00:00Z', total({ parts: PARTS.slice(0, 1), publishTo: ['us-east-1'] }));
    for (const region of [REGION, 'us-east-1']) {
      expect(whole('MonthToDateUsd', region)).toEqual({ '2026-09-30T23:59:00Z': 25.3, '2026-10-01T01:00:00Z': 1 });
      expect(Object.keys(whole('ForecastUsd', region))).toEqual(['2026-10-01T01:00:00Z']);
    }
    expect(month.ledger().totals).toEqual({ '2026-09': { [keyOf(BUDGET)]: '25.3' }, '2026-10': { [keyOf(BUDGET)]: '1' } });
  });

  test('is the only metric that is published to all regions with alarms', async () => {
    allCounted();
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

  test.each([
    ['is not accessible', { operation: 'GetParameter', status: 400, error: 'AccessDeniedException' }],
    ['cannot be read', { operation: 'GetParameter', status: 500, error: 'InternalServerError', times: 100 }],
  ])('fails when a part %s, and nothing is published: without it the total would be too low', async (_, fault) => {
    jest.spyOn(console, 'warn').mockImplementation();
    allCounted();
    await month.run(NOW, total());
    month.aws.calls.length = 0;
    // The first response is for its own parameter.
    month.aws.faults = [{ operation: 'GetParameter', change: (answer) => answer }, fault];
    await expect(month.invoke('2026-09-15T10:35:00Z')).rejects.toThrow();
    expect(month.aws.callsOf('PutMetricData')).toEqual([]);
  }, 60_000);
});

describe('the cost of a stack that was removed', () => {
  test('stays in the total until the end of the month: a limit of $1,000 stays exceeded', async () => {
    jest.spyOn(console, 'warn').mockImplementation();
    // $146.70 more of its own: 44,454,546 tokens and the million from above make $150 to the cent, and a stack of $900.
    month.count('InputTokenCount', '2026-09-01T00:00:00Z', 44_454_546);
    counted('Search', 'eu-west-1', '2026-09-02T00:00:00Z', '900');
    await month.run('2026-09-02T00:00:00Z', total({ parts: PARTS.slice(0, 1), limitUsd: '1000' }));
    gone('Search', 'eu-west-1');
    for (const now of ['2026-09-02T00:15:00Z', '2026-09-15T23:45:00Z', '2026-09-16T12:00:00Z', '2026-09-30T23:45:00Z']) {
      const { total: { monthToDateUsd } = {} } = await month.run(now, total({ parts: [], limitUsd: '1000' }));
      // 900 + 44.454546 x 3.3 (+ 3.3 since the 14th)
      expect(monthToDateUsd).toBe(now < '2026-09-14T02' ? '1046.7000018' : '1050.0000018');
    }
    expect(await month.run('2026-10-01T00:00:00Z', total({ parts: [] }))).toMatchObject({ total: { monthToDateUsd: '0' } });
    expect(whole('MonthToDateUsd')['2026-09-30T23:59:00Z']).toBe(1050.0000018);
    expect(await month.run('2026-10-01T06:00:00Z', total({ parts: [] }))).toMatchObject({ total: { monthToDateUsd: '0' } });
    expect(month.ledger().months).toEqual({ '2026-10': {} });
  });

  test('stays while the stack is still a part: its ledger is deleted before the budget is deployed again', async () => {
    allCounted();
    jest.spyOn(console, 'warn').mockImplementation();
    await month.run(NOW, total());
    gone('Archive', REGION);
    expect(await month.run('2026-09-20T00:00:00Z', total())).toMatchObject({ total: { monthToDateUsd: '124.05' } });
  });

  describe('and was deployed again, with the real functions', () => {
    const PRICES = SONNET.prices.slice(0, 1);
    const meter = (modelId: string, more: object = {}) => ({ resource: `Search/${modelId}`, model: SONNET.model, modelId, prices: PRICES, ...more });
    const SHARED = meter('us.anthropic.claude-sonnet-4-6', { shared: true });
    const use = (modelId: string, time: string, millions: number) => month.aws.points.push({
      region: 'eu-west-1', namespace: 'AWS/Bedrock', metricName: 'InputTokenCount', dimensions: { ModelId: modelId }, time, value: millions * 1_000_000,
    });
    const search = (time: string, onDemand: object[], id = 'first') => (
      month.run(time, { stack: 'Search', onDemand: onDemand as any }, { region: 'eu-west-1', id }));
    const home = async (time: string) => (await month.run(time, { ...total({ parts: PARTS.slice(0, 1) }), onDemand: [] })).total!.monthToDateUsd;

    test('includes its own meters in addition, and models that it calls directly once', async () => {
      jest.spyOn(console, 'warn').mockImplementation();
      use('profile-1', '2026-09-05T00:00:00Z', 10);
      use(SHARED.modelId, '2026-09-05T00:00:00Z', 100);
      await search('2026-09-10T00:00:00Z', [meter('profile-1'), SHARED]);
      // $3.30 per million: 33 + 330
      expect(await home('2026-09-10T00:05:00Z')).toBe('363');
      month.destroy('Search', 'eu-west-1');
      expect(await home('2026-09-11T00:05:00Z')).toBe('363');
      // Deployed again: another profile, and the same model, with 10 million more tokens of other callers in between.
      use(SHARED.modelId, '2026-09-11T00:00:00Z', 10);
      use('profile-2', '2026-09-12T00:00:00Z', 1);
      await search('2026-09-12T00:10:00Z', [meter('profile-2'), SHARED], 'second');
      // 33 of the old profile, 3.3 of the new one, and 110 x 3.3 of the model
      expect(await home('2026-09-12T00:20:00Z')).toBe('399.3');
      expect(await home('2026-09-29T00:20:00Z')).toBe('399.3');
    });

    test('and without the model that it called before, keeps the amount of the model', async () => {
      jest.spyOn(console, 'warn').mockImplementation();
      use(SHARED.modelId, '2026-09-05T00:00:00Z', 100);
      await search('2026-09-10T00:00:00Z', [SHARED]);
      expect(await home('2026-09-10T00:05:00Z')).toBe('330');
      month.destroy('Search', 'eu-west-1');
      await search('2026-09-12T00:10:00Z', [], 'second');
      expect(await home('2026-09-12T00:20:00Z')).toBe('330');
    });

    test('a model that moves from the budget\'s own stack to another one is always in the total once', async () => {
      jest.spyOn(console, 'warn').mockImplementation();
      const [parts, here] = [partsIn({ Mail: REGION }), { ...SHARED, resource: 'Chat/Model' }];
      month.count('InputTokenCount', '2026-09-05T00:00:00Z', 100_000_000, SHARED.modelId);
      await month.run('2026-09-10T00:00:00Z', { ...total({ parts }), onDemand: [here] });
      // Mail is deployed first and has not counted yet; then it counts.
      const moved = (time: string) => month.run(time, { ...total({ parts }), onDemand: [], countedElsewhere: [SHARED.modelId] });
      expect(await moved('2026-09-10T00:15:00Z')).toMatchObject({ monthToDateUsd: '0', total: { monthToDateUsd: '330' } });
      month.count('InputTokenCount', '2026-09-10T00:20:00Z', 1_000_000, SHARED.modelId);
      await month.run('2026-09-10T00:25:00Z', { stack: 'Mail', onDemand: [SHARED] });
      expect(await moved('2026-09-10T00:30:00Z')).toMatchObject({ monthToDateUsd: '0', total: { monthToDateUsd: '333.3' } });
    });

    test('a model that another stack of the region calls later is still one meter', async () => {
      jest.spyOn(console, 'warn').mockImplementation();
      use(SHARED.modelId, '2026-09-05T00:00:00Z', 100);
      await search('2026-09-10T00:00:00Z', [SHARED]);
      const both = () => month.run('2026-09-12T00:20:00Z', { ...total({ parts: partsIn({ Search: 'eu-west-1', Mail: 'eu-west-1' }) }), onDemand: [] });
      await both();
      // Mail counts it now; Search has not counted since.
      await month.run('2026-09-12T00:10:00Z', { stack: 'Mail', onDemand: [SHARED] as any }, { region: 'eu-west-1' });
      expect(await both()).toMatchObject({ total: { monthToDateUsd: '330' } });
      await month.run('2026-09-12T00:25:00Z', { stack: 'Search', countedElsewhere: [SHARED.modelId] }, { region: 'eu-west-1' });
      expect(await both()).toMatchObject({ total: { monthToDateUsd: '330' } });
    });
  });
});

describe('forged metrics and events', () => {
  test('a datapoint in the namespace of the function changes no amount', async () => {
    allCounted();
    const dimensions: { [name: string]: string }[] = [
      { Budget: BUDGET }, { Budget: BUDGET, Stack: 'Search' }, { Budget: BUDGET, Stack: 'Unknown' }, { Budget: BUDGET, Stack: 'Chat' },
      { Budget: BUDGET, Stack: 'Chat', Resource: 'Chat/Other', Model: 'm', Meter: 'forged' },
    ];
    for (const region of [REGION, 'eu-west-1']) {
      for (const own of dimensions) {
        month.aws.points.push({ region, namespace: 'CdkBedrockCost', metricName: 'MonthToDateUsd', dimensions: own, time: '2026-09-15T10:10:00Z', value: 1e9 });
        month.aws.points.push({ region, namespace: 'CdkBedrockCost', metricName: 'SpentUsd', dimensions: { ...own, Window: '60' }, time: '2026-09-15T10:10:00Z', value: 1e9 });
      }
    }
    expect(await month.run(NOW, { ...total(), windowsMinutes: [60], publishWindows: true })).toMatchObject({ total: { monthToDateUsd: '124.05', forecastUsd: '251.4' } });
    expect(whole('MonthToDateUsd')[NOW]).toBe(124.05);
    // No metric that can be forged is read.
    const read = month.aws.callsOf('GetMetricData').flatMap(({ body }) => body.MetricDataQueries.map(({ MetricStat }: any) => MetricStat.Metric.Namespace));
    expect([...new Set(read)]).toEqual(['AWS/Bedrock']);
  });

  test('an event decides only the time of the count', async () => {
    month.deploy(total({ parts: [] }));
    const forged = {
      budget: 'Other',
      stack: 'Other',
      onDemand: [],
      provisioned: [{ resource: 'x', model: 'x', modelUnits: 1_000_000, usdPerModelUnitHour: '1000' }],
      total: { parts: [], publishTo: ['us-east-1'], limitUsd: '1', plannedLimitsUsd: { '2026-09': '1' } },
    };
    expect(await month.invoke(NOW, forged)).toMatchObject({ total: { monthToDateUsd: '3.3' } });
    expect([...new Set(month.aws.points.map(({ region, dimensions }) => `${region} ${dimensions.Budget ?? 'AWS'}`))]).toEqual([`${REGION} AWS`, `${REGION} ${BUDGET}`]);
  });

  test.each([
    ['2099-01-01T00:00:00Z'], ['2026-09-15T10:26:00Z'], ['2026-09-14T10:19:00Z'], ['2026-08-31T23:59:00Z'],
  ])('an event of %s counts nothing on %s', async (time) => {
    month.deploy(total({ parts: [] }));
    await expect(month.invoke(time, {}, NOW)).rejects.toThrow(`time must be within the last 24 hours, got "${time}". Nothing was counted.`);
    expect(month.aws.callsOf('PutMetricData')).toEqual([]);
    expect(month.ledger()).toEqual({});
  });
});

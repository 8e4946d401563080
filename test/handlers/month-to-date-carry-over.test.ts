import { FakeMonth, SONNET } from './fake-month';
import { TokenMeter } from '../../src/handlers/month-to-date.contract';

let month: FakeMonth;
beforeAll(async () => { month = await FakeMonth.start(); });
afterAll(async () => month.aws.stop());
beforeEach(() => month.reset());
afterEach(() => jest.restoreAllMocks());

const NEXT = { ...SONNET, modelId: 'p2' };
const use = (tokens: number, time: string, modelId = 'p1') => month.count('InputTokenCount', time, tokens, modelId);

/** Ten million input tokens of p1, $33 at $3.30 per million, told on September 10. */
async function spend33(): Promise<void> {
  use(10_000_000, '2026-09-05T00:00:00Z');
  await month.run('2026-09-10T00:00:00Z', { onDemand: [SONNET] });
}

describe('what a resource has cost is not lost', () => {
  test('when its profile is replaced: the old one goes on under its meter, without a forecast', async () => {
    await spend33();
    use(1_000_000, '2026-09-10T02:00:00Z', 'p2');
    for (const now of ['2026-09-10T03:00:00Z', '2026-09-24T03:00:00Z']) {
      const { monthToDateUsd, resources } = await month.run(now, { onDemand: [NEXT] });
      expect(monthToDateUsd).toBe('36.3');
      expect(resources.map(({ meter, ...amounts }) => [meter, amounts.monthToDateUsd])).toEqual([['p2', '3.3'], ['p1', '33']]);
      expect(resources[1].forecastUsd).toBe('33');
    }
    expect(month.ofResource('Chat/Assistant', SONNET.model, 'p1')).toEqual({
      '2026-09-10T00:00:00Z': 33, '2026-09-10T03:00:00Z': 33, '2026-09-24T03:00:00Z': 33,
    });
  });

  test('when its construct is removed', async () => {
    await spend33();
    expect(await month.run('2026-09-10T03:00:00Z', {})).toMatchObject({ monthToDateUsd: '33', forecastUsd: '33' });
  });

  test('nor counted twice when only its path changes, nor when it is removed after that', async () => {
    await spend33();
    const renamed = { onDemand: [{ ...SONNET, resource: 'Chat/Helper' }] };
    use(1_000_000, '2026-09-10T02:00:00Z');
    expect(await month.run('2026-09-10T03:00:00Z', renamed)).toMatchObject({ monthToDateUsd: '36.3' });
    expect(await month.run('2026-09-10T03:15:00Z', {})).toMatchObject({ monthToDateUsd: '36.3' });
    // In any order of the list.
    month.aws.faults = [{ operation: 'ListMetrics', change: ({ Metrics }) => ({ Metrics: [...Metrics].reverse() }) }];
    expect(await month.run('2026-09-10T03:30:00Z', {})).toMatchObject({ monthToDateUsd: '36.3' });
  });

  test('nor counted twice when it is priced as another model', async () => {
    await spend33();
    const repriced: TokenMeter = { ...SONNET, model: 'anthropic.claude-sonnet-4-6', prices: [{ metric: 'InputTokenCount', usdPerMillion: '3' }] };
    expect(await month.run('2026-09-10T03:00:00Z', { onDemand: [repriced] })).toMatchObject({ monthToDateUsd: '30' });
  });

  test('by what it was last counted to cost, not by the most: its price was corrected meanwhile', async () => {
    await spend33();
    const corrected: TokenMeter = { ...SONNET, prices: [{ metric: 'InputTokenCount', usdPerMillion: '0.33' }] };
    await month.run('2026-09-10T00:15:00Z', { onDemand: [corrected] });
    // Ten million at $0.33.
    expect(await month.run('2026-09-10T03:00:00Z', {})).toMatchObject({ monthToDateUsd: '3.3' });
  });

  test('nor counted twice when another stack has come to count its model', async () => {
    await spend33();
    expect(await month.run('2026-09-10T03:00:00Z', { countedElsewhere: ['p1'] })).toMatchObject({ monthToDateUsd: '0' });
  });

  test('but not carried into a new month', async () => {
    await spend33();
    await month.run('2026-09-30T23:45:00Z', {});
    expect(await month.run('2026-10-01T00:00:00Z', {})).toMatchObject({ month: '2026-10', monthToDateUsd: '0', resources: [] });
    expect(await month.run('2026-10-01T07:00:00Z', {})).toMatchObject({ monthToDateUsd: '0', resources: [] });
    // The month that is over is closed with it.
    expect(month.part()['2026-09-30T23:59:00Z']).toBe(33);
  });

  test('even if it is on the last page of the list', async () => {
    await spend33();
    month.aws.pageSize = 1;
    // More metrics of the stack, all before this one's.
    const [own] = month.aws.points.filter(({ namespace, dimensions }) => namespace === 'CdkBedrockCost' && dimensions.Meter);
    for (const meter of ['x', 'y']) month.aws.points.unshift({ ...own, value: 1, dimensions: { ...own.dimensions, Meter: meter } });
    expect(await month.run('2026-09-10T03:00:00Z', {})).toMatchObject({ monthToDateUsd: '35' });
  });

  test('and another stack\'s part of the same budget is left to it', async () => {
    use(10_000_000, '2026-09-05T00:00:00Z');
    await month.run('2026-09-10T00:00:00Z', { stack: 'Search', onDemand: [SONNET] });
    expect(await month.run('2026-09-10T00:00:00Z', { onDemand: [] })).toMatchObject({ monthToDateUsd: '0' });
  });

  test('and another budget\'s is left to it', async () => {
    use(10_000_000, '2026-09-05T00:00:00Z');
    await month.run('2026-09-10T00:00:00Z', { budget: 'Other', onDemand: [SONNET] });
    expect(await month.run('2026-09-10T00:00:00Z', { onDemand: [] })).toMatchObject({ monthToDateUsd: '0' });
  });

  test('fails the run when it cannot be read', async () => {
    await spend33();
    month.aws.calls.length = 0;
    month.aws.faults = [{
      operation: 'GetMetricData',
      change: ({ MetricDataResults }) => ({ MetricDataResults: MetricDataResults.map((one: any) => ({ ...one, StatusCode: 'InternalError' })) }),
    }];
    await expect(month.run('2026-09-10T03:00:00Z', {})).rejects.toThrow('so nothing is published');
    expect(month.aws.callsOf('PutMetricData')).toEqual([]);
  });
});

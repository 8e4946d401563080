import { TokenMeter } from '../../../src/lambda/month-to-date/contract';
import { setName } from '../../../src/lambda/month-to-date/holdings';
import { keyOf } from '../../../src/lambda/month-to-date/ledger';
import { BUDGET, FakeMonth, ledgerOf, SONNET } from '../../harness/month-to-date';

let month: FakeMonth;
beforeAll(async () => { month = await FakeMonth.start(); });
afterAll(async () => month.aws.stop());
beforeEach(() => month.reset());
afterEach(() => jest.restoreAllMocks());

const NEXT = { ...SONNET, modelId: 'p2' };
const use = (tokens: number, time: string, modelId = 'p1') => month.count('InputTokenCount', time, tokens, modelId);

/** Ten million input tokens of p1, $33 at $3.30 per million, counted on September 10. */
async function spend33(): Promise<void> {
  use(10_000_000, '2026-09-05T00:00:00Z');
  await month.run('2026-09-10T00:00:00Z', { onDemand: [SONNET] });
}

describe('the cost of a resource is not lost', () => {
  test('when its profile is replaced: the former meter keeps its cost, without a forecast', async () => {
    await spend33();
    use(1_000_000, '2026-09-10T02:00:00Z', 'p2');
    for (const now of ['2026-09-10T03:00:00Z', '2026-09-24T03:00:00Z']) {
      const { monthToDateUsd, resources } = await month.run(now, { onDemand: [NEXT] });
      expect(monthToDateUsd).toBe('36.3');
      expect(resources!.map(({ meter, ...amounts }) => [meter, amounts.monthToDateUsd])).toEqual([['p2', '3.3'], ['(removed)', '33']]);
      expect(resources![1].forecastUsd).toBe('33');
    }
    // Removed resources have one metric together.
    expect(month.ofResource('Chat/Assistant', SONNET.model, 'p1')).toEqual({ '2026-09-10T00:00:00Z': 33 });
    expect(month.removed()).toEqual({ '2026-09-10T03:00:00Z': 33, '2026-09-24T03:00:00Z': 33 });
  });

  test('when its construct is removed', async () => {
    await spend33();
    expect(await month.run('2026-09-10T03:00:00Z', {})).toMatchObject({ monthToDateUsd: '33', forecastUsd: '33' });
  });

  test('or counted twice when only its path changes, or when it is removed after that', async () => {
    await spend33();
    const renamed = { onDemand: [{ ...SONNET, resource: 'Chat/Helper' }] };
    use(1_000_000, '2026-09-10T02:00:00Z');
    expect(await month.run('2026-09-10T03:00:00Z', renamed)).toMatchObject({ monthToDateUsd: '36.3' });
    expect(await month.run('2026-09-10T03:15:00Z', {})).toMatchObject({ monthToDateUsd: '36.3' });
  });

  test('or counted twice when it is priced as another model', async () => {
    await spend33();
    const repriced: TokenMeter = { ...SONNET, model: 'anthropic.claude-sonnet-4-6', prices: [{ metric: 'InputTokenCount', usdPerMillion: '3' }] };
    expect(await month.run('2026-09-10T03:00:00Z', { onDemand: [repriced] })).toMatchObject({ monthToDateUsd: '30' });
  });

  test('with its last counted cost, not the largest: its price was corrected', async () => {
    await spend33();
    const corrected: TokenMeter = { ...SONNET, prices: [{ metric: 'InputTokenCount', usdPerMillion: '0.33' }] };
    await month.run('2026-09-10T00:15:00Z', { onDemand: [corrected] });
    // Ten million at $0.33.
    expect(await month.run('2026-09-10T03:00:00Z', {})).toMatchObject({ monthToDateUsd: '3.3' });
  });

  test('or counted twice when another stack counts its model now', async () => {
    use(10_000_000, '2026-09-05T00:00:00Z');
    await month.run('2026-09-10T00:00:00Z', { onDemand: [{ ...SONNET, shared: true }] });
    expect(await month.run('2026-09-10T03:00:00Z', { countedElsewhere: ['p1'] })).toMatchObject({ monthToDateUsd: '0' });
  });

  test('but not carried over into a new month', async () => {
    await spend33();
    await month.run('2026-09-30T23:45:00Z', {});
    expect(await month.run('2026-10-01T00:00:00Z', {})).toMatchObject({ month: '2026-10', monthToDateUsd: '0', resources: [] });
    expect(await month.run('2026-10-01T07:00:00Z', {})).toMatchObject({ monthToDateUsd: '0', resources: [] });
    // The past month is closed with it.
    expect(month.part()['2026-09-30T23:59:00Z']).toBe(33);
  });

  test('and another stack\'s part of the same budget is not changed', async () => {
    use(10_000_000, '2026-09-05T00:00:00Z');
    await month.run('2026-09-10T00:00:00Z', { stack: 'Search', onDemand: [SONNET] });
    expect(await month.run('2026-09-10T00:00:00Z', { onDemand: [] })).toMatchObject({ monthToDateUsd: '0' });
  });

  test('and another budget\'s cost is not changed', async () => {
    use(10_000_000, '2026-09-05T00:00:00Z');
    await month.run('2026-09-10T00:00:00Z', { budget: 'Other', onDemand: [SONNET] });
    expect(await month.run('2026-09-10T00:00:00Z', { onDemand: [] })).toMatchObject({ monthToDateUsd: '0' });
  });

  test('by a run of an older event, which does not replace newer values', async () => {
    await spend33();
    use(1_000_000, '2026-09-10T02:00:00Z');
    await month.run('2026-09-10T03:00:00Z', { onDemand: [SONNET] });
    const newest = month.ledger();
    expect(await month.invoke('2026-09-10T01:00:00Z', {}, '2026-09-10T03:01:00Z')).toMatchObject({ monthToDateUsd: '33' });
    expect(month.ledger()).toEqual(newest);
    expect(await month.run('2026-09-10T03:15:00Z', {})).toMatchObject({ monthToDateUsd: '36.3' });
  });
});

describe('the parameter with the amounts', () => {
  const NAME = `us-west-2 ${ledgerOf('Chat')}`;
  const OF_BUDGET = setName([keyOf(BUDGET)]);

  test('has the last amounts of the month, and nothing of earlier months', async () => {
    await spend33();
    expect(month.ledger()).toEqual({
      asOf: Date.parse('2026-09-10T00:00:00Z') / 1000,
      stack: expect.stringMatching(/^[\w-]{12}$/),
      // Nothing since the day before.
      base: { id: expect.stringMatching(/^[0-9a-f]{24}$/), active: '00' },
      // Use of one day of the week: three more of it.
      budgets: { [keyOf(BUDGET)]: { restOfMonthUsd: '99' } },
      months: { '2026-09': { own: { [keyOf('p1')]: `33 ${OF_BUDGET}` } } },
      sets: { [OF_BUDGET]: [keyOf(BUDGET)] },
      version: 2,
    });
    await month.run('2026-10-01T00:00:00Z', {});
    expect(Object.keys(month.ledger().months).sort()).toEqual(['2026-09', '2026-10']);
    await month.run('2026-10-01T06:00:00Z', {});
    expect(month.ledger().months).toEqual({ '2026-10': {} });
  });

  test.each([['once', 1], ['five times in a row', 5]])('is read from its history after CloudFormation has written the template\'s value again, %s', async (_, times) => {
    await spend33();
    for (let i = 0; i < times; i++) month.aws.parameters.write(NAME, '{}');
    expect(await month.run('2026-09-10T03:00:00Z', {})).toMatchObject({ monthToDateUsd: '33' });
    expect(await month.run('2026-09-25T03:00:00Z', {})).toMatchObject({ monthToDateUsd: '33' });
  });

  test('has the amounts of two concurrent runs', async () => {
    await spend33();
    const [, before] = month.aws.parameters.valuesOf(NAME);
    use(1_000_000, '2026-09-10T02:00:00Z', 'p2');
    await month.run('2026-09-10T03:00:00Z', { onDemand: [SONNET, NEXT] });
    // A run that began earlier, and has read the second version as well.
    const late = { ...JSON.parse(before), asOf: Date.parse('2026-09-10T02:59:00Z') / 1000, version: 3 };
    month.aws.parameters.write(NAME, JSON.stringify(late));
    expect(await month.run('2026-09-10T03:15:00Z', {})).toMatchObject({ monthToDateUsd: '36.3' });
  });

  test('is not written when it was deleted during a run, or the write is undone', async () => {
    month.deploy({ onDemand: [SONNET] });
    for (let i = 0; i < 6; i++) month.aws.parameters.write(NAME, '{}');
    month.aws.faults = [{ operation: 'GetMetricData', change: (page) => { month.destroy('Chat'); return page; } }];
    await expect(month.invoke('2026-09-10T00:00:00Z')).rejects.toThrow('does not exist. Nothing was counted. Deploy the stack again, or create it');
    // Otherwise a stack of the same name could not be deployed.
    expect([...month.aws.parameters.keys()]).toEqual([]);
    expect(month.aws.callsOf('PutMetricData')).toEqual([]);
  });

  test.each<[string, (() => void)]>([
    ['does not exist', () => month.destroy('Chat')],
    ['is not JSON', () => month.aws.parameters.write(NAME, '{"months":')],
    ['may not be read', () => { month.aws.faults = [{ operation: 'GetParameter', status: 400, error: 'AccessDeniedException' }]; }],
    ['may not be written', () => { month.aws.faults = [{ operation: 'PutParameter', status: 400, error: 'AccessDeniedException' }]; }],
  ])('fails the run when it %s: nothing is published', async (_, happen) => {
    await spend33();
    month.aws.calls.length = 0;
    happen();
    await expect(month.invoke('2026-09-10T03:00:00Z')).rejects.toThrow();
    expect(month.aws.callsOf('PutMetricData')).toEqual([]);
  });

  test.each([Date.parse('2099-01-01T00:00:00Z') / 1000, 'yesterday', {}])('is ignored when its time is in the future or invalid: %j', async (asOf) => {
    await spend33();
    month.aws.parameters.write(NAME, JSON.stringify({ ...month.ledger(), asOf, version: 3 }));
    await month.run('2026-09-10T03:00:00Z', {});
    expect(month.ledger().asOf).toBe(Date.parse('2026-09-10T03:00:00Z') / 1000);
  });

  test.each(['__proto__', 'constructor', '2026'])('has nothing of a month named %s, in this run and in later ones', async (name) => {
    await spend33();
    const { stack } = month.ledger();
    month.aws.parameters.write(NAME, `{"stack":"${stack}","version":3,"months":{"${name}":{"own":{"forged":"5000"},"parts":{"forged":"5000"}}}}`);
    expect(await month.run('2026-09-10T03:00:00Z', {})).toMatchObject({ monthToDateUsd: '0' });
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(month.ledger().months).toEqual({ '2026-09': {} });
  });

  describe('is followed by others when it is full', () => {
    const METERS = Array.from({ length: 400 }, (_, i) => ({ ...SONNET, modelId: `profile-${i}`, resource: `Chat/R${i}`, prices: SONNET.prices.slice(0, 1) }));
    const pages = () => [...month.aws.parameters.keys()].filter((name) => /\/\d+$/.test(name)).length;
    beforeEach(() => METERS.forEach(({ modelId }) => use(1_000_000, '2026-09-05T00:00:00Z', modelId)));

    test('with at most 4 KB each', async () => {
      await month.run('2026-09-10T00:00:00Z', { onDemand: METERS.slice(0, 100) });
      expect(pages()).toBe(1);
      // 400 x $3.30.
      expect(await month.run('2026-09-10T00:15:00Z', { onDemand: METERS })).toMatchObject({ monthToDateUsd: '1320' });
      expect(pages()).toBeGreaterThan(2);
      // All are removed, and deployed again in the new month, while the old one is closed: the pages hold both months.
      expect(await month.run('2026-09-30T23:45:00Z', {})).toMatchObject({ monthToDateUsd: '1320' });
      METERS.forEach(({ modelId }) => use(2_000_000, '2026-10-01T00:00:00Z', modelId));
      expect(await month.run('2026-10-01T00:05:00Z', { onDemand: METERS })).toMatchObject({ monthToDateUsd: '2640' });
      expect(month.part()['2026-09-30T23:59:00Z']).toBe(1320);
      const values = [...month.aws.parameters.keys()].flatMap((name) => month.aws.parameters.valuesOf(name));
      expect(values.filter(({ length }) => length > 4096)).toEqual([]);
    });

    test('and an unchanged one of them is not written again', async () => {
      await month.run('2026-09-10T00:00:00Z', { onDemand: METERS });
      month.aws.calls.length = 0;
      await month.run('2026-09-10T00:15:00Z', { onDemand: METERS });
      expect(month.aws.callsOf('PutParameter').map(({ body }) => body.Name)).toEqual([ledgerOf('Chat')]);
    });

    test.each([0, 1, 2])('and a run that is interrupted after %i of its writes loses nothing', async (writes) => {
      await month.run('2026-09-10T00:00:00Z', { onDemand: METERS.slice(0, 150) });
      const passes = writes > 0 ? [{ operation: 'PutParameter', times: writes, change: (answer: any) => answer }] : [];
      month.aws.faults = [...passes, { operation: 'PutParameter', status: 400, error: 'AccessDeniedException' }];
      await expect(month.run('2026-09-10T00:15:00Z', { onDemand: METERS })).rejects.toThrow();
      // Removed resources keep their known cost: at least 150 x $3.30, but never more than 400 x $3.30.
      const { monthToDateUsd } = await month.run('2026-09-10T00:30:00Z', {});
      expect(Number(monthToDateUsd)).toBeGreaterThanOrEqual(495);
      expect(Number(monthToDateUsd)).toBeLessThanOrEqual(1320);
    });
  });
});

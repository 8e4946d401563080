import { BudgetRequest, StackRequest, TokenMeter } from '../../../src/lambda/month-to-date/contract';
import { keyOf } from '../../../src/lambda/month-to-date/ledger';
import { FakeMonth, ledgerOf, partsIn, REGION } from '../../harness/month-to-date';

let month: FakeMonth;
beforeAll(async () => { month = await FakeMonth.start(); });
afterAll(async () => month.aws.stop());
beforeEach(() => month.reset());
afterEach(() => jest.restoreAllMocks());

const NOW = '2026-09-15T10:20:00Z';
const LATER = '2026-09-15T10:35:00Z';

/** A profile whose tokens cost a dollar per million. */
function meter(i: number, more: Partial<TokenMeter> = {}): TokenMeter {
  return { resource: `Chat/R${i}`, model: 'm', modelId: `p${i}`, prices: [{ metric: 'InputTokenCount', usdPerMillion: '1' }], ...more };
}
function budget(name: string, onDemand: number[], more: Partial<BudgetRequest> = {}): BudgetRequest {
  return { budget: name, onDemand, provisioned: [], batch: [], publishPart: true, ...more };
}
const stackOf = (onDemand: TokenMeter[], budgets: BudgetRequest[], more: Partial<StackRequest> = {}) => (
  { stack: 'Chat', onDemand, provisioned: [], batch: [], budgets, ...more });
const use = (i: number, usd: number, time = '2026-09-15T10:00:00Z') => month.count('InputTokenCount', time, usd * 1_000_000, `p${i}`);
const spent = (name: string) => month.published('MonthToDateUsd', { Budget: name, Stack: 'Chat' });
async function run(request: ReturnType<typeof stackOf>, time: string, parameter?: string): Promise<{ [budget: string]: string }> {
  month.deployStack(request, parameter);
  return Object.fromEntries((await month.invokeStack(time)).map((one) => [one.budget, one.monthToDateUsd]));
}

describe('the budgets of a stack', () => {
  const METERS = Array.from({ length: 30 }, (_, i) => meter(i));
  // Budget b covers the meters divisible by b + 1: the first one covers all.
  const COVERED = METERS.map((_, b) => [...METERS.keys()].filter((i) => (i + 1) % (b + 1) === 0));
  const BUDGETS = COVERED.map((onDemand, b) => budget(`B${b}`, onDemand, { windowsMinutes: [60], publishWindows: true, burnRates: [{ windows: [{ minutes: 60, thresholdUsd: '10' }] }] }));

  test('are each counted from their own meters, which are read once', async () => {
    // Meter i has cost $i + 1 of the month, half of it within the last hour.
    for (const i of METERS.keys()) for (const time of ['2026-09-02T00:00:00Z', '2026-09-15T10:00:00Z']) use(i, (i + 1) / 2, time);
    await run(stackOf(METERS, BUDGETS), NOW);
    // 1 + 2 + ... + 30 = 465; 2 + 4 + ... + 30 = 240; 10 + 20 + 30 = 60; 30.
    expect(['B0', 'B1', 'B9', 'B29'].map(spent)).toEqual([465, 240, 60, 30].map((usd) => ({ [NOW]: usd })));
    for (const [b, covered] of COVERED.entries()) {
      const usd = covered.reduce((sum, i) => sum + i + 1, 0);
      expect(spent(`B${b}`)).toEqual({ [NOW]: usd });
      expect(month.published('SpentUsd', { Budget: `B${b}`, Stack: 'Chat', Window: '60' })).toEqual({ [NOW]: usd / 2 });
    }
    const queries = () => month.aws.callsOf('GetMetricData').map(({ body }) => body.MetricDataQueries.map(({ MetricStat }: any) => MetricStat.Metric.Dimensions[0].Value));
    const ids = METERS.map(({ modelId }) => modelId);
    // By the hour, and by five minutes.
    expect(queries()).toEqual([ids, ids]);
    month.aws.calls.length = 0;
    await run(stackOf(METERS, BUDGETS), LATER);
    expect(queries()).toEqual([ids]);
    expect(spent('B1')).toEqual({ [NOW]: 240, [LATER]: 240 });
    // 30 times the part's amounts, the spent of its window, and its burn ratio, in one request.
    expect(month.aws.callsOf('PutMetricData').map(({ body }) => body.MetricData.length)).toEqual([120]);
  });

  test('have resource metrics only if requested', async () => {
    use(0, 5);
    const [summary, other] = await (month.deployStack(stackOf([meter(0)], [budget('A', [0], { resourceMetrics: true }), budget('B', [0])])), month.invokeStack(NOW));
    expect([summary.resources?.map(({ meter: id }) => id), other.resources]).toEqual([['p0'], undefined]);
    const published = month.aws.points.filter(({ dimensions }) => dimensions.Resource !== undefined).map(({ dimensions }) => dimensions.Budget);
    expect(published).toEqual(['A']);
  });
});

describe('a meter that leaves a budget', () => {
  const both = stackOf([meter(0)], [budget('A', [0]), budget('B', [0])]);

  test('keeps its last amount there until the end of the month, and is counted in the others', async () => {
    use(0, 10);
    expect(await run(both, NOW)).toEqual({ A: '10', B: '10' });
    const onlyB = stackOf([meter(0)], [budget('A', []), budget('B', [0])]);
    use(0, 5, '2026-09-15T10:30:00Z');
    expect(await run(onlyB, LATER)).toEqual({ A: '10', B: '15' });
    use(0, 1, '2026-09-16T10:30:00Z');
    expect(await run(onlyB, '2026-09-20T00:00:00Z')).toEqual({ A: '10', B: '16' });
    // It is added again, and is counted in full.
    expect(await run(both, '2026-09-20T00:15:00Z')).toEqual({ A: '16', B: '16' });
    // It leaves the stack.
    expect(await run(stackOf([], [budget('A', []), budget('B', [])]), '2026-09-20T00:30:00Z')).toEqual({ A: '16', B: '16' });
    expect(await run(stackOf([], [budget('A', []), budget('B', [])]), '2026-10-01T07:00:00Z')).toEqual({ A: '0', B: '0' });
  });

  test('and is added and removed again keeps its newest amount, although an earlier version of the ledger is read again', async () => {
    const onlyB = stackOf([meter(0)], [budget('A', []), budget('B', [0])]);
    use(0, 10);
    await run(both, NOW);
    await run(onlyB, LATER);
    use(0, 5, '2026-09-15T10:40:00Z');
    expect(await run(both, '2026-09-15T10:50:00Z')).toEqual({ A: '15', B: '15' });
    // CloudFormation writes the template's value again.
    month.aws.parameters.write(`${REGION} ${ledgerOf('Chat')}`, '{}');
    expect(await run(onlyB, '2026-09-15T11:05:00Z')).toEqual({ A: '15', B: '15' });
  });

  test('is not in a budget that is added later', async () => {
    use(0, 10);
    use(1, 20);
    await run(stackOf([meter(0), meter(1)], [budget('A', [0, 1])]), NOW);
    // Meter 0 is removed, and B is added.
    expect(await run(stackOf([meter(1)], [budget('A', [0]), budget('B', [0])]), LATER)).toEqual({ A: '30', B: '20' });
  });

  test('with its budget changes no other budget, and the budget has its amounts when it is added again', async () => {
    use(0, 10);
    await run(both, NOW);
    expect(await run(stackOf([meter(0)], [budget('B', [0])]), LATER)).toEqual({ B: '10' });
    expect(await run(stackOf([meter(0)], [budget('A', []), budget('B', [0])]), '2026-09-15T10:50:00Z')).toEqual({ A: '10', B: '10' });
  });

  test('is in every budget if the ledger is of an older version, with one budget', async () => {
    month.writeLedger('Chat', REGION, { stack: keyOf(`${REGION}/Chat/first`), asOf: Date.parse(NOW) / 1000, restOfMonthUsd: '5', months: { '2026-09': { own: { gone: '7' } } } });
    use(0, 10);
    expect(await run(stackOf([meter(0)], [budget('A', [0])]), LATER)).toEqual({ A: '17' });
    expect(await run(stackOf([meter(0)], [budget('A', [0])]), '2026-09-15T10:50:00Z')).toEqual({ A: '17' });
  });
});

describe('the total of a budget over several stacks', () => {
  const total = (stacks: string[]) => ({ publishPart: false, total: { parts: partsIn(Object.fromEntries(stacks.map((stack) => [stack, REGION]))), publishTo: [], limitUsd: '100' } });
  const whole = (name: string, metric = 'MonthToDateUsd') => Object.values(month.published(metric, { Budget: name })).pop();
  const shared = meter(9, { shared: true });
  /** Mail has three meters, one of them shared; A covers the first and the shared one, B the second and the shared one. */
  const mail = (a: number[] = [0, 2], b: number[] = [1, 2]) => (
    { ...stackOf([meter(1), meter(2), shared], [budget('A', a, { windowsMinutes: [60], publishWindows: true }), budget('B', b, { windowsMinutes: [60], publishWindows: true })]), stack: 'Mail' });
  const home = (more: Partial<BudgetRequest> = {}) => stackOf([meter(3), shared], [
    budget('A', [0, 1], { ...total(['Mail']), windowsMinutes: [60], publishWindows: true, ...more }), budget('B', [], { ...total(['Mail']), windowsMinutes: [60], publishWindows: true }),
  ]);

  test('adds up the parts of each budget from one ledger, and a shared model once', async () => {
    for (const [i, usd] of [[1, 10], [2, 20], [3, 30], [9, 5]]) use(i, usd);
    await run(mail(), NOW);
    await run(home(), NOW);
    // A: 10 + 30 + 5; B: 20 + 5.
    expect([whole('A'), whole('B')]).toEqual([45, 25]);
    // Within the hour the same; models that are called directly are in the windows of both stacks: 10 + 5 + 30 + 5.
    expect(month.published('SpentUsd', { Budget: 'B', Window: '60' })).toEqual({ [NOW]: 25 });
    expect(month.aws.callsOf('GetParameter').filter(({ body }) => body.Name === ledgerOf('Mail'))).toHaveLength(2);
    expect(month.ledger().totals).toEqual({ '2026-09': { [keyOf('A')]: '45', [keyOf('B')]: '25' } });
  });

  test('keeps the cost of a part when a meter leaves it, and when the part is removed', async () => {
    jest.spyOn(console, 'warn').mockImplementation();
    for (const [i, usd] of [[1, 10], [2, 20], [3, 30], [9, 5]]) use(i, usd);
    await run(mail(), NOW);
    await run(home(), NOW);
    await run(mail([2], [0, 1, 2]), LATER);
    await run(home(), LATER);
    // A keeps the $10 of meter 1, which B has now as well.
    expect([whole('A'), whole('B')]).toEqual([45, 35]);
    month.destroy('Mail');
    await run(home(), '2026-09-15T10:50:00Z');
    expect([whole('A'), whole('B')]).toEqual([45, 35]);
  });

  test('that has a part which cannot be read fails the run, after the other budgets were published', async () => {
    for (const i of [1, 3, 9]) use(i, 10);
    await run(mail(), NOW);
    month.deployStack(home({ total: { parts: partsIn({ Broken: REGION }), publishTo: [], limitUsd: '100' } }));
    month.aws.parameters.set(`${REGION} ${ledgerOf('Broken')}`, '{"months":');
    await expect(month.invokeStack(NOW)).rejects.toThrow(/^A was not counted: The SSM parameter .*Broken.* is not valid JSON/);
    expect([whole('A'), whole('B')]).toEqual([undefined, 10]);
    // The count of its own stack is kept, but no total that could confirm an alarm on A.
    expect(month.ledger()).toMatchObject({ totals: { '2026-09': { [keyOf('B')]: '10' } } });
    await expect(run(home(), LATER)).resolves.toEqual({ A: '20', B: '0' });
    expect(whole('A')).toBe(30);
  });

  test('names every budget that could not be counted', async () => {
    const broken = { total: { parts: partsIn({ Broken: REGION }), publishTo: [], limitUsd: '100' } };
    month.aws.parameters.set(`${REGION} ${ledgerOf('Broken')}`, '{"months":');
    month.deployStack(stackOf([], [budget('A', [], broken), budget('B', [], broken), budget('C', [])]));
    await expect(month.invokeStack(NOW)).rejects.toThrow(/^A was not counted: .*; B was not counted: /);
    expect(spent('C')).toEqual({ [NOW]: 0 });
  });
});

describe('the burn ratio', () => {
  const ratio = () => month.published('BurnRatio', { Budget: 'A' });
  const RATES = [
    { windows: [{ minutes: 60, thresholdUsd: '10' }] },
    { windows: [{ minutes: 1440, thresholdUsd: '40' }, { minutes: 360, thresholdUsd: '10' }] },
  ];
  const whole = (parts: string[] = []) => (
    { publishPart: false, burnRates: RATES, total: { parts: partsIn(Object.fromEntries(parts.map((stack) => [stack, REGION]))), publishTo: [], limitUsd: '100' } });

  test.each<[string, [usd: number, time: string][], number]>([
    // [the end of the title, dollars by time, ratio]
    ['is 0 without use', [], 0],
    ['is 1 for an hour at its threshold', [[10, '2026-09-15T10:00:00Z']], 1],
    // 4 / 10 in the hour; 24 / 40 and 4 / 10 in the other: the least of its windows, 0.4.
    ['is the lowest of the windows of a rate', [[20, '2026-09-15T00:00:00Z'], [4, '2026-09-15T10:00:00Z']], 0.4],
    // 2 / 10 in the hour; 62 / 40 and 12 / 10 in the other.
    ['is the highest of the rates', [[50, '2026-09-15T00:00:00Z'], [10, '2026-09-15T06:00:00Z'], [2, '2026-09-15T10:00:00Z']], 1.2],
  ])('%s', async (_, uses, expected) => {
    for (const [usd, time] of uses) use(0, usd, time);
    await run(stackOf([meter(0)], [budget('A', [0], whole())]), NOW);
    expect(ratio()).toEqual({ [NOW]: expected });
    // SpentUsd was not requested.
    expect(month.aws.points.map(({ metricName }) => metricName)).not.toContain('SpentUsd');
  });

  test('is of the whole budget: a part has its spending in its ledger', async () => {
    use(0, 5);
    use(1, 10);
    await run({ ...stackOf([meter(1)], [budget('A', [0], { windowsMinutes: [60, 360, 1440] })]), stack: 'Mail' }, NOW);
    expect(month.aws.points.map(({ metricName }) => metricName)).not.toContain('BurnRatio');
    expect(month.aws.points.map(({ metricName }) => metricName)).not.toContain('SpentUsd');
    await run(stackOf([meter(0)], [budget('A', [0], whole(['Mail']))]), NOW);
    // 15 / 10.
    expect(ratio()).toEqual({ [NOW]: 1.5 });
  });

  test('is of the part in a stack of another account, which is not added up', async () => {
    use(0, 15);
    await run(stackOf([meter(0)], [budget('A', [0], { burnRates: RATES })]), NOW);
    expect([month.published('BurnRatio', { Budget: 'A', Stack: 'Chat' }), ratio()]).toEqual([{ [NOW]: 1.5 }, {}]);
  });
});

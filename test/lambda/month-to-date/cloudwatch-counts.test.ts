import { StackRequest, TokenMeter } from '../../../src/lambda/month-to-date/contract';
import { FakeMonth, ledgerOf } from '../../harness/month-to-date';

let month: FakeMonth;
beforeAll(async () => { month = await FakeMonth.start(); });
afterAll(async () => month.aws.stop());
beforeEach(() => month.reset());
afterEach(() => jest.restoreAllMocks());

const START = Date.parse('2026-09-15T00:00:00Z');
const [PROFILES, ACTIVE] = [225, 30];
const METRICS = ['InputTokenCount', 'OutputTokenCount'] as const;
const METERS = Array.from({ length: PROFILES }, (_, i): TokenMeter => (
  { resource: `Chat/R${i}`, model: 'm', modelId: `p${i}`, prices: METRICS.map((metric) => ({ metric, usdPerMillion: '1' })) }));
const REQUEST: Omit<StackRequest, 'time'> = {
  stack: 'Chat',
  onDemand: METERS,
  provisioned: [],
  batch: [],
  budgets: [{
    budget: 'Team',
    onDemand: [...METERS.keys()],
    provisioned: [],
    batch: [],
    publishPart: false,
    burnRates: [{ windows: [{ minutes: 60, thresholdUsd: '10' }] }, { windows: [{ minutes: 1440, thresholdUsd: '40' }, { minutes: 360, thresholdUsd: '10' }] }],
    total: { parts: [], publishTo: [], limitUsd: '500' },
  }],
};
/** Dollars for a call or a metric: $0.01 for 1,000. */
const USD = 0.01 / 1000;

test('a day of 96 runs over 225 profiles of two metrics, of which 30 are active, costs at most $0.03 a month for each active metric', async () => {
  // Each of the 60 metrics has datapoints in every hour of two days.
  for (let hour = START - 24 * 3_600_000; hour < START + 24 * 3_600_000; hour += 3_600_000) {
    for (const { modelId } of METERS.slice(0, ACTIVE)) for (const metric of METRICS) month.count(metric, new Date(hour).toISOString(), 1000, modelId);
  }
  const asked = new Map<string, number>();
  month.deployStack(REQUEST);
  for (let run = 0; run < 96; run++) {
    await month.invokeStack(new Date(START + run * 900_000).toISOString());
    for (const { body } of month.aws.callsOf('GetMetricData')) {
      for (const { MetricStat: { Metric } } of body.MetricDataQueries) {
        const name = `${Metric.MetricName} ${Metric.Dimensions[0].Value}`;
        asked.set(name, (asked.get(name) ?? 0) + 1);
      }
    }
    if (run < 95) month.aws.calls.splice(0, Infinity, ...month.aws.calls.filter(({ operation }) => operation !== 'GetMetricData'));
  }
  // An active metric: once by the hour and once by five minutes in the recount, and once in each of the 95 other runs.
  const active = METERS.slice(0, ACTIVE).flatMap(({ modelId }) => METRICS.map((metric) => asked.get(`${metric} ${modelId}`)));
  expect(active).toEqual(Array(60).fill(97));
  // An idle one: in the recount.
  expect([...asked.values()].filter((times) => times !== 97)).toEqual(Array(390).fill(1));
  // 30 days: 97 x 30 = 2,910 reads, $0.0291; 30 reads, $0.0003. In all 60 x 2,910 + 390 x 30 = 186,300: $1.863.
  expect(97 * 30 * USD).toBeLessThanOrEqual(0.03);
  expect([...asked.values()].reduce((sum, times) => sum + times, 0) * 30 * USD).toBeCloseTo(1.863, 10);

  const calls = (operation: string) => month.aws.callsOf(operation).length;
  // One page of the 60 active metrics, and three metrics of the budget in one request.
  expect([calls('ListMetrics'), calls('PutMetricData')]).toEqual([95, 96]);
  // The ledger of 30 meters has one page, written by each run; the base is written once.
  const written = month.aws.callsOf('PutParameter').map(({ body }) => body.Name);
  const ledger = ledgerOf('Chat');
  expect([written.filter((name) => name === ledger).length, written.filter((name) => name !== ledger)]).toEqual([96, [ledger.replace(/1$/, 'base-1')]]);
}, 120_000);

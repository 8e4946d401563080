import { StoredThroughput } from '../../fakes/bedrock/stored-throughput';
import { BUDGET, FakeMonth, SONNET } from '../../harness/month-to-date';

let month: FakeMonth;
beforeAll(async () => { month = await FakeMonth.start(); });
afterAll(async () => month.aws.stop());
beforeEach(() => month.reset());
afterEach(() => jest.restoreAllMocks());

const ARN = 'arn:aws:bedrock:us-west-2:111111111111:provisioned-model/aaaaaaaaaaaa';
// Llama 3.1 70B without a commitment: $24.00 for each model unit and hour.
const METER = { resource: 'Chat/Capacity', model: 'meta.llama3-1-70b-instruct-v1:0:128k', arn: ARN, modelUnits: 2, usdPerModelUnitHour: '24' };
const provisioned = { provisioned: [METER] };
const buy = (more: Partial<StoredThroughput> = {}) => month.aws.throughput(ARN, { modelUnits: 2, desiredModelUnits: 2, creationTime: '2026-08-01T00:00:00Z', ...more });

describe('provisioned throughput', () => {
  test.each([
    // [the end of the title, now, creationTime, hours begun, of 720 in September]
    ['from the beginning of the month', '2026-09-01T01:00:00Z', '2026-08-11T07:00:00Z', 1, 720],
    ['by started hours', '2026-09-01T01:00:01Z', '2026-08-11T07:00:00Z', 2, 720],
    ['nothing in the first second of a month', '2026-09-01T00:00:00Z', '2026-08-11T07:00:00Z', 0, 720],
    // From 7:20 on the 11th: 19 days and 16:40 h are left of the month, 473 hours begun; at 9:21 the third of them has begun.
    ['from its purchase within the month', '2026-09-11T09:21:00Z', '2026-09-11T07:20:00Z', 3, 473],
    ['all hours at the end of the month', '2026-09-30T23:59:00Z', '2026-08-11T07:00:00Z', 720, 720],
  ])('costs %s', async (_, now, creationTime, begun, all) => {
    buy({ creationTime });
    // 2 model units x $24 x hours.
    expect(await month.run(now, provisioned)).toMatchObject({ monthToDateUsd: `${48 * begun}`, forecastUsd: `${48 * all}` });
    expect(Object.values(month.ofResource('Chat/Capacity', METER.model, ARN)).pop()).toBe(48 * begun);
  });

  test('has the units that AWS returns', async () => {
    buy({ modelUnits: 3 });
    expect(await month.run('2026-09-01T10:00:00Z', provisioned)).toMatchObject({ monthToDateUsd: '720' });
  });

  test('counts while it is being created, and costs nothing if its creation failed', async () => {
    buy({ status: 'Creating', creationTime: '2026-09-01T09:50:00Z' });
    expect(await month.run('2026-09-01T10:00:00Z', provisioned)).toMatchObject({ monthToDateUsd: '48' });
    buy({ status: 'Failed', creationTime: '2026-09-01T09:50:00Z' });
    expect(await month.run('2026-09-01T10:15:00Z', provisioned)).toMatchObject({ monthToDateUsd: '0', forecastUsd: '0' });
  });

  test('bought elsewhere counts from the beginning of the month, without a request to AWS', async () => {
    const { arn, ...elsewhere } = METER;
    expect(await month.run('2026-09-01T10:00:00Z', { provisioned: [elsewhere] })).toMatchObject({ monthToDateUsd: '480', forecastUsd: '34560' });
    expect(month.aws.callsOf('GetProvisionedModelThroughput')).toEqual([]);
    expect(month.ofResource('Chat/Capacity', METER.model, 'elsewhere:Chat/Capacity')).toEqual({ '2026-09-01T10:00:00Z': 480 });
  });

  test('that was deleted has no further cost, and keeps its cost of this month', async () => {
    buy();
    await month.run('2026-09-10T00:00:00Z', provisioned);
    month.aws.bedrock.throughputs.stored.clear();
    // 9 days x 24 h x $48 = 10368, and no forecast.
    for (const now of ['2026-09-10T00:15:00Z', '2026-09-28T00:00:00Z']) {
      expect(await month.run(now, provisioned)).toMatchObject({ monthToDateUsd: '10368', forecastUsd: '10368' });
    }
    expect(Object.values(month.ofResource('Chat/Capacity', METER.model, ARN))).toEqual([10368]);
    expect(Object.values(month.removed())).toEqual([10368, 10368]);
    expect(await month.run('2026-10-01T06:00:00Z', provisioned)).toMatchObject({ month: '2026-10', monthToDateUsd: '0' });
  });

  test('with business hours costs the started hours of every day, and is forecast to cost its hours for the rest of the month', async () => {
    const byName = { provisioned: [{ ...METER, arn: 'capacity', name: 'capacity', businessHoursPerMonth: 218 }] };
    const day = (date: string, id: string) => month.aws.throughput(ARN.replace('aaaaaaaaaaaa', id), { provisionedModelName: 'capacity', modelUnits: 2, creationTime: `${date}T08:00:00Z` });
    day('2026-09-15', 'cccccccccccc');
    // 10 h x $48; 218 h x $48 x 15.25 of 30 days to come
    expect(await month.run('2026-09-15T18:00:00Z', byName)).toMatchObject({ monthToDateUsd: '480', forecastUsd: `${480 + 218 * 48 * 15.25 / 30}` });
    month.aws.bedrock.throughputs.stored.clear();
    // In the night; 15 days to come
    expect(await month.run('2026-09-16T00:00:00Z', byName)).toMatchObject({ monthToDateUsd: '480', forecastUsd: `${480 + 218 * 48 * 15 / 30}` });
    day('2026-09-16', 'dddddddddddd');
    expect(await month.run('2026-09-16T09:00:00Z', byName)).toMatchObject({ monthToDateUsd: '528' });
  });

  test('that was replaced keeps its cost in addition to its replacement', async () => {
    buy();
    await month.run('2026-09-10T00:00:00Z', provisioned);
    const other = ARN.replace('aaaaaaaaaaaa', 'bbbbbbbbbbbb');
    month.aws.bedrock.throughputs.stored.clear();
    month.aws.throughput(other, { modelUnits: 1, creationTime: '2026-09-10T00:00:00Z' });
    // 10368, and 10 h x 1 unit x $24 = 240.
    expect(await month.run('2026-09-10T10:00:00Z', { provisioned: [{ ...METER, arn: other }] })).toMatchObject({ monthToDateUsd: '10608' });
  });

  test('that was deleted and bought again under its name is counted by its new ARN, in addition to the cost of the former one', async () => {
    const named = { provisioned: [{ ...METER, name: 'capacity' }] };
    buy();
    await month.run('2026-09-10T00:00:00Z', named);
    const restored = ARN.replace('aaaaaaaaaaaa', 'cccccccccccc');
    month.aws.bedrock.throughputs.stored.clear();
    month.aws.throughput(restored, { provisionedModelName: 'capacity', modelUnits: 2, desiredModelUnits: 2, creationTime: '2026-09-20T00:00:00Z' });
    month.count('InputTokenCount', '2026-09-20T03:00:00Z', 1, restored);
    // 9 days x 24 h x $48 = 10368 of the old one, and 10 h x $48 = 480; 11 days x 24 h x $48 = 12672 to the end of the month.
    expect(await month.run('2026-09-20T10:00:00Z', named)).toMatchObject({ monthToDateUsd: '10848', forecastUsd: '23040' });
    expect(month.ofResource('Chat/Capacity', METER.model, restored)).toEqual({ '2026-09-20T10:00:00Z': 480 });
    // Last used in the hour from 3:00 on.
    expect(month.published('IdleHours', { Budget: BUDGET, Resource: 'Chat/Capacity' })).toMatchObject({ '2026-09-20T10:00:00Z': 6 });
  });

  test('without a known price is not counted, and its idle hours are published', async () => {
    buy();
    const { usdPerModelUnitHour, ...unpriced } = METER;
    expect(await month.run('2026-09-10T00:00:00Z', { provisioned: [unpriced] })).toMatchObject({ monthToDateUsd: '0', resources: [] });
    expect(Object.keys(month.published('IdleHours', { Budget: BUDGET, Resource: 'Chat/Capacity' }))).toEqual(['2026-09-10T00:00:00Z']);
  });

  test('that ended with the month is published in full when the month is closed', async () => {
    buy();
    await month.run('2026-09-30T23:45:00Z', provisioned);
    await month.run('2026-10-01T00:00:00Z', provisioned);
    // 720 x $48.
    expect(month.part()).toEqual({ '2026-09-30T23:45:00Z': 34560, '2026-09-30T23:59:00Z': 34560, '2026-10-01T00:00:00Z': 0 });
  });

  test('is read again when AWS throttles', async () => {
    buy();
    month.aws.faults = [{ operation: 'GetProvisionedModelThroughput', status: 429, error: 'ThrottlingException', times: 2 }];
    expect(await month.run('2026-09-01T10:00:00Z', provisioned)).toMatchObject({ monthToDateUsd: '480' });
  }, 30_000);

  test('fails the run when AWS does not return it, and nothing is published', async () => {
    month.aws.faults = [{ operation: 'GetProvisionedModelThroughput', status: 403, error: 'AccessDeniedException' }];
    await expect(month.run('2026-09-01T10:00:00Z', provisioned)).rejects.toThrow('AWS says no');
    expect(month.aws.callsOf('PutMetricData')).toEqual([]);
  });

  test.each([
    ['2026-09-11T00:00:00Z', 0.5], ['2026-09-30T10:30:00Z', 0], ['2026-09-01T12:00:00Z', 10],
  ])('has at %s the remaining days of its commitment: %s', async (now, days) => {
    buy({ commitmentExpirationTime: '2026-09-11T12:00:00Z', commitmentDuration: 'OneMonth' });
    await month.run(now, provisioned);
    expect(month.published('CommitmentDaysLeft', { Budget: BUDGET, Resource: 'Chat/Capacity' })).toEqual({ [now]: days });
  });

  describe('has idle hours', () => {
    const idle = () => month.published('IdleHours', { Budget: BUDGET, Resource: 'Chat/Capacity' });
    const process = (time: string, tokens = 1) => month.count('InputTokenCount', time, tokens, ARN);
    const NOW = '2026-09-25T10:30:00Z';

    test.each<[string, string, [string, number][], number]>([
      // [the end of the title, creationTime, tokens, hours]
      ['since the end of the hour in which it was last used', '2026-08-01T00:00:00Z', [['2026-09-25T06:10:00Z', 5], ['2026-09-20T00:00:00Z', 5]], 3.5],
      ['not at all when it is used now', '2026-08-01T00:00:00Z', [['2026-09-25T10:29:00Z', 1]], 0],
      ['not by an hour in which it processed 0 tokens', '2026-08-01T00:00:00Z', [['2026-09-25T06:10:00Z', 5], ['2026-09-25T09:00:00Z', 0]], 3.5],
      ['since the purchase, when it was not used since', '2026-09-25T09:45:00Z', [], 0.75],
      ['since the purchase, when its name was in use before', '2026-09-25T09:45:00Z', [['2026-09-25T06:10:00Z', 5]], 0.75],
      // The history begins with the month, since that is more than three weeks ago: 24 days and 10.5 hours.
      ['since the beginning of the history, when it was bought before and never used', '2026-08-01T00:00:00Z', [], 586.5],
      ['since the beginning of the history, when it was last used before', '2026-08-01T00:00:00Z', [['2026-08-31T22:00:00Z', 5]], 586.5],
    ])('%s', async (_, creationTime, tokens, hours) => {
      buy({ creationTime });
      for (const [time, count] of tokens) process(time, count);
      await month.run(NOW, provisioned);
      expect(idle()).toEqual({ [NOW]: hours });
    });

    test('across the end of a month, while the previous month is still published', async () => {
      buy();
      process('2026-09-08T00:00:00Z');
      process('2026-09-09T23:59:00Z');
      // Three weeks before: the end of the hour of the second one.
      await month.run('2026-10-01T00:00:00Z', provisioned);
      // Two hours later that is before the history, though it was read for September.
      await month.run('2026-10-01T02:00:00Z', provisioned);
      expect(idle()).toEqual({ '2026-10-01T00:00:00Z': 504, '2026-10-01T02:00:00Z': 504 });
    });

    test.each(['Creating', 'Updating', 'Failed'] as const)('not while it is %s', async (status) => {
      buy({ status });
      await month.run(NOW, provisioned);
      expect(idle()).toEqual({});
    });

    test('neither after its deletion, nor if it was bought elsewhere', async () => {
      const { arn, ...elsewhere } = METER;
      await month.run(NOW, { provisioned: [METER, { ...elsewhere, resource: 'Chat/Elsewhere' }] });
      expect(month.aws.points.map(({ metricName }) => metricName)).not.toContain('IdleHours');
    });

    test('by its own use, read by hour together with the tokens', async () => {
      const other = ARN.replace('aaaaaaaaaaaa', 'bbbbbbbbbbbb');
      const { arn, ...elsewhere } = METER;
      buy();
      month.aws.throughput(other, { modelUnits: 1, creationTime: '2026-08-01T00:00:00Z' });
      process('2026-09-25T06:10:00Z');
      month.count('InputTokenCount', '2026-09-25T08:10:00Z', 1, other);
      await month.run(NOW, { onDemand: [SONNET], provisioned: [{ ...elsewhere, resource: 'Chat/Elsewhere' }, METER, { ...METER, arn: other, resource: 'Chat/Other' }] });
      expect(idle()).toEqual({ [NOW]: 3.5 });
      expect(month.published('IdleHours', { Budget: BUDGET, Resource: 'Chat/Other' })).toEqual({ [NOW]: 1.5 });
      const [{ body }, ...more] = month.aws.callsOf('GetMetricData');
      expect(more).toEqual([]);
      const ids = [[ARN, 'aaaaaaaaaaaa'], [other, 'bbbbbbbbbbbb']];
      expect(body.MetricDataQueries.slice(6).map(({ MetricStat }: any) => MetricStat)).toEqual(
        ids.flatMap((own) => ['InputTokenCount', 'OutputImageCount'].flatMap((MetricName) => own.map((Value) => (
          { Metric: { Namespace: 'AWS/Bedrock', MetricName, Dimensions: [{ Name: 'ModelId', Value }] }, Period: 3600, Stat: 'Sum' })))));
    });

    test.each([
      ['tokens, counted by its ARN', 'InputTokenCount', ARN, 3.5],
      ['tokens, counted by the last part of its ARN', 'InputTokenCount', 'aaaaaaaaaaaa', 3.5],
      ['images, counted by its ARN', 'OutputImageCount', ARN, 3.5],
      ['images, counted by the last part of its ARN', 'OutputImageCount', 'aaaaaaaaaaaa', 3.5],
      // AWS documents both that the metric has failed requests and that it does not.
      ['nothing: all requests failed', 'Invocations', ARN, 586.5],
      ['nothing: another one did', 'InputTokenCount', 'bbbbbbbbbbbb', 586.5],
    ])('when it has processed %s', async (_, metricName, modelId, hours) => {
      buy();
      month.count(metricName, '2026-09-25T06:10:00Z', 5, modelId);
      await month.run(NOW, provisioned);
      expect(idle()).toEqual({ [NOW]: hours });
    });
  });

  test('without a commitment has no remaining days', async () => {
    buy();
    await month.run('2026-09-11T00:00:00Z', provisioned);
    expect(month.aws.points.map(({ metricName }) => metricName)).not.toContain('CommitmentDaysLeft');
  });
});

import { BUDGET, FakeMonth } from './fake-month';

let month: FakeMonth;
beforeAll(async () => { month = await FakeMonth.start(); });
afterAll(async () => month.aws.stop());
beforeEach(() => month.reset());
afterEach(() => jest.restoreAllMocks());

const ARN = 'arn:aws:bedrock:us-west-2:111111111111:provisioned-model/aaaaaaaaaaaa';
// Llama 3.1 70B without a commitment: $24.00 for each model unit and hour.
const METER = { resource: 'Chat/Capacity', model: 'meta.llama3-1-70b-instruct-v1:0:128k', arn: ARN, modelUnits: 2, usdPerModelUnitHour: '24' };
const provisioned = { provisioned: [METER] };
const buy = (more: object = {}) => month.aws.throughputs.set(ARN, {
  provisionedModelArn: ARN, status: 'InService', modelUnits: 2, desiredModelUnits: 2, creationTime: '2026-08-01T00:00:00Z', ...more,
});

describe('provisioned throughput', () => {
  test.each([
    // [what is shown, now, creationTime, hours begun, of 720 in September]
    ['from the beginning of the month', '2026-09-01T01:00:00Z', '2026-08-11T07:00:00Z', 1, 720],
    ['by the hour begun', '2026-09-01T01:00:01Z', '2026-08-11T07:00:00Z', 2, 720],
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

  test('has the units that AWS says it has', async () => {
    buy({ modelUnits: 3 });
    expect(await month.run('2026-09-01T10:00:00Z', provisioned)).toMatchObject({ monthToDateUsd: '720' });
  });

  test('counts while it is made, and costs nothing when it could not be made', async () => {
    buy({ status: 'Creating', creationTime: '2026-09-01T09:50:00Z' });
    expect(await month.run('2026-09-01T10:00:00Z', provisioned)).toMatchObject({ monthToDateUsd: '48' });
    buy({ status: 'Failed', creationTime: '2026-09-01T09:50:00Z' });
    expect(await month.run('2026-09-01T10:15:00Z', provisioned)).toMatchObject({ monthToDateUsd: '0', forecastUsd: '0' });
  });

  test('bought elsewhere counts from the beginning of the month, and AWS is not asked', async () => {
    const { arn, ...elsewhere } = METER;
    expect(await month.run('2026-09-01T10:00:00Z', { provisioned: [elsewhere] })).toMatchObject({ monthToDateUsd: '480', forecastUsd: '34560' });
    expect(month.aws.callsOf('GetProvisionedModelThroughput')).toEqual([]);
    expect(month.ofResource('Chat/Capacity', METER.model, 'elsewhere:Chat/Capacity')).toEqual({ '2026-09-01T10:00:00Z': 480 });
  });

  test('that is gone costs nothing more, and what it has cost this month stays', async () => {
    buy();
    await month.run('2026-09-10T00:00:00Z', provisioned);
    month.aws.throughputs.clear();
    // 9 days x 24 h x $48 = 10368, and no forecast.
    for (const now of ['2026-09-10T00:15:00Z', '2026-09-28T00:00:00Z']) {
      expect(await month.run(now, provisioned)).toMatchObject({ monthToDateUsd: '10368', forecastUsd: '10368' });
    }
    expect(Object.values(month.ofResource('Chat/Capacity', METER.model, ARN))).toEqual([10368, 10368, 10368]);
    expect(await month.run('2026-10-01T06:00:00Z', provisioned)).toMatchObject({ month: '2026-10', monthToDateUsd: '0' });
  });

  test('that was replaced goes on beside the one that replaces it', async () => {
    buy();
    await month.run('2026-09-10T00:00:00Z', provisioned);
    const other = ARN.replace('aaaaaaaaaaaa', 'bbbbbbbbbbbb');
    month.aws.throughputs.clear();
    month.aws.throughputs.set(other, { status: 'InService', modelUnits: 1, creationTime: '2026-09-10T00:00:00Z' });
    // 10368, and 10 h x 1 unit x $24 = 240.
    expect(await month.run('2026-09-10T10:00:00Z', { provisioned: [{ ...METER, arn: other }] })).toMatchObject({ monthToDateUsd: '10608' });
  });

  test('that ended with the month is told in full when the month is closed', async () => {
    buy();
    await month.run('2026-09-30T23:45:00Z', provisioned);
    await month.run('2026-10-01T00:00:00Z', provisioned);
    // 720 x $48.
    expect(month.part()).toEqual({ '2026-09-30T23:45:00Z': 34560, '2026-09-30T23:59:00Z': 34560, '2026-10-01T00:00:00Z': 0 });
  });

  test('is waited for when AWS throttles', async () => {
    buy();
    month.aws.faults = [{ operation: 'GetProvisionedModelThroughput', status: 429, error: 'ThrottlingException', times: 2 }];
    expect(await month.run('2026-09-01T10:00:00Z', provisioned)).toMatchObject({ monthToDateUsd: '480' });
  }, 30_000);

  test('fails the run when AWS does not tell, and nothing is published', async () => {
    month.aws.faults = [{ operation: 'GetProvisionedModelThroughput', status: 403, error: 'AccessDeniedException' }];
    await expect(month.run('2026-09-01T10:00:00Z', provisioned)).rejects.toThrow('AWS says no');
    expect(month.aws.callsOf('PutMetricData')).toEqual([]);
  });

  test.each([
    ['2026-09-11T00:00:00Z', 0.5], ['2026-09-30T10:30:00Z', 0], ['2026-09-01T12:00:00Z', 10],
  ])('tells at %s how many days are left of its commitment: %s', async (now, days) => {
    buy({ commitmentExpirationTime: '2026-09-11T12:00:00Z', commitmentDuration: 'OneMonth' });
    await month.run(now, provisioned);
    expect(month.published('CommitmentDaysLeft', { Budget: BUDGET, Resource: 'Chat/Capacity' })).toEqual({ [now]: days });
  });

  test('without a commitment has no days left to tell', async () => {
    buy();
    await month.run('2026-09-11T00:00:00Z', provisioned);
    expect(month.aws.points.map(({ metricName }) => metricName)).not.toContain('CommitmentDaysLeft');
  });
});

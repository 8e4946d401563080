import { BUDGET, FakeMonth } from '../../harness/month-to-date';

let month: FakeMonth;
beforeAll(async () => { month = await FakeMonth.start(); });
afterAll(async () => month.aws.stop());
beforeEach(() => month.reset());
afterEach(() => jest.restoreAllMocks());

const NOW = '2026-09-15T10:20:00Z';
const ROLE = 'arn:aws:iam::111111111111:role/Chat-NightlyRole';
// Nova Pro, batch: $0.40 and $1.60 per million; records of 1,000 and 250 tokens: 0.0004 + 0.0004 = $0.0008.
const METER = {
  resource: 'Chat/Nightly',
  model: 'amazon.nova-pro-v1:0',
  jobNamePrefix: 'nightly',
  roleArn: ROLE,
  usdPerMillionInput: '0.4',
  usdPerMillionOutput: '1.6',
  usdPerRecord: '0.0008',
};
const batch = { batch: [METER] };
const arnOf = (id: string) => `arn:aws:bedrock:us-west-2:111111111111:model-invocation-job/${id}`;

function job(id: string, more: object = {}, onlyInGet: object = {}): void {
  month.aws.job({
    jobArn: arnOf(id),
    jobName: `nightly-${id}`,
    modelId: METER.model,
    roleArn: ROLE,
    status: 'Completed',
    submitTime: '2026-09-14T01:00:00Z',
    lastModifiedTime: '2026-09-15T02:10:00Z',
    endTime: '2026-09-15T02:10:00Z',
    inputDataConfig: { s3InputDataConfig: { s3Uri: 's3://in/x.jsonl' } },
    outputDataConfig: { s3OutputDataConfig: { s3Uri: 's3://out/results/' } },
    totalRecordCount: 1000,
    processedRecordCount: 1000,
    ...more,
  }, onlyInGet);
}
function manifest(id: string, content: object | string | number, folder = 'out/results'): void {
  month.aws.objects.set(`${folder}/${id}/manifest.json.out`, typeof content === 'object' ? JSON.stringify(content) : content);
}
const COUNTED = {
  totalRecordCount: 1000,
  processedRecordCount: 1000,
  successRecordCount: 990,
  errorRecordCount: 10,
  inputTokenCount: 1_500_001,
  outputTokenCount: 300_000,
};
// 1,500,001 x 0.4 + 300,000 x 1.6, over a million: 0.6000004 + 0.48.
const COST = '1.0800004';

describe('a job of a batch', () => {
  test('costs the amount of its own counts', async () => {
    job('a1');
    manifest('a1', COUNTED);
    expect(await month.run(NOW, batch)).toMatchObject({ monthToDateUsd: COST });
    expect(month.ofResource('Chat/Nightly', METER.model, `${ROLE}:nightly`)).toEqual({ [NOW]: 1.0800004 });
  });

  test.each([['s3://out', 'out'], ['s3://out/', 'out'], ['s3://out/a/b', 'out/a/b'], ['s3://out/a/b/', 'out/a/b']])('leaves its manifest below %s', async (s3Uri, folder) => {
    job('a1', { outputDataConfig: { s3OutputDataConfig: { s3Uri } } });
    manifest('a1', COUNTED, folder);
    expect(await month.run(NOW, batch)).toMatchObject({ monthToDateUsd: COST });
  });

  test.each<[string, object | string | number, object, object?]>([
    ['no manifest', 404, {}],
    ['a manifest without token counts', { processedRecordCount: 1000 }, {}],
    ['a manifest with one count', { ...COUNTED, outputTokenCount: undefined }, {}],
    ['a manifest that is not JSON', 'oops', {}],
    ['no manifest, and only the count of successes', 404, { processedRecordCount: undefined, successRecordCount: 1000 }],
    ['no manifest, and its count only in its details', 404, {}, { processedRecordCount: 1000 }],
  ])('that has %s costs the estimate of its records', async (_, content, more, onlyInGet = {}) => {
    job('a1', more, onlyInGet);
    manifest('a1', content);
    // 1,000 x $0.0008.
    expect(await month.run(NOW, batch)).toMatchObject({ monthToDateUsd: '0.8' });
  });

  test('whose manifest cannot be read without permission costs the estimate, is logged, and is read once permission is granted', async () => {
    const warn = jest.spyOn(console, 'warn').mockImplementation();
    job('a1');
    manifest('a1', 403);
    expect(await month.run(NOW, batch)).toMatchObject({ monthToDateUsd: '0.8' });
    expect(warn).toHaveBeenCalledWith(`s3://out/results/a1/manifest.json.out may not be read (AccessDenied: AWS says no): ${arnOf('a1')} counts as estimated`);
    manifest('a1', COUNTED);
    expect(await month.run(NOW, batch)).toMatchObject({ monthToDateUsd: COST });
  });

  test('fails the run when S3 fails, and nothing is published', async () => {
    job('a1');
    manifest('a1', 500);
    await expect(month.run(NOW, batch)).rejects.toThrow('AWS says no');
    expect(month.aws.callsOf('PutMetricData')).toEqual([]);
  }, 60_000);

  test.each(['Completed', 'PartiallyCompleted', 'Failed', 'Stopped', 'Expired'])('that is %s costs its processed records', async (status) => {
    job('a1', { status });
    manifest('a1', COUNTED);
    expect(await month.run(NOW, batch)).toMatchObject({ monthToDateUsd: COST });
  });

  test.each(['Submitted', 'Validating', 'Scheduled', 'InProgress', 'Stopping'])('that is %s counts provisionally, without its manifest', async (status) => {
    job('a1', { status, endTime: undefined, processedRecordCount: 250 });
    // 250 x $0.0008.
    expect(await month.run(NOW, batch)).toMatchObject({ monthToDateUsd: '0.2' });
    expect(month.aws.callsOf('GetObject')).toEqual([]);
  });

  test('whose input was refused costs nothing, and its manifest is not read', async () => {
    job('a1', { status: 'Failed', processedRecordCount: 0 });
    expect(await month.run(NOW, batch)).toMatchObject({ monthToDateUsd: '0' });
    expect(month.aws.callsOf('GetObject')).toEqual([]);
  });

  test('belongs to the month that it ended in', async () => {
    job('a1', { submitTime: '2026-08-31T20:00:00Z', endTime: '2026-08-31T23:59:59Z' });
    job('a2', { submitTime: '2026-08-31T20:00:00Z', endTime: '2026-09-01T00:00:00Z' });
    manifest('a1', { ...COUNTED, inputTokenCount: 9_000_000 });
    manifest('a2', COUNTED);
    expect(await month.run(NOW, batch)).toMatchObject({ monthToDateUsd: COST });
  });

  test('may have waited and run for two weeks; jobs that ended before the history are not read', async () => {
    // The history begins three weeks before now, on August 25.
    job('a1', { submitTime: '2026-08-12T00:00:00Z', endTime: '2026-08-26T00:00:00Z' });
    job('a2', { submitTime: '2026-08-12T00:00:00Z', endTime: '2026-08-24T00:00:00Z' });
    await month.run(NOW, batch);
    expect(month.aws.callsOf('GetObject').map(({ body }) => body.key)).toEqual(['out/results/a1/manifest.json.out']);
  });

  test('that ran across the end of a month belongs to the new month, also when the previous one is closed', async () => {
    job('a1', { submitTime: '2026-08-31T20:00:00Z', endTime: '2026-09-01T00:30:00Z' });
    job('a2', { status: 'InProgress', endTime: undefined, processedRecordCount: 250 });
    manifest('a1', COUNTED);
    await month.run('2026-09-01T01:00:00Z', batch);
    expect(month.part()).toEqual({ '2026-08-31T23:59:00Z': 0, '2026-09-01T01:00:00Z': 1.2800004 });
  });

  test('of another role or another name is not counted', async () => {
    job('a1', { roleArn: `${ROLE}2` });
    job('a2', { jobName: 'my-nightly-a2' });
    job('a3', { jobName: 'nightly2-a3' });
    job('a4');
    for (const id of ['a1', 'a2', 'a3', 'a4']) manifest(id, COUNTED);
    expect(await month.run(NOW, batch)).toMatchObject({ monthToDateUsd: COST });
  });

  test('is found on any page of the list', async () => {
    for (const id of ['a1', 'a2', 'a3']) {
      job(id);
      manifest(id, COUNTED);
    }
    month.aws.pageSize = 2;
    // 3 x 1.0800004.
    expect(await month.run(NOW, batch)).toMatchObject({ monthToDateUsd: '3.2400012' });
  });

  test('is read once, as long as the function is warm', async () => {
    job('a1');
    job('a2', { status: 'Failed' });
    manifest('a1', COUNTED);
    manifest('a2', 404);
    const first = await month.run(NOW, batch);
    expect(await month.run(NOW, batch)).toEqual(first);
    expect(month.aws.callsOf('GetObject')).toHaveLength(2);
    month.coldStart();
    expect(await month.run(NOW, batch)).toEqual(first);
    expect(month.aws.callsOf('GetObject')).toHaveLength(4);
  });

  test('that has just ended may get its manifest late', async () => {
    job('a1', { endTime: '2026-09-15T10:15:00Z' });
    expect(await month.run(NOW, batch)).toMatchObject({ monthToDateUsd: '0.8' });
    manifest('a1', COUNTED);
    expect(await month.run('2026-09-15T10:35:00Z', batch)).toMatchObject({ monthToDateUsd: COST });
  });

  test('is priced again when the prices change, although it is not read again', async () => {
    job('a1');
    manifest('a1', COUNTED);
    await month.run(NOW, batch);
    // 1,500,001 x 0.8 + 300,000 x 1.6, over a million.
    expect(await month.run(NOW, { batch: [{ ...METER, usdPerMillionInput: '0.8' }] })).toMatchObject({ monthToDateUsd: '1.6800008' });
    expect(month.aws.callsOf('GetObject')).toHaveLength(1);
  });
});

describe('the forecast of a batch', () => {
  test('expects the nightly jobs of the last two weeks', async () => {
    for (let day = -15; day < 15; day++) {
      const night = Date.parse('2026-09-01T02:10:00Z') + day * 86_400_000;
      job(`n${day}`, { submitTime: new Date(night - 3_600_000).toISOString(), endTime: new Date(night).toISOString() });
      manifest(`n${day}`, { ...COUNTED, inputTokenCount: 1_000_000, outputTokenCount: 1_000_000 });
    }
    // $0.4 + $1.6 a night: 15 nights have been, of 30.
    expect(await month.run(NOW, batch)).toMatchObject({ monthToDateUsd: '30', forecastUsd: '60' });
  });
});

describe('the ratio of actual to estimated costs', () => {
  const ratio = () => month.published('BatchCostRatio', { Budget: BUDGET, Resource: 'Chat/Nightly' });

  test('includes the jobs that ended within 24 hours and have token counts', async () => {
    for (const id of ['a1', 'a2']) {
      job(id);
      manifest(id, { ...COUNTED, inputTokenCount: 2_000_000, outputTokenCount: 500_000 });
    }
    job('old', { endTime: '2026-09-14T10:19:00Z' });
    manifest('old', { ...COUNTED, inputTokenCount: 90_000_000 });
    job('uncounted');
    job('running', { status: 'InProgress', endTime: undefined });
    await month.run(NOW, batch);
    // Each 0.8 + 0.8 = 1.6, where 1,000 x 0.0008 = 0.8 were estimated.
    expect(ratio()).toEqual({ [NOW]: 2 });
  });

  test.each([
    ['no job has ended', { status: 'InProgress', endTime: undefined }, {}],
    ['the estimate is $0', {}, { usdPerRecord: '0' }],
    ['the last job ended long ago', { endTime: '2026-09-10T00:00:00Z' }, {}],
  ])('is not published when %s', async (_, ended, prices) => {
    job('a1', ended);
    manifest('a1', COUNTED);
    await month.run(NOW, { batch: [{ ...METER, ...prices }] });
    expect(ratio()).toEqual({});
    expect(Object.keys(month.part())).toEqual([NOW]);
  });
});

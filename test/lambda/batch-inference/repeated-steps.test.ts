import { S3 } from '@aws-sdk/client-s3';
import { BatchSettings } from '../../../src/lambda/batch-inference/contract';
import { jobsOf } from '../../../src/lambda/batch-inference/next-step';
import { partId, recordId } from '../../../src/lambda/batch-inference/record-id';
import { RunFolder } from '../../../src/lambda/batch-inference/run-folder';
import { settlePart } from '../../../src/lambda/batch-inference/settle-part';
import { Store } from '../../../src/lambda/batch-inference/store';
import { withoutOutput } from '../../../src/lambda/batch-inference/verdict';
import { FakeS3 } from '../../fakes/s3/fake-s3';

let s3: FakeS3;
let store: Store;
beforeAll(async () => {
  s3 = await FakeS3.start();
  store = new Store(new S3({ endpoint: s3.endpoint, region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }), 'results');
});
afterAll(() => s3.stop());
beforeEach(() => s3.reset());

const RUN = { id: 'run-1', folder: '2026-11-29/' };

test('a repeated step gives each job the same name and token, by which AWS identifies it', () => {
  const settings = {
    resource: 'Stack/Nightly',
    jobNamePrefix: 'Nightly',
    output: { bucket: 'results', prefix: '' },
    quotas: { recordsPerJob: 100, recordsPerFile: 100, bytesPerJob: 1_000, bytesPerFile: 500, minimumRecordsPerJob: 20 },
  } as BatchSettings;
  const parts = [60, 60, 60].map((records, i) => ({ id: partId(0, i), records, bytes: records }));
  const known = (round = 0, run = RUN, given = parts) => jobsOf(settings, run, round, given, 'batch').map(({ name, token }) => [name, token]);
  expect(known()).toEqual(known());
  const [all, ofOthers] = [known(), [...known(1), ...known(0, { ...RUN, id: 'run-2' })]];
  expect(new Set([...all, ...ofOthers].flat()).size).toBe(2 * (3 + 6));
  // Other records with the same name are another job.
  expect(known(0, RUN, parts.map((part) => ({ ...part, records: 50 })))[0]).toEqual([all[0][0], expect.not.stringContaining(all[0][1])]);
});

test('output that arrives after a part was settled replaces its dead letters', async () => {
  const folder = new RunFolder(RUN.folder);
  const id = partId(0, 0);
  const record = recordId(id, 0);
  const line = `{"recordId":"${record}","modelInput":{}}\n`;
  s3.put('results', folder.part(1, id), line);
  const settle = (answers?: string) => settlePart(store, folder, {
    id, round: 1, answers: answers === undefined ? undefined : Buffer.from(answers), mayTryAgain: { answered: false, unanswered: false }, without: withoutOutput({ Status: 'Completed' }),
  });
  expect(await settle()).toMatchObject({ succeeded: 0, deadLetters: 1 });
  expect(s3.text('results', folder.partDeadLetters(id))).toContain(record);
  expect(await settle(`{"recordId":"${record}","modelInput":{},"modelOutput":{}}\n`)).toMatchObject({ succeeded: 1, deadLetters: 0 });
  expect(s3.text('results', folder.partResults(id))).toContain(record);
  expect(s3.text('results', folder.partDeadLetters(id))).toBe('');
});

test('settling a part of the first round again keeps the results of later rounds', async () => {
  const folder = new RunFolder(RUN.folder);
  const id = partId(0, 0);
  const [done, failed] = [recordId(id, 0), recordId(id, 1)];
  const input = (record: string) => `{"recordId":"${record}","modelInput":{}}\n`;
  const succeeded = (record: string) => `{"recordId":"${record}","modelInput":{},"modelOutput":{}}\n`;
  const first = `${succeeded(done)}{"recordId":"${failed}","modelInput":{},"error":{"errorCode":503,"errorMessage":"busy"}}\n`;
  s3.put('results', folder.part(0, id), input(done) + input(failed));
  const settle = (round: number, answers: string, isRepeated: boolean) => settlePart(store, folder, {
    id, round, isRepeated, answers: Buffer.from(answers), mayTryAgain: { answered: true, unanswered: true }, without: withoutOutput({ Status: 'Completed' }),
  });
  const before = await settle(0, first, false);
  expect(before).toMatchObject({ succeeded: 1, deadLetters: 0, again: { records: 1 } });
  await settle(1, succeeded(failed), false);
  expect(await settle(0, first, true)).toEqual(before);
  expect(s3.text('results', folder.partResults(id)).trimEnd().split('\n').map((line) => line.split('\t')[0])).toEqual([done, failed]);
});

test('a folder is listed completely, in the order of its keys', async () => {
  const keys = Array.from({ length: 2_001 }, (_, i) => `parts/${String(i).padStart(6, '0')}`);
  for (const key of keys) s3.put('results', key, '');
  const listed: string[] = [];
  for await (const { key } of store.list('parts/')) listed.push(key);
  expect(listed).toEqual(keys);
});

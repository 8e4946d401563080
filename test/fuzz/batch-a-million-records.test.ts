import { BatchInput } from '../../src/inference/batch/input';
import { BatchScene, INPUT, OUTPUT } from '../harness/batch-inference/scene';
import { isQuick } from '../runs';

const [FILES, JOBS] = isQuick ? [2, 4] : [200, 20];
const RECORDS_PER_FILE = 5_000;
const RECORDS = FILES * RECORDS_PER_FILE;
/** 50,000, the quota of AWS, for a million records. */
const RECORDS_PER_JOB = RECORDS / JOBS;

let scene: BatchScene;
beforeAll(async () => { scene = await BatchScene.start(); });
afterAll(() => scene.stop());

/** `r0000000`, `r0000001`, ...: as many as there are, in the order of the files. */
const idOf = (record: number) => `r${String(record).padStart(7, '0')}`;

test(`${RECORDS} records in ${FILES} files, ${RECORDS_PER_JOB} a job and ${JOBS} jobs at a time: each id comes out once, in order`, async () => {
  for (let file = 0; file < FILES; file++) {
    const lines = Array.from({ length: RECORDS_PER_FILE }, (_, i) =>
      `{"recordId":"${idOf(file * RECORDS_PER_FILE + i)}","modelInput":{"messages":[{"role":"user","content":[{"text":"?"}]}]}}\n`);
    scene.s3.put(INPUT, `in/${String(file).padStart(3, '0')}.jsonl`, lines.join(''));
  }
  const ended = await scene.run(BatchScene.definitionOf({ input: BatchInput.prefix('in'), quotas: { recordsPerJob: RECORDS_PER_JOB } }));
  expect(ended).toMatchObject({ status: 'SUCCEEDED', output: { records: RECORDS, succeeded: RECORDS, deadLetters: 0, jobs: JOBS } });

  let next = 0;
  for (const key of scene.summary().results) {
    // Each result ends with its record's id.
    for (const [, id] of scene.s3.text(OUTPUT, key).matchAll(/"recordId":"([^"]*)"\}\n/g)) {
      if (id !== idOf(next++)) throw new Error(`${id} is at the place of ${idOf(next - 1)}`);
    }
  }
  expect(next).toBe(RECORDS);

  // A run 12, a slice 2 (83 MB are one), each job 5 and 3 for each of 8 looks, a file of results 2 (about 270 MB are one).
  expect(ended.transitions).toBe(12 + 2 + JOBS * (5 + 3 * 8) + 2);
  expect(scene.jobs.violations).toEqual([]);
}, 600_000);

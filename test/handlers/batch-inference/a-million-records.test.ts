import { BatchScene, INPUT, OUTPUT } from './scene';

const FILES = 200;
const RECORDS_OF_FILE = 5_000;

let scene: BatchScene;
beforeAll(async () => { scene = await BatchScene.start(); });
afterAll(() => scene.stop());

/** `r0000000`, `r0000001`, ...: as many as there are, in the order of the files. */
const idOf = (record: number) => `r${String(record).padStart(7, '0')}`;

test('1,000,000 records in 200 files, 50,000 a job and 20 jobs at a time: each id comes out once, in order', async () => {
  for (let file = 0; file < FILES; file++) {
    const lines = Array.from({ length: RECORDS_OF_FILE }, (_, i) =>
      `{"recordId":"${idOf(file * RECORDS_OF_FILE + i)}","modelInput":{"messages":[{"role":"user","content":[{"text":"?"}]}]}}\n`);
    scene.s3.put(INPUT, `in/${String(file).padStart(3, '0')}.jsonl`, lines.join(''));
  }
  const ended = await scene.run(BatchScene.definitionOf({ inputPrefix: 'in' }));
  expect(ended).toMatchObject({ status: 'SUCCEEDED', output: { records: 1_000_000, succeeded: 1_000_000, deadLetters: 0, jobs: 20 } });

  let next = 0;
  for (const key of scene.summary().results) {
    // Each result ends with its record's id.
    for (const [, id] of scene.s3.text(OUTPUT, key).matchAll(/"recordId":"([^"]*)"\}\n/g)) {
      if (id !== idOf(next++)) throw new Error(`${id} is at the place of ${idOf(next - 1)}`);
    }
  }
  expect(next).toBe(1_000_000);

  // A run 12, a slice 2 (83 MB are one), each of 20 jobs 5 and 3 for each of 8 looks, a file of results 2 (about 270 MB are one).
  expect(ended.transitions).toBe(12 + 2 + 20 * (5 + 3 * 8) + 2);
  expect(scene.jobs.violations).toEqual([]);
}, 600_000);

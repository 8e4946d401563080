import { largestRecord, partLimits } from '../../../src/lambda/batch-inference/contract';
import { joinedFiles } from '../../../src/lambda/batch-inference/next-step';
import { packJobs, recordsOf } from '../../../src/lambda/batch-inference/pack-jobs';
import { indexOf, partId, recordId, sliceId, sliceOf } from '../../../src/lambda/batch-inference/record-id';
import { fc } from '../../fast-check';

const quotas = { recordsPerJob: 100, recordsPerFile: 100, bytesPerJob: 1_000, bytesPerFile: 500, minimumRecordsPerJob: 20 };
const parts = (...records: number[]) => records.map((count, i) => ({ id: partId(0, i), records: count, bytes: count }));
const sizes = (jobs: readonly { readonly records: number }[][]) => jobs.map((job) => job.map(({ records }) => records));

describe('jobs', () => {
  test.each([
    ['as full as records allow', parts(50, 50, 1), [[50], [50, 1]]],
    ['one, if all fits', parts(50, 50), [[50, 50]]],
    ['none of nothing', [], []],
    ['one that is too small, if there is no more', parts(5), [[5]]],
    ['the last filled from the one before', parts(40, 30, 30, 10), [[40, 30], [30, 10]]],
    ['the last left too small where the one before would be, too', parts(90, 10, 5), [[90], [10, 5]]],
  ])('are %s', (_, given, jobs) => {
    expect(sizes(packJobs(given, quotas))).toEqual(jobs);
  });

  test('have at most the bytes of the quota', () => {
    const heavy = [400, 400, 400].map((bytes, i) => ({ id: partId(0, i), records: 30, bytes }));
    expect(packJobs(heavy, quotas).map((job) => job.length)).toEqual([2, 1]);
  });

  test('have at most as many parts as the input of a state can have', () => {
    const tiny = Array.from({ length: 4_001 }, (_, i) => ({ id: partId(0, i), records: 1, bytes: 1 }));
    const jobs = packJobs(tiny, { ...quotas, recordsPerJob: 50_000, bytesPerJob: 1e9, minimumRecordsPerJob: 1 });
    expect(jobs.map((job) => job.length)).toEqual([2_000, 2_000, 1]);
    expect(JSON.stringify(jobs[0]).length).toBeLessThan(200_000);
  });

  test('property: contain each part once and in order, within the quotas, and at least the minimum of records if possible', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 10 }), { maxLength: 80 }), (records) => {
      const given = parts(...records);
      const jobs = packJobs(given, quotas);
      expect(jobs.flat()).toEqual(given);
      for (const job of jobs) expect(recordsOf(job)).toBeLessThanOrEqual(100);
      // Parts are a tenth of a job, as in a run, so the last job can always be filled.
      if (recordsOf(given) >= 20) for (const job of jobs) expect(recordsOf(job)).toBeGreaterThanOrEqual(20);
    }));
  });
});

test('a part is a tenth of a job, within the limits of a file and of memory', () => {
  const gigabyte = 1024 ** 3;
  expect(partLimits({ recordsPerJob: 50_000, recordsPerFile: 50_000, bytesPerJob: 5 * gigabyte, bytesPerFile: gigabyte, minimumRecordsPerJob: 100 }))
    .toEqual({ records: 5_000, bytes: 8 * 1024 * 1024 });
  expect(partLimits(quotas)).toEqual({ records: 10, bytes: 100 });
  expect(partLimits({ ...quotas, recordsPerJob: 1, bytesPerJob: 1 })).toEqual({ records: 1, bytes: 1 });
  expect(largestRecord(quotas)).toBe(500);
});

test('an id has 11 letters and digits, and contains slice and record', () => {
  const part = partId(46_655, 35);
  expect(recordId(part, 4_999)).toBe('ZZZ00Z003UV');
  expect([sliceOf(part), indexOf('ZZZ00Z003UV'), sliceId(36)]).toEqual([46_655, 4_999, '010']);
});

test('property: ids sort by slice, part and record', () => {
  const place = fc.integer({ min: 0, max: 46_655 });
  fc.assert(fc.property(fc.tuple(place, place, place), fc.tuple(place, place, place), (a, b) => {
    const id = ([slice, part, record]: readonly [number, number, number]) => recordId(partId(slice, part), record);
    const order = a.map((value, i) => value - b[i]).find((difference) => difference !== 0) ?? 0;
    expect(id(a) < id(b)).toBe(order < 0);
  }));
});

test('files of the output join adjacent parts, up to a size', () => {
  const stored = [['a', 60], ['b', 40], ['c', 1], ['d', 200], ['e', 1]].map(([key, size]) => ({ key: String(key), size: Number(size) }));
  expect(joinedFiles('results', stored, 100)).toEqual([
    { kind: 'results', name: 'results-00000.jsonl', first: 'a', last: 'b' },
    { kind: 'results', name: 'results-00001.jsonl', first: 'c', last: 'c' },
    { kind: 'results', name: 'results-00002.jsonl', first: 'd', last: 'd' },
    { kind: 'results', name: 'results-00003.jsonl', first: 'e', last: 'e' },
  ]);
});

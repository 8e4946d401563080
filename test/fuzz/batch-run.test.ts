import { BatchInput } from '../../src/inference/batch/input';
import { SmallRuns } from '../../src/inference/batch/props';
import { INVALID_INPUT, RECORDS_NOT_PROCESSED } from '../../src/lambda/batch-inference/contract';
import { Fate } from '../fakes/bedrock/jobs/types';
import { fc } from '../fast-check';
import { BatchScene, INPUT } from '../harness/batch-inference/scene';
import { Random } from '../harness/throughput/clock';
import { runs } from '../runs';

const RUNS = runs({ quick: 20, full: 1_000 });
const TIMEOUT_MS = 3_600_000;

/** The number of times that an execution is redriven until it ends. */
const MOST_REDRIVES = 20;

let scene: BatchScene;
beforeAll(async () => { scene = await BatchScene.start(); });
afterAll(() => scene.stop());

const FATES: readonly Fate[] = ['PartiallyCompleted', 'Failed', 'Expired', 'Stopped'];
const CREATE_ERRORS = ['ThrottlingException', 'InternalServerException', 'SdkClientException', 'ServiceQuotaExceededException'];
const PASSING_CODES = [429, 500, 503];
const S3_OPERATIONS = ['GetObject', 'PutObject', 'CopyObject', 'ListObjectsV2', 'HeadObject'];
const S3_KINDS = [503, 500, 'reset'] as const;

/** A sequence of random faults. */
class Sequence {
  public readonly ids: string[] = [];
  public bad = 0;
  private readonly next: () => number;

  /** @param trouble the probability of faults */
  constructor(seed: number, private readonly trouble: number) {
    this.next = new Random(seed).next;
  }

  public layInput(): void {
    const files = 1 + this.upTo(3);
    for (let file = 0; file < files; file++) {
      const count = this.upTo(15);
      const lines = Array.from({ length: count }, (_, i) => this.line(`${file}-${i}`));
      scene.s3.put(INPUT, `in/${file}.jsonl`, lines.join('\n'));
    }
  }

  public layTrouble(): void {
    const { behaviour } = scene.jobs;
    Object.assign(behaviour.quotas, { minimumRecords: 2, recordsPerJob: 20, recordsPerFile: 10, jobsAtATime: 3 });
    const usual = behaviour.answerOf;
    const fates = new Map<string, Fate | undefined>();
    behaviour.fateOf = ({ arn }) => {
      if (!fates.has(arn)) fates.set(arn, this.happens(2) ? this.one(FATES) : undefined);
      return fates.get(arn);
    };
    behaviour.answerOf = (record, job) => {
      if (behaviour.fateOf(job) !== undefined && this.happens(3)) return undefined;
      if (this.happens(1)) return { error: { errorCode: this.one(PASSING_CODES), errorMessage: 'for a while' } };
      return this.next() < this.trouble / 10 ? { error: { errorCode: 400, errorMessage: 'for good' } } : usual(record, job);
    };
    scene.runtime.answer = (_, request) => {
      if (this.happens(1)) return { status: 429, error: 'ThrottlingException' };
      // An on-demand request is billed whether its answer arrives or not.
      const record = JSON.stringify(request);
      scene.jobs.billed.set(record, (scene.jobs.billed.get(record) ?? 0) + 1);
      return this.happens(1) ? 'lost' : { body: { usage: { inputTokens: 1, outputTokens: 1 } } };
    };
    scene.onStep = (_, act) => {
      // The execution was stopped or timed out: no state retries this error.
      if (this.next() < this.trouble / 10) throw Object.assign(new Error('stopped'), { name: INVALID_INPUT });
      return this.perhapsLost(act, 'Lambda.Unknown');
    };
    scene.onBedrock = (action, act) => this.perhapsLost(act, action.startsWith('create') ? this.one(CREATE_ERRORS) : 'ThrottlingException');
    const faults = this.trouble === 0 ? 0 : this.upTo(8);
    scene.s3.faults = Array.from({ length: faults }, () => (
      { operation: this.one(S3_OPERATIONS), kind: this.one(S3_KINDS), times: 1 + this.upTo(3), afterwards: this.happens(2) }));
  }

  public one<T>(of: readonly T[]): T {
    return of[this.upTo(of.length)];
  }

  private upTo(count: number): number {
    return Math.floor(this.next() * count);
  }

  private happens(times: number): boolean {
    return this.next() < this.trouble * times / 2;
  }

  private line(name: string): string {
    if (this.next() < 0.03) {
      this.bad++;
      return '{"no": "record"}';
    }
    this.ids.push(name);
    return JSON.stringify({ recordId: name, modelInput: { messages: [{ role: 'user', content: [{ text: name }] }] } });
  }

  /** Fails before the call, or loses the answer after the call. */
  private async perhapsLost(act: () => Promise<unknown>, error: string): Promise<unknown> {
    const [before, after] = [this.happens(1), this.happens(1)];
    if (before) throw Object.assign(new Error('not done'), { name: error });
    const answer = await act();
    // AWS refuses such a call without an effect, so it is never lost after an effect.
    if (after && error !== 'ServiceQuotaExceededException') throw Object.assign(new Error('done, and lost'), { name: error });
    return answer;
  }
}

const definitions = [SmallRuns.REFUSE, SmallRuns.ON_DEMAND].map((smallRuns) => BatchScene.definitionOf({
  input: BatchInput.prefix('in'), quotas: { minimumRecordsPerJob: 2, recordsPerJob: 20, recordsPerFile: 10, concurrentJobs: 3 }, smallRuns,
}));

/** An event that AWS may deliver twice. */
const REQUEST = { requestId: 'the same', isEvent: true };

async function untilEnded(sequence: Sequence) {
  const definition = sequence.one(definitions);
  const twice = sequence.one([true, false, false, false]);
  for (let tries = 0; tries < MOST_REDRIVES; tries++) {
    const both = [scene.run(definition, REQUEST, 'first'), ...(twice ? [scene.run(definition, REQUEST, 'second')] : [])];
    const [ended] = (await Promise.all(both)).filter(({ output }) => output?.decision !== 'done');
    if (ended && (ended.status === 'SUCCEEDED' || ended.error === RECORDS_NOT_PROCESSED || ended.error === 'TooFewRecords')) return ended;
    // A redrive starts after the faults of S3 are over.
    scene.s3.faults = [];
  }
  return undefined;
}

function judge(sequence: Sequence, ended: { status: string; error?: string } | undefined): void {
  expect(ended).toBeDefined();
  expect(scene.jobs.violations).toEqual([]);
  expect(Math.max(0, ...scene.jobs.billed.values())).toBeLessThanOrEqual(1);
  if (ended!.error === 'TooFewRecords') {
    expect(sequence.ids.length).toBe(1);
    return;
  }
  const results = scene.lines('results').map(({ recordId }) => recordId);
  const letters = scene.lines('dead-letters');
  const dead = letters.flatMap(({ record }) => record?.recordId ?? []);
  expect([...results, ...dead].sort()).toEqual([...sequence.ids].sort());
  expect(results).toEqual(sequence.ids.filter((id) => results.includes(id)));
  expect(letters.length - dead.length).toBe(sequence.bad);
  const { records, succeeded, deadLetters, errors } = scene.summary();
  expect([records, succeeded, deadLetters]).toEqual([sequence.ids.length + sequence.bad, results.length, letters.length]);
  expect(Object.values(errors).reduce((sum, count) => sum + count, 0)).toBe(letters.length);
  expect(ended!.status).toBe(letters.length > 0 ? 'FAILED' : 'SUCCEEDED');
}

test(`in ${RUNS} sequences of faults each record has one result or one dead letter, in order, and none is billed twice`, async () => {
  jest.spyOn(console, 'error').mockImplementation();
  // A sequence follows from its seed: a smaller one is not a simpler one.
  const seeds = fc.noShrink(fc.integer({ min: 1, max: 2 ** 31 - 2 }));
  await fc.assert(fc.asyncProperty(seeds, fc.constantFrom(0, 0.03, 0.1, 0.25), async (seed, trouble) => {
    scene.reset();
    const sequence = new Sequence(seed, trouble);
    sequence.layInput();
    sequence.layTrouble();
    judge(sequence, await untilEnded(sequence));
  }), { numRuns: RUNS });
}, TIMEOUT_MS);

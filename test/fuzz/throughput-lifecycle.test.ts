import { throughputHandler } from '../../src/lambda/provisioned-model-throughput/handler';
import { fc } from '../fast-check';
import { HOUR } from '../harness/throughput/clock';
import { step, trouble } from '../harness/throughput/steps';
import { play, World } from '../harness/throughput/world';
import { runs } from '../runs';

let world: World | undefined;
beforeEach(() => {
  for (const level of ['info', 'warn'] as const) jest.spyOn(console, level).mockImplementation();
  jest.spyOn(console, 'error').mockImplementation((text) => {
    world?.judge.errors.push(String(text));
    world?.aws.tell(() => `  LOG ${text}`);
  });
});
afterEach(() => jest.restoreAllMocks());

test('with any faults and forged events, nothing is bought twice, left without an owner, or deleted without a request', async () => {
  await fc.assert(fc.asyncProperty(trouble, fc.array(step, { minLength: 1, maxLength: 4 }), async (given, steps) => {
    world = new World(throughputHandler, given);
    await play(world, steps);
    if (world.judge.findings.length > 0) throw new Error(world.story);
  }), { numRuns: runs({ quick: 100, full: 10_000 }) });
}, HOUR);

import * as fc from 'fast-check';
import { step, trouble } from './throughput/steps';
import { play, World } from './throughput/world';
import { throughputHandler } from '../../src/handlers/provisioned-model-throughput/handler.lambda';

/** The same sequences every time; whoever changes the handler tries others, too. */
const SEED = Number(process.env.THROUGHPUT_SEED ?? 20_261_125);
const RUNS = Number(process.env.THROUGHPUT_RUNS ?? 10_000);

let world: World | undefined;
beforeEach(() => {
  for (const level of ['info', 'warn'] as const) jest.spyOn(console, level).mockImplementation();
  jest.spyOn(console, 'error').mockImplementation((text) => {
    world?.judge.cries.push(String(text));
    world?.aws.tell(() => `  LOG ${text}`);
  });
});
afterEach(() => jest.restoreAllMocks());

test('whatever goes wrong, nothing is bought twice, left to nobody, or deleted unasked', async () => {
  await fc.assert(fc.asyncProperty(trouble, fc.array(step, { minLength: 1, maxLength: 4 }), async (given, steps) => {
    world = new World(throughputHandler, given);
    await play(world, steps);
    if (world.judge.findings.length > 0) throw new Error(world.story);
  }), { numRuns: RUNS, seed: SEED });
}, 600_000);

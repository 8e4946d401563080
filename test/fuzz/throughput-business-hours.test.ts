import { throughputHandler } from '../../src/lambda/provisioned-model-throughput/handler';
import { fc } from '../fast-check';
import { HOUR, MINUTE } from '../harness/throughput/clock';
import { HoursStep, HoursWorld } from '../harness/throughput/hours-world';
import { trouble } from '../harness/throughput/steps';
import { runs } from '../runs';

beforeEach(() => { for (const level of ['info', 'warn', 'error'] as const) jest.spyOn(console, level).mockImplementation(); });
afterEach(() => jest.restoreAllMocks());

const step: fc.Arbitrary<HoursStep> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: MINUTE, max: 70 * MINUTE }) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'next-morning' as const }) },
  { weight: 2, arbitrary: fc.constant({ do: 'check' as const }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('deploy' as const), units: fc.constantFrom('1', '2') }) },
  { weight: 1, arbitrary: fc.constant({ do: 'delete-by-hand' as const }) },
);

test('with any faults, there are never two purchases, none outside of the hours for long, and none after the deletion', async () => {
  await fc.assert(fc.asyncProperty(trouble, fc.array(step, { minLength: 1, maxLength: 6 }), async (given, steps) => {
    const world = new HoursWorld(throughputHandler, given);
    await world.play(steps);
    if (world.findings.length > 0) throw new Error(world.story);
  }), { numRuns: runs({ quick: 20, full: 1_000 }) });
}, HOUR);

import { Lazy, Size } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { batch, settings, states } from './batch';
import { BatchInput } from '../../../src/inference/batch/input';
import { BatchPrompts } from '../../../src/inference/batch/prompts';
import { flat, stackIn } from '../synth';

describe('the input', () => {
  test.each([
    ['the whole bucket', {}, { kind: 'folder', path: '' }],
    ['a folder', { input: BatchInput.prefix('in') }, { kind: 'folder', path: 'in/' }],
    ['a folder with its slash', { input: BatchInput.prefix('in/') }, { kind: 'folder', path: 'in/' }],
    ['one file', { input: BatchInput.file('in/today.jsonl') }, { kind: 'file', path: 'in/today.jsonl' }],
    ['a manifest', { input: BatchInput.manifest('in/manifest.json') }, { kind: 'manifest', path: 'in/manifest.json' }],
  ])('can be %s', (_, props, input) => {
    expect(settings(props).input).toEqual({ bucket: 'records', ...input });
  });

  test('can be prompts, whose format is in the settings of the functions', () => {
    expect(settings({ prompts: BatchPrompts.csv({ maxTokens: 200, promptField: 'question', system: 'Be brief.' }) }).prompts)
      .toEqual({ format: 'csv', maxTokens: 200, promptField: 'question', idField: 'recordId', system: 'Be brief.' });
  });
});

test('jobs follow the quotas of AWS, which can be raised', () => {
  expect(settings().quotas).toEqual({
    recordsPerJob: 50_000, recordsPerFile: 50_000, bytesPerJob: 5_000_000_000, bytesPerFile: 1_000_000_000, minimumRecordsPerJob: 100,
  });
  const { stack } = batch({ quotas: { recordsPerJob: 1_000_000, concurrentJobs: 3 } });
  expect(states(stack).RunJobs.MaxConcurrency).toBe(3);
  expect(states(stack).PlanRun.Parameters.Payload.settings.quotas).toMatchObject({ recordsPerJob: 1_000_000, recordsPerFile: 50_000 });
});

// 0.3 MiB = 314,572.8 bytes
test.each([[Size.gibibytes(5), 5_368_709_120], [Size.mebibytes(0.3), 314_572], [Size.bytes(1.9), 1], [Size.bytes(1), 1]])('a size of %s is rounded down to %d whole bytes', (size, bytes) => {
  expect(settings({ quotas: { jobSize: size, fileSize: size } }).quotas).toMatchObject({ bytesPerJob: bytes, bytesPerFile: bytes });
});

describe('a value that is known only at deployment', () => {
  test('is passed to the functions: a limit, the number of attempts, the number of jobs', () => {
    const stack = stackIn();
    const number = (value: number) => Lazy.number({ produce: () => value });
    batch({ maxCostPerRunUsd: number(7), maxAttempts: number(2), quotas: { concurrentJobs: number(4) } }, stack);
    expect(states(stack).PlanRun.Parameters.Payload.settings).toMatchObject({ maxCostPerRunUsd: 7, maxAttempts: 2 });
    expect(states(stack).RunJobs.MaxConcurrency).toBe(4);
    const [machine] = Object.values(Template.fromStack(stack).findResources('AWS::StepFunctions::StateMachine'));
    expect(JSON.parse(flat(machine.Properties.DefinitionString))).not.toHaveProperty('TimeoutSeconds');
  });

  test('undefined quotas have the default values', () => {
    const { quotas } = settings({ quotas: { recordsPerJob: undefined, jobSize: undefined, minimumRecordsPerJob: undefined } });
    expect(quotas).toMatchObject({ recordsPerJob: 50_000, bytesPerJob: 5_000_000_000, minimumRecordsPerJob: 100 });
  });
});

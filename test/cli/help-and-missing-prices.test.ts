import { COMMANDS } from '../harness/cli/commands';
import { CliFolder } from '../harness/cli/run-cli';
import { runInProcess } from '../harness/cli/run-in-process';

const { version } = require('../../package.json');

let folder: CliFolder;
beforeEach(() => { folder = new CliFolder(); });
afterEach(() => folder.remove());

test.each([['-v'], ['--version']])('%s prints the version', async (option) => {
  expect(await runInProcess(option)).toEqual({ code: 0, out: `${version}\n`, err: '' });
});

test('help is the same as --help', async () => {
  const { out } = await runInProcess('--help');
  expect(out).toContain('Usage: cdk-bedrock-cost');
  expect(await runInProcess('help')).toEqual({ code: 0, out, err: '' });
});

test.each([...new Set(COMMANDS.map(({ words: [first] }) => first))])('help %s is the help of the command', async (command) => {
  const { code, out } = await runInProcess('help', command);
  expect({ code, out }).toEqual({ code: 0, out: (await runInProcess(command, '--help')).out });
  expect(out).toContain(`Usage: cdk-bedrock-cost ${command}`);
});

test('help of a command that does not exist is exit code 2', async () => {
  expect((await runInProcess('help', 'estimat')).code).toBe(2);
});

const MISSING = `
version: 1
region: us-east-1
workloads:
  - { name: chat, type: on-demand, model: example.unknown-v1, requestsPerMonth: 1, inputTokensPerRequest: 1, outputTokensPerRequest: 1 }
  - { name: draft, type: on-demand, model: example.unknown-v2, requestsPerMonth: 1, inputTokensPerRequest: 1 }
`;
const KNOWN = MISSING.replace(/example.unknown-v\d/g, 'amazon.nova-pro-v1:0');

describe.each(['estimate', 'compare'])('%s with a missing price', (command) => {
  const run = (text: string, ...more: string[]) => runInProcess(command, folder.write('usage.yaml', text), ...more);

  test.each([[[]], [['--on-missing-price', 'ignore']]])('ignores it by default: %j', async (options) => {
    expect(await run(MISSING, ...options)).toMatchObject({ code: 0, err: '' });
  });

  test.each([['warn', 0, 'warning'], ['fail', 1, 'error']])('and %s has exit code %d and a line for each price', async (choice, code, lead) => {
    const result = await run(MISSING, '--on-missing-price', choice);
    expect(result.code).toBe(code);
    expect(result.out).toContain('chat');
    expect(result.err.trimEnd().split('\n')).toEqual([
      expect.stringMatching(new RegExp(`^${lead}: chat: no price for input tokens of example.unknown-v1`)),
      expect.stringMatching(new RegExp(`^${lead}: draft: no price for input tokens of example.unknown-v2`)),
    ]);
  });

  test('fails for none where all prices are known', async () => {
    expect(await run(KNOWN, '--on-missing-price', 'fail')).toMatchObject({ code: 0, err: '' });
  });

  test.each([
    ['image', 'imagesPerMonth: 1'], ['video', 'secondsPerMonth: 1'], ['rerank', 'queriesPerMonth: 1'], ['speech', 'inputTokensPerMonth: 1'],
  ])('fails for one of type %s', async (type, usage) => {
    const { code, err } = await run(`version: 1\nregion: us-east-1\nworkloads:\n  - { name: only, type: ${type}, model: example.unknown-v1, ${usage} }\n`, '--on-missing-price', 'fail');
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/^error: only: no price for [^\n]* of example\.unknown-v1[^\n]*\n$/) });
  });

  test.each(['low', 'high'])('fails for one of a %s month', async (month) => {
    const workload = `{ name: chat, type: on-demand, model: example.half-v1, requestsPerMonth: 1, inputTokensPerRequest: 1, ${month}: { outputTokensPerRequest: 1 } }`;
    const { code, err } = await run(
      `version: 1\nregion: us-east-1\nprices: [{ model: example.half-v1, kind: input, usd: 1, unit: 1M tokens }]\nworkloads: [${workload}]\n`, '--on-missing-price', 'fail');
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/^error: chat: no price for output tokens of example\.half-v1[^\n]*\n$/) });
  });
});

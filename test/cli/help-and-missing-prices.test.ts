import { CliFolder } from './run-cli';
import { runInProcess } from './run-in-process';

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

test.each(['estimate', 'compare', 'advise', 'report', 'check', 'usage', 'prices'])('help %s is the help of the command', async (command) => {
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
});

import { spawnSync } from 'child_process';
import { existsSync, openSync } from 'fs';
import { join } from 'path';
import { sampleReport } from '../cost-report/sample-report';
import { COMMANDS } from '../harness/cli/commands';
import { CliFolder } from '../harness/cli/run-cli';
import { runInProcess } from '../harness/cli/run-in-process';

const BIN = join(__dirname, '../../bin/cdk-bedrock-cost');
let folder: CliFolder;
beforeEach(() => { folder = new CliFolder(); });
afterEach(() => folder.remove());

test.each(COMMANDS.map(({ words, options }) => [words.join(' '), words, options] as const))('%s refuses every option that is given twice', async (_, words, all) => {
  const options = all.filter(({ required, variadic }) => required && !variadic);
  expect(options.length).toBeGreaterThan(1);
  for (const flag of options.map(({ long }) => long!)) {
    // A value that every option takes, as far as the second one is looked at.
    const value = flag === '--format' ? 'json' : flag.startsWith('--on-') ? 'fail' : '1';
    expect(await runInProcess(...words, 'x', flag, value, flag, value))
      .toEqual({ code: 2, out: '', err: `error: ${flag} must be given once, got "${value}" and "${value}". Keep one of them.\n` });
  }
});

test('a higher limit after a lower one does not pass', async () => {
  const report = folder.write('report.json', sampleReport());
  const { code, err } = await runInProcess('check', report, '--max-monthly-usd', '1', '--max-monthly-usd=1000000');
  expect({ code, err }).toEqual({ code: 2, err: 'error: --max-monthly-usd must be given once, got "1" and "1000000". Keep one of them.\n' });
});

test.each([
  [['estimate', 'x', '--price-book='], 'error: --price-book must be the path of a file, got "".\n'],
  [['estimate', 'x', '-o', ''], 'error: --output must be the path of a file, got "".\n'],
  [['estimate', 'x', '-o='], 'error: --output must be the path of a file, got "=". Write -o FILE or --output=FILE; a file whose name begins with "=" is ./=.\n'],
  [['estimate', 'x', '-o=y'], 'error: --output must be the path of a file, got "=y". Write -o FILE or --output=FILE; a file whose name begins with "=" is ./=y.\n'],
])('%j names the option', async (args, err) => {
  expect(await runInProcess(...args)).toEqual({ code: 2, out: '', err });
  expect(existsSync('=')).toBe(false);
});

test.each([[], ['check'], ['prices', 'show']])('-h is --help: %s %s', async (...command) => {
  const help = await runInProcess(...command, '--help');
  expect(help.out).toContain('Usage: cdk-bedrock-cost');
  expect(await runInProcess(...command, '-h')).toEqual(help);
  expect(await runInProcess('help', ...command)).toEqual(help);
});

test.each([
  [['help', 'estimat'], /^error: "estimat" is not a command: the commands of cdk-bedrock-cost are estimate, .*\. Did you mean estimate\?\n$/],
  [['help', 'prices', 'shw'], /^error: "shw" is not a command: the commands of prices are list, .*\. Did you mean show\?\n$/],
  [['help', 'check', 'x'], /^error: "x" is not a command: check has no commands\.\n$/],
])('%j names the commands', async (args, err) => {
  expect(await runInProcess(...args)).toEqual({ code: 2, out: '', err: expect.stringMatching(err) });
});

test('a region that is none is refused without a network', async () => {
  const { code, err } = await runInProcess('prices', 'refresh', '-o', 'book.json', '--endpoint', 'https://127.0.0.1:1', '--region', 'us-east-1', 'nope');
  expect({ code, err }).toEqual({ code: 2, err: 'error: --region must be an AWS region, got "nope". Use a name such as "us-east-1".\n' });
});

test.each([
  'http://user:secret@example.com', 'https://user:secret@example.com', 'https://user:se/secret@example.com', 'user:secret@example.com', 'https://user:secret@',
])('no credentials are printed: --endpoint %s', async (endpoint) => {
  const refresh = ['prices', 'refresh', '-o', join(folder.path, 'book.json')];
  for (const { code, out, err } of [await runInProcess(...refresh, '--endpoint', endpoint), await runInProcess(...refresh, `--endpoint=${endpoint}`)]) {
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).not.toContain('secret');
    expect(err).toContain('***@');
  }
});

test('nor those of an option that does not exist', async () => {
  const { err } = await runInProcess('prices', 'refresh', '-o', join(folder.path, 'book.json'), '--endpont=https://user:secret@example.com');
  expect(err).toContain("unknown option '--endpont=https://***@example.com'");
});

test.each([['prices', 'list'], ['--help'], ['help', 'estimate'], ['check', 'report.json', '--format', 'json'], ['report', 'report.json']])(
  'a full disk is one line and exit code 2: %s %s', (...args) => {
    folder.write('report.json', sampleReport());
    const { status, stderr } = spawnSync(process.execPath, [BIN, ...args], { cwd: folder.path, encoding: 'utf8', stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'] });
    expect({ status, stderr }).toEqual({ status: 2, stderr: 'error: standard output must be a file that can be written: the disk is full.\n' });
  });

import { execFileSync, spawn } from 'child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'fs';
import { createServer } from 'net';
import { join } from 'path';
import { CAPACITY, sampleReport } from '../cost-report/sample-report';
import { indexPath, PriceListServer } from '../fakes/price-list-server';
import { COMMANDS as ALL } from '../harness/cli/commands';
import { CliFolder, CliResult } from '../harness/cli/run-cli';
import { runInProcess } from '../harness/cli/run-in-process';

const BIN = join(__dirname, '../../bin/cdk-bedrock-cost');
const USAGE = 'version: 1\nregion: us-east-1\nworkloads: [{ name: flow, type: flow, nodeTransitionsPerMonth: 1000 }]\n';
const BOOK = { schemaVersion: '1', rates: [{ model: 'example.model', kind: 'input', usd: '2.5', unit: '1M tokens' }] };
const LIST = JSON.stringify({
  offerCode: 'AmazonBedrock',
  publicationDate: '2026-09-11T12:44:08Z',
  products: { A: { attributes: { regionCode: 'us-east-1', usagetype: 'USE1-NovaLite-input-tokens', model: 'Nova Lite', inferenceType: 'Input tokens' } } },
  terms: { OnDemand: { A: { T: { effectiveDate: '2026-09-01T00:00:00Z', priceDimensions: { D: { unit: '1K tokens', description: 'x', pricePerUnit: { USD: '0.00006' } } } } } } },
});

const folder = new CliFolder();
const socket = createServer();
let server: PriceListServer;
beforeAll(async () => {
  folder.write('usage.yaml', USAGE);
  folder.write('book.json', BOOK);
  folder.write('report.json', sampleReport([{ ...CAPACITY, usage: { modelUnits: 2, commitmentDuration: 'one-month' } }]));
  folder.write('index.json', LIST);
  folder.write('template.json', { Resources: {} });
  mkdirSync(join(folder.path, 'folder'));
  symlinkSync('nowhere', join(folder.path, 'dangling'));
  execFileSync('mkfifo', [join(folder.path, 'fifo')]);
  folder.write('secret', 'x');
  chmodSync(join(folder.path, 'secret'), 0);
  await new Promise<void>((resolve) => socket.listen(join(folder.path, 'socket'), resolve));
  server = await PriceListServer.start();
});
afterAll(async () => {
  await server.close();
  await new Promise((resolve) => socket.close(resolve));
  folder.remove();
});

const at = (name: string) => (name.startsWith('/') ? name : join(folder.path, name));

/** Each command with valid arguments. Arguments that are input files have the name of their content. */
const COMMANDS: { readonly [command: string]: { readonly args: readonly string[]; readonly options: readonly string[] } } = {
  'estimate': { args: ['usage.yaml'], options: ['--price-book'] },
  'compare': { args: ['usage.yaml'], options: ['--price-book'] },
  'advise': { args: ['usage.yaml'], options: ['--price-book'] },
  'usage init': { args: ['report.json'], options: ['--price-book'] },
  'report': { args: ['report.json'], options: ['--price-book'] },
  'scan': { args: ['template.json'], options: ['--price-book'] },
  'check': { args: ['report.json'], options: ['--price-book'] },
  'prices list': { args: [], options: ['--price-book'] },
  'prices show': { args: ['=amazon.nova-lite-v1:0'], options: ['--price-book'] },
  'prices verify': { args: [], options: ['--price-book'] },
  'prices diff': { args: ['book.json', 'book.json'], options: ['--price-book'] },
  'prices import': { args: ['index.json'], options: ['--model-names', '--price-book'] },
  'prices refresh': { args: [], options: ['--model-names', '--price-book'] },
};
const GOOD: { readonly [option: string]: string } = { '--price-book': 'book.json' };
const OUTPUTS: { readonly [command: string]: readonly string[] } = {
  'prices import': ['-o', '--not-understood'], 'prices refresh': ['-o', '--not-understood'], 'scan': [],
};
/** Commands that replace a whole file, which a device cannot be. */
const isAtomic = (command: string) => (OUTPUTS[command] ?? []).length > 0;

interface Input {
  readonly command: string;
  readonly name: string;
  line(file: string): string[];
}

function lineOf(command: string, args: readonly string[]): string[] {
  const must = command === 'prices refresh' ? ['--endpoint', server.url] : [];
  const output = isAtomic(command) && !args.includes('-o') ? ['-o', at('written.json')] : [];
  return [...command.split(' '), ...args, ...must, ...output];
}

/** Every file that a command reads: its arguments and its options. */
const INPUTS: Input[] = Object.entries(COMMANDS).flatMap(([command, { args, options }]) => {
  const right = args.map((arg) => (arg.startsWith('=') ? arg.slice(1) : at(arg)));
  const ofArgs = args.flatMap((arg, i): Input[] => (arg.startsWith('=') ? [] : [
    { command, name: `argument ${i + 1}`, line: (file) => lineOf(command, right.map((other, j) => (i === j ? file : other))) },
  ]));
  return [...ofArgs, ...options.map((name): Input => ({ command, name, line: (file) => lineOf(command, [...right, name, file]) }))];
});

test('the tables hold every command, and every option of it that takes a file', () => {
  const expected = Object.fromEntries(Object.entries(COMMANDS).map(([command, { options }]) =>
    [command, [...options, ...(OUTPUTS[command] ?? ['-o']).map((name) => name.replace(/^-o$/, '--output'))].sort()]));
  const found = ALL.map(({ words, options }) => [words.join(' '), options.filter(({ flags }) => flags.endsWith('<file>')).map(({ long }) => long!).sort()]);
  expect(Object.fromEntries(found)).toEqual(expected);
});

const EMPTY = /is empty|got an empty file|must hold at least one name/;
/** One message: a first line that begins with "error: ", and indented lines below it. */
const ONE_MESSAGE = /^error: .+\n( {2}.+\n)*$/;

function spawned(args: readonly string[], { asNobody = false } = {}): Promise<CliResult> {
  const child = spawn(process.execPath, [BIN, ...args], { cwd: folder.path, ...(asNobody ? { uid: 65_534, gid: 65_534 } : {}) });
  let [out, err] = ['', ''];
  child.stdout.on('data', (data) => { out += data; });
  child.stderr.on('data', (data) => { err += data; });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
}

type Run = (args: readonly string[]) => Promise<CliResult>;

/** The faults in the results of all inputs for one kind of file. */
async function faultsWith(file: string, reason: RegExp, run: Run = (args) => runInProcess(...args)): Promise<string[]> {
  const faults = await Promise.all(INPUTS.map(async ({ command, name, line }) => {
    const { code, out, err } = await run(line(at(file)));
    const isRefused = code === 2 && out === '' && ONE_MESSAGE.test(err) && reason.test(err) && err.includes(file) && !/internal error/.test(err);
    return isRefused ? [] : [`${command}, ${name}: ${code} ${out.slice(0, 100)} ${err}`];
  }));
  return [...faults.flat(), ...readdirSync(folder.path).filter((name) => name.startsWith('written'))];
}

test('right files pass', async () => {
  for (const [command, { args, options }] of Object.entries(COMMANDS).filter(([name]) => !isAtomic(name))) {
    const line = [...command.split(' '), ...args.map((arg) => (arg.startsWith('=') ? arg.slice(1) : at(arg))), ...options.flatMap((name) => [name, at(GOOD[name])])];
    const { code, err } = await runInProcess(...line.map((word) => word.replace('amazon.nova-lite-v1:0', 'example.model')));
    expect([command, code, err.includes('error')]).toEqual([command, command === 'check' || command === 'prices verify' ? expect.any(Number) : 0, false]);
  }
});

test.each([
  ['folder', /it is a folder|there is no such file/],
  ['socket', /it is a socket/],
  ['/dev/zero', /of at most 64 MB, got more|got text that is not JSON at byte 0/],
  ['/dev/null', EMPTY],
  ['dangling', /there is no such file/],
])('every input of every command refuses %s in one message', async (file, reason) => {
  expect(await faultsWith(file, reason)).toEqual([]);
}, 60_000);

test('every input of every command refuses a named pipe without a writer, and does not wait for it', async () => {
  expect(await faultsWith('fifo', EMPTY, spawned)).toEqual([]);
}, 120_000);

test('every input of every command refuses a file that this user may not read', async () => {
  // The root user can read every file.
  const asNobody = process.getuid?.() === 0;
  if (asNobody) chmodSync(folder.path, 0o777);
  expect(await faultsWith('secret', /this user has no permission for it/, (args) => spawned(args, { asNobody }))).toEqual([]);
}, 120_000);

describe('outputs', () => {
  const all = Object.entries(COMMANDS).flatMap(([command, { args }]) => (OUTPUTS[command] ?? ['-o']).map((option) => ({ command, args, option })));
  const faults = async (output: string, reason: RegExp) => {
    const found: string[] = [];
    for (const { command, args, option } of all) {
      const { code, out, err } = await runInProcess(...lineOf(command, [...args.map((arg) => (arg.startsWith('=') ? arg.slice(1) : at(arg))), option, at(output)]));
      const messages = err.split('\n').filter((line) => line.startsWith('error: '));
      if (code !== 2 || out !== '' || messages.length !== 1 || !reason.test(messages[0]) || !messages[0].includes(output)) found.push(`${command} ${option}: ${code} ${err}`);
    }
    return found;
  };

  test.each([
    ['folder', /must be a file in a folder that exists, got/],
    ['no/such/folder.json', /must be a file in a folder that exists, got/],
    ['usage.yaml/below.json', /must be a file in a folder that exists, got/],
    ['fifo', /no program reads the pipe|must be a file, which is written as a whole or not at all|must be a new file/],
    ['socket', /it is a socket|must be a file, which is written as a whole or not at all|must be a new file/],
    ['/dev/full', /the disk is full|must be a file, which is written as a whole or not at all|must be a new file/],
  ])('every output of every command refuses %s in one message', async (output, reason) => {
    expect(all).toHaveLength(14);
    expect(await faults(output, reason)).toEqual([]);
    expect(server.of(indexPath('AmazonBedrock'))).toEqual([]);
    expect(existsSync(join(folder.path, 'written.json'))).toBe(false);
  });

  test('a named pipe that a program reads takes the result', async () => {
    const reader = spawn('sh', ['-c', 'cat < fifo > received'], { cwd: folder.path });
    const ended = new Promise((resolve) => reader.on('close', resolve));
    await new Promise((resolve) => setTimeout(resolve, 500));
    // The reader opens the pipe and waits for a writer.
    const { code } = await spawned(['estimate', 'usage.yaml', '-o', 'fifo']);
    await ended;
    expect(code).toBe(0);
    expect(readFileSync(join(folder.path, 'received'), 'utf8')).toContain('flow');
  });
});

import { readFileSync } from 'fs';
import { CliFolder } from './run-cli';

let folder: CliFolder;
beforeEach(() => { folder = new CliFolder(); });
afterEach(() => folder.remove());

test('prices show gives the rates of a region, one each', () => {
  const { code, out } = folder.run('prices', 'show', 'meta.llama3-1-70b-instruct-v1:0', '--region', 'us-west-2', '--format', 'json');
  const { model, rates } = JSON.parse(out);
  expect({ code, model }).toEqual({ code: 0, model: 'meta.llama3-1-70b-instruct-v1:0' });
  expect(new Set(rates.map(({ region }: { region: string }) => region))).toEqual(new Set(['us-west-2']));
  expect(rates).toContainEqual(expect.objectContaining({ kind: 'model-unit-hour', commitmentDuration: 'one-month', customModel: false, usd: '21.18', unit: 'hour' }));
});

test('prices show says the same for an id with prefix', () => {
  const show = (id: string) => folder.run('prices', 'show', id, '--format', 'json').out;
  expect(show('us.amazon.nova-pro-v1:0')).toBe(show('amazon.nova-pro-v1:0'));
});

test('fails with exit code 2 and the nearest names for an unknown model', () => {
  const { code, out, err } = folder.run('prices', 'show', 'amazon.nova-prow-v1:0');
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(/found "amazon\.nova-prow-v1:0", which the price book does not hold\n +nearest names: amazon\.nova-pro-v1:0/);
});

test('prices list names every model', () => {
  const { code, out } = folder.run('prices', 'list');
  expect(code).toBe(0);
  expect(out).toMatch(/^amazon\.nova-pro-v1:0 +Nova Pro +Amazon/m);
});

test.each([['estimate'], ['report'], ['check'], ['prices list'], ['prices show'], ['prices verify'], ['prices diff']])('%s --help names --price-book and gives exit code 0', (command) => {
  const { code, out, err } = folder.run(...command.split(' '), '--help');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain(`Usage: cdk-bedrock-cost ${command} `);
  expect(out).toContain('--price-book <file>');
});

test.each([[[]], [['bogus']], [['prices']], [['prices', 'bogus']]])('fails with exit code 2 for the command line %j', (args) => {
  const { code, out, err } = folder.run(...args);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).not.toBe('');
});

test.each([
  [['prices', 'list']], [['prices', 'show', 'own.model-v1']], [['prices', 'verify']], [['prices', 'diff', 'embedded', 'embedded']],
  [['estimate', 'usage.yml']], [['compare', 'usage.yml']], [['advise', 'usage.yml']],
])('%j does not write over the price book that it reads', (command) => {
  folder.write('usage.yml', 'version: 1\nworkloads: [{ name: a, type: on-demand, model: own.model-v1, requestsPerMonth: 1000, inputTokensPerRequest: 1000 }]\n');
  const book = folder.write('book.json', { schemaVersion: '1', rates: [{ model: 'own.model-v1', kind: 'input', usd: '2', unit: '1M tokens' }] });
  const before = readFileSync(book, 'utf8');
  const { code, err } = folder.run(...command, '--price-book', 'book.json', '-o', book);
  expect({ code, err }).toEqual({ code: 2, err: `error: --output: found ${JSON.stringify(book)}, which is the input; allowed: another file\n` });
  expect(readFileSync(book, 'utf8')).toBe(before);
});

describe('--day', () => {
  // A launch price of $2 that ends with August, and $3 after it.
  const BOOK = {
    schemaVersion: '1',
    rates: [
      { model: 'own.sonnet-v1', kind: 'input', usd: '2', unit: '1M tokens', endDate: '2026-09-01', asOf: '2026-08-20' },
      { model: 'own.sonnet-v1', kind: 'input', usd: '3', unit: '1M tokens', effectiveDate: '2026-09-01', asOf: '2026-08-20' },
    ],
  };
  const USAGE = 'version: 1\nworkloads: [{ name: a, type: on-demand, model: own.sonnet-v1, requestsPerMonth: 1000, inputTokensPerRequest: 1000 }]\n';
  const run = (...args: readonly string[]) => folder.run(...args, '--price-book', folder.write('book.json', BOOK));

  // Without a day: that of the book, which was read on 2026-08-20.
  test.each([[['--day', '2026-08-31'], '2'], [['--day', '2026-09-01'], '3'], [[], '2']])('estimate with %j costs $%s', (args, usd) => {
    expect(JSON.parse(run('estimate', folder.write('usage.yml', USAGE), '--format', 'json', ...args).out).totals.monthlyUsd).toBe(usd);
  });

  test.each([[['--day', '2026-08-31'], ['2']], [['--day', '2026-09-01'], ['3']], [[], ['2', '3']]])('prices show with %j has the rates of $%j', (args, usd) => {
    expect(JSON.parse(run('prices', 'show', 'own.sonnet-v1', '--format', 'json', ...args).out).rates.map((rate: { usd: string }) => rate.usd)).toEqual(usd);
  });

  test('prices list counts the rates of the day', () => {
    expect(JSON.parse(run('prices', 'list', '--day', '2026-09-01', '--format', 'json').out).models).toEqual([expect.objectContaining({ model: 'own.sonnet-v1', rates: 1 })]);
  });

  test.each(['2026-02-30', '2026-9-1', 'today'])('fails with exit code 2 for %p', (day) => {
    const { code, out, err } = run('prices', 'list', '--day', day);
    expect({ code, out, err }).toEqual({ code: 2, out: '', err: `error: --day: found "${day}"; allowed: a day as YYYY-MM-DD\n` });
  });
});

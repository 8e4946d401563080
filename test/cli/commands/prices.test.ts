import { readFileSync } from 'fs';
import { CliFolder } from '../../harness/cli/run-cli';

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

test('prices show has the same output for an id with a prefix', () => {
  const show = (id: string) => folder.run('prices', 'show', id, '--format', 'json').out;
  expect(show('us.amazon.nova-pro-v1:0')).toBe(show('amazon.nova-pro-v1:0'));
});

test('fails with exit code 2 and the nearest names for an unknown model', () => {
  const { code, out, err } = folder.run('prices', 'show', 'amazon.nova-prow-v1:0');
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(/model must be a model of the price book, got "amazon\.nova-prow-v1:0"\. Did you mean amazon\.nova-pro-v1:0/);
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
  expect({ code, err }).toEqual({ code: 2, err: `error: --output must be another file than the input, got ${JSON.stringify(book)}.\n` });
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

  // 2026-08-20 is the day on which the first rate, which states no beginning, was read.
  test.each([['estimate', 'usage.yml'], ['compare', 'usage.yml'], ['advise', 'usage.yml'], ['prices', 'list'], ['prices', 'show', 'own.sonnet-v1']])('%s %s fails with exit code 2 for a day before the book begins', (...command) => {
    folder.write('usage.yml', USAGE);
    const { code, out, err } = run(...command, '--day', '2020-01-01');
    expect({ code, out, err }).toEqual({
      code: 2, out: '', err: 'error: --day must be 2026-08-20 or later, the day of the first price of the book, got "2020-01-01".\n',
    });
    expect(folder.run(...command, '--day', '2020-01-01').err).toContain('must be 2025-02-01 or later');
  });

  test('estimate names the prices that the book lacks for an early day', () => {
    const usage = folder.write('usage.yml', 'version: 1\nregion: us-west-2\nworkloads: [{ name: a, type: on-demand, model: amazon.nova-pro-v1:0, requestsPerMonth: 1000, inputTokensPerRequest: 1000 }]\n');
    const { code, out } = folder.run('estimate', usage, '--day', '2025-06-01');
    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/assumed: the price book has no input price of 2025-06-01: the one that was read on \S+ is used, which may differ/) });
    const listed = folder.run('prices', 'show', 'amazon.nova-pro-v1:0', '--day', '2025-06-01').out;
    expect(listed).toMatch(/^The book has no prices of 2025-06-01 for \d+ of \d+ rates: they were read later, and may differ\.$/m);
  });

  test('rates of your own in the usage file are prices of an early day', () => {
    const usage = folder.write('usage.yml', 'version: 1\nprices: [{ model: own.sonnet-v1, kind: input, usd: "7", unit: 1M tokens, effectiveDate: 2019-01-01, asOf: 2026-11-01 }]\n'
      + 'workloads: [{ name: a, type: on-demand, model: own.sonnet-v1, requestsPerMonth: 1000, inputTokensPerRequest: 1000 }]\n');
    const { code, out } = folder.run('estimate', usage, '--day', '2020-01-01', '--format', 'json');
    expect({ code, usd: JSON.parse(out).totals.monthlyUsd, assumptions: JSON.parse(out).estimates[0].assumptions }).toEqual({ code: 0, usd: '7', assumptions: [] });
  });

  test.each(['2026-02-30', '2026-9-1', 'today'])('fails with exit code 2 for %p', (day) => {
    const { code, out, err } = run('prices', 'list', '--day', day);
    expect({ code, out, err }).toEqual({ code: 2, out: '', err: `error: --day must be a day as YYYY-MM-DD, got "${day}".\n` });
  });
});

test('prices list --region has the ways in which each model can be called', () => {
  const { code, out } = folder.run('prices', 'list', '--region', 'us-east-1');
  expect(code).toBe(0);
  expect(out).toMatch(/^amazon\.nova-pro-v1:0 +Nova Pro +Amazon +\d+ +in-region, us\.$/m);
  const json = JSON.parse(folder.run('prices', 'list', '--region', 'us-east-1', '--format', 'json').out);
  expect(json.models).toContainEqual(expect.objectContaining({ model: 'amazon.nova-pro-v1:0', calls: ['in-region', 'us'] }));
});

test.each([['list'], ['show', 'amazon.nova-pro-v1:0']])('prices %s fails with exit code 2 for a region that nothing names', (...command) => {
  const { code, out, err } = folder.run('prices', ...command, '--region', 'us-esat-1');
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(/^error: --region must be a region of a price or of an availability list, got "us-esat-1"\. Did you mean us-east-1 or /);
});

test('prices verify and prices diff have the same counts', () => {
  const { rates } = JSON.parse(folder.run('prices', 'verify', '--format', 'json').out).summary;
  expect(JSON.parse(folder.run('prices', 'diff', 'embedded', 'embedded', '--format', 'json').out).summary.unchanged).toBe(rates);
});

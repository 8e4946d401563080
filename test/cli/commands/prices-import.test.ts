import { execFileSync } from 'child_process';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'fs';
import { join } from 'path';
import { gzipSync } from 'zlib';
import { readPriceList } from '../../../src/cli/download/reader';
import { checkOutput } from '../../../src/cli/output';
import { CostCalculator } from '../../../src/pricing/calculator';
import { PriceBook } from '../../../src/pricing/price-book/price-book';
import { CliFolder, CliResult } from '../../harness/cli/run-cli';
import { excerpt, excerptPath, OFFERS } from '../../price-list/excerpts';
import { writeSyntheticList } from '../../price-list/synthetic-list';

let folder: CliFolder;
beforeEach(() => { folder = new CliFolder(); });
afterEach(() => folder.remove());

const EXCERPTS = OFFERS.map(excerptPath);

function importInto(output: string, ...args: readonly string[]): CliResult {
  return folder.run('prices', 'import', ...args, '-o', output);
}

function path(name: string): string {
  return join(folder.path, name);
}

/** An index.json in AWS's shape with the given rows of Nova 2 Lite in us-east-1. */
function indexOf(rows: readonly (readonly [usagetype: string, usd: string])[], more: object = {}): object {
  const sku = (i: number) => `SKU${i}`;
  const product = (usagetype: string, i: number) => ({ sku: sku(i), attributes: { usagetype, regionCode: 'us-east-1', model: 'Nova 2.0 Lite' } });
  const term = (usd: string, i: number) => ({
    [`${sku(i)}.T`]: { effectiveDate: '2026-08-01T00:00:00Z', priceDimensions: { [`${sku(i)}.T.D`]: { unit: '1K tokens', description: '', beginRange: '0', endRange: 'Inf', pricePerUnit: { USD: usd } } } },
  });
  return {
    formatVersion: 'v1.0',
    offerCode: 'AmazonBedrock',
    publicationDate: '2026-09-11T12:44:08Z',
    products: Object.fromEntries(rows.map(([usagetype], i) => [sku(i), product(usagetype, i)])),
    terms: { OnDemand: Object.fromEntries(rows.map(([, usd], i) => [sku(i), term(usd, i)])) },
    ...more,
  };
}

describe('the three offers', () => {
  test('become one book, with a summary on standard error', () => {
    const { code, out, err } = importInto('book.json', ...EXCERPTS);
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(err).toMatch(/^read .*AmazonBedrock\.index\.json: AmazonBedrock of 2026-09-11, 26 SKUs$/m);
    expect(err).toMatch(/^priced +36$/m);
    expect(err).toMatch(/^not understood +0$/m);
    expect(err).toMatch(/^read +36$/m);
    expect(err).toContain('51 rates in the book');
    expect(err).toMatch(/^wrote book\.json$/m);
    const lines = readFileSync(path('book.json'), 'utf8').split('\n');
    expect(lines[0]).toBe('{ "schemaVersion": "1", "rates": [');
    expect(lines).toHaveLength(51 + 3);
    const book = PriceBook.fromFile(path('book.json'));
    expect(book.asOf).toBe('2026-09-11');
    expect(book._find({ model: 'amazon.nova-lite-v1:0', kind: 'output' as never, region: 'us-east-1' })?.asRate).toMatchObject({ usd: '0.00024', source: 'price-list-sku:CBZ6A6U7XK8WJ3KA' });
    expect(readdirSync(folder.path)).toEqual(['book.json']);
  });

  test('give the same book in any order, and gzipped', () => {
    importInto('book.json', ...EXCERPTS);
    const zipped = EXCERPTS.map((file, i) => {
      writeFileSync(path(`${i}.json.gz`), gzipSync(readFileSync(file)));
      return path(`${i}.json.gz`);
    });
    expect(importInto('other.json', ...zipped.reverse()).code).toBe(0);
    expect(readFileSync(path('other.json'), 'utf8')).toBe(readFileSync(path('book.json'), 'utf8'));
  });

  test('give the summary as JSON on standard output', () => {
    const { code, out } = importInto('book.json', ...EXCERPTS, '--format', 'json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      schemaVersion: '1',
      output: 'book.json',
      files: [
        { path: EXCERPTS[0], offerCode: 'AmazonBedrock', publicationDate: '2026-09-11', skus: 26 },
        { path: EXCERPTS[1], offerCode: 'AmazonBedrockService', publicationDate: '2025-12-29', skus: 4 },
        { path: EXCERPTS[2], offerCode: 'AmazonBedrockFoundationModels', publicationDate: '2026-01-19', skus: 6 },
      ],
      skus: { read: 36, priced: 36, skipped: 0, notUnderstood: 0, conflicting: 0 },
      rates: 51,
      mergedRates: 0,
      skippedByReason: [],
      notUnderstoodByReason: [],
      notUnderstoodSkus: [],
      conflicts: [],
    });
  });
});

test('a bare id, a geographic and a global one are priced by the rows that are theirs', () => {
  const index = folder.write('index.json', indexOf([
    // us-east-1, AWS's list: 0.33 in and 2.75 out per 1M regionally; globally 0.30 and 2.50.
    ['USE1-Nova2.0Lite-input-tokens', '0.0003300000'], ['USE1-Nova2.0Lite-output-tokens', '0.0027500000'],
    ['USE1-Nova2.0Lite-input-tokens-cross-region-global', '0.0003000000'], ['USE1-Nova2.0Lite-output-tokens-cross-region-global', '0.0025000000'],
    ['USE1-Nova2.0Lite-input-tokens-custom-model', '0.0001000000'], ['USE1-Nova2.0Lite-input-tokens-batch', '0.0001650000'],
  ]));
  expect(importInto('book.json', index).code).toBe(0);
  const calculator = new CostCalculator(PriceBook.fromFile(path('book.json')));
  const monthly = (model: string, region = 'us-east-1') =>
    calculator.onDemand({ model, region, requestsPerMonth: 1000, inputTokensPerRequest: 2000, outputTokensPerRequest: 400 }).monthlyUsd;
  // 2M tokens in x 0.33 + 0.4M out x 2.75 = 0.66 + 1.10
  expect(monthly('amazon.nova-2-lite-v1:0')).toBe(1.76);
  expect(monthly('us.amazon.nova-2-lite-v1:0')).toBe(1.76);
  // 2M x 0.30 + 0.4M x 2.50 = 0.60 + 1.00
  expect(monthly('global.amazon.nova-2-lite-v1:0')).toBe(1.6);
  expect(monthly('amazon.nova-2-lite-v1:0', 'eu-west-1')).toBeUndefined();
});

describe('SKUs that are not understood', () => {
  const odd = (n: number): [string, string][] => Array.from({ length: n }, (_, i) => [`USE1-Nova2.0Lite-input-tokens-odd${i}`, '0.1']);

  test('is shown with its attributes, 20 at most, and written to a file as a whole', () => {
    const index = folder.write('index.json', indexOf([...odd(23), ['USE1-Nova2.0Lite-input-tokens', '0.00033']]));
    const { code, err } = importInto('book.json', index, '--not-understood', 'odd.json');
    expect(code).toBe(0);
    expect(err).toMatch(/^not understood +23$/m);
    expect(err).toContain('SKU0 (AmazonBedrock): usagetype: unknown word "odd"\n    usagetype=USE1-Nova2.0Lite-input-tokens-odd0, regionCode=us-east-1, model=Nova 2.0 Lite\n    0.1 per 1K tokens: ');
    expect(err).toContain('SKU19 (');
    expect(err).not.toContain('SKU20 (');
    expect(err).toContain('and 3 more; --not-understood FILE or --format json lists all of them');
    expect(JSON.parse(readFileSync(path('odd.json'), 'utf8'))).toHaveLength(23);
  });

  test('does not reach the screen as control characters', () => {
    const index = folder.write('index.json', indexOf([['USE1-\u001b[31mred', '0.1'], ['USE1-Nova2.0Lite-input-tokens', '0.00033']]));
    expect(importInto('book.json', index).err).not.toContain('\u001b');
  });

  test('fails with exit code 2 when nothing else is left: there is no empty book', () => {
    const { code, out, err } = importInto('book.json', folder.write('index.json', indexOf(odd(1))));
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('error: The price lists have no SKU that can be priced. No book was written.');
    expect(existsSync(path('book.json'))).toBe(false);
  });
});

test('rows in conflict are shown and left out', () => {
  const index = folder.write('index.json', indexOf([
    ['USE1-Nova2.0Lite-input-tokens', '0.00033'], ['USE1-Nova2.0Lite-input-tokens-standard', '0.00034'], ['USE1-Nova2.0Lite-output-tokens', '0.00275'],
  ]));
  const { code, err } = importInto('book.json', index);
  expect(code).toBe(0);
  expect(err).toMatch(/^in conflict +2$/m);
  expect(err).toContain('SKU0: 0.00033 per 1K tokens since 2026-08-01 (USE1-Nova2.0Lite-input-tokens)\n    SKU1: 0.00034 per 1K tokens');
  expect(readFileSync(path('book.json'), 'utf8')).not.toContain('"kind":"input"');
});

describe('fails with exit code 2, naming file and place, and writes nothing', () => {
  const whole = readFileSync(excerptPath('AmazonBedrock'), 'utf8');

  test.each<[string, string | object, RegExp]>([
    ['truncated JSON', whole.slice(0, 20000), /index\.json: must be an index\.json of the AWS Price List as AWS publishes it, got the end of the file at byte 20000, in the middle of its JSON\.\n +Download the file again\. Nothing was written\./],
    ['a character too many', whole.replace('"products": {', '"products": {?'), new RegExp(`index\\.json: .*got text that is not JSON at byte ${whole.indexOf('"products"') + 13}\\.\\n`)],
    ['a value too few', whole.replace('"products": {', '"products": , {'), new RegExp(`index\\.json: .*got text that is not JSON at byte ${whole.indexOf('"products"') + 12}\\.\\n`)],
    ['two documents', `${whole}{}`, /index\.json: .*got text that is not JSON at byte \d+/],
    ['an empty file', '', /index\.json: must be an index\.json of the AWS Price List as AWS publishes it, got an empty file\./],
    ['a price list of another offer', indexOf([], { offerCode: 'AmazonEC2' }), /index\.json: must be .*offers: AmazonBedrock, AmazonBedrockService, AmazonBedrockFoundationModels/],
    ['a region_index.json', { offerCode: 'AmazonBedrock', publicationDate: '2026-09-11T12:44:08Z', regions: {} }, /got a file without products/],
    ['a text without end', `{ "offerCode": "AmazonBedrock", "products": { "A": { "attributes": { "x": "${'a'.repeat(9_000_000)}`, /index\.json: must be .*, got a text of more than 4 MB at byte \d+\./],
    ['another JSON', [1, 2, 3], /got a file without offerCode, publicationDate, products/],
  ])('%s', (_, content, message) => {
    const { code, out, err } = importInto('book.json', excerptPath('AmazonBedrockService'), folder.write('index.json', content));
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(message);
    expect(readdirSync(folder.path)).toEqual(['index.json']);
  });

  test('a gzipped file that is cut off', () => {
    writeFileSync(path('index.json.gz'), gzipSync(whole).subarray(0, 1000));
    const { code, err } = importInto('book.json', path('index.json.gz'));
    expect(code).toBe(2);
    expect(err).toMatch(/index\.json\.gz: cannot be read: unexpected end of file/);
  });

  test('a file that is not there, and a folder', () => {
    mkdirSync(path('folder'));
    expect(importInto('book.json', 'nosuch.json')).toMatchObject({ code: 2, err: expect.stringContaining('nosuch.json: cannot be read: there is no such file') });
    expect(importInto('book.json', 'folder')).toMatchObject({ code: 2, err: expect.stringContaining('folder: cannot be read: it is a folder') });
  });

  test.each([
    [['-o', excerptPath('AmazonBedrock')], 'which the command reads or writes, too'],
    [['-o', 'book.json', '--not-understood', 'book.json'], '--not-understood must be a file of its own, got "book.json", which the command reads or writes, too'],
    [['-o', 'no/such/folder/book.json'], '--output must be a file in a folder that exists, got "no/such/folder/book.json"'],
    [['-o', 'book.json', '--not-understood', 'no/such/folder/odd.json'], '--not-understood must be a file in a folder that exists, got "no/such/folder/odd.json"'],
    [['-o', './book.json', '--not-understood', 'book.json'], '--not-understood must be a file of its own, got "book.json", which the command reads or writes, too'],
    [['-o', 'book.json', '--price-book', 'nosuch.json'], 'nosuch.json'],
    [[], "required option '-o, --output <file>' not specified"],
  ])('the arguments %j', (args, message) => {
    const { code, err } = folder.run('prices', 'import', excerptPath('AmazonBedrock'), ...args);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(readdirSync(folder.path)).toEqual([]);
  });

  test('a book may have any file name, since it is recognized by its content', () => {
    expect(folder.run('prices', 'import', excerptPath('AmazonBedrock'), '-o', 'prices.book').code).toBe(0);
    // Nova Lite, input, us-east-1: 0.00006 for 1K tokens.
    expect(folder.run('prices', 'show', 'amazon.nova-lite-v1:0', '--region', 'us-east-1', '--price-book', 'prices.book').out).toContain('0.06');
  });

  test('and leaves a book that was there before as it was', () => {
    const mine = '{ "schemaVersion": "1", "rates": [] }';
    folder.write('book.json', mine);
    expect(importInto('book.json', folder.write('index.json', whole.slice(0, 20000))).code).toBe(2);
    expect(readFileSync(path('book.json'), 'utf8')).toBe(mine);
  });

  test('a text that is nested without end', () => {
    const { code, err } = importInto('book.json', folder.write('index.json', '['.repeat(1024 * 1024)));
    expect(code).toBe(2);
    expect(err).toContain('got more than 32 levels of nesting at byte 32.\n');
  });
});

describe('the file that is there', () => {
  const imported = (...args: readonly string[]) => importInto('book.json', excerptPath('AmazonBedrock'), ...args);
  const rates = () => JSON.parse(readFileSync(path('book.json'), 'utf8')).rates.length;

  test('is overwritten when it is a book of an import, and by one of half its rates only with --force', () => {
    importInto('book.json', ...EXCERPTS);
    expect(imported().code).toBe(0);
    expect(importInto('book.json', excerptPath('AmazonBedrockService'))).toMatchObject({ code: 2, err: expect.stringContaining('must have at least half as many') });
    expect(rates()).toBeGreaterThan(30);
    expect(importInto('book.json', excerptPath('AmazonBedrockService'), '--force').code).toBe(0);
    expect(rates()).toBeLessThan(10);
  });

  test('is not overwritten without --force when it is something else', () => {
    folder.write('book.json', '{ "name": "package" }');
    const { code, err } = imported();
    expect(code).toBe(2);
    expect(err).toMatch(/^error: --output must be a new file, or a price book .*, got "book\.json", which is not a price book\.\n +Choose .*--force/);
    expect(readFileSync(path('book.json'), 'utf8')).toBe('{ "name": "package" }');
    expect(imported('--force').code).toBe(0);
    expect(rates()).toBeGreaterThan(30);
  });

  test('is written through a link, which stays', () => {
    mkdirSync(path('books'));
    symlinkSync('books/real.json', path('book.json'));
    for (const args of [[], ['--force']]) {
      expect(imported(...args).code).toBe(0);
      expect(lstatSync(path('book.json')).isSymbolicLink()).toBe(true);
      expect(PriceBook.fromFile(path('books/real.json')).asOf).toBe('2026-09-11');
      expect(readdirSync(path('books'))).toEqual(['real.json']);
    }
  });

  test.each([['--output', ['-o', 'pipe', '--force']], ['--not-understood', ['-o', 'book.json', '--not-understood', 'pipe']]])('stays what it is when it is a pipe, as %s', (option, args) => {
    execFileSync('mkfifo', [path('pipe')]);
    const { code, err } = folder.run('prices', 'import', excerptPath('AmazonBedrock'), ...args);
    expect(code).toBe(2);
    expect(err).toContain(`${option} must be a file, which is written as a whole or not at all, got "pipe", a device, pipe or socket`);
    expect(statSync(path('pipe')).isFIFO()).toBe(true);
    expect(readdirSync(folder.path)).toEqual(['pipe']);
  });
});

// The check alone: a command without it would replace the device by a file.
test.each(['/dev/null', '/dev/stdout', '/dev/fd/1', '/proc/self/fd/1'])('%s is refused as a target', (device) => {
  expect(() => checkOutput('--output', device)).toThrow(`--output must be a file, which is written as a whole or not at all, got "${device}", a device, pipe or socket`);
  expect(() => checkOutput('--not-understood', device)).toThrow('Leave out --not-understood, or choose a file.');
});

test('what a sink throws is passed on as it is', async () => {
  const bug = new TypeError('a defect of the importer');
  const sink = { add: () => { throw bug; }, addNotUnderstood: () => {} };
  async function* chunks() { yield readFileSync(excerptPath('AmazonBedrock')); }
  await expect(readPriceList(chunks(), 'index.json', sink)).rejects.toBe(bug);
});

test('a list of 2,006 SKUs gives each of its rates once', () => {
  writeSyntheticList(path('large.json'), 2_006);
  expect(importInto(path('book.json'), path('large.json')).code).toBe(0);
  const rates = readFileSync(path('book.json'), 'utf8').split('\n').length - 3;
  // The 26 SKUs of the excerpt, of which 12 are regional and give two rates: 38 a round. 2,006 = 77 rounds and 4 SKUs more, all of them regional.
  expect(rates).toBe(77 * 38 + 4 * 2);
});

test('prices import --help names its options', () => {
  const { code, out } = folder.run('prices', 'import', '--help');
  expect(code).toBe(0);
  expect(out).toContain('Usage: cdk-bedrock-cost prices import [options] <index-json...>');
  for (const option of ['--output', '--not-understood', '--format', '--price-book']) expect(out).toContain(option);
});

test('the excerpts are those that the tests of the rates are made of', () => {
  expect(OFFERS.map((offer) => Object.keys(excerpt(offer).products).length)).toEqual([26, 4, 6]);
});

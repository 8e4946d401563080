import { execFileSync, spawn } from 'child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { fileBytes, ReadOptions, readTextFile } from '../../src/files/text-file';
import { yamlValue } from '../../src/input/yaml-value';
import { PriceBook } from '../../src/pricing/price-book/price-book';

const folder = mkdtempSync(join(tmpdir(), 'bedrock-cost-text-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** A user id that owns no file. */
const NOBODY = 65_534;

const read = (path: string, options?: ReadOptions) => readTextFile(path, 'a usage file', options);

test('a byte order mark of UTF-8 is no part of the text', () => {
  expect(read(file('bom.yaml', '\ufeffversion: 1'))).toBe('version: 1');
});

test.each([
  ['with a byte order mark, little endian', Buffer.from('\ufeffversion: 1', 'utf16le')],
  ['with a byte order mark, big endian', Buffer.from('\ufeffversion: 1', 'utf16le').swap16()],
  ['little endian', Buffer.from('version: 1', 'utf16le')],
  ['big endian', Buffer.from('version: 1', 'utf16le').swap16()],
])('a file in UTF-16 %s is named as one', (_, bytes) => {
  expect(() => read(file('utf16.yaml', bytes))).toThrow(/utf16\.yaml: is saved as UTF-16\. Save it as UTF-8\.$/);
});

test.each([
  ['bytes that are not UTF-8', () => file('latin1', Buffer.from([0x61, 0xe9, 0x20])), /latin1: holds bytes that are not UTF-8\. Save it as UTF-8\.$/],
  ['a folder', () => folder, /: cannot be read: it is a folder\. Name the path of a usage file\.$/],
  ['a file that does not exist', () => join(folder, 'none'), /none: cannot be read: there is no such file\. Name the path of a usage file\.$/],
  ['a path below a file', () => join(file('plain', 'x'), 'below'), /below: cannot be read: there is no such file\./],
  ['a device without an end', () => '/dev/zero', /^\/dev\/zero: must be a usage file of at most 1 MB, got more\. Check the path\.$/],
])('%s is refused with what to do', (_, path, message) => {
  expect(() => read(path(), { maxBytes: 1024 * 1024 })).toThrow(message);
});

test('the size of a file is in bytes, and unknown where there is none', () => {
  // The euro sign has 3 bytes.
  expect([fileBytes(file('size.txt', '\u20ac 5')), fileBytes(join(folder, 'missing.txt'))]).toEqual([5, undefined]);
});

test('a file at its limit is read, one of a byte more is not', () => {
  expect(read(file('full', 'a'.repeat(10)), { maxBytes: 10 })).toHaveLength(10);
  expect(() => read(file('full', 'a'.repeat(11)), { maxBytes: 10 })).toThrow('must be a usage file of at most');
});

test('a file without read permission is reported as such', () => {
  const path = file('secret', 'x');
  chmodSync(path, 0);
  expect(() => asUser(() => read(path))).toThrow(/secret: cannot be read: this user has no permission for it\./);
});

/** Runs an action as a user without privileges: root reads everything. */
function asUser<T>(action: () => T): T {
  if (process.geteuid?.() !== 0) return action();
  chmodSync(folder, 0o755);
  process.seteuid!(NOBODY);
  try {
    return action();
  } finally {
    process.seteuid!(0);
  }
}

test('a named pipe without a writer is an empty text and does not block', () => {
  const path = join(folder, 'silent');
  execFileSync('mkfifo', [path]);
  expect(read(path)).toBe('');
});

test('a named pipe is read to its end, also when its writer comes later and pauses', () => {
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  const writer = spawn('sh', ['-c', `sleep 0.3; (printf one; sleep 0.3; printf two) > ${path}`]);
  expect(read(path)).toBe('onetwo');
  writer.kill();
});

test('a named pipe that goes silent after its first bytes is refused', () => {
  const path = join(folder, 'halting');
  execFileSync('mkfifo', [path]);
  const writer = spawn('sh', ['-c', `(printf one; sleep 30) > ${path}`]);
  expect(() => read(path, { silenceMs: 500 })).toThrow(/halting: sends nothing for 0\.5 seconds\. Name a file, or a pipe that ends\.$/);
  writer.kill();
});

test('numbers of decimal fields keep their digits, others do not', () => {
  expect(yamlValue('a: { usd: 2.50, n: 2.50 }\nb: { "usd": 0.12345678901234567890123 }', ['usd'])).toEqual({
    value: { a: { usd: '2.50', n: 2.5 }, b: { usd: '0.12345678901234567890123' } },
  });
});

describe('a price book', () => {
  const RATE = { model: 'example.model', kind: 'input', usd: '2.5', unit: '1M tokens' };
  const load = (name: string, content: string) => () => PriceBook.fromFile(file(name, content));

  test.each([
    ['YAML', 'book.yaml', 'schemaVersion: "1"\nrates: [{ model: example.model, kind: input, usd: 2.50, unit: 1M tokens }]\n'],
    ['JSON', 'book.json', '{ "schemaVersion": "1", "rates": [{ "model": "example.model", "kind": "input", "usd": 2.50, "unit": "1M tokens" }] }'],
  ])('of %s may hold prices as numbers, whose digits stay', (_, name, content) => {
    expect(load(name, content)()._ratesOf('example.model').map(({ usd }) => usd)).toEqual(['2.50']);
  });

  test.each([
    ['deep JSON', 'deep.json', `{ "schemaVersion": "1", "rates": ${'['.repeat(100_000)}${']'.repeat(100_000)} }`, /deep\.json: must not be nested more than 64 levels deep\./],
    ['64 MB of brackets', 'brackets.json', '['.repeat(60_000_000), /brackets\.json: must not be nested more than 64 levels deep\./],
    ['deep YAML', 'deep.yaml', 'rates: '.concat('['.repeat(5_000), ']'.repeat(5_000)), /deep\.yaml: must not be nested more than 64 levels deep\./],
    ['an empty file', 'empty.yaml', '', /empty\.yaml: is empty\. Name a price book/],
    ['a list', 'list.json', '[]', /list\.json: must be a mapping with schemaVersion and rates, got \[\]\./],
    ['two documents', 'two.yaml', 'schemaVersion: "1"\n---\nrates: []\n', /two\.yaml: line 2: holds several YAML documents/],
    ['merge keys', 'merge.yaml', 'schemaVersion: "1"\nrates: [{ <<: { kind: input } }]\n', /merge\.yaml: line 2: YAML merge keys \(<<\) are not supported\./],
    ['a field twice', 'twice.yaml', 'schemaVersion: "1"\nschemaVersion: "1"\n', /twice\.yaml: line 2: the field "schemaVersion" is given twice\./],
    ['a region that is none', 'region.json', JSON.stringify({ schemaVersion: '1', rates: [{ ...RATE, region: 'US-EAST-1' }] }), /rates\[0\]\.region must be an AWS region such as "us-east-1", got "US-EAST-1"\.$/],
    ['YAML that is too long for a parser', 'long.yaml', `# ${'a'.repeat(5_000_000)}\nschemaVersion: "1"\n`, /long\.yaml: must be at most 4000000 characters as YAML/],
  ])('of %s is refused in one error', (_, name, content, message) => {
    expect(load(name, content)).toThrow(message);
  });
});

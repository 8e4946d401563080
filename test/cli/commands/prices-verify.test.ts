import { CliFolder, daysAgo } from '../../harness/cli/run-cli';

let folder: CliFolder;
beforeEach(() => { folder = new CliFolder(); });
afterEach(() => folder.remove());

const rate = (kind: string, usd: string, rest: object = {}) => ({ model: 'own.model-v1', kind, usd, unit: '1M tokens', asOf: daysAgo(1), source: 'a letter', ...rest });
const book = (...rates: readonly object[]) => folder.write('book.json', { schemaVersion: '1', rates });
const PAIR = () => [rate('input', '3'), rate('output', '15')];

test('the embedded book passes as long as its age is allowed', () => {
  const { code, out, err } = folder.run('prices', 'verify', '--max-price-age-days', '100000');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^PASSED; 0 failures; \d+ warnings\n\d+ models, [\d,]+ rates from \d+ sources, last confirmed between 2025-02-01 and 2026-11-20, the newest \d+ days ago\n/);
  expect(out).toMatch(/^Price of +Rates$/m);
  expect(out).toMatch(/^Source +Rates +Oldest confirmed on +Days ago +Too old$/m);
});

test('a book of yesterday passes, in JSON with what it holds', () => {
  const { code, out } = folder.run('prices', 'verify', '--price-book', book(...PAIR()), '--format', 'json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    schemaVersion: '1', passed: true, failures: [], warnings: [], summary: { models: 1, rates: 2, ratesByKind: { input: 1, output: 1 }, asOf: expect.any(String) },
  });
});

test('fails with exit code 1 for a book that is too old, and passes with a higher limit', () => {
  const old = book(...PAIR().map((one) => ({ ...one, asOf: daysAgo(130) })));
  expect(folder.run('prices', 'verify', '--price-book', old).code).toBe(1);
  expect(folder.run('prices', 'verify', '--price-book', old, '--max-price-age-days', '140').code).toBe(0);
});

test.each<[string, () => object[], string]>([
  ['contradicts itself', () => [...PAIR(), rate('input', '4', { endDate: '2099-01-01' })], 'bedrock-cost-book-contradiction'],
  ['gives something away', () => [rate('input', '3'), rate('output', '0')], 'bedrock-cost-book-zero-price'],
  ['is off by 1,000', () => [...PAIR(), rate('input', '3', { region: 'eu-west-1', unit: '1K tokens' })], 'bedrock-cost-book-outlier'],
  ['comes from the future', () => [...PAIR(), rate('cache-read', '0.3', { asOf: daysAgo(-3) })], 'bedrock-cost-book-from-the-future'],
])('fails with exit code 1 for a book that %s', (_, rates, id) => {
  const { code, out } = folder.run('prices', 'verify', '--price-book', book(...rates()));
  expect(code).toBe(1);
  expect(out).toMatch(/^FAILED; 1 failure; /);
  expect(out).toContain(`\nfailure ${id}\n  own.model-v1: `);
});

test('passes with a warning for a price with one side', () => {
  const { code, out } = folder.run('prices', 'verify', '--price-book', book(rate('input', '3')));
  expect(code).toBe(0);
  expect(out).toContain('\nwarning bedrock-cost-book-one-sided\n  own.model-v1: input without a price of output\n  ');
});

test('shows twenty of hundreds of findings of a rule', () => {
  const { out } = folder.run('prices', 'verify', '--price-book', book(...Array.from({ length: 30 }, (_, i) => rate('input', '3', { model: `own.model-v${i}` }))));
  expect(out.match(/without a price of output/g)).toHaveLength(20);
  expect(out).toContain('  and 10 more, all of which --format json shows\n');
});

test.each<[string, string[], RegExp]>([
  ['a limit that is no number', ['--max-price-age-days', 'soon'], /--max-price-age-days must be a whole number of 0 or more/],
  ['a book that is not there', ['--price-book', 'nope.json'], /nope\.json: cannot be read: there is no such file\. Name the path of a price book\./],
])('fails with exit code 2 for %s', (_, args, message) => {
  const { code, out, err } = folder.run('prices', 'verify', ...args);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(message);
});

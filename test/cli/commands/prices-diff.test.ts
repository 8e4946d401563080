import { CliFolder } from '../../harness/cli/run-cli';

let folder: CliFolder;
beforeEach(() => { folder = new CliFolder(); });
afterEach(() => folder.remove());

const book = (name: string, ...rates: readonly object[]) => folder.write(name, { schemaVersion: '1', rates });
const rate = (kind: string, usd: string, rest: object = {}) => ({ model: 'own.model-v1', kind, usd, unit: '1M tokens', asOf: '2026-11-01', ...rest });

test('the table has what changed, model by model, and what it comes to', () => {
  const regions = ['us-east-1', 'us-west-2'];
  const before = book('old.json', ...regions.map((region) => rate('input', '3', { region })), rate('output', '0.016', { unit: '1K tokens' }));
  const after = book('new.json', ...regions.map((region) => rate('input', '3.3', { region })), rate('output', '12'), rate('cache-read', '0.3'));
  const { code, out, err } = folder.run('prices', 'diff', before, after);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  // 3.3 - 3 = 0.3, a tenth; 12 - 16 = -4, a quarter
  expect(out.split('\n').slice(2)).toEqual([
    '',
    'own.model-v1',
    '  added    cache-read  all                 $0.30  per 1M tokens                 every region',
    '  changed  input       all     $3.00  ->   $3.30  per 1M tokens  +$0.30  +10 %  us-east-1, us-west-2',
    '  changed  output      all    $16.00  ->  $12.00  per 1M tokens  -$4.00  -25 %  every region',
    '',
    '3 changed, 1 added, 0 removed, 0 as before',
    'largest rise: +10 %, own.model-v1 input in us-east-1, us-west-2',
    'largest fall: -25 %, own.model-v1 output',
    '',
  ]);
});

test('embedded names the embedded book', () => {
  const { code, out } = folder.run('prices', 'diff', 'embedded', 'embedded', '--format', 'json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ schemaVersion: '1', old: { name: 'embedded' }, summary: { added: 0, removed: 0, changed: 0, largestRise: null, largestFall: null }, models: [] });
});

test('--model and --region leave the rest out', () => {
  const before = book('old.json', rate('input', '3', { region: 'us-east-1' }), rate('input', '3', { region: 'us-west-2' }), rate('input', '3', { model: 'own.other-v1' }));
  const after = book('new.json', rate('output', '3', { model: 'own.third-v1' }));
  const { out } = folder.run('prices', 'diff', before, after, '--model', 'own.model-v1', '--region', 'us-west-2', '--format', 'json');
  expect(JSON.parse(out).models).toEqual([{ model: 'own.model-v1', changes: [expect.objectContaining({ change: 'removed', regions: ['us-west-2'] })] }]);
});

test.each<[string, () => string[], RegExp]>([
  ['a book that is not there', () => ['embedded', 'nope.json'], /nope\.json: cannot be read: there is no such file\. Name the path of a price book\./],
  ['a book that is none', () => [folder.write('bad.json', '{'), 'embedded'], /bad\.json/],
  ['an output that is an input', () => [book('old.json', rate('input', '3')), book('new.json', rate('input', '3')), '-o', 'new.json'], /--output must be another file than the input, got "new\.json"/],
  ['one book alone', () => ['embedded'], /missing required argument 'new'/],
  ['a model that neither holds', () => ['embedded', 'embedded', '--model', 'amazon.nova-prow-v1:0'], /--model must be a model of one of the price books, got "amazon\.nova-prow-v1:0"\. Did you mean amazon\.nova-pro-v1:0/],
])('fails with exit code 2 for %s', (_, args, message) => {
  const { code, out, err } = folder.run('prices', 'diff', ...args());
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(message);
});

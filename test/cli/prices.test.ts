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

test.each([['estimate'], ['report'], ['check'], ['prices list'], ['prices show']])('%s --help names --price-book and gives exit code 0', (command) => {
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

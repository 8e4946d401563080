import { existsSync, readdirSync } from 'fs';
import { basename, join, resolve } from 'path';

const ROOT = resolve(__dirname, '..');

/** The tests of several files: of a whole run of a function, a whole command line, or a folder of small files. */
const OF_SEVERAL_FILES: { readonly [test: string]: string } = {
  'aws/names-in-use': 'actions, metrics and limits against the data of IAM and CloudWatch',
  'aws/policies': 'the policies of an app with every construct',
  'cli/commands/report-and-check': 'commands/report and commands/check, which read the same reports',
  'cli/help-and-missing-prices': 'options that every command has',
  'cli/inputs-and-outputs': 'the files of every command',
  'cli/strict-options': 'options that are given twice, or without a value, to any command',
  'lambda/batch-inference/records/properties': 'records/ by random records',
  'lambda/batch-inference/repeated-steps': 'the steps of a run, each done twice',
  'lambda/batch-inference/whole-run': 'the steps of a run as the state machine calls them',
  'lambda/provisioned-model-throughput/create': 'the handler, for creations',
  'lambda/provisioned-model-throughput/delete': 'the handler, for deletions and the end of a term',
  'lambda/provisioned-model-throughput/update': 'the handler, for updates',
  'price-list/excerpts': 'families/ by the rows of published lists',
  'price-list/families': 'families/ by single rows',
  'price-list/properties': 'families/ by random rows',
  'price-list/traps': 'families/ by rows that are easily misread',
  'usage-file/usage-schema': 'schemas/usage.schema.json against the billing modes that it is generated from',
};

/** The layers whose tests mirror their files. */
const LAYERS = ['aws', 'cli', 'cost-report', 'input', 'lambda', 'price-book-review', 'price-list', 'render', 'synth-output', 'unpriced', 'usage-file'];

/** The paths of the files of a layer, below `folder` and without their endings. */
function filesOf(folder: string, layer: string, ending: string): string[] {
  const found = readdirSync(join(ROOT, folder, layer), { recursive: true, encoding: 'utf8' });
  return found.filter((path) => path.endsWith(ending)).map((path) => join(layer, path.slice(0, -ending.length)));
}

const withoutLambda = (path: string) => path.replace(/\.lambda$/, '');
const tests = LAYERS.flatMap((layer) => filesOf('test', layer, '.test.ts').map((test) => ({ layer, test })));

test.each(tests)('$test has the path of the file that it tests', ({ layer, test: path }) => {
  const sources = filesOf('src', layer, '.ts').map(withoutLambda);
  if (sources.includes(path)) return;
  expect(sources.filter((source) => basename(source) === basename(path))).toEqual([]);
  expect(Object.keys(OF_SEVERAL_FILES)).toContain(path);
});

test('the table of tests of several files names those that exist, and no test of one file', () => {
  for (const path of Object.keys(OF_SEVERAL_FILES)) {
    expect([path, existsSync(join(ROOT, 'test', `${path}.test.ts`))]).toEqual([path, true]);
    expect([path, existsSync(join(ROOT, 'src', `${path}.ts`))]).toEqual([path, false]);
  }
});

test('the helpers of the tests of functions are in test/fakes and test/harness', () => {
  const isHelper = (path: string) => path.endsWith('.ts') && !path.endsWith('.test.ts');
  const helpers = readdirSync(join(ROOT, 'test', 'lambda'), { recursive: true, encoding: 'utf8' }).filter(isHelper);
  expect(helpers).toEqual([]);
});

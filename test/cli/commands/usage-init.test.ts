import { mkdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { App, CfnParameter, Stack, Stage } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ApplicationInferenceProfile } from '../../../src/inference/application-inference-profile';
import { BatchInference } from '../../../src/inference/batch/batch-inference';
import { BatchInput } from '../../../src/inference/batch/input';
import { BedrockModel } from '../../../src/inference/bedrock-model';
import { ProvisionedModelThroughput } from '../../../src/inference/provisioned/provisioned-model-throughput';
import { CommitmentDuration } from '../../../src/pricing/price-book/rate';
import { CostEstimates } from '../../../src/registration/cost-estimates';
import { CAPACITY, sampleReport } from '../../cost-report/sample-report';
import { CliFolder } from '../../harness/cli/run-cli';

let folder: CliFolder;
beforeEach(() => { folder = new CliFolder(); });
afterEach(() => folder.remove());

/** A resource of the report, or an estimate of the file. */
interface Priced { readonly monthlyUsd: string | null; readonly lowMonthlyUsd?: string | null; readonly highMonthlyUsd?: string | null }

/** An app with one construct of each kind, in a stage. */
function sampleApp(context: { [key: string]: unknown } = {}): App {
  const app = new App({ outdir: join(folder.path, 'cdk.out'), context });
  const stack = new Stack(new Stage(app, 'Prod'), 'Chat', { env: { region: 'us-west-2', account: '111122223333' } });
  const usage = { requestsPerMonth: 100_000, inputTokensPerRequest: 2_000, outputTokensPerRequest: 500, cacheReadTokensPerRequest: 1_000 };
  new ApplicationInferenceProfile(stack, 'Assistant', {
    model: BedrockModel.of('us.anthropic.claude-sonnet-4-6'), usage, lowUsage: { ...usage, requestsPerMonth: 50_000 }, highUsage: { ...usage, requestsPerMonth: 333_333 },
  });
  const bucket = new Bucket(stack, 'Bucket');
  new BatchInference(stack, 'Nightly', {
    model: BedrockModel.of('us.amazon.nova-pro-v1:0'),
    inputBucket: bucket,
    input: BatchInput.prefix('in/'),
    outputBucket: bucket,
    outputPrefix: 'out/',
    usage: { jobsPerMonth: 30, recordsPerJob: 1_000, inputTokensPerRecord: 10_000, outputTokensPerRecord: 1_000 },
  });
  new ProvisionedModelThroughput(stack, 'Capacity', {
    model: BedrockModel.of('meta.llama3-1-70b-instruct-v1:0'), modelUnits: 2, commitmentDuration: CommitmentDuration.ONE_MONTH, acknowledgeCommitmentUsd: 40_000,
  });
  new ProvisionedModelThroughput(stack, 'Own', { model: BedrockModel.of('amazon.nova-pro-v1:0'), modelUnits: 1, hourlyPricePerModelUnitUsd: 39.6 });
  CostEstimates.of(stack).addOnDemand('Search', { model: 'amazon.titan-embed-text-v2:0', requestsPerMonth: 1_234_567, inputTokensPerRequest: 0.7 });
  return app;
}

const report = () => JSON.parse(readFileSync(join(folder.path, 'cdk.out/bedrock-cost-report.json'), 'utf8'));
const init = (...args: string[]) => folder.run('usage', 'init', ...args);
const written = () => readFileSync(join(folder.path, 'usage.yaml'), 'utf8');
const estimate = () => JSON.parse(folder.run('estimate', 'usage.yaml', '--format', 'json').out);

test('the file is valid at once, and costs what the app does, to the last digit', () => {
  sampleApp().synth();
  expect(init('-o', 'usage.yaml')).toEqual({ code: 0, out: '', err: 'wrote usage.yaml\n' });
  const { totals, resources } = report();
  const { totals: fromFile, estimates } = estimate();
  // 1,518.00 + 168.00 + 30,922.80 + 730 x $39.60 + 1,234,567 x 0.7 x $0.02 / 1,000,000 = 61,516.817283938
  expect(fromFile).toEqual({ monthlyUsd: '61516.817283938', knownMonthlyUsd: '61516.817283938', oneTimeUsd: '0', commitmentUsd: '30922.8' });
  expect(totals).toMatchObject(fromFile);
  const ends = (all: readonly Priced[]) =>
    all.map(({ monthlyUsd, lowMonthlyUsd = monthlyUsd, highMonthlyUsd = monthlyUsd }) => [lowMonthlyUsd, highMonthlyUsd]);
  expect(ends(estimates)).toEqual(ends(resources));
  expect(estimates.map(({ name }: { name: string }) => name)).toEqual(['Prod/Chat/Assistant', 'Prod/Chat/Nightly', 'Prod/Chat/Capacity', 'Prod/Chat/Own', 'Prod/Chat/Search']);
});

test('synth takes its numbers, once they are edited', () => {
  sampleApp().synth();
  init('-o', 'usage.yaml');
  const before = report().totals;
  const file = join(folder.path, 'usage.yaml');
  sampleApp({ 'cdk-bedrock-cost:usage': file }).synth();
  expect(report().totals).toEqual(before);
  // Nothing about the file.
  const others = report().findings.filter(({ severity }: { severity: string }) => severity !== 'info').map(({ id }: { id: string }) => id);
  expect(others).toEqual([]);
  // Twice the requests cost $1,518.00 more.
  folder.write('usage.yaml', written().replace('requestsPerMonth: 100000', 'requestsPerMonth: 200000'));
  sampleApp({ 'cdk-bedrock-cost:usage': file }).synth();
  expect(report().totals.monthlyUsd).toBe('63034.817283938');
});

test('only what differs in a slow or busy month is written', () => {
  sampleApp().synth();
  expect(init().out).toContain('    cacheReadTokensPerRequest: 1000\n    low:\n      requestsPerMonth: 50000\n    high:\n      requestsPerMonth: 333333\n');
});

test('hours of the app are the hours of the file', () => {
  sampleApp({ 'cdk-bedrock-cost:hoursPerMonth': 744 }).synth();
  init('-o', 'usage.yaml');
  expect(estimate().totals.monthlyUsd).toBe(report().totals.monthlyUsd);
});

test('values that are known only at deployment are comments to fill in, and are not counted', () => {
  const app = sampleApp();
  const stack = app.node.findChild('Prod').node.findChild('Chat') as Stack;
  CostEstimates.of(stack).addOnDemand('Later', { model: 'amazon.nova-pro-v1:0', requestsPerMonth: new CfnParameter(stack, 'Requests', { type: 'Number' }).valueAsNumber, inputTokensPerRequest: 10 });
  app.synth();
  expect(init('-o', 'usage.yaml').err).toBe(`wrote usage.yaml
note: 1 of 6 workloads written as a comment; the estimate of this file may be lower than the report:
  Prod/Chat/Later: requestsPerMonth: known only at deployment
`);
  expect(report().resources[5]).toMatchObject({ usage: { inputTokensPerRequest: 10 }, unresolvedUsage: ['requestsPerMonth'] });
  expect(estimate().totals.monthlyUsd).toBe(report().totals.knownMonthlyUsd);
  expect(written()).toContain('  #   requestsPerMonth: # known only at deployment: fill it in\n');
  folder.write('usage.yaml', written().split('\n')
    .map((line) => line.replace('requestsPerMonth: # known only at deployment: fill it in', 'requestsPerMonth: 1000000'))
    .map((line, i, all) => (i > all.findIndex((text) => text.includes('not counted yet')) ? line.replace('  # ', '  ') : line)).join('\n'));
  // 10 M tokens x $0.80
  expect(estimate().estimates[5]).toMatchObject({ name: 'Prod/Chat/Later', monthlyUsd: '8' });
});

test('usage of a custom model remains usage of a custom model', () => {
  const app = sampleApp();
  const stack = app.node.findChild('Prod').node.findChild('Chat') as Stack;
  CostEstimates.of(stack).addBatch('OwnModel', { model: 'amazon.nova-pro-v1:0', customModel: true, jobsPerMonth: 1, recordsPerJob: 100, inputTokensPerRecord: 1 });
  app.synth();
  init('-o', 'usage.yaml');
  expect(written()).toContain('    customModel: true\n');
  // No price of batch inference with a custom model is published.
  expect([estimate().totals.monthlyUsd, report().totals.monthlyUsd]).toEqual([null, null]);
});

describe('prices of their own that contradict each other', () => {
  const capacity = (stack: Stack, id: string, hourlyPricePerModelUnitUsd?: number) =>
    new ProvisionedModelThroughput(stack, id, { model: BedrockModel.of('amazon.nova-pro-v1:0'), modelUnits: 1, hourlyPricePerModelUnitUsd });
  const initWith = (...prices: readonly (number | undefined)[]) => {
    const app = new App({ outdir: join(folder.path, 'cdk.out') });
    const stack = new Stack(app, 'Chat', { env: { region: 'us-west-2', account: '111122223333' } });
    prices.forEach((usd, i) => capacity(stack, `C${i}`, usd));
    app.synth();
    return { ...init('-o', 'usage.yaml'), text: written() };
  };

  test('are named at each workload and on standard error', () => {
    const { code, err, text } = initWith(10, 12);
    expect(code).toBe(0);
    expect(text).not.toContain('prices:');
    expect(text).toContain('  # its own price of $10 per model unit and hour is not in this file: for the same units, Chat/C1 has $12\n  - name: Chat/C0\n');
    expect(text).toContain('  # its own price of $12 per model unit and hour is not in this file: for the same units, Chat/C0 has $10\n  - name: Chat/C1\n');
    expect(err).toBe(`wrote usage.yaml
note: 2 of 2 workloads with a price that this file cannot hold; its estimate differs from the report:
  Chat/C0: its own price of $10 per model unit and hour is not in this file: for the same units, Chat/C1 has $12
  Chat/C1: its own price of $12 per model unit and hour is not in this file: for the same units, Chat/C0 has $10
`);
  });

  test('a construct without price does not get that of another', () => {
    const { err, text } = initWith(10, undefined);
    expect(text).not.toContain('prices:');
    expect(err).toContain('  Chat/C0: its own price of $10 per model unit and hour is not in this file: for the same units, Chat/C1 has no price\n');
    expect([estimate().estimates[1].monthlyUsd, report().resources[1].monthlyUsd]).toEqual([null, null]);
  });

  test('do not when they are the same', () => {
    const { err, text } = initWith(10, 10);
    expect(err).toBe('wrote usage.yaml\n');
    expect(text).toContain('prices:\n');
    // 2 x 730 hours x $10
    expect(estimate().totals.monthlyUsd).toBe('14600');
  });
});

test('a workload that the file cannot hold is reported with its name and the reason', () => {
  sampleApp().synth();
  const { resources, ...rest } = report();
  const file = folder.write('r.json', { ...rest, resources: resources.map((resource: object, i: number) => (i === 4 ? { ...resource, type: 'telepathy' } : resource)) });
  const { code, err } = init(file);
  expect(code).toBe(0);
  expect(err).toMatch(/^note: 1 of 5 workloads written as a comment; the estimate of this file may be lower than the report:\n {2}Prod\/Chat\/Search: type must be one of .*, got "telepathy"\..*\n$/);
});

test('the report is not written over, even if forced', () => {
  sampleApp().synth();
  const before = report();
  for (const args of [[], ['--force']]) expect(init('cdk.out', '-o', 'cdk.out/bedrock-cost-report.json', ...args).code).toBe(2);
  expect(report()).toEqual(before);
});

test('a file that exists is not written over, unless forced', () => {
  sampleApp().synth();
  folder.write('usage.yaml', 'mine');
  const { code, err } = init('-o', 'usage.yaml');
  expect([code, written()]).toEqual([2, 'mine']);
  expect(err).toMatch(/--output must be a new file, got "usage\.yaml", which exists\. Name another file, or overwrite it with --force\./);
  expect(init('-o', 'usage.yaml', '--force').code).toBe(0);
  expect(written()).toMatch(/^# yaml-language-server: .*\n# The usage of a synthesized app/);
});

test('fails with exit code 2 for a report of an older version, which lacks the usage', () => {
  folder.write('bedrock-cost-report.json', sampleReport());
  const { code, err } = init('.');
  expect(code).toBe(2);
  expect(err).toMatch(/lacks the usage of some constructs\. Install this version in the app, and run cdk synth again\./);
});

test('fails with exit code 2 without a report', () => {
  const { code, err } = init('nowhere');
  expect(code).toBe(2);
  expect(err).toMatch(/nowhere: there is no such file/);
});

test.each([
  ['usage.yaml', './node_modules/cdk-bedrock-cost/schemas/usage.schema.json'],
  ['usage/app.yaml', '../node_modules/cdk-bedrock-cost/schemas/usage.schema.json'],
])('the first line of %s names the schema of the installed package for editors', (output, schema) => {
  folder.write('r.json', sampleReport([{ ...CAPACITY, usage: { modelUnits: 2, commitmentDuration: 'one-month' } }]));
  mkdirSync(join(folder.path, 'usage'));
  expect(folder.run('usage', 'init', 'r.json', '-o', output).code).toBe(0);
  expect(readFileSync(join(folder.path, output), 'utf8').split('\n')[0]).toBe(`# yaml-language-server: $schema=${schema}`);
});

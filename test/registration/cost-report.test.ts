import { existsSync, readFileSync } from 'fs';
import { join } from 'path';
import { App, Stack, Stage } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { parseReport } from '../../src/cost-report/parse-report';
import { CostEstimates } from '../../src/registration/cost-estimates';
import { CostReport } from '../../src/registration/cost-report';

const reportIn = (directory: string) => join(directory, 'bedrock-cost-report.json');

test.each<[string, (app: App, stack: Stack) => void, boolean]>([
  ['attaches the report to an app without a construct with a cost', (app) => { CostReport.of(app); }, true],
  ['attaches it to the app of a stack', (_, stack) => { CostReport.of(stack); }, true],
  ['is needed there: without it, none is written', () => undefined, false],
])('%s', (_, attach, isWritten) => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  new Bucket(stack, 'Bucket');
  attach(app, stack);
  const { directory } = app.synth();
  expect(existsSync(reportIn(directory))).toBe(isWritten);
  if (!isWritten) return;
  const text = readFileSync(reportIn(directory), 'utf8');
  expect(parseReport(text)).toEqual({ report: expect.objectContaining({ resources: [], stacks: [], budgets: [] }) });
  expect(JSON.parse(text).totals).toMatchObject({ monthlyUsd: '0', commitmentUsd: '0' });
  expect(readFileSync(join(directory, 'bedrock-cost-report.md'), 'utf8')).toContain('Amazon Bedrock');
});

test('has all stages, and is written once with constructs that have costs', () => {
  const app = new App();
  CostReport.of(app);
  CostReport.of(app);
  const stack = new Stack(new Stage(app, 'Prod', { env: { region: 'us-west-2', account: '111122223333' } }), 'Chat');
  CostEstimates.of(stack).addOnDemand('Traffic', { model: 'us.anthropic.claude-sonnet-4-6', requestsPerMonth: 100_000, inputTokensPerRequest: 2_000 });
  const { directory } = app.synth();
  // 200 million tokens in at $3.30
  expect(JSON.parse(readFileSync(reportIn(directory), 'utf8'))).toMatchObject({ totals: { monthlyUsd: '660' }, stacks: [{ path: 'Prod/Chat' }] });
});

test('writes nothing where estimates are switched off', () => {
  const app = new App({ context: { 'cdk-bedrock-cost:enabled': false } });
  CostReport.of(app);
  expect(existsSync(reportIn(app.synth().directory))).toBe(false);
});

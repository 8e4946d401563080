import { mkdtempSync, readFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Stack, Stage } from 'aws-cdk-lib';
import { CostBudget } from '../../src/budgets/cost-budget';
import { BudgetEnforcement } from '../../src/budgets/cost-budget-props';
import { ApplicationInferenceProfile } from '../../src/inference/application-inference-profile';
import { BedrockModel } from '../../src/inference/bedrock-model';
import { CostEstimates } from '../../src/registration/cost-estimates';

beforeEach(() => { jest.spyOn(console, 'error').mockImplementation(() => undefined); });
afterEach(() => { jest.restoreAllMocks(); });

test('a violated budget in a stage is also reported on a top-level stack, which it does not cover', () => {
  const app = new App();
  const env = { region: 'us-west-2', account: '111122223333' };
  new Stack(app, 'Home', { env });
  const prod = new Stage(app, 'Prod', { env });
  const [chat, other] = [new Stack(prod, 'Chat'), new Stack(prod, 'Other')];
  for (const stack of [chat, other]) {
    // 100,000 x 2,000 tokens at $3.30 a million = $660.00
    CostEstimates.of(stack).addOnDemand('Traffic', { model: 'us.anthropic.claude-sonnet-4-6', requestsPerMonth: 100_000, inputTokensPerRequest: 2_000 });
  }
  new CostBudget(chat, 'Budget', { monthlyLimitUsd: 1_000, covers: prod, emailAddresses: ['a@example.com'] });
  let text = '';
  try { app.synth(); } catch (error) { text = (error as Error).message; }
  const over = '$1,320.00 a month is $320.00 over the limit of $1,000.00 of Prod/Chat/Budget';
  const place = (path: string) => new RegExp(`ERROR (.*)(?:\\n  .*){0,2}\\n +${path} `).exec(text)?.[1];
  expect([place('Prod/Chat/Budget/Budget'), place('Prod/Other/Traffic'), place('Home')]).toEqual([
    over, `${over}, which covers this stack. (cdk-bedrock-cost)`, `${over}, which covers a stage of this app. (cdk-bedrock-cost)`,
  ]);
});

const AGENT = process.env.JSII_AGENT;
afterEach(() => {
  if (AGENT === undefined) delete process.env.JSII_AGENT;
  else process.env.JSII_AGENT = AGENT;
});

/** The files of the cloud assembly of an app. */
function synthesize(agent?: string) {
  if (agent === undefined) delete process.env.JSII_AGENT;
  else process.env.JSII_AGENT = agent;
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'source-')) });
  const stack = new Stack(app, 'Stack', { env: { region: 'us-east-1', account: '111122223333' } });
  const usage = { requestsPerMonth: 1_000_000, inputTokensPerRequest: 1_000 };
  CostEstimates.of(stack).addOnDemand('Traffic', { model: 'amazon.nova-pro-v1:0', ...usage });
  new ApplicationInferenceProfile(stack, 'Profile', { model: BedrockModel.of('amazon.nova-pro-v1:0'), usage });
  new CostBudget(stack, 'Budget', { monthlyLimitUsd: 10, enforcement: BudgetEnforcement.WARN });
  app.synth();
  const read = (file: string) => JSON.parse(readFileSync(join(app.outdir, file), 'utf8'));
  return {
    validation: read('validation-report.json'),
    report: read('bedrock-cost-report.json'),
    annotations: stack.node.findAll().flatMap(({ node }) => node.metadata).filter(({ type }) => ['aws:cdk:info', 'aws:cdk:warning'].includes(type)),
    traffic: stack.node.findAll().find(({ node }) => node.path === `${stack.node.path}/Traffic`)!.node.metadata.map(({ type }) => type),
  };
}
const stackTraces = (value: unknown): string[] => [...JSON.stringify(value).matchAll(/"[^"]*\.[jt]s:\d+[^"]*"/g)].map(([text]) => text);
const sources = ({ resources, budgets, findings }: any) => [...resources, ...budgets, ...findings].map(({ source }) => source);

test('an app in another language has no source line, since its frames are those of the jsii runtime', () => {
  const { validation, report, annotations, traffic } = synthesize('Python/3.12');
  expect(validation.pluginReports[0].violations[0].violatingConstructs[0].constructPath).toBe('Stack/Budget');
  expect(stackTraces(validation)).toEqual([]);
  expect(sources(report).length).toBeGreaterThan(2);
  expect(sources(report).filter((source) => source !== null)).toEqual([]);
  expect(traffic).not.toContain('aws:cdk:creationStack');
  expect(annotations.length).toBeGreaterThan(0);
  expect(annotations.filter(({ trace }) => trace !== undefined)).toEqual([]);
  expect(process.env.CDK_DISABLE_STACK_TRACE).toBeUndefined();
});

test('an app in JavaScript has source lines of the app', () => {
  const { validation, report, annotations, traffic } = synthesize();
  expect(stackTraces(validation).length).toBeGreaterThan(0);
  expect(sources(report)[0].file).toBe('test/synth-output/validation-plugin.test.ts');
  expect(traffic).toContain('aws:cdk:creationStack');
  expect(annotations.filter(({ trace }) => trace !== undefined).length).toBe(annotations.length);
});

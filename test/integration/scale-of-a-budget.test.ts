import { App, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Limit } from '../../src/aws/limits';
import { CostBudget } from '../../src/budgets/cost-budget';
import { ReportJson } from '../../src/cost-report/report-json';
import { ApplicationInferenceProfile } from '../../src/inference/application-inference-profile';
import { BedrockModel } from '../../src/inference/bedrock-model';
import { buildReport } from '../../src/synth-output/build-report';

/** Two token metrics: it has no prompt cache. Four with one. */
const TWO_METRICS = 'amazon.titan-text-express-v1';
const FOUR_METRICS = 'us.anthropic.claude-sonnet-4-6';

interface Scale {
  readonly profiles: number;
  readonly model: string;
  readonly budgets: number;
  readonly stacks: number;
}

/** An app whose budgets share the profiles equally, in stacks that share the budgets equally. */
function synthesized({ profiles, model, budgets, stacks }: Scale) {
  const app = new App({ context: { 'cdk-bedrock-cost:enforcement': 'off' } });
  const all = Array.from({ length: stacks }, (_, i) => new Stack(app, `Stack${i}`, { env: { region: 'us-west-2', account: '111122223333' } }));
  for (let b = 0; b < budgets; b++) {
    const team = new Construct(all[b % stacks], `Team${b}`);
    new CostBudget(team, 'Budget', { monthlyLimitUsd: 10_000, emailAddresses: ['team@example.com'] });
    for (let i = b; i < profiles; i += budgets) {
      new ApplicationInferenceProfile(team, `Profile${i}`, {
        model: BedrockModel.of(model), usage: { requestsPerMonth: 1_000, inputTokensPerRequest: 2_000, outputTokensPerRequest: 500 },
      });
    }
  }
  const templates = app.synth().stacks.map(({ template }) => template);
  return { report: buildReport(app), templates, bytes: templates.map((template) => JSON.stringify(template, undefined, 1).length) };
}

const countOf = ({ Resources }: { readonly Resources: object }) => Object.keys(Resources).length;
const inputsOf = ({ Resources }: { readonly Resources: { readonly [id: string]: any } }) => (
  Object.values(Resources).filter(({ Type }) => Type === 'AWS::Scheduler::Schedule').map(({ Properties }) => JSON.stringify(Properties.Target.Input).length));
/** The monthly cost of all monitors, by the description of the line item. */
function costs({ budgets }: ReportJson): { [description: string]: number } {
  const sums: { [description: string]: number } = {};
  for (const { description, usd } of budgets.flatMap(({ monitors = [] }) => monitors.flatMap(({ lineItems = [] }) => lineItems))) {
    sums[description] = Number(((sums[description] ?? 0) + Number(usd)).toFixed(9));
  }
  return sums;
}
/** For 2,920 runs of 2 s with 512 MB. */
const RUNS = { 'runs': 0.000584, 'runs of about 2 s': 0.038933528, 'scheduled starts': 0.00292 };

test('225 profiles of two metrics under one budget: 243 resources, $15.02 if all are in use', () => {
  const { report, templates: [template], bytes: [bytes] } = synthesized({ profiles: 225, model: TWO_METRICS, budgets: 1, stacks: 1 });
  // 225 + 9 of the budget + 9 of the stack
  expect(countOf(template)).toBe(243);
  expect(costs(report)).toEqual({
    // Five alarms x $0.10, three metrics x $0.30: $1.40.
    'metrics that alarms read': 0.5,
    'metrics that are published': 0.9,
    'alarm on failed runs': 0.1,
    // 2,889 runs x 450 + 31 recounts x 2 x 450 = 1,327,950 x $0.01 / 1,000: $0.0295 for each of the 450.
    'metrics that are read, if all are in use': 13.2795,
    // 225 x 13 metrics are 6 pages: 2,889 x 6 + 2,920 = 20,254 x $0.01 / 1,000
    'requests that list and publish metrics': 0.20254,
    ...RUNS,
  });
  expect(report.totals.otherServicesMonthlyUsd).toBe('15.024477528');
  expect(bytes).toBeLessThan(Limit.TEMPLATE_BYTES / 4);
});

test('200 profiles of four metrics and 30 budgets in one stack: 484 resources, $66.58 if all are in use', () => {
  const { report, templates: [template], bytes: [bytes] } = synthesized({ profiles: 200, model: FOUR_METRICS, budgets: 30, stacks: 1 });
  // 200 + 30 x 9 + 9 of the stack + 5 further alarms for the topics of 30 budgets
  expect(countOf(template)).toBe(484);
  expect(costs(report)).toEqual({
    'metrics that alarms read': 15,
    'metrics that are published': 27,
    'alarms on failed runs': 0.6,
    // 2,889 x 800 + 31 x (1,200 names + 800 by five minutes) = 2,373,200
    'metrics that are read, if all are in use': 23.732,
    // 200 x 13 = 2,600: 6 pages
    'requests that list and publish metrics': 0.20254,
    ...RUNS,
  });
  expect(bytes).toBeLessThan(Limit.TEMPLATE_BYTES * 0.6);
  expect(inputsOf(template)[0]).toBeLessThan(Limit.SCHEDULE_INPUT / 2);
});

test('500 profiles and 30 budgets in two stacks: 396 resources each', () => {
  const { report, templates, bytes } = synthesized({ profiles: 500, model: TWO_METRICS, budgets: 30, stacks: 2 });
  // 250 + 15 x 9 + 9 + 2 further alarms for 15 topics
  expect(templates.map(countOf)).toEqual([396, 396]);
  expect(costs(report)).toMatchObject({ 'metrics that alarms read': 15, 'metrics that are published': 27, 'alarms on failed runs': 0.6 });
  for (const size of bytes) expect(size).toBeLessThan(Limit.TEMPLATE_BYTES / 2);
});

import { readFileSync } from 'fs';
import { join } from 'path';
import { gunzipSync } from 'zlib';
import { App, Stack } from 'aws-cdk-lib';
import { toPascalCase, toSnakeCase } from 'codemaker';
import { CostBudget } from '../../src/budgets/cost-budget';
import { inLanguage } from '../../src/estimates/spelling';
import { PricingError } from '../../src/input/error';
import { refusals } from '../inference/synth';

interface Declaration { readonly datatype?: boolean; readonly properties?: readonly { readonly name: string }[] }
const ASSEMBLY: { readonly types: { readonly [fqn: string]: Declaration } } = JSON.parse(gunzipSync(readFileSync(join(__dirname, '../../.jsii.gz'))).toString());
const STRUCTS = Object.values(ASSEMBLY.types).filter(({ datatype }) => datatype);
const FIELDS = [...new Set(STRUCTS.flatMap(({ properties = [] }) => properties.map(({ name }) => name)))];

const refused = (field: string, agent?: string) => inLanguage(new PricingError(field, -5, 'a number of 0 or more'), 'field', agent).message;

test('every field of a struct is spelt as jsii spells it', () => {
  expect(FIELDS.length).toBeGreaterThan(150);
  for (const field of FIELDS) {
    // jsii-pacmak makes the packages with these functions.
    const note = (spelt: string, language: string) => (spelt === field ? '' : ` (${spelt} in ${language})`);
    expect(refused(field, 'Python/3.11.2')).toBe(`${field}${note(toSnakeCase(field), 'Python')} must be a number of 0 or more, got -5.`);
    expect(refused(field, 'go1.22.1/linux/amd64')).toBe(`${field}${note(toPascalCase(field), 'Go')} must be a number of 0 or more, got -5.`);
    expect(refused(field, 'DotNet/8.0.11/.NETCoreApp,Version=v8.0/1.0.0.0')).toBe(`${field}${note(toPascalCase(field), '.NET')} must be a number of 0 or more, got -5.`);
  }
});

test.each([
  ['usage.requestsPerMonth', 'usage.requestsPerMonth (requests_per_month in Python)'],
  ['thresholdPercents[1]', 'thresholdPercents[1] (threshold_percents in Python)'],
  ['burnRates[0].shortWindow', 'burnRates[0].shortWindow (short_window in Python)'],
  ['plannedLimitsUsd["2026-12"]', 'plannedLimitsUsd["2026-12"] (planned_limits_usd in Python)'],
  ['acknowledge.maxMonthlyUsd', 'acknowledge.maxMonthlyUsd (max_monthly_usd in Python)'],
  ['PriceSettings.configure.hoursPerMonth', 'PriceSettings.configure.hoursPerMonth (hours_per_month in Python)'],
  // The same in both.
  ['burnRates[0].factor', 'burnRates[0].factor'],
  // Keys of a file, and of the context.
  ['usage.yml: workloads[0].requestsPerMonth', 'usage.yml: workloads[0].requestsPerMonth'],
  ["context 'cdk-bedrock-cost:hoursPerMonth'", "context 'cdk-bedrock-cost:hoursPerMonth'"],
])('%s becomes %s in Python', (field, shown) => {
  expect(refused(field, 'Python/3.11.2')).toBe(`${shown} must be a number of 0 or more, got -5.`);
});

test('a parameter is spelt in Python, and as in TypeScript in Go and .NET', () => {
  const shown = (agent: string) => inLanguage(new PricingError('modelId', '', 'a model id'), 'parameter', agent).message;
  expect(['Python/3.11.2', 'go1.22.1/linux/amd64', 'DotNet/8.0.11'].map(shown)).toEqual([
    'modelId (model_id in Python) must be a model id, got "".', 'modelId must be a model id, got "".', 'modelId must be a model id, got "".',
  ]);
});

test('each of several fields is spelt', () => {
  const problem = PricingError.oneOf(['inputTokensPerRecord', 'outputTokensPerRecord']).in('usage.');
  expect(inLanguage(problem, 'field', 'Python/3.11.2').message)
    .toBe('one of usage.inputTokensPerRecord, usage.outputTokensPerRecord (input_tokens_per_record, output_tokens_per_record in Python) is required.');
});

test.each([undefined, '', 'Java/17.0.9', 'node.js/v20.1.0'])('the agent %j spells as TypeScript does', (agent) => {
  expect(refused('usage.requestsPerMonth', agent)).toBe('usage.requestsPerMonth must be a number of 0 or more, got -5.');
});

test('a Python app shows both spellings at synth', () => {
  const before = process.env.JSII_AGENT;
  process.env.JSII_AGENT = 'Python/3.11.2';
  try {
    const stack = new Stack(new App(), 'Stack');
    new CostBudget(stack, 'Budget', { monthlyLimitUsd: -5 });
    expect(refusals(stack)).toEqual([expect.stringContaining('invalid-input: monthlyLimitUsd (monthly_limit_usd in Python) must be a number of US dollars of 0.01 or more, got -5.')]);
  } finally {
    if (before === undefined) delete process.env.JSII_AGENT;
    else process.env.JSII_AGENT = before;
  }
});

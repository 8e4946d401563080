import { App, Aws, CfnParameter, Fn, Lazy, ScopedAws, Stack } from 'aws-cdk-lib';
import { CostBudget } from '../../src/budgets/cost-budget';
import { CostEstimates } from '../../src/registration/cost-estimates';
import { buildReport } from '../../src/synth-output/build-report';
import { parseUsageFile } from '../../src/usage-file/usage-file';

const SONNET = 'us.anthropic.claude-sonnet-4-6';
const BATCH = { model: 'us.amazon.nova-pro-v1:0', jobsPerMonth: 1, recordsPerJob: 100, inputTokensPerRecord: 10 };
const stackIn = () => new Stack(new App(), 'Chat', { env: { region: 'us-west-2', account: '111122223333' } });

/** As an untyped caller does. */
function add(stack: Stack, method: 'addBatch' | 'addProvisioned' | 'addOnDemand', usage: object): void {
  const estimates = CostEstimates.of(stack);
  (estimates[method] as (id: string, usage: object) => unknown).call(estimates, 'It', usage);
}

beforeEach(() => { jest.spyOn(console, 'error').mockImplementation(() => undefined); });
afterEach(() => { jest.restoreAllMocks(); });

test.each([
  ['addBatch', { ...BATCH, inputTokensPerRecord: null }, 'inputTokensPerRecord must be a number of 0 or more, got null.'],
  // $0.00 would pass every budget.
  ['addProvisioned', { model: 'cohere.embed-english-v3', modelUnits: 1, hoursPerMonth: 0 }, 'hoursPerMonth must be a number above 0 and at most 744, got 0.'],
  ['addProvisioned', { model: 'cohere.embed-english-v3', modelUnits: 1, hoursPerMonth: 1e9 }, 'hoursPerMonth must be a number above 0 and at most 744, got 1000000000.'],
  ['addProvisioned', { model: 'cohere.embed-english-v3', modelUnits: 1, commitmentDuration: Object.create(null) }, 'commitmentDuration must be one of none, '],
  ['addOnDemand', { model: Symbol('x'), requestsPerMonth: 1 }, 'model must be a model id such as "amazon.nova-pro-v1:0", got a symbol.'],
  ['addOnDemand', { model: SONNET, requestsPerMonth: 1, inputTokensPerRequest: 5n }, 'inputTokensPerRequest must be a number of 0 or more, got 5n.'],
  ['addOnDemand', { model: SONNET, region: 'US-EAST-1', requestsPerMonth: 1 }, 'region must be an AWS region, got "US-EAST-1". Did you mean us-east-1?'],
] as const)('%s refuses %p at synth, with the path of the estimate', (method, usage, message) => {
  const stack = stackIn();
  new CostBudget(stack, 'Budget', { monthlyLimitUsd: 100 });
  add(stack, method, usage);
  expect(() => (stack.node.root as App).synth()).toThrow(`[Chat/It] bedrock-cost-invalid-input: ${message}`);
});

test('null in a usage file is refused, in YAML and in JSON', () => {
  const workload = { name: 'It', type: 'batch', ...BATCH, inputTokensPerRecord: null };
  const problem = 'usage: workload "It": inputTokensPerRecord must be a number of 0 or more, got null. Fill it in.';
  expect(() => parseUsageFile(JSON.stringify({ version: 1, workloads: [workload] }), 'usage')).toThrow(problem);
  const yaml = Object.entries(workload).map(([field, value]) => `${field}: ${String(value)}`).join('\n    ');
  expect(() => parseUsageFile(`version: 1\nworkloads:\n  - ${yaml}`, 'usage')).toThrow(problem);
});

describe('a token as the region', () => {
  const priceIn = (region: (stack: Stack) => string) => {
    const stack = stackIn();
    add(stack, 'addOnDemand', { model: SONNET, region: region(stack), requestsPerMonth: 100_000, inputTokensPerRequest: 2_000 });
    (stack.node.root as App).synth();
    return buildReport(stack.node.root).resources[0];
  };

  test.each<[string, (stack: Stack) => string]>([
    ['Aws.REGION', () => Aws.REGION],
    ['ScopedAws', (stack) => new ScopedAws(stack).region],
    ['Fn.ref', () => Fn.ref('AWS::Region')],
    ['a Lazy value', () => Lazy.string({ produce: () => 'us-west-2' })],
  ])('is the stack\'s: %s', (_, region) => {
    // 100,000 x 2,000 tokens at $3.30 a million
    expect(priceIn(region)).toMatchObject({ monthlyUsd: '660', region: 'us-west-2' });
  });

  test('of another one leaves the cost unknown', () => {
    const resource = priceIn((stack) => new CfnParameter(stack, 'Region').valueAsString);
    expect(resource).toMatchObject({ monthlyUsd: null, region: null, unresolvedUsage: ['region'] });
    expect(resource.missingPrices[0].description).toContain('region is known only at deployment');
  });
});

import { App, Lazy, Stack } from 'aws-cdk-lib';
import { CostBudget } from '../../src/budgets/cost-budget';
import { isEnabled, isEnforced, pricingRegion } from '../../src/estimates/settings';
import { CostEstimates } from '../../src/registration/cost-estimates';

const stackIn = (context: object, env: object = { region: 'us-east-1' }) => new Stack(new App({ context: context as { [key: string]: unknown } }), 'Stack', { env });
const USAGE = { model: 'amazon.nova-pro-v1:0', inputTokensPerRequest: 1_000 };
/** Known at synth, and known only at deployment: then nothing is priced before the settings are needed for something else. */
const REQUESTS = { plain: 1_000, token: Lazy.number({ produce: () => 1_000 }) };
const synthError = (stack: Stack): string => {
  try {
    (stack.node.root as App).synth();
    return 'none';
  } catch (error) {
    return (error as Error).message;
  }
};

describe.each(['plain', 'token'] as const)('with usage that is a %s', (kind) => {
  test.each([
    ['today', '2026-99-99', 'a day as YYYY-MM-DD'],
    ['allowDerivedRates', 'perhaps', 'true or false'],
    ['priceBook', 5, 'the path of a file'],
    ['maxPriceAgeDays', 'long', 'a whole number of days, 0 or more'],
    ['enabled', 'flase', 'true or false'],
    ['enabled', 0, 'true or false'],
    ['enforcement', 'on', '"off"'],
    ['enforcement', false, '"off"'],
    ['region', 'us-east', 'an AWS region such as "us-east-1"'],
    ['region', 7, 'an AWS region such as "us-east-1"'],
  ])('the context %s of %p is refused like other wrong input', (key, value, allowed) => {
    const stack = stackIn({ [`cdk-bedrock-cost:${key}`]: value });
    new CostBudget(stack, 'Budget', { monthlyLimitUsd: 100 });
    CostEstimates.of(stack).addOnDemand('Traffic', { ...USAGE, requestsPerMonth: REQUESTS[kind] });
    const message = synthError(stack);
    expect(message).toContain(`bedrock-cost-invalid-input: context 'cdk-bedrock-cost:${key}' must be ${allowed}, got ${JSON.stringify(value)}.`);
    expect(message).not.toMatch(/\bat .*\.ts/);
  });

  test('a price book that is not there is, too', () => {
    const stack = stackIn({ 'cdk-bedrock-cost:priceBook': '/no/such/book.json' });
    CostEstimates.of(stack).addOnDemand('Traffic', { ...USAGE, requestsPerMonth: REQUESTS[kind] });
    expect(synthError(stack)).toContain('bedrock-cost-invalid-input: /no/such/book.json: cannot be read: there is no such file. Name the path of a price book.');
  });
});

test.each([[{}, true], [{ enabled: true }, true], [{ enabled: 'true' }, true], [{ enabled: false }, false], [{ enabled: 'false' }, false], [{ enabled: 'no' }, true]])(
  'the context %j enables: %s', (context, enabled) => {
    const stack = stackIn(Object.fromEntries(Object.entries(context).map(([key, value]) => [`cdk-bedrock-cost:${key}`, value])));
    expect(isEnabled(stack)).toBe(enabled);
  });

test('allowed values pass', () => {
  const stack = stackIn({ 'cdk-bedrock-cost:enforcement': 'off', 'cdk-bedrock-cost:region': 'eu-central-1', 'cdk-bedrock-cost:enabled': 'true' }, {});
  CostEstimates.of(stack).addOnDemand('Traffic', { ...USAGE, requestsPerMonth: 1 });
  expect([isEnforced(stack), pricingRegion(stack), synthError(stack)]).toEqual([false, 'eu-central-1', 'none']);
});

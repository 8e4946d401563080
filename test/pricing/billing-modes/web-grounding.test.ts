import { calculator, exact } from './calculators';

const PREMIER = { region: 'us-east-1', model: 'amazon.nova-premier-v1:0' };

describe('web grounding', () => {
  test.each([PREMIER.model, `us.${PREMIER.model}`])('of %s costs its price a thousand requests', (model) => {
    // page 2026-07-24: 30.00 a thousand
    const estimate = calculator.webGrounding({ ...PREMIER, model, requestsPerMonth: 1500 });
    expect(exact(estimate)).toMatchObject({ monthlyUsd: '45', unitCosts: [{ unit: '1,000 requests', usd: '30' }] });
    expect(estimate.assumptions[0]).toContain('tokens');
  });

  test('of a model that does not offer it is a missing price', () => {
    expect(calculator.webGrounding({ ...PREMIER, model: 'amazon.nova-micro-v1:0', requestsPerMonth: 1 }).monthlyUsd).toBeUndefined();
  });

  test.each([-1, NaN, undefined])('fails for %p requests', (requestsPerMonth) => {
    expect(() => calculator.webGrounding({ ...PREMIER, requestsPerMonth: requestsPerMonth as number })).toThrow('requestsPerMonth');
  });

  test('fails for a field that does not exist', () => {
    expect(() => calculator.webGrounding({ ...PREMIER, requestsPerMonth: 1, inputTokensPerRequest: 1 } as never)).toThrow('inputTokensPerRequest is not a known field. The fields are model, region, requestsPerMonth.');
  });
});

import { count, expectLinesToAddUp, expectNotBelow, expectSame, fraction, monthly } from './quantities';
import { decimal } from '../../../src/pricing/decimal';
import { fc } from '../../fast-check';
import { calculator } from '../billing-modes/calculators';

const US = { region: 'us-east-1' };

describe('the cost of a knowledge base', () => {
  const some = fc.integer({ min: 0, max: 1_000_000 });
  const base = (indexedGigabytes: number, retrievalsPerMonth: number, agentic: number, underlying: number) => calculator.knowledgeBase({
    ...US, indexedGigabytes, retrievalsPerMonth, agenticRetrievalsPerMonth: agentic, underlyingRetrievalsPerAgenticRetrieval: underlying,
  });

  test('is the sum of its parts, each linear', () => fc.assert(fc.property(fraction, some, some, some, (g, r, a, u) => {
    // 5.00 a gigabyte, 1.00 a thousand retrievals, 4.00 a thousand agentic ones
    const retrievals = decimal(r).plus(decimal(a).times(decimal(u)));
    const expected = decimal(5).times(decimal(g)).plus(decimal('0.001').times(retrievals)).plus(decimal('0.004').times(decimal(a)));
    expectSame(monthly(base(g, r, a, u)), expected);
    expectLinesToAddUp(base(g, r, a, u));
  })));

  test('is the same for any caller of a retrieval, and never falls', () => fc.assert(fc.property(fraction, some, some, some, (g, r, a, u) => {
    expectSame(monthly(base(g, r, a, u)), monthly(base(g, r + a * u, a, 0)));
    expectNotBelow(monthly(base(g, r + 1, a + 1, u + 1)), monthly(base(g, r, a, u)));
  })));
});

describe.each([
  ['a flow', '0.000035', (n: number) => calculator.flow({ ...US, nodeTransitionsPerMonth: n })],
  ['web grounding', '0.03', (n: number) => calculator.webGrounding({ ...US, model: 'amazon.nova-premier-v1:0', requestsPerMonth: n })],
  ['an evaluation', '0.21', (n: number) => calculator.evaluation({ ...US, humanTasks: n })],
] as const)('the cost of %s', (_, usd, estimate) => {
  test('is linear, additive and never falls', () => fc.assert(fc.property(count, count, (n, more) => {
    expectSame(monthly(estimate(n)), decimal(usd).times(decimal(n)));
    expectSame(monthly(estimate(n + more)), monthly(estimate(n)).plus(monthly(estimate(more))));
    expectNotBelow(monthly(estimate(n + more)), monthly(estimate(n)));
    expectLinesToAddUp(estimate(n));
  })));
});

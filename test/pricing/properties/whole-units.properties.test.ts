import { count, expectLinesToAddUp, expectNotBelow, expectSame, fraction, monthly } from './quantities';
import { wholeUnits } from '../../../src/pricing/billing-modes/whole-units';
import { decimal } from '../../../src/pricing/decimal';
import { fc } from '../../fast-check';
import { calculator } from '../billing-modes/calculators';

const US = { region: 'us-east-1' };
const units = (quantity: number, size: number) => wholeUnits(decimal(quantity), size).toNumber();
const size = fc.constantFrom(100, 1000);

describe('begun units', () => {
  test('are the least number that holds the quantity', () => fc.assert(fc.property(fc.oneof(count, fraction), size, (n, of) => {
    expect(units(n, of) * of).toBeGreaterThanOrEqual(n);
    expect((units(n, of) - 1) * of).toBeLessThan(n === 0 ? 1 : n);
  })));

  test('begin right after each border', () => fc.assert(fc.property(fc.integer({ min: 0, max: 1_000_000 }), size, (k, of) => {
    expect([units(k * of, of), units(k * of + 1, of), units((k + 1) * of - 1, of), units((k + 1) * of, of)]).toEqual([k, k + 1, k + 1, k + 1]);
  })));

  test('are exact up to the largest safe number', () => fc.assert(fc.property(fc.maxSafeNat(), size, (n, of) => {
    expect(BigInt(units(n, of))).toBe((BigInt(n) + BigInt(of) - 1n) / BigInt(of));
  })));
});

describe('the cost of reranking', () => {
  const rank = (queriesPerMonth: number, documentsPerQuery: number) => calculator.rerank({ ...US, model: 'cohere.rerank-v3-5:0', queriesPerMonth, documentsPerQuery });

  test('is linear in the queries, of which each counts by its begun hundreds', () => fc.assert(fc.property(count, fc.integer({ min: 1, max: 100_000 }), (n, d) => {
    // 0.002 a query
    expectSame(monthly(rank(n, d)), decimal('0.002').times(decimal(n)).times(decimal(Math.ceil(d / 100))));
    expectLinesToAddUp(rank(n, d));
  })));

  test('never falls with more documents, and never below one query', () => fc.assert(fc.property(count, fraction, (n, d) => {
    expectNotBelow(monthly(rank(n, d + 1)), monthly(rank(n, d)));
    expectNotBelow(monthly(rank(n, d)), monthly(rank(n, 100)));
  })));
});

describe('the cost of a guardrail', () => {
  const POLICIES = ['content-text', 'denied-topics', 'sensitive-information', 'sensitive-information-regex', 'contextual-grounding'];
  const guard = (policies: string[], textsPerMonth: number, charactersPerText: number) =>
    calculator.guardrail({ ...US, policies, textsPerMonth, charactersPerText });
  const chosen = fc.subarray(POLICIES, { minLength: 1 });
  const characters = fc.integer({ min: 0, max: 1_000_000 });

  test('is the sum of its policies, in any order', () => fc.assert(fc.property(chosen, count, characters, (policies, n, c) => {
    const apart = policies.map((policy) => monthly(guard([policy], n, c))).reduce((sum, usd) => sum.plus(usd), decimal(0));
    expectSame(monthly(guard(policies, n, c)), apart);
    expectSame(monthly(guard([...policies].reverse(), n, c)), apart);
    expectLinesToAddUp(guard(policies, n, c));
  })));

  test('is linear in the texts, of which each counts by its begun thousands', () => fc.assert(fc.property(count, characters, (n, c) => {
    // 0.00015 a text unit
    expectSame(monthly(guard(['content-text'], n, c)), decimal('0.00015').times(decimal(n)).times(decimal(Math.ceil(c / 1000))));
  })));

  test('never falls with longer texts or another policy', () => fc.assert(fc.property(chosen, count, characters, (policies, n, c) => {
    expectNotBelow(monthly(guard(policies, n, c + 1)), monthly(guard(policies, n, c)));
    expectNotBelow(monthly(guard(POLICIES, n, c)), monthly(guard(policies, n, c)));
  })));

  test('is linear in the images', () => fc.assert(fc.property(count, (n) => {
    expectSame(monthly(calculator.guardrail({ ...US, policies: ['content-image'], imagesPerMonth: n })), decimal('0.00075').times(decimal(n)));
  })));
});

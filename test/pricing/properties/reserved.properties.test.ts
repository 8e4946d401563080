import { count, expectLinesToAddUp, expectNotBelow, expectSame, monthly } from './quantities';
import { decimal } from '../../../src/pricing/decimal';
import { fc } from '../../fast-check';
import { calculator } from '../billing-modes/calculators';

const hours = fc.integer({ min: 1, max: 744 });
const term = fc.constantFrom(1, 3);
const reserve = (inputTokensPerMinute: number, outputTokensPerMinute: number, hoursPerMonth: number, termMonths: number) =>
  calculator.reserved({ model: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', region: 'us-east-1', inputTokensPerMinute, outputTokensPerMinute, hoursPerMonth, termMonths });

describe('the cost of a reservation', () => {
  test('is the sum of its two sides, each linear in tokens and in hours from 730 on', () => fc.assert(fc.property(count, count, hours, term, (i, o, h, t) => {
    const month = reserve(i, 0, 730, t)._knownMonthly.plus(reserve(0, o, 730, t)._knownMonthly);
    expectSame(monthly(reserve(i, o, h, t)).times(decimal(730)), month.times(decimal(Math.max(730, h))));
    expectSame(monthly(reserve(i, 0, h, t)), monthly(reserve(1, 0, h, t)).times(decimal(i)));
    expectLinesToAddUp(reserve(i, o, h, t));
  })));

  test('is committed for every month of the term', () => fc.assert(fc.property(count, count, hours, term, (i, o, h, t) => {
    const { monthlyUsd, commitmentUsd } = reserve(i, o, h, t)._toJson();
    expectSame(decimal(commitmentUsd!), decimal(monthlyUsd!).times(decimal(t)));
  })));

  test('never falls with more tokens, and a longer term never costs more a month', () => fc.assert(fc.property(count, count, hours, (i, o, h) => {
    expectNotBelow(monthly(reserve(i + 1, o + 1, h, 1)), monthly(reserve(i, o, h, 1)));
    expectNotBelow(monthly(reserve(i, o, h, 1)), monthly(reserve(i, o, h, 3)));
  })));
});

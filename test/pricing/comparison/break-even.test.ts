import { breakEvenOfFixed, breakEvenOfLinear, largestCount, smallestCount } from '../../../src/pricing/comparison/break-even';
import { decimal } from '../../../src/pricing/decimal';
import { fc } from '../../fast-check';

const text = (fixed: string, each: string, carries?: string) =>
  breakEvenOfFixed({ usd: decimal(fixed), what: '2 model units', carries: carries === undefined ? undefined : decimal(carries) }, decimal(each)).text;

describe('the smallest count that comes up to a sum', () => {
  test.each([
    ['15461.40', '0.0018', '8589667'], // 8,589,666.67
    ['18', '0.0018', '10000'], // exactly
    ['18.0000000000000000001', '0.0018', '10001'], // a hair above
    ['17.9999999999999999999', '0.0018', '10000'], // a hair below
    ['1', '3', '1'],
    ['1', '0.00000000000000000000003', '33333333333333333333334'], // more digits than a quotient of 20 digits has
    ['0.0000000000000000000000001', '1', '1'],
    ['0', '5', '0'],
  ])('%s by %s is %s', (total, each, count) => {
    expect(smallestCount(decimal(total), decimal(each))!.toFixed()).toBe(count);
  });

  test('there is none where each one costs nothing', () => {
    expect(smallestCount(decimal(5), decimal(0))).toBeUndefined();
  });
});

test.each([['10', '3', '3'], ['9', '3', '3'], ['2', '3', '0']])('the largest count within %s by %s is %s', (total, each, count) => {
  expect(largestCount(decimal(total), decimal(each))!.toFixed()).toBe(count);
});

const amount = (max: number, scale: number) => fc.bigInt({ min: 1n, max: BigInt(max) }).map((digits) => decimal(`${digits}e-${scale}`));

test('at the point the other way is no cheaper, one request before it is', () => {
  fc.assert(fc.property(amount(1e12, 2), amount(1e9, 10), (fixed, each) => {
    const point = breakEvenOfFixed({ usd: fixed, what: 'one model unit' }, each).requestsPerMonth!;
    expect(point.times(each).cmp(fixed)).toBeGreaterThanOrEqual(0);
    expect(point.minus(decimal(1)).times(each).cmp(fixed)).toBe(-1);
    expect(point.toFixed()).toMatch(/^\d+$/);
  }));
});

test('a point exists only within the throughput of the capacity', () => {
  fc.assert(fc.property(amount(1e9, 2), amount(1e9, 8), fc.integer({ min: 0, max: 1_000_000_000 }), (fixed, each, carries) => {
    const point = breakEvenOfFixed({ usd: fixed, what: 'one model unit', carries: decimal(carries) }, each).requestsPerMonth;
    // Without a point, the maximum number of requests costs less by the request, and vice versa.
    expect(point === undefined).toBe(decimal(carries).times(each).cmp(fixed) < 0);
  }));
});

test('a fixed cost has the point from which it pays off', () => {
  expect(text('18', '0.0018', '12000')).toBe('from 10,000 up to 12,000 requests a month');
  expect(text('18', '0.0018', '10000')).toBe('at 10,000 requests a month only');
  expect(text('18', '0.0018')).toBe('from 10,000 requests a month on, if 2 model units can carry them');
  // 9,999 x $0.0018 = $17.9982
  expect(text('18', '0.0018', '9999')).toBe('never: 2 model units can carry at most 9,999 requests a month, which cost $18.00 as bought now, less than that capacity');
  expect(text('18', '0')).toBe('never: a request costs nothing as it is bought now');
  expect(text('1', '1', '1')).toBe('at 1 request a month only');
  expect(text('1', '1')).toBe('from 1 request a month on, if 2 model units can carry them');
});

test.each([['1', '2', 'cheaper at any volume'], ['2', '1', 'dearer at any volume'], ['1.0', '1', 'costs the same at any volume']])(
  '%s a request against %s is %s', (one, other, expected) => {
    expect(breakEvenOfLinear(decimal(one), decimal(other))).toEqual({ text: expected });
  });

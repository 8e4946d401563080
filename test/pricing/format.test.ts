import { formatMonthly, formatQuantity, formatShare, formatUnitPrice, formatUsd, formatUsdApart } from '../../src/pricing/format';

test.each([
  ['30922.8', '$30,922.80'], ['0', '$0.00'], ['0.01', '$0.01'], ['0.00999', '$0.00999'], ['0.00000465', '$0.00000465'],
  ['0.000004651234', '$0.00000465'], ['1234567.899', '$1,234,567.90'], ['999.995', '$1,000.00'], ['-5', '-$5.00'],
])('%s dollars read %s', (usd, text) => expect(formatUsd(usd)).toBe(text));

test.each([['3.3', '$3.30'], ['0.000112', '$0.000112'], ['21.18', '$21.18'], ['1500', '$1,500.00']])('a unit price of %s keeps its digits: %s', (usd, text) => {
  expect(formatUnitPrice(usd)).toBe(text);
});

test.each<[number | string, string]>([[1_460, '1,460'], ['0.5', '0.5'], [1e-7, '0.0000001'], [1e21, '1,000,000,000,000,000,000,000']])('%p of something reads %s', (quantity, text) => {
  expect(formatQuantity(quantity)).toBe(text);
});

test.each([['825', '1485', '55.6 %'], ['1', '1', '100 %'], ['1', '100000', '<0.1 %'], ['0', '5', '0 %'], ['1', '0', '-']])('%s of %s is %s', (part, whole, text) => {
  expect(formatShare(part, whole)).toBe(text);
});

test('an unknown cost never looks like $0', () => {
  expect(formatMonthly({ monthlyUsd: null, knownMonthlyUsd: '0' })).toBe('unknown');
  expect(formatMonthly({ monthlyUsd: null, knownMonthlyUsd: '12' })).toBe('unknown, at least $12.00');
});

test.each<[string, string, readonly [string, string]]>([
  ['1500', '1000', ['$1,500.00', '$1,000.00']],
  ['1000', '1000', ['$1,000.00', '$1,000.00']],
  ['1000.01', '1000', ['$1,000.01', '$1,000.00']],
  // By $0.004: three digits after the point. Both would round to $1,000.00.
  ['1000.004', '1000', ['$1,000.004', '$1,000.000']],
  // By $0.006, which a cent does not show either: $1,000.01 is not $0.006 over $1,000.00.
  ['1000.006', '1000', ['$1,000.006', '$1,000.000']],
  ['30922.8', '30922.7999', ['$30,922.8000', '$30,922.7999']],
  ['1000', '1000.00000000001', ['$1,000.00000000000', '$1,000.00000000001']],
  ['0.0050', '0.0049', ['$0.0050', '$0.0049']],
])('%s and %s dollars in one sentence read %p', (a, b, texts) => {
  expect(formatUsdApart(a, b)).toEqual(texts);
  expect(formatUsdApart(b, a)).toEqual([...texts].reverse());
});

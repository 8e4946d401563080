import { PriceBook } from '../../src/pricing/price-book';
import { agrees, crossCheck, isBorrowed } from '../../tools/prices/cross-check';

const comparisons = crossCheck(PriceBook.embedded());

describe('the price book and the prices that genai-prices states', () => {
  test('overlap in hundreds of prices that were read independently', () => {
    expect(comparisons.filter((comparison) => !isBorrowed(comparison)).length).toBeGreaterThan(250);
  });

  test('differ only where AWS itself says why', () => {
    expect(comparisons.filter((comparison) => !agrees(comparison) && comparison.explanation === undefined)).toEqual([]);
  });

  test('differ in the one price that is known to be wrong there', () => {
    expect(comparisons.filter((comparison) => !agrees(comparison)).map(({ id, ours, theirs }) => ({ id, ours, theirs })))
      .toEqual([{ id: 'amazon.titan-embed-text-v2:0', ours: '0.02', theirs: '0.1' }]);
  });
});

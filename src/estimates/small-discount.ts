import { IConstruct } from 'constructs';
import { addFinding } from './findings';
import { priceBook } from './price-settings';
import { SourceJson } from '../cost-report/report-json';
import { didYouMeanOneOf } from '../input/nearest';
import { sentences } from '../input/sentence';
import { MESSAGES } from '../messages';
import { decimal, toText } from '../pricing/decimal';
import { describeDiscount, Discount } from '../pricing/price-book/discount';

/** One text for each discount above 0 % and below 1 %: most probably a share of 1 that was meant as a percentage. */
export function smallDiscounts(discounts: readonly Discount[]): string[] {
  return discounts
    .filter(({ percent }) => percent > 0 && percent < 1)
    .map((discount) => {
      const meant = toText(decimal(discount.percent).times(decimal(100)));
      return sentences([`the discount of ${describeDiscount(discount)} takes less than one cent off a dollar`, didYouMeanOneOf([meant])]);
    });
}

/**
 * Warns of small discounts of the code and of the price-book file.
 *
 * @param source the line of the app that it is reported at
 */
export function warnOfSmallDiscounts(construct: IConstruct, source: SourceJson | undefined): void {
  const small = smallDiscounts(priceBook(construct)._discounts);
  if (small.length > 0) addFinding(construct, MESSAGES.smallDiscount, sentences(small), source);
}

import { CostCalculator } from '../../../src/pricing/calculator';
import { CostEstimate, EstimateJson } from '../../../src/pricing/estimate';
import { PriceBook } from '../../../src/pricing/price-book/price-book';
import { Rate } from '../../../src/pricing/price-book/rate';

/** A calculator with the embedded book. */
export const calculator = new CostCalculator();

/** A calculator with own rates, which have priority over the embedded book. */
export function withRates(...rates: Rate[]): CostCalculator {
  return new CostCalculator(PriceBook.embedded().withRates(rates));
}

/** The exact amounts, as texts. */
export function exact(estimate: CostEstimate): EstimateJson {
  return estimate._toJson();
}

/** The exact cost of each line. */
export function lines(estimate: CostEstimate): string[] {
  return exact(estimate).lineItems.map(({ usd }) => usd);
}

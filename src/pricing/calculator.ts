import { CostEstimate } from './estimate';
import { PriceBook } from './price-book';
import { BatchWorkload, OnDemandWorkload, ProvisionedWorkload } from './usage';
import { batch } from './ways/batch';
import { onDemand } from './ways/on-demand';
import { provisioned } from './ways/provisioned';

/**
 * Works out what usage costs, from a price book: one method for each way of paying.
 *
 * Pure and exact: no network, no clock, no account, no floating point. A price that the book does not hold comes back
 * as a value (`missingPrices`), never as an exception and never as $0.
 */
export class CostCalculator {
  /** @param priceBook the prices to use; the embedded book when left out */
  constructor(private readonly priceBook: PriceBook = PriceBook.embedded()) {}

  /**
   * On-demand inference, by the tokens (or images, seconds) of each request.
   *
   * @throws if a quantity is negative or not a finite number, or a choice is not one of its values
   */
  public onDemand(usage: OnDemandWorkload): CostEstimate {
    return onDemand(this.priceBook, usage);
  }

  /**
   * Batch inference, at the model's own batch rates.
   *
   * @throws if a quantity is negative or not a finite number
   */
  public batch(usage: BatchWorkload): CostEstimate {
    return batch(this.priceBook, usage);
  }

  /**
   * Provisioned throughput, by the model unit and hour.
   *
   * @throws if a quantity is negative or not a finite number, or the commitment is not one of its values
   */
  public provisioned(usage: ProvisionedWorkload): CostEstimate {
    return provisioned(this.priceBook, usage);
  }
}

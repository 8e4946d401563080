import { PurchaseOption, BillingMode } from './comparison';
import { legacyOf } from '../price-book/lifecycle';

/** The ways that are bought ahead, for a term or by the hour, by their names in `notPriced` and `notAvailable`. */
const CAPACITY: { readonly [billingMode: string]: string } = {
  [BillingMode.RESERVED]: 'reserved tier',
  [BillingMode.PROVISIONED_THROUGHPUT]: 'provisioned throughput',
};

/** The reason why AWS sells no new capacity of a model; undefined for a model that no source marks as legacy. */
export function noNewCapacity(model: string, region: string | undefined): string | undefined {
  return legacyOf(model, region) && `AWS accepts no new capacity of ${model}, which it marks as legacy`;
}

/** The options that can be bought, and the names of the ways that cannot be, each with the reason. */
export function withoutNewCapacity<T extends Pick<PurchaseOption, 'billingMode'>>(
  options: readonly T[], { model, region }: { readonly model: string; readonly region?: string },
): { readonly sold: readonly T[]; readonly notAvailable: string[] } {
  const reason = noNewCapacity(model, region);
  if (reason === undefined) return { sold: options, notAvailable: [] };
  const unsold = options.flatMap(({ billingMode }) => (Object.hasOwn(CAPACITY, billingMode) ? [`${CAPACITY[billingMode]}: ${reason}`] : []));
  return { sold: options.filter(({ billingMode }) => !Object.hasOwn(CAPACITY, billingMode)), notAvailable: [...new Set(unsold)] };
}

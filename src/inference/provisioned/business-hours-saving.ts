import { IConstruct } from 'constructs';
import { addFinding } from '../../estimates/findings';
import { MESSAGES } from '../../messages';
import { decimal, Decimal } from '../../pricing/decimal';
import { CostEstimate } from '../../pricing/estimate';
import { formatQuantity, formatUsd } from '../../pricing/format';

/** What throughput costs with business hours. */
export interface BusinessHoursCost {
  /** What the units cost in the hours that are counted. */
  readonly estimate: CostEstimate;
  /** The hours of a month that are counted. */
  readonly hours: number;
  /** All hours of the month. */
  readonly hoursInMonth: number;
}

/**
 * Tells what business hours save.
 *
 * 2 units of Cohere Embed English by the hour, 218 of 730 hours: 2 x $7.12 x 218 = $3,104.32 in place of 2 x $7.12 x 730 =
 * $10,395.20.
 */
export function reportBusinessHoursSaving(construct: IConstruct, { estimate, hours, hoursInMonth }: BusinessHoursCost): void {
  const counted = `counted are ${formatQuantity(hours)} of ${formatQuantity(hoursInMonth)} hours a month`;
  const cost = estimate._monthly;
  addFinding(construct, MESSAGES.businessHoursSaving, cost === undefined
    ? `${counted}. The saving is unknown, since the price is unknown. Use on demand outside these hours costs extra`
    : `${counted}: ${savingText(cost, cost.times(decimal(hoursInMonth)).div(decimal(hours)))}. Use on demand outside these hours is not included`);
}

function savingText(cost: Decimal, all: Decimal): string {
  return `${formatUsd(cost)} in place of ${formatUsd(all)} for all of them, ${formatUsd(all.minus(cost))} less`;
}

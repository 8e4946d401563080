import { Construct } from 'constructs';
import { SourceJson } from '../../cost-report/report-json';
import { addFinding } from '../../estimates/findings';
import { MESSAGES } from '../../messages';
import { decimal, Decimal } from '../../pricing/decimal';
import { CostEstimate } from '../../pricing/estimate';
import { formatQuantity, formatUsd } from '../../pricing/format';

/** The cost of throughput with business hours. */
export interface ScheduledCost {
  /** The cost of the units in the billed hours. */
  readonly estimate: CostEstimate;
  /** The billed hours of a month. */
  readonly hours: number;
  /** All hours of the month. */
  readonly hoursInMonth: number;
}

/**
 * Reports the saving of business hours.
 *
 * 2 units of Cohere Embed English by the hour, 218 of 730 hours: 2 x $7.12 x 218 = $3,104.32 instead of 2 x $7.12 x 730 =
 * $10,395.20.
 */
export function reportSaving(construct: Construct, { estimate, hours, hoursInMonth }: ScheduledCost, source: SourceJson | undefined): void {
  const counted = `the estimate covers ${formatQuantity(hours)} of ${formatQuantity(hoursInMonth)} hours a month`;
  const cost = estimate._monthly;
  addFinding(construct, MESSAGES.businessHoursSaving, cost === undefined
    ? `${counted}. The saving is unknown, since the price is unknown. On-demand usage outside of these hours is not included`
    : `${counted}: ${savingText(cost, cost.times(decimal(hoursInMonth)).div(decimal(hours)))}. On-demand usage outside of these hours is not included`, source);
}

function savingText(cost: Decimal, all: Decimal): string {
  return `${formatUsd(cost)} instead of ${formatUsd(all)} for all of them, ${formatUsd(all.minus(cost))} less`;
}

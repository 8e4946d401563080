import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { refuse } from '../estimates/findings';
import { hoursPerMonth, pricingRegion } from '../estimates/settings';
import { MESSAGES } from '../messages';
import { CostCalculator } from '../pricing/calculator';
import { decimal, toText } from '../pricing/decimal';
import { formatUnitPrice, formatUsd } from '../pricing/format';
import { PriceBook } from '../pricing/price-book';
import { COMMITMENT_MONTHS, CommitmentDuration } from '../pricing/rate';

/** A purchase as it will be made: what is written into the template, not what a usage file says about it. */
export interface Purchase {
  readonly model: string;
  readonly modelUnits: number;
  readonly commitmentDuration: CommitmentDuration;
  readonly customModel: boolean;
  readonly acknowledgeCommitmentUsd: number | undefined;
  /** The user's own price, which the book holds already unless it is a token. */
  readonly hourlyPricePerModelUnitUsd: number | undefined;
}

/**
 * Refuses a commitment whose whole sum nobody has confirmed, or whose price is not known.
 *
 * Independent of all that can switch estimates off or change them: a commitment cannot be cancelled.
 */
export function confirmCommitment(construct: IConstruct, book: PriceBook, purchase: Purchase): void {
  const { model, modelUnits, commitmentDuration, customModel, acknowledgeCommitmentUsd } = purchase;
  const confirmed = ['commitmentDuration', 'model', 'modelUnits', 'acknowledgeCommitmentUsd', 'hourlyPricePerModelUnitUsd'] as const;
  const unresolved = confirmed.filter((prop) => Token.isUnresolved(purchase[prop]));
  if (!unresolved.includes('commitmentDuration') && commitmentDuration === CommitmentDuration.NONE) return;
  if (unresolved.length > 0) {
    refuse(construct, MESSAGES.commitmentNotAcknowledged, `the sum of a commitment has to be confirmed, and ${unresolved.join(', ')} is a token, known only at deployment; give a plain value`);
    return;
  }
  const months = COMMITMENT_MONTHS[commitmentDuration];
  const hours = hoursPerMonth(construct);
  const region = pricingRegion(construct);
  const estimate = new CostCalculator(book).provisioned({ model, region, modelUnits, commitmentDuration, customModel, hoursPerMonth: hours });
  const term = `a ${commitmentDuration} commitment of ${modelUnits} model unit${modelUnits === 1 ? '' : 's'} of ${model}`;
  if (estimate._commitment === undefined) {
    const [missing] = estimate.missingPrices;
    const nearest = missing.nearestModels.length > 0 ? `; did you mean ${missing.nearestModels.join(' or ')}?` : '';
    refuse(construct, MESSAGES.commitmentPriceUnknown, `the price of ${term} is unknown, not $0: ${missing.description} (${missing.hint})${nearest}`);
    return;
  }
  if (acknowledgeCommitmentUsd !== undefined && decimal(acknowledgeCommitmentUsd).cmp(estimate._commitment) >= 0) return;
  const [line] = estimate._toJson().lineItems;
  refuse(construct, MESSAGES.commitmentNotAcknowledged, [
    `${term} costs ${formatUsd(estimate._commitment)} over its whole term`,
    `${modelUnits} x ${formatUnitPrice(line.unitPriceUsd)} x ${hours} hours x ${months} month${months === 1 ? '' : 's'}`,
    'it cannot be cancelled before its end, and renews itself',
    acknowledgeCommitmentUsd === undefined ? 'acknowledgeCommitmentUsd is not set' : `acknowledgeCommitmentUsd is only ${acknowledgeCommitmentUsd}`,
    `to buy it, set acknowledgeCommitmentUsd: ${toText(estimate._commitment)}`,
  ].join('; '));
}

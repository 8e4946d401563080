import { Stack, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { committedHoursOf, PricedPurchase, Purchase, unresolvedIn } from './purchase';
import { refusal } from '../../estimates/findings';
import { differenceIn, PricedProperty } from '../../estimates/priced-template';
import { pricingRegion, today } from '../../estimates/settings';
import { isRegionMissing, setRegionFix } from '../../gate/budget-status';
import { shorterTermFix } from '../../gate/lifecycle';
import { didYouMeanOneOf } from '../../input/nearest';
import { sentences } from '../../input/sentence';
import { MESSAGES } from '../../messages';
import { outlived, outlivedText } from '../../pricing/billing-modes/term';
import { decimal, toText } from '../../pricing/decimal';
import { formatUnitPrice, formatUsd } from '../../pricing/format';
import { legacyOf } from '../../pricing/price-book/lifecycle';
import { COMMITMENT_MONTHS, CommitmentDuration } from '../../pricing/price-book/rate';

/**
 * The refusals of a commitment whose total cost is not confirmed, or whose price is unknown.
 *
 * They do not depend on settings that disable or change estimates, since a commitment cannot be cancelled.
 */
export function commitmentRefusals(construct: IConstruct, purchase: PricedPurchase): string[] {
  const { model, modelUnits, commitmentDuration, acknowledgeCommitmentUsd, estimate } = purchase;
  const unresolved = unresolvedIn(purchase);
  if (!unresolved.includes('commitmentDuration') && commitmentDuration === CommitmentDuration.NONE) return [];
  if (estimate === undefined || unresolved.length > 0) {
    const text = `the cost of a commitment must be confirmed, and ${unresolved.join(', ')} is a token, known only at deployment`;
    return [refusal(MESSAGES.commitmentNotAcknowledged, text, 'Give a plain value.')];
  }
  const months = COMMITMENT_MONTHS[commitmentDuration];
  const outlivedModel = outlivedRefusals(construct, purchase, months);
  if (outlivedModel.length > 0) return outlivedModel;
  const term = `a ${commitmentDuration} commitment of ${modelUnits} model unit${modelUnits === 1 ? '' : 's'} of ${model}`;
  if (estimate._commitment === undefined) {
    const [missing] = estimate.missingPrices;
    const { description, nearestModels } = missing;
    const region = pricingRegion(construct) ?? null;
    const fix = isRegionMissing(region, missing) ? setRegionFix(Stack.of(construct).node.path) : MESSAGES.commitmentPriceUnknown.fix;
    return [refusal(MESSAGES.commitmentPriceUnknown, sentences([`the price of ${term} is unknown, not $0: ${description}`, didYouMeanOneOf(nearestModels)]), fix)];
  }
  if (acknowledgeCommitmentUsd !== undefined && decimal(acknowledgeCommitmentUsd).cmp(estimate._commitment) >= 0) return [];
  const [line] = estimate._toJson().lineItems;
  return [refusal(MESSAGES.commitmentNotAcknowledged, sentences([
    `acknowledgeCommitmentUsd ${acknowledgeCommitmentUsd === undefined ? 'is required' : `must be at least ${toText(estimate._commitment)}, got ${acknowledgeCommitmentUsd}`}`,
    `${term} costs ${formatUsd(estimate._commitment)} over its whole term: `
      + `${modelUnits} x ${formatUnitPrice(line.unitPriceUsd)} x ${toText(committedHoursOf(construct))} hours x ${months} month${months === 1 ? '' : 's'}`,
    'it cannot be cancelled before its end, and renews itself',
  ]), `to buy it, set acknowledgeCommitmentUsd: ${toText(estimate._commitment)}`)];
}

/** The end of life of a model in the region of the purchase; undefined if it is unknown. */
export function endOfLifeOf(construct: IConstruct, model: string): string | undefined {
  return Token.isUnresolved(model) ? undefined : legacyOf(model, pricingRegion(construct))?.endOfLife;
}

/** The refusal of a term that outlives its model if it begins on the day of the context. Without that day, the function refuses it at deployment. */
function outlivedRefusals(construct: IConstruct, { model, commitmentDuration }: Purchase, months: number): string[] {
  const day = today(construct);
  const found = day === undefined ? undefined : outlived(day, months, endOfLifeOf(construct, model));
  if (day === undefined || found === undefined) return [];
  const text = outlivedText(`a ${commitmentDuration} commitment of ${model} bought on ${day}`, found);
  return [refusal(MESSAGES.commitmentOutlivesModel, text, shorterTermFix({ type: 'provisioned-throughput', model, region: pricingRegion(construct), months }, day))];
}

/**
 * Refuses, in every form of synth, an override that changes the confirmed purchase of a commitment.
 *
 * @param isCommitted true if the purchase has a term without an override
 * @param term the property that an override could give a term
 * @param confirmed the properties that were confirmed with the commitment
 */
export function holdCommitment(
  construct: IConstruct, isCommitted: boolean, term: readonly PricedProperty[], confirmed: readonly PricedProperty[],
): void {
  construct.node.addValidation({
    validate: () => {
      const difference = isCommitted || differenceIn(term) !== undefined ? differenceIn(confirmed) : undefined;
      return difference === undefined ? [] : [`${MESSAGES.commitmentNotAcknowledged.id}: ${construct.node.path}: the template differs from the confirmed commitment: ${difference}. `
        + 'Set the props of the construct instead of overriding the template.'];
    },
  });
}

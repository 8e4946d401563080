import { Stack, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { refuse } from '../../estimates/findings';
import { allowedHoursPerMonth, pricingRegion, today } from '../../estimates/settings';
import { isRegionMissing, setRegionFix } from '../../gate/budget-status';
import { shorterTermFix } from '../../gate/lifecycle';
import { didYouMeanOneOf } from '../../input/nearest';
import { sentences } from '../../input/sentence';
import { ThroughputPrice } from '../../lambda/provisioned-model-throughput/contract';
import { MESSAGES } from '../../messages';
import { outlived, outlivedText } from '../../pricing/billing-modes/term';
import { committedHours } from '../../pricing/billing-modes/hours-per-month';
import { CostCalculator } from '../../pricing/calculator';
import { Decimal, decimal, toText } from '../../pricing/decimal';
import { CostEstimate } from '../../pricing/estimate';
import { formatUnitPrice, formatUsd } from '../../pricing/format';
import { legacyOf } from '../../pricing/price-book/lifecycle';
import { PriceBook } from '../../pricing/price-book/price-book';
import { COMMITMENT_MONTHS, CommitmentDuration } from '../../pricing/price-book/rate';

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
  const { model, modelUnits, commitmentDuration, acknowledgeCommitmentUsd } = purchase;
  const unresolved = unresolvedIn(purchase);
  if (!unresolved.includes('commitmentDuration') && commitmentDuration === CommitmentDuration.NONE) return;
  if (unresolved.length > 0) {
    refuse(construct, MESSAGES.commitmentNotAcknowledged, `the cost of a commitment must be confirmed, and ${unresolved.join(', ')} is a token, known only at deployment`, 'Give a plain value.');
    return;
  }
  const months = COMMITMENT_MONTHS[commitmentDuration];
  if (refuseOutlived(construct, purchase, months)) return;
  const estimate = estimateOf(construct, book, purchase);
  const term = `a ${commitmentDuration} commitment of ${modelUnits} model unit${modelUnits === 1 ? '' : 's'} of ${model}`;
  if (estimate._commitment === undefined) {
    const [missing] = estimate.missingPrices;
    const { description, nearestModels } = missing;
    const region = pricingRegion(construct) ?? null;
    const fix = isRegionMissing(region, missing) ? setRegionFix(Stack.of(construct).node.path) : MESSAGES.commitmentPriceUnknown.fix;
    refuse(construct, MESSAGES.commitmentPriceUnknown, sentences([`the price of ${term} is unknown, not $0: ${description}`, didYouMeanOneOf(nearestModels)]), fix);
    return;
  }
  if (acknowledgeCommitmentUsd !== undefined && decimal(acknowledgeCommitmentUsd).cmp(estimate._commitment) >= 0) return;
  const [line] = estimate._toJson().lineItems;
  refuse(construct, MESSAGES.commitmentNotAcknowledged, sentences([
    `acknowledgeCommitmentUsd ${acknowledgeCommitmentUsd === undefined ? 'is required' : `must be at least ${toText(estimate._commitment)}, got ${acknowledgeCommitmentUsd}`}`,
    `${term} costs ${formatUsd(estimate._commitment)} over its whole term: `
      + `${modelUnits} x ${formatUnitPrice(line.unitPriceUsd)} x ${toText(hoursOf(construct))} hours x ${months} month${months === 1 ? '' : 's'}`,
    'it cannot be cancelled before its end, and renews itself',
  ]), `to buy it, set acknowledgeCommitmentUsd: ${toText(estimate._commitment)}`);
}

/** The end of life of a model in the region that it is bought in; undefined where none is known. */
export function endOfLifeOf(construct: IConstruct, model: string): string | undefined {
  return Token.isUnresolved(model) ? undefined : legacyOf(model, pricingRegion(construct))?.endOfLife;
}

/** Refuses a term that would outlive its model if it began on the day of the context; without one, the function that buys refuses it. */
function refuseOutlived(construct: IConstruct, { model, commitmentDuration }: Purchase, months: number): boolean {
  const day = today(construct);
  const found = day === undefined ? undefined : outlived(day, months, endOfLifeOf(construct, model));
  if (found === undefined) return false;
  refuse(construct, MESSAGES.commitmentOutlivesModel,
    outlivedText(`a ${commitmentDuration} commitment of ${model} bought on ${day}`, found),
    shorterTermFix({ type: 'provisioned-throughput', model, region: pricingRegion(construct), months }, day));
  return true;
}

/** What the handler checks again before it buys, and tells; undefined where it is not known at synth. */
export function priceOf(construct: IConstruct, book: PriceBook, purchase: Purchase): ThroughputPrice | undefined {
  if (unresolvedIn(purchase).length > 0) return undefined;
  const isOwnPrice = purchase.hourlyPricePerModelUnitUsd !== undefined;
  const [line] = estimateOf(construct, book, purchase)._toJson().lineItems;
  return line && {
    hourlyUsd: line.unitPriceUsd,
    hoursPerMonth: toText(hoursOf(construct)),
    // A price of the user's own holds in the stack's region, wherever that is.
    region: isOwnPrice && Token.isUnresolved(Stack.of(construct).region) ? undefined : pricingRegion(construct),
  };
}

function estimateOf(construct: IConstruct, book: PriceBook, { model, modelUnits, commitmentDuration, customModel }: Purchase): CostEstimate {
  return new CostCalculator(book).provisioned({
    model, region: pricingRegion(construct), modelUnits, commitmentDuration, customModel, hoursPerMonth: allowedHoursPerMonth(construct),
  });
}

function hoursOf(construct: IConstruct): Decimal {
  return committedHours(decimal(allowedHoursPerMonth(construct)));
}

function unresolvedIn(purchase: Purchase): string[] {
  const confirmed = ['commitmentDuration', 'model', 'modelUnits', 'acknowledgeCommitmentUsd', 'hourlyPricePerModelUnitUsd'] as const;
  return confirmed.filter((prop) => Token.isUnresolved(purchase[prop]));
}

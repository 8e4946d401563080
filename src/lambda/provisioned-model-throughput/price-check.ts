import { ThroughputProperties } from './contract';
import { isSet, monthsOf, regionOf, Resource } from './identity';
import { committedHours } from '../../pricing/billing-modes/hours-per-month';
import { outlived } from '../../pricing/billing-modes/term';
import { decimal, Decimal, toText } from '../../pricing/decimal';
import { formatUnitPrice, formatUsd } from '../../pricing/format';
import { Refusal } from '../shared/errors';

/**
 * Refuses a commitment that costs more than was confirmed, or whose price is for another region.
 *
 * Synth has checked this already, but the template may have been edited since, or may be deployed to another region.
 */
export function checkConfirmed(resource: Resource): void {
  const { commitmentDuration, confirmedUsd, price } = resource.ResourceProperties;
  if (commitmentDuration === undefined) return;
  if (confirmedUsd === undefined || price === undefined) {
    throw new Refusal('acknowledgeCommitmentUsd is required for a commitment. Set it to the cost of the whole term, and deploy what cdk synth has made. Nothing was bought.');
  }
  const region = regionOf(resource);
  if (price.region !== undefined && price.region !== region) {
    throw new Refusal(`The region must be ${JSON.stringify(price.region)}, where the commitment was confirmed, got ${JSON.stringify(region)}. `
      + 'Set env.region of the stack to the region of its deployment, and confirm the sum there. Nothing was bought.');
  }
  const { usd, text } = termCost(resource.ResourceProperties)!;
  if (usd.cmp(decimal(confirmedUsd)) > 0) {
    throw new Refusal(`acknowledgeCommitmentUsd must be the cost of the whole term, ${text}, got ${formatUsd(decimal(confirmedUsd))}. Set it to that sum. Nothing was bought.`);
  }
}

/** Refuses a commitment whose term ends after AWS stops serving the model. This depends on the time of the purchase, not of synth. */
export function checkTerm({ ResourceProperties: { modelId, commitmentDuration, endOfLife } }: Resource, now: number): void {
  if (commitmentDuration === undefined) return;
  const months = monthsOf(commitmentDuration);
  const today = new Date(now).toISOString().slice(0, 10);
  const found = outlived(today, months, endOfLife);
  if (found === undefined) return;
  throw new Refusal(`A commitment of ${months} month${months === 1 ? '' : 's'} bought on ${today} ends on ${found.termEnd}, and AWS no longer serves ${modelId} from ${found.endOfLife} on. `
    + 'Choose a shorter term, no commitment, or an active model. Nothing was bought.');
}

interface TermCost {
  readonly usd: Decimal;
  readonly text: string;
}

/** The cost of a whole term and its factors; undefined without a commitment or a price. */
export function termCost({ commitmentDuration, modelUnits, price }: ThroughputProperties): TermCost | undefined {
  if (commitmentDuration === undefined || price === undefined) return undefined;
  const months = monthsOf(commitmentDuration);
  // The billed hours are not taken from the template, which can be edited after synth.
  const hours = committedHours(decimal(price.hoursPerMonth));
  const monthly = decimal(modelUnits).times(decimal(price.hourlyUsd)).times(hours);
  const usd = monthly.times(decimal(months));
  const factors = `${modelUnits} x ${formatUnitPrice(price.hourlyUsd)} x ${toText(hours)} hours x ${months} month${months === 1 ? '' : 's'}`;
  return { usd, text: `${formatUsd(usd)} (${factors})` };
}

export function isDryRun({ dryRun }: ThroughputProperties): boolean {
  return isSet(dryRun);
}

/** The text of a dry run: the purchase that would be made, and its cost. */
export function dryRunText({ ResourceProperties: properties }: Resource): string {
  const { modelId, modelUnits, commitmentDuration, price, businessHours } = properties;
  const what = `${modelUnits} model unit${Number(modelUnits) === 1 ? '' : 's'} of ${modelId}`;
  const term = termCost(properties);
  const cost = term
    ? ` for ${term.text}, which cannot be cancelled`
    : price ? ` for ${formatUnitPrice(decimal(price.hourlyUsd).times(decimal(modelUnits)).toFixed())} an hour` : '';
  const how = commitmentDuration === undefined ? (businessHours ? ' in business hours' : ' by the hour') : ' with a commitment';
  return `Dry run: would buy ${what}${how}${cost}. Nothing was bought or changed.`;
}

import { breakEvenOfFixed } from '../../pricing/comparison/break-even';
import { decimal, Decimal, MILLION, ZERO } from '../../pricing/decimal';
import { formatQuantity, formatUsd, formatUsdOrUnknown, sharePercent } from '../../pricing/format';
import { ModelId } from '../../pricing/model-id';

/** What is paid for, as far as somebody has said what a unit carries. */
export interface Capacity {
  readonly perUnit: Decimal;
  /** Of all units. */
  readonly tokensPerMinute: Decimal;
}

/** What is to go through the units. */
export interface Demand {
  /** In the busiest minute; undefined where the usage is not counted in tokens. */
  readonly tokensPerMinute: Decimal | undefined;
  /** Undefined where nobody knows how much of a unit the usage takes. */
  readonly unitsNeeded: Decimal | undefined;
  /** The requests a month that the units carry at most. */
  readonly carriedRequests: Decimal | undefined;
  /** The id by which the model is priced on demand. */
  readonly onDemandModel: string;
  /** Undefined where a price is missing. */
  readonly onDemandUsd: Decimal | undefined;
  readonly onDemandUsdPerRequest: Decimal | undefined;
}

/** Model units beside what is to go through them. */
export interface Utilisation {
  readonly units: Decimal;
  /** What they cost in a month; undefined where that is not known. */
  readonly unitsUsd: Decimal | undefined;
  /** The hours of a month that they are there. */
  readonly hours: Decimal;
  readonly capacity: Capacity | undefined;
  readonly demand: Demand | undefined;
}

const ONE = decimal(1);
const MINUTES_PER_HOUR = decimal(60);
export function utilisationText({ units, capacity, demand }: Utilisation): string {
  const paidFor = capacity && `${count(capacity.tokensPerMinute)} tokens a minute are paid for, ${unitsOf(units, capacity)}`;
  if (demand === undefined) return paidFor!;
  const needed = demand.tokensPerMinute && `${count(demand.tokensPerMinute)} are needed in the busiest minute`;
  if (needed === undefined) return `${paidFor === undefined ? '' : `${paidFor}; `}the usage is not counted in tokens, so how much of the units it takes is unknown`;
  if (capacity === undefined) return `tokens a minute: ${needed}; what ${unitCount(units)} can carry is unknown without tokensPerMinutePerModelUnit`;
  return `${paidFor}; ${needed}: utilisation ${share(demand, capacity)}`;
}

/** 2 units at $35,040 a month that carry 200,000 x 60 x 730 = 8,760 million tokens: $4.00 a million. */
export function fullUseText({ unitsUsd, hours }: Utilisation, capacity: Capacity): string {
  const tokens = capacity.tokensPerMinute.times(MINUTES_PER_HOUR).times(hours);
  return `a million tokens on the units: ${formatUsdOrUnknown(unitsUsd?.times(MILLION).div(tokens))} at full use`;
}

export function costsText({ unitsUsd, units }: Utilisation, { onDemandModel, onDemandUsd }: Demand): string {
  const through = ModelId.parse(onDemandModel).prefix === undefined ? '' : ` as ${onDemandModel}`;
  return `a month of this usage: ${formatUsdOrUnknown(onDemandUsd)} on demand${through}, ${formatUsdOrUnknown(unitsUsd)} on ${unitCount(units)}`;
}

export function breakEvenText({ unitsUsd, units }: Utilisation, { onDemandUsdPerRequest: perRequest, carriedRequests: carries }: Demand): string {
  if (unitsUsd === undefined || perRequest === undefined) return `break-even: unknown, since the price ${unitsUsd === undefined ? 'of the units' : 'on demand'} is`;
  const { requestsPerMonth: from } = breakEvenOfFixed({ usd: unitsUsd, what: unitCount(units), carries }, perRequest);
  if (from !== undefined) {
    const reach = carries === undefined ? 'if the units can carry them' : `and they can carry ${count(carries)}`;
    return `break-even: from ${count(from)} requests a month on, the units cost no more than on demand, ${reach}`;
  }
  if (perRequest.cmp(ZERO) === 0 || carries === undefined) return 'break-even: never, since a request costs nothing on demand';
  return `break-even: never, since the ${count(carries)} requests a month that the units can carry cost only ${formatUsd(carries.times(perRequest))} on demand`;
}

export function tooSmallText(units: Decimal, capacity: Capacity, demand: Demand, needed: Decimal): string {
  return `${neededOfPaidText(units, capacity, demand)}; it takes ${unitCount(needed)}`;
}

export function tooLargeText({ units, unitsUsd }: Utilisation, capacity: Capacity, demand: Demand, needed: Decimal): string {
  const surplus = units.minus(needed);
  const usd = unitsUsd?.times(surplus).div(units);
  return `${neededOfPaidText(units, capacity, demand)}; ${unitCount(needed)} would do, and the surplus of ${surplus.toFixed()} costs ${usd ? formatUsd(usd) : 'an unknown amount'} a month`;
}

function neededOfPaidText(units: Decimal, capacity: Capacity, demand: Demand): string {
  return `${count(demand.tokensPerMinute!)} tokens a minute are needed in the busiest minute, ${share(demand, capacity)} of the ${count(capacity.tokensPerMinute)} that are paid for, ${unitsOf(units, capacity)}`;
}

function unitsOf(units: Decimal, { perUnit }: Capacity): string {
  return `${unitCount(units)} of ${count(perUnit)}${units.cmp(ONE) === 0 ? '' : ' each'}`;
}

function share({ tokensPerMinute }: Demand, capacity: Capacity): string {
  return `${sharePercent(tokensPerMinute!, capacity.tokensPerMinute)} %`;
}

function unitCount(units: Decimal): string {
  return `${count(units)} model unit${units.cmp(ONE) === 0 ? '' : 's'}`;
}

function count(number: Decimal): string {
  return formatQuantity(number.toFixed());
}

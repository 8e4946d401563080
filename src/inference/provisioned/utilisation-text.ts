import { breakEvenOfFixed } from '../../pricing/comparison/break-even';
import { decimal, Decimal, MILLION, ZERO } from '../../pricing/decimal';
import { formatQuantity, formatUsd, formatUsdOrUnknown, sharePercent } from '../../pricing/format';
import { ModelId } from '../../pricing/model-id';

/** The capacity of the model units, if the capacity of one unit is configured. */
export interface Capacity {
  /** Tokens per minute of one unit. */
  readonly perUnit: Decimal;
  /** Tokens per minute of all units. */
  readonly tokensPerMinute: Decimal;
}

/** The demand for the model units. */
export interface Demand {
  /** Tokens in the busiest minute; undefined if the usage is not counted in tokens. */
  readonly tokensPerMinute: Decimal | undefined;
  /** Model units that the usage needs; undefined if this is unknown. */
  readonly unitsNeeded: Decimal | undefined;
  /** Maximum requests a month that the units serve. */
  readonly carriedRequests: Decimal | undefined;
  /** The id that determines the on-demand price. */
  readonly onDemandModel: string;
  /** Monthly cost on demand; undefined if a price is missing. */
  readonly onDemandUsd: Decimal | undefined;
  readonly onDemandUsdPerRequest: Decimal | undefined;
}

/** Model units and the demand for them. */
export interface Utilisation {
  readonly units: Decimal;
  /** Monthly cost of the units; undefined if it is unknown. */
  readonly unitsUsd: Decimal | undefined;
  /** The hours of a month in which the units exist. */
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
  if (needed === undefined) return `${paidFor === undefined ? '' : `${paidFor}; `}the usage is not counted in tokens, so the utilisation is unknown`;
  if (capacity === undefined) return `tokens a minute: ${needed}; the capacity of ${unitCount(units)} is unknown without tokensPerMinutePerModelUnit`;
  return `${paidFor}; ${needed}: utilisation ${share(demand, capacity)}`;
}

/** The cost at full utilisation. 2 units at $35,040 a month with 200,000 x 60 x 730 = 8,760 million tokens: $4.00 a million. */
export function fullUseText({ unitsUsd, hours }: Utilisation, capacity: Capacity): string {
  const tokens = capacity.tokensPerMinute.times(MINUTES_PER_HOUR).times(hours);
  return `a million tokens on the units: ${formatUsdOrUnknown(unitsUsd?.times(MILLION).div(tokens))} at full utilisation`;
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
  return `${neededOfPaidText(units, capacity, demand)}; ${unitCount(needed)} would be needed`;
}

export function tooLargeText({ units, unitsUsd }: Utilisation, capacity: Capacity, demand: Demand, needed: Decimal): string {
  const surplus = units.minus(needed);
  const usd = unitsUsd?.times(surplus).div(units);
  return `${neededOfPaidText(units, capacity, demand)}; ${unitCount(needed)} would be enough, and the surplus of ${surplus.toFixed()} costs ${usd ? formatUsd(usd) : 'an unknown amount'} a month`;
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

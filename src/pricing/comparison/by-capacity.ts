import { Access } from './access';
import { Candidate } from './candidate';
import { BillingMode } from './comparison';
import { Load, modelUnitsFor, requestsCarried, tokensPerMinute } from './load';
import { accessTradeOffs, commitmentTradeOff, provisionedTradeOffs, reservedTradeOffs, unitCommitmentTradeOff } from './trade-offs';
import { OnDemandWorkload } from '../billing-modes/on-demand';
import { provisioned } from '../billing-modes/provisioned';
import { reserved } from '../billing-modes/reserved';
import { decimal, Decimal } from '../decimal';
import { CostEstimate } from '../estimate';
import { formatQuantity } from '../format';
import { ModelId } from '../model-id';
import { PriceBook } from '../price-book/price-book';
import { COMMITMENT_MONTHS, CommitmentDuration } from '../price-book/rate';

/** The least that AWS sells in the reserved tier, in tokens a minute. */
export const RESERVED_MINIMUM = { input: 100_000, output: 10_000 };

/** The terms that the reserved tier is sold for. */
export const RESERVED_TERMS: readonly { readonly months: number; readonly name: string }[] = [{ months: 1, name: 'one-month' }, { months: 3, name: 'three-months' }];

/** The capacity that can serve a load: the load, and the throughput of a unit if it is known. */
export interface CapacityRequest {
  readonly usage: OnDemandWorkload;
  /** The model of the usage. */
  readonly model: ModelId;
  readonly load: Load;
  readonly tokensPerMinutePerModelUnit?: number;
}

/** Provisioned throughput for each commitment; bought for the model itself, never through a profile. */
export function byModelUnit(book: PriceBook, { usage, model: { bareId }, load, tokensPerMinutePerModelUnit }: CapacityRequest): Candidate[] {
  const throughput = tokensPerMinutePerModelUnit === undefined ? undefined : decimal(tokensPerMinutePerModelUnit);
  const needed = throughput && modelUnitsFor(load, throughput);
  const units = needed ?? decimal(1);
  return Object.values(CommitmentDuration).map((commitmentDuration) => {
    const ofUnits = provisioned(book, {
      model: bareId,
      region: usage.region,
      modelUnits: units.toNumber(),
      commitmentDuration,
      customModel: usage.customModel,
      hoursPerMonth: load.hoursPerMonth,
    });
    const months = COMMITMENT_MONTHS[commitmentDuration];
    const usd = ofUnits._monthly;
    return {
      name: unitsName(units, commitmentDuration),
      billingMode: BillingMode.PROVISIONED_THROUGHPUT,
      modelId: bareId,
      commitment: commitmentDuration,
      estimate: needed === undefined ? withUnknownUnits(ofUnits, bareId) : ofUnits,
      ...(needed === undefined ? { unavailableReason: UNKNOWN_UNITS } : {}),
      ...(usd === undefined ? {} : { fixed: { usd, what: units.cmp(decimal(1)) === 0 ? 'one model unit' : `${units.toFixed(0)} model units`, carries: needed && carriedBy(needed, throughput!, load) } }),
      tradeOffs: [...provisionedTradeOffs(), ...(months === 0 ? [] : [unitCommitmentTradeOff(ofUnits._commitment, months, needed === undefined)])],
    };
  });
}

export function unitsName(units: Decimal, commitmentDuration: CommitmentDuration): string {
  const commitment = commitmentDuration === CommitmentDuration.NONE ? 'no commitment' : `${commitmentDuration} commitment`;
  return `${units.toFixed(0)} model unit${units.cmp(decimal(1)) === 0 ? '' : 's'}, ${commitment}`;
}

const UNKNOWN_UNITS = 'AWS publishes no throughput of a model unit, so how many the work needs is known only when it is given; shown is the price of one';

function carriedBy(units: Decimal, throughput: Decimal, load: Load): Decimal | undefined {
  return requestsCarried(load, units.times(throughput), load.inputTokens.plus(load.outputTokens));
}

/** One unit is the least that it can cost: the cost of the usage itself is not known. */
function withUnknownUnits(ofOne: CostEstimate, model: string): CostEstimate {
  const json = ofOne._toJson();
  const missing = {
    model, kind: 'model-unit-hour', description: UNKNOWN_UNITS, hint: 'give tokensPerMinutePerModelUnit', nearestModels: [],
  };
  return CostEstimate._fromJson({ ...json, commitmentUsd: json.commitmentUsd === '0' ? '0' : null, missingPrices: [...json.missingPrices, missing] });
}

/** The reserved tier for each term: tokens a minute that are kept ready, input and output apart. */
export function byTokensPerMinute(book: PriceBook, { usage, load }: CapacityRequest, access: Access): Candidate[] {
  const input = atLeast(RESERVED_MINIMUM.input, tokensPerMinute(load, load.inputTokens));
  const output = atLeast(RESERVED_MINIMUM.output, tokensPerMinute(load, load.outputTokens));
  return RESERVED_TERMS.map(({ months: termMonths, name: commitment }) => {
    const estimate = reserved(book, {
      model: access.modelId,
      region: usage.region,
      inputTokensPerMinute: input.toNumber(),
      outputTokensPerMinute: output.toNumber(),
      termMonths,
      hoursPerMonth: load.hoursPerMonth,
    });
    const usd = estimate._monthly;
    const carries = smaller(requestsCarried(load, input, load.inputTokens), requestsCarried(load, output, load.outputTokens));
    return {
      name: reservedName(termMonths, access),
      billingMode: BillingMode.RESERVED,
      modelId: access.modelId,
      commitment,
      estimate,
      ...(usd === undefined ? {} : { fixed: { usd, what: `${tokens(input)} input and ${tokens(output)} output tokens a minute`, carries } }),
      tradeOffs: [...accessTradeOffs(access), ...reservedTradeOffs(RESERVED_MINIMUM), commitmentTradeOff(estimate._commitment, termMonths)],
    };
  });
}

export function reservedName(termMonths: number, { name }: Access): string {
  return `reserved for ${termMonths} month${termMonths === 1 ? '' : 's'}, ${name}`;
}

function atLeast(minimum: number, tokensAMinute: Decimal): Decimal {
  return tokensAMinute.cmp(decimal(minimum)) < 0 ? decimal(minimum) : tokensAMinute;
}

function tokens(count: Decimal): string {
  return formatQuantity(count.toFixed(0));
}

function smaller(a: Decimal | undefined, b: Decimal | undefined): Decimal | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a.cmp(b) <= 0 ? a : b;
}

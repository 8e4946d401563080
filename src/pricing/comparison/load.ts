import { largestCount, smallestCount } from './break-even';
import { ComparisonUsage } from './comparison';
import { PricingError } from '../../input/error';
import { DEFAULT_HOURS_PER_MONTH, MAX_HOURS_PER_MONTH } from '../billing-modes/hours-per-month';
import { OnDemandWorkload } from '../billing-modes/on-demand';
import { decimal, Decimal, sum, ZERO } from '../decimal';

const MINUTES_PER_HOUR = decimal(60);

/** The load of an average month for which capacity is bought. */
export interface Load {
  readonly hoursPerMonth: number;
  readonly requests: Decimal;
  /** All tokens that go into one request, from the prompt cache or not. */
  readonly inputTokens: Decimal;
  readonly outputTokens: Decimal;
  readonly peakToAverage: Decimal;
}

export function loadOf(usage: ComparisonUsage): Load {
  const { hoursPerMonth = DEFAULT_HOURS_PER_MONTH, peakToAverageRatio = 1 } = usage;
  if (!(typeof hoursPerMonth === 'number' && hoursPerMonth > 0 && hoursPerMonth <= MAX_HOURS_PER_MONTH)) {
    throw new PricingError('hoursPerMonth', hoursPerMonth, `a number above 0 and at most ${MAX_HOURS_PER_MONTH}`);
  }
  if (!(typeof peakToAverageRatio === 'number' && Number.isFinite(peakToAverageRatio) && peakToAverageRatio >= 1)) {
    throw new PricingError('peakToAverageRatio', peakToAverageRatio, 'a number of 1 or more');
  }
  const { inputImageTokensPerRequest = 0, inputAudioTokensPerRequest = 0, inputVideoTokensPerRequest = 0, outputImageTokensPerRequest = 0 } = usage;
  return {
    hoursPerMonth,
    requests: decimal(usage.requestsPerMonth),
    inputTokens: sum([allTokensIn(usage), ...[inputImageTokensPerRequest, inputAudioTokensPerRequest, inputVideoTokensPerRequest].map(decimal)]),
    outputTokens: decimal(usage.outputTokensPerRequest ?? 0).plus(decimal(outputImageTokensPerRequest)),
    peakToAverage: decimal(peakToAverageRatio),
  };
}

/** The same use as `requestsPerMonth` requests of one month, without what only the purchase of capacity asks for. */
export function onDemandUsage(usage: ComparisonUsage): OnDemandWorkload {
  const {
    batch: _batch, recordsPerJob: _records, hoursPerMonth: _hours, tokensPerMinutePerModelUnit: _throughput, peakToAverageRatio: _peak, ...rest
  } = usage;
  return rest;
}

/** All tokens of the text that goes into one request, from the prompt cache or not. */
export function allTokensIn({ inputTokensPerRequest = 0, cacheReadTokensPerRequest = 0, cacheWriteTokensPerRequest = 0 }: OnDemandWorkload): Decimal {
  return sum([inputTokensPerRequest, cacheReadTokensPerRequest, cacheWriteTokensPerRequest].map(decimal));
}

/** Minutes in the month. */
function minutes({ hoursPerMonth }: Load): Decimal {
  return decimal(hoursPerMonth).times(MINUTES_PER_HOUR);
}

/**
 * Whole tokens a minute in the busiest minute.
 *
 * 1,000,000 requests of 2,000 tokens in 730 hours: 2,000,000,000 / 43,800 minutes = 45,662.1, so 45,663.
 */
export function tokensPerMinute(load: Load, tokensPerRequest: Decimal): Decimal {
  return smallestCount(load.requests.times(tokensPerRequest).times(load.peakToAverage), minutes(load))!;
}

/** The requests a month that so many tokens a minute carry at most; undefined when a request needs none of them. */
export function requestsCarried(load: Load, tokensAMinute: Decimal, tokensPerRequest: Decimal): Decimal | undefined {
  return largestCount(tokensAMinute.times(minutes(load)), tokensPerRequest.times(load.peakToAverage));
}

/** Model units for the whole load, at least one; undefined when it is not counted in tokens. */
export function modelUnitsFor(load: Load, tokensPerMinutePerModelUnit: Decimal): Decimal | undefined {
  const perRequest = load.inputTokens.plus(load.outputTokens);
  if (perRequest.cmp(ZERO) === 0) return undefined;
  const units = smallestCount(load.requests.times(perRequest).times(load.peakToAverage), tokensPerMinutePerModelUnit.times(minutes(load)))!;
  return units.cmp(ZERO) > 0 ? units : decimal(1);
}

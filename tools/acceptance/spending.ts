import { CannotRun } from './account';
import { TokenCounts } from './observations';
import { CostCalculator } from '../../src/pricing/calculator';
import { decimal, Decimal, sum, ZERO } from '../../src/pricing/decimal';
import { CostEstimate } from '../../src/pricing/estimate';
import { formatUsd } from '../../src/pricing/format';
import { OtherServiceKey, otherServicePrice, otherServiceUsd } from '../../src/pricing/other-services';
import { textTable } from '../../src/render/text-table';

/** The maximum cost of a run, in US dollars. */
export const CEILING_USD = decimal(5);

/** The most tokens that a request or a record is planned to have. */
export const PLANNED = {
  cachedRequests: 10,
  /** Requests without a cached prompt: by other forms of the model's name, by roles, and around the stop. */
  shortRequests: 60,
  records: 100,
  cachedTokens: 4_000,
  shortTokens: 100,
  /** Far more than a record with an image of 64 by 64 pixels has. */
  mediaTokens: 2_000,
  outputTokens: 50,
} as const;

/** A line of the plan. */
export interface PlannedCost {
  readonly what: string;
  readonly usd: Decimal;
  /** True if the cost is corrected by the tokens that AWS's answers state. */
  readonly byTokens: boolean;
}

/** The library's own prices of the model that is called. */
export class Prices {
  private readonly calculator = new CostCalculator();

  constructor(private readonly model: string, private readonly region: string) {}

  /**
   * The on-demand cost of tokens. Without a price of cached tokens, each of them counts as two input tokens, which is the highest price
   * that any model has for one.
   */
  public onDemand({ input, output, cacheRead, cacheWrite }: TokenCounts): Decimal {
    const request = { model: this.model, region: this.region, requestsPerMonth: 1, outputTokensPerRequest: output };
    const cached = this.calculator.onDemand({
      ...request, inputTokensPerRequest: input, cacheReadTokensPerRequest: cacheRead, cacheWriteTokensPerRequest: cacheWrite,
    });
    if (cached.missingPrices.length === 0) return totalOf(cached);
    return totalOf(this.calculator.onDemand({ ...request, inputTokensPerRequest: input + 2 * (cacheRead + cacheWrite) }));
  }

  /** The total cost of the records of a batch job. */
  public batch(records: number, inputTokensPerRecord: number, outputTokensPerRecord: number): Decimal {
    const { model, region } = this;
    return totalOf(this.calculator.batch({ model, region, jobsPerMonth: 1, recordsPerJob: records, inputTokensPerRecord, outputTokensPerRecord }));
  }
}

/** @throws CannotRun when a price is missing, since a ceiling cannot limit an unknown cost */
function totalOf(estimate: CostEstimate): Decimal {
  const [missing] = estimate.missingPrices;
  if (missing) throw new CannotRun(`${missing.description}. Choose another model or region.`);
  return decimal(estimate._toJson().monthlyUsd!);
}

/**
 * The planned highest cost of a run, line by line.
 *
 * @param monitors the monthly cost of the app's budget itself, as its report states it
 */
export function planOf(prices: Prices, monitors: readonly { readonly part: string; readonly otherServicesMonthlyUsd: string }[]): PlannedCost[] {
  const { cachedRequests, shortRequests, records, cachedTokens, shortTokens, mediaTokens, outputTokens } = PLANNED;
  const requests = (count: number, tokens: Omit<TokenCounts, 'output'>): Decimal => prices.onDemand({ ...tokens, output: outputTokens }).times(decimal(count));
  const other = (key: OtherServiceKey, count: number): PlannedCost => {
    const { service, item } = otherServicePrice(key);
    return { what: `${service}: ${item}, ${count.toLocaleString('en-US')}`, usd: otherServiceUsd(key, decimal(count)), byTokens: false };
  };
  return [
    {
      what: `${cachedRequests} requests, each ${cachedTokens} tokens written to the cache and read from it`,
      usd: requests(cachedRequests, { input: shortTokens, cacheRead: cachedTokens, cacheWrite: cachedTokens }),
      byTokens: true,
    },
    { what: `${shortRequests} requests of ${shortTokens} tokens`, usd: requests(shortRequests, { input: shortTokens, cacheRead: 0, cacheWrite: 0 }), byTokens: true },
    { what: `batch job of ${records} records, ${cachedTokens} tokens each`, usd: prices.batch(records, cachedTokens, outputTokens), byTokens: true },
    { what: `batch job of ${records} records with an image, ${mediaTokens} tokens each`, usd: prices.batch(records, mediaTokens, outputTokens), byTokens: true },
    ...monitors.filter(({ otherServicesMonthlyUsd }) => otherServicesMonthlyUsd !== '0').map(({ part, otherServicesMonthlyUsd }) => ({
      // 20 decimal places are sufficient for a thirtieth.
      what: `${part}, for a day`, usd: decimal(otherServicesMonthlyUsd).div(decimal(30)), byTokens: false,
    })),
    other('cloudwatch-get-metric-data', 5_000),
    other('step-functions-transition', 2_000),
    other('lambda-gb-second-arm', 2_000),
  ];
}

export function planText(plan: readonly PlannedCost[]): string {
  const rows = plan.map(({ what, usd }) => [what, formatUsd(usd)]);
  return textTable([{ title: 'Planned' }, { title: 'At most', align: 'right' }], rows, [['Total', formatUsd(totalPlanned(plan))]]).join('\n');
}

export function totalPlanned(plan: readonly PlannedCost[]): Decimal {
  return sum(plan.map(({ usd }) => usd));
}

/** The error of a paid step that was not taken. */
export class CeilingReached extends Error {}

/** The running total of a run. Tokens are counted from AWS's answers. All other items count at their planned cost. */
export class Spending {
  private spent = ZERO;

  constructor(private readonly ceiling: Decimal = CEILING_USD) {}

  public get total(): Decimal {
    return this.spent;
  }

  /**
   * Counts an item at its highest cost before it starts.
   *
   * @returns a function that replaces the highest cost by the actual one; an item that is never settled keeps its highest cost
   * @throws CeilingReached if the total could pass the ceiling
   */
  public reserve(what: string, atMost: Decimal): (actual: Decimal) => void {
    const after = this.spent.plus(atMost);
    if (after.cmp(this.ceiling) > 0) {
      throw new CeilingReached(`${what} may cost ${formatUsd(atMost)}, and ${formatUsd(this.spent)} of the ceiling of ${formatUsd(this.ceiling)} are spent`);
    }
    this.spent = after;
    return (actual) => { this.spent = this.spent.minus(atMost).plus(actual); };
  }
}

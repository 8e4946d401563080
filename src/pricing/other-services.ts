import { Decimal, decimal } from './decimal';

/** The price of something that Bedrock needs of another AWS service (data/aws-services.json, generated from prices/). */
export interface OtherServicePrice {
  readonly service: string;
  readonly item: string;
  readonly usd: string;
  /** `1K transitions`, `1M requests`, `100K notifications`, `metric-month`, ... */
  readonly unit: string;
}

/** The prices that prices/aws-services.yaml holds; a test compares the two. */
export const OTHER_SERVICE_KEYS = [
  'step-functions-transition', 'lambda-request', 'lambda-gb-second', 'lambda-gb-second-arm', 's3-put', 's3-get', 'cloudwatch-alarm-metric',
  'cloudwatch-composite-alarm', 'cloudwatch-custom-metric', 'cloudwatch-dashboard', 'cloudwatch-get-metric-data', 'cloudwatch-request',
  'scheduler-invocation', 'budget', 'budget-action-day', 'sns-email',
] as const;
export type OtherServiceKey = (typeof OTHER_SERVICE_KEYS)[number];

let stored: { readonly [key in OtherServiceKey]: OtherServicePrice } | undefined;

/** A price as the data has it. */
export function otherServicePrice(key: OtherServiceKey): OtherServicePrice {
  return (stored ??= require('./data/aws-services.json') as { readonly [name in OtherServiceKey]: OtherServicePrice })[key];
}

/** A price as an exact number, and the pieces in its unit. */
interface ExactPrice {
  readonly usd: Decimal;
  readonly pieces: Decimal;
}

const exactPrices = new Map<OtherServiceKey, ExactPrice>();

function exactPrice(key: OtherServiceKey): ExactPrice {
  let exact = exactPrices.get(key);
  if (exact === undefined) {
    const { unit, usd } = otherServicePrice(key);
    const [, count = '1', thousands] = /^(\d+)([KM])? /.exec(unit) ?? [];
    exact = { usd: decimal(usd), pieces: decimal(Number(count) * (thousands === 'K' ? 1_000 : thousands === 'M' ? 1_000_000 : 1)) };
    exactPrices.set(key, exact);
  }
  return exact;
}

/**
 * The cost of a number of pieces in US dollars, without free tiers: 10,000 Step Functions transitions at $0.025 per 1,000 cost $0.25. It is
 * shown beside a Bedrock estimate, and is never part of it.
 */
export function otherServiceUsd(key: OtherServiceKey, quantity: Decimal): Decimal {
  return inUnits(key, quantity).times(exactPrice(key).usd);
}

/** So many pieces in the unit that the price is for: 10,000 transitions are 10 of `1K transitions`. Never leaves a rest. */
export function inUnits(key: OtherServiceKey, quantity: Decimal): Decimal {
  return quantity.div(exactPrice(key).pieces);
}

import { Decimal, decimal } from './decimal';

/** The price of something that Bedrock needs of another AWS service (data/aws-services.json, generated from prices/). */
export interface OtherServicePrice {
  readonly service: string;
  readonly item: string;
  readonly usd: string;
  /** `1K transitions`, `1M requests`, `100K notifications`, `metric-month`, ... */
  readonly unit: string;
}

let stored: { readonly [key: string]: OtherServicePrice } | undefined;
function prices(): { readonly [key: string]: OtherServicePrice } {
  return (stored ??= require('./data/aws-services.json') as { readonly [key: string]: OtherServicePrice });
}

/**
 * What so many pieces cost, in dollars, free tiers not counted: 10,000 Step Functions transitions at $0.025 per 1,000
 * are $0.25. Shown beside a Bedrock estimate, never part of it.
 *
 * @param key such as `step-functions-transition`
 */
export function otherServiceUsd(key: string, quantity: Decimal): Decimal {
  const { usd, unit } = prices()[key];
  return quantity.times(decimal(usd)).times(perPiece(unit));
}

/** A thousandth for a price of `1K ...`. A price per thousand or million always divides without a rest. */
function perPiece(unit: string): Decimal {
  const [, count = '1', thousands] = /^(\d+)([KM])? /.exec(unit) ?? [];
  const pieces = Number(count) * (thousands === 'K' ? 1_000 : thousands === 'M' ? 1_000_000 : 1);
  return decimal(1).div(decimal(pieces));
}

import { join } from 'node:path';
import { calcPrice } from '@pydantic/genai-prices';
import { median, Row } from './table';
import { ROOT } from '../tools/staging';

const MODEL = 'us.anthropic.claude-sonnet-4-6';
/** Of the peer's usage, cached tokens are a part of the input. */
const PEER_USAGE = { input_tokens: 3_000, cache_read_tokens: 1_000, output_tokens: 500 };

/** Times of one call each, warm, and the same for a peer that only multiplies floats. */
export function measureCalculator(): Row[] {
  const { CostCalculator, PriceBook, RateKind } = require(join(ROOT, 'lib'));
  const book = PriceBook.embedded();
  const calculator = new CostCalculator(book);
  const query = { model: MODEL, kind: RateKind.INPUT, region: 'us-west-2' };
  const queries = book.modelIds.flatMap((model: string) => ['us-east-1', 'us-west-2', 'eu-west-1'].map((region) => ({ model, kind: RateKind.INPUT, region })));
  let next = 0;

  const lookup = microseconds(() => book._find(query));
  const lookupOfAny = microseconds(() => book._find(queries[next++ % queries.length]));
  // Another number each time: an estimate may not be remembered from the last call.
  const estimate = microseconds(() => calculator.onDemand({
    model: MODEL,
    region: 'us-west-2',
    requestsPerMonth: 1 + (next++ % 1e6),
    inputTokensPerRequest: 2_000,
    outputTokensPerRequest: 500,
    cacheReadTokensPerRequest: 1_000,
  }).monthlyUsd);
  const peer = microseconds(() => calcPrice(PEER_USAGE, MODEL, { providerId: 'aws' })?.total_price);
  return [
    { what: 'price lookup, the same one again', measured: lookup, target: 1, unit: 'us' },
    { what: `price lookup, ${queries.length.toLocaleString('en-US')} different ones in turn`, measured: lookupOfAny, target: 1, unit: 'us' },
    { what: 'one estimate, in exact decimals', measured: estimate, target: 5, unit: 'us' },
    { what: 'one estimate of @pydantic/genai-prices, in floats', measured: peer, unit: 'us' },
    { what: 'ours to theirs', measured: estimate / peer, unit: 'x' },
  ];
}

/** The median of some rounds, after warming up. */
function microseconds(action: () => unknown): number {
  const calls = 20_000;
  const rounds: number[] = [];
  for (let round = 0; round < 12; round++) {
    const started = performance.now();
    for (let i = 0; i < calls; i++) action();
    if (round > 2) rounds.push((performance.now() - started) * 1_000 / calls);
  }
  return median(rounds);
}

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { calcPrice } from '@pydantic/genai-prices';
import { median, Row } from './table';
import { ROOT } from '../tools/staging';

const MODEL = 'us.anthropic.claude-sonnet-4-6';
/** Of the peer's usage, cached tokens are a part of the input. */
const PEER_USAGE = { input_tokens: 3_000, cache_read_tokens: 1_000, output_tokens: 500 };

const LIBRARY = join(ROOT, 'lib');
type Library = typeof import('../src/pricing/calculator') & typeof import('../src/pricing/price-book/price-book') & typeof import('../src/pricing/price-book/rate');

/** Times of one call each, warm, and the same for a peer that only multiplies floats; then of a book that is not loaded yet. */
export function measurePricing(calls = 20_000): Row[] {
  const { CostCalculator, PriceBook, RateKind } = require(LIBRARY) as Library;
  const microseconds = (action: () => unknown) => microsecondsOf(action, calls);
  const book = PriceBook.embedded();
  const calculator = new CostCalculator(book);
  const query = { model: MODEL, kind: RateKind.INPUT, region: 'us-west-2' };
  const queries = book._modelIds.flatMap((model) => ['us-east-1', 'us-west-2', 'eu-west-1'].map((region) => ({ model, kind: RateKind.INPUT, region })));
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
    loadingTheBook(),
  ];
}

/** In processes of its own, since a module is loaded once only. */
function loadingTheBook(): Row {
  const load = `const { PriceBook } = require(${JSON.stringify(LIBRARY)});
    const started = performance.now();
    PriceBook.embedded()._knows('amazon.nova-pro-v1:0');
    console.log(performance.now() - started);`;
  const times = Array.from({ length: 9 }, () => Number(execFileSync(process.execPath, ['-e', load], { encoding: 'utf8' })));
  return { what: 'loading the price book, in a fresh process', measured: median(times), target: 10, unit: 'ms' };
}

/** The median of some rounds, after warming up. */
function microsecondsOf(action: () => unknown, calls: number): number {
  const rounds: number[] = [];
  for (let round = 0; round < 12; round++) {
    const started = performance.now();
    for (let i = 0; i < calls; i++) action();
    if (round > 2) rounds.push((performance.now() - started) * 1_000 / calls);
  }
  return median(rounds);
}

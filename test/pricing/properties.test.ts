import { CostCalculator } from '../../src/pricing/calculator';
import { decimal } from '../../src/pricing/decimal';
import { CostEstimate } from '../../src/pricing/estimate';
import { PriceBook } from '../../src/pricing/price-book/price-book';
import { CommitmentDuration, RateKind } from '../../src/pricing/price-book/rate';
import { fc } from '../fast-check';

const book = PriceBook.embedded();
const calculator = new CostCalculator(book);
const monthly = (estimate: CostEstimate) => decimal(estimate._toJson().knownMonthlyUsd);

/** A model and a region in which the book has an input and an output price for it. */
const priced = book._modelIds.flatMap((model) => book._ratesOf(model)
  .filter(({ kind, tier, context, scope, customModel }) => kind === RateKind.OUTPUT && !tier && !context && scope === 'in-region' && !customModel)
  .filter(({ region }) => book._find({ model, kind: RateKind.INPUT, region })?.asRate !== undefined)
  .map(({ region }) => ({ model, region: region! })));
const place = fc.constantFrom(...priced);
const count = fc.integer({ min: 0, max: 1_000_000_000 });
// Below every threshold of long context.
const tokens = fc.integer({ min: 0, max: 60_000 });

describe('the cost of on-demand use', () => {
  const cost = (at: { model: string; region: string }, requestsPerMonth: number, inputTokensPerRequest: number, outputTokensPerRequest: number) =>
    monthly(calculator.onDemand({ ...at, requestsPerMonth, inputTokensPerRequest, outputTokensPerRequest }));

  test('is linear in the requests', () => fc.assert(fc.property(place, count, tokens, tokens, (at, n, i, o) => {
    expect(cost(at, n, i, o).toFixed()).toBe(cost(at, 1, i, o).times(decimal(n)).toFixed());
  })));

  test('is the sum of input and output', () => fc.assert(fc.property(place, count, tokens, tokens, (at, n, i, o) => {
    expect(cost(at, n, i, o).toFixed()).toBe(cost(at, n, i, 0).plus(cost(at, n, 0, o)).toFixed());
  })));

  test('never falls when tokens are added', () => fc.assert(fc.property(place, count, tokens, tokens, (at, n, i, o) => {
    expect(cost(at, n, i + 1, o + 1).cmp(cost(at, n, i, o))).toBeGreaterThanOrEqual(0);
  })));

  test('is the sum of its lines, each its quantity times its price', () => fc.assert(fc.property(place, count, tokens, tokens, (at, n, i, o) => {
    const json = calculator.onDemand({ ...at, requestsPerMonth: n, inputTokensPerRequest: i, outputTokensPerRequest: o })._toJson();
    for (const { quantity, unitPriceUsd, usd } of json.lineItems) expect(decimal(quantity).times(decimal(unitPriceUsd)).toFixed()).toBe(usd);
    expect(json.lineItems.reduce((total, { usd }) => total.plus(decimal(usd)), decimal(0)).toFixed()).toBe(json.monthlyUsd);
  })));
});

describe('the cost of a batch', () => {
  test('is never more than the same work on demand, where both are offered', () => fc.assert(fc.property(place, tokens, tokens, (at, i, o) => {
    const batch = calculator.batch({ ...at, jobsPerMonth: 1, recordsPerJob: 1000, inputTokensPerRecord: i, outputTokensPerRecord: o });
    const onDemand = calculator.onDemand({ ...at, requestsPerMonth: 1000, inputTokensPerRequest: i, outputTokensPerRequest: o });
    fc.pre(batch.monthlyUsd !== undefined);
    expect(monthly(batch).cmp(monthly(onDemand))).toBeLessThanOrEqual(0);
  })));
});

describe('the cost of provisioned throughput', () => {
  const units = fc.integer({ min: 1, max: 1000 });
  const hours = fc.double({ min: 0.001, max: 744, noNaN: true });
  test('is linear in units and hours, of which there are at least 730 with a commitment, whose sum is that times the months', () => fc.assert(fc.property(units, hours, (modelUnits, hoursPerMonth) => {
    const json = calculator.provisioned({ model: 'meta.llama3-1-70b-instruct-v1:0', region: 'us-west-2', modelUnits, hoursPerMonth, commitmentDuration: CommitmentDuration.SIX_MONTHS })._toJson();
    const expected = decimal('13.08').times(decimal(modelUnits)).times(decimal(Math.max(730, hoursPerMonth)));
    expect(json.monthlyUsd).toBe(expected.toFixed());
    expect(json.commitmentUsd).toBe(expected.times(decimal(6)).toFixed());
  })));
});

describe('a discount', () => {
  test('takes its percentage off every estimate, exactly', () => fc.assert(fc.property(place, count, tokens, fc.integer({ min: 0, max: 100 }), (at, n, i, percent) => {
    const usage = { ...at, requestsPerMonth: n, inputTokensPerRequest: i };
    const list = monthly(calculator.onDemand(usage));
    expect(monthly(new CostCalculator(book.withDiscountPercent(percent)).onDemand(usage)).toFixed())
      .toBe(list.times(decimal(100 - percent)).div(decimal(100)).toFixed());
  })));
});

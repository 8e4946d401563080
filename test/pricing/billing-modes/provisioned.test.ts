import { CostCalculator } from '../../../src/pricing/calculator';
import { PriceBook } from '../../../src/pricing/price-book/price-book';
import { CommitmentDuration, RateKind, RateUnit } from '../../../src/pricing/price-book/rate';

const calculator = new CostCalculator();
const LLAMA = 'meta.llama3-1-70b-instruct-v1:0';

describe('provisioned throughput', () => {
  test.each([
    // Llama 3.1 70B (page 2026-07-24), per unit and hour: 24.00 without commitment, 21.18 one month, 13.08 six months.
    [CommitmentDuration.NONE, '35040', '0'], // 2 x 24.00 x 730
    [CommitmentDuration.ONE_MONTH, '30922.8', '30922.8'], // 2 x 21.18 x 730
    [CommitmentDuration.SIX_MONTHS, '19096.8', '114580.8'], // 2 x 13.08 x 730, and six times that
  ])('with commitment %s costs %s a month, %s of it committed', (commitmentDuration, monthlyUsd, commitmentUsd) => {
    expect(calculator.provisioned({ model: LLAMA, region: 'us-west-2', modelUnits: 2, commitmentDuration })._toJson()).toMatchObject({ monthlyUsd, commitmentUsd });
  });

  test('prices a context variant by the id without it', () => {
    expect(calculator.provisioned({ model: `${LLAMA}:128k`, region: 'us-west-2', modelUnits: 2 }).monthlyUsd).toBe(35040);
  });

  test('does not take another version for a context variant', () => {
    const book = PriceBook.embedded().withRates([
      { model: 'example.model', kind: RateKind.MODEL_UNIT_HOUR, usd: '1', unit: RateUnit.HOUR, commitmentDuration: CommitmentDuration.NONE, customModel: false },
    ]);
    expect(new CostCalculator(book).provisioned({ model: 'example.model:1', region: 'us-east-1', modelUnits: 1 }).monthlyUsd).toBeUndefined();
  });

  test('has the assumption that the source leaves the region open', () => {
    expect(calculator.provisioned({ model: LLAMA, region: 'us-west-2', modelUnits: 1 }).assumptions[0]).toContain('us-east-1, us-east-2, us-west-2');
  });

  test('is a missing price where the source does not place it', () => {
    const estimate = calculator.provisioned({ model: LLAMA, region: 'eu-central-1', modelUnits: 1, commitmentDuration: CommitmentDuration.ONE_MONTH });
    expect(estimate.monthlyUsd).toBeUndefined();
    expect(estimate.commitmentUsd).toBeUndefined();
  });

  test('never derives one term from another', () => {
    // Nova Lite: only the one-month rate of us-east-1 is published.
    const usage = { model: 'amazon.nova-lite-v1:0', region: 'us-east-1', modelUnits: 1 };
    expect(calculator.provisioned({ ...usage, commitmentDuration: CommitmentDuration.ONE_MONTH }).monthlyUsd).toBe(40150); // 55 x 730
    expect(calculator.provisioned({ ...usage, commitmentDuration: CommitmentDuration.SIX_MONTHS }).monthlyUsd).toBeUndefined();
  });

  test('prices a variant behind a version by the nearest name that is known', () => {
    const rate = (model: string, usd: string) =>
      ({ model, kind: RateKind.MODEL_UNIT_HOUR, usd, unit: RateUnit.HOUR, commitmentDuration: CommitmentDuration.NONE, customModel: false });
    const cost = (model: string, ...rates: ReturnType<typeof rate>[]) =>
      new CostCalculator(PriceBook.embedded().withRates(rates)).provisioned({ model, region: 'us-east-1', modelUnits: 1, hoursPerMonth: 1 }).monthlyUsd;
    // Cohere Command is bought as `...:7:4k` and listed without version: $49.50 an hour.
    expect(cost('cohere.command-text-v14:7:4k')).toBe(49.5);
    // Claude 2.1 is another model than Claude 2.0.
    expect(cost('anthropic.claude-v2:1:200k', rate('anthropic.claude-v2', '44'))).toBeUndefined();
    expect(cost('anthropic.claude-v2:1:200k', rate('anthropic.claude-v2:1', '63'))).toBe(63);
  });

  test('fails through an inference profile, which it is not sold through', () => {
    expect(() => calculator.provisioned({ model: `us.${LLAMA}`, region: 'us-west-2', modelUnits: 1 })).toThrow('model must be an id without the prefix of an inference profile, since provisioned throughput is bought for the model itself, got "us.meta.llama3-1-70b-instruct-v1:0".');
  });

  test.each([-1, NaN, 0, 1.5])('fails for %p units', (modelUnits) => {
    expect(() => calculator.provisioned({ model: LLAMA, modelUnits })).toThrow(/modelUnits/);
  });
});

test.each([1, 218, 729])('a commitment is billed for every hour of its term, 730 a month, where %d are given', (hoursPerMonth) => {
  const estimate = new CostCalculator().provisioned({
    model: 'meta.llama3-1-70b-instruct-v1:0', region: 'us-west-2', modelUnits: 2, commitmentDuration: CommitmentDuration.ONE_MONTH, hoursPerMonth,
  });
  // 2 x $21.18 x 730
  expect([estimate.monthlyUsd, estimate.commitmentUsd]).toEqual([30_922.8, 30_922.8]);
  expect(estimate.assumptions).toContain(`a commitment is billed for every hour of its term: 730 hours a month are counted, not ${hoursPerMonth}`);
});

test('fails for a commitment that is held for no hour: it would come out as $0', () => {
  expect(() => new CostCalculator().provisioned({
    model: 'meta.llama3-1-70b-instruct-v1:0', region: 'us-west-2', modelUnits: 1, commitmentDuration: CommitmentDuration.ONE_MONTH, hoursPerMonth: 0,
  })).toThrow('hoursPerMonth must be a number above 0 and at most 744, got 0.');
});

import { PriceBook } from '../../src/pricing/price-book/price-book';
import { price, readWorkload, UsageFields, WORKLOAD_TYPES, WorkloadType } from '../../src/pricing/workload';

const book = PriceBook.embedded();
const NOVA = { model: 'amazon.nova-pro-v1:0', region: 'us-east-1' };
const ONE_UNIT = { model: 'meta.llama3-1-70b-instruct-v1:0', region: 'us-west-2', modelUnits: 1 };

describe('the defaults of a workload', () => {
  // A unit of Llama 3.1 70B: $24.00 an hour.
  test.each([
    ['its own', { ...ONE_UNIT, hoursPerMonth: 10 }, { hoursPerMonth: 744 }, 240],
    ['those of the context', ONE_UNIT, { hoursPerMonth: 744 }, 17_856],
    ['those of an average month', ONE_UNIT, {}, 17_520],
  ])('hours: %s', (_, usage, context, usd) => {
    expect(price(book, { type: 'provisioned-throughput', usage }, context).monthlyUsd).toBe(usd);
  });

  // Qwen3 Next 80B: $0.15 a million input tokens in us-east-1, $0.18 in eu-west-1.
  const usage = { model: 'qwen.qwen3-next-80b-a3b', requestsPerMonth: 1, inputTokensPerRequest: 1_000_000 };
  test.each([
    ['its own', { ...usage, region: 'eu-west-1' }, 0.18],
    ['that of the context', usage, 0.15],
  ])('region: %s', (_, stated, usd) => {
    expect(price(book, { type: 'on-demand', usage: stated }, { region: 'us-east-1' }).monthlyUsd).toBe(usd);
  });
});

describe('fields from a source that may state any', () => {
  test('become a workload of the type', () => {
    const { usage } = readWorkload('batch', { ...NOVA, jobsPerMonth: 1, recordsPerJob: 1000, inputTokensPerRecord: 1000, hoursPerMonth: 730 });
    // A record is a request of a known struct: 1,000,000 tokens at $0.40 a million.
    expect(price(book, { type: 'batch', usage: { ...usage, recordsPerJob: usage.recordsPerJob * 2 } }).monthlyUsd).toBe(0.8);
  });

  test.each<[WorkloadType, UsageFields, string]>([
    ['on-demand', { inputTokensPerRequest: 1 }, 'model is required. Set a model id such as "amazon.nova-pro-v1:0".'],
    ['on-demand', { ...NOVA, inputTokensPerRequest: 1 }, 'requestsPerMonth is required. Set a number of 0 or more.'],
    ['batch', { ...NOVA, recordsPerJob: 1 }, 'jobsPerMonth is required. Set a number of 0 or more.'],
    ['provisioned-throughput', NOVA, 'modelUnits is required. Set a whole number of 1 or more.'],
    ['reserved', { ...NOVA, inputTokensPerMinute: 1 }, 'termMonths is required. Set a whole number of months, of 1 or more.'],
    ['custom-model-import', { customModelUnits: 1 }, 'customModelUnitVersion is required. Set a version such as "1.0".'],
    ['guardrail', { textsPerMonth: 1 }, 'policies is required. Set a list of at least one policy, such as ["content-text"].'],
    ['flow', { region: 'us-east-1' }, 'nodeTransitionsPerMonth is required. Set a number of 0 or more.'],
  ])('fail for %s without a field that it needs', (type, fields, message) => {
    expect(() => readWorkload(type, fields)).toThrow(message);
  });

  test('fail for a field of another type before one that is missing', () => {
    expect(() => readWorkload('flow', { humanTasks: 5 })).toThrow('humanTasks is not a known field. The fields are region, nodeTransitionsPerMonth.');
  });

  test.each(WORKLOAD_TYPES)('%s accepts the hours of a month', (type) => {
    expect(() => readWorkload(type, { hoursPerMonth: 745 })).toThrow('hoursPerMonth must be a number above 0 and at most 744, got 745.');
  });
});

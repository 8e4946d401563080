import { readFileSync } from 'fs';
import { join } from 'path';
import { calculator, exact, lines, withRates } from './billing-modes/calculators';
import { ServiceTier } from '../../src/pricing/billing-modes/on-demand';
import { decimal, sum, toText } from '../../src/pricing/decimal';
import { CostEstimate } from '../../src/pricing/estimate';
import { CommitmentDuration, PriceTier, Rate, RateKind, RateUnit } from '../../src/pricing/price-book/rate';

/** An example as it was published. Each line has a number of units, of which `per` cost `rate`. */
interface WorkedExample {
  readonly id: string;
  readonly origin: string;
  readonly title: string;
  readonly lines: readonly { readonly quantity: number; readonly per: number; readonly rate: string }[];
  readonly exactUsd: string;
}

const EXAMPLES: readonly WorkedExample[] = JSON.parse(readFileSync(join(__dirname, 'worked-examples.json'), 'utf8'));

const US = { region: 'us-east-1' };
const LLAMA = 'meta.llama3-1-70b-instruct-v1:0';
const QWEN = 'qwen.qwen3-next-80b-a3b';

/** Prices as the examples state them, which AWS no longer publishes, or never published by model. */
const tokens = (model: string, kind: RateKind, usd: string, unit = RateUnit.THOUSAND_TOKENS): Rate => ({ model, kind, usd, unit });
const unitHour = (model: string, commitmentDuration: CommitmentDuration, customModel: boolean, usd: string): Rate =>
  ({ model, kind: RateKind.MODEL_UNIT_HOUR, commitmentDuration, customModel, usd, unit: RateUnit.HOUR });

/** One request with so many tokens in and out. */
const request = (model: string, inputTokensPerRequest: number, outputTokensPerRequest: number) =>
  ({ ...US, model, requestsPerMonth: 1, inputTokensPerRequest, outputTokensPerRequest });

/** The same workloads, as a user enters them. Those without rates of their own use the embedded book. */
const CALLS: { readonly [id: string]: () => CostEstimate[] } = {
  // Two models answer, at prices of 2023; 50 tasks of people at today's.
  WE01: () => {
    const old = withRates(
      tokens('example.judged-v2', RateKind.INPUT, '0.008'), tokens('example.judged-v2', RateKind.OUTPUT, '0.024'),
      tokens('example.judged-instant', RateKind.INPUT, '0.0008'), tokens('example.judged-instant', RateKind.OUTPUT, '0.0024'),
    );
    return [
      old.onDemand({ model: 'example.judged-v2', requestsPerMonth: 50, inputTokensPerRequest: 100, outputTokensPerRequest: 400 }),
      old.onDemand({ model: 'example.judged-instant', requestsPerMonth: 50, inputTokensPerRequest: 100, outputTokensPerRequest: 300 }),
      old.evaluation({ ...US, humanTasks: 50 }),
    ];
  },
  WE03: () => [calculator.knowledgeBase({ ...US, indexedGigabytes: 50, retrievalsPerMonth: 100_000 })],
  WE05: () => [calculator.onDemand({ ...request('amazon.titan-text-lite-v1', 2000, 1000), region: 'eu-west-1' })],
  WE07: () => [withRates(tokens('example.claude', RateKind.INPUT, '0.008'), tokens('example.claude', RateKind.OUTPUT, '0.024'))
    .onDemand({ ...request('example.claude', 11_000, 4_000), region: 'us-west-2' })],
  WE08: () => [withRates(tokens('anthropic.claude-v2:1', RateKind.INPUT, '0.01102'), tokens('anthropic.claude-v2:1', RateKind.OUTPUT, '0.03268'))
    .onDemand(request('anthropic.claude-v2:1', 11_000, 4_000))],
  WE10: () => [withRates(unitHour('amazon.titan-image-generator-v1', CommitmentDuration.ONE_MONTH, false, '16.20'))
    .provisioned({ ...US, model: 'amazon.titan-image-generator-v1', modelUnits: 1, commitmentDuration: CommitmentDuration.ONE_MONTH, hoursPerMonth: 744 })],
  WE13: () => [calculator.provisioned({ ...US, model: 'meta.llama2-13b-chat-v1', modelUnits: 1, commitmentDuration: CommitmentDuration.ONE_MONTH, hoursPerMonth: 744 })],
  // 500 steps of 64 images
  WE15: () => {
    const model = 'amazon.titan-image-generator-v1';
    const published = withRates(
      { model, kind: RateKind.TRAINING, usd: '0.005', unit: RateUnit.IMAGE },
      { model, kind: RateKind.MODEL_STORAGE, usd: '1.95', unit: RateUnit.MONTH },
      unitHour(model, CommitmentDuration.NONE, true, '21.00'),
    );
    return [
      published.customization({ ...US, model, trainingImages: 500 * 64, storedModels: 1 }),
      published.provisioned({ ...US, model, modelUnits: 1, customModel: true, hoursPerMonth: 1 }),
    ];
  },
  WE16: () => [calculator.customModelImport({ ...US, architecture: 'Llama', customModelUnits: 2, customModelUnitVersion: '1.0' })],
  WE18: () => [calculator.onDemand({ ...US, model: 'amazon.titan-embed-text-v2:0', requestsPerMonth: 5_500, inputTokensPerRequest: 1_000 })],
  WE23: () => {
    const tiers = [tokens('example.tiers', RateKind.INPUT, '1.0455', RateUnit.MILLION_TOKENS), tokens('example.tiers', RateKind.OUTPUT, '3.0282', RateUnit.MILLION_TOKENS)];
    return [withRates(...tiers.map((rate) => ({ ...rate, tier: PriceTier.PRIORITY })))
      .onDemand({ ...request('example.tiers', 1_000_000, 1_000_000), serviceTier: ServiceTier.PRIORITY })];
  },
  WE27: () => [calculator.onDemand({ ...request(QWEN, 1_000_000, 1_000_000), region: 'eu-west-1' })],
  WE29: () => [calculator.onDemand(request(QWEN, 15, 2))],
  WE33: () => [calculator.guardrail({ ...US, policies: ['content-text', 'sensitive-information'], textsPerMonth: 25, charactersPerText: 1000 })],
  WE40: () => [calculator.reserved({
    ...US, model: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', inputTokensPerMinute: 100_000, outputTokensPerMinute: 10_000, termMonths: 1, hoursPerMonth: 730,
  })],
  WE43: () => [
    calculator.customization({ ...US, model: LLAMA, trainingTokens: 10_000_000, epochs: 3, storedModels: 1 }),
    calculator.provisioned({ ...US, model: LLAMA, modelUnits: 1, customModel: true, hoursPerMonth: 1 }),
  ],
  WE45: () => [calculator.rerank({ ...US, model: 'cohere.rerank-v3-5:0', queriesPerMonth: 1, documentsPerQuery: 350 })],
  WE47: () => [calculator.image({ ...US, model: 'amazon.nova-canvas-v1:0', imagesPerMonth: 1000, resolution: '1024x1024', quality: 'standard' })],
  WE49: () => [calculator.guardrail({ ...US, policies: ['content-text'], textsPerMonth: 1, charactersPerText: 5600 })],
};

describe('published worked examples', () => {
  test('are all worked out here', () => {
    expect(Object.keys(CALLS)).toEqual(EXAMPLES.map(({ id }) => id));
    expect(EXAMPLES).toHaveLength(19);
  });

  test.each(EXAMPLES.map((example) => [example.id, example.title, example] as const))('%s: %s comes out to the last digit', (id, _, example) => {
    const estimates = CALLS[id]();
    const total = sum(estimates.flatMap((estimate) => {
      const { monthlyUsd, oneTimeUsd } = exact(estimate);
      return [decimal(monthlyUsd!), decimal(oneTimeUsd!)];
    }));
    expect(toText(total)).toBe(example.exactUsd);
  });

  test.each(EXAMPLES.map((example) => [example.id, example.title, example] as const))('%s: %s comes about line by line as published', (id, _, example) => {
    const published = example.lines.map(({ quantity, per, rate }) => toText(decimal(quantity).times(decimal(rate)).div(decimal(per))));
    expect(CALLS[id]().flatMap(lines)).toEqual(published);
  });
});

import { join } from 'path';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import Big from 'big.js';
import { CommitmentDuration, PriceScope, PriceTier, RateKind } from '../../src/pricing/rate';
import { decodeModel, EncodedBook, RateGroup } from '../../src/pricing/rate-group';
import { encodeBook } from '../../tools/prices/encode';
import { PricedModel, PricedRate } from '../../tools/prices/facts';
import { classOutput, dataOutputs, outdated } from '../../tools/prices/outputs';
import { readPrices } from '../../tools/prices/read';
import { rateKeys, validate } from '../../tools/prices/validate';

const ROOT = join(__dirname, '..', '..');
const facts = readPrices(join(ROOT, 'prices'));
const rates = facts.models.flatMap((model) => model.rates.map((rate) => ({ model, rate })));

/** How many prices a rate stands for: one for each of its regions, or one whose region is open. */
const priceCount = ({ regions }: PricedRate) => (regions === 'open' ? 1 : regions.length);
const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);
const isCapacity = (rate: PricedRate) => rate.kind === RateKind.MODEL_UNIT_HOUR;
const isEmbedding = ({ modality }: PricedModel) => modality === 'embedding';

/** The prices of a model by what they are prices of: region, kind, scope, tier, context, commitment, custom. */
const pricesOf = (model: PricedModel) => new Map(model.rates.flatMap((rate) => rateKeys(rate).map((key) => [key, { rate, key }] as const)));
const allPrices = facts.models.flatMap((model) => [...pricesOf(model)].map(([key, { rate }]) => ({ model, key, rate })));

/** Every price that is dearer than the one it is compared with, in words. */
function dearer(of: (rate: PricedRate) => boolean, comparedWith: (key: string) => string): string[] {
  return facts.models.flatMap((model) => {
    const prices = pricesOf(model);
    return [...prices].filter(([, { rate }]) => of(rate)).flatMap(([key, { rate }]) => {
      const other = prices.get(comparedWith(key));
      return other && new Big(rate.usd).gt(other.rate.usd) ? [`${model.id}: ${key} ${rate.usd} > ${other.rate.usd}`] : [];
    });
  });
}

describe('the price facts', () => {
  test('hold together: no price twice, no unknown source, no id or member name twice', () => {
    expect(validate(facts)).toEqual([]);
  });

  test('are as many as were published: 8,247 for tokens, 109 for embeddings, 50 for provisioned throughput', () => {
    const count = (of: (model: PricedModel, rate: PricedRate) => boolean) =>
      sum(rates.filter(({ model, rate }) => of(model, rate)).map(({ rate }) => priceCount(rate)));
    expect({
      tokens: count((model, rate) => !isCapacity(rate) && !isEmbedding(model)),
      embeddings: count((model, rate) => !isCapacity(rate) && isEmbedding(model)),
      provisioned: count((_, rate) => isCapacity(rate)),
      unmapped: sum(facts.unmapped.flatMap((name) => name.rates).map(priceCount)),
      models: facts.models.length,
      aliases: sum(facts.models.map(({ aliases }) => aliases.length)),
      services: facts.services.length,
    }).toEqual({ tokens: 8247, embeddings: 109, provisioned: 46, unmapped: 4, models: 151, aliases: 15, services: 15 });
  });

  test('name only commercial regions of AWS', () => {
    const regions = new Set([
      ...rates.flatMap(({ rate }) => (rate.regions === 'open' ? [] : rate.regions)),
      ...facts.models.flatMap(({ availability: a }) => (a ? [...a.inRegion, ...Object.values(a.geo).flat(), ...a.global, ...a.none] : [])),
    ]);
    const known = RegionInfo.regions.filter(({ partition }) => partition === 'aws').map(({ name }) => name);
    expect([...regions].filter((region) => !known.includes(region))).toEqual([]);
    expect(regions.size).toBe(33);
  });

  test('carry a date and a known source, and the date is the one of the source', () => {
    const dates = new Map(facts.sources.map(({ key, date }) => [key, date]));
    const all = [...rates.map(({ rate }) => rate), ...facts.unmapped.flatMap((name) => name.rates)];
    expect(all.filter(({ source, asOf }) => dates.get(source) !== asOf)).toEqual([]);
  });

  // No exception was published: a batch or flex price above the standard one, or a cache read above the input, is a slip.
  test.each([PriceTier.BATCH, PriceTier.FLEX])('%s is never dearer than standard', (tier) => {
    expect(dearer((rate) => rate.tier === tier, (key) => key.replace(` ${tier}`, ''))).toEqual([]);
  });

  test('priority is never cheaper than standard', () => {
    const standard = (rate: PricedRate) => rate.tier === undefined && !isCapacity(rate);
    const asPriority = (key: string) => key.replace(/( in-region| geo| global)/, `$1 ${PriceTier.PRIORITY}`);
    expect(dearer(standard, asPriority)).toEqual([]);
  });

  test('reading the cache is never dearer than input', () => {
    expect(dearer((rate) => rate.kind === RateKind.CACHE_READ, (key) => key.replace(RateKind.CACHE_READ, RateKind.INPUT))).toEqual([]);
  });

  test('a longer commitment is never dearer than none', () => {
    const committed = /one-month|six-months/;
    expect(dearer((rate) => committed.test(rate.commitmentDuration ?? ''), (key) => key.replace(committed, 'none'))).toEqual([]);
  });

  test('the comparisons above compare something', () => {
    const withTier = (tier: PriceTier) => allPrices.filter(({ rate }) => rate.tier === tier).length;
    expect([withTier(PriceTier.BATCH), withTier(PriceTier.FLEX), withTier(PriceTier.PRIORITY)]).toEqual([2178, 86, 88]);
    expect(allPrices.filter(({ rate }) => rate.kind === RateKind.CACHE_READ)).toHaveLength(850);
  });

  test('long context has a threshold for every model that prices it apart, and only for these', () => {
    const priced = new Set(rates.filter(({ rate }) => rate.context !== undefined).map(({ model }) => model.id));
    const thresholds = facts.models.filter(({ longContextFromInputTokens }) => longContextFromInputTokens !== undefined);
    expect(thresholds.map(({ id, longContextFromInputTokens }) => [id, longContextFromInputTokens])).toEqual([
      ['anthropic.claude-sonnet-4-20250514-v1:0', 200_001],
      ['anthropic.claude-sonnet-4-5-20250929-v1:0', 200_001],
      ['openai.gpt-5.6-luna', 272_000],
      ['openai.gpt-5.6-sol', 272_000],
      ['openai.gpt-5.6-terra', 272_000],
    ]);
    expect([...priced].sort()).toEqual(thresholds.map(({ id }) => id));
  });
});

describe('disputed prices', () => {
  const decisions = facts.disputed.flatMap((dispute) => dispute.rates.flatMap((rate) =>
    (rate.regions === 'open' ? [] : rate.regions ?? []).map((region) => ({ ...dispute, ...rate, region }))));

  /** The book's price of what is disputed; embeddings take their text as input. */
  function inBook({ model, kind, scope, tier, region }: (typeof decisions)[number]): string | undefined {
    const key = [region, kind === 'text' ? RateKind.INPUT : kind, scope, tier].filter((part) => part !== undefined).join(' ');
    return allPrices.find((price) => price.model.id === model && price.key === key)?.rate.usd;
  }

  test('are in the book as decided', () => {
    const decided = decisions.filter((dispute) => dispute.inBook === 'b');
    expect(decided).toHaveLength(44);
    expect(decided.filter((dispute) => !new Big(inBook(dispute) ?? -1).eq(dispute.b!))).toEqual([]);
  });

  test('are not in the book where nothing was decided', () => {
    const undecided = decisions.filter((dispute) => dispute.inBook === 'nothing');
    expect(undecided.length).toBeGreaterThan(50);
    expect(undecided.filter((dispute) => inBook(dispute) !== undefined)).toEqual([]);
  });
});

describe('the embedded book', () => {
  const book = require('../../src/pricing/data/price-book.json') as EncodedBook;
  const ONE_MONTH = { commitmentDuration: CommitmentDuration.ONE_MONTH, customModel: false };
  const SIX_MONTHS = { commitmentDuration: CommitmentDuration.SIX_MONTHS, customModel: false };

  function usd(model: string, region: string, kind: RateKind, scope?: PriceScope, more: Partial<RateGroup> = {}): string[] {
    return decodeModel(book, model)
      .filter((rate) => rate.kind === kind && rate.scope === scope && rate.regions?.includes(region) && rate.context === undefined)
      .filter((rate) => rate.tier === more.tier && rate.commitmentDuration === more.commitmentDuration && rate.customModel === more.customModel)
      .map((rate) => rate.usd);
  }

  test('and all other generated files are current (run "npx projen prices")', () => {
    const modelClass = classOutput(ROOT, facts);
    expect(outdated(ROOT, [...dataOutputs(facts), ...(modelClass ? [modelClass] : [])])).toEqual([]);
  });

  test('has every price of prices/ and none more', () => {
    const texts = (groups: readonly Omit<RateGroup, 'model'>[], id: string) => groups
      .map(({ kind, scope, tier, context, commitmentDuration, customModel, usd: price, unit, asOf, source, regions }) =>
        [id, kind, scope, tier, context, commitmentDuration, customModel, price, unit, asOf, source, ...regions!].join(' '))
      .sort();
    const closed = (rate: PricedRate) => ({ ...rate, regions: rate.regions === 'open' ? ['us-east-1', 'us-east-2', 'us-west-2'] : rate.regions });
    const fromFiles = facts.models.flatMap((model) => texts(model.rates.map(closed), model.id));
    const fromBook = Object.keys(book.models).flatMap((id) => texts(decodeModel(book, id), id));
    expect(fromBook.sort()).toEqual(fromFiles.sort());
  });

  test('does not depend on the order of the files', () => {
    const shuffled = [...facts.models].reverse().map((model) => ({ ...model, rates: [...model.rates].reverse() }));
    expect(JSON.stringify(encodeBook(shuffled))).toBe(JSON.stringify(encodeBook(facts.models)));
  });

  test('stays below 300 KB', () => {
    expect(dataOutputs(facts)[0].text.length).toBeLessThan(300_000);
  });

  test.each<[string, string, RateKind, PriceScope | undefined, Partial<RateGroup>, string]>([
    ['amazon.nova-pro-v1:0', 'us-east-1', RateKind.INPUT, PriceScope.IN_REGION, {}, '0.8'],
    ['amazon.nova-pro-v1:0', 'us-east-1', RateKind.OUTPUT, PriceScope.IN_REGION, {}, '3.2'],
    ['amazon.nova-pro-v1:0', 'us-west-2', RateKind.INPUT, PriceScope.GEO, { tier: PriceTier.BATCH }, '0.4'],
    ['amazon.nova-pro-v1:0', 'us-west-2', RateKind.OUTPUT, PriceScope.GEO, { tier: PriceTier.BATCH }, '1.6'],
    ['amazon.nova-micro-v1:0', 'us-east-1', RateKind.INPUT, PriceScope.IN_REGION, {}, '0.035'],
    ['anthropic.claude-sonnet-4-6', 'us-west-2', RateKind.INPUT, PriceScope.GEO, {}, '3.3'],
    ['anthropic.claude-sonnet-4-6', 'us-west-2', RateKind.OUTPUT, PriceScope.GEO, {}, '16.5'],
    ['anthropic.claude-sonnet-4-6', 'us-west-2', RateKind.CACHE_READ, PriceScope.GEO, {}, '0.33'],
    ['anthropic.claude-sonnet-4-6', 'us-west-2', RateKind.INPUT, PriceScope.GLOBAL, {}, '3'],
    ['anthropic.claude-haiku-4-5-20251001-v1:0', 'us-east-1', RateKind.OUTPUT, PriceScope.GLOBAL, {}, '5'],
    ['anthropic.claude-3-haiku-20240307-v1:0', 'us-east-1', RateKind.INPUT, PriceScope.IN_REGION, {}, '0.25'],
    ['amazon.titan-embed-text-v2:0', 'us-east-1', RateKind.INPUT, PriceScope.IN_REGION, {}, '0.02'],
    ['cohere.embed-english-v3', 'us-east-1', RateKind.INPUT, PriceScope.IN_REGION, {}, '0.1'],
    ['amazon.nova-2-multimodal-embeddings-v1:0', 'us-east-1', RateKind.INPUT_VIDEO, PriceScope.IN_REGION, {}, '0.0007'],
    ['meta.llama3-1-70b-instruct-v1:0', 'us-west-2', RateKind.MODEL_UNIT_HOUR, undefined, ONE_MONTH, '21.18'],
    ['meta.llama3-1-70b-instruct-v1:0', 'us-west-2', RateKind.MODEL_UNIT_HOUR, undefined, SIX_MONTHS, '13.08'],
    ['cohere.command-text-v14', 'us-east-1', RateKind.MODEL_UNIT_HOUR, undefined, ONE_MONTH, '39.6'],
  ])('%s in %s: %s %s %j costs $%s, as published', (model, region, kind, scope, more, expected) => {
    expect(usd(model, region, kind, scope, more)).toEqual([expected]);
  });

  test('marks prices whose region is open', () => {
    const [assumed] = decodeModel(book, 'cohere.command-text-v14').filter((rate) => rate.kind === RateKind.MODEL_UNIT_HOUR);
    expect(assumed).toMatchObject({ regionAssumed: true, regions: ['us-east-1', 'us-east-2', 'us-west-2'] });
  });
});

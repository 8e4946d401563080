import { join } from 'path';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import Big from 'big.js';
import { ANY_MODEL, CommitmentDuration, PriceScope, PriceTier, RateKind } from '../../src/pricing/price-book/rate';
import { decodeModel, EncodedBook, RateGroup } from '../../src/pricing/price-book/rate-group';
import { encodeBook } from '../../tools/prices/encode';
import { PricedModel, PricedRate } from '../../tools/prices/facts';
import { outdated, outputsOf } from '../../tools/prices/outputs';
import { readPrices } from '../../tools/prices/read';
import { rateKeys, validate } from '../../tools/prices/validate';

const ROOT = join(__dirname, '..', '..');
const SONNET_4_5 = 'anthropic.claude-sonnet-4-5-20250929-v1:0';
const facts = readPrices(join(ROOT, 'prices'));
const rates = facts.models.flatMap((model) => model.rates.map((rate) => ({ model, rate })));
const allRates = [...rates.map(({ rate }) => rate), ...facts.features];

/** The number of prices in a rate: one for each of its regions, or one whose region is open. */
const priceCount = ({ regions }: PricedRate) => (regions === 'open' ? 1 : regions.length);
const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);
const isEmbedding = ({ modality }: PricedModel) => modality === 'embedding';
const countOf = (list: readonly PricedRate[]) => sum(list.map(priceCount));

const MEDIA = [
  RateKind.INPUT_IMAGE, RateKind.INPUT_AUDIO, RateKind.INPUT_VIDEO, RateKind.INPUT_SPEECH, RateKind.OUTPUT_SPEECH, RateKind.OUTPUT_IMAGE,
  RateKind.IMAGE, RateKind.VIDEO,
];
const CUSTOMIZATION = [RateKind.TRAINING, RateKind.MODEL_STORAGE];

/** The published table that a price is from. */
function tableOf(model: PricedModel, { kind, customModel, tier }: PricedRate): string {
  if (kind === RateKind.MODEL_UNIT_HOUR) return 'provisioned throughput';
  if (isEmbedding(model)) return 'embeddings';
  if (CUSTOMIZATION.includes(kind) || customModel) return 'customization';
  if (kind.startsWith('reserved-')) return 'reserved';
  // Two rows of media tokens are of batch and priority: they were published among the prices of tokens.
  if (MEDIA.includes(kind) && tier === undefined) return 'media';
  if (kind === RateKind.RERANK_QUERY) return 'retrieval';
  if (kind === RateKind.WEB_GROUNDING) return 'web grounding';
  return 'tokens';
}

/** The number of prices for each name. */
function counts<T>(items: readonly T[], nameOf: (item: T) => string, rateOf: (item: T) => PricedRate): { [name: string]: number } {
  const names = [...new Set(items.map(nameOf))];
  return Object.fromEntries(names.map((name) => [name, countOf(items.filter((item) => nameOf(item) === name).map(rateOf))]));
}

/** The prices of a model, by region, kind, scope, tier, context, commitment and custom model. */
const pricesOf = (model: PricedModel) => new Map(model.rates.flatMap((rate) => rateKeys(rate).map((key) => [key, { rate, key }] as const)));
const allPrices = facts.models.flatMap((model) => [...pricesOf(model)].map(([key, { rate }]) => ({ model, key, rate })));

/** A description of every price that is higher than the price that it is compared with. */
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

  // A refresh adds rows to these tables of AWS and never removes any: fewer rows than were once published are lost rows.
  test('are no fewer than were published, table by table', () => {
    const published = {
      'tokens': 8247, 'embeddings': 109, 'provisioned throughput': 46, 'customization': 35, 'reserved': 46, 'media': 48, 'retrieval': 2, 'web grounding': 3,
    };
    const held = counts(rates, ({ model, rate }) => tableOf(model, rate), ({ rate }) => rate);
    expect(Object.entries(published).filter(([table, rows]) => (held[table] ?? 0) < rows)).toEqual([]);
    expect(counts(facts.features, ({ kind }) => kind, (rate) => rate)).toEqual({
      'custom-model-unit': 14,
      'custom-model-unit-storage': 10,
      'text-unit': 15,
      'image': 2,
      'index-storage': 1,
      'retrieval': 1,
      'agentic-retrieval': 1,
      'node-transition': 1,
      'human-task': 1,
    });
    expect(facts.included.map(({ name }) => name.split(' ')[0])).toEqual(['Embedding', 'Parsing', 'Reranking']);
    // Left out of the book: provisioned throughput and customization of Llama 2, and imports in regions that no source names.
    expect(counts(facts.unmapped.flatMap((name) => name.rates), ({ kind }) => kind, (rate) => rate)).toEqual({
      'model-unit-hour': 4, 'model-storage': 2, 'training': 2, 'custom-model-unit': 6,
    });
    expect(facts.models.length).toBeGreaterThanOrEqual(151);
    expect(sum(facts.models.map(({ aliases }) => aliases.length))).toBeGreaterThanOrEqual(15);
    expect(facts.services).toHaveLength(16);
  });

  test('are no fewer of each kind than were published', () => {
    const held = counts(rates.map(({ rate }) => rate), ({ kind }) => kind, (rate) => rate);
    const published = {
      'training': 11, 'model-storage': 11, 'reserved-input': 22, 'reserved-output': 24, 'image': 22, 'video': 4, 'input-speech': 3, 'output-speech': 3, 'output-image': 2,
    };
    expect(Object.entries(published).filter(([kind, rows]) => (held[kind] ?? 0) < rows)).toEqual([]);
    const custom = rates.map(({ rate }) => rate).filter(({ kind, customModel }) => customModel && kind !== RateKind.MODEL_UNIT_HOUR);
    expect(counts(custom, ({ kind }) => kind, (rate) => rate)).toEqual({ input: 8, output: 7 });
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
    const all = [...allRates, ...facts.unmapped.flatMap((name) => name.rates), ...facts.included];
    expect(all.filter(({ source, asOf }) => dates.get(source) !== asOf)).toEqual([]);
  });

  /** SKUs of prices whose row is not in the published excerpt of the price list, so that their start date is unknown. */
  const UNDATED = [
    '22N5RSVZ4UPG5A9U', '22QFG9GV6593XE7S', '2C589KJDPANKXZGS', '2S3TR77Z4EUZK8JF', 'FHPM2WQ68N32TY6D', 'ME93GQVWQPECZK69', 'NF8UDYEDB4HXGNAZ',
    'PUZN23F2U55E57VV', 'ZWWJDZVFAQTBTWQF', 'ZYHECP3DTF7ZRTJU', 'ZYK83W3Z99CTD2Q4', 'ZYUMHR2FDTHQ6AP9',
  ];
  const skuOf = ({ source }: PricedRate) => /^price-list-sku:(.*)$/.exec(source)?.[1];

  test('have a start only where a row of the price list has one', () => {
    const dated = allRates.filter(({ effectiveDate }) => effectiveDate !== undefined);
    expect(countOf(dated)).toBe(42);
    expect(dated.filter((rate) => skuOf(rate) === undefined)).toEqual([]);
    expect(dated.filter(({ effectiveDate, asOf }) => effectiveDate! >= asOf)).toEqual([]);
    const undated = allRates.filter((rate) => rate.effectiveDate === undefined).flatMap((rate) => skuOf(rate) ?? []);
    expect([...new Set(undated)].sort()).toEqual(UNDATED);
  });

  test.each([
    ['QRGWJ3P8FT28EYX2', '2026-08-01', '2026-09-11'],
    ['22S2C53YD5GPD2W6', '2025-12-01', '2025-12-29'],
    ['226EKWYF6VFZ9VFF', '2026-01-01', '2026-01-14'],
    ['ZXHEPYB8V5FQ3B45', '2025-12-01', '2026-01-19'],
    ['2684K3SXK6SVKYGY', '2025-12-01', '2025-12-29'],
    ['ZYQQ56RFRT78R4UY', '2026-01-01', '2026-01-19'],
    ['22JCSSB8Q7DZHH75', '2026-01-01', '2026-01-14'],
    ['8EJKXB49YY4SMCKM', '2026-08-01', '2026-09-11'],
  ])('row %s is charged since %s and was read on %s', (sku, effectiveDate, asOf) => {
    const days = new Set(allRates.filter((rate) => skuOf(rate) === sku).map((rate) => `${rate.effectiveDate} ${rate.asOf}`));
    expect([...days]).toEqual([`${effectiveDate} ${asOf}`]);
  });

  // No exception was published: a batch or flex price above the standard one, or a cache read above the input, is a slip.
  test.each([PriceTier.BATCH, PriceTier.FLEX])('%s never costs more than standard', (tier) => {
    expect(dearer((rate) => rate.tier === tier, (key) => key.replace(` ${tier}`, ''))).toEqual([]);
  });

  test('priority is never cheaper than standard', () => {
    const standard = (rate: PricedRate) => rate.tier === undefined && rate.scope !== undefined;
    const asPriority = (key: string) => key.replace(/( in-region| geo| global)/, `$1 ${PriceTier.PRIORITY}`);
    expect(dearer(standard, asPriority)).toEqual([]);
  });

  test('a cache read never costs more than input', () => {
    expect(dearer((rate) => rate.kind === RateKind.CACHE_READ, (key) => key.replace(RateKind.CACHE_READ, RateKind.INPUT))).toEqual([]);
  });

  test('three reserved months never cost more than one', () => {
    expect(dearer((rate) => rate.termMonths === 3, (key) => key.replace('3-months', '1-months'))).toEqual([]);
    expect(allPrices.filter(({ rate, model }) => rate.termMonths === 3 && pricesOf(model).has(rateKeys(rate)[0].replace('3-months', '1-months')))).toHaveLength(20);
  });

  test('a longer commitment never costs more than none', () => {
    const committed = /one-month|six-months/;
    expect(dearer((rate) => committed.test(rate.commitmentDuration ?? ''), (key) => key.replace(committed, 'none'))).toEqual([]);
  });

  test('the comparisons above compare something', () => {
    const withTier = (tier: PriceTier) => allPrices.filter(({ rate }) => rate.tier === tier).length;
    expect(withTier(PriceTier.BATCH)).toBeGreaterThanOrEqual(2178);
    expect(withTier(PriceTier.FLEX)).toBeGreaterThanOrEqual(86);
    expect(withTier(PriceTier.PRIORITY)).toBeGreaterThanOrEqual(88);
    expect(allPrices.filter(({ rate }) => rate.kind === RateKind.CACHE_READ).length).toBeGreaterThanOrEqual(850);
  });

  test('long context has a border for every model that prices it apart', () => {
    const priced = new Set(rates.filter(({ rate }) => rate.context !== undefined).map(({ model }) => model.id));
    const borders = new Map(facts.models
      .flatMap(({ id, longContextFromInputTokens: border }) => (border === undefined ? [] : [[id, border] as const])));
    expect([...priced].filter((id) => !borders.has(id))).toEqual([]);
    // Stated by the model cards and price tables: Claude Sonnet 4 and 4.5 above 200,000, Haiku 5.5 above 100,000, GPT above 272,000.
    const stated = { 'anthropic.claude-sonnet-4': 200_001, 'anthropic.claude-haiku-5-5': 100_001, 'openai.gpt-': 272_001 };
    for (const [id, border] of borders) expect([id, border]).toEqual([id, Object.entries(stated).find(([prefix]) => id.startsWith(prefix))![1]]);
  });

  test('a missing rate of long requests beside a standard one has a note', () => {
    const isOfRequests = ({ kind, tier }: PricedRate) => tier === undefined && [RateKind.INPUT, RateKind.OUTPUT, RateKind.CACHE_READ].includes(kind);
    const missing = facts.models.filter(({ longContextFromInputTokens }) => longContextFromInputTokens !== undefined).filter((model) => {
      const prices = pricesOf(model);
      return [...prices].some(([key, { rate }]) => isOfRequests(rate) && rate.context === undefined && !rate.customModel && !prices.has(`${key} long`));
    });
    expect(missing.filter(({ longContextGap }) => longContextGap === undefined).map(({ id }) => id)).toEqual([]);
    const withGap = facts.models.filter(({ longContextGap }) => longContextGap !== undefined);
    expect(withGap.map(({ id }) => id).sort()).toEqual(missing.map(({ id }) => id).sort());
  });
});

describe('disputed prices', () => {
  const decisions = facts.disputed.flatMap((dispute) => dispute.rates.flatMap((rate) =>
    (rate.regions !== 'open' ? rate.regions ?? [] : dispute.inBook === 'nothing' ? ['open'] : []).map((region) => ({ ...dispute, ...rate, region }))));

  /** The book's price for a disputed price. For embeddings, text is input. */
  function inBook({ model, kind, scope, tier, context, region }: (typeof decisions)[number]): string | undefined {
    const key = [region, kind === 'text' ? RateKind.INPUT : kind, scope, tier, context].filter((part) => part !== undefined).join(' ');
    return allPrices.find((price) => price.model.id === model && price.key === key)?.rate.usd;
  }

  test('are in the book as decided', () => {
    const decided = decisions.filter((dispute) => dispute.inBook === 'b');
    expect(decided.length).toBeGreaterThanOrEqual(40);
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
  const TOLD_APART_BY = [
    'tier', 'context', 'commitmentDuration', 'customModel', 'resolution', 'quality', 'termMonths', 'policy', 'customModelUnitVersion', 'architecture',
  ] as const;
  const SIX_MONTHS = { commitmentDuration: CommitmentDuration.SIX_MONTHS, customModel: false };

  function usd(model: string, region: string, kind: RateKind, scope?: PriceScope, more: Partial<RateGroup> = {}): string[] {
    return decodeModel(book, model)
      .filter((rate) => rate.kind === kind && rate.scope === scope && rate.regions?.includes(region))
      .filter((rate) => TOLD_APART_BY.every((field) => rate[field] === more[field]))
      .map((rate) => rate.usd);
  }

  test('and all other generated files are current (run "npm run prices")', () => {
    expect(outdated(ROOT, outputsOf(facts))).toEqual([]);
  });

  test('has every price of prices/ and none more', () => {
    const text = (rate: object) => JSON.stringify(Object.entries(rate).filter(([, value]) => value !== undefined).sort(([a], [b]) => a < b ? -1 : 1));
    const closed = (rate: PricedRate) => (rate.regions === 'open'
      ? { ...rate, regions: ['us-east-1', 'us-east-2', 'us-west-2'], regionAssumed: true }
      : { ...rate, regionAssumed: false });
    const secondHand = new Set(facts.sources.filter((source) => source.secondHand).map(({ key }) => key));
    const named = (source: string) => (secondHand.has(source) ? `${source} (second-hand)` : source);
    const fromFiles = [...facts.models, { id: ANY_MODEL, rates: facts.features }]
      .flatMap(({ id, rates: own }) => own.map((rate) => text({ model: id, ...closed(rate), source: named(rate.source) })));
    const fromBook = Object.keys(book.models).flatMap((id) => decodeModel(book, id).map(text));
    expect(fromBook.sort()).toEqual(fromFiles.sort());
  });

  test('does not depend on the order of the files', () => {
    const models = [...facts.models].reverse().map((model) => ({ ...model, rates: [...model.rates].reverse() }));
    const reversed = encodeBook({ models, features: [...facts.features].reverse(), sources: facts.sources });
    expect(JSON.stringify(reversed)).toBe(JSON.stringify(encodeBook(facts)));
  });

  test('stays below 300 KB', () => {
    expect(outputsOf(facts)[0].text.length).toBeLessThan(300_000);
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
    [SONNET_4_5, 'us-west-2', RateKind.RESERVED_INPUT, PriceScope.GEO, { termMonths: 1 }, '0.198'],
    [SONNET_4_5, 'us-west-2', RateKind.RESERVED_OUTPUT, PriceScope.GLOBAL, { termMonths: 3 }, '0.81'],
    [SONNET_4_5, 'ca-central-1', RateKind.RESERVED_OUTPUT, PriceScope.GEO, { termMonths: 1 }, '0.99'],
    ['anthropic.claude-haiku-4-5-20251001-v1:0', 'us-east-2', RateKind.RESERVED_INPUT, PriceScope.GEO, { termMonths: 3 }, '0.0594'],
    ['anthropic.claude-opus-4-6-v1', 'us-east-1', RateKind.RESERVED_OUTPUT, PriceScope.GLOBAL, { termMonths: 1 }, '1.5'],
    ['meta.llama3-1-70b-instruct-v1:0', 'us-west-2', RateKind.TRAINING, undefined, {}, '7.99'],
    ['meta.llama3-1-70b-instruct-v1:0', 'us-west-2', RateKind.MODEL_STORAGE, undefined, {}, '1.95'],
    ['meta.llama3-3-70b-instruct-v1:0', 'us-west-2', RateKind.OUTPUT, PriceScope.IN_REGION, { customModel: true }, '0.72'],
    ['openai.gpt-oss-20b-1:0', 'us-west-2', RateKind.TRAINING, undefined, {}, '80'],
    ['openai.gpt-oss-20b-1:0', 'us-west-2', RateKind.INPUT, PriceScope.IN_REGION, { customModel: true }, '0.09'],
    ['amazon.nova-canvas-v1:0', 'us-east-1', RateKind.TRAINING, undefined, {}, '0.005'],
    ['amazon.nova-pro-v1:0', 'us-east-1', RateKind.OUTPUT, PriceScope.IN_REGION, { customModel: true }, '3.2'],
    ['amazon.nova-canvas-v1:0', 'us-east-1', RateKind.IMAGE, PriceScope.IN_REGION, { resolution: '1024x1024', quality: 'standard' }, '0.04'],
    ['amazon.nova-canvas-v1:0', 'us-east-1', RateKind.IMAGE, PriceScope.IN_REGION, { resolution: '2048x2048', quality: 'premium' }, '0.08'],
    ['stability.stable-image-ultra-v1:1', 'us-west-2', RateKind.IMAGE, PriceScope.IN_REGION, {}, '0.14'],
    ['stability.stable-creative-upscale-v1:0', 'us-west-2', RateKind.IMAGE, PriceScope.IN_REGION, {}, '0.6'],
    ['amazon.nova-reel-v1:0', 'us-east-1', RateKind.VIDEO, PriceScope.IN_REGION, { resolution: '720p' }, '0.08'],
    ['luma.ray-v2:0', 'us-west-2', RateKind.VIDEO, PriceScope.IN_REGION, { resolution: '720p' }, '1.5'],
    ['luma.ray-v2:0', 'us-west-2', RateKind.VIDEO, PriceScope.IN_REGION, { resolution: '540p' }, '0.75'],
    ['amazon.nova-sonic-v1:0', 'us-east-1', RateKind.INPUT_SPEECH, PriceScope.IN_REGION, {}, '3.4'],
    ['amazon.nova-2-sonic-v1:0', 'us-east-1', RateKind.OUTPUT_SPEECH, PriceScope.IN_REGION, {}, '12'],
    ['amazon.nova-2-omni-preview-20251202-v1:0', 'us-east-1', RateKind.OUTPUT_IMAGE, PriceScope.IN_REGION, {}, '44'],
    ['amazon.nova-2-pro-preview-20251202-v1:0', 'us-east-1', RateKind.INPUT_AUDIO, PriceScope.GLOBAL, {}, '1.25'],
    ['twelvelabs.pegasus-1-2-v1:0', 'us-east-1', RateKind.INPUT_VIDEO, PriceScope.GLOBAL, {}, '0.00049'],
    ['cohere.rerank-v3-5:0', 'us-east-1', RateKind.RERANK_QUERY, undefined, {}, '2'],
    ['amazon.rerank-v1:0', 'us-east-1', RateKind.RERANK_QUERY, undefined, {}, '1'],
    ['amazon.nova-premier-v1:0', 'us-east-1', RateKind.WEB_GROUNDING, undefined, {}, '30'],
    [ANY_MODEL, 'us-east-1', RateKind.CUSTOM_MODEL_UNIT, undefined, { customModelUnitVersion: '1.0', architecture: 'Llama' }, '0.05718'],
    [ANY_MODEL, 'us-east-1', RateKind.CUSTOM_MODEL_UNIT, undefined, { customModelUnitVersion: '2.0', architecture: 'OSS' }, '0.1433'],
    [ANY_MODEL, 'us-west-2', RateKind.CUSTOM_MODEL_UNIT_STORAGE, undefined, { customModelUnitVersion: '1.0', architecture: 'Qwen' }, '1.95'],
    [ANY_MODEL, 'us-east-1', RateKind.TEXT_UNIT, undefined, { policy: 'content-text' }, '0.15'],
    [ANY_MODEL, 'eu-south-2', RateKind.TEXT_UNIT, undefined, { policy: 'content-text' }, '0.15'],
    [ANY_MODEL, 'us-east-1', RateKind.TEXT_UNIT, undefined, { policy: 'automated-reasoning' }, '0.17'],
    [ANY_MODEL, 'us-east-1', RateKind.TEXT_UNIT, undefined, { policy: 'checks-prompt-attack' }, '0.08'],
    [ANY_MODEL, 'us-east-1', RateKind.TEXT_UNIT, undefined, { policy: 'sensitive-information-regex' }, '0'],
    [ANY_MODEL, 'us-east-1', RateKind.IMAGE, undefined, { policy: 'content-image' }, '0.00075'],
    [ANY_MODEL, 'us-east-1', RateKind.INDEX_STORAGE, undefined, {}, '5'],
    [ANY_MODEL, 'us-east-1', RateKind.RETRIEVAL, undefined, {}, '1'],
    [ANY_MODEL, 'us-east-1', RateKind.AGENTIC_RETRIEVAL, undefined, {}, '4'],
    [ANY_MODEL, 'us-east-1', RateKind.NODE_TRANSITION, undefined, {}, '0.035'],
    [ANY_MODEL, 'us-east-1', RateKind.HUMAN_TASK, undefined, {}, '0.21'],
  ])('%s in %s: %s %s %j costs $%s, as published', (model, region, kind, scope, more, expected) => {
    // The book has two equal prices if both the page and a row of the price list state the price.
    expect([...new Set(usd(model, region, kind, scope, more))]).toEqual([expected]);
  });

  test('marks prices whose region is open', () => {
    const [assumed] = decodeModel(book, 'cohere.command-text-v14').filter((rate) => rate.kind === RateKind.MODEL_UNIT_HOUR);
    expect(assumed).toMatchObject({ regionAssumed: true, regions: ['us-east-1', 'us-east-2', 'us-west-2'] });
  });
});

describe('the names of the AWS Price List', () => {
  const names = require('../../src/pricing/data/price-list-names.json') as { readonly [name: string]: string };

  test.each([
    ['Nova Lite', 'amazon.nova-lite-v1:0'],
    ['Nova 2.0 Lite', 'amazon.nova-2-lite-v1:0'],
    ['Nova 2 Lite', 'amazon.nova-2-lite-v1:0'],
    ['TitanTextG1-Lite', 'amazon.titan-text-lite-v1'],
    ['Titan Text G1 Lite', 'amazon.titan-text-lite-v1'],
    ['Claude Opus 4.5', 'anthropic.claude-opus-4-5-20251101-v1:0'],
    ['Claude 3.5 Sonnet v2', 'anthropic.claude-3-5-sonnet-20241022-v2:0'],
    ['Ministral 8B 3.0', 'mistral.ministral-3-8b-instruct'],
    ['Ray v2', 'luma.ray-v2:0'],
    ['gpt-oss-120b', 'openai.gpt-oss-120b-1:0'],
  ])('%s is %s', (name, id) => {
    expect(names[name]).toBe(id);
  });

  test('are all there, by name, and none is one that belongs to no known model', () => {
    expect(Object.keys(names)).toEqual(Object.keys(names).sort());
    expect(new Set(Object.values(names))).toEqual(new Set(facts.models.map(({ id }) => id)));
    expect(facts.unmapped.filter(({ name }) => name in names)).toEqual([]);
  });
});

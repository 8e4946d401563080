import { outlived } from '../../../src/pricing/billing-modes/term';
import { CostCalculator } from '../../../src/pricing/calculator';
import { ModelId } from '../../../src/pricing/model-id';
import { monthsAfter } from '../../../src/pricing/price-book/day';
import { endsSoon, isGone, legacyOf, replacementText, successorOf } from '../../../src/pricing/price-book/lifecycle';
import { catalogModels, modelOffers, offeredRegions } from '../../../src/pricing/price-book/model-catalog';
import { isOffered } from '../../../src/pricing/price-book/offered';
import { PriceBook } from '../../../src/pricing/price-book/price-book';
import { RateKind, RateUnit } from '../../../src/pricing/price-book/rate';

const LLAMA = 'meta.llama3-3-70b-instruct-v1:0';
const HAIKU = 'anthropic.claude-3-haiku-20240307-v1:0';
const SONNET_4_5 = 'anthropic.claude-sonnet-4-5-20250929-v1:0';
const book = PriceBook.embedded();
/** 1 M input and 1 M output tokens a month, in short requests. */
const usage = (model: string, region = 'us-east-1') => ({ model, region, requestsPerMonth: 10, inputTokensPerRequest: 100_000, outputTokensPerRequest: 100_000 });
const estimate = (model: string, day?: string, region?: string) =>
  new CostCalculator(day === undefined ? book : book.forDay(day)).onDemand(usage(model, region));

describe('the end of life', () => {
  test.each([
    // AWS's model card of 2026-10-08.
    [LLAMA, 'us-east-1', '2027-03-30', 'aws-model-cards-2026-10-08'],
    [`us.${LLAMA}`, undefined, '2027-03-30', 'aws-model-cards-2026-10-08'],
    ['meta.llama3-1-70b-instruct-v1:0:128k', 'us-west-2', '2027-03-30', 'aws-model-cards-2026-10-08'],
    // AWS's lifecycle page names nine commercial regions; ListFoundationModels of 2026-10-27 had it in others.
    [HAIKU, 'us-east-1', '2026-09-10', 'aws-lifecycle-page-2026-10'],
    [HAIKU, 'ap-south-1', undefined, 'list-foundation-models-2026-10-27'],
    [HAIKU, undefined, undefined, 'list-foundation-models-2026-10-27'],
    ['anthropic.claude-3-5-sonnet-20240620-v1:0', 'eu-central-2', '2026-06-01', 'aws-lifecycle-page-2026-05'],
    ['anthropic.claude-3-5-sonnet-20240620-v1:0', 'ap-northeast-1', '2026-07-30', 'aws-lifecycle-page-2026-05'],
    ['anthropic.claude-opus-4-1-20250805-v1:0', 'us-east-1', '2027-01-08', 'aws-lifecycle-page-2026-10'],
    // Legacy by ListFoundationModels, without a published day.
    [SONNET_4_5, 'us-east-1', undefined, 'list-foundation-models-2026-10-27'],
  ])('of %s in %s is %s', (model, region, endOfLife, source) => {
    expect(legacyOf(model, region)).toMatchObject({ source });
    expect(legacyOf(model, region)!.endOfLife).toBe(endOfLife);
  });

  test.each(['amazon.nova-pro-v1:0', 'us.anthropic.claude-sonnet-4-6', 'cohere.embed-english-v3', 'example.model-v1', '*'])('is none of %s', (model) => {
    expect(legacyOf(model, 'us-east-1')).toBeUndefined();
    expect(isGone(model, 'us-east-1', '2099-01-01')).toBe(false);
  });

  test('counts from its day on', () => {
    expect(['2027-03-29', '2027-03-30', '2027-03-31'].map((day) => isGone(LLAMA, 'us-east-1', day))).toEqual([false, true, true]);
    expect(isGone(SONNET_4_5, 'us-east-1', '2099-01-01')).toBe(false);
  });

  test('is soon from 180 days before it', () => {
    // 2027-03-30 less 180 days: 30 of March, 28, 31, 31, 30, 30 of November to February make 150 back to 2026-10-31; 30 more is 2026-10-01.
    const days = ['2026-09-30', '2026-10-01', '2027-03-29', '2027-03-30'];
    expect(days.map((day) => endsSoon({ endOfLife: '2027-03-30' }, day))).toEqual([false, true, true, false]);
    expect(endsSoon({}, '2026-10-01')).toBe(false);
  });
});

test.each([
  // The newest one changes as models are added; it is never of another size.
  [HAIKU, /^global\.anthropic\.claude-haiku-[45]/],
  // Through the same profile, so that the suggestion can be taken over as it is.
  ['us.anthropic.claude-opus-4-1-20250805-v1:0', /^us\.anthropic\.claude-opus-5-5/],
  // None of its family has the profile `apac`.
  ['apac.anthropic.claude-sonnet-4-20250514-v1:0', /^global\.anthropic\.claude-sonnet-5/],
  ['eu.minimax.minimax-m2.1', /^minimax\.minimax-m2\.5$/],
  ['amazon.nova-sonic-v1:0', /^amazon\.nova-2-(5-)?sonic/],
  ['minimax.minimax-m2.1', /^minimax\.minimax-m2\.5$/],
  ['zai.glm-4.7', /^(global\.)?zai\.glm-5(\.\d)?$/],
  ['deepseek.v3-v1:0', /^deepseek\.v3\.2$/],
])('the successor of %s matches %s', (model, successor) => {
  expect(successorOf(model, undefined)).toMatch(successor);
});

test.each([
  // No Llama, Command R or R1 is active; Nova Premier has no successor of its size.
  [LLAMA],
  ['cohere.command-r-plus-v1:0'],
  ['deepseek.r1-v1:0'],
  ['amazon.nova-premier-v1:0'],
  ['example.model-v1'],
])('%s has no successor', (model) => {
  expect(successorOf(model, undefined)).toBeUndefined();
});

describe('the successor in a region', () => {
  test.each([
    // Claude Sonnet 5.5 has no in-region offer: the model cards name us, eu, au and global. From Tokyo it is called through global.
    [SONNET_4_5, 'us-east-1', /^us\.anthropic\.claude-sonnet-5/],
    [`us.${SONNET_4_5}`, 'us-east-1', /^us\.anthropic\.claude-sonnet-5/],
    [`global.${SONNET_4_5}`, 'us-east-1', /^global\.anthropic\.claude-sonnet-5/],
    [`eu.${SONNET_4_5}`, 'eu-north-1', /^eu\.anthropic\.claude-sonnet-5/],
    [`jp.${SONNET_4_5}`, 'ap-northeast-1', /^(jp|global)\.anthropic\.claude-sonnet-5/],
    [HAIKU, 'sa-east-1', /^global\.anthropic\.claude-haiku-/],
  ])('of %s called from %s matches %s', (model, region, successor) => {
    expect(successorOf(model, region)).toMatch(successor);
  });

  test('can be called there as it is named, for every legacy model in every region', () => {
    const legacy = catalogModels().filter(({ status }) => status === 'legacy');
    const named = legacy.flatMap(({ id, profiles }) => [id, ...profiles.map((prefix) => `${prefix}.${id}`)])
      .flatMap((model) => offeredRegions().map((region) => ({ region, successor: successorOf(model, region) })))
      .filter((one): one is { region: string; successor: string } => one.successor !== undefined);
    expect(named.length).toBeGreaterThan(500);
    expect(named.filter(({ successor, region }) => !isOffered(ModelId.parse(successor), modelOffers(successor)?.[region]))).toEqual([]);
  });
});

test('no successor is named for provisioned throughput: the catalogue has no prices of it', () => {
  expect(replacementText({ model: SONNET_4_5, region: 'us-east-1', type: 'provisioned-throughput' })).toBe('use a model that AWS marks as active');
  expect(replacementText({ model: `us.${SONNET_4_5}`, region: 'us-east-1', type: 'on-demand' })).toMatch(/^use us\.anthropic\.claude-sonnet-5/);
  // Of no region known to any list.
  expect(replacementText({ model: SONNET_4_5, region: 'nowhere-1' })).toBe('use a model that AWS marks as active');
});

describe('an estimate', () => {
  test('states that the model is legacy, with the day and the source', () => {
    expect(estimate(`us.${LLAMA}`).assumptions).toEqual([`${LLAMA}: AWS marks it as legacy; its end of life is 2027-03-30 (aws-model-cards-2026-10-08)`]);
    expect(estimate(`global.${SONNET_4_5}`).assumptions.join()).toContain('no end of life for this region by 2026-10-27');
    expect(estimate('amazon.nova-pro-v1:0').assumptions).toEqual([]);
  });

  test('of a model that is gone on the day is unknown, and names the end and a successor', () => {
    // $0.25 + $1.25
    expect(estimate(HAIKU).monthlyUsd).toBe(1.5);
    expect(estimate(HAIKU, '2026-09-09').monthlyUsd).toBe(1.5);
    const gone = estimate(HAIKU, '2026-09-10');
    expect([gone.monthlyUsd, gone.missingPrices.length]).toEqual([undefined, 2]);
    expect(gone.missingPrices[0].hint).toBe(`use ${successorOf(HAIKU, 'us-east-1')}, since Claude 3 Haiku reached its end of life on 2026-09-10; `
      + 'or give a rate of your own for a private arrangement with the provider');
    // The price remains in regions for which AWS has announced no end.
    expect(estimate(HAIKU, '2026-11-30', 'ap-south-1').monthlyUsd).toBe(1.5);
  });

  test('without an active successor has the criteria of one', () => {
    expect(estimate(LLAMA, '2027-04-01').missingPrices[0].hint).toMatch(/^use a model that AWS marks as active, since Llama 3\.3 70B Instruct reached its end of life on 2027-03-30;/);
  });

  test('by rates of your own outlasts the end', () => {
    const rates = [RateKind.INPUT, RateKind.OUTPUT].map((kind) => ({ model: HAIKU, kind, usd: '2', unit: RateUnit.MILLION_TOKENS }));
    const own = new CostCalculator(book.withRates(rates).forDay('2026-11-30')).onDemand(usage(HAIKU));
    // $2 + $2; the lists of ids have dropped the model there.
    expect([own.monthlyUsd, own.assumptions]).toEqual([4, [expect.stringContaining('the availability lists do not name')]]);
  });

  test('without a day never depends on one', () => {
    // The newest rate of the book was read after that.
    expect(book.asOf! > '2026-09-10').toBe(true);
    expect(book._find({ model: HAIKU, kind: RateKind.INPUT, region: 'us-east-1' })?.asRate.usd).toBe('0.25');
    expect(book.forDay('2026-09-10')._find({ model: HAIKU, kind: RateKind.INPUT, region: 'us-east-1' })?.asRate).toBeUndefined();
  });
});

describe('a promotional price', () => {
  const SOL = 'openai.gpt-5.6-sol';

  test('is stated with its guarantee, and applies after it', () => {
    const [input, output] = [RateKind.INPUT, RateKind.OUTPUT].map((kind) => `the ${kind} rate of ${SOL} is promotional: guaranteed until 2026-11-21`);
    const said = [input, expect.stringContaining('second-hand'), output];
    // In the region $4.40 + $22, through global. $4 + $20: AWS guarantees both "at least through November 21, 2026".
    expect([estimate(SOL).monthlyUsd, estimate(SOL).assumptions]).toEqual([26.4, said]);
    expect([estimate(`global.${SOL}`, '2026-11-30').monthlyUsd, estimate(`global.${SOL}`).assumptions]).toEqual([24, said]);
    expect(estimate(SOL).lineItems.map(({ reviewAfter }) => reviewAfter)).toEqual(['2026-11-21', '2026-11-21']);
  });

  test('that ends has its last day, and no price after it', () => {
    const rate = { model: 'acme.one', kind: RateKind.INPUT, usd: '1', unit: RateUnit.MILLION_TOKENS, endDate: '2027-01-01' };
    const own = book.withRates([rate]);
    const on = (day: string) => new CostCalculator(own.forDay(day)).onDemand({ ...usage('acme.one'), outputTokensPerRequest: 0 });
    expect([on('2026-12-31').monthlyUsd, on('2026-12-31').assumptions]).toEqual([1, ['the input rate of acme.one ends: it holds before 2027-01-01']]);
    expect(on('2026-12-31').lineItems[0].endDate).toBe('2027-01-01');
    expect(on('2027-01-01').monthlyUsd).toBeUndefined();
  });

  test('of Claude Sonnet 5 is none any more: 2 / 10 is permanent', () => {
    // $2 + $10
    const { monthlyUsd, assumptions } = estimate('global.anthropic.claude-sonnet-5');
    expect([monthlyUsd, assumptions]).toEqual([12, []]);
  });
});

describe('a term', () => {
  test.each([
    ['2026-11-30', 1, '2026-12-30'],
    ['2026-11-30', 6, '2027-05-30'],
    ['2026-12-31', 1, '2027-01-31'],
    ['2027-01-31', 1, '2027-02-28'],
    ['2027-08-31', 6, '2028-02-29'],
    ['2026-09-29', 6, '2027-03-29'],
  ])('from %s for %p months ends on %s', (day, months, end) => {
    expect(monthsAfter(day, months)).toBe(end);
  });

  test('may not reach the day on which its model ends', () => {
    expect(outlived('2026-09-29', 6, '2027-03-30')).toBeUndefined();
    expect(outlived('2026-09-30', 6, '2027-03-30')).toEqual({ termEnd: '2027-03-30', endOfLife: '2027-03-30' });
    expect(outlived('2026-11-30', 6, '2027-03-30')).toEqual({ termEnd: '2027-05-30', endOfLife: '2027-03-30' });
    expect(outlived('2026-11-30', 1, '2027-03-30')).toBeUndefined();
    expect(outlived('2026-11-30', 6, undefined)).toBeUndefined();
  });
});

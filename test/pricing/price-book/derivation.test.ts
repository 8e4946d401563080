import { ServiceTier } from '../../../src/pricing/billing-modes/on-demand';
import { CostCalculator } from '../../../src/pricing/calculator';
import { decimal } from '../../../src/pricing/decimal';
import { ModelId } from '../../../src/pricing/model-id';
import { DERIVATION_RULES, DerivationRule } from '../../../src/pricing/price-book/derivation';
import { PriceBook } from '../../../src/pricing/price-book/price-book';
import { PriceScope, Rate, RateKind, RateUnit } from '../../../src/pricing/price-book/rate';

const EMBEDDED = PriceBook.embedded();
const STATED = EMBEDDED.withDerivedRates(false);

/** An id that is priced by the scope of the rate: any prefix will do. */
function idOf(model: string, scope: PriceScope | undefined): string {
  return scope === PriceScope.GLOBAL ? `global.${model}` : scope === PriceScope.GEO ? `us.${model}` : model;
}

/** Every published rate that the rule would also give, beside what the rule gives. */
function evidence(rule: DerivationRule): { readonly place: string; readonly published: string; readonly byRule: string }[] {
  return STATED._modelIds.flatMap((model) => STATED._ratesOf(model).flatMap((rate: Rate) => {
    if (rate.derived !== undefined) return [];
    const id = idOf(model, rate.scope);
    const base = rule.from({ ...rate, model: id }, ModelId.parse(id));
    const from = base && STATED._find({ ...base.query, model: idOf(model, base.scope) })?.asRate;
    if (!from || (from.unit !== RateUnit.MILLION_TOKENS && from.unit !== rate.unit)) return [];
    const byRule = decimal(from.usd).times(decimal(rule.ratio)).toFixed();
    return [{ place: `${id} ${rate.kind} in ${rate.region}`, published: decimal(rate.usd).toFixed(), byRule }];
  }));
}

/** AWS publishes some prices rounded to cents of a million tokens. */
function agrees({ published, byRule }: { readonly published: string; readonly byRule: string }): boolean {
  const decimals = Math.max(2, published.split('.')[1]?.length ?? 0);
  return Math.abs(Number(published) - Number(byRule)) <= 0.5 / 10 ** decimals + 1e-12;
}

describe.each(DERIVATION_RULES.map((rule) => [rule.text, rule] as const))('%s', (_, rule) => {
  test('holds for at least ten published rates and is broken by none', () => {
    const found = evidence(rule);
    expect(found.filter((one) => !agrees(one))).toEqual([]);
    expect(found.length).toBeGreaterThanOrEqual(10);
  });
});

describe('a rate that no source states', () => {
  const calculator = new CostCalculator(EMBEDDED);
  const million = { requestsPerMonth: 1, inputTokensPerRequest: 1_000_000 };

  test('is derived for a tier that the model has elsewhere, with an assumption', () => {
    // Nova Pro in ap-northeast-1: 0.96 per 1M standard; flex x 0.5 = 0.48, priority x 1.75 = 1.68.
    const at = { model: 'apac.amazon.nova-pro-v1:0', region: 'ap-northeast-1', ...million };
    const flex = calculator.onDemand({ ...at, serviceTier: ServiceTier.FLEX });
    expect(flex._toJson()).toMatchObject({
      monthlyUsd: '0.48',
      assumptions: ['the input rate is derived, not published: flex = standard x 0.5'],
      lineItems: [{ derived: 'flex = standard x 0.5', source: 'price-list-2026-08-20', asOf: '2026-08-20' }],
    });
    expect(calculator.onDemand({ ...at, serviceTier: ServiceTier.PRIORITY })._toJson().monthlyUsd).toBe('1.68');
    expect(flex.lineItems[0].derived).toBe('flex = standard x 0.5');
  });

  test('is derived for the cache of Nova in a region whose page names none', () => {
    // 0.96 x 0.25 = 0.24
    const estimate = calculator.onDemand({ model: 'apac.amazon.nova-pro-v1:0', region: 'ap-northeast-1', requestsPerMonth: 1, cacheReadTokensPerRequest: 1_000_000 });
    expect(estimate._toJson().monthlyUsd).toBe('0.24');
  });

  test('fails to be found when derived rates are refused', () => {
    const strict = new CostCalculator(STATED);
    const estimate = strict.onDemand({ model: 'amazon.nova-pro-v1:0', region: 'ap-northeast-1', serviceTier: ServiceTier.FLEX, ...million });
    expect(estimate.monthlyUsd).toBeUndefined();
  });

  test.each([
    ['a tier that the model is sold in nowhere', { model: 'us.anthropic.claude-sonnet-4-6', region: 'us-west-2', serviceTier: ServiceTier.FLEX, ...million }],
    ['a row with one side missing', { model: 'apac.amazon.nova-pro-v1:0', region: 'ap-southeast-5', serviceTier: ServiceTier.FLEX, ...million }],
    ['a region without a standard rate', { model: 'amazon.nova-premier-v1:0', region: 'sa-east-1', serviceTier: ServiceTier.FLEX, ...million }],
    ['the cache write of Nova, of which one row is published', {
      model: 'apac.amazon.nova-pro-v1:0', region: 'ap-northeast-1', requestsPerMonth: 1, cacheWriteTokensPerRequest: 1_000_000,
    }],
  ])('is never made for %s', (_, usage) => {
    expect(calculator.onDemand(usage).monthlyUsd).toBeUndefined();
  });

  test('is never made for batch', () => {
    const batch = STATED._modelIds.flatMap((model) => STATED._ratesOf(model)
      .filter(({ kind, tier, scope, customModel }) => kind === RateKind.INPUT && tier === undefined && scope === PriceScope.IN_REGION && !customModel)
      .map(({ region }) => calculator.batch({ model, region, jobsPerMonth: 1, recordsPerJob: 1, inputTokensPerRecord: 1 })));
    expect(batch.length).toBeGreaterThan(500);
    expect(batch.flatMap(({ lineItems }) => lineItems).filter(({ derived }) => derived !== undefined)).toEqual([]);
  });

  test('does not follow from a rate of your own', () => {
    const own = new CostCalculator(EMBEDDED.withRates([
      { model: 'amazon.nova-pro-v1:0', kind: RateKind.INPUT, usd: '0.10', unit: RateUnit.MILLION_TOKENS },
    ]));
    // List price 0.96 x 0.5, not 0.10 x 0.5.
    expect(own.onDemand({ model: 'amazon.nova-pro-v1:0', region: 'ap-northeast-1', serviceTier: ServiceTier.FLEX, ...million })._toJson().monthlyUsd).toBe('0.48');
  });

  test('takes a discount like any other rate of the book', () => {
    const discounted = new CostCalculator(EMBEDDED.withDiscountPercent(50));
    expect(discounted.onDemand({ model: 'amazon.nova-pro-v1:0', region: 'ap-northeast-1', serviceTier: ServiceTier.FLEX, ...million })._toJson().monthlyUsd).toBe('0.24');
  });
});

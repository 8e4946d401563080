import { callNote } from '../../src/pricing/price-book/offered';
import { PriceBook } from '../../src/pricing/price-book/price-book';
import { Rate, RateKind, RateUnit } from '../../src/pricing/price-book/rate';
import { modelRates, renderModelRatesTable, renderPriceListJson, renderPriceListTable } from '../../src/render/render-prices';

const book = PriceBook.embedded();

test.each(['anthropic.claude-sonnet-4-6', 'us.anthropic.claude-sonnet-4-6', 'global.anthropic.claude-sonnet-4-6'])('%s has the rates of every scope', (id) => {
  const { model, rates } = modelRates(book, id, { region: 'us-west-2' })!;
  expect(model).toBe('anthropic.claude-sonnet-4-6');
  // $3.30 through a geographic profile and in-region, $3 through the global one
  expect(rates.filter(({ kind, tier, context }) => kind === 'input' && tier === 'standard' && context === 'standard').map(({ scope, usd }) => `${scope} ${usd}`).sort())
    .toEqual(['geo 3.3', 'global 3', 'in-region 3.3']);
});

test('a rate for a thousand tokens is shown for a million, exactly', () => {
  const own = book.withRates([{ model: 'own.model-v1', kind: 'input' as never, usd: '0.01102', unit: '1K tokens' as never }]);
  expect(modelRates(own, 'own.model-v1')!.rates).toEqual([{ model: 'own.model-v1', kind: 'input', usd: '11.02', unit: '1M tokens', tier: 'standard', context: 'standard' }]);
});

test('the table groups the regions that share a price', () => {
  const rates = modelRates(book, 'meta.llama3-1-70b-instruct-v1:0', { region: 'us-west-2' })!;
  expect(renderModelRatesTable(rates, { region: 'us-west-2' })).toMatch(/^model-unit-hour, one-month +all +standard +\$21\.18 +hour +2026-07-24 +aws-page-2026-07-24 +us-west-2$/m);
});

test('the table has the days of the prices that it shows', () => {
  const own = book.withRates([{ model: 'own.model-v1', kind: 'input' as never, usd: '1', unit: '1M tokens' as never, asOf: '2025-02-01', confirmed: '2026-08-20' }]);
  const table = renderModelRatesTable(modelRates(own, 'own.model-v1')!, {});
  expect(table).toMatch(/^input +all +standard +\$1\.00 +1M tokens +2025-02-01 +2026-08-20 +- +all$/m);
  expect(table).toContain('\nPrices of 2026-08-20. ');
  const unconfirmed = book.withRates([{ model: 'own.model-v1', kind: 'input' as never, usd: '1', unit: '1M tokens' as never, asOf: '2025-02-01' }]);
  expect(renderModelRatesTable(modelRates(unconfirmed, 'own.model-v1')!, {})).not.toContain('Confirmed');
});

test('a region without rates has a message', () => {
  const rates = modelRates(book, 'amazon.nova-pro-v1:0', { region: 'xx-nowhere-1' })!;
  expect(renderModelRatesTable(rates, { region: 'xx-nowhere-1' })).toContain('the book has none in xx-nowhere-1');
});

test('a model that the book does not hold has no rates', () => {
  expect(modelRates(book, 'amazon.nova-prow-v1:0')).toBeUndefined();
});

test('the list has every model once, with how much is known of it', () => {
  const { models } = JSON.parse(renderPriceListJson(book));
  expect(models.map(({ model }: { model: string }) => model)).toEqual(book._modelIds);
  expect(models.find(({ model }: { model: string }) => model === 'amazon.nova-pro-v1:0')).toMatchObject({ name: 'Nova Pro', provider: 'Amazon' });
});

describe('rates of different days', () => {
  const dated = (usd: string, rest: Partial<Rate>): Rate => ({ model: 'own.model-v1', kind: RateKind.INPUT, usd, unit: RateUnit.MILLION_TOKENS, region: 'us-east-1', ...rest });
  const own = book.withRates([dated('2', { endDate: '2026-09-01' }), dated('3', { effectiveDate: '2026-09-01' }), dated('4', { effectiveDate: '2026-12-01', tier: 'batch' as never })]);
  const shown = (day?: string) => modelRates(own, 'own.model-v1', { day })!.rates.map(({ usd }) => usd);

  test('are all shown, each with when it is in force', () => {
    expect(shown()).toEqual(['2', '3', '4']);
    const table = renderModelRatesTable(modelRates(own, 'own.model-v1')!, {});
    expect(table).toMatch(/^Price of +Scope +Tier +USD +Unit +In force +As of +Source +Regions$/m);
    expect(table).toMatch(/^input +all +standard +\$2\.00 +1M tokens +until 2026-09-01 +/m);
    expect(table).toMatch(/^input +all +standard +\$3\.00 +1M tokens +from 2026-09-01 +/m);
  });

  test.each([['2026-08-31', ['2']], ['2026-09-01', ['3']], ['2026-12-01', ['3', '4']]])('are those of %s when it is asked for', (day, usd) => {
    expect(shown(day)).toEqual(usd);
  });

  test('have no column of their own where no rate states a day', () => {
    expect(renderModelRatesTable(modelRates(book, 'ai21.j2-mid-v1')!, {})).not.toContain('In force');
  });

  test('a model without a rate in force has a message with the day', () => {
    const ended = book.withRates([{ ...dated('2', { endDate: '2026-09-01' }), model: 'own.ended-v1' }]);
    expect(renderModelRatesTable(modelRates(ended, 'own.ended-v1', { day: '2026-09-01' })!, { day: '2026-09-01' })).toContain('the book has none on 2026-09-01; without --day it shows where it has some');
    expect(renderPriceListTable(ended, { day: '2026-09-01' })).not.toContain('own.ended-v1');
  });
});

describe('prices without a model', () => {
  test('are shown for the name *, with policy, version and architecture', () => {
    const table = renderModelRatesTable(modelRates(book, '*')!, {});
    expect(table).toMatch(/^Rates that belong to no model: \d+ rates$/m);
    expect(table).toMatch(/^text-unit, content-text +all +standard +\$0\.15 +1K text units/m);
    expect(table).toMatch(/^custom-model-unit, version 1\.0, Llama +all +standard +\$0\.05718 +minute/m);
    expect(table).toMatch(/^node-transition +all +standard +\$0\.035 +1K transitions/m);
  });

  test('is counted below the list of models', () => {
    const { ratesWithoutModel } = JSON.parse(renderPriceListJson(book));
    expect(ratesWithoutModel).toBe(book._ratesOf('*').length);
    expect(renderPriceListTable(book)).toContain(`\n${ratesWithoutModel} rates of guardrails, knowledge bases, imported models and others belong to no model: prices show '*'.\n`);
  });
});

test.each([
  ['anthropic.claude-sonnet-4-5-20250929-v1:0', /^reserved-input, 3 months +geo +standard +\$0\.1782 +1K TPM hour/m],
  ['amazon.nova-canvas-v1:0', /^image, 1024x1024, standard +in-region +standard +\$0\.04 +image/m],
  ['amazon.nova-reel-v1:0', /^video, 720p +/m],
])('the table of %s has what sets its prices apart in one column', (model, row) => {
  expect(renderModelRatesTable(modelRates(book, model)!, {})).toMatch(row);
});

describe('the models of a region', () => {
  const RATE = { kind: 'input' as never, usd: '1', unit: '1M tokens' as never };
  interface Listed { model: string; rates: number; calls: string[] | null }
  const of = (region: string, own = book) => JSON.parse(renderPriceListJson(own, { region })) as { models: Listed[] };
  const calls = (region: string, model: string) => of(region).models.find((one) => one.model === model)?.calls;

  // prices/*.yaml, the offers of each model.
  test.each([
    ['us-east-1', 'amazon.nova-pro-v1:0', ['in-region', 'us']],
    ['us-east-1', 'anthropic.claude-sonnet-4-6', ['us', 'global']],
    ['us-east-1', 'anthropic.claude-opus-4-8', ['in-region', 'us', 'global']],
    ['eu-central-1', 'anthropic.claude-sonnet-4-6', ['eu', 'global']],
    // The lists state that a geographic profile can be called, but not its prefix: the model has only a us profile.
    ['us-east-1', 'anthropic.claude-3-5-haiku-20241022-v1:0', ['us']],
  ])('in %s have the ways in which %s can be called: %j', (region, model, ways) => {
    expect(calls(region, model)).toEqual(ways);
  });

  test('agree with the estimate of each invocation', () => {
    for (const { model, calls: ways } of of('us-east-1').models) {
      for (const way of ways ?? []) {
        if (way !== 'geo') expect(callNote(way === 'in-region' ? model : `${way}.${model}`, 'us-east-1')).toBeUndefined();
      }
    }
  });

  test('have an unknown way where no list names the model, and none where the lists name others', () => {
    const own = book.withRates([{ ...RATE, model: 'own.model-v1' }, { ...RATE, model: 'luma.ray-v2:0', region: 'eu-west-3' }]);
    const ways = (model: string) => of('eu-west-3', own).models.find((one) => one.model === model)?.calls;
    expect([ways('own.model-v1'), ways('luma.ray-v2:0')]).toEqual([null, []]);
    const table = renderPriceListTable(own, { region: 'eu-west-3' });
    expect(table).toMatch(/^Model +Name +Provider +Rates +Callable from eu-west-3 +Lifecycle$/m);
    expect(table).toMatch(/^own\.model-v1 +- +- +1 +unknown$/m);
    expect(table).toMatch(/^luma\.ray-v2:0 .* not listed$/m);
    expect(table).toMatch(/^anthropic\.claude-sonnet-4-6 .* eu\., global\.$/m);
  });

  test('are unknown in partitions that the lists do not cover', () => {
    const own = book.withRates([{ ...RATE, model: 'amazon.nova-pro-v1:0', region: 'us-gov-west-1' }]);
    expect(of('us-gov-west-1', own).models).toEqual([expect.objectContaining({ model: 'amazon.nova-pro-v1:0', rates: 1, calls: null })]);
  });

  test('are those with a price or an offer there, with the rates of the region', () => {
    const { models } = of('eu-west-3');
    expect(models.length).toBeGreaterThan(10);
    for (const { model, rates, calls: ways } of models) {
      expect(rates).toBe(book._ratesOf(model, 'eu-west-3').length);
      expect(rates > 0 || (ways ?? []).length > 0).toBe(true);
    }
    expect(models.map(({ model }) => model)).not.toContain('luma.ray-v2:0');
  });
});

describe('a legacy model', () => {
  // The end of life of Llama 3.1 70B is 2027-03-30, that of Claude 3 Haiku 2026-09-10 outside ap-south-1 and others, which state none.
  const LLAMA = 'meta.llama3-1-70b-instruct-v1:0';
  const shown = (day?: string, of = book) => renderModelRatesTable(modelRates(of, LLAMA, { day })!, { day });
  const listed = (filter: { readonly day?: string; readonly region?: string }, model = LLAMA) =>
    renderPriceListTable(book, filter).split('\n').find((line) => line.startsWith(`${model} `))!.trimEnd();

  test('has its end below the title, and in the list', () => {
    expect(shown().split('\n')[1]).toBe('legacy, ends 2027-03-30');
    expect(modelRates(book, LLAMA)).toMatchObject({ status: 'legacy', endOfLife: '2027-03-30' });
    expect(listed({})).toMatch(/ legacy, ends 2027-03-30$/);
    expect(listed({}, 'amazon.nova-pro-v1:0')).not.toContain('legacy');
    expect(modelRates(book, 'amazon.nova-pro-v1:0')).toMatchObject({ status: 'active', endOfLife: null });
    expect(JSON.parse(renderPriceListJson(book)).models.find(({ model }: { model: string }) => model === LLAMA)).toMatchObject({ status: 'legacy', endOfLife: '2027-03-30' });
    expect(listed({ region: 'ap-south-1' }, 'anthropic.claude-3-haiku-20240307-v1:0')).toMatch(/ legacy$/);
  });

  test('has no price from its end on', () => {
    expect(modelRates(book, LLAMA, { day: '2027-03-29' })!.rates.length).toBeGreaterThan(0);
    expect(modelRates(book, LLAMA, { day: '2027-03-30' })!.rates).toEqual([]);
    expect(shown('2027-03-30')).toMatch(/on 2027-03-30: 0 rates\nlegacy, ended 2027-03-30: no price\n/);
    expect(listed({ day: '2027-03-30' })).toMatch(/ 0 +0 +legacy, ended 2027-03-30: no price$/);
    expect(listed({ day: '2027-03-29' })).toMatch(/ legacy, ends 2027-03-30$/);
  });

  test('keeps a rate of the user\'s own', () => {
    const own = book.withRates([{ model: LLAMA, kind: RateKind.INPUT, usd: '9', unit: RateUnit.MILLION_TOKENS }]);
    expect(modelRates(own, LLAMA, { day: '2027-03-30' })!.rates.map(({ usd }) => usd)).toEqual(['9']);
    expect(shown('2027-03-30', own)).toContain('\nlegacy, ended 2027-03-30\n');
  });
});

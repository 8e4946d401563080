import { PriceBook } from '../../src/pricing/price-book';
import { modelRates, renderModelRatesTable, renderPriceListJson } from '../../src/report/render-prices';

const book = PriceBook.embedded();

test.each(['anthropic.claude-sonnet-4-6', 'us.anthropic.claude-sonnet-4-6', 'global.anthropic.claude-sonnet-4-6'])('%s has the rates of every scope', (id) => {
  const { model, rates } = modelRates(book, id, 'us-west-2')!;
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
  const rates = modelRates(book, 'meta.llama3-1-70b-instruct-v1:0', 'us-west-2')!;
  expect(renderModelRatesTable(rates, 'us-west-2', '2026-07-24')).toMatch(/^model-unit-hour, one-month +all +standard +\$21\.18 +hour +2026-07-24 +aws-page-2026-07-24 +us-west-2$/m);
});

test('a region without rates is said to have none', () => {
  const rates = modelRates(book, 'amazon.nova-pro-v1:0', 'xx-nowhere-1')!;
  expect(renderModelRatesTable(rates, 'xx-nowhere-1', null)).toContain('the book has none in xx-nowhere-1');
});

test('a model that the book does not hold has no rates', () => {
  expect(modelRates(book, 'amazon.nova-prow-v1:0')).toBeUndefined();
});

test('the list has every model once, with how much is known of it', () => {
  const { models } = JSON.parse(renderPriceListJson(book));
  expect(models.map(({ model }: { model: string }) => model)).toEqual(book.modelIds);
  expect(models.find(({ model }: { model: string }) => model === 'amazon.nova-pro-v1:0')).toMatchObject({ name: 'Nova Pro', provider: 'Amazon' });
});

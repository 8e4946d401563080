import { readFileSync } from 'fs';
import { resolve } from 'path';
import { PriceBook } from '../../src/pricing/price-book/price-book';
import { ANY_MODEL } from '../../src/pricing/price-book/rate';
import { oneSidedPrices, pricesPage } from '../../tools/prices/page';
import { readPrices, readProvider } from '../../tools/prices/read';

const ROOT = resolve(__dirname, '..', '..');
const facts = readPrices(resolve(ROOT, 'prices'));
const page = pricesPage(facts);

test('docs/prices.md is current (run "npm run prices")', () => {
  expect(readFileSync(resolve(ROOT, 'docs/prices.md'), 'utf8')).toBe(page);
});

test('the page is short', () => {
  expect(page.split('\n').length).toBeLessThan(400);
});

test.each([
  // Typed from the published tables.
  '| Luma AI | 1 | 3 | video 3 |',
  '| 2027-03-30 | all | 2026-10-08 | `aws-model-cards-2026-10-08` | `deepseek.r1-v1:0`, `deepseek.v3-v1:0`, `meta.llama3-1-70b-instruct-v1:0`, ',
  '| 2026-06-01 | eu-central-2 | 2026-05-29 | `aws-lifecycle-page-2026-05` | `anthropic.claude-3-5-sonnet-20240620-v1:0` |',
  '| not published | all others | 2026-10-27 | `list-foundation-models-2026-10-27` | `anthropic.claude-3-5-sonnet-20240620-v1:0`, ',
  '| `reserved-output` | 24 | 1K TPM hour | 1K TPM hour |',
  '| Luma AI | 2025-12-29 | 2026-07-24 | 0 | 1 |',
  '| `price-list-quoted-2026` | Rates of the AWS Price List as third parties quoted them in 2026, read on that day |  | 2026-08-09 | 4 |',
  "| `litellm-1.110.2` | LiteLLM's table of model prices (MIT), version 1.110.2 | yes | 2026-11-20 |",
  '| `amazon.nova-lite-v1:0` | input | in-region | ap-east-2 |',
  '| `amazon.nova-pro-v1:0` | output | in-region, batch | ap-east-2 |',
  '| Llama 2 Pretrained (70B) | 5 |',
  '- Parsing in a managed knowledge base: by the managed parser',
  'Temperature, top-k and top-p do not change the price.',
])('the page has %j', (text) => {
  expect(page).toContain(text);
});

test('the page counts every price and model once', () => {
  const [, prices, models] = /holds ([\d,]+) list prices in US dollars of (\d+) models/.exec(page)!;
  const book = PriceBook.embedded();
  // A rate whose region is open is one price on the page, and three in the book.
  const placed = [...book._modelIds, ANY_MODEL].flatMap((id) => book._ratesOf(id));
  const open = [...facts.models.flatMap(({ rates }) => rates), ...facts.features].filter(({ regions }) => regions === 'open').length;
  expect(Number(prices.replace(',', ''))).toBe(placed.length - 2 * open);
  expect(Number(models)).toBe(book._modelIds.length);
});

test('the page names every source, disputed model and gap', () => {
  const texts = [
    ...facts.sources.map(({ key }) => `| \`${key}\` |`),
    ...facts.disputed.map(({ model }) => model === 'none' ? '| none known |' : `| \`${model}\` |`),
    ...facts.models.filter(({ status }) => status === 'legacy').map(({ id }) => `\`${id}\``),
    ...facts.gaps.map(({ about }) => `- **${about}**: `),
  ];
  expect(texts.filter((text) => !page.includes(text))).toEqual([]);
});

test('a side is missing only where no price of it holds', () => {
  const rate = { kind: 'input', scope: 'geo', usd: '3', unit: '1M tokens', asOf: '2026-08-20', source: 'list', regions: ['us-east-1', 'eu-west-1'] };
  const sidesOf = (...rates: object[]) => {
    const model = { id: 'acme.one-v1:0', name: 'One', modality: 'text', status: 'active', batch: 'yes', provisionedThroughput: 'no', rates };
    return oneSidedPrices(readProvider({ provider: 'Acme', models: [model] }, 'prices/acme.yaml').models[0]);
  };
  expect(sidesOf(rate, { ...rate, kind: 'output' })).toEqual([]);
  expect(sidesOf(rate, { ...rate, kind: 'output', regions: 'open' })).toEqual([{ has: 'input', where: 'geo', regions: ['eu-west-1'] }, {
    has: 'output', where: 'geo', regions: ['us-east-2', 'us-west-2'],
  }]);
  expect(sidesOf(rate, { ...rate, kind: 'output', customModel: true })).toHaveLength(2);
  // Video goes in, text comes out: nothing is missing.
  expect(sidesOf({ ...rate, kind: 'input-video', unit: 'second' }, { ...rate, kind: 'output' })).toEqual([]);
});

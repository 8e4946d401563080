import { excerpt, OFFERS } from './excerpts';
import { NAMES } from './listed';
import { PriceListFile } from '../../src/price-list/price-list-file';
import { ImportResult, PriceListImport } from '../../src/price-list/price-list-import';
import { Rate } from '../../src/pricing/price-book/rate';

function importExcerpts(): ImportResult {
  const rows = new PriceListImport(NAMES);
  for (const offer of OFFERS) {
    const { products, terms, offerCode, publicationDate } = excerpt(offer);
    const file = new PriceListFile(rows);
    file.addField('offerCode', offerCode);
    file.addField('publicationDate', publicationDate);
    for (const [sku, product] of Object.entries(products)) file.addProduct(sku, product);
    for (const [sku, listed] of Object.entries(terms.OnDemand)) file.addTerms(sku, listed);
    file.end();
  }
  return rows.result();
}

const BOTH = ['in-region', 'geo'];
const GLOBAL = ['global'];
const GEO = ['geo'];
/** Of a price that no model is reached for. */
const NO_SCOPE = [undefined];

type Expected = readonly [
  sku: string, usd: string, unit: string, model: string, kind: string, region: string,
  scopes: readonly (string | undefined)[], more: Partial<Rate>, effectiveDate: string,
];

const IMPORT = { customModelUnitVersion: '1.0' };
const AUGUST = '2026-08-01';

// Typed from the published rows, one by one.
const EXPECTED: readonly Expected[] = [
  // AmazonBedrock, published 2026-09-11
  ['QRGWJ3P8FT28EYX2', '0.00006', '1K tokens', 'amazon.nova-lite-v1:0', 'input', 'us-east-1', BOTH, {}, AUGUST],
  ['CBZ6A6U7XK8WJ3KA', '0.00024', '1K tokens', 'amazon.nova-lite-v1:0', 'output', 'us-east-1', BOTH, {}, AUGUST],
  ['FYTFBAWEJFBAVTWK', '0.000015', '1K tokens', 'amazon.nova-lite-v1:0', 'cache-read', 'us-east-1', BOTH, {}, AUGUST],
  ['AMYWX642VPHEKDZE', '0.0025', '1K tokens', 'amazon.nova-premier-v1:0', 'input', 'us-east-1', BOTH, {}, AUGUST],
  ['6QAAYR5SSN69NABR', '0.0125', '1K tokens', 'amazon.nova-premier-v1:0', 'output', 'us-east-1', BOTH, {}, AUGUST],
  ['93V2PABDV3FAKNQP', '0.000625', '1K tokens', 'amazon.nova-premier-v1:0', 'cache-read', 'us-east-1', BOTH, {}, AUGUST],
  ['2W4JGY5BWVAPKQ6J', '0.00006', '1K tokens', 'amazon.nova-lite-v1:0', 'input', 'us-east-1', BOTH, { customModel: true }, AUGUST],
  ['DU74ARUX9SF92JGY', '55', 'hour', 'amazon.nova-lite-v1:0', 'model-unit-hour', 'us-east-1', NO_SCOPE, { commitmentDuration: 'one-month', customModel: false } as Partial<Rate>, AUGUST],
  ['FY8T82UUN7VZR55K', '0.00033', '1K tokens', 'amazon.nova-2-lite-v1:0', 'input', 'us-east-1', BOTH, {}, AUGUST],
  ['YWYKJ9HG9DZPEYTW', '0.04', 'image', 'amazon.nova-canvas-v1:0', 'image', 'us-east-1', BOTH, { resolution: '1024x1024', quality: 'standard' }, AUGUST],
  ['9XHSKPBV6R8E4FUY', '0.00015', '1K tokens', 'amazon.titan-text-lite-v1', 'input', 'us-east-1', BOTH, {}, AUGUST],
  ['R84Y2FSFN39FCD4S', '0.00015', '1K tokens', 'mistral.ministral-3-8b-instruct', 'input', 'us-east-1', BOTH, {}, AUGUST],
  ['8EJKXB49YY4SMCKM', '0.05718', 'minute', '*', 'custom-model-unit', 'us-east-1', NO_SCOPE, { ...IMPORT, architecture: 'Llama' }, AUGUST],
  ['HNSV8S3265Q9CBKM', '0.05718', 'minute', '*', 'custom-model-unit', 'us-east-1', NO_SCOPE, { ...IMPORT, architecture: 'Flan' }, AUGUST],
  ['22Z2C7232PZ4PV5K', '0.05718', 'minute', '*', 'custom-model-unit', 'us-east-1', NO_SCOPE, { ...IMPORT, architecture: 'OSS' }, AUGUST],
  ['ZXB3HHGAAQPPBXP9', '0.05718', 'minute', '*', 'custom-model-unit', 'us-east-1', NO_SCOPE, { ...IMPORT, architecture: 'Mixtral' }, AUGUST],
  ['49XK3TDNJEEGFWQP', '0.05718', 'minute', '*', 'custom-model-unit', 'us-east-1', NO_SCOPE, { ...IMPORT, architecture: 'Mistral' }, AUGUST],
  ['ECZ5AXBK9FHPZU3X', '0.05718', 'minute', '*', 'custom-model-unit', 'us-east-1', NO_SCOPE, { ...IMPORT, architecture: 'Qwen2' }, AUGUST],
  ['YQSJA22BPUVEWDW3', '1.95', 'month', '*', 'custom-model-unit-storage', 'us-east-1', NO_SCOPE, { ...IMPORT, architecture: 'Llama' }, AUGUST],
  ['WQUUNUEJGNTY3SND', '1.95', 'month', '*', 'custom-model-unit-storage', 'us-east-1', NO_SCOPE, { customModelUnitVersion: '2.0', architecture: 'OSS' }, AUGUST],
  ['HKDUH7HQMGVFHWRZ', '1.95', 'month', '*', 'custom-model-unit-storage', 'us-east-1', NO_SCOPE, { ...IMPORT, architecture: 'Multimodal Llama' }, AUGUST],
  ['226EKWYF6VFZ9VFF', '0.00322', '1K tokens', 'amazon.nova-2-pro-preview-20251202-v1:0', 'input-video', 'eu-west-3', GLOBAL, { tier: 'priority' } as Partial<Rate>, '2026-01-01'],
  ['22JCSSB8Q7DZHH75', '0.15', '1K text units', '*', 'text-unit', 'eu-south-2', NO_SCOPE, { policy: 'content-text' }, '2026-01-01'],
  ['23R596ABAM8D4GFZ', '0.000845', '1K tokens', 'amazon.nova-2-pro-preview-20251202-v1:0', 'input-image', 'ap-southeast-5', GLOBAL, { tier: 'batch' } as Partial<Rate>, '2026-01-01'],
  ['23TRQN2KXK9SK4CQ', '0.000315', '1K tokens', 'openai.gpt-oss-120b-1:0', 'input', 'sa-east-1', BOTH, { tier: 'priority' } as Partial<Rate>, '2026-01-01'],
  ['23D9EJ59JF59BUQP', '0.0014875', '1K tokens', 'amazon.nova-2-lite-v1:0', 'cache-read', 'ca-west-1', GLOBAL, { tier: 'priority' } as Partial<Rate>, '2026-01-01'],
  // AmazonBedrockService, published 2025-12-29
  ['22S2C53YD5GPD2W6', '0.0006', '1K tokens', 'anthropic.claude-sonnet-4-20250514-v1:0', 'cache-read', 'ap-northeast-1', GLOBAL, { context: 'long' } as Partial<Rate>, '2025-12-01'],
  ['2684K3SXK6SVKYGY', '1.5', 'second', 'luma.ray-v2:0', 'video', 'us-west-2', BOTH, { resolution: '720p' }, '2025-12-01'],
  ['2FQTAUHRSJU9PUEX', '0.99', '1K TPM hour', 'anthropic.claude-sonnet-4-5-20250929-v1:0', 'reserved-output', 'ca-central-1', GEO, { termMonths: 1 }, '2025-12-01'],
  ['2GSWGC2W5CBMWWD8', '0.81', '1K TPM hour', 'anthropic.claude-sonnet-4-5-20250929-v1:0', 'reserved-output', 'ap-southeast-4', GLOBAL, { termMonths: 3 }, '2025-12-01'],
  // AmazonBedrockFoundationModels, published 2026-01-19
  ['ZYWHSRWM5WC4UTP6', '6', '1M tokens', 'anthropic.claude-sonnet-4-5-20250929-v1:0', 'input', 'us-west-1', GLOBAL, { context: 'long' } as Partial<Rate>, '2026-01-01'],
  ['ZZV7WG7R79HNV6YN', '5', '1M tokens', 'anthropic.claude-opus-4-5-20251101-v1:0', 'input', 'us-west-1', GLOBAL, {}, '2026-01-01'],
  ['ZXHEPYB8V5FQ3B45', '18.75', '1M tokens', 'anthropic.claude-opus-4-20250514-v1:0', 'cache-write-5m', 'us-east-2', BOTH, {}, '2025-12-01'],
  ['ZZQWJ5N8KJGFTTH9', '3', '1M tokens', 'anthropic.claude-3-5-sonnet-20241022-v2:0', 'input', 'us-east-2', BOTH, {}, '2025-12-01'],
  ['ZYQQ56RFRT78R4UY', '0.3', '1K TPM hour', 'anthropic.claude-haiku-4-5-20251001-v1:0', 'reserved-output', 'ap-south-2', GLOBAL, { termMonths: 1 }, '2026-01-01'],
  ['ZZX5SXCPKVVMSPRG', '0.054', '1K TPM hour', 'anthropic.claude-haiku-4-5-20251001-v1:0', 'reserved-input', 'eu-west-1', GLOBAL, { termMonths: 3 }, '2026-01-01'],
];

const PUBLISHED = { AmazonBedrock: '2026-09-11', AmazonBedrockService: '2025-12-29', AmazonBedrockFoundationModels: '2026-01-19' };

describe('the 36 real SKUs', () => {
  const { rates, summary } = importExcerpts();
  const byCodeUnit = (a: Rate, b: Rate) => (String(a.scope) < String(b.scope) ? -1 : 1);

  test.each(EXPECTED)('%s costs %s per %s', (sku, usd, unit, model, kind, region, scopes, more, effectiveDate) => {
    const offer = OFFERS.find((code) => sku in excerpt(code).products)!;
    const expected = scopes.map((scope) => ({
      model, kind, usd, unit, region, ...(scope === undefined ? {} : { scope }), ...more, asOf: PUBLISHED[offer], source: `price-list-sku:${sku}`, effectiveDate,
    })) as Rate[];
    expect(rates.filter(({ source }) => source === `price-list-sku:${sku}`).sort(byCodeUnit)).toEqual(expected.sort(byCodeUnit));
  });

  test('are all understood', () => {
    expect(EXPECTED).toHaveLength(36);
    expect(summary).toMatchObject({ skusRead: 36, priced: 36, skipped: 0, notUnderstood: 0, conflicting: 0, mergedRates: 0 });
    expect(summary.rates).toBe(EXPECTED.reduce((total, [,,,,,, scopes]) => total + scopes.length, 0));
  });
});

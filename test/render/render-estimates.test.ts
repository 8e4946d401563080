import { PriceBook } from '../../src/pricing/price-book/price-book';
import { renderEstimatesCsv } from '../../src/render/render-csv';
import { estimateTotals, renderEstimatesJson, renderEstimatesMarkdown, renderEstimatesTable } from '../../src/render/render-estimates';
import { estimateUsageFile } from '../../src/usage-file/estimate-usage-file';
import { parseUsageFile } from '../../src/usage-file/usage-file';

const LIST_PRICES = { asOf: '2026-09-23', changes: [] };
const UNDATED = { asOf: null, changes: [] };

/** Only own rates, which are independent of the price book: $3 and $15 a million tokens, $2 a unit hour. */
function estimates(...workloads: readonly string[]) {
  const text = [
    'version: 1', 'prices:',
    '  - { model: own.model-v1, kind: input, usd: "3", unit: 1M tokens }',
    '  - { model: own.model-v1, kind: output, usd: "15", unit: 1M tokens }',
    '  - { model: own.model-v1, kind: model-unit-hour, commitmentDuration: six-months, customModel: false, usd: "2", unit: hour }',
    'workloads:', ...workloads.map((workload) => `  - ${workload}`),
  ].join('\n');
  return estimateUsageFile(PriceBook.embedded(), parseUsageFile(text, 'u'));
}
// 10,000 x (2,000 x $3 + 500 x $15) / 1,000,000 = 60 + 75 = $135.00
const CHAT = '{ name: chat, type: on-demand, model: own.model-v1, requestsPerMonth: 10000, inputTokensPerRequest: 2000, outputTokensPerRequest: 500, high: { requestsPerMonth: 20000 } }';
// 1 x 730 x $2 = $1,460.00 a month; six months of it = $8,760.00
const UNITS = '{ name: units, type: provisioned-throughput, model: own.model-v1, modelUnits: 1, commitmentDuration: six-months }';
const LOST = '{ name: lost, type: on-demand, model: own.modal-v1, requestsPerMonth: 1, inputTokensPerRequest: 1 }';

test('the table shows quantity x unit price = cost, the largest line, the unit cost, the commitment and the total', () => {
  const table = renderEstimatesTable(estimates(CHAT, UNITS), LIST_PRICES);
  expect(table.split('\n').slice(0, 13)).toEqual([
    'chat: $135.00 a month  [on-demand, own.model-v1, no region]',
    '  input tokens                              20  1M tokens   x $3.00  =     $60.00  44.4 %',
    '  output tokens                              5  1M tokens  x $15.00  =     $75.00  55.6 %  <- largest',
    '  unit cost: $13.50 per 1,000 requests',
    '  $270.00 in a busy month',
    '  source: your own rate',
    '',
    'units: $1,460.00 a month  [provisioned-throughput, own.model-v1, no region]',
    '  model unit hours, six-months commitment  730  hour        x $2.00  =  $1,460.00   100 %',
    '  unit cost: $1,460.00 per model unit',
    '  commitment that cannot be cancelled: $8,760.00 over 6 months; it renews itself',
    '  source: your own rate',
    '',
  ]);
  // 135 + 1,460
  expect(table).toMatch(/^Total +\$1,595\.00$/m);
  expect(table).toContain('Commitments that cannot be cancelled: $8,760.00\nThe prices state no date. List prices in US dollars');
});

describe('the age of the prices', () => {
  // Read on three days; the cache read is used in a busy month alone, the one-hour write never.
  const dated = (kind: string, asOf: string, rest = '') => `  - { model: own.model-v1, kind: ${kind}, usd: "3", unit: 1M tokens, asOf: ${asOf}, source: a letter${rest} }`;
  const rows = (workload: string) => estimateUsageFile(PriceBook.embedded(), parseUsageFile([
    'version: 1', 'prices:', dated('input', '2025-02-01'), dated('output', '2024-01-01', ', confirmed: 2026-08-20'), dated('cache-read', '2024-06-01'), dated('cache-write-1h', '2020-01-01'),
    `workloads: [{ name: a, type: on-demand, model: own.model-v1, requestsPerMonth: 1, inputTokensPerRequest: 1, ${workload} }]`,
  ].join('\n'), 'u'));
  const BUSY = 'outputTokensPerRequest: 1, high: { cacheReadTokensPerRequest: 1 }';

  test.each([
    ['outputTokensPerRequest: 1', ['2025-02-01', '2026-08-20'], 'Prices of 2025-02-01 to 2026-08-20. List prices'],
    ['outputTokensPerRequest: 0', ['2025-02-01', '2025-02-01'], 'Prices of 2025-02-01. List prices'],
    [BUSY, ['2024-06-01', '2026-08-20'], 'Prices of 2024-06-01 to 2026-08-20. List prices'],
  ])('is that of the prices that %s uses, not the day of the book', (workload, [oldest, newest], text) => {
    const json = JSON.parse(renderEstimatesJson(rows(workload), LIST_PRICES));
    expect(json).toMatchObject({ priceBook: { asOf: '2026-09-23' }, oldestPriceDate: oldest, newestPriceDate: newest, estimates: [{ oldestPriceDate: oldest, newestPriceDate: newest }] });
    expect(renderEstimatesTable(rows(workload), LIST_PRICES)).toContain(`\n${text}`);
    expect(renderEstimatesMarkdown(rows(workload), LIST_PRICES)).toContain(`\n${text}`);
  });

  test('names the confirmation beside the source of a line', () => {
    expect(renderEstimatesTable(rows(BUSY), LIST_PRICES)).toContain('  source: a letter, read 2024-01-01, confirmed 2026-08-20 (output tokens)\n');
    expect(JSON.parse(renderEstimatesJson(rows(BUSY), LIST_PRICES)).estimates[0].lineItems[1]).toMatchObject({ asOf: '2024-01-01', confirmed: '2026-08-20' });
  });

  test('states whether some prices have none', () => {
    const mixed = [...rows('outputTokensPerRequest: 1'), ...estimates(UNITS)];
    expect(renderEstimatesTable(mixed, LIST_PRICES)).toContain('\nPrices of 2025-02-01 to 2026-08-20. Other prices state no date. List prices');
  });
});

test('an unknown cost is unknown everywhere, with the nearest names, and never $0', () => {
  const rows = estimates(CHAT, LOST);
  expect(estimateTotals(rows)).toEqual({ monthlyUsd: null, knownMonthlyUsd: '135', oneTimeUsd: '0', commitmentUsd: '0' });
  const table = renderEstimatesTable(rows, UNDATED);
  expect(table).toContain('lost: unknown  [');
  expect(table).toContain('    nearest names: own.model-v1');
  expect(table).toMatch(/^Total +unknown, at least \$135\.00$/m);
  expect(table).toContain('1 price is missing, so the total is unknown, not $135.00.');
  expect(`${table}${renderEstimatesMarkdown(rows, UNDATED)}`).not.toMatch(/\$0(\.00)?\b(?!\.)/);
});

test('JSON has the fields of its contract and no others', () => {
  const json = JSON.parse(renderEstimatesJson(estimates(UNITS), LIST_PRICES));
  expect(Object.keys(json)).toEqual(['schemaVersion', 'currency', 'priceBook', 'oldestPriceDate', 'newestPriceDate', 'totals', 'estimates']);
  expect(json.totals).toEqual({ monthlyUsd: '1460', knownMonthlyUsd: '1460', oneTimeUsd: '0', commitmentUsd: '8760' });
  expect(json.estimates).toEqual([{
    name: 'units',
    type: 'provisioned-throughput',
    model: 'own.model-v1',
    region: null,
    monthlyUsd: '1460',
    knownMonthlyUsd: '1460',
    oneTimeUsd: '0',
    commitmentUsd: '8760',
    oldestPriceDate: null,
    newestPriceDate: null,
    lineItems: [{
      description: 'model unit hours, six-months commitment', quantity: '730', unit: 'hour', unitPriceUsd: '2', usd: '1460', source: 'your own rate', asOf: null, effectiveDate: null, own: true,
    }],
    assumptions: [],
    missingPrices: [],
  }]);
});

test('CSV quotes, keeps all digits, and shows a missing price without an amount', () => {
  const csv = renderEstimatesCsv(estimates('{ name: "=a,\\"b", type: on-demand, model: own.model-v1, requestsPerMonth: 1, inputTokensPerRequest: 1 }', LOST));
  expect(csv.split('\r\n')).toEqual([
    'workload,type,model,region,line,quantity,unit,unitPriceUsd,usd,source,asOf,effectiveDate,derived,paid',
    '"\'=a,""b",on-demand,own.model-v1,,input tokens,0.000001,1M tokens,3,0.000003,your own rate,,,,monthly',
    'lost,on-demand,own.modal-v1,,missing: no price for input tokens of own.modal-v1 (in-region) without a region,,,,,,,,,',
    '',
  ]);
});

test('Markdown has the summary and each workload', () => {
  const markdown = renderEstimatesMarkdown(estimates(CHAT), LIST_PRICES);
  expect(markdown).toContain('| chat | on-demand | own.model-v1 | - | $135.00 | 100 % |\n| **Total** |  |  |  | **$135.00** |  |');
  expect(markdown).toContain('| output tokens | 5 | 1M tokens | $15.00 | $75.00 | 55.6 % | your own rate |');
});

describe('one-time costs, derived prices and first days of prices', () => {
  // Llama 3.1 70B, own rates: 10 million tokens x $8.00 once = $80.00; one model kept, $2.00 a month since 1 August.
  // Claude Sonnet 4.6 in eu-central-1 has no published reservation: the standard $3.30 and $16.50 x 0.06 are $0.198 and
  // $0.99, so 100 x $0.198 x 730 = $14,454.00 and 10 x $0.99 x 730 = $7,227.00.
  const rows = () => estimateUsageFile(PriceBook.embedded(), parseUsageFile([
    'version: 1', 'prices:',
    '  - { model: own.model-v1, kind: training, usd: "8", unit: 1M tokens, asOf: 2026-09-01, source: an offer }',
    '  - { model: own.model-v1, kind: model-storage, usd: "2", unit: month, asOf: 2026-09-01, source: an offer, effectiveDate: 2026-08-01 }',
    'workloads:',
    '  - { name: tune, type: customization, model: own.model-v1, trainingTokens: 10000000, storedModels: 1 }',
    '  - { name: tpm, type: reserved, region: eu-central-1, model: eu.anthropic.claude-sonnet-4-6, inputTokensPerMinute: 100000, outputTokensPerMinute: 10000, termMonths: 1 }',
  ].join('\n'), 'u'));
  const RULE = 'Claude reserved for 1 month, per 1K TPM hour = standard rate per 1M tokens x 0.06';

  test('are in the table', () => {
    const table = renderEstimatesTable(rows(), LIST_PRICES);
    expect(table).toMatch(/^tune: \$2\.00 a month/m);
    expect(table).toMatch(/training tokens +10 +1M tokens +x \$8\.00 += +\$80\.00 +once$/m);
    expect(table).toMatch(/storage of custom models +1 +month +x \$2\.00 += +\$2\.00 +100 % +since 2026-08-01$/m);
    expect(table).toContain('\n  paid once: $80.00\n');
    expect(table).toContain('\n  source: an offer, read 2026-09-01\n');
    expect(table).toContain(`66.7 %  <- largest, derived: ${RULE}\n`);
    expect(table).toContain('commitment that cannot be cancelled: $21,681.00 over 1 month\n');
  });

  test('are in Markdown', () => {
    const markdown = renderEstimatesMarkdown(rows(), UNDATED);
    expect(markdown).toContain('| training tokens | 10 | 1M tokens | $8.00 | $80.00 | once | an offer, read 2026-09-01 |');
    expect(markdown).toContain('| $2.00 | $2.00 | 100 % | an offer, read 2026-09-01, since 2026-08-01 |');
    expect(markdown).toContain(`derived: ${RULE} |`);
  });

  test('are in CSV and JSON', () => {
    expect(renderEstimatesCsv(rows()).split('\r\n').slice(1, 4)).toEqual([
      'tune,customization,own.model-v1,,training tokens,10,1M tokens,8,80,an offer,2026-09-01,,,once',
      'tune,customization,own.model-v1,,storage of custom models,1,month,2,2,an offer,2026-09-01,2026-08-01,,monthly',
      expect.stringMatching(/,0\.198,14454,.*,"Claude reserved for 1 month, per .* x 0\.06",monthly$/),
    ]);
    const [tune, tpm] = JSON.parse(renderEstimatesJson(rows(), UNDATED)).estimates;
    expect(tune.lineItems.map(({ usd, oneTime }: { usd: string; oneTime?: boolean }) => [usd, oneTime])).toEqual([['80', true], ['2', undefined]]);
    expect(tpm.lineItems[0]).toMatchObject({ derived: RULE });
  });
});

test('changes of the list prices are the first line', () => {
  const basis = { asOf: '2026-09-23', changes: ['discount of 10 % on Anthropic'] };
  const said = 'Changed by you: discount of 10 % on Anthropic.';
  expect(renderEstimatesTable(estimates(CHAT), basis).split('\n')[0]).toBe(said);
  expect(renderEstimatesMarkdown(estimates(CHAT), basis)).toContain(said);
  expect(JSON.parse(renderEstimatesJson(estimates(CHAT), basis)).priceBook).toEqual({ asOf: '2026-09-23', changes: ['discount of 10 % on Anthropic'] });
});

test('assumptions of a slow or a busy month are listed, too', () => {
  // Nova Pro in ap-northeast-1: $0.96 a million in, and 0.96 x 0.25 = $0.24 read from the cache, which is derived.
  // 1,000 M x 0.96 = $960.00; a busy month 960 + 1,000 M x 0.24 = $1,200.00; a slow one 1 M x (0.96 + 0.24) = $1.20.
  const rows = estimateUsageFile(PriceBook.embedded(), parseUsageFile([
    'version: 1', 'workloads:',
    '  - name: chat', '    type: on-demand', '    model: apac.amazon.nova-pro-v1:0', '    region: ap-northeast-1',
    '    requestsPerMonth: 1000000', '    inputTokensPerRequest: 1000',
    '    low: { requestsPerMonth: 1000, cacheReadTokensPerRequest: 1000 }', '    high: { cacheReadTokensPerRequest: 1000 }',
  ].join('\n'), 'u'));
  const said = 'the cache-read rate is derived, not published: Nova cache-read = input x 0.25';
  const table = renderEstimatesTable(rows, UNDATED);
  expect(table).toContain('\n  $1.20 in a slow month, $1,200.00 in a busy one\n');
  expect(table).toContain(`\n  assumed: in a slow month: ${said}\n  assumed: in a busy month: ${said}\n`);
  expect(renderEstimatesMarkdown(rows, UNDATED)).toContain(`- assumed: in a busy month: ${said}\n`);
  expect(JSON.parse(renderEstimatesJson(rows, UNDATED)).estimates[0].assumptions).toEqual([`in a slow month: ${said}`, `in a busy month: ${said}`]);
});

test('what an average month takes for granted is not repeated for the others', () => {
  const rows = estimateUsageFile(PriceBook.embedded(), parseUsageFile([
    'version: 1', 'workloads:',
    '  - { name: chat, type: on-demand, model: apac.amazon.nova-pro-v1:0, region: ap-northeast-1, requestsPerMonth: 1000, cacheReadTokensPerRequest: 1000, high: { requestsPerMonth: 2000 } }',
  ].join('\n'), 'u'));
  expect(JSON.parse(renderEstimatesJson(rows, UNDATED)).estimates[0].assumptions).toEqual(['the cache-read rate is derived, not published: Nova cache-read = input x 0.25']);
});

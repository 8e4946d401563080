import { PriceBook } from '../../src/pricing/price-book';
import { renderEstimatesCsv } from '../../src/report/render-csv';
import { estimateTotals, renderEstimatesJson, renderEstimatesMarkdown, renderEstimatesTable } from '../../src/report/render-estimates';
import { estimateUsageFile } from '../../src/usage-file/estimate-usage-file';
import { parseUsageFile } from '../../src/usage-file/usage-file';

/** Own rates only, so that nothing here changes with the price book: $3 and $15 a million tokens, $2 a unit hour. */
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
  const table = renderEstimatesTable(estimates(CHAT, UNITS), '2026-09-23');
  expect(table.split('\n').slice(0, 11)).toEqual([
    'chat: $135.00 a month  [on-demand, own.model-v1, no region]',
    '  input tokens                              20  1M tokens   x $3.00  =     $60.00  44.4 %',
    '  output tokens                              5  1M tokens  x $15.00  =     $75.00  55.6 %  <- largest',
    '  unit cost: $13.50 per 1,000 requests',
    '  $270.00 in a busy month',
    '',
    'units: $1,460.00 a month  [provisioned-throughput, own.model-v1, no region]',
    '  model unit hours, six-months commitment  730  hour        x $2.00  =  $1,460.00   100 %',
    '  unit cost: $1,460.00 per model unit',
    '  commitment that cannot be cancelled: $8,760.00 over 6 months; it renews itself',
    '',
  ]);
  // 135 + 1,460
  expect(table).toMatch(/^Total +\$1,595\.00$/m);
  expect(table).toContain('Commitments that cannot be cancelled: $8,760.00\nPrices as of 2026-09-23');
});

test('an unknown cost is unknown everywhere, with the nearest names, and never $0', () => {
  const rows = estimates(CHAT, LOST);
  expect(estimateTotals(rows)).toEqual({ monthlyUsd: null, knownMonthlyUsd: '135', oneTimeUsd: '0', commitmentUsd: '0' });
  const table = renderEstimatesTable(rows, null);
  expect(table).toContain('lost: unknown  [');
  expect(table).toContain('    nearest names: own.model-v1');
  expect(table).toMatch(/^Total +unknown, at least \$135\.00$/m);
  expect(table).toContain('1 price is missing, so the total is unknown, not $135.00.');
  expect(`${table}${renderEstimatesMarkdown(rows, null)}`).not.toMatch(/\$0(\.00)?\b(?!\.)/);
});

test('JSON has the fields of its contract and no others', () => {
  const json = JSON.parse(renderEstimatesJson(estimates(UNITS), '2026-09-23'));
  expect(Object.keys(json)).toEqual(['schemaVersion', 'currency', 'priceBook', 'totals', 'estimates']);
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
    lineItems: [{
      description: 'model unit hours, six-months commitment', quantity: '730', unit: 'hour', unitPriceUsd: '2', usd: '1460', source: 'your own rate', asOf: null, effectiveDate: null,
    }],
    assumptions: [],
    missingPrices: [],
  }]);
});

test('CSV quotes, keeps all digits, and shows a missing price without an amount', () => {
  const csv = renderEstimatesCsv(estimates('{ name: "=a,\\"b", type: on-demand, model: own.model-v1, requestsPerMonth: 1, inputTokensPerRequest: 1 }', LOST));
  expect(csv.split('\r\n')).toEqual([
    'workload,type,model,region,line,quantity,unit,unitPriceUsd,usd,source,asOf',
    '"\'=a,""b",on-demand,own.model-v1,,input tokens,0.000001,1M tokens,3,0.000003,your own rate,',
    'lost,on-demand,own.modal-v1,,missing: no price for input tokens of own.modal-v1 (in-region) without a region,,,,,,',
    '',
  ]);
});

test('Markdown has the summary and each workload', () => {
  const markdown = renderEstimatesMarkdown(estimates(CHAT), '2026-09-23');
  expect(markdown).toContain('| chat | on-demand | own.model-v1 | - | $135.00 | 100 % |\n| **Total** |  |  |  | **$135.00** |  |');
  expect(markdown).toContain('| output tokens | 5 | 1M tokens | $15.00 | $75.00 | 55.6 % |');
});

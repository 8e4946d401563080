import { parseReport } from '../../src/cost-report/parse-report';
import { renderReportMarkdown, renderReportTable, renderStackTable } from '../../src/render/render-report';
import { BUDGET, CAPACITY, sampleReport, UNKNOWN } from '../cost-report/sample-report';

test('the table of a stack has a row for each resource, the total, the commitment and the date of the prices', () => {
  const { stacks, resources } = sampleReport();
  expect(renderStackTable(stacks[0], resources).split('\n')).toEqual([
    'Amazon Bedrock in App/Chat (us-west-2)',
    'Resource  Monthly cost  Largest line                                    Unit cost                  Model                    Billing',
    expect.stringMatching(/^-+$/),
    'Capacity    $30,922.80  model unit hours, one-month commitment (100 %)  $15,461.40 per model unit  cohere.embed-english-v3  provisioned-throughput',
    expect.stringMatching(/^-+$/),
    'Total       $30,922.80',
    'commitment that cannot be cancelled: $30,922.80',
    'Prices of 2026-07-24. List prices in US dollars, without taxes, free tiers and agreed discounts.',
  ]);
});

test('an unknown cost is unknown in the table of a stack, with the nearest names, and never $0', () => {
  const { stacks, resources } = sampleReport([CAPACITY, UNKNOWN]);
  const table = renderStackTable(stacks[0], resources);
  expect(table).toMatch(/^Draft +unknown +- +- +amazon\.nova-prow-v1:0 +on-demand$/m);
  expect(table).toMatch(/^Total +unknown, at least \$30,922\.80$/m);
  expect(table).toContain('Draft: no price for input tokens of amazon.nova-prow-v1:0 (in-region) in us-west-2; check the model id; nearest names: amazon.nova-pro-v1:0');
  expect(table).not.toContain('$0');
});

test('the report table has stacks, total, budgets and open findings', () => {
  const finding = { id: 'bedrock-cost-missing-price', severity: 'warning', path: 'App/Chat/Draft', message: 'two\nlines', fix: 'do it', source: { file: 'bin/app.ts', line: 3 } } as const;
  const table = renderReportTable({ ...sampleReport([CAPACITY], [{ ...BUDGET, status: 'over', limitUsd: '30000' }]), findings: [finding, { ...finding, severity: 'info', message: 'hush' }] });
  expect(table).toContain('Total of 1 stack: $30,922.80 a month\n');
  // 30,922.80 / 30,000 = 103.1 %
  expect(table).toMatch(/^App\/Chat\/Budget +App\/Chat +\$30,922\.80 +\$30,000\.00 +103\.1 % +over, ACKNOWLEDGEABLE$/m);
  expect(table).toContain('warning bedrock-cost-missing-price at App/Chat/Draft (bin/app.ts:3):\n  two\n  lines\n  do it\n');
  expect(table).not.toContain('hush');
});

test('the Markdown report has the line items of each resource', () => {
  // 2 model units x 730 hours x $21.18
  expect(renderReportMarkdown(sampleReport())).toContain('\n| Capacity | model unit hours, one-month commitment | 1,460 | $21.18 per hour | $30,922.80 | 100 % | 2026-07-24 |\n');
});

test('the Markdown report escapes foreign texts', () => {
  const markdown = renderReportMarkdown(sampleReport([{ ...CAPACITY, path: 'App/Chat/a|b<script>' }]));
  expect(markdown).toContain('**$30,922.80 a month** in 1 stack');
  expect(markdown).toContain('| a\\|b\\<script\\> |');
  expect(markdown.endsWith('discounts.\n')).toBe(true);
});

test('prices that are not list prices are marked as changed', () => {
  const { stacks, resources } = sampleReport();
  expect(renderStackTable(stacks[0], resources, ['discount of 10 %']).split('\n').slice(-2)).toEqual([
    'Changed by you: discount of 10 %.',
    'Prices of 2026-07-24. US dollars, without taxes and free tiers; list prices but for what you changed.',
  ]);
});

test('prices have the days of those that were used, those of other months and of older reports included', () => {
  const [line] = CAPACITY.lineItems;
  const other = { ...CAPACITY, path: 'App/Chat/Other', lineItems: [{ ...line, asOf: '2024-01-01', confirmed: '2026-09-23' }], oldestPriceDate: '2025-02-01', newestPriceDate: '2026-09-23' };
  // The first one is of an older version, which states no days of the whole.
  const report = { ...sampleReport([CAPACITY, other]), priceBook: { asOf: '2026-11-11', sources: [] } };
  for (const text of [renderReportTable(report), renderReportMarkdown(report)]) expect(text).toContain('\nPrices of 2025-02-01 to 2026-09-23. List prices in US dollars');
  expect(renderReportTable({ ...report, resources: [{ ...UNKNOWN }] })).toMatch(/\n\nList prices in US dollars, /);
});

test('the same report gives the same bytes', () => {
  expect(renderReportMarkdown(sampleReport())).toBe(renderReportMarkdown(sampleReport()));
});

test('a report is read as it was written', () => {
  const report = sampleReport([CAPACITY, UNKNOWN]);
  expect(parseReport(JSON.stringify(report))).toEqual({ report });
});

test.each([
  ['an empty file', '', /^is empty. Run cdk synth again/],
  ['no JSON', '{', /^is not valid JSON/],
  ['null', 'null', /^is not a report of cdk synth\./],
  ['another version', JSON.stringify({ ...sampleReport(), schemaVersion: '2' }), /^schemaVersion must be "1", got "2"\. Use the command line/],
  ['money as a number', JSON.stringify({ ...sampleReport(), totals: { ...sampleReport().totals, knownMonthlyUsd: 5 } }), /^totals\.knownMonthlyUsd must be US dollars of 0 or more: an exact decimal text without exponent, got 5\./],
  ['a field that is missing', JSON.stringify({ ...sampleReport(), budgets: undefined }), /^budgets is required\.$/],
])('fails for a report that is %s', (_, text, message) => {
  expect(parseReport(text)).toEqual({ problems: [expect.stringMatching(message)] });
});

describe('derived rates', () => {
  const RULE = 'Nova cache-read = input x 0.25';
  const twoLines = [...CAPACITY.lineItems, ...CAPACITY.lineItems].map((item) => ({ ...item, derived: RULE }));
  const derived = (path: string) => ({ ...CAPACITY, path, lineItems: twoLines });
  const line = `derived, not published: ${RULE} (One, Two)`;
  const report = () => sampleReport([derived('App/Chat/One'), CAPACITY, derived('App/Chat/Two')]);

  test('are named below a table: each rule once, with the resources that it prices', () => {
    const { stacks, resources } = report();
    expect(renderStackTable(stacks[0], resources).split('\n').filter((text) => text.includes('derived'))).toEqual([line]);
    expect(renderReportTable(report())).toContain(`\n${line}\n`);
    expect(renderReportMarkdown(report())).toContain(`\n- ${line}\n`);
    expect(renderReportMarkdown(sampleReport())).not.toContain('derived');
  });

  test('of a slow or busy month alone are named, too', () => {
    const said = `in a busy month: the cache-read rate is derived, not published: ${RULE}`;
    const table = renderReportTable(sampleReport([{ ...CAPACITY, assumptions: ['whatever', said, 'in a busy month: a discount'] }]));
    expect(table).toContain(`\nCapacity: ${said}\n`);
    expect(table).not.toContain('a discount');
  });
});

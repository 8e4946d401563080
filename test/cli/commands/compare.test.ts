import { PriceBook } from '../../../src/pricing/price-book/price-book';
import { CliFolder } from '../../harness/cli/run-cli';

let folder: CliFolder;
beforeEach(() => { folder = new CliFolder(); });
afterEach(() => folder.remove());

// Sums by hand: test/pricing/comparison/compare.test.ts
const USAGE = `
version: 1
region: us-west-2
prices:
  - { model: example.model-v1, kind: input, usd: "0.72", unit: 1M tokens }
  - { model: example.model-v1, kind: output, usd: "0.72", unit: 1M tokens }
  - { model: example.model-v1, kind: input, usd: "0.36", unit: 1M tokens, tier: batch }
  - { model: example.model-v1, kind: output, usd: "0.36", unit: 1M tokens, tier: batch }
  - { model: example.model-v1, kind: model-unit-hour, usd: "24", unit: hour, commitmentDuration: none, customModel: false }
  - { model: example.model-v1, kind: model-unit-hour, usd: "21.18", unit: hour, commitmentDuration: one-month, customModel: false }
  - { model: example.model-v1, kind: model-unit-hour, usd: "13.08", unit: hour, commitmentDuration: six-months, customModel: false }
workloads:
  - { name: chat, type: on-demand, model: example.model-v1, requestsPerMonth: 1000000, inputTokensPerRequest: 2000, outputTokensPerRequest: 500 }
  - { name: nightly, type: batch, model: "us.amazon.nova-pro-v1:0", jobsPerMonth: 30, recordsPerJob: 1000, inputTokensPerRecord: 10000, outputTokensPerRecord: 1000 }
  - { name: capacity, type: provisioned-throughput, model: example.model-v1, modelUnits: 2, commitmentDuration: one-month }
  - { name: minutes, type: reserved, model: "us.anthropic.claude-sonnet-4-6", inputTokensPerMinute: 100000, outputTokensPerMinute: 10000, termMonths: 1 }
  - { name: rank, type: rerank, model: "cohere.rerank-v3-5:0", queriesPerMonth: 1000 }
`;

test('the table has every option, lowest cost first, with its trade-offs, within 120 columns', () => {
  const { code, out, err } = folder.run('compare', folder.write('usage.yml', USAGE));
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^chat: \$1,800\.00 a month currently {2}\[on-demand, example\.model-v1, us-west-2\]$/m);
  expect(out).toMatch(/^1 {2}batch, in-region +\$900\.00 +\$900\.00 +50 % {2}cheaper at any volume$/m);
  expect(out).toMatch(/^2 {2}on demand, in-region +\$1,800\.00 +current$/m);
  expect(out).toMatch(/^4 {2}1 model unit, one-month commitment +at least \$15,461\.40 +- +- {2}from 8,589,667 requests a month$/m);
  expect(out).toMatch(/^ +1 {2}batch: results come within up to 24 hours, not at once$/m);
  expect(out).toMatch(/^ +4 {2}commitment of 1 month: at least \$15,461\.40 that cannot be cancelled; it renews itself$/m);
  expect(out).toMatch(/^ +3-5 {2}cost unknown: AWS publishes no throughput of a model unit/m);
  expect(out).toContain('Other models of Amazon callable from us-west-2 (in batch); by cost only, not by quality\n');
  expect(out.match(/^Other models of/gm)).toHaveLength(1);
  expect(out).toMatch(/^rank {2}\[rerank, cohere\.rerank-v3-5:0, us-west-2\]: no other purchase option$/m);
  expect(out.split('\n').filter((line) => line.length > 120)).toEqual([]);
});

test('JSON has exact amounts as texts, in a stable order', () => {
  const usage = folder.write('usage.yml', USAGE);
  const { code, out } = folder.run('compare', usage, '--format', 'json');
  const { schemaVersion, currency, comparisons } = JSON.parse(out);
  expect({ code, schemaVersion, currency }).toEqual({ code: 0, schemaVersion: '1', currency: 'USD' });
  const [chat, nightly, capacity, minutes, rank] = comparisons;
  expect(chat.current).toMatchObject({ name: 'on demand, in-region', billingMode: 'on-demand', serviceTier: 'standard', isCurrent: true, monthlyUsd: '1800', savingUsd: '0' });
  expect(chat.options[0]).toMatchObject({
    name: 'batch, in-region', modelId: 'example.model-v1', commitment: null, monthlyUsd: '900', savingUsd: '900', savingPercent: '50', breakEvenRequestsPerMonth: null,
  });
  expect(chat.options[3]).toMatchObject({
    commitment: 'one-month', monthlyUsd: null, knownMonthlyUsd: '15461.4', commitmentUsd: null, savingUsd: null, breakEvenRequestsPerMonth: 8_589_667,
  });
  // Nova Lite in batch: 300 M x $0.03 + 30 M x $0.12.
  expect(nightly.otherModels.find(({ name }: { name: string }) => name === 'Nova Lite')).toMatchObject({ monthlyUsd: '12.6', savingUsd: '155.4' });
  expect(chat.otherModels).toEqual([]);
  expect([nightly.current.billingMode, nightly.current.monthlyUsd]).toEqual(['batch', '168']);
  expect(capacity.options.map(({ monthlyUsd }: { monthlyUsd: string }) => monthlyUsd)).toEqual(['19096.8', '30922.8', '35040']);
  expect(minutes.options.map(({ monthlyUsd, savingUsd }: { monthlyUsd: string; savingUsd: string }) => [monthlyUsd, savingUsd])).toEqual([['19512.9', '2168.1'], ['21681', '0']]);
  expect(rank).toMatchObject({ soldInOneWay: true, current: null, options: [] });
  expect(folder.run('compare', usage, '--format', 'json').out).toBe(out);
});

test('the throughput of a model unit makes the number of units known', () => {
  const args = ['compare', folder.write('usage.yml', USAGE), '--format', 'json', '--tokens-per-minute-per-model-unit'];
  const units = (...more: string[]) => JSON.parse(folder.run(...args, ...more).out).comparisons[0].options.filter(({ commitment }: { commitment: string }) => commitment === 'none')[0];
  // 1,000,000 x 2,500 / 43,800 minutes = 57,077.6 tokens a minute
  expect(units('57078')).toMatchObject({ name: '1 model unit, no commitment', monthlyUsd: '17520' });
  expect(units('57077')).toMatchObject({ name: '2 model units, no commitment', monthlyUsd: '35040' });
  expect(units('57078', '--peak-to-average', '3')).toMatchObject({ name: '3 model units, no commitment', monthlyUsd: '52560' });
});

test('Markdown has a table for each workload', () => {
  const { out } = folder.run('compare', folder.write('usage.yml', USAGE), '--format', 'markdown');
  expect(out).toMatch(/^## chat: \$1,800\.00 a month currently/m);
  expect(out).toContain('| **2** | **on demand, in-region** | **$1,800.00** | **current** |  |  |');
  expect(out).toContain('- 1: batch: jobs of at least 100 records\n');
});

test('hours of a workload win over those of the file', () => {
  const usage = folder.write('usage.yml', USAGE.replace('region: us-west-2', 'region: us-west-2\nhoursPerMonth: 740').replace('modelUnits: 2', 'modelUnits: 2, hoursPerMonth: 744'));
  const { comparisons } = JSON.parse(folder.run('compare', usage, '--format', 'json').out);
  // 2 x 744 x $21.18; (100 x 0.198 + 10 x 0.99) x 740
  expect([comparisons[2].current.monthlyUsd, comparisons[3].current.monthlyUsd]).toEqual(['31515.84', '21978']);
});

test('an unknown model is null, and no failure', () => {
  const { code, out } = folder.run('compare', folder.write('usage.yml', USAGE.replace('on-demand, model: example.model-v1', 'on-demand, model: "meta.llama9-1-70b-instruct-v1:0"')));
  expect(code).toBe(0);
  expect(out).toMatch(/^chat: unknown currently/m);
  expect(out).toMatch(/^missing: no price for input tokens of meta\.llama9/m);
});

test('rates of the file count', () => {
  const prices = 'prices:\n  - { model: example.model-v1, kind: input, usd: "1", unit: 1M tokens, tier: flex }\n  - { model: example.model-v1, kind: output, usd: "1", unit: 1M tokens, tier: flex }\n';
  const { out } = folder.run('compare', folder.write('usage.yml', USAGE.replace('prices:\n', prices)));
  // 2,500 M x $1.00
  expect(out).toMatch(/on demand, in-region, flex tier +\$2,500\.00/);
  expect(out).toMatch(/^Changed by you: 9 rates of your own\.$/m);
});

test.each([
  [['nope.yml'], /nope\.yml: cannot be read/],
  [['usage.yml', '--tokens-per-minute-per-model-unit', '0'], /--tokens-per-minute-per-model-unit must be a number above 0/],
  [['usage.yml', '--peak-to-average', '0.5'], /--peak-to-average must be a number of 1 or more/],
  [['usage.yml', '--peak-to-average', 'many'], /--peak-to-average must be a number of 1 or more, as digits, got "many"/],
  [['usage.yml', '--format', 'csv'], /Allowed choices are table, json, markdown/],
  [['usage.yml', '-o', 'usage.yml'], /--output must be another file than the input/],
])('fails with exit code 2 for %j', (args, message) => {
  folder.write('usage.yml', USAGE);
  const { code, out, err } = folder.run('compare', ...args);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(message);
});

test('a point of capacity that is known has an end, in the table and in JSON', () => {
  const usage = folder.write('usage.yml', USAGE.replace('requestsPerMonth: 1000000,', 'requestsPerMonth: 10000000,'));
  // 600,000 x 43,800 / 2,500 = 10,512,000 requests
  const args = ['compare', usage, '--tokens-per-minute-per-model-unit', '600000'];
  expect(folder.run(...args).out).toMatch(/one-month commitment +\$15,461\.40 .* from 8,589,667 up to 10,512,000 requests$/m);
  const option = JSON.parse(folder.run(...args, '--format', 'json').out).comparisons[0].options.find(({ commitment }: { commitment: string }) => commitment === 'one-month');
  expect(option).toMatchObject({
    breakEvenRequestsPerMonth: 8_589_667, breakEvenUpToRequestsPerMonth: 10_512_000, breakEven: 'from 8,589,667 up to 10,512,000 requests a month',
  });
});

test('capacity of a legacy model is not available, with the reason', () => {
  const legacy = 'version: 1\nregion: us-west-2\nworkloads:\n'
    + '  - { name: llama, type: on-demand, model: "meta.llama3-1-70b-instruct-v1:0", requestsPerMonth: 1000000000, inputTokensPerRequest: 1000, outputTokensPerRequest: 1000 }\n';
  const args = ['compare', folder.write('usage.yml', legacy), '--day', '2027-03-01', '--tokens-per-minute-per-model-unit', '1000000'];
  const { out } = folder.run(...args);
  expect(out).toMatch(/^1 {2}batch, in-region /m);
  expect(out).toContain('\nnot available: provisioned throughput: AWS accepts no new capacity of meta.llama3-1-70b-instruct-v1:0, which it marks as\nlegacy\n');
  expect(out).not.toContain('model units');
  expect(JSON.parse(folder.run(...args, '--format', 'json').out).comparisons[0].notAvailable)
    .toEqual(['provisioned throughput: AWS accepts no new capacity of meta.llama3-1-70b-instruct-v1:0, which it marks as legacy']);
});

test('fails with exit code 2 where a unit carries less than a token a minute, and names it', () => {
  const { code, err } = folder.run('compare', folder.write('usage.yml', USAGE), '--tokens-per-minute-per-model-unit', '0.0001');
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('tokensPerMinutePerModelUnit must be a number of 1 or more, got 0.0001.') });
});

describe('the difference between rows', () => {
  const workload = (fields: string) => folder.write('usage.yml', `version: 1\nworkloads:\n  - { name: one, ${fields} }\n`);
  const CLAUDE = 'type: on-demand, region: eu-central-1, model: "eu.anthropic.claude-sonnet-4-6", requestsPerMonth: 1000, inputTokensPerRequest: 2000';
  const NOVA = 'type: on-demand, region: ap-northeast-1, model: "apac.amazon.nova-pro-v1:0", requestsPerMonth: 1000, inputTokensPerRequest: 2000, cacheReadTokensPerRequest: 1000';

  test('a way whose price is derived', () => {
    // $3.30 x 0.06 = $0.198 a 1K TPM hour, which no page states for the region: 100 x 0.198 x 730 = $14,454.00 for the input and
    // 10 x $16.50 x 0.06 x 730 = $7,227.00 for the output
    expect(folder.run('compare', workload(CLAUDE)).out).toMatch(/reserved for 1 month, eu profile \(derived\) +\$21,681\.00/);
    expect(folder.run('compare', workload(CLAUDE), '--format', 'markdown').out).toContain('| reserved for 1 month, eu profile (derived) | $21,681.00 |');
    expect(folder.run('compare', workload(CLAUDE)).out).toMatch(/on demand, eu profile +\$/);
  });

  test('another model whose price is derived', () => {
    const { out } = folder.run('compare', workload(NOVA));
    expect(out).toMatch(/nova-lite-v1:0 +Nova Lite \(derived\) +\$/);
    expect(out.replace(/\n/g, ' ')).toMatch(/assumed: (all other models|[^:]*Nova Lite[^:]*): the cache-read rate is derived/);
    const [{ otherModels }] = JSON.parse(folder.run('compare', workload(CLAUDE), '--format', 'json').out).comparisons;
    expect(otherModels.map(({ name }: { name: string }) => name)).toContain('Claude Haiku 4.5');
    expect(folder.run('compare', workload(CLAUDE)).out).not.toMatch(/Claude Sonnet 4(\.5)? /);
  });

  test('jobs that AWS refuses', () => {
    const { out } = folder.run('compare', workload('type: batch, region: us-west-2, model: "us.amazon.nova-pro-v1:0", jobsPerMonth: 30, recordsPerJob: 10, inputTokensPerRecord: 10000'));
    expect(out).toContain('assumed: AWS refuses jobs of fewer than 100 records unless the quota was changed; these have 10\n');
  });
});

test('the days of the prices are those of all ways, in every format', () => {
  const rates = ['input', 'output'].flatMap((kind) => [['standard', '2025-02-01'], ['batch', '2026-08-20']]
    .map(([tier, asOf]) => `{ model: own.model-v1, kind: ${kind}, usd: "3", unit: 1M tokens, tier: ${tier}, asOf: ${asOf} }`));
  const usage = folder.write('usage.yml', `version: 1\nprices: [${rates.join(', ')}]\nworkloads:\n`
    + '  - { name: a, type: on-demand, model: own.model-v1, requestsPerMonth: 1000, inputTokensPerRequest: 1, outputTokensPerRequest: 1 }\n');
  expect(JSON.parse(folder.run('compare', usage, '--format', 'json').out))
    .toMatchObject({ priceBook: { asOf: PriceBook.embedded().asOf }, oldestPriceDate: '2025-02-01', newestPriceDate: '2026-08-20' });
  for (const format of ['table', 'markdown']) expect(folder.run('compare', usage, '--format', format).out).toContain('\nPrices of 2025-02-01 to 2026-08-20. ');
});

import { PriceBook } from '../../../src/pricing/price-book/price-book';
import { CliFolder } from '../../harness/cli/run-cli';

let folder: CliFolder;
beforeEach(() => { folder = new CliFolder(); });
afterEach(() => folder.remove());

// Sums by hand: test/pricing/optimization/advise.test.ts
const USAGE = `
version: 1
region: us-west-2
workloads:
  - { name: chat, type: on-demand, model: "meta.llama3-1-70b-instruct-v1:0", requestsPerMonth: 1000000, inputTokensPerRequest: 2000, outputTokensPerRequest: 500 }
  - { name: nightly, type: batch, model: "us.amazon.nova-pro-v1:0", jobsPerMonth: 30, recordsPerJob: 1000, inputTokensPerRecord: 10000, outputTokensPerRecord: 1000 }
  - { name: rank, type: rerank, model: "cohere.rerank-v3-5:0", queriesPerMonth: 1000 }
`;
const CHAT_ONLY = USAGE.split('\n').slice(0, 5).join('\n');

test('the table has the techniques in the order of what they cost, with every assumption', () => {
  const { code, out, err } = folder.run('advise', folder.write('usage.yml', USAGE));
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^1 {2}prompt engineering +\$0\.00 +\$0\.00 +\$0\.00$/m);
  expect(out).toMatch(/^2 {2}retrieval +\$0\.00 +\$1,725\.00 +\$20,700\.00$/m);
  expect(out).toMatch(/^3 {2}instruction fine-tuning +\$23\.97 +\$15,721\.95 +\$188,687\.37$/m);
  expect(out).toMatch(/^4 {2}domain adaptation +\$799\.00 +\$15,721\.95 +\$189,462\.40$/m);
  expect(out).toContain('rank: not applicable: it has no on-demand or batch prompts');
  for (const option of ['--retrieved-tokens', '--index-gigabytes', '--training-tokens', '--epochs', '--adaptation-tokens', '--adaptation-epochs', '--model-units']) {
    expect(out.replace(/\n/g, ' ')).toMatch(new RegExp(`assumed: [^:]*\\(${option}\\)`));
  }
  expect(out).toContain('Temperature, top-k and top-p do not change the price.\n');
  expect(out.split('\n').filter((line) => line.length > 120)).toEqual([]);
});

test('the total of several workloads is unknown where one of them is', () => {
  const [, total] = folder.run('advise', folder.write('usage.yml', USAGE)).out.split('All workloads together');
  // Nova Pro in batch: 30 M x $0.40 + 30 x $1.00 + $5.00 = $47.00; with the other one $1,772.00
  expect(total).toMatch(/^2 {2}retrieval +\$0\.00 +\$1,772\.00 +\$21,264\.00$/m);
  expect(total).toMatch(/^3 {2}instruction fine-tuning +unknown +unknown +unknown$/m);
  expect(folder.run('advise', folder.write('usage.yml', CHAT_ONLY)).out).not.toContain('All workloads together');
});

test('JSON has exact amounts as texts', () => {
  const { code, out } = folder.run('advise', folder.write('usage.yml', USAGE), '--format', 'json');
  const { schemaVersion, inputs, workloads, total } = JSON.parse(out);
  expect({ code, schemaVersion }).toEqual({ code: 0, schemaVersion: '1' });
  expect(inputs).toEqual({
    retrievedTokens: 1000, indexGigabytes: 1, trainingTokens: 1_000_000, epochs: 3, adaptationTokens: 100_000_000, adaptationEpochs: 1, modelUnits: 1,
  });
  expect(workloads[0].techniques.map(({ name, firstYearUsd }: { name: string; firstYearUsd: string }) => [name, firstYearUsd])).toEqual([
    ['prompt-engineering', '0'], ['retrieval', '20700'], ['instruction-fine-tuning', '188687.37'], ['domain-adaptation', '189462.4'],
  ]);
  expect(workloads[0].techniques[0].monthlyUsdPer100InputTokens).toBe('72');
  expect(workloads[1].techniques[2]).toMatchObject({ oneTimeUsd: null, firstYearUsd: null });
  expect(workloads[2]).toMatchObject({ type: 'rerank', techniques: [] });
  expect(total[1]).toEqual({ name: 'retrieval', oneTimeUsd: '0', monthlyChangeUsd: '1772', firstYearUsd: '21264' });
});

test('options change the assumptions', () => {
  const { out } = folder.run('advise', folder.write('usage.yml', CHAT_ONLY), '--retrieved-tokens', '500', '--index-gigabytes', '50', '--training-tokens', '10000000', '--epochs', '2', '--model-units', '2');
  // 500 M x $0.72 + $1,000.00 + 50 x $5.00; 20 M x $7.99 = $159.80 once, 1.95 + 2 x 17,520 - 1,800
  expect(out).toMatch(/retrieval +\$0\.00 +\$1,610\.00/);
  expect(out).toMatch(/instruction fine-tuning +\$159\.80 +\$33,241\.95/);
  expect(out).toContain('assumed: fine-tuning takes 10,000,000 tokens (--training-tokens) in 2 epochs (--epochs)\n');
});

test('Markdown has a table for each workload', () => {
  const { out } = folder.run('advise', folder.write('usage.yml', USAGE), '--format', 'markdown');
  expect(out).toContain('| 2 | retrieval | $0.00 | $1,725.00 | $20,700.00 |\n');
  expect(out).toContain('## All workloads together\n');
});

test.each([
  [['--epochs', '0'], /--epochs must be a number above 0/],
  [['--retrieved-tokens', '-1'], /--retrieved-tokens must be a number of 0 or more/],
  [['--model-units', '1.5'], /--model-units must be a whole number of 1 or more/],
  [['--format', 'csv'], /Allowed choices are table, json, markdown/],
])('fails with exit code 2 for %j', (args, message) => {
  const { code, out, err } = folder.run('advise', folder.write('usage.yml', USAGE), ...args);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(message);
});

test('what the prices take for granted is printed once for all techniques, in every format', () => {
  const usage = folder.write('usage.yml', 'version: 1\nworkloads:\n  - { name: chat, type: on-demand, region: ap-northeast-1, model: "apac.amazon.nova-pro-v1:0", requestsPerMonth: 1000, inputTokensPerRequest: 2000, cacheReadTokensPerRequest: 1000 }\n');
  const said = 'the cache-read rate is derived, not published: Nova cache-read = input x 0.25';
  expect(folder.run('advise', usage).out.split(said)).toHaveLength(2);
  expect(folder.run('advise', usage).out).toContain(`1-4  assumed: ${said}\n`);
  expect(folder.run('advise', usage, '--format', 'markdown').out).toContain(`- 1-4: assumed: ${said}\n`);
  const [{ techniques }] = JSON.parse(folder.run('advise', usage, '--format', 'json').out).workloads;
  for (const { assumptions } of techniques) expect(assumptions).toContain(said);
});

test('the price dates include those of the current usage and of the techniques, in every format', () => {
  const rate = (kind: string, unit: string, asOf: string, model = 'own.model-v1') => `{ model: "${model}", kind: ${kind}, usd: "3", unit: ${unit}, asOf: ${asOf} }`;
  const usage = folder.write('usage.yml', `version: 1\nprices: [${[
    rate('input', '1M tokens', '2026-08-20'), rate('index-storage', 'GB-month', '2025-02-01', '*'), rate('retrieval', '1K requests', '2026-01-01', '*'),
  ].join(', ')}]\nworkloads: [{ name: a, type: on-demand, model: own.model-v1, requestsPerMonth: 1000, inputTokensPerRequest: 1000 }]\n`);
  expect(JSON.parse(folder.run('advise', usage, '--format', 'json').out))
    .toMatchObject({ priceBook: { asOf: PriceBook.embedded().asOf }, oldestPriceDate: '2025-02-01', newestPriceDate: '2026-08-20' });
  for (const format of ['table', 'markdown']) expect(folder.run('advise', usage, '--format', format).out).toContain('\nPrices of 2025-02-01 to 2026-08-20. ');
});

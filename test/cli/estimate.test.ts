import { execFileSync } from 'child_process';
import { readFileSync, rmSync } from 'fs';
import { join } from 'path';
import { CliFolder } from './run-cli';

let folder: CliFolder;
beforeEach(() => { folder = new CliFolder(); });
afterEach(() => folder.remove());

// 2 units x $21.18 x 730 h                                                           = $30,922.80
// 30 jobs x 1,000 records x (10,000 x $0.40 + 1,000 x $1.60) / 1,000,000             = $168.00
// 100,000 x (2,000 x $3.30 + 500 x $16.50 + 1,000 read x $0.33) / 1,000,000          = $1,518.00
const THREE = `
version: 1
region: us-west-2
workloads:
  - { name: capacity, type: provisioned-throughput, model: meta.llama3-1-70b-instruct-v1:0, modelUnits: 2, commitmentDuration: one-month }
  - { name: nightly, type: batch, model: us.amazon.nova-pro-v1:0, jobsPerMonth: 30, recordsPerJob: 1000, inputTokensPerRecord: 10000, outputTokensPerRecord: 1000 }
  - { name: chat, type: on-demand, model: us.anthropic.claude-sonnet-4-6, requestsPerMonth: 100000, inputTokensPerRequest: 2000, outputTokensPerRequest: 500, cacheReadTokensPerRequest: 1000 }
`;

test('the table has each workload and the total', () => {
  const { code, out, err } = folder.run('estimate', folder.write('usage.yml', THREE));
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^capacity: \$30,922\.80 a month/m);
  expect(out).toMatch(/^nightly: \$168\.00 a month/m);
  expect(out).toMatch(/^chat: \$1,518\.00 a month/m);
  expect(out).toMatch(/^Total +\$32,608\.80$/m);
  expect(out).toContain('commitment that cannot be cancelled: $30,922.80 over 1 month');
});

test('JSON has the exact amounts', () => {
  const { code, out } = folder.run('estimate', folder.write('usage.yml', THREE), '--format', 'json');
  const { totals, estimates } = JSON.parse(out);
  expect(code).toBe(0);
  expect(totals).toEqual({ monthlyUsd: '32608.8', knownMonthlyUsd: '32608.8', oneTimeUsd: '0', commitmentUsd: '30922.8' });
  expect(estimates.map(({ name, monthlyUsd }: { name: string; monthlyUsd: string }) => [name, monthlyUsd])).toEqual([['capacity', '30922.8'], ['nightly', '168'], ['chat', '1518']]);
});

/** Examples that AWS and others have published, with the sums that they state. */
const PUBLISHED: readonly (readonly [title: string, usd: string, workload: string])[] = [
  // 2 x $0.0003 + 1 x $0.0004, by the thousand tokens
  ['on demand, Titan Text Lite', '0.001', 'region: eu-west-1, type: on-demand, model: amazon.titan-text-lite-v1, requestsPerMonth: 1, inputTokensPerRequest: 2000, outputTokensPerRequest: 1000'],
  // 11 x $0.008 + 4 x $0.024
  ['on demand, Claude in us-west-2', '0.184', 'region: us-west-2, type: on-demand, model: example.claude-old-v1, requestsPerMonth: 1, inputTokensPerRequest: 11000, outputTokensPerRequest: 4000'],
  // 11 x $0.01102 + 4 x $0.03268
  ['on demand, Claude 2.1 at its old price', '0.25194', 'region: us-east-1, type: on-demand, model: "anthropic.claude-v2:1", requestsPerMonth: 1, inputTokensPerRequest: 11000, outputTokensPerRequest: 4000'],
  // 744 x $16.20
  ['one unit of Titan Image Generator for a month of 31 days', '12052.8', 'type: provisioned-throughput, model: example.image-v1, modelUnits: 1, commitmentDuration: one-month, hoursPerMonth: 744'],
  // 744 x $21.18
  ['one unit of Llama 2 for a month of 31 days', '15757.92', 'region: us-east-1, type: provisioned-throughput, model: meta.llama2-13b-chat-v1, modelUnits: 1, commitmentDuration: one-month, hoursPerMonth: 744'],
  // 5.5 x $0.02, by the million tokens
  ['embeddings, Titan V2', '0.11', 'region: us-east-1, type: on-demand, model: "amazon.titan-embed-text-v2:0", requestsPerMonth: 5500, inputTokensPerRequest: 1000'],
  // $1.0455 + $3.0282
  ['priority tier', '4.0737', 'type: on-demand, model: example.tiers-v1, serviceTier: priority, requestsPerMonth: 1, inputTokensPerRequest: 1000000, outputTokensPerRequest: 1000000'],
  // $0.18 + $1.41
  ['Qwen3 Next in eu-west-1', '1.59', 'region: eu-west-1, type: on-demand, model: qwen.qwen3-next-80b-a3b, requestsPerMonth: 1, inputTokensPerRequest: 1000000, outputTokensPerRequest: 1000000'],
  // 15 x $0.00000015 + 2 x $0.0000012
  ['a tiny request', '0.00000465', 'region: us-east-1, type: on-demand, model: qwen.qwen3-next-80b-a3b, requestsPerMonth: 1, inputTokensPerRequest: 15, outputTokensPerRequest: 2'],
];
const OWN_RATES = `
prices:
  - { model: example.claude-old-v1, kind: input, usd: "0.008", unit: 1K tokens }
  - { model: example.claude-old-v1, kind: output, usd: "0.024", unit: 1K tokens }
  - { model: "anthropic.claude-v2:1", kind: input, usd: "0.01102", unit: 1K tokens }
  - { model: "anthropic.claude-v2:1", kind: output, usd: "0.03268", unit: 1K tokens }
  - { model: example.image-v1, kind: model-unit-hour, commitmentDuration: one-month, customModel: false, usd: "16.20", unit: hour }
  - { model: example.tiers-v1, kind: input, tier: priority, usd: "1.0455", unit: 1M tokens }
  - { model: example.tiers-v1, kind: output, tier: priority, usd: "3.0282", unit: 1M tokens }
`;

test('published examples come out to the last digit', () => {
  const workloads = PUBLISHED.map(([title, , workload]) => `  - { name: "${title}", ${workload} }`).join('\n');
  const { out } = folder.run('estimate', folder.write('usage.yml', `version: 1\n${OWN_RATES}workloads:\n${workloads}\n`), '--format', 'json');
  const amounts = JSON.parse(out).estimates.map(({ name, monthlyUsd }: { name: string; monthlyUsd: string }) => [name, monthlyUsd]);
  expect(amounts).toEqual(PUBLISHED.map(([title, usd]) => [title, usd]));
});

test('an unknown model is null with the nearest names, and no failure', () => {
  const usage = folder.write('usage.yml', THREE.replace('us.amazon.nova-pro-v1:0', 'us.amazon.nova-prow-v1:0'));
  const { code, out } = folder.run('estimate', usage, '--format', 'json');
  const { totals, estimates } = JSON.parse(out);
  expect({ code, monthly: totals.monthlyUsd, known: totals.knownMonthlyUsd }).toEqual({ code: 0, monthly: null, known: '32440.8' });
  expect(estimates[1]).toMatchObject({ monthlyUsd: null, missingPrices: [{ nearestModels: expect.arrayContaining(['amazon.nova-pro-v1:0']) }] });
});

test('a price book of the user\'s takes the place of the embedded one', () => {
  const book = folder.write('book.yml', 'schemaVersion: "1"\nrates:\n  - { model: own.model-v1, kind: input, usd: "7", unit: 1M tokens, asOf: 2026-01-02 }\n');
  const usage = folder.write('usage.yml', 'version: 1\nworkloads: [{ name: a, type: on-demand, model: own.model-v1, requestsPerMonth: 1, inputTokensPerRequest: 1000000 }]\n');
  const json = JSON.parse(folder.run('estimate', usage, '--price-book', book, '--format', 'json').out);
  expect([json.priceBook.asOf, json.totals.monthlyUsd]).toEqual(['2026-01-02', '7']);
});

test('-o writes the result to a file', () => {
  const usage = folder.write('usage.yml', THREE);
  const { code, out } = folder.run('estimate', usage, '--format', 'markdown', '-o', 'cost.md');
  expect({ code, out }).toEqual({ code: 0, out: '' });
  expect(readFileSync(join(folder.path, 'cost.md'), 'utf8')).toContain('**$32,608.80**');
});

test('a reader that stops early is no error', () => {
  const usage = folder.write('usage.yml', THREE);
  const script = `"${process.execPath}" "${join(__dirname, '../../bin/cdk-bedrock-cost')}" prices list --format json 2>&1 >/dev/null | cat; "${process.execPath}" "${join(__dirname, '../../bin/cdk-bedrock-cost')}" estimate "${usage}" | true; echo "\${PIPESTATUS[0]}"`;
  expect(execFileSync('bash', ['-c', script], { encoding: 'utf8' })).toBe('0\n');
});

test.each([
  ['a file that does not exist', () => ['nope.yml'], /nope\.yml: cannot be read: there is no such file\n +allowed: the path of a usage file/],
  ['a folder', () => ['.'], /cannot be read: it is a folder/],
  ['an empty file', () => [folder.write('u.yml', '')], /u\.yml: found an empty file/],
  ['bytes that are not UTF-8', () => ['latin1.yml'], /latin1\.yml: found bytes that are not UTF-8/],
  ['an unknown field', () => [folder.write('u.yml', THREE.replace('modelUnits', 'modelUnit'))], /u\.yml: workloads\[0\]\.modelUnit: unknown field; allowed: .*; did you mean "modelUnits"\?/],
  ['a negative number', () => [folder.write('u.yml', THREE.replace('jobsPerMonth: 30', 'jobsPerMonth: -1'))], /workloads\[1\]\.jobsPerMonth: found -1; allowed: a number of 0 or more/],
  ['a number that is not finite', () => [folder.write('u.yml', THREE.replace('jobsPerMonth: 30', 'jobsPerMonth: .inf'))], /workloads\[1\]\.jobsPerMonth: found Infinity/],
  ['another version', () => [folder.write('u.yml', THREE.replace('version: 1', 'version: 2'))], /version: found 2; allowed: 1/],
  ['no argument', () => [], /missing required argument 'usage'\n +to change: see cdk-bedrock-cost estimate --help/],
  ['an unknown option', () => ['u.yml', '--colour'], /unknown option '--colour'/],
  ['an unknown format', () => ['u.yml', '--format', 'xml'], /argument 'xml' is invalid\. Allowed choices are table, json, markdown, csv/],
  ['a price book that does not exist', () => [folder.write('u.yml', THREE), '--price-book', 'nope.json'], /nope\.json.*ENOENT/],
  ['an output that cannot be written', () => [folder.write('u.yml', THREE), '-o', 'no/such/folder.md'], /--output: no\/such\/folder\.md: cannot be written/],
  ['an output that is the input', () => [folder.write('u.yml', THREE), '-o', 'u.yml'], /--output: found "u\.yml", which is the input/],
])('fails with exit code 2 for %s', (_, args, message) => {
  require('fs').writeFileSync(join(folder.path, 'latin1.yml'), Buffer.from([0x76, 0xe9, 0xff]));
  const { code, out, err } = folder.run('estimate', ...args());
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(message);
  expect(err).not.toMatch(/^ +at /m);
  rmSync(join(folder.path, 'latin1.yml'));
});

import { execFileSync } from 'child_process';
import { readFileSync, rmSync } from 'fs';
import { join } from 'path';
import { CliFolder } from '../../harness/cli/run-cli';

let folder: CliFolder;
beforeEach(() => { folder = new CliFolder(); });
afterEach(() => folder.remove());

// Capacity: 2 units x $21.18 x 730 h = $30,922.80.
// Nightly: 30 jobs x 1,000 records x (10,000 x $0.40 + 1,000 x $1.60) / 1,000,000 = $168.00.
// Chat: 100,000 x (2,000 x $3.30 + 500 x $16.50 + 1,000 read x $0.33) / 1,000,000 = $1,518.00.
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

/** A workload of every type, with rates of one's own beside the book's, and what each costs by hand. */
const EVERY_TYPE = `
version: 1
region: us-east-1
hoursPerMonth: 730
prices:
  - { model: "anthropic.claude-v2:1", kind: input, usd: "0.01102", unit: 1K tokens }
  - { model: "example.model-v1", kind: model-unit-hour, commitmentDuration: one-month, customModel: false, usd: "39.60", unit: hour }
workloads:
  - { name: chat, type: on-demand, model: amazon.nova-pro-v1:0, requestsPerMonth: 1000, inputTokensPerRequest: 2000, outputTokensPerRequest: 500 }
  - { name: cached, type: on-demand, model: "us.anthropic.claude-sonnet-4-6", requestsPerMonth: 100, inputTokensPerRequest: 1000, outputTokensPerRequest: 500, cacheReadTokensPerRequest: 50000, cacheWriteTokensPerRequest: 500, cacheTtl: 5m, serviceTier: standard }
  - { name: own, type: on-demand, model: amazon.nova-lite-v1:0, customModel: true, requestsPerMonth: 1000, inputTokensPerRequest: 1000, outputTokensPerRequest: 100 }
  - { name: embed, type: on-demand, model: amazon.titan-embed-text-v2:0, requestsPerMonth: 1000, inputTokensPerRequest: 500 }
  - { name: old, type: on-demand, model: "anthropic.claude-v2:1", requestsPerMonth: 1, inputTokensPerRequest: 11000 }
  - { name: nightly, type: batch, model: amazon.nova-pro-v1:0, jobsPerMonth: 30, recordsPerJob: 1000, inputTokensPerRecord: 10000, outputTokensPerRecord: 1000 }
  - { name: capacity, type: provisioned-throughput, model: meta.llama3-1-70b-instruct-v1:0, modelUnits: 2, commitmentDuration: one-month }
  - { name: agreed, type: provisioned-throughput, model: example.model-v1, modelUnits: 1, commitmentDuration: one-month }
  - { name: tpm, type: reserved, model: "us.anthropic.claude-sonnet-4-5-20250929-v1:0", inputTokensPerMinute: 100000, outputTokensPerMinute: 10000, termMonths: 1 }
  - { name: tune, type: customization, model: meta.llama3-1-70b-instruct-v1:0, trainingTokens: 10000000, epochs: 3, storedModels: 1 }
  - { name: imported, type: custom-model-import, architecture: Llama, customModelUnits: 2, customModelUnitVersion: "1.0", copies: 1, activeWindowsPerMonth: 12 }
  - { name: pictures, type: image, model: amazon.nova-canvas-v1:0, imagesPerMonth: 1000, resolution: 1024x1024, quality: standard }
  - { name: clips, type: video, model: amazon.nova-reel-v1:0, secondsPerMonth: 600, resolution: 720p }
  - { name: talk, type: speech, model: amazon.nova-sonic-v1:0, inputSpeechTokensPerMonth: 1000000, outputSpeechTokensPerMonth: 1000000, inputTokensPerMonth: 0, outputTokensPerMonth: 0 }
  - { name: rank, type: rerank, model: cohere.rerank-v3-5:0, queriesPerMonth: 1000, documentsPerQuery: 350 }
  - { name: guard, type: guardrail, policies: [content-text, denied-topics, sensitive-information], textsPerMonth: 1000, charactersPerText: 5600 }
  - { name: kb, type: knowledge-base, indexedGigabytes: 50, retrievalsPerMonth: 100000 }
  - { name: flow, type: flow, nodeTransitionsPerMonth: 1000000 }
  - { name: web, type: web-grounding, model: amazon.nova-premier-v1:0, requestsPerMonth: 1000 }
  - { name: eval, type: evaluation, humanTasks: 50 }
`;
const COSTS: { readonly [name: string]: readonly [monthlyUsd: string, oneTimeUsd: string, commitmentUsd: string] } = {
  chat: ['3.2', '0', '0'], // 2 million x 0.80 + 0.5 million x 3.20.
  cached: ['3.01125', '0', '0'], // 0.1 x 3.30 + 0.05 x 16.50 + 5 x 0.33 + 0.05 x 4.125.
  own: ['0.084', '0', '0'], // 1 x 0.06 + 0.1 x 0.24.
  embed: ['0.01', '0', '0'], // 0.5 x 0.02.
  old: ['0.12122', '0', '0'], // 11 thousand x 0.01102, a rate of one's own.
  nightly: ['168', '0', '0'], // 300 x 0.40 + 30 x 1.60.
  capacity: ['30922.8', '0', '30922.8'], // 2 x 21.18 x 730.
  agreed: ['28908', '0', '28908'], // 39.60 x 730, a rate of one's own.
  tpm: ['21681', '0', '21681'], // (100 x 0.198 + 10 x 0.99) x 730.
  tune: ['1.95', '239.7', '0'], // 1 x 1.95; 30 x 7.99 once.
  imported: ['10.7616', '0', '0'], // 2 x 5 x 12 x 0.05718 + 2 x 1.95.
  pictures: ['40', '0', '0'], // 1,000 x 0.04.
  clips: ['48', '0', '0'], // 600 x 0.08.
  talk: ['17', '0', '0'], // 3.40 + 13.60.
  rank: ['8', '0', '0'], // 4,000 x 0.002.
  guard: ['2.4', '0', '0'], // 6 x (0.15 + 0.15 + 0.10).
  kb: ['350', '0', '0'], // 50 x 5.00 + 100 x 1.00.
  flow: ['35', '0', '0'], // 1,000 x 0.035.
  web: ['30', '0', '0'], // 1 x 30.00.
  eval: ['10.5', '0', '0'], // 50 x 0.21.
};

test('every billing mode is exact to the last digit', () => {
  const { code, out, err } = folder.run('estimate', folder.write('usage.yml', EVERY_TYPE), '--format', 'json');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const { totals, estimates } = JSON.parse(out);
  interface Estimate { readonly name: string; readonly monthlyUsd: string; readonly oneTimeUsd: string; readonly commitmentUsd: string }
  const costs = estimates.map(({ name, monthlyUsd, oneTimeUsd, commitmentUsd }: Estimate) => [name, [monthlyUsd, oneTimeUsd, commitmentUsd]]);
  expect(Object.fromEntries(costs)).toEqual(COSTS);
  // The sums of the columns above
  expect(totals).toEqual({ monthlyUsd: '82239.83807', knownMonthlyUsd: '82239.83807', oneTimeUsd: '239.7', commitmentUsd: '81511.8' });
});

test('one-time costs are separate from monthly costs, in every format', () => {
  const usage = folder.write('usage.yml', EVERY_TYPE);
  expect(folder.run('estimate', usage).out).toMatch(/^ +training tokens, 3 epochs .* = +\$239\.70 +once$/m);
  expect(folder.run('estimate', usage, '--format', 'markdown').out).toMatch(/^\| training tokens, 3 epochs \|.*\| \$239\.70 \| once \|/m);
  expect(folder.run('estimate', usage, '--format', 'csv').out).toMatch(/^tune,.*,239\.7,.*,once\r$/m);
});

test('a usage file refuses rates that no source states', () => {
  // Claude Sonnet 4.6 is reserved at published rates in the US alone; elsewhere 3.30 x 0.06 = 0.198: 100 x 0.198 x 730
  const reservation = 'workloads: [{ name: a, type: reserved, region: eu-central-1, model: eu.anthropic.claude-sonnet-4-6, inputTokensPerMinute: 100000, termMonths: 1 }]\n';
  const totals = (head: string) => JSON.parse(folder.run('estimate', folder.write('usage.yml', `version: 1\n${head}${reservation}`), '--format', 'json').out).totals;
  expect(totals('').monthlyUsd).toBe('14454');
  expect(totals('allowDerivedRates: false\n')).toMatchObject({ monthlyUsd: null, commitmentUsd: null });
});

test('an unknown model is null with the nearest names, and no failure', () => {
  const usage = folder.write('usage.yml', THREE.replace('us.amazon.nova-pro-v1:0', 'us.amazon.nova-prow-v1:0'));
  const { code, out } = folder.run('estimate', usage, '--format', 'json');
  const { totals, estimates } = JSON.parse(out);
  expect({ code, monthly: totals.monthlyUsd, known: totals.knownMonthlyUsd }).toEqual({ code: 0, monthly: null, known: '32440.8' });
  expect(estimates[1]).toMatchObject({ monthlyUsd: null, missingPrices: [{ nearestModels: ['us.amazon.nova-pro-v1:0'] }] });
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
  const script = `"${process.execPath}" "${join(__dirname, '../../../bin/cdk-bedrock-cost')}" prices list --format json 2>&1 >/dev/null | cat; "${process.execPath}" "${join(__dirname, '../../../bin/cdk-bedrock-cost')}" estimate "${usage}" | true; echo "\${PIPESTATUS[0]}"`;
  expect(execFileSync('bash', ['-c', script], { encoding: 'utf8' })).toBe('0\n');
});

test.each([
  ['a file that does not exist', () => ['nope.yml'], /nope\.yml: cannot be read: there is no such file\. Name the path of a usage file\.\n/],
  ['a folder', () => ['.'], /cannot be read: it is a folder/],
  ['an empty file', () => [folder.write('u.yml', '')], /u\.yml: is empty\. Write version: 1 and workloads\.\n/],
  ['bytes that are not UTF-8', () => ['latin1.yml'], /latin1\.yml: holds bytes that are not UTF-8\. Save it as UTF-8\.\n/],
  ['an unknown field', () => [folder.write('u.yml', THREE.replace('modelUnits', 'modelUnit'))], /u\.yml: workloads\[0\]\.modelUnit is not a known field\. Did you mean modelUnits\?/],
  ['a negative number', () => [folder.write('u.yml', THREE.replace('jobsPerMonth: 30', 'jobsPerMonth: -1'))], /workloads\[1\]\.jobsPerMonth must be a number of 0 or more, got -1\./],
  ['a number that is not finite', () => [folder.write('u.yml', THREE.replace('jobsPerMonth: 30', 'jobsPerMonth: .inf'))], /workloads\[1\]\.jobsPerMonth must be a number from 0 to 9007199254740991, got Infinity\./],
  ['another version', () => [folder.write('u.yml', THREE.replace('version: 1', 'version: 2'))], /version must be 1, got 2\./],
  ['usage that contradicts itself', () => [folder.write('u.yml', 'version: 1\nworkloads: [{ name: g, type: guardrail, policies: [content-text], imagesPerMonth: 5 }]\n')], /workload "g": textsPerMonth is required\. Set the number of texts that content-text checks in a month\./],
  ['no argument', () => [], /missing required argument 'usage'\n +See cdk-bedrock-cost estimate --help\./],
  ['an unknown option', () => ['u.yml', '--colour'], /unknown option '--colour'/],
  ['an unknown format', () => ['u.yml', '--format', 'xml'], /argument 'xml' is invalid\. Allowed choices are table, json, markdown, csv/],
  ['a price book that does not exist', () => [folder.write('u.yml', THREE), '--price-book', 'nope.json'], /nope\.json: cannot be read: there is no such file\. Name the path of a price book\./],
  ['an output that cannot be written', () => [folder.write('u.yml', THREE), '-o', 'no/such/folder.md'], /--output must be a file in a folder that exists, got "no\/such\/folder\.md"\.$/m],
  ['an output that is the input', () => [folder.write('u.yml', THREE), '-o', 'u.yml'], /--output must be another file than the input, got "u\.yml"/],
])('fails with exit code 2 for %s', (_, args, message) => {
  require('fs').writeFileSync(join(folder.path, 'latin1.yml'), Buffer.from([0x76, 0xe9, 0xff]));
  const { code, out, err } = folder.run('estimate', ...args());
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(message);
  expect(err).not.toMatch(/^ +at /m);
  rmSync(join(folder.path, 'latin1.yml'));
});

test('own rates that priced nothing are named: a misspelt one would leave the list price in force without a word', () => {
  const usage = folder.write('own-rates.yaml', [
    'version: 1', 'region: us-east-1', 'prices:',
    '  - { model: "amazon.nova-pro-v1:0", kind: input, usd: "0.5", unit: 1M tokens }',
    '  - { model: "amazon.nova-pro-v1", kind: output, usd: "2", unit: 1M tokens, region: us-east-1 }',
    'workloads:',
    '  - { name: chat, type: on-demand, model: "amazon.nova-pro-v1:0", requestsPerMonth: 1, inputTokensPerRequest: 1000000, outputTokensPerRequest: 1000000 }',
  ].join('\n'));
  const said = 'Rates of your own that priced nothing here: output of amazon.nova-pro-v1 in us-east-1. Check model, kind, region and tier.';
  expect(folder.run('estimate', usage).out).toContain(said);
  expect(folder.run('estimate', usage, '--format', 'markdown').out).toContain(said);
  const json = JSON.parse(folder.run('estimate', usage, '--format', 'json').out);
  expect(json.priceBook.unusedRates).toEqual(['output of amazon.nova-pro-v1 in us-east-1']);
  expect(json.totals.monthlyUsd).toBe('3.7'); // 0.50, and 3.20 of the list
});

describe('what ends', () => {
  const USAGE = `
version: 1
region: us-east-1
workloads:
  - { name: sol, type: on-demand, model: openai.gpt-5.6-sol, requestsPerMonth: 1000, inputTokensPerRequest: 2000, outputTokensPerRequest: 500 }
  - { name: llama, type: on-demand, model: us.meta.llama3-3-70b-instruct-v1:0, requestsPerMonth: 1000, inputTokensPerRequest: 2000, outputTokensPerRequest: 500 }
  - { name: haiku, type: on-demand, model: anthropic.claude-3-haiku-20240307-v1:0, requestsPerMonth: 1000, inputTokensPerRequest: 2000, outputTokensPerRequest: 500 }
`;
  const estimate = (...args: string[]) => folder.run('estimate', folder.write('usage.yml', USAGE), ...args).out;
  const estimates = (...args: string[]) => JSON.parse(estimate('--format', 'json', ...args)).estimates;

  test('is an assumption without a day', () => {
    expect(estimate()).toContain('  assumed: the input rate of openai.gpt-5.6-sol is promotional: guaranteed until 2026-11-21\n');
    expect(estimate()).toContain('AWS marks it as legacy; its end of life is 2027-03-30 (aws-model-cards-2026-10-08)\n');
    // 2 M x $4.40 + 0.5 M x $22; 2.5 M x $0.72; 2 M x $0.25 + 0.5 M x $1.25
    expect(estimates().map(({ monthlyUsd, findings }: any) => [monthlyUsd, findings])).toEqual([['19.8', undefined], ['1.8', undefined], ['1.125', undefined]]);
  });

  test('is a finding by the day that is asked for, and a missing price once the model is gone', () => {
    const [sol, llama, haiku] = estimates('--day', '2026-11-30');
    expect(sol).toMatchObject({ monthlyUsd: '19.8', findings: [{ id: 'bedrock-cost-price-review-due', severity: 'warning' }] });
    expect(llama).toMatchObject({ monthlyUsd: '1.8', findings: [{ id: 'bedrock-cost-model-ends-soon', severity: 'warning' }] });
    expect([haiku.monthlyUsd, haiku.findings]).toEqual([null, undefined]);
    expect(haiku.missingPrices[0].hint).toContain('Claude 3 Haiku reached its end of life on 2026-09-10');
    expect(estimates('--day', '2026-09-01').map(({ findings }: any) => findings?.map(({ id }: any) => id))).toEqual([
      undefined, ['bedrock-cost-legacy-model'], ['bedrock-cost-model-ends-soon'],
    ]);
  });

  test('before that of a term is the finding of synth', () => {
    const usage = folder.write('term.yml', 'version: 1\nregion: us-west-2\nworkloads:\n'
      + '  - { name: cap, type: provisioned-throughput, model: meta.llama3-1-70b-instruct-v1:0, modelUnits: 2, commitmentDuration: six-months }\n');
    const findings = (day: string) => JSON.parse(folder.run('estimate', usage, '--format', 'json', '--day', day).out).estimates[0].findings.map(({ id }: any) => id);
    // Six months after 2026-09-29 are over on 2027-03-29, the day before the end of life.
    expect(findings('2026-09-29')).toEqual(['bedrock-cost-legacy-model']);
    expect(findings('2026-09-30')).toEqual(['bedrock-cost-legacy-model', 'bedrock-cost-commitment-outlives-model']);
    expect(folder.run('estimate', usage, '--day', '2027-03-01').out).toContain('\n  bedrock-cost-commitment-outlives-model: A commitment of 6 months for ');
  });

  test('is below its workload on the screen', () => {
    expect(estimate('--day', '2026-11-30')).toMatch(/^ {2}bedrock-cost-price-review-due: The price of input tokens and output tokens of openai\.gpt-5\.6-sol was guaranteed until 2026-11-21 only, and it is 2026-11-30\. Compare the price /m);
    expect(estimate('--day', '2026-09-01', '--format', 'markdown')).toMatch(/^- bedrock-cost-model-ends-soon: anthropic\.claude-3-haiku.*That is 9 days after 2026-09-01/m);
  });
});

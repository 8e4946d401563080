import { execFileSync, spawnSync } from 'child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'fs';
import { join, resolve } from 'path';
import { AppFolder, CDK_VERSIONS, Ended } from './harness';
import { describeInFull, testInFull } from '../in-full';
import { isQuick } from '../runs';

jest.setTimeout(120_000);

// us-west-2, published prices, by hand:
//   Llama 3.1 70B, 2 model units, one month of 730 hours: 2 x 21.18 x 730 = 30,922.80
//   Nova Pro through us., batch, 30 jobs of 1,000 records of 10,000 + 1,000 tokens: 300 x 0.40 + 30 x 1.60 = 168.00
//   Claude Sonnet 4.6 through us., 100,000 requests of 2,000 in, 500 out, 1,000 from the cache:
//     200 x 3.30 + 50 x 16.50 + 100 x 0.33 = 1,518.00
//   together 32,608.80

describe.each(isQuick ? CDK_VERSIONS.slice(0, 1) : CDK_VERSIONS)('cdk synth with the %s aws-cdk-lib', (_, cdkLibrary) => {
  let app: AppFolder;
  let first: Ended;
  let detailed: Ended;
  beforeAll(async () => {
    app = new AppFolder('three-constructs.js', cdkLibrary);
    first = await app.cdk(['synth', '--quiet', '--strict']);
    detailed = await app.cdk(['synth', '--quiet', '--output', 'detailed', '-c', 'cdk-bedrock-cost:details=true']);
  });
  afterAll(() => app.remove());
  const report = () => JSON.parse(app.read('cdk.out/bedrock-cost-report.json'));

  test('is quiet when all is well', () => {
    expect(first.output).not.toMatch(/WARNING|ERROR/);
    expect(first.code).toBe(0);
  });

  test.each([
    '$30,922.80 a month: meta.llama3-1-70b-instruct-v1:0, provisioned throughput in us-west-2',
    'model unit hours, one-month commitment: 1,460 x $21.18 per hour = $30,922.80 (100 %)',
    'commitment that cannot be cancelled: $30,922.80 over 1 month; it renews itself',
    '$168.00 a month: us.amazon.nova-pro-v1:0, batch inference in us-west-2',
    'input tokens (batch): 300 x $0.40 per 1M tokens = $120.00 (71.4 %)',
    '$5.60 per job',
    '$1,518.00 a month: us.anthropic.claude-sonnet-4-6, on demand in us-west-2',
    'output tokens: 50 x $16.50 per 1M tokens = $825.00 (54.3 %)',
    '$15.18 per 1,000 requests',
    'Prices of 2026-07-24 to 2026-11-20. ',
  ])('prints with details: %s', (line) => expect(detailed.output).toContain(line));

  test('prints the table of the stack with details, and the commitments beside its total', () => {
    expect(detailed.output).toMatch(/INFO Amazon Bedrock in Genai[^]*Total\s+\$32,608\.80/);
    expect(detailed.output).toMatch(/[Cc]ommitment.*\$30,922\.80/);
  });

  test('prints one summary on standard error, and no line item', () => {
    // Nova Pro per job: 10 x 0.40 + 1 x 1.60 = 5.60, input 120 of 168 = 71.4 %; Sonnet: output 825 of 1,518 = 54.3 %; budget 32,608.8 of 50,000 = 65.2 %
    expect(first.stderr).toContain([
      'Amazon Bedrock, estimated cost a month',
      'Genai (us-west-2)',
      '  Capacity  $30,922.80  2 model units, one-month commitment',
      '  Chat       $1,518.00  claude-sonnet-4-6, output 54 %, $15.18 per 1K requests',
      '  Nightly      $168.00  us.amazon.nova-pro, batch, input 71 %, $5.60 per job',
      '  Total     $32,608.80  committed $30,922.80 over 1 month',
    ].join('\n'));
    expect(first.stderr).toContain('\nBudgets\n  ok  Genai/Budget  $32,608.80 of $50,000.00 (65.2 %)\n');
    expect(first.stderr).toMatch(/^Prices of 2026-07-24 to 2026-11-20\.\s+Details.*: cdk\.out\/bedrock-cost-report\.md$/m);
    expect(first.stderr.match(/estimated cost a month/g)).toHaveLength(1);
    expect(first.output).not.toContain(' per 1M tokens');
  });

  test('shows the line of the user, not one of the library', () => {
    expect(report().resources.map(({ source }: any) => source.file)).toEqual(['app.js', 'app.js', 'app.js']);
  });

  test('writes the same figures into the report', () => {
    expect(report().totals).toMatchObject({ monthlyUsd: '32608.8', knownMonthlyUsd: '32608.8', commitmentUsd: '30922.8', oneTimeUsd: '0' });
    expect(report().resources.map(({ path, type, monthlyUsd }: any) => [path, type, monthlyUsd])).toEqual([
      ['Genai/Capacity', 'provisioned-throughput', '30922.8'], ['Genai/Nightly', 'batch', '168'], ['Genai/Chat', 'on-demand', '1518'],
    ]);
    const [{ monitors, ...budget }, ...others] = report().budgets;
    expect(others).toEqual([]);
    expect(budget).toEqual({ path: 'Genai/Budget', covers: 'Genai', limitUsd: '50000', estimatedUsd: '32608.8', status: 'ok', enforcement: 'ACKNOWLEDGEABLE', onMissingPrice: 'FAIL', acknowledged: false, acknowledgement: null });
    // three windows x 6 metrics x $0.10, and a composite at $0.50
    expect(monitors).toContainEqual(expect.objectContaining({ part: 'burn-rate alarms', stack: 'Genai', otherServicesMonthlyUsd: '2.3' }));
    expect(app.read('cdk.out/bedrock-cost-report.md')).toContain('$32,608.80');
  });

  testInFull('writes the same bytes on every synth', async () => {
    const files = ['bedrock-cost-report.json', 'bedrock-cost-report.md', 'Genai.template.json'];
    const before = files.map((file) => app.read(`cdk.out/${file}`));
    await app.cdk(['synth', '--quiet', '--output', 'again']);
    expect(files.map((file) => app.read(`again/${file}`))).toEqual(before);
  });

  testInFull('leaves no report of the time before when it is refused', async () => {
    app.copy('cdk.out', 'refused');
    expect(app.exists('refused/bedrock-cost-report.json')).toBe(true);
    expect((await app.cdk(['synth', '--quiet', '--output', 'refused'], { CASE: 'zero-limit' })).code).toBe(1);
    expect(app.exists('refused/bedrock-cost-report.json')).toBe(false);
    expect(app.exists('refused/bedrock-cost-report.md')).toBe(false);
  });

  testInFull('a report of an earlier synth is recognized by the command line', async () => {
    const check = () => spawnSync(process.execPath, [join(app.path, 'node_modules/cdk-bedrock-cost/bin/cdk-bedrock-cost'), 'check', 'emptied'], { cwd: app.path, encoding: 'utf8' });
    app.copy('cdk.out', 'emptied');
    expect(check().status).toBe(0);
    await app.cdk(['synth', '--quiet', '--output', 'emptied'], { CASE: 'no-bedrock' });
    expect(check()).toMatchObject({ status: 2, stderr: expect.stringContaining('the report is of an earlier synth') });
  });

  testInFull('takes usage from a file, by construct path', async () => {
    writeFileSync(join(app.path, 'usage.yaml'), [
      'version: 1', 'workloads:',
      '  - { name: Genai/Chat, type: on-demand, model: us.anthropic.claude-sonnet-4-6, requestsPerMonth: 1000, inputTokensPerRequest: 2000, outputTokensPerRequest: 500, cacheReadTokensPerRequest: 1000 }',
    ].join('\n'));
    await app.cdk(['synth', '--quiet', '--output', 'with-usage', '-c', 'cdk-bedrock-cost:usage=usage.yaml']);
    // a hundredth of 1,518.00
    expect(JSON.parse(app.read('with-usage/bedrock-cost-report.json')).resources[2].monthlyUsd).toBe('15.18');
  });

  testInFull('with the context enabled=false makes constructs only', async () => {
    const { output } = await app.cdk(['synth', '--quiet', '--output', 'disabled', '-c', 'cdk-bedrock-cost:enabled=false']);
    expect(output).not.toContain('a month');
    expect(app.exists('disabled/bedrock-cost-report.json')).toBe(false);
    expect(app.exists('disabled/Genai.template.json')).toBe(true);
  });

  describe('with odd input gives a clear message, no stack trace of ours and never $0', () => {
    const CASES: [name: string, code: number, message: RegExp | string, env?: { [name: string]: string }][] = [
      ['negative-units', 1, /\[Genai\/Capacity\] bedrock-cost-invalid-input: modelUnits must be a whole number of 1 or more, got -1\./],
      ['token-units', 1, 'The cost is unknown, not $0: modelUnits is a token, known only at deployment'],
      ['zero-units', 1, /\[Genai\/Capacity\] bedrock-cost-invalid-input: modelUnits must be a whole number of 1 or more, got 0\./],
      ['unconfirmed', 1, /\[Genai\/Capacity\] bedrock-cost-commitment-not-acknowledged: .*\$30,922\.80/],
      ['small-batch', 0, /99/],
      ['negative-tokens', 1, '[Genai/Nightly] bedrock-cost-invalid-input: usage.inputTokensPerRecord must be a number of 0 or more, got -10000.'],
      ['unknown-model', 1, /Did you mean us\.anthropic\.claude-sonnet-4-6/],
      ['zero-limit', 1, '[Genai/Budget] bedrock-cost-invalid-input: monthlyLimitUsd must be a number of US dollars of 0.01 or more, got 0.'],
      ['no-region', 1, /commitment-price-unknown/, { REGION: 'none' }],
    ];
    test.each(isQuick ? CASES.slice(0, 1) : CASES)('%s (exit code %d)', async (CASE, code, message, env = {}) => {
      const result = await app.cdk(['synth', '--quiet', '--output', 'odd'], { CASE, ...env });
      expect(result.output).toMatch(typeof message === 'string' ? new RegExp(message.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')) : message);
      expect(result.output).not.toMatch(/^\s+at .*node_modules\/cdk-bedrock-cost/m);
      expect(result.output).not.toMatch(/\$0\.00 a month/);
      expect(result.code).toBe(code);
    });
  });
});

describeInFull('two copies of the library in one app', () => {
  let app: AppFolder;
  beforeAll(() => {
    app = new AppFolder('two-copies.js');
    // A third-party construct library that has its own copy.
    const other = join(app.path, 'node_modules/their-constructs');
    mkdirSync(other);
    app.install(other);
    writeFileSync(join(other, 'index.js'), "module.exports = require('cdk-bedrock-cost');\n");
  });
  afterAll(() => app.remove());

  test('write one report, print each table once, and share their budgets', async () => {
    const { code, output } = await app.cdk(['synth', '--quiet', '--strict']);
    expect(output).not.toMatch(/WARNING|ERROR/);
    expect(code).toBe(0);
    // 660.00 by each copy
    expect(output.match(/estimated cost a month/g)).toHaveLength(1);
    expect(output).toMatch(/Total\s+\$1,320\.00/);
    const report = JSON.parse(app.read('cdk.out/bedrock-cost-report.json'));
    expect(report.resources.map(({ path }: any) => path)).toEqual(['Stack/Ours', 'Stack/Theirs']);
    expect(report.budgets.map(({ estimatedUsd }: any) => estimatedUsd)).toEqual(['1320', '1320']);
  });

  test("a budget of one copy counts the other's costs", async () => {
    expect((await app.cdk(['synth', '--quiet'], { LIMIT: '1000' })).code).toBe(1);
  });
});

describe("a user's unit test", () => {
  test('with Template.fromStack sees the templates and nothing else', () => {
    const app = new AppFolder('unit-test.js');
    try {
      const output = execFileSync(process.execPath, [resolve(app.path, 'app.js')], { cwd: app.path, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
      expect(output.trim()).toBe('one profile; a budget over its limit or without a region throws; nothing left behind');
    } finally {
      app.remove();
    }
  });
});

test('the package contains nothing but what its users need', () => {
  const app = new AppFolder('unit-test.js');
  try {
    const contents = readdirSync(join(app.path, 'node_modules/cdk-bedrock-cost')).sort();
    expect(contents).toEqual(['.jsii', '.jsii.gz', 'LICENSE', 'README.md', 'THIRD_PARTY_NOTICES', 'assets', 'bin', 'lib', 'package.json', 'schemas']);
  } finally {
    app.remove();
  }
});

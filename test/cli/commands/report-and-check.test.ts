import { linkSync, mkdirSync, readFileSync, rmSync } from 'fs';
import { join, resolve } from 'path';
import { BUDGET, CAPACITY, sampleReport as sampleOf, UNKNOWN } from '../../cost-report/sample-report';
import { CliFolder, daysAgo } from '../../harness/cli/run-cli';

let folder: CliFolder;
beforeEach(() => {
  folder = new CliFolder();
  mkdirSync(join(folder.path, 'cdk.out'));
});
afterEach(() => folder.remove());

const REPORT = 'cdk.out/bedrock-cost-report.json';
/** A report whose prices were read on a day. */
const reportOf = (asOf: string | null, ...args: Parameters<typeof sampleOf>) => {
  const report = sampleOf(...args);
  const resources = report.resources.map((resource) => ({ ...resource, lineItems: resource.lineItems.map((line) => ({ ...line, asOf })) }));
  return { ...report, resources, priceBook: { asOf, sources: ['aws'] } };
};
/** A report whose prices are from yesterday, by the date of the test run. */
const sampleReport = (...args: Parameters<typeof sampleOf>) => reportOf(daysAgo(1), ...args);
const OVER = sampleReport([CAPACITY], [{ ...BUDGET, status: 'over', limitUsd: '30000' }]);

test('report reads cdk.out by itself', () => {
  folder.write(REPORT, sampleReport());
  const { code, out, err } = folder.run('report');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('Total of 1 stack: $30,922.80 a month');
});

test('report takes a folder or a file, and gives JSON as it was written', () => {
  folder.write('r.json', sampleReport());
  folder.write(REPORT, sampleReport());
  expect(JSON.parse(folder.run('report', 'r.json', '--format', 'json').out)).toEqual(sampleReport());
  expect(folder.run('report', 'cdk.out', '--format', 'markdown').out).toContain('# Estimated monthly cost of Amazon Bedrock');
});

test('check passes with exit code 0', () => {
  folder.write(REPORT, sampleReport());
  const { code, out, err } = folder.run('check');
  expect({ code, out, err }).toEqual({ code: 0, out: 'PASSED: monthly cost $30,922.80\n', err: '' });
});

test('fails with exit code 1 for a budget that is over', () => {
  folder.write(REPORT, OVER);
  const { code, out } = folder.run('check');
  expect(code).toBe(1);
  expect(out).toContain('FAILED: monthly cost $30,922.80; 1 failure\n\nfailure bedrock-cost-budget-exceeded at App/Chat/Budget\n');
});

test('fails with exit code 1 above --max-monthly-usd, and passes at it', () => {
  folder.write(REPORT, sampleReport());
  expect(folder.run('check', '--max-monthly-usd', '30922.79').code).toBe(1);
  expect(folder.run('check', '--max-monthly-usd', '30922.80').code).toBe(0);
});

test.each([[[], 1], [['--on-missing-price', 'fail'], 1], [['--on-missing-price', 'warn'], 0], [['--on-missing-price', 'ignore'], 0]])('a missing price with %j gives exit code %i', (args, code) => {
  folder.write(REPORT, sampleReport([CAPACITY, UNKNOWN]));
  expect(folder.run('check', ...args).code).toBe(code);
});

test('fails in JSON with failures, warnings and totals, also into a file', () => {
  folder.write(REPORT, OVER);
  const { code, out } = folder.run('check', 'cdk.out', '--format', 'json');
  const result = JSON.parse(out);
  expect(code).toBe(1);
  expect(Object.keys(result)).toEqual(['schemaVersion', 'passed', 'failures', 'warnings', 'totals']);
  expect(result).toMatchObject({ schemaVersion: '1', passed: false, failures: [{ id: 'bedrock-cost-budget-exceeded', path: 'App/Chat/Budget' }], warnings: [], totals: { knownMonthlyUsd: '30922.8' } });
  expect(folder.run('check', '-o', 'verdict.txt')).toMatchObject({ code: 1, out: '' });
});

test.each([
  ['a folder without report', () => ['cdk.out'], /cdk\.out\/bedrock-cost-report\.json: there is no such file\. Run cdk synth first/],
  ['a path that does not exist', () => ['nope'], /^error: nope: there is no such file/],
  ['a report that is not JSON', () => [folder.write('r.json', '{')], /r\.json: is not valid JSON/],
  ['a report of another version', () => [folder.write('r.json', { ...sampleReport(), schemaVersion: '9' })], /schemaVersion must be "1", got "9"\./],
  ['a report with an unknown status', () => [folder.write('r.json', sampleReport([CAPACITY], [{ ...BUDGET, status: 'fine' as never }]))], /budgets\[0\]\.status must be one of ok, near, over, unknown, got "fine"\./],
  ['a total that is not the sum of the resources', () => [folder.write('r.json', { ...sampleReport(), totals: { ...sampleReport().totals, knownMonthlyUsd: '0' } })], /totals\.knownMonthlyUsd must be "30922\.8", the sum over the resources, got "0"\./],
  ['a resource of a negative cost', () => [folder.write('r.json', sampleReport([{ ...CAPACITY, knownMonthlyUsd: '-1' }]))], /resources\[0\]\.knownMonthlyUsd must be US dollars of 0 or more.*, got "-1"\./],
  ['a monthly total that is negative', () => [folder.write('r.json', { ...sampleReport(), totals: { ...sampleReport().totals, monthlyUsd: '-1' } })], /totals\.monthlyUsd must be US dollars of 0 or more.*, got "-1"\./],
  ['a limit that is no amount', () => ['--max-monthly-usd', '1e3'], /--max-monthly-usd must be US dollars of 0 or more/],
  ['a negative limit', () => ['--max-monthly-usd', '-5'], /--max-monthly-usd must be US dollars of 0 or more as digits, such as 1000 or 12.50, got "-5"/],
  ['an unknown policy', () => ['--on-missing-price', 'explode'], /Allowed choices are fail, warn, ignore/],
  ['a price book that does not exist', () => ['--price-book', 'nope.json'], /nope\.json/],
])('check fails with exit code 2 for %s', (_, args, message) => {
  const { code, out, err } = folder.run('check', ...args());
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(message);
});

describe('input files are not overwritten', () => {
  test.each(['report', 'check'])('by %s', (command) => {
    folder.write(REPORT, sampleReport());
    folder.write('cdk.out/manifest.json', '{ "artifacts": ["bedrock-cost-report.json"] }');
    const book = folder.write('book.json', '{ "schemaVersion": "1", "base": "embedded", "rates": [] }');
    linkSync(join(folder.path, REPORT), join(folder.path, 'same.json'));
    const before = [REPORT, 'cdk.out/manifest.json', book].map(text);
    for (const output of [REPORT, `./${REPORT}`, 'same.json', 'cdk.out/manifest.json', 'book.json']) {
      const { code, err } = folder.run(command, 'cdk.out', '--price-book', book, '-o', output);
      expect({ code, err }).toEqual({ code: 2, err: `error: --output must be another file than the input, got "${output}".\n` });
    }
    expect([REPORT, 'cdk.out/manifest.json', book].map(text)).toEqual(before);
  });

  const text = (name: string) => readFileSync(resolve(folder.path, name), 'utf8');
});

describe('check --max-price-age-days', () => {
  const aged = (asOf: string | null) => folder.write(REPORT, reportOf(asOf));

  // A day more or less, for a midnight between here and there.
  test.each([[118, [], 0], [122, [], 1], [122, ['--max-price-age-days', '130'], 0], [5, ['--max-price-age-days', '3'], 1]])('prices %i days old with %j give exit code %i', (days, args, code) => {
    aged(daysAgo(days));
    expect(folder.run('check', ...args).code).toBe(code);
  });

  test('fails with the age and what to do', () => {
    aged(daysAgo(200));
    const { out } = folder.run('check');
    expect(out).toMatch(/^failure bedrock-cost-prices-too-old at App\/Chat\/Capacity \(bin\/app\.ts:12\)\n {2}The price of model unit hours, .* was last confirmed on \S+, 20[01] days before \S+; 120 days are allowed[;.] .*\n {2}Update cdk-bedrock-cost, /m);
  });

  test('judges the oldest price that was used, and by default only warns of it', () => {
    folder.write(REPORT, { ...reportOf(daysAgo(200)), priceBook: { asOf: daysAgo(1), sources: [] } });
    const byDefault = folder.run('check');
    expect({ code: byDefault.code, out: byDefault.out }).toEqual({ code: 0, out: expect.stringContaining('\nwarning bedrock-cost-prices-too-old at App/Chat/Capacity (bin/app.ts:12)\n') });
    expect(folder.run('check', '--max-price-age-days', '120').code).toBe(1);
    expect(folder.run('check', '--max-price-age-days', '202').code).toBe(0);
  });

  test('warns of a report without a day', () => {
    aged(null);
    const { code, out } = folder.run('check', '--format', 'json');
    expect({ code, ids: JSON.parse(out).warnings.map(({ id }: { id: string }) => id) }).toEqual({ code: 0, ids: ['bedrock-cost-prices-undated'] });
  });

  test.each(['-1', '1.5', 'soon', ''])('fails with exit code 2 for %p', (days) => {
    aged(daysAgo(1));
    const { code, err } = folder.run('check', `--max-price-age-days=${days}`);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('--max-price-age-days') });
  });
});

test('report states the changes of its prices, and reads reports without them', () => {
  folder.write(REPORT, { ...sampleReport(), priceBook: { asOf: daysAgo(1), sources: [], changes: ['1 rate of your own', 'discount of 10 % on Anthropic'] } });
  expect(folder.run('report').out).toMatch(/^Changed by you: 1 rate of your own; discount of 10 % on Anthropic\.\n\n/);
  expect(folder.run('report', '--format', 'markdown').out).toContain('\nChanged by you: 1 rate of your own; discount of 10 % on Anthropic.\n');
  folder.write(REPORT, sampleReport());
  expect(folder.run('report').out).not.toContain('changed by you');
});

describe('check of an acknowledged budget', () => {
  const ACCEPTED = { reason: 'launch month', owner: 'platform', maxMonthlyUsd: '31000', expires: daysAgo(-30) };
  // Known: $30,922.80, limit: $30,000.00.
  test.each([
    ['within ceiling and last day', {}, 0],
    ['on the last day', { expires: daysAgo(0) }, 0],
    ['past the last day by the clock', { expires: daysAgo(1) }, 1],
    ['past the ceiling', { maxMonthlyUsd: '30900' }, 1],
    ['with a day that the calendar does not have', { expires: '2026-02-30' }, 2],
    ['with a last day too far ahead', { expires: daysAgo(-400) }, 2],
    ['without a ceiling, but with an owner', { maxMonthlyUsd: null }, 2],
  ])('%s: %p, exit code %d', (_, differs, code) => {
    folder.write(REPORT, sampleReport([CAPACITY], [{ ...BUDGET, status: 'over', limitUsd: '30000', acknowledged: true, acknowledgement: { ...ACCEPTED, ...differs } }]));
    const ended = folder.run('check');
    expect(ended.code).toBe(code);
    if (code < 2) expect(ended.out).toContain(code === 0 ? `; accepted by platform up to $31,000.00 a month until ${({ ...ACCEPTED, ...differs }).expires}: launch month` : '; the acceptance by platform');
  });
});

describe('uses of Amazon Bedrock in the templates of an assembly', () => {
  const at = (path: string, Type: string, Properties = {}) => ({ Type, Properties, Metadata: { 'aws:cdk:path': `${path}/Resource` } });
  const agent = (path: string) => at(path, 'AWS::Bedrock::Agent', { AgentName: 'a', FoundationModel: 'amazon.nova-pro-v1:0' });
  const RESOURCES = {
    Capacity: at('App/Chat/Capacity', 'Custom::BedrockProvisionedModelThroughput'),
    Prompt: at('App/Chat/Prompt', 'AWS::Bedrock::Prompt'),
    Runtime: at('App/Chat/Runtime', 'AWS::BedrockAgentCore::Runtime'),
    One: agent('App/Chat/One'),
    Two: agent('App/Chat/Two'),
  };
  const assembly = (report: object = sampleReport([CAPACITY]), resources: object = RESOURCES) => {
    folder.write(REPORT, report);
    folder.write('cdk.out/Chat.template.json', { Resources: resources });
    folder.write('cdk.out/manifest.json', {
      artifacts: {
        Chat: { type: 'aws:cloudformation:stack', displayName: 'App/Chat', properties: { templateFile: 'Chat.template.json' } },
        Report: { type: 'none', properties: { file: 'bedrock-cost-report.json' } },
      },
    });
  };
  const SUGGESTION = expect.stringMatching(/^CostEstimates\.of\(.*\)\.addOnDemand\(.*amazon\.nova-pro-v1:0/);
  const USE = { stack: 'App/Chat', resourceType: 'AWS::Bedrock::Agent', modelIds: ['amazon.nova-pro-v1:0'], suggestion: SUGGESTION, source: null };

  test('are in the report, with their coverage', () => {
    assembly();
    expect(JSON.parse(folder.run('report', '--format', 'json').out)).toEqual({
      ...sampleReport([CAPACITY]),
      unpriced: [{ ...USE, path: 'App/Chat/One/Resource' }, { ...USE, path: 'App/Chat/Two/Resource' }],
      coverage: { priced: 1, unpriced: 2, free: 1, notCovered: 1 },
    });
    const table = folder.run('report').out;
    expect(table).toContain('1 of 5 uses of Amazon Bedrock priced, 2 without a price, 1 free, 1 not covered by the price book.\n  App/Chat/One/Resource\n    CostEstimates.of(');
    expect(folder.run('report', '--format', 'markdown').out).toContain('## Uses of Amazon Bedrock\n\n1 of 5 uses of Amazon Bedrock priced, ');
  });

  test('are still valid in a report that was written to a file', () => {
    assembly();
    folder.run('report', '--format', 'json', '-o', 'r.json');
    expect(JSON.parse(folder.run('report', 'r.json', '--format', 'json').out).coverage).toEqual({ priced: 1, unpriced: 2, free: 1, notCovered: 1 });
    expect(folder.run('check', 'r.json', '--on-unpriced', 'fail').code).toBe(1);
  });

  test.each<[string[], object | undefined, number, string]>([
    [[], undefined, 0, 'warning'],
    [['--on-unpriced', 'warn'], undefined, 0, 'warning'],
    [['--on-unpriced', 'fail'], undefined, 1, 'failure'],
    [['--on-unpriced', 'ignore'], undefined, 0, 'none'],
    [[], { 'bedrock-cost-unpriced-usage': 'error' }, 1, 'failure'],
    [['--on-unpriced', 'warn'], { 'bedrock-cost-unpriced-usage': 'error' }, 0, 'warning'],
    [[], { 'bedrock-cost-unpriced-usage': 'off' }, 0, 'none'],
  ])('with %j and the severities %j, give the exit code %#: %i, and a %s', (args, severities, code, severity) => {
    assembly({ ...sampleReport([CAPACITY]), ...(severities ? { severities } : {}) });
    const found = folder.run('check', ...args);
    expect(found.code).toBe(code);
    const text = 'bedrock-cost-unpriced-usage at App/Chat\n  App/Chat has 2 uses of Amazon Bedrock without a price: App/Chat/One (amazon.nova-pro-v1:0), App/Chat/Two (amazon.nova-pro-v1:0).';
    if (severity === 'none') expect(found.out).not.toContain('unpriced');
    else expect(found.out).toContain(`${severity} ${text}`);
  });

  test('are not reported where each has a price', () => {
    assembly(sampleReport([CAPACITY]), { Capacity: RESOURCES.Capacity });
    expect(folder.run('check', '--on-unpriced', 'fail')).toMatchObject({ code: 0, out: 'PASSED: monthly cost $30,922.80\n', err: '' });
    expect(folder.run('report').out).toContain('\n1 of 1 use of Amazon Bedrock priced.\n');
  });

  test('are unknown where a template is missing, which is reported', () => {
    assembly();
    rmSync(join(folder.path, 'cdk.out/Chat.template.json'));
    const { code, err } = folder.run('check');
    expect({ code, err }).toEqual({
      code: 0, err: 'note: uses of Amazon Bedrock without a price are unknown, since cdk.out/Chat.template.json is missing. Name the whole output folder of cdk synth.\n',
    });
  });

  test.each<[string, () => void, string]>([
    ['a template is missing', () => rmSync(join(folder.path, 'cdk.out/Chat.template.json')), 'cdk.out'],
    ['the report is not of an assembly', () => rmSync(join(folder.path, 'cdk.out/manifest.json')), 'cdk.out'],
    ['the report of synth is named', () => {}, REPORT],
  ])('fail with exit code 2 and --on-unpriced fail where they are unknown: %s', (_, change, path) => {
    assembly();
    change();
    expect(folder.run('check', path, '--on-unpriced', 'fail')).toMatchObject({ code: 2, err: expect.stringContaining(`error: ${path}: --on-unpriced fail requires the templates of the app.`) });
  });

  test('fail with exit code 2 for another choice', () => {
    assembly();
    expect(folder.run('check', '--on-unpriced', 'maybe')).toMatchObject({ code: 2, err: expect.stringContaining('--on-unpriced') });
  });
});

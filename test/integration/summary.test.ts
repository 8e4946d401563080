import { spawn } from 'child_process';
import { writeFileSync } from 'fs';
import { join } from 'path';
import { AppFolder } from './harness';
import { describeInFull } from '../in-full';

jest.setTimeout(120_000);

const TITLE = 'Amazon Bedrock, estimated cost a month';

// 200 million input tokens of Claude Sonnet 4.6 through us. at $3.30: $660.00 a month for each profile.
describeInFull('the summary on cdk synth', () => {
  let app: AppFolder;
  beforeAll(() => {
    app = new AppFolder('summary.js', 'aws-cdk-lib-newest');
    // As `cdk init` writes it: with this flag, one warning hides every INFO annotation.
    writeFileSync(join(app.path, 'cdk.json'), JSON.stringify({ context: { '@aws-cdk/core:annotationsInValidationReport': true } }));
  });
  afterAll(() => app.remove());
  let runs = 0;
  const cdk = (command: string, env: { [name: string]: string } = {}) => app.cdk([...command.split(' '), '--output', `out-${runs++}`], env);
  const summaryOf = (stderr: string): string[] => {
    const lines = stderr.split('\n');
    const start = lines.indexOf(TITLE);
    return start < 0 ? [] : lines.slice(start, lines.findIndex((line, i) => i > start && /Details.*: |No report was written/.test(line)) + 1);
  };

  test.each([
    ['1 profile', { PER_STACK: '1' }, '$660.00'],
    ['1 profile and a warning of the app', { PER_STACK: '1', WARN: 'yes' }, '$660.00'],
    ['10 profiles', { PER_STACK: '10' }, '$6,600.00'],
    ['50 profiles and a warning of the app', { PER_STACK: '50', WARN: 'yes' }, '$33,000.00'],
    ['5 stacks', { STACKS: '5', PER_STACK: '4' }, '$13,200.00'],
    ['50 stacks', { STACKS: '50' }, '$33,000.00'],
  ])('%s: one summary with the total, at most 25 lines of 80 columns', async (_, env, total) => {
    const { code, stderr } = await cdk('synth --quiet', env);
    const lines = summaryOf(stderr);
    expect(stderr.split(TITLE)).toHaveLength(2);
    expect(lines.find((line) => line.startsWith('  Total'))).toContain(total);
    expect(lines.length).toBeLessThanOrEqual(25);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(stderr).not.toContain('\u001b');
    expect(code).toBe(0);
  });

  test('several stacks have a total each, and the app its 10 largest resources', async () => {
    const lines = summaryOf((await cdk('synth --quiet', { STACKS: '5', PER_STACK: '4' })).stderr);
    expect(lines.slice(1, 8)).toEqual(['5 stacks', ...[0, 1, 2, 3, 4].map((i) => `  Stack${i}  $2,640.00  us-west-2`), 'Largest of 20 resources']);
    expect(lines.filter((line) => line.includes('Stack0/Chat'))).toHaveLength(4);
    // 10 of 20 are left out: 10 x 660
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}and 10 more +\$6,600\.00$/));
  });

  test('in a terminal of 60 columns no line is wider', async () => {
    const lines = summaryOf((await cdk('synth --quiet', { PER_STACK: '12', LIMIT: '100', COLUMNS: '60' })).stderr);
    expect(lines.filter((line) => line.length > 60)).toEqual([]);
    expect(lines).toContainEqual(expect.stringMatching(/over .*\$7,920\.00 of \$100\.00, \$7,820\.00 over$/));
  });

  test.each([
    ['cdk list', 'list', {}],
    ['the context key summary=off', 'synth --quiet -c cdk-bedrock-cost:summary=off', {}],
    ['the context key enabled=false', 'synth --quiet -c cdk-bedrock-cost:enabled=false', {}],
  ])('none with %s', async (_, command, env) => {
    const { code, output } = await cdk(command, env);
    expect(output).not.toContain(TITLE);
    expect(code).toBe(0);
  });

  test('cdk diff prints it, too', async () => {
    // It fails afterwards, without credentials.
    expect(summaryOf((await cdk('diff', { LIMIT: '1000', AWS_EC2_METADATA_DISABLED: 'true' })).stderr)).toContain('  ok  Stack0/Budget  $660.00 of $1,000.00 (66 %)');
  });

  test('none while the CLI still looks up context', async () => {
    const { output } = await cdk('synth --quiet --no-lookups', { LOOKUP: 'yes' });
    expect(output).not.toContain(TITLE);
  });

  test.each([
    ['ACKNOWLEDGEABLE', '  over  Stack0/Budget  $660.00 of $100.00, $560.00 over', 1],
    ['BLOCK', '  over  Stack0/Budget  $660.00 of $100.00, $560.00 over', 1],
    ['WARN', '  over  Stack0/Budget  $660.00 of $100.00, $560.00 over, warns only', 0],
  ])('an exceeded budget with %s has its verdict at the end', async (ENFORCEMENT, verdict, code) => {
    const result = await cdk('synth --quiet', { LIMIT: '100', ENFORCEMENT });
    expect(result.code).toBe(code);
    expect(result.stderr.split(TITLE)).toHaveLength(2);
    expect(summaryOf(result.stderr).slice(-3, -1)).toEqual(['Budgets', verdict]);
    expect(summaryOf(result.stderr).at(-1)).toMatch(ENFORCEMENT === 'BLOCK' ? /No report was written: the app is refused\.$/ : /bedrock-cost-report\.md$/);
  });

  test('the cost of monitoring is below the row of a budget whose estimate is small', async () => {
    // 1,000 x 2,000 tokens at $3.30 a million: $6.60.
    const { stderr } = await cdk('synth --quiet', { LIMIT: '1000', REQUESTS: '1000' });
    expect(summaryOf(stderr).slice(-3, -1)).toEqual([
      '  ok  Stack0/Budget  $6.60 of $1,000.00 (0.6 %)', expect.stringMatching(/^ {4}monitoring costs \$\d\.\d\d a month, \d+(\.\d)? % of the estimate$/),
    ]);
  });

  test.each([
    ['with a stack at the top', '1', 'ACKNOWLEDGEABLE', 1],
    ['with nothing but stages', '0', 'ACKNOWLEDGEABLE', 1],
    ['with nothing but stages', '0', 'BLOCK', 1],
    ['with nothing but stages', '0', 'WARN', 0],
  ])('stages that plain cdk synth does not select are named: %s (%s stacks), %s', async (_, STACKS, ENFORCEMENT, code) => {
    const result = await cdk('synth --quiet', { STACKS, STAGES: 'Prod,Beta', LIMIT: '100', ENFORCEMENT });
    expect(result.code).toBe(code);
    expect(result.stderr.split(TITLE)).toHaveLength(2);
    expect(result.stderr).toMatch(/ {2}budgets in stages? Prod, Beta were checked: 2 over/);
  });

  test.each([
    ['ACKNOWLEDGEABLE', 1], ['BLOCK', 1], ['WARN', 0],
  ])('a pipeline whose stages are over their budgets: %s', async (ENFORCEMENT, code) => {
    const result = await cdk('synth --quiet', { STACKS: '0', STAGES: 'Prod,Beta', PIPELINE: 'yes', LIMIT: '100', ENFORCEMENT });
    expect(result.code).toBe(code);
    expect(result.stderr.split(TITLE)).toHaveLength(2);
    expect(result.stderr).toMatch(/ {2}budgets in stages? Prod, Beta were checked: 2 over/);
  });

  test('--strict passes with it, and an accepted --ci prints it as well', async () => {
    expect((await cdk('synth --quiet --strict', { LIMIT: '1000' })).code).toBe(0);
    expect((await cdk('synth --quiet --ci', { LIMIT: '1000' })).output).toContain(TITLE);
  });

  test('colors only on a terminal', async () => {
    const run = (env: { [name: string]: string }) => new Promise<string>((done) => {
      let text = '';
      const child = spawn('script', ['-qec', `${process.execPath} app.js`, '/dev/null'], {
        cwd: app.path, env: { ...process.env, FORCE_COLOR: '', NO_COLOR: '', CDK_OUTDIR: 'colors', LIMIT: '100', ENFORCEMENT: 'WARN', ...env },
      });
      child.stdout.on('data', (chunk) => { text += String(chunk); });
      child.on('close', () => done(text));
    });
    expect(await run({})).toContain('\u001b[33m  over');
    expect(await run({ NO_COLOR: '1' })).not.toContain('\u001b[');
  });
});

import { spawnSync } from 'child_process';
import { mkdirSync, writeFileSync } from 'fs';
import { join } from 'path';
import { AppFolder, Ended } from './harness';
import { isQuick } from '../runs';

jest.setTimeout(120_000);

let app: AppFolder;
beforeAll(() => {
  app = new AppFolder('once.js');
  // A third-party construct library that has its own copy.
  const other = join(app.path, 'node_modules/their-constructs');
  mkdirSync(other);
  app.install(other);
  writeFileSync(join(other, 'index.js'), "module.exports = require('cdk-bedrock-cost');\n");
  writeFileSync(join(app.path, 'usage.yaml'), 'version: 1\nworkloads: [{ name: A/Chat0, type: on-demand, requestsPerMonth: -1 }]\n');
});
afterAll(() => app.remove());

const [ONE, TWO] = ['cdk-bedrock-cost', 'cdk-bedrock-cost,their-constructs'];

function synth(CASE: string, { SHAPE = 'flat', COPIES = ONE, context = [] as readonly string[] } = {}): Promise<Ended> {
  return app.cdk(['synth', '**', '--quiet', '--output', `out-${CASE}-${SHAPE}`, ...context.flatMap((setting) => ['-c', `cdk-bedrock-cost:${setting}`])], { CASE, SHAPE, COPIES });
}

/** Each message on the screen with the construct that it names, as the CLI prints annotations, violations and validations. */
function messagesIn(output: string): string[] {
  const found: string[] = [];
  let text: string | undefined;
  for (const line of output.split('\n')) {
    if (/^ {2}\[/.test(line)) found.push(line.trim());
    if (/^(WARNING|ERROR|INFO) /.test(line)) text = line;
    else if (line.trim() === '') text = undefined;
    else if (text !== undefined && /^ {3}\S/.test(line) && !/^ {3}(Acknowledge|Suggested)/.test(line)) found.push(`${text} at ${line.trim()}`);
  }
  return found;
}

function repeated(messages: readonly string[]): string[] {
  return [...new Set(messages.filter((message, i) => messages.indexOf(message) !== i))];
}

/** The case, the shape, a part of an expected message, and its count: one for each construct that it is about. */
type Row = [what: string, shape: string, text: string, times: number];
const ROWS: Row[] = [
  // One app-level tag, on each of two stacks.
  ['tag', 'flat', 'refuses the tag "owner": "R&D" of the stack', 2],
  ['tag', 'twice', 'refuses the tag "owner": "R&D" of the stack', 2],
  // Three constructs of each copy in each of two stacks.
  ['typo', 'flat', 'WARNING The cost is unknown, not $0: no price for input tokens of us.anthropic.claude-sonet-4-6', 12],
  ['typo', 'twice', 'WARNING The cost is unknown, not $0: no price for input tokens of us.anthropic.claude-sonet-4-6', 12],
  ['token', 'flat', 'requestsPerMonth is a token', 12],
  ['usage', 'flat', 'requestsPerMonth must be a number of 0 or more, got -1', 12],
  ['misspelt', 'flat', 'The prop descriptionn is not a known field', 8],
  ['override', 'flat', 'WARNING The estimate does not follow the template', 4],
  ['profile', 'flat', 'Foreign', 2],
  ['limit', 'flat', 'monthlyLimitUsd must be a number of US dollars of 0.01 or more, got 0', 4],
  ['notify', 'stages', 'has no subscription', 4],
  ['over', 'stages', 'bedrock-cost-budget-exceeded', 2],
  ['over-block', 'flat', 'over the limit of $100.00', 4],
  // An acknowledgement of an app-wide budget, of each copy in each stack.
  ['acknowledged', 'flat', 'accepted by platform up to $100,000.00 a month until 2026-12-31: launch', 4],
  ['acknowledged', 'twice', 'accepted by platform up to $100,000.00 a month until 2026-12-31: launch', 4],
  ['acknowledged', 'stages', 'accepted by platform up to $100,000.00 a month until 2026-12-31: launch', 4],
  ['acknowledged-cdk', 'flat', 'accepted without a ceiling or a last day: agreed', 4],
  ['acknowledged-typo', 'flat', 'Did you mean cdk-bedrock-cost::bedrock-cost-budget-exceeded?', 1],
];

test.each(isQuick ? ROWS.slice(0, 1) : ROWS)('%s in a %s app of two copies: each message is printed once for what it is about', async (what, SHAPE, text, times) => {
  const { output } = await synth(what, { SHAPE, COPIES: TWO });
  const messages = messagesIn(output);
  expect(repeated(messages)).toEqual([]);
  expect(messages.filter((message) => message.toLowerCase().includes(text.toLowerCase()))).toHaveLength(times);
});

/** A setting, its message, and the number of other messages: budgets still check the estimates that are possible. */
const SETTINGS: [setting: string, text: string, others?: number][] = [
  ['priceBook=/no/such.json', '/no/such.json: cannot be read: there is no such file.'],
  ['usage=/no/such.yaml', '/no/such.yaml: cannot be read: there is no such file.'],
  ['usage=usage.yaml', 'usage.yaml: workloads[0].requestsPerMonth must be a number of 0 or more, got -1.'],
  ['hoursPerMonth=-1', 'hoursPerMonth\' must be a number above 0 and at most 744, got "-1".'],
  ['today=soon', 'today\' must be a day as YYYY-MM-DD, got "soon".'],
  ['dryRun=maybe', 'dryRun\' must be true or false, got "maybe".', 4],
  ['severity={"x":1}', 'x is not the id of a message.', 4],
  ['allowDerivedRates=maybe', 'allowDerivedRates\' must be true or false, got "maybe".'],
];

test.each(isQuick ? SETTINGS.slice(0, 1) : SETTINGS)('a problem of the settings (%s) is printed once for any number of budgets and copies', async (setting, text, others = 0) => {
  for (const CASE of ['', 'over-block']) {
    const { code, output } = await synth(CASE, { COPIES: TWO, context: [setting] });
    expect(code).toBe(1);
    expect(output.split(text)).toHaveLength(2);
    expect(messagesIn(output)).toHaveLength(1 + (CASE === '' ? 0 : others));
    // No stack trace of the library.
    expect(output).not.toMatch(/^\s+at .*node_modules\/(cdk-bedrock-cost|their-constructs)/m);
  }
});

test.each(isQuick ? ['acknowledged'] : ['acknowledged', 'acknowledged-cdk'])('%s budgets of two copies are judged once each, at synth and by check', async (CASE) => {
  const { code } = await synth(CASE, { COPIES: TWO });
  expect(code).toBe(0);
  const folder = `out-${CASE}-flat`;
  const { budgets, findings } = JSON.parse(app.read(`${folder}/bedrock-cost-report.json`));
  const paths = ['A/Budget0', 'A/Budget1', 'B/Budget0', 'B/Budget1'];
  // 12 x $660.00: each budget counts the costs of both copies.
  expect(budgets.map(({ path, estimatedUsd, acknowledged }: any) => [path, estimatedUsd, acknowledged])).toEqual(paths.map((path) => [path, '7920', true]));
  const accepted = findings.filter(({ id }: any) => id === 'bedrock-cost-budget-accepted');
  expect(accepted.map(({ path }: any) => path)).toEqual(paths);
  const check = spawnSync(process.execPath, [join(app.path, 'node_modules/cdk-bedrock-cost/bin/cdk-bedrock-cost'), 'check', folder], { cwd: app.path, encoding: 'utf8' });
  expect(check.stdout.match(/warning bedrock-cost-budget-accepted at .*/g)).toEqual(paths.map((path) => `warning bedrock-cost-budget-accepted at ${path}`));
  expect([check.status, check.stderr]).toEqual([0, '']);
});

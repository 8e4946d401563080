import { parse } from 'csv-parse/sync';
import { csvCell, jsonText, markdownText, oneLine } from '../../src/render/sanitize';
import { fullReport } from '../cost-report/full-report';
import { COMMANDS, formatsOf } from '../harness/cli/commands';
import { CliFolder } from '../harness/cli/run-cli';
import { Place, placesOf, placeText, runInProcess, withAt } from '../harness/cli/run-in-process';
import { everyNth, isQuick } from '../runs';

/** Text that every output must escape: a formula, terminal escapes, bidirectional controls, HTML, links, mentions, references, table borders. */
const HOSTILE = '=1+1 \u001b[31m\u009b2J\u0007\u202e\u2066\u200f\r\n| <img src=x onerror=x> `x` [a](b) https://evil.example www.evil.example @evil #123 GH-1 &lt;b "q"';
/** The same for fields that only accept texts on one line. */
const ON_ONE_LINE = HOSTILE.replace(/\p{Cc}/gu, '');

const folder = new CliFolder();
afterAll(() => folder.remove());

const USAGE = {
  version: 1,
  region: 'us-east-1',
  prices: [{ model: 'example.model', kind: 'input', usd: '1', unit: '1M tokens' }, { model: 'example.unused', kind: 'input', usd: '1', unit: '1M tokens' }],
  workloads: [
    { name: 'chat', type: 'on-demand', model: 'example.model', requestsPerMonth: 1, inputTokensPerRequest: 1, outputTokensPerRequest: 1 },
    { name: 'nova', type: 'on-demand', model: 'amazon.nova-pro-v1:0', requestsPerMonth: 1, inputTokensPerRequest: 1 },
    { name: 'imported', type: 'custom-model-import', architecture: 'Llama', customModelUnits: 2, customModelUnitVersion: '1.0', copies: 1, activeWindowsPerMonth: 1 },
    { name: 'pictures', type: 'image', model: 'amazon.nova-canvas-v1:0', imagesPerMonth: 1, resolution: '1024x1024', quality: 'standard' },
  ],
};
const BOOK = {
  schemaVersion: '1',
  rates: [
    { model: 'example.model', kind: 'input', usd: '1', unit: '1M tokens', asOf: '2026-01-01', source: 'contract', derived: 'a rule' },
    { model: 'example.model', kind: 'output', usd: '2', unit: '1M tokens', asOf: '2026-01-01', source: 'contract' },
    { model: 'example.images', kind: 'image', usd: '2', unit: 'image', resolution: '1x1', quality: 'high', asOf: '2026-01-01', source: 'contract' },
    { model: '*', kind: 'custom-model-unit', usd: '2', unit: 'minute', customModelUnitVersion: '9.9', architecture: 'Other', asOf: '2026-01-01', source: 'contract' },
  ],
};

const TEMPLATE = {
  Resources: {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: { Policies: [{ PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'bedrock:Invoke*', Resource: 'arn:aws:bedrock:us-east-1::foundation-model/anthropic.*' }] } }] },
    },
    Agent: { Type: 'AWS::Bedrock::Agent', Metadata: { 'aws:cdk:path': 'App/Agent' }, Properties: { FoundationModel: 'amazon.nova-pro-v1:0' } },
    Fn: { Type: 'AWS::Lambda::Function', Properties: { Role: 'chat', Environment: { Variables: { MODEL: 'us.amazon.nova-pro-v1:0', BEDROCK_REGION: 'us-west-2' } } } },
  },
};

const isText = (part: unknown) => typeof part === 'string';
const unprintable = (text: string) => text.match(/(?!\n)[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu) ?? [];

/** Checks that find unescaped text in an output, by its format. */
const CHECKS: { readonly [format: string]: (out: string) => unknown } = {
  table: unprintable,
  json: (out) => { JSON.parse(out); return unprintable(out); },
  yaml: unprintable,
  markdown: (out) => [
    ...unprintable(out),
    ...out.match(/(?<!\\)(<img|`|\[a)|https?:\/\/|www\.|@evil|#123|GH-1|(?<!\\)&lt;/gi) ?? [],
    // A cell that breaks out of its column gives its row more borders than the heading has.
    ...out.split('\n\n').filter((block) => /^\|/.test(block)).flatMap((block) => {
      const borders = block.trimEnd().split('\n').map((line) => line.match(/(?<!\\)\|/g)?.length ?? 0);
      return borders.some((count) => count !== borders[0]) ? [block] : [];
    }),
  ],
  csv: (out) => [
    ...out.match(/(?!\r\n)(?<!\r)[\p{Cc}\u202e]/gu) ?? [],
    ...(parse(out) as string[][]).flat().filter((cell) => /^\s*[=+\-@]/.test(cell)),
  ],
};

interface Case {
  readonly command: readonly string[];
  readonly formats: readonly string[];
}

/** Runs each command in each format on a file with one hostile text, and finds outputs that do not escape it. */
async function leaks(
  content: object, place: Place, cases: readonly Case[], name: string,
): Promise<{ readonly bad: string[]; readonly outputs: number }> {
  const bad: string[] = [];
  let outputs = 0;
  for (const text of [HOSTILE, ON_ONE_LINE]) {
    folder.write(name, withAt(content, place, text));
    for (const { command, formats } of cases) {
      for (const format of formats) {
        const args = format === 'yaml' ? command : [...command, '--format', format];
        const { code, out, err } = await runInProcess(...args);
        const found = [CHECKS.table(err), ...(out === '' ? [] : [CHECKS[format](out)])].flat();
        if (found.length > 0 || err.includes('internal error')) bad.push(`${placeText(place)}: ${args.join(' ')}: ${JSON.stringify(found)} ${err}`);
        if (code !== 2) outputs++;
      }
    }
  }
  return { bad, outputs };
}

const report = `${folder.path}/report.json`;
const usage = `${folder.path}/usage.json`;
const book = `${folder.path}/book.json`;
folder.write('own.json', USAGE);
const own = `${folder.path}/own.json`;
const template = `${folder.path}/template.json`;

const ON_REPORT: readonly Case[] = [
  { command: ['report', report], formats: formatsOf('report') },
  { command: ['check', report], formats: formatsOf('check') },
  { command: ['usage', 'init', report], formats: ['yaml'] },
];
const ON_USAGE: readonly Case[] = [
  { command: ['estimate', usage], formats: formatsOf('estimate') },
  { command: ['compare', usage], formats: formatsOf('compare') },
  { command: ['advise', usage], formats: formatsOf('advise') },
];
const ON_BOOK: readonly Case[] = [
  { command: ['estimate', own, '--price-book', book], formats: formatsOf('estimate') },
  { command: ['compare', own, '--price-book', book], formats: formatsOf('compare') },
  { command: ['prices', 'list', '--price-book', book], formats: formatsOf('prices', 'list') },
  { command: ['prices', 'show', 'example.model', '--price-book', book], formats: formatsOf('prices', 'show') },
  { command: ['prices', 'verify', '--price-book', book], formats: formatsOf('prices', 'verify') },
  { command: ['prices', 'diff', 'embedded', book], formats: formatsOf('prices', 'diff') },
];

const ON_TEMPLATE: readonly Case[] = [{ command: ['scan', template], formats: formatsOf('scan') }];

/** Commands that read AWS's price list. */
const ON_PRICE_LIST = ['prices import', 'prices refresh'];

test('every command with formats is tried', () => {
  const tried = [...[...ON_REPORT, ...ON_USAGE, ...ON_BOOK, ...ON_TEMPLATE].map(({ command }) => command.join(' ')), ...ON_PRICE_LIST];
  const untried = COMMANDS.map(({ words }) => words).filter((words) => formatsOf(...words).length > 0 && !tried.some((line) => line.startsWith(words.join(' '))));
  expect(untried).toEqual([]);
});

test.each<[string, object, readonly Case[], string, number]>([
  // The last number is the minimum number of outputs. Other fields accept only certain texts and refuse a hostile one.
  ['report', fullReport(), ON_REPORT, 'report.json', 300],
  ['usage file', USAGE, ON_USAGE, 'usage.json', 80],
  ['price book', BOOK, ON_BOOK, 'book.json', 50],
  ['template', TEMPLATE, ON_TEMPLATE, 'template.json', 40],
])('no text of a %s reaches an output as more than text', async (_, content, cases, name, expected) => {
  const bad: string[] = [];
  let outputs = 0;
  for (const place of everyNth(5, placesOf(content, isText))) {
    const found = await leaks(content, place, cases, name);
    bad.push(...found.bad);
    outputs += found.outputs;
  }
  expect(bad).toEqual([]);
  expect(outputs).toBeGreaterThan(isQuick ? -1 : expected);
});

test.each([
  ['the terminal', oneLine, 'a\u001b[31mb\u202ec\ud800d', 'a [31mb c\ufffdd'],
  ['Markdown', markdownText, 'a|b <i> https://x.y www.x.y @me #1 GH-2 &lt;', 'a\\|b \\<i\\> https:\u2060//x.y www\u2060.x.y @\u2060me \\#\u20601 GH-\u20602 \\&lt;'],
  ['Markdown', markdownText, '- a', '\\- a'],
  ['Markdown', markdownText, '1. a', '1\\. a'],
  ['CSV', csvCell, '=1+1', '\'=1+1'],
  ['CSV', csvCell, ' @x', '\' @x'],
  ['CSV', csvCell, 'a;=1', '"a;=1"'],
  ['CSV', csvCell, 'a\r\nb "c"', '"a b ""c"""'],
  ['JSON', jsonText, 'a\u009b\u202e\n', '"a\\u009b\\u202e\\n"\n'],
])('a text for %s', (_, sanitize, text, expected) => {
  expect(sanitize(text)).toBe(expected);
});

import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import * as ts from 'typescript';
import { MESSAGES } from '../src/messages';

const messages = Object.values(MESSAGES);

/** The texts that errors of these names are made of, `$` for each value in them. */
function errorTexts(file: string, names: readonly string[]): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if ((ts.isNewExpression(node) || ts.isCallExpression(node)) && names.includes(node.expression.getText())) {
      found.push(...(node.arguments ?? []).map(textOf).filter((text) => text !== undefined && / /.test(text)) as string[]);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true));
  return found;
}

function textOf(node: ts.Expression): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node)) return node.head.text + node.templateSpans.map(({ literal }) => `$${literal.text}`).join('');
  if (!ts.isBinaryExpression(node)) return undefined;
  return `${textOf(node.left) ?? '$'}${textOf(node.right) ?? '$'}`;
}

describe('the registry of messages', () => {
  test('holds these ids: a published id never changes and never goes', () => {
    expect(messages.map(({ id }) => id).sort()).toEqual([
      'bedrock-cost-acknowledgement-without-effect',
      'bedrock-cost-batch-below-minimum', 'bedrock-cost-batch-jobs-differ',
      'bedrock-cost-book-contradiction',
      'bedrock-cost-book-dear-batch',
      'bedrock-cost-book-dear-cache',
      'bedrock-cost-book-dear-global',
      'bedrock-cost-book-from-the-future',
      'bedrock-cost-book-no-day',
      'bedrock-cost-book-not-in-force',
      'bedrock-cost-book-old-source',
      'bedrock-cost-book-one-sided',
      'bedrock-cost-book-outlier',
      'bedrock-cost-book-review-due',
      'bedrock-cost-book-too-old',
      'bedrock-cost-book-undated',
      'bedrock-cost-book-zero-price',
      'bedrock-cost-budget-accepted',
      'bedrock-cost-budget-covers-nothing',
      'bedrock-cost-budget-exceeded',
      'bedrock-cost-budget-incomplete',
      'bedrock-cost-budget-near',
      'bedrock-cost-budget-tag-missing',
      'bedrock-cost-business-hours-saving',
      'bedrock-cost-commitment-not-acknowledged',
      'bedrock-cost-commitment-outlives-model',
      'bedrock-cost-commitment-price-unknown',
      'bedrock-cost-estimate',
      'bedrock-cost-highest-price-counts',
      'bedrock-cost-invalid-input',
      'bedrock-cost-legacy-model',
      'bedrock-cost-limit-exceeded',
      'bedrock-cost-missing-price',
      'bedrock-cost-model-ended',
      'bedrock-cost-model-ends-soon',
      'bedrock-cost-model-not-offered',
      'bedrock-cost-nobody-notified',
      'bedrock-cost-not-billed-here',
      'bedrock-cost-not-in-region',
      'bedrock-cost-not-stoppable', 'bedrock-cost-not-watched',
      'bedrock-cost-price-review-due',
      'bedrock-cost-prices-in-the-future',
      'bedrock-cost-prices-too-old',
      'bedrock-cost-prices-undated',
      'bedrock-cost-renewal-not-announced',
      'bedrock-cost-role-without-room',
      'bedrock-cost-run-above-maximum',
      'bedrock-cost-schedule-failures-not-notified',
      'bedrock-cost-small-discount',
      'bedrock-cost-stack-table',
      'bedrock-cost-stop-does-not-reach',
      'bedrock-cost-stop-watches-nothing',
      'bedrock-cost-substitute-topic',
      'bedrock-cost-tag-refused',
      'bedrock-cost-template-differs',
      'bedrock-cost-template-too-large',
      'bedrock-cost-throughput-break-even',
      'bedrock-cost-throughput-dry-run',
      'bedrock-cost-throughput-failures-not-notified',
      'bedrock-cost-throughput-too-large',
      'bedrock-cost-throughput-too-small',
      'bedrock-cost-too-many-resources',
      'bedrock-cost-type-not-in-region',
      'bedrock-cost-unknown-acknowledgement',
      'bedrock-cost-unknown-context-key',
      'bedrock-cost-unknown-prop',
      'bedrock-cost-unknown-region',
      'bedrock-cost-unknown-usage',
      'bedrock-cost-unpriced-usage',
      'bedrock-cost-unused-rates',
      'bedrock-cost-unused-region',
      'bedrock-cost-unused-workload',
    ]);
  });

  test.each(messages.map((message) => [message.id, message]))('%s can be acknowledged and read', (id, { when, fix }) => {
    expect(id).not.toContain('::');
    expect(when).not.toMatch(/\.$/);
    expect(when.length).toBeGreaterThan(10);
    // Whole sentences: a capital or a code word first, a full stop last.
    expect(fix).toMatch(/^([A-Z]|[a-z]+[A-Z])/);
    expect(fix).toMatch(/[^.]\.$/);
    expect(fix).not.toMatch(/; |\. [a-z]+ /);
  });
});

describe('errors have one style', () => {
  const SRC = join(__dirname, '..', 'src');
  const files = readdirSync(SRC, { recursive: true }).map(String).filter((file) => file.endsWith('.ts'));

  const OLD_STYLE = /is not allowed; expected|; expected |; fix|return 'nothing'|; allowed: |; to change: |to do: |; nothing was (bought|submitted)/;

  test('no text of an older style is left', () => {
    const old = files.flatMap((file) => readFileSync(join(SRC, file), 'utf8').split('\n')
      .map((line, i) => ({ place: `${file}:${i + 1}`, line }))
      .filter(({ line }) => OLD_STYLE.test(line)));
    expect(files.length).toBeGreaterThan(200);
    expect(old).toEqual([]);
  });

  /** The errors that people read: of the command line, of price lists, of the functions that buy, and of batch runs. */
  const ERRORS: readonly string[] = ['InputError', 'FileError', 'Refusal', 'UsageFileError', 'invalidInput'];
  const REMEDY = /[:;] (set|deploy|choose|give|check|look|open|remove|run|use|raise|start|redrive|name|write|save|download|wait) /;

  test('each error is made of whole sentences, and its remedy is one of them', () => {
    // A stop reports its results in a list, a line without a full stop for each.
    const texts = files.filter((file) => !file.includes('stop-spending/')).flatMap((file) => errorTexts(join(SRC, file), ERRORS).map((text) => ({ file, text })));
    expect(texts.length).toBeGreaterThan(70);
    expect(texts.filter(({ text }) => !/([.?]|\$)$/.test(text))).toEqual([]);
    expect(texts.filter(({ text }) => REMEDY.test(text))).toEqual([]);
  });
});

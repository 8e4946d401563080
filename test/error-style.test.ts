import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import * as ts from 'typescript';
import { PricingError } from '../src/input/error';
import { MESSAGES } from '../src/messages';

// The style of every error and finding: `<path>: <prop>: <what is wrong>, got <value>. <What to do>.`

const SRC = join(__dirname, '..', 'src');

/** A text of the sources, `$` for each value in it. */
interface Text {
  readonly file: string;
  readonly text: string;
}

/** The role of a text in its message. */
type Part = 'allowed' | 'problem' | 'fix' | 'finding' | 'error';

function textOf(node: ts.Expression | undefined): string | undefined {
  if (!node) return undefined;
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node)) return node.head.text + node.templateSpans.map(({ literal }) => `$${literal.text}`).join('');
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return undefined;
  return `${textOf(node.left) ?? '$'}${textOf(node.right) ?? '$'}`;
}

/** The arguments that are texts, by the name of the called function. */
function partsOf(name: string, args: readonly ts.Expression[]): ReadonlyArray<readonly [Part, ts.Expression | undefined]> {
  if (name === 'PricingError') return [['allowed', args[2]], ['fix', args[3]]];
  if (name === 'PricingError.about') return [['problem', args[1]], ['fix', args[2]]];
  if (name === 'addFinding' && args[1]?.getText().startsWith('MESSAGES.')) return [['finding', args[2]], ['fix', args[3]]];
  if (name === 'refusal') return [['finding', args[1]], ['fix', args[2]]];
  return name === 'Error' || name === 'TypeError' || name === 'RangeError' ? [['error', args[0]]] : [];
}

function partsOfFile(file: string): ReadonlyArray<Text & { readonly part: Part }> {
  const found: Array<Text & { readonly part: Part }> = [];
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) || ts.isCallExpression(node)) {
      for (const [part, argument] of partsOf(node.expression.getText(), node.arguments ?? [])) {
        const text = textOf(argument);
        if (text) found.push({ file, part, text });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(join(SRC, file), 'utf8'), ts.ScriptTarget.ES2022, true));
  return found;
}

const FILES = readdirSync(SRC, { recursive: true }).map(String).filter((file) => file.endsWith('.ts'));
const TEXTS = FILES.flatMap(partsOfFile);
const ofPart = (part: Part, isOf: (file: string) => boolean = () => true) => TEXTS.filter((text) => text.part === part && isOf(text.file));

/** Verbs that a remedy begins with. */
const VERBS = [
  'Acknowledge', 'Add', 'Apply', 'Buy', 'Call', 'Change', 'Check', 'Choose', 'Compare', 'Correct', 'Cover', 'Create', 'Delete', 'Deploy',
  'Describe', 'Get', 'Give', 'Grant', 'Keep', 'Leave', 'Let', 'List', 'Lower', 'Make', 'Merge', 'Move', 'Name', 'Pass', 'Plan', 'Put',
  'Raise', 'Read', 'Redrive', 'Remove', 'Rename', 'Run', 'Save', 'Set', 'Shorten', 'Split', 'Start', 'State', 'Subscribe', 'Synthesize',
  'Update', 'Use', 'Wait', 'Write',
];
const IMPERATIVE = new RegExp(`^(${VERBS.join('|')})\\b|^(Did you mean|Nothing to do|\\$)`);
const CONJUGATED = /^(is|has|must|requires|names|cannot|can|needs|does) /;
const WHOLE_SENTENCES = /^(\$|[A-Z][a-z]|[a-z]+[A-Z]|`)[^]*[.?]$/;

/** Texts that are still to be reworded, by their beginnings. */
const EXCEPTIONS: readonly string[] = [
  'AWS Budgets and Lambda do not publish to FIFO topics',
  'It is the first day on which the rate no longer holds',
  'The SSM parameter $, which has the amounts of the month, does not exist',
  'to buy it, set acknowledgeCommitmentUsd',
  'trainingImages and trainingHours are counted over the whole training',
];

const violations = (texts: readonly Text[], isRight: (text: string) => boolean) =>
  texts.filter(({ text }) => !isRight(text) && !EXCEPTIONS.some((beginning) => text.startsWith(beginning))).map(({ file, text }) => `${file}: ${text}`);

describe('the style of errors', () => {
  test('is that of the sentences of PricingError', () => {
    expect(new PricingError('maxAttempts', 0, 'a whole number from 1 to 9').message).toBe('maxAttempts must be a whole number from 1 to 9, got 0.');
    expect(new PricingError('monthlyLimitUsd', undefined, 'a number above 0').message).toBe('monthlyLimitUsd is required. Set a number above 0.');
    expect(PricingError.about('vpcSubnets', 'requires vpc', 'Set vpc.').in('Chat/Nightly: ').message).toBe('Chat/Nightly: vpcSubnets requires vpc. Set vpc.');
  });

  test('reads the sources', () => {
    const counts = (['allowed', 'problem', 'fix', 'finding', 'error'] as const).map((part) => ofPart(part).length);
    expect(counts.map((count, i) => count >= [60, 20, 25, 20, 20][i])).toEqual(counts.map(() => true));
  });

  test('an allowed value completes "<field> must be ..."', () => {
    expect(violations(ofPart('allowed'), (text) => !/^(must|be|expected|is|are|not) |[.;]$|; /.test(text))).toEqual([]);
  });

  test('a problem completes "<field> ...": a verb first, no full stop last', () => {
    expect(violations(ofPart('problem'), (text) => CONJUGATED.test(text) && !/[.;]$|; |expected/.test(text))).toEqual([]);
  });

  test('a finding is a sentence without its full stop, which is added where it is shown', () => {
    expect(violations(ofPart('finding'), (text) => !/[.;]$|; |expected/.test(text))).toEqual([]);
  });

  test('a remedy is one or more whole sentences', () => {
    expect(violations(ofPart('fix'), (text) => WHOLE_SENTENCES.test(text))).toEqual([]);
  });

  test('a remedy begins with what to do', () => {
    expect(violations(ofPart('fix'), (text) => IMPERATIVE.test(text))).toEqual([]);
  });

  test.each(Object.values(MESSAGES).map(({ id, fix }) => [id, fix]))('the remedy of %s begins with what to do', (_, fix) => {
    expect(violations([{ file: 'messages.ts', text: fix }], (text) => IMPERATIVE.test(text))).toEqual([]);
  });

  test('an error at synth names the construct, the problem and the remedy', () => {
    expect(violations(ofPart('error', (file) => !file.startsWith('lambda/')), (text) => /^(\$: |[A-Z]\w+\.\w+ )[^]+\. [A-Z][^]+\.$/.test(text))).toEqual([]);
  });

  test('an error of a function is made of whole sentences', () => {
    expect(violations(ofPart('error', (file) => file.startsWith('lambda/')), (text) => /^(\$|[A-Za-z])[^]*(\.|\$)$/.test(text))).toEqual([]);
  });

  test('no error is a TypeError or RangeError', () => {
    expect(FILES.filter((file) => /new (TypeError|RangeError)\(/.test(readFileSync(join(SRC, file), 'utf8')))).toEqual([]);
  });

  test('every exception is used', () => {
    const all = [...TEXTS.map(({ text }) => text), ...Object.values(MESSAGES).map(({ fix }) => fix)];
    expect(EXCEPTIONS.filter((beginning) => !all.some((text) => text.startsWith(beginning)))).toEqual([]);
  });
});

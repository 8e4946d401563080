import { TextlintKernel, type TextlintKernelPlugin, type TextlintKernelRule } from '@textlint/kernel';
import * as markdown from '@textlint/textlint-plugin-markdown';
import type { Group, Text } from './texts';

/** A rule of tools/prose/rules.yaml. */
export interface ProseRule {
  readonly id: string;
  readonly pattern: string;
  readonly write: string;
  readonly of?: readonly Group[];
  readonly finds: readonly string[];
  readonly passes: readonly string[];
}

export interface Finding {
  readonly rule: string;
  readonly group: Group;
  readonly file: string;
  readonly line: number;
  readonly found: string;
}

/** A sentence is longer than this only if it can be split. */
const LONGEST_SENTENCE = 40;
export const SENTENCE_LENGTH = 'sentence-length';

/** A paragraph's text without its code and addresses, so that positions in it are those of the file. */
function proseOf(node: any): string {
  const [start] = node.range;
  let text: string = node.raw;
  const blank = (from: number, to: number): void => {
    text = text.slice(0, from - start) + text.slice(from - start, to - start).replace(/[^\n]/g, '_') + text.slice(to - start);
  };
  const visit = ({ type, range: [from, to], children = [] }: any): void => {
    if (['Code', 'Html', 'Image'].includes(type)) blank(from, to);
    if (type === 'Link') blank(children.at(-1)?.range[1] ?? from, to);
    children.forEach(visit);
  };
  visit(node);
  return text;
}

/** A rule of textlint that reports every match of a pattern in a paragraph, a heading or a cell of a table. */
function patternRule({ id, pattern, write }: ProseRule): TextlintKernelRule {
  const regExp = new RegExp(pattern.replace(/ /g, '\\s+'), 'gi');
  return {
    ruleId: id,
    rule: ({ report, RuleError, Syntax }: any) => {
      const find = (node: any) => {
        for (const match of proseOf(node).matchAll(regExp)) {
          report(node, new RuleError(`"${match[0].replace(/\s+/g, ' ')}": write ${write}`, { index: match.index }));
        }
      };
      return { [Syntax.Paragraph]: find, [Syntax.Header]: find, [Syntax.TableCell]: find };
    },
  };
}

const sentenceLength: TextlintKernelRule = {
  ruleId: SENTENCE_LENGTH,
  rule: ({ report, RuleError, Syntax }: any) => ({
    [Syntax.Paragraph](node: any) {
      for (const match of proseOf(node).matchAll(/[^\s][^]*?(?:[.?!:](?=\s|$)|$)/g)) {
        const words = match[0].trim().split(/\s+/).length;
        if (words > LONGEST_SENTENCE) report(node, new RuleError(`${words} words in a sentence: write two`, { index: match.index }));
      }
    },
  }),
};

const kernel = new TextlintKernel();
const plugins: TextlintKernelPlugin[] = [{ pluginId: 'markdown', plugin: markdown.default }];

/** The findings of the rules in a text. */
export async function lint({ file, group, text, lines }: Text, rules: readonly ProseRule[]): Promise<readonly Finding[]> {
  if (text.trim() === '') return [];
  const ofGroup = rules.filter(({ of }) => !of || of.includes(group)).map(patternRule);
  const { messages } = await kernel.lintText(text, { ext: '.md', filePath: file, plugins, rules: [...ofGroup, sentenceLength] });
  return messages.map(({ ruleId, line, message }) => ({ rule: ruleId, group, file, line: lines?.[line - 1] ?? line, found: message }));
}

import { readFileSync } from 'fs';
import { join } from 'path';
import { parse } from 'yaml';
import { lint, SENTENCE_LENGTH, type ProseRule } from '../../../tools/prose/lint';
import { textsOf, type Group } from '../../../tools/prose/texts';

const RULES: readonly ProseRule[] = parse(readFileSync(join(__dirname, '../../../tools/prose/rules.yaml'), 'utf8'));
const [NO_STAND] = RULES.filter(({ id }) => id === 'stands');

const found = async (text: string, rules: readonly ProseRule[] = RULES, group: Group = 'docstrings') =>
  (await lint({ file: 'page.md', group, text }, rules)).map(({ rule, line }) => `${line} ${rule}`);

describe('the rules of prose', () => {
  test.each(RULES.flatMap((rule) => rule.finds.map((sentence) => [rule.id, sentence, rule] as const)))('%s finds: %s', async (id, sentence, rule) => {
    expect(await found(sentence, [rule])).toContain(`1 ${id}`);
  });

  test.each(RULES.flatMap((rule) => rule.passes.map((sentence) => [rule.id, sentence] as const)))('%s passes: %s', async (_, sentence) => {
    expect(await found(sentence)).toEqual([]);
  });

  test('a rule with "of" is for its groups alone', async () => {
    expect(await found('How a budget works.', RULES, 'readme')).toEqual([]);
    expect(await found('How a budget works.', RULES, 'comments')).toEqual(['1 clause-first']);
  });

  test.each([[40, []], [41, [`1 ${SENTENCE_LENGTH}`]]])('a sentence of %i words', async (words, expected) => {
    expect(await found(`${'word '.repeat(words).trim()}. And another one.`)).toEqual(expected);
  });

  test('code, links and HTML are not read; headings, lists and tables are', async () => {
    expect(await found('Run `it stands` in [a page](https://stands.example) <!-- stands -->.\n\n```ts\nstands\n```\n', [NO_STAND])).toEqual([]);
    expect(await found('# It stands\n\n- it stands\n\n| a | b |\n|---|---|\n| c | it stands |\n', [NO_STAND])).toEqual(['1 stands', '3 stands', '7 stands']);
  });
});

describe('the texts of a source', () => {
  const SOURCE = [
    '/** It stands here. */',
    'const a = 1; // It stands here.',
    '// eslint-disable-next-line stands',
    '/**',
    ' * A summary that',
    ' * stands on two lines.',
    ' *',
    ' * @param a what stands',
    ' * @default - it stands',
    ' * @see https://stands.example',
    ' * @example',
    ' * stands();',
    ' */',
    "const text = 'stands';",
  ].join('\n');

  const inTexts = async (file: string, source: string) =>
    (await Promise.all(textsOf(file, source).map((text) => lint(text, [NO_STAND])))).flat().map(({ group, line }) => `${group} ${line}`);

  test('are its docstrings and comments, by their lines', async () => {
    expect(await inTexts('src/a.ts', SOURCE)).toEqual(['docstrings 1', 'docstrings 6', 'docstrings 8', 'docstrings 9', 'comments 2']);
  });

  test('are the strings of its code that are sentences, without the values in them', async () => {
    const source = ["const a = 'it stands';", "const b = 'the cost stands in the report';", 'const c = `${stands} is a number of dollars`; // a b'].join('\n');
    expect(await inTexts('src/a.ts', source)).toEqual(['texts 2']);
  });

  test('are the texts of messages', async () => {
    const source = ["  when: 'a budget stands',", '  fix: "Let it stand.",', "  id: 'stands',"].join('\n');
    expect(await inTexts('src/messages.ts', source)).toEqual(['messages 1', 'messages 2']);
  });

  test('are the titles of tests', async () => {
    const source = [
      "describe('what stands', () => {", "  test('it stands', async () => {", "    expect('it stands').toBe(1);", "  test.each([['stands']])('it stands %s', (a) => {",
      '  ])(`it stands`, () => {', "    'it stands: %s', (a) => {",
    ].join('\n');
    expect(await inTexts('test/a.test.ts', source)).toEqual([1, 2, 4, 5, 6].map((line) => `titles ${line}`));
  });
});

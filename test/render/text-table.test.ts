import { markdownText, oneLine } from '../../src/render/sanitize';
import { alignColumns, textTable, textWidth } from '../../src/render/text-table';

test('columns are aligned, money to the right, without trailing spaces', () => {
  expect(textTable([{ title: 'Name' }, { title: 'USD', align: 'right' }, { title: 'Note' }], [['a', '$1.00', ''], ['long', '$1,000.00', 'x']], [['Total', '$1,001.00', '']])).toEqual([
    'Name         USD  Note',
    '----------------------',
    'a          $1.00',
    'long   $1,000.00  x',
    '----------------------',
    'Total  $1,001.00',
  ]);
});

test('a table without rows has its heading', () => {
  expect(textTable([{ title: 'Name' }], [])).toEqual(['Name', '----']);
});

test('an emoji takes two columns', () => {
  expect(alignColumns([{}, {}], [['\u{1F600}', 'x'], ['ab', 'x']])).toEqual(['\u{1F600}  x', 'ab  x']);
});

test.each([
  ['colours', 'a\u001b[31mb', 'a [31mb'],
  ['new lines', 'a\r\nb', 'a b'],
  ['turned writing', 'a\u202eb', 'a b'],
])('%s of a foreign text do not reach the screen', (_, text, shown) => {
  expect(oneLine(text)).toBe(shown);
});

test('markup of a foreign text is not markup', () => {
  expect(markdownText('a|b <img> [x](y) `c`')).toBe('a\\|b \\<img\\> \\[x\\](y) \\`c\\`');
});

test.each([
  'Stack0/Profile12', '1,000 requests', '$0.0165 per 1K requests', 'us.anthropic.claude-sonnet-4-6', 'amazon.nova-pro-v1:0', '43.5 %', '',
])('%j needs no escape in Markdown and stays as it is', (text) => {
  expect(markdownText(text)).toBe(text);
});

test.each([
  ['ASCII', 'abc', 3],
  ['Japanese', '\u65e5\u672c\u8a9e', 6],
  ['letters in full width', '\uff21\uff22', 4],
  ['a letter with a combining accent', 'e\u0301', 1],
  ['an emoji', '\u{1F600}', 2],
  ['a family of four, which is one emoji', '\u{1F468}\u200d\u{1F469}\u200d\u{1F467}\u200d\u{1F466}', 2],
  ['a flag', '\u{1F1E9}\u{1F1EA}', 2],
  ['a keycap', '1\ufe0f\u20e3', 2],
  ['a joiner alone', '\u200d', 0],
  ['an arrow', '\u2192', 1],
])('%s has the width that a terminal gives it', (_, text, width) => {
  expect(textWidth(text)).toBe(width);
});

test('a table with wide characters is aligned', () => {
  expect(textTable([{ title: 'Name' }, { title: 'USD', align: 'right' }], [['\u65e5\u672c\u8a9e', '$1'], ['plain', '$2']])).toEqual([
    'Name    USD',
    '-----------',
    '\u65e5\u672c\u8a9e   $1',
    'plain    $2',
  ]);
});

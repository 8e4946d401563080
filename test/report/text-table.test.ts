import { alignColumns, markdownText, oneLine, textTable } from '../../src/report/text-table';

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

test('characters beyond 16 bits count once', () => {
  expect(alignColumns([{}, {}], [['\u{1F600}', 'x'], ['ab', 'x']])).toEqual(['\u{1F600}   x', 'ab  x']);
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

import { MAX_NESTING } from '../../src/input/nesting';
import { jsonValue, yamlValue } from '../../src/input/yaml-value';

const DEEP = { problems: [`must not be nested more than ${MAX_NESTING} levels deep. Check that it is the right file.`] };

describe('a key that is twice in one object', () => {
  test.each([
    ['{"usd": "1", "usd": "50"}', 1, 'usd'],
    ['{"rates": [\n{"usd": "1"},\n{"usd": "1",\n"usd": "1"}]}', 4, 'usd'],
    ['{"a": {"b": 1}, "c": [{"b": 1}], "a": 2}', 1, 'a'],
    // One key, written in two ways.
    ['{"a\\"b": 1, "a\\u0022b": 2}', 1, 'a"b'],
    ['{"__proto__": 1, "__proto__": 2}', 1, '__proto__'],
    ['[{"a": ":,{}[]\\"", "a": 1}]', 1, 'a'],
  ])('is refused in JSON: %s', (text, line, key) => {
    expect(jsonValue(text)).toEqual({ problems: [`line ${line}: the field ${JSON.stringify(key)} is given twice. Keep one of them.`] });
    if (key !== '__proto__') expect(yamlValue(text)).toEqual(jsonValue(text));
  });

  test.each(['{"a": {"a": 1}, "b": [{"a": 1}, {"a": 1}]}', '{"": {"": 1}}', '"a: b: c"', '{"a": "x: y, {\\"a\\": 1}"}', '{"__proto__": {"x": 1}}', '[]', '1'])('is not in %s', (text) => {
    expect(jsonValue(text)).toEqual({ value: JSON.parse(text) });
  });
});

test.each(['0x10', '0o17', '0b1', '1e-400', '-1e-400', '0.0001e-999'])('%s would count as another number', (number) => {
  expect(yamlValue(`a: 1\nb: ${number}`)).toEqual(number === '0b1' ? { value: { a: 1, b: '0b1' } }
    : { problems: [`line 2: ${number} is not a number as it is written. Write its digits, or a text in quotes.`] });
  expect(yamlValue(`b: "${number}"`)).toEqual({ value: { b: number } });
});

test.each([['0', 0], ['0.0', 0], ['0e5', 0], ['1e3', 1000], ['1e-300', 1e-300], ['010', 10]])('%s is parsed as its number', (text, number) => {
  expect(yamlValue(`a: ${text}`)).toEqual({ value: { a: number } });
});

test.each([
  ['lists', '['.repeat(400_000)], ['mappings', '{a: '.repeat(100_000)], ['list items', '- '.repeat(200_000)], ['keys', '? '.repeat(200_000)],
  ['values', 'a: '.repeat(100_000)], ['indented mappings', Array.from({ length: 600 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
])('%s that are nested too deeply are refused before they are parsed', (_, text) => {
  const start = process.hrtime.bigint();
  expect(yamlValue(text)).toEqual(DEEP);
  // Parsing takes 5 seconds, or ends the process.
  expect(Number(process.hrtime.bigint() - start) / 1e6).toBeLessThan(1000);
});

test.each([
  ['!Ref Role', { Ref: 'Role' }],
  ['!Sub [x, { a: !Ref B }]', { 'Fn::Sub': ['x', { a: { Ref: 'B' } }] }],
  ['!Sub { a: 1 }', { 'Fn::Sub': { a: 1 } }],
])('%s is an object by the tags of a format', (text, value) => {
  expect(yamlValue(text, [], new Map([['!Ref', 'Ref'], ['!Sub', 'Fn::Sub']]))).toEqual({ value });
});

test('fails for a tag that the format does not have', () => {
  expect(yamlValue('a: !Nope x')).toEqual({ problems: [expect.stringContaining('!Nope')] });
});

test('brackets of texts and comments are no nesting', () => {
  const brackets = '['.repeat(1000);
  expect(yamlValue(`# ${brackets}\na: "${brackets}"\nb: x${brackets}\nc: |\n  ${brackets}\n`)).toEqual({ value: { a: brackets, b: `x${brackets}`, c: `${brackets}\n` } });
  const items = Array.from({ length: 1000 }, (_, i) => `- a${i}: {b: [1], c: "x: y: z"}`).join('\n');
  expect(yamlValue(items)).toEqual({ value: Array.from({ length: 1000 }, (_, i) => ({ [`a${i}`]: { b: [1], c: 'x: y: z' } })) });
  const wide = `{${Array.from({ length: 1000 }, (_, i) => `"a${i}": 1`).join(', ')}}`;
  expect(yamlValue(wide)).toEqual({ value: JSON.parse(wide) });
});

test('many problems take no longer than their number', () => {
  const start = process.hrtime.bigint();
  const parsed = yamlValue('&a '.repeat(50_000));
  expect(parsed).toMatchObject({ problems: expect.arrayContaining(['line 1, column 4: not valid YAML or JSON: A node can have at most one anchor']) });
  expect(Number(process.hrtime.bigint() - start) / 1e6).toBeLessThan(10_000);
});

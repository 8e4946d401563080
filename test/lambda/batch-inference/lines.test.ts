import { firstByteOf, Line, linesOf } from '../../../src/lambda/batch-inference/lines';
import { fc } from '../../fast-check';

const pieceOf = (content: Buffer, from = 0, to = content.length) => ({ key: 'in.jsonl', from, to, size: content.length, eTag: '"1"' });

/** A file as S3 sends it: in chunks of some size, from the first byte of the piece. */
async function* sent(content: Buffer, from: number, chunk: number): AsyncGenerator<Uint8Array> {
  for (let at = from; at < content.length; at += chunk) yield content.subarray(at, at + chunk);
}

interface Reading {
  readonly from?: number;
  readonly to?: number;
  readonly chunk?: number;
  readonly longest?: number;
}

async function read(content: Buffer, { from = 0, to = content.length, chunk = 7, longest }: Reading = {}): Promise<Line[]> {
  const piece = pieceOf(content, from, to);
  const lines: Line[] = [];
  for await (const line of linesOf(piece, sent(content, firstByteOf(piece), chunk), longest)) lines.push(line);
  return lines;
}
const texts = async (content: string, options?: Reading) =>
  (await read(Buffer.from(content), options)).map((line) => line.content);

test.each([
  ['lines that end', 'a\nb\n', ['a', 'b']],
  ['a last line that does not end', 'a\nb', ['a', 'b']],
  ['lines that end as on Windows', 'a\r\nb\r\n', ['a', 'b']],
  ['empty lines, which count', 'a\n\n\nb', ['a', '', '', 'b']],
  ['a mark of UTF-8 at the beginning, and only there', '\ufeffa\n\ufeffb', ['a', '\ufeffb']],
  ['a mark that comes in several chunks', '\ufeff', ['']],
  ['characters that other programs take for ends of lines', '"a\u2028b\u0085c"\n"d\u000be"', ['"a\u2028b\u0085c"', '"d\u000be"']],
  ['nothing', '', []],
])('reads %s', async (_, content, lines) => {
  expect(await texts(content, { chunk: 1 })).toEqual(lines);
  expect(await texts(content, { chunk: 1000 })).toEqual(lines);
});

test.each([
  // The line b begins at byte 2.
  ['before a line', 2, ['a'], ['b']],
  ['within a line', 3, ['a', 'b'], []],
  ['at the end of a line', 1, ['a'], ['b']],
])('a cut %s gives each line once', async (_, cut, first, second) => {
  expect(await texts('a\nb\n', { to: cut })).toEqual(first);
  expect(await texts('a\nb\n', { from: cut })).toEqual(second);
});

test('a line that is longer than a piece belongs to the piece that it begins in, not to the next one', async () => {
  const content = `${'x'.repeat(50)}\ny\n`;
  expect(await texts(content, { to: 10 })).toEqual(['x'.repeat(50)]);
  expect(await texts(content, { from: 10, to: 20 })).toEqual([]);
  expect(await texts(content, { from: 20 })).toEqual(['y']);
});

test('fails for a line that is too long, without keeping it, and reads on', async () => {
  expect(await read(Buffer.from(`aaaa\n${'b'.repeat(5)}\ncccc\n`), { longest: 4 })).toEqual([
    { line: 1, bytes: 4, content: 'aaaa' },
    { line: 2, bytes: 5, problem: 'the line is longer than 4 bytes, above the maximum request of any model' },
    { line: 3, bytes: 4, content: 'cccc' },
  ]);
});

test('fails for a line that is not UTF-8, whose characters would change', async () => {
  expect(await read(Buffer.from([0x61, 0xe4, 0x0a, 0x62]))).toEqual([{ line: 1, bytes: 2, problem: 'the line is not UTF-8' }, { line: 2, bytes: 1, content: 'b' }]);
});

test('property: the pieces of a file contain each line once, in order, with any cuts and chunks', async () => {
  const line = fc.string({ unit: fc.constantFrom('a', 'é', '😀', '\r', ' '), maxLength: 12 });
  const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 });
  const chunks = fc.integer({ min: 1, max: 9 });
  await fc.assert(fc.asyncProperty(fc.array(line, { maxLength: 20 }), fc.boolean(), shares, chunks, async (lines, ends, at, chunk) => {
    const content = lines.join('\n') + (ends && lines.length > 0 ? '\n' : '');
    const size = Buffer.byteLength(content);
    const cuts = [0, ...at.map((share) => Math.floor(share * size)).sort((a, b) => a - b), size];
    const pieces: (string | undefined)[] = [];
    for (const [i, from] of cuts.slice(0, -1).entries()) {
      if (cuts[i + 1] > from) pieces.push(...await texts(content, { from, to: cuts[i + 1], chunk }));
    }
    expect(pieces).toEqual(await texts(content));
    const expected = content.split('\n').map((text) => text.replace(/\r$/, ''));
    expect(pieces).toEqual(content === '' || content.endsWith('\n') ? expected.slice(0, -1) : expected);
  }), { numRuns: 300 });
});

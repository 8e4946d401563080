import { slicesOf } from '../../../src/lambda/batch-inference/slices';
import { fc } from '../../fast-check';

const file = (key: string, size: number) => ({ key, size, eTag: `"${key}"` });
const places = (sizes: readonly number[], sliceBytes: number, whole = false) =>
  slicesOf(sizes.map((size, i) => file(`f${i}`, size)), whole, sliceBytes).map(({ pieces }) => pieces.map(({ key, from, to }) => `${key} ${from}-${to}`));

test('small files share a slice, in their order', () => {
  expect(places([40, 60, 1, 99], 100)).toEqual([['f0 0-40', 'f1 0-60'], ['f2 0-1', 'f3 0-99']]);
});

test('a large file is split', () => {
  expect(places([250], 100)).toEqual([['f0 0-100'], ['f0 100-200'], ['f0 200-250']]);
});

test('a file that can only be read from its beginning is not split', () => {
  expect(places([250, 10], 100, true)).toEqual([['f0 0-250'], ['f1 0-10']]);
});

test('no files have no slices', () => {
  expect(slicesOf([], false)).toEqual([]);
});

test('a slice fits into the input of a state, with any names of its files', () => {
  const slices = slicesOf(Array.from({ length: 1000 }, (_, i) => file(`${'x'.repeat(1000)}${i}`, 1)), false);
  for (const slice of slices) expect(JSON.stringify(slice).length).toBeLessThan(128_000);
  expect(slices.flatMap(({ pieces }) => pieces)).toHaveLength(1000);
});

test('fails for more slices than ids have room for', () => {
  // 36 x 36 x 36 = 46,656
  expect(() => slicesOf([file('f', 46_657)], false, 1)).toThrow('at most 46656 slices, got 46657.');
  expect(slicesOf([file('f', 46_656)], false, 1)).toHaveLength(46_656);
});

test('property: slices contain each byte once, in order', () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 500 }), { maxLength: 30 }), fc.integer({ min: 1, max: 300 }), (sizes, sliceBytes) => {
    const pieces = slicesOf(sizes.map((size, i) => file(`f${i}`, size)), false, sliceBytes).flatMap((slice) => slice.pieces);
    for (const [i, size] of sizes.entries()) {
      const ofFile = pieces.filter(({ key }) => key === `f${i}`);
      expect(ofFile[0].from).toBe(0);
      expect(ofFile.at(-1)!.to).toBe(size);
      ofFile.slice(1).forEach(({ from }, n) => expect(from).toBe(ofFile[n].to));
    }
    expect(pieces.map(({ key }) => Number(key.slice(1)))).toEqual(pieces.map(({ key }) => Number(key.slice(1))).sort((a, b) => a - b));
  }));
});

import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { didYouMean, didYouMeanOneOf } from '../../src/input/nearest';

test.each([
  ['reqestsPerMonth', ['requestsPerMonth', 'inputTokensPerRequest'], 1, 'Did you mean requestsPerMonth?'],
  ['us-west', ['us-west-1', 'us-west-2', 'eu-central-1'], 3, 'Did you mean us-west-1 or us-west-2?'],
  ['qqqqqq', ['requestsPerMonth'], 1, undefined],
  ['input', ['input', 'output'], 1, undefined],
  ['', ['input'], 1, undefined],
])('after %j of %j, %i at most: %j', (name, known, count, question) => {
  expect(didYouMean(name, known, count)).toBe(question);
});

test('a long name is compared by its beginning', () => {
  expect(didYouMean('x'.repeat(1_000_000), ['requestsPerMonth'])).toBeUndefined();
});

test('names that were found elsewhere are listed', () => {
  expect([didYouMeanOneOf([]), didYouMeanOneOf(['a', 'b'])]).toEqual([undefined, 'Did you mean a or b?']);
});

test('no other file writes the question by hand', () => {
  const src = join(__dirname, '../../src');
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const writers = files.filter((file) => /did you mean \$\{/i.test(readFileSync(join(src, file), 'utf8')));
  expect(writers).toEqual(['input/nearest.ts']);
});

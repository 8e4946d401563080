import { existsSync, readFileSync } from 'fs';
import { resolve } from 'path';
import { crossCheckPage, messagesPage } from '../tools/build-docs';

const ROOT = resolve(__dirname, '..');

test('docs/messages.md is current', () => {
  expect(readFileSync(resolve(ROOT, 'docs/messages.md'), 'utf8')).toBe(messagesPage());
});

test('docs/cross-check.md is current', () => {
  expect(readFileSync(resolve(ROOT, 'docs/cross-check.md'), 'utf8')).toBe(crossCheckPage());
});

test('the README counts prices and agreements as the pages that are counted do', () => {
  const [readme, prices, crossCheck] = ['README.md', 'docs/prices.md', 'docs/cross-check.md'].map((path) => readFileSync(resolve(ROOT, path), 'utf8'));
  const [, count, models] = /holds ([\d,]+) list prices in US dollars of (\d+) models/.exec(prices)!;
  const [, compared, agree] = /(\d+) prices compared: (\d+) agree/.exec(crossCheck)!;
  expect(readme).toContain(`${count} prices of ${models} models`);
  expect(readme).toContain(`${agree} of ${compared} agree`);
});

test('every file that the README names is there', () => {
  const readme = readFileSync(resolve(ROOT, 'README.md'), 'utf8');
  // Absolute links, so that they hold in the installed package, too.
  const named = [...readme.matchAll(/\/(?:blob|tree)\/main\/([^)#]+)\)|(schemas\/[\w.-]+\.json)/g)].map(([, link, schema]) => link ?? schema);
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((path) => !existsSync(resolve(ROOT, path)))).toEqual([]);
});

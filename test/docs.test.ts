import { existsSync, readFileSync } from 'fs';
import { resolve } from 'path';
import { messagesPage } from '../tools/build-docs';

const ROOT = resolve(__dirname, '..');

test('docs/messages.md is current', () => {
  expect(readFileSync(resolve(ROOT, 'docs/messages.md'), 'utf8')).toBe(messagesPage());
});

test('the README counts prices as the page of prices does', () => {
  const [readme, prices] = ['README.md', 'docs/prices.md'].map((path) => readFileSync(resolve(ROOT, path), 'utf8'));
  const [, count, models] = /holds ([\d,]+) list prices in US dollars of (\d+) models/.exec(prices)!;
  expect(readme).toContain(`${count} prices of ${models} models`);
});

test('every file that the README names is there', () => {
  const readme = readFileSync(resolve(ROOT, 'README.md'), 'utf8');
  // Absolute links, so that they hold in the installed package, too.
  const named = [...readme.matchAll(/\/(?:blob|tree)\/main\/([^)#]+)\)|(schemas\/[\w.-]+\.json)/g)].map(([, link, schema]) => link ?? schema);
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((path) => !existsSync(resolve(ROOT, path)))).toEqual([]);
});

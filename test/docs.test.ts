import { existsSync, readdirSync, readFileSync } from 'fs';
import { resolve } from 'path';
import { knownNames } from '../src/price-list/model-names';
import { ownNames } from '../src/price-list/own-names';
import { BEDROCK_OFFERS } from '../src/price-list/price-list-file';
import { PriceListImport } from '../src/price-list/price-list-import';
import { CostCalculator } from '../src/pricing/calculator';
import { catalogModels } from '../src/pricing/price-book/model-catalog';
import { WORKLOAD_TYPES } from '../src/pricing/workload';
import { CostEstimates } from '../src/registration/cost-estimates';
import { renderImportText } from '../src/render/render-import';
import { parseYamlText } from '../src/usage-file/yaml-text';
import { messagesPage } from '../tools/build-docs';
import { memberName } from '../tools/prices/members';

const ROOT = resolve(__dirname, '..');

test('docs/messages.md is current', () => {
  expect(readFileSync(resolve(ROOT, 'docs/messages.md'), 'utf8')).toBe(messagesPage());
});

test('the README promises no more prices than the page of prices counts', () => {
  const [readme, prices] = ['README.md', 'docs/prices.md'].map((path) => readFileSync(resolve(ROOT, path), 'utf8'));
  const [, count, models] = /holds ([\d,]+) list prices in US dollars of (\d+) models/.exec(prices)!;
  const [, promised, promisedModels] = /more than ([\d,]+) prices of (\d+) models/.exec(readme)!;
  const number = (text: string) => Number(text.replace(',', ''));
  expect(number(promised)).toBeLessThan(number(count));
  expect(number(promisedModels)).toBeLessThanOrEqual(number(models));
});

test('every file that the README names is there', () => {
  const readme = readFileSync(resolve(ROOT, 'README.md'), 'utf8');
  // Absolute links, so that they hold in the installed package, too.
  const named = [...readme.matchAll(/\/(?:blob|tree)\/main\/([^)#]+)\)|(schemas\/[\w.-]+\.json)/g)].map(([, link, schema]) => link ?? schema);
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((path) => !existsSync(resolve(ROOT, path)))).toEqual([]);
});

test('docs/price-lists.md shows the lines of unknown names as the command prints them, and they are a file of model names', () => {
  const page = readFileSync(resolve(ROOT, 'docs/price-lists.md'), 'utf8');
  const [, shown] = /```text\n([^]*?)```/.exec(page)!;
  const names = [['Claude Opus 9', 52, 'anthropic.claude-opus-9'], ['New Model 1', 12, 'newprovider.new-model-1']] as const;
  const unknownModelNames = names.map(([name, skus, suggestedId]) => ({ name, skus, suggestedId }));
  expect(renderImportText({ ...new PriceListImport({}).result().summary, unknownModelNames }, [])).toContain(`\n${shown}`);
  const [, ...lines] = shown.split('\n');
  const mapped = Object.fromEntries(names.map(([name, , id]) => [name, id]));
  expect(ownNames(parseYamlText(lines.join('\n'), 'names.yaml'), knownNames())).toEqual({ names: mapped });
  for (const offer of BEDROCK_OFFERS) expect(page).toContain(`\`${offer}\``);
});

test('docs/billing-modes.md has a row for each billing mode, with its methods', () => {
  const page = readFileSync(resolve(ROOT, 'docs/billing-modes.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `([\w-]+)` \| `(\w+)`, `(\w+)` \|/gm)].map(([, type, method, add]) => ({ type, method, add }));
  expect(rows.map(({ type }) => type)).toEqual(WORKLOAD_TYPES);
  expect(rows.filter(({ method, add }) => !(method in CostCalculator.prototype) || !(add in CostEstimates.prototype))).toEqual([]);
});

/** The lists of all models that the book holds are no recommendations. */
const LISTS = ['prices.md', 'cross-check.md'];

test('no legacy model is recommended: README, docs/, examples, demo and schemas name none', () => {
  const folders = ['docs', 'examples', 'schemas'].flatMap((folder) => readdirSync(resolve(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/node_modules|cdk\.out|\.venv|target/.test(entry.parentPath) && !LISTS.includes(entry.name))
    .map(({ parentPath, name }) => resolve(parentPath, name)));
  const files = [...folders, resolve(ROOT, 'README.md'), resolve(ROOT, 'tools/demo.js')];
  expect(files.length).toBeGreaterThan(20);
  const legacy = catalogModels().filter(({ status }) => status === 'legacy');
  expect(legacy.map(({ id }) => id)).toContain('meta.llama3-1-70b-instruct-v1:0');
  const named = files.flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    // Claude Sonnet 4 is legacy, and Claude Sonnet 4.6 is not.
    const isNamed = (name: string) => text.split(name).slice(1).some((rest) => !/^[\w.-]*\d/.test(rest));
    return legacy.filter(({ id, name }) => [id, memberName(id), name].some(isNamed)).map(({ id }) => `${file}: ${id}`);
  });
  expect(named).toEqual([]);
});

/** The line comments of a file, as one text. */
function commentsOf(path: string): string {
  const lines = readFileSync(resolve(ROOT, 'examples', path), 'utf8').split('\n');
  return lines.flatMap((line) => /^\s*(?:\/\/|#)\s*(.*)$/.exec(line)?.[1] ?? []).join(' ');
}

test.each(['python/getting-started/app.py', 'java/getting-started/src/main/java/com/example/GettingStarted.java', 'go/getting-started/main.go'])(
  'examples/%s has the comments of the TypeScript example, in the same order', (path) => {
    const typescript = commentsOf('typescript/getting-started/app.ts');
    expect(typescript).toContain('3. On-demand requests');
    // In Go, the description of the app is such a comment, too.
    expect(commentsOf(path)).toContain(typescript);
  });

import { existsSync, readdirSync, readFileSync } from 'fs';
import { resolve } from 'path';
import * as ts from 'typescript';
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

test('every TypeScript sample of the README and of docs/ compiles', () => {
  const pages = ['README.md', ...readdirSync(resolve(ROOT, 'docs')).map((name) => `docs/${name}`)].map((path) => readFileSync(resolve(ROOT, path), 'utf8'));
  const samples = new Map([...pages.join('\n').matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code], i) => [resolve(ROOT, `readme-sample-${i}.ts`), `${code}\nexport {};\n`]));
  expect(samples.size).toBeGreaterThan(6);
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    types: ['node'],
    paths: { 'cdk-bedrock-cost': [resolve(ROOT, 'lib/index.d.ts')] },
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (name) => samples.has(name) || fileExists(name);
  host.readFile = (name) => samples.get(name) ?? readFile(name);
  host.getSourceFile = (name, version, ...rest) =>
    samples.has(name) ? ts.createSourceFile(name, samples.get(name)!, version) : getSourceFile(name, version, ...rest);
  const problems = ts.getPreEmitDiagnostics(ts.createProgram([...samples.keys()], options, host))
    .map(({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
  expect(problems).toEqual([]);
}, 60_000);

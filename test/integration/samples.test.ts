import { readdirSync, readFileSync } from 'fs';
import { resolve } from 'path';
import * as ts from 'typescript';
import { testInFull } from '../in-full';

const ROOT = resolve(__dirname, '../..');

testInFull('every TypeScript sample of the README and of docs/ compiles', () => {
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

import { readdirSync, readFileSync } from 'fs';
import { dirname, join, relative, resolve } from 'path';
import * as ts from 'typescript';
import { ROOMS } from '../tools/rooms';

const SRC = resolve(__dirname, '../src');

/** The modules that a source file names: import, import type, export from, require and import(). */
function importsOf(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    const add = (name: ts.Node | undefined) => { if (name && ts.isStringLiteral(name)) names.push(name.text); };
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) add(node.moduleSpecifier);
    if (ts.isCallExpression(node) && (node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.getText() === 'require')) add(node.arguments[0]);
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return names;
}

const files = (readdirSync(SRC, { recursive: true }) as string[]).filter((file) => file.endsWith('.ts')).map((file) => join(SRC, file));
const roomOf = (path: string) => relative(SRC, path).split('/')[0].replace(/^messages$/, 'messages.ts');
const inner = files.filter((file) => relative(SRC, file) !== 'index.ts');

describe('the rooms of src/', () => {
  test('are all in the table', () => {
    expect([...new Set(inner.map(roomOf))].filter((room) => !(room in ROOMS))).toEqual([]);
  });

  test.each(inner.map((file) => [relative(SRC, file), file]))('%s imports only what its room may', (_, file) => {
    const room = roomOf(file);
    const entered = importsOf(file)
      .filter((name) => name.startsWith('.'))
      .map((name) => resolve(dirname(file), name))
      .filter((path) => path.startsWith(`${SRC}/`))
      .map(roomOf);
    expect(entered.filter((other) => other !== room && !ROOMS[room].includes(other))).toEqual([]);
  });

  const outside = (file: string) => importsOf(file).filter((name) => !name.startsWith('.'));

  test.each(inner.filter((file) => ['pricing', 'usage-file', 'price-list', 'gate', 'messages.ts'].includes(roomOf(file))).map((file) => [relative(SRC, file), file]))(
    '%s is pure', (name, file) => {
      // The one door to the file system, behind PriceBook.fromFile; `yaml` is named for its types alone.
      const allowed = name === 'pricing/text-file.ts' ? ['fs', 'yaml'] : ['yaml'];
      expect(outside(file).filter((module) => !allowed.includes(module))).toEqual([]);
      expect(readFileSync(file, 'utf8')).not.toMatch(/Date\.now|new Date\(|process\.|Math\.random/);
    });

  test('nobody imports index.ts', () => {
    expect(inner.filter((file) => importsOf(file).some((name) => resolve(dirname(file), name) === join(SRC, 'index')))).toEqual([]);
  });

  test('constructs never import a handler', () => {
    const importers = inner.filter((file) => !file.endsWith('.lambda.ts') && importsOf(file).some((name) => name.endsWith('.lambda')));
    expect(importers).toEqual([]);
  });

  test('only the command line and the handlers know the time', () => {
    const clocked = inner.filter((file) => !['cli', 'handlers'].includes(roomOf(file)) && /Date\.now|new Date\(\)|Math\.random|randomUUID/.test(readFileSync(file, 'utf8')));
    expect(clocked).toEqual([]);
  });

  test('the package has no runtime dependency', () => {
    const { dependencies = {}, peerDependencies } = JSON.parse(readFileSync(resolve(SRC, '../package.json'), 'utf8'));
    expect(dependencies).toEqual({});
    expect(Object.keys(peerDependencies).sort()).toEqual(['aws-cdk-lib', 'constructs']);
  });

  test('every ARN takes the partition of its stack', () => {
    const literals = (file: string) => {
      const found: string[] = [];
      const visit = (node: ts.Node): void => {
        if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node)) found.push(node.text);
        ts.forEachChild(node, visit);
      };
      visit(ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true));
      return found;
    };
    expect(files.filter((file) => literals(file).some((text) => /^arn:aws[^:]*:/.test(text)))).toEqual([]);
  });
});

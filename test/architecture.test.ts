import { readFileSync } from 'fs';
import { dirname, join, relative, resolve } from 'path';
import * as ts from 'typescript';
import { LAYERS, PURE_LAYERS } from '../tools/layers';
import { importsOf, layerOf as layerOfSource, sourcesBelow, withLayersPicture } from '../tools/layers-picture';

const SRC = resolve(__dirname, '../src');

const files = sourcesBelow(SRC);
const layerOf = (path: string) => layerOfSource(SRC, path);
const inner = files.filter((file) => relative(SRC, file) !== 'index.ts');

describe('the layers of src/', () => {
  test('are all in the table', () => {
    expect([...new Set(inner.map(layerOf))].filter((layer) => !(layer in LAYERS))).toEqual([]);
  });

  test.each(inner.map((file) => [relative(SRC, file), file]))('%s imports only what its layer may', (_, file) => {
    const layer = layerOf(file);
    const entered = importsOf(file)
      .filter((name) => name.startsWith('.'))
      .map((name) => resolve(dirname(file), name))
      .filter((path) => path.startsWith(`${SRC}/`))
      .map(layerOf);
    expect(entered.filter((other) => other !== layer && !LAYERS[layer].includes(other))).toEqual([]);
  });

  test.each(Object.entries(LAYERS))('%s imports every layer that it may: %j', (layer, allowed) => {
    const used = new Set(inner.filter((file) => layerOf(file) === layer).flatMap((file) => importsOf(file)
      .filter((name) => name.startsWith('.'))
      .map((name) => layerOf(resolve(dirname(file), name)))));
    expect(allowed.filter((other) => !used.has(other))).toEqual([]);
  });

  const outside = (file: string) => importsOf(file).filter((name) => !name.startsWith('.'));

  test.each(inner.filter((file) => PURE_LAYERS.includes(layerOf(file))).map((file) => [relative(SRC, file), file]))(
    '%s is pure', (_, file) => {
      // Named for its types alone.
      expect(outside(file).filter((module) => module !== 'yaml')).toEqual([]);
      expect(readFileSync(file, 'utf8')).not.toMatch(/Date\.now|new Date\(|process\.|Math\.random/);
    });

  test('are drawn in CONTRIBUTING.md as they are', () => {
    const page = readFileSync(resolve(SRC, '../CONTRIBUTING.md'), 'utf8');
    expect(page).toBe(withLayersPicture(page, SRC));
  });

  test('of the pure layers, only PriceBook.fromFile reads files', () => {
    const readers = inner.filter((file) => PURE_LAYERS.includes(layerOf(file)) && importsOf(file).some((name) => name.includes('/files/')));
    expect(readers.map((file) => relative(SRC, file)).sort()).toEqual(['pricing/price-book/book-file.ts', 'pricing/price-book/price-book.ts']);
  });

  test('no file imports index.ts', () => {
    expect(inner.filter((file) => importsOf(file).some((name) => resolve(dirname(file), name) === join(SRC, 'index')))).toEqual([]);
  });

  test('no file imports the entry point of a function', () => {
    expect(inner.filter((file) => importsOf(file).some((name) => name.endsWith('.lambda')))).toEqual([]);
  });

  test('constructs import nothing of a function but its contract', () => {
    const imported = inner.filter((file) => layerOf(file) !== 'lambda')
      .flatMap((file) => importsOf(file).filter((name) => name.startsWith('.')).map((name) => relative(SRC, resolve(dirname(file), name))));
    expect(imported.filter((name) => name.startsWith('lambda/') && !name.endsWith('/contract'))).toEqual([]);
  });

  test('only the command line and the functions know the time', () => {
    const clocked = inner.filter((file) => !['cli', 'lambda'].includes(layerOf(file)) && /Date\.now|new Date\(\)|Math\.random|randomUUID/.test(readFileSync(file, 'utf8')));
    expect(clocked).toEqual([]);
  });

  /** Declarations, and constants with their initializers. */
  const DECLARATIONS: readonly ts.SyntaxKind[] = [
    ts.SyntaxKind.ExportDeclaration, ts.SyntaxKind.InterfaceDeclaration, ts.SyntaxKind.TypeAliasDeclaration, ts.SyntaxKind.FunctionDeclaration,
    ts.SyntaxKind.ClassDeclaration, ts.SyntaxKind.EnumDeclaration, ts.SyntaxKind.VariableStatement,
  ];
  const effectsOf = (file: string) => ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true).statements
    .filter((statement) => (ts.isImportDeclaration(statement) ? statement.importClause === undefined : !DECLARATIONS.includes(statement.kind)))
    .map((statement) => `${relative(SRC, file)}: ${statement.getText().split('\n')[0]}`);

  test('no module has an effect when it is imported', () => {
    // The command itself.
    expect(files.filter((file) => relative(SRC, file) !== 'cli/main.ts').flatMap(effectsOf)).toEqual([]);
  });

  test('no test imports a module of src/ for its effect', () => {
    expect(sourcesBelow(__dirname).filter((file) => /^import '[^']*\/src\//m.test(readFileSync(file, 'utf8')))).toEqual([]);
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

  test.each([
    ['scope', ['alarms', 'stop-actions', 'aws-budgets', 'policy']],
    ['aws-budgets', ['alarms', 'stop-actions', 'policy']],
    ['alarms', ['stop-actions', 'aws-budgets', 'policy']],
    ['stop-actions', ['alarms', 'policy']],
  ])('budgets/%s imports none of %j', (folder, others) => {
    const below = (name: string) => join(SRC, 'budgets', name) + '/';
    const imported = files.filter((file) => file.startsWith(below(folder)))
      .flatMap((file) => importsOf(file).filter((name) => name.startsWith('.')).map((name) => resolve(dirname(file), name)));
    expect(imported.length).toBeGreaterThan(0);
    expect(imported.filter((path) => others.some((other) => path.startsWith(below(other))))).toEqual([]);
  });
});

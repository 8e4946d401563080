import { readdirSync, readFileSync } from 'fs';
import { builtinModules } from 'module';
import { join, resolve } from 'path';
import { notices } from '../tools/build-notices';

const ROOT = resolve(__dirname, '..');
const committed = readFileSync(join(ROOT, 'THIRD_PARTY_NOTICES'), 'utf8');

test('THIRD_PARTY_NOTICES is current: npm run build', () => {
  expect(committed).toBe(notices());
});

/** The packages that src/ loads and that users do not install: neither peers, nor Node, nor what the Lambda runtime brings. */
function bundledPackages(): string[] {
  const files = (readdirSync(join(ROOT, 'src'), { recursive: true }) as string[]).filter((file) => file.endsWith('.ts'));
  const imported = files.flatMap((file) => [...readFileSync(join(ROOT, 'src', file), 'utf8').matchAll(/^import (?!type ).* from '([^'.][^']*)';$/gm)].map(([, name]) => name));
  const packages = imported.map((name) => /^(?:@[^/]+\/)?[^/]+/.exec(name)![0]);
  return [...new Set(packages)].filter((name) => !/^(aws-cdk-lib|constructs|aws-lambda|node:.*|@aws-sdk\/client-.*)$/.test(name) && !builtinModules.includes(name));
}

test('names every package whose code is bundled, with its license', () => {
  const loadedByPath = ['big.js', 'croner', 'fastest-levenshtein', 'yaml'];
  const expected = [...bundledPackages(), ...loadedByPath];
  expect(expected).toEqual(expect.arrayContaining(['@aws-sdk/lib-storage', '@streamparser/json', 'commander', 'csv-parse']));
  for (const name of expected) expect(committed).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\([A-Za-z0-9.-]+\\)\n\n.+`, 'm'));
  expect(committed.match(/Permission is hereby granted|Apache License|Permission to use/g)!.length).toBeGreaterThanOrEqual(expected.length);
});

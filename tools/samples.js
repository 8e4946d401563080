// Compiles every @example of the API and every TypeScript sample of README.md and docs/, strictly, as jsii-rosetta does it.
//
// Samples of pages are complete and have imports. An @example is a fragment inside rosetta/default.ts-fixture.
// rosetta/.cache keeps the samples that compiled, until they or the types that they use change.
const { spawnSync } = require('child_process');
const { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } = require('fs');
const { join } = require('path');
const { gunzipSync } = require('zlib');

const ROOT = join(__dirname, '..');
/** A package whose readme and modules are the pages, since jsii-rosetta only reads samples from packages. */
const FOLDER = join(ROOT, '.tmp/samples');
const FIXTURE = 'rosetta/default.ts-fixture';
const CACHE = join(ROOT, 'rosetta/.cache/samples.json');

const { name, readme, ...assembly } = JSON.parse(gunzipSync(readFileSync(join(ROOT, '.jsii.gz'))));
const pages = ['README.md', ...readdirSync(join(ROOT, 'docs')).filter((page) => page.endsWith('.md')).map((page) => `docs/${page}`)];

/** A page whose samples have no fixture. */
const asModule = (page) => ({ readme: { markdown: readFileSync(join(ROOT, page), 'utf8').replace(/^```ts$/gm, '```ts nofixture') } });

rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(join(FOLDER, 'node_modules'), { recursive: true });
mkdirSync(join(ROOT, 'rosetta/.cache'), { recursive: true });
symlinkSync(ROOT, join(FOLDER, 'node_modules', name));
mkdirSync(join(FOLDER, 'rosetta'));
writeFileSync(join(FOLDER, FIXTURE), readFileSync(join(ROOT, FIXTURE), 'utf8').replace('/* everything */', Object.values(assembly.types).map((type) => type.name).join(', ')));
cpSync(join(ROOT, 'package.json'), join(FOLDER, 'package.json'));
writeFileSync(join(FOLDER, '.jsii'), JSON.stringify({ ...assembly, name, submodules: Object.fromEntries(pages.map((page) => [page, asModule(page)])) }));

const { status } = spawnSync(join(ROOT, 'node_modules/.bin/jsii-rosetta'), [
  'extract', FOLDER, '--directory', FOLDER, '--compile', '--fail', '--strict', '--batch',
  '--cache', CACHE, '--trim-cache',
], { stdio: 'inherit', env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' } });
process.exitCode = status ?? 1;

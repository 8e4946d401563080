import { readdirSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';

/**
 * Writes THIRD_PARTY_NOTICES: the licenses of all packages of which code is in assets/, as esbuild lists them in the
 * metafiles of .tmp/bundles/. The file ships with the package.
 */
const ROOT = join(__dirname, '..');
const BUNDLES = join(ROOT, '.tmp/bundles');

/** The folders of the packages that a bundle has code of, such as `node_modules/big.js`. */
export function packagesIn(metafile: { readonly inputs: { readonly [path: string]: unknown } }): string[] {
  return [...new Set(Object.keys(metafile.inputs).flatMap((path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []))];
}

/** @throws when a package ships no license text: then it may not be bundled */
export function noticeOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
  const files = readdirSync(join(ROOT, folder)).filter((entry) => /^(licen[sc]e|notice)/i.test(entry)).sort();
  if (!files.some((entry) => /^licen[sc]e/i.test(entry))) throw new Error(`${folder}: no license text was found. Do not bundle ${name}.`);
  const texts = files.map((entry) => readFileSync(join(ROOT, folder, entry), 'utf8').replace(/\r\n/g, '\n').trim());
  return `${name} ${version} (${license})\n\n${texts.join('\n\n')}\n`;
}

export function notices(): string {
  const metafiles = readdirSync(BUNDLES).map((file) => JSON.parse(readFileSync(join(BUNDLES, file), 'utf8')));
  const folders = [...new Set(metafiles.flatMap(packagesIn))].sort();
  const head = 'The files in assets/ of this package contain code of the following packages, under their licenses.\n';
  return [head, ...folders.map(noticeOf)].join(`\n${'-'.repeat(80)}\n\n`);
}

if (require.main === module) writeFileSync(join(ROOT, 'THIRD_PARTY_NOTICES'), notices());

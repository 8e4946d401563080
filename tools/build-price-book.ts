/**
 * Generates what the library embeds from prices/: the price book, the model catalogue, AWS's names of the models, the
 * prices of other AWS services, and class BedrockModel with its static members.
 *
 *   npm run prices                          writes the files that are not current
 *   ... tools/build-price-book.ts --check   writes nothing; exit code 1 when a file is not current
 */
import { mkdirSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';
import { outdated, outputsOf } from './prices/outputs';
import { readPrices } from './prices/read';
import { validate } from './prices/validate';

const ROOT = join(__dirname, '..');

function main(args: readonly string[]): number {
  const unknown = args.filter((arg) => arg !== '--check');
  if (unknown.length > 0) {
    console.error(`unknown argument ${unknown.join(' ')}; the only one is --check`);
    return 2;
  }
  const facts = readPrices(join(ROOT, 'prices'));
  const faults = validate(facts);
  if (faults.length > 0) {
    console.error(faults.join('\n'));
    return 1;
  }
  const outputs = outputsOf(facts);
  const stale = outdated(ROOT, outputs);
  if (args.includes('--check')) {
    for (const path of stale) console.error(`${path} is not what prices/ says; run "npm run prices"`);
    return stale.length > 0 ? 1 : 0;
  }
  for (const { path, text } of outputs.filter((output) => stale.includes(output.path))) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), text);
  }
  console.log(stale.length === 0 ? 'the generated files are current' : `written: ${stale.join(', ')}`);
  return 0;
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (e) {
  console.error((e as Error).message);
  process.exitCode = 1;
}

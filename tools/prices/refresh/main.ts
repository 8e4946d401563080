/**
 * Compares prices/ with the newest published data packages, and writes a proposal: a table and a patch.
 *
 *   npm run prices:refresh -- [--packages DIR] [--price-list FILE.csv]... [--apply] [-o DIR]
 */
import { spawnSync } from 'child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Command } from 'commander';
import { crossCheckMarkdown } from './cross-check';
import { proposalMarkdown } from './proposal-page';
import { editedFiles, isEmpty, refresh } from './refresh-files';
import { readPrices } from '../read';
import { validate } from '../validate';

const ROOT = join(__dirname, '../../..');

function main(args: readonly string[]): void {
  const program = new Command('npm run prices:refresh --')
    .description('Compares prices/ with the newest published data packages and writes a proposal: proposal.md and proposal.patch.')
    .option('--packages <dir>', 'the packages that an earlier run has fetched, in place of the newest ones', '.tmp/prices-refresh/packages')
    .option('--price-list <file...>', "rows of AWS's own price list as CSV: model, scope, region, kind, tier, usd_per_1M, date", [])
    .option('--apply', 'writes the proposal into prices/ as well; "npm run prices" then generates the book')
    .option('-o, --output <dir>', 'where the proposal goes', '.tmp/prices-refresh');
  program.parse(args, { from: 'user' });
  const { packages, priceList, apply, output } = program.opts<{ packages: string; priceList: string[]; apply?: boolean; output: string }>();
  const prices = join(ROOT, 'prices');
  const today = new Date().toISOString().slice(0, 10);
  const refreshed = refresh(prices, packages, priceList, today);
  const isNothing = isEmpty(refreshed);
  const edited = editedFiles(prices, refreshed);
  const markdown = proposalMarkdown(refreshed);
  const work = mkdtempSync(join(tmpdir(), 'prices-refresh-'));
  try {
    const patch = checkedPatch(edited, prices, work);
    mkdirSync(output, { recursive: true });
    writeFileSync(join(output, 'proposal.md'), markdown);
    writeFileSync(join(output, 'proposal.patch'), patch);
  } finally {
    rmSync(work, { recursive: true });
  }
  if (apply) {
    edited.forEach((text, file) => writeFileSync(join(prices, file), text));
    const { facts, proposal } = refresh(prices, packages, priceList, today);
    writeFileSync(join(ROOT, 'docs/cross-check.md'), crossCheckMarkdown(proposal.comparisons, facts));
  }
  console.log(markdown.split('\n').slice(2, 9).join('\n').trim());
  const written = [join(output, 'proposal.md'), join(output, 'proposal.patch'), ...(apply ? ['prices/', 'docs/cross-check.md'] : [])];
  console.log(isNothing ? 'Nothing to propose.' : `Written: ${written.join(', ')}.${apply ? ' Run "npm run prices" now.' : ''}`);
}

/**
 * A patch that `git apply` takes at the root of the project.
 *
 * @throws if prices/ would not be valid with it: nothing is written then
 */
function checkedPatch(edited: ReadonlyMap<string, string>, prices: string, work: string): string {
  cpSync(prices, join(work, 'a/prices'), { recursive: true });
  mkdirSync(join(work, 'b/prices'), { recursive: true });
  edited.forEach((text, file) => writeFileSync(join(work, 'b/prices', file), text));
  const faults = validate(readPrices(join(work, 'b/prices')));
  if (faults.length > 0) throw new Error(`the proposal would not be valid: ${faults.slice(0, 5).join('; ')}`);
  const diff = ['diff', '--no-index', '--no-prefix', 'a/prices', 'b/prices'];
  return spawnSync('git', diff, { cwd: work, encoding: 'utf8', maxBuffer: 2 ** 28 }).stdout;
}

if (require.main === module) {
  try {
    main(process.argv.slice(2));
  } catch (e) {
    console.error((e as Error).message);
    process.exitCode = 2;
  }
}

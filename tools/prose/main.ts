/**
 * Lints the prose of README.md, CONTRIBUTING.md, docs/ and src/, the comments of all other code, and the titles of tests.
 *
 * tools/prose/allowance.json has the number of findings by rule and group that are still to be reworded. It only goes down: more findings
 * fail, fewer are written into it.
 *
 *   npm run lint:prose                    lints
 *   npm run lint:prose -- --list WORD...  lists the findings whose place and rule have all of the words: --list speech src/budgets
 *   npm run lint:prose -- --accept        writes the numbers of today, after a merge
 */
import { execFileSync } from 'child_process';
import { readdirSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { parse } from 'yaml';
import { lint, type Finding, type ProseRule } from './lint';
import { textsOf } from './texts';

const ROOT = join(__dirname, '../..');
const ALLOWANCE = join(__dirname, 'allowance.json');
/** Generated from other texts and from names of models; and the examples of the rules. */
const NOT_LINTED = ['docs/cross-check.md', 'docs/messages.md', 'docs/prices.md', 'src/inference/bedrock-model.ts', 'test/tools/prose/rules.test.ts'];

/** The number of findings by rule and group. */
type Counts = { [rule: string]: { [group: string]: number } };

/** Folders of code that users and contributors read besides src/. */
const CODE = ['bench', 'examples', 'test', 'tools'];

const below = (folder: string, ending: string | RegExp) => readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
  .filter((path) => (typeof ending === 'string' ? path.endsWith(ending) : ending.test(path)) && !/node_modules|cdk\.out|\.d\.ts$/.test(path))
  .map((path) => `${folder}/${path}`);

function countsOf(findings: readonly Finding[]): Counts {
  const counts: Counts = {};
  for (const { rule, group } of [...findings].sort((a, b) => `${a.rule} ${a.group}` < `${b.rule} ${b.group}` ? -1 : 1)) {
    counts[rule] = { ...counts[rule], [group]: (counts[rule]?.[group] ?? 0) + 1 };
  }
  return counts;
}

const show = ({ rule, group, file, line, found }: Finding) => `${file}:${line} ${group} ${rule}: ${found}`;

async function main(args: readonly string[]): Promise<void> {
  const rules: readonly ProseRule[] = parse(readFileSync(join(__dirname, 'rules.yaml'), 'utf8'));
  const files = ['README.md', 'CONTRIBUTING.md', ...below('docs', '.md'), ...below('src', '.ts'), ...CODE.flatMap((folder) => below(folder, /\.(ts|js|py|sh|java|go)$/))]
    .filter((file) => !NOT_LINTED.includes(file));
  const findings = (await Promise.all(files.flatMap((file) => textsOf(file, readFileSync(join(ROOT, file), 'utf8'))).map((text) => lint(text, rules)))).flat();

  if (args[0] === '--list') {
    findings.map(show).filter((text) => args.slice(1).every((word) => text.includes(word))).forEach((text) => console.log(text));
    return;
  }

  const counts = countsOf(findings);
  const allowance: Counts = JSON.parse(readFileSync(ALLOWANCE, 'utf8'));
  const above = Object.entries(counts).flatMap(([rule, groups]) => Object.entries(groups)
    .filter(([group, count]) => count > (allowance[rule]?.[group] ?? 0)).map(([group]) => ({ rule, group })));
  if (above.length === 0 || args.includes('--accept')) {
    writeFileSync(ALLOWANCE, `${JSON.stringify(counts, undefined, 2)}\n`);
    console.log(`prose: ${findings.length} findings are still to be reworded (npm run lint:prose -- --list), none is new`);
    return;
  }
  const changed = execFileSync('git', ['diff', '--name-only', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).split('\n');
  for (const { rule, group } of above) {
    console.error(`prose: ${rule} has ${counts[rule][group]} findings in ${group}, and ${allowance[rule]?.[group] ?? 0} are allowed. One of these is new:`);
    const all = findings.filter((finding) => finding.rule === rule && finding.group === group);
    const likely = all.filter(({ file }) => changed.includes(file));
    (likely.length > 0 ? likely : all).slice(0, 20).forEach((finding) => console.error(`  ${show(finding)}`));
  }
  process.exitCode = 1;
}

void main(process.argv.slice(2));

/**
 * Compares prices/ with the newest published data packages, and writes a proposal: a table and a patch.
 *
 *   npm run prices:refresh -- [--packages DIR] [--price-list FILE.csv]... [--apply] [-o DIR]
 */
import { spawnSync } from 'child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { Command } from 'commander';
import { mergedAvailability } from './availability';
import { BedrockModelsTable, readBedrockModels } from './bedrock-models';
import { compare } from './compare';
import { crossCheckMarkdown } from './cross-check';
import { editFiles } from './edit-files';
import { GenaiModels, readGenaiPrices } from './genai-prices';
import { LitellmTable, readLitellm } from './litellm';
import { PiAiTable, readPiAi } from './pi-ai';
import { readPriceListExtract } from './price-list-extract';
import { Proposal } from './proposal';
import { isEmpty, proposalMarkdown } from './proposal-page';
import { readSettings } from './settings';
import { PriceSource } from './stated-rate';
import { Availability, PriceFacts, Source } from '../facts';
import { readPrices } from '../read';

const ROOT = join(__dirname, '../../..');

/** A package as read-packages.py leaves it. */
interface Package<T> {
  readonly version: string;
  readonly date: string;
  readonly content: T;
}

const WHAT = {
  'genai-prices': 'genai-prices by Pydantic (MIT)',
  'litellm': "LiteLLM's table of model prices (MIT)",
  'pi-ai': "pi-ai's table of Amazon Bedrock (MIT)",
  'bedrock-models': 'bedrock-models (MIT-0): ids, lifecycle and availability, from ListFoundationModels of each region',
} as const;

interface Refreshed {
  readonly facts: PriceFacts;
  readonly proposal: Proposal;
  readonly availability: ReadonlyMap<string, Availability>;
  readonly changedAvailability: readonly string[];
  readonly sources: readonly Source[];
}

/** Everything but the writing. */
export function refresh(prices: string, packages: string, priceLists: readonly string[]): Refreshed {
  const read = <T>(name: string) => JSON.parse(readFileSync(join(packages, `${name}.json`), 'utf8')) as Package<T>;
  const source = (name: keyof typeof WHAT, { version, date }: Package<unknown>): PriceSource => ({ key: `${name}-${version}`, what: `${WHAT[name]}, version ${version}`, date });
  const [genai, litellm, piAi, models] = [read<GenaiModels>('genai-prices'), read<LitellmTable>('litellm'), read<PiAiTable>('pi-ai'), read<BedrockModelsTable>('bedrock-models')];
  const facts = readPrices(prices);
  const listed = readBedrockModels(models.content);
  const statements = [
    ...priceLists.map((file) => priceListOf(file)),
    readGenaiPrices(genai.content, source('genai-prices', genai)),
    readLitellm(litellm.content, source('litellm', litellm)),
    readPiAi(piAi.content, source('pi-ai', piAi)),
  ];
  const proposal = compare(facts, statements, listed, readSettings(readFileSync(join(prices, 'refresh.yaml'), 'utf8')));
  const availability = mergedAvailability(facts.models, listed, proposal.resolve);
  const before = new Map(facts.models.map((model) => [model.id, JSON.stringify(sortedAvailability(model.availability))]));
  return {
    facts,
    proposal,
    availability,
    changedAvailability: [...availability].filter(([id, now]) => before.get(id) !== JSON.stringify(sortedAvailability(now))).map(([id]) => id).sort(),
    sources: [
      ...statements.map((statement): Source => ({
        key: statement.source.key, what: statement.source.what, date: statement.source.date, ...(statement.source.isAws ? {} : { secondHand: true }),
      })),
      { key: source('bedrock-models', models).key, what: source('bedrock-models', models).what, date: models.date },
    ],
  };
}

function sortedAvailability(availability: Availability | undefined): unknown {
  if (!availability) return undefined;
  const { inRegion, geo, global, none } = availability;
  const sorted = (regions: readonly string[]) => [...regions].sort();
  return [sorted(inRegion), Object.keys(geo).sort().map((prefix) => [prefix, sorted(geo[prefix])]), sorted(global), sorted(none)];
}

/** The day of an extract is that of its rows. */
function priceListOf(file: string) {
  const text = readFileSync(file, 'utf8');
  const [date] = /\b20\d\d-\d\d-\d\d\b/.exec(text) ?? [];
  if (date === undefined) throw new Error(`${file}: no row has a date as YYYY-MM-DD`);
  return readPriceListExtract(text, { key: `price-list-${date}`, what: 'AWS Price List, of some models, as a public repository had extracted it on that day', date, isAws: true });
}

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
  const { facts, proposal, availability, changedAvailability, sources } = refresh(prices, packages, priceList);
  const isNothing = isEmpty(proposal, changedAvailability);
  const files = new Map(readdirSync(prices).filter((file) => file.endsWith('.yaml')).map((file) => [file, readFileSync(join(prices, file), 'utf8')]));
  const edited = isNothing ? files : editFiles(files, facts, proposal, availability, sources);
  const markdown = proposalMarkdown(proposal, changedAvailability);
  mkdirSync(output, { recursive: true });
  writeFileSync(join(output, 'proposal.md'), markdown);
  writeFileSync(join(output, 'proposal.patch'), patchOf(edited, prices, output));
  if (apply) {
    edited.forEach((text, file) => writeFileSync(join(prices, file), text));
    const applied = isNothing ? { facts, proposal } : refresh(prices, packages, priceList);
    writeFileSync(join(ROOT, 'docs/cross-check.md'), crossCheckMarkdown(applied.proposal.comparisons, applied.facts));
  }
  console.log(markdown.split('\n').slice(2, 9).join('\n').trim());
  console.log(isNothing ? 'Nothing to propose.' : `Written: ${join(output, 'proposal.md')}, ${join(output, 'proposal.patch')}${apply ? ', prices/ and docs/cross-check.md; now run "npm run prices"' : ''}`);
}

/** A patch that `git apply` takes at the root of the project. */
function patchOf(edited: ReadonlyMap<string, string>, prices: string, output: string): string {
  const work = join(output, 'work');
  rmSync(work, { recursive: true, force: true });
  cpSync(prices, join(work, 'a/prices'), { recursive: true });
  mkdirSync(join(work, 'b/prices'), { recursive: true });
  edited.forEach((text, file) => writeFileSync(join(work, 'b/prices', file), text));
  const { stdout } = spawnSync('git', ['diff', '--no-index', '--no-prefix', 'a/prices', 'b/prices'], { cwd: work, encoding: 'utf8', maxBuffer: 2 ** 28 });
  rmSync(work, { recursive: true });
  return stdout;
}

if (require.main === module) {
  try {
    main(process.argv.slice(2));
  } catch (e) {
    console.error((e as Error).message);
    process.exitCode = 2;
  }
}

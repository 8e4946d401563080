import { existsSync, readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { mergedAvailability } from './availability';
import { BedrockModelsTable, ListedModel, readBedrockModels } from './bedrock-models';
import { compare } from './compare';
import { editFiles } from './edit-files';
import { GenaiModels, readGenaiPrices } from './genai-prices';
import { LitellmTable, readLitellm } from './litellm';
import { PiAiTable, readPiAi } from './pi-ai';
import { readPriceListExtract } from './price-list-extract';
import { Proposal } from './proposal';
import { readSettings } from './settings';
import { familyOf, PriceSource, Statement } from './stated-rate';
import { isDay } from '../../../src/pricing/price-book/day';
import { Availability, PriceFacts, Source } from '../facts';
import { readPrices } from '../read';

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

/** The result of a refresh, before anything is written. */
export interface Refreshed {
  readonly facts: PriceFacts;
  readonly proposal: Proposal;
  readonly availability: ReadonlyMap<string, Availability>;
  readonly changedAvailability: readonly string[];
  /** Models that the list marks as legacy and prices/ does not: for people to look up, since the list has no days. */
  readonly newlyLegacy: readonly string[];
  readonly sources: readonly Source[];
}

/**
 * Compares prices/ with the packages and lists. Writes nothing.
 *
 * @param today as YYYY-MM-DD: nothing is published later
 * @throws if a package or list cannot be read: the message names the file
 */
export function refresh(prices: string, packages: string, priceLists: readonly string[], today: string): Refreshed {
  const read = <T>(name: string) => readPackage<T>(join(packages, `${name}.json`), today);
  const source = (name: keyof typeof WHAT, { version, date }: Package<unknown>): PriceSource => ({ key: `${name}-${version}`, what: `${WHAT[name]}, version ${version}`, date });
  const [genai, litellm, piAi, models] = [read<GenaiModels>('genai-prices'), read<LitellmTable>('litellm'), read<PiAiTable>('pi-ai'), read<BedrockModelsTable>('bedrock-models')];
  const facts = readPrices(prices);
  const listed = readBedrockModels(models.content);
  const statements = [
    ...priceLists.map((file) => naming(file, () => priceListOf(file, today))),
    naming('genai-prices.json', () => readGenaiPrices(genai.content, source('genai-prices', genai))),
    naming('litellm.json', () => readLitellm(litellm.content, source('litellm', litellm))),
    naming('pi-ai.json', () => readPiAi(piAi.content, source('pi-ai', piAi))),
  ];
  const proposal = compare(facts, statements, listed, readSettings(readFileSync(join(prices, 'refresh.yaml'), 'utf8')));
  refuseLosses(facts, proposal);
  const availability = mergedAvailability(facts.models, listed, proposal.resolve);
  const before = new Map(facts.models.map((model) => [model.id, JSON.stringify(sortedAvailability(model.availability))]));
  return {
    facts,
    proposal,
    availability,
    changedAvailability: [...availability].filter(([id, now]) => before.get(id) !== JSON.stringify(sortedAvailability(now))).map(([id]) => id).sort(),
    newlyLegacy: newlyLegacy(facts, listed, proposal.resolve),
    sources: [
      ...statements.map((statement): Source => ({
        key: statement.source.key, what: statement.source.what, date: statement.source.date, ...(statement.source.isAws ? {} : { secondHand: true }),
      })),
      { key: source('bedrock-models', models).key, what: source('bedrock-models', models).what, date: models.date },
    ],
  };
}

function readPackage<T>(file: string, today: string): Package<T> {
  if (!existsSync(file)) throw new Error(`${file}: the file does not exist. Run "npm run prices:refresh" without --packages, which fetches it.`);
  const { version, date, content } = naming(file, () => JSON.parse(readFileSync(file, 'utf8')) as Package<T>) ?? {};
  const must = (field: string, found: unknown, allowed: string) => {
    throw new Error(`${file}: ${field} must be ${allowed}, got ${JSON.stringify(found ?? null)}. Fetch the package again.`);
  };
  if (typeof version !== 'string' || !/^\d[\w.-]*$/.test(version)) must('version', version, 'a version such as 1.2.3');
  if (!isDay(date) || date > today) must('date', date, `a day as YYYY-MM-DD, ${today} at the latest`);
  if (typeof content !== 'object' || content === null) must('content', content, 'a table');
  return { version, date, content };
}

/** Reads something, with the name of its file before the message of an error. */
function naming<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (e) {
    throw new Error(`${file}: ${(e as Error).message}`);
  }
}

/** A package that states hardly anything of what the book has from it has changed its format: its silence is no news. */
function refuseLosses({ models }: PriceFacts, { gone, sources }: Proposal): void {
  for (const { key } of sources) {
    const own = models.flatMap(({ rates }) => rates.filter(({ source }) => familyOf(source) === familyOf(key))).length;
    const lost = gone.filter(({ rate }) => familyOf(rate.source) === familyOf(key)).length;
    if (own > 10 && lost > own / 2) {
      throw new Error(`${key} states ${own - lost} of the ${own} rates that prices/ has from it. Its format may have changed: mend its reader in tools/prices/refresh.`);
    }
  }
}

/** Only what the list has marked and prices/ has not: the model cards, from which prices/ has its days, announce an end before the list does. */
function newlyLegacy(facts: PriceFacts, listed: readonly ListedModel[], resolve: (id: string) => string): string[] {
  const active = new Set(facts.models.filter(({ status }) => status !== 'legacy').map(({ id }) => id));
  return listed.filter(({ id, isLegacy }) => isLegacy && active.has(id) && resolve(id) === id).map(({ id }) => id).sort();
}

function sortedAvailability(availability: Availability | undefined): unknown {
  if (!availability) return undefined;
  const { inRegion, geo, global, none } = availability;
  const sorted = (regions: readonly string[]) => [...regions].sort();
  return [sorted(inRegion), Object.keys(geo).sort().map((prefix) => [prefix, sorted(geo[prefix])]), sorted(global), sorted(none)];
}

/** The day of an extract is that of its rows. */
function priceListOf(file: string, today: string): Statement {
  const text = readFileSync(file, 'utf8');
  const [date] = /\b20\d\d-\d\d-\d\d\b/.exec(text) ?? [];
  if (date === undefined || date > today) throw new Error(`a row must have a date as YYYY-MM-DD, ${today} at the latest, got ${date ?? 'none'}`);
  return readPriceListExtract(text, { key: `price-list-${date}`, what: 'AWS Price List, of some models, as a public repository had extracted it on that day', date, isAws: true });
}

/** True when there is nothing to do. */
export function isEmpty({ proposal: { models, added, changed, confirmed, disputed, borders }, changedAvailability }: Refreshed): boolean {
  return [models, added, changed, confirmed, disputed, borders, changedAvailability].every((list) => list.length === 0);
}

/** The files of a prices/ folder by name, with the proposal written into them. */
export function editedFiles(prices: string, refreshed: Refreshed): Map<string, string> {
  const { facts, proposal, availability, sources } = refreshed;
  const files = new Map(readdirSync(prices).filter((file) => file.endsWith('.yaml')).map((file) => [file, readFileSync(join(prices, file), 'utf8')]));
  return isEmpty(refreshed) ? files : editFiles(files, facts, proposal, availability, sources);
}

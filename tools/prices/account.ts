/**
 * Classifies each row of a table of prices, made from another source, by its use in the book: for maintainers who check a refresh.
 *
 *   npx ts-node -T --project projenrc/tsconfig.json tools/prices/account.ts FILE.csv...
 *
 * Columns: model (or book_model), raw_id, scope, region, kind, tier, context, usd (or usd_per_1M), unit, source, version, date; all but the
 * model, the kind and the price may be left out. Exit code 1 when a row is not accounted for.
 */
import { readFileSync } from 'fs';
import { join } from 'path';
import { parse } from 'csv-parse/sync';
import { PricedModel, PricedRate, PriceFacts } from './facts';
import { readPrices } from './read';
import { isPriceOf } from './refresh/book-lines';
import { idResolver } from './refresh/model-ids';
import { familyOf, GOVCLOUD, MANTLE_ONLY, NO_UNIT, NOT_BEDROCK } from './refresh/stated-rate';
import { decimal } from '../../src/pricing/decimal';
import { ModelId } from '../../src/pricing/model-id';
import { ContextLength, PriceScope, PriceTier, RateKind } from '../../src/pricing/price-book/rate';
import { dimensionsOf } from '../../src/pricing/price-book/rate-dimensions';
import { ASSUMED_REGIONS } from '../../src/pricing/price-book/rate-group';

interface Row {
  readonly rawId: string;
  readonly model: string;
  readonly scope?: PriceScope;
  readonly region?: string;
  readonly kinds: readonly RateKind[];
  readonly tier: string;
  readonly context: string;
  /** Dollars for the book's unit. */
  readonly usd: string;
  readonly source: string;
  readonly date: string;
}

/** The kinds of a table in ours; cache writes of an unstated lifetime are of either. */
const KINDS: { readonly [kind: string]: readonly RateKind[] } = {
  ...Object.fromEntries(Object.values(RateKind).map((kind) => [kind, [kind]])),
  'cache-write': [RateKind.CACHE_WRITE_5M, RateKind.CACHE_WRITE_30M],
  'input-audio-token': [RateKind.INPUT_SPEECH],
  'output-audio-token': [RateKind.OUTPUT_SPEECH],
  'input-image-token': [RateKind.INPUT_IMAGE],
  'model-unit': [RateKind.MODEL_UNIT_HOUR],
};

/** From a table's unit to the book's, where they differ. */
const FACTORS: { readonly [kind: string]: number } = { 'model-unit': 3600, 'rerank-query': 1000 };

function readRows(file: string): Row[] {
  return (parse(readFileSync(file, 'utf8'), { columns: true, skip_empty_lines: true }) as { readonly [column: string]: string | undefined }[]).map((row) => {
    const rawId = row.raw_id ?? row.model!;
    const regional = /^regional\./.test(rawId);
    const { scope } = ModelId.parse(rawId.split('/').pop()!);
    return {
      rawId,
      model: row.model ?? row.book_model!,
      ...(row.scope !== undefined && row.raw_id === undefined ? { scope: row.scope as PriceScope } : regional ? {} : { scope }),
      ...(row.region && row.region !== 'global' ? { region: row.region } : {}),
      kinds: KINDS[row.kind!] ?? [],
      tier: row.tier || PriceTier.STANDARD,
      context: /^long/.test(row.context ?? '') ? ContextLength.LONG : ContextLength.STANDARD,
      usd: decimal(row.usd ?? row.usd_per_1M!).times(decimal(FACTORS[row.kind!] ?? 1)).toFixed(),
      source: row.source ?? '',
      date: row.date ?? '',
    };
  });
}

/** The use of a row in the book, in words. */
function outcome(row: Row, model: PricedModel | undefined, { disputed }: PriceFacts): string {
  const isBareLitellm = row.source === 'litellm' && row.scope === PriceScope.IN_REGION && !row.rawId.includes('/');
  if (/us-gov|^cn-/.test(`${row.rawId} ${row.region ?? ''}`)) return `outside: ${GOVCLOUD}`;
  if (/claude_platform/.test(row.rawId)) return `outside: ${NOT_BEDROCK}`;
  if (row.kinds.length === 0) return `outside: ${NO_UNIT}`;
  if (!model) return row.rawId.startsWith('bedrock_mantle/') ? `outside: ${MANTLE_ONLY}` : 'NOT ACCOUNTED FOR: no such model';
  const alike = model.rates.filter((rate) => isAlike(rate, row));
  const equal = alike.filter((rate) => isPriceOf(rate, row.usd));
  if (equal.length > 0) return equal.every(({ source }) => familyOf(source) === row.source) ? 'taken' : 'equal';
  const asked = disputed.some((dispute) => dispute.model === model.id && dispute.rates.some((rate) =>
    row.kinds.includes(rate.kind as RateKind) && (rate.tier ?? PriceTier.STANDARD) === row.tier
      && (rate.context ?? ContextLength.STANDARD) === row.context && [rate.a, rate.b].some((usd) => usd !== undefined && isSame(usd, row.usd))));
  if (asked) return 'disputed';
  if (isBareLitellm && isGlobalRate(model, row)) return 'scope doubtful: the rate of the global profile under a bare id';
  if (row.rawId.startsWith('bedrock_mantle/')) return 'scope doubtful: an id of the endpoint bedrock-mantle';
  const newer = alike.filter(({ asOf, confirmed }) => (confirmed ?? asOf) > row.date);
  if (newer.length > 0) return 'older than ours';
  if (row.region === undefined && alike.length === 0) return 'scope doubtful: no region is known to have its standard prices';
  return `NOT ACCOUNTED FOR: ours is ${alike.map(({ usd }) => usd).join(', ') || 'missing'}`;
}

function isAlike(rate: PricedRate, { kinds, tier, context, scope, region }: Row): boolean {
  return kinds.includes(rate.kind)
    && (rate.tier ?? PriceTier.STANDARD) === tier
    && (rate.context ?? ContextLength.STANDARD) === context
    && !rate.customModel
    && (scope === undefined || !dimensionsOf(rate).includes('scope') || rate.scope === scope)
    && (region === undefined || (rate.regions === 'open' ? ASSUMED_REGIONS : rate.regions).includes(region));
}

function isSame(a: string, b: string): boolean {
  return decimal(a).cmp(decimal(b)) === 0;
}

function isGlobalRate(model: PricedModel, row: Row): boolean {
  return model.rates.some((rate) => isAlike(rate, { ...row, scope: PriceScope.GLOBAL }) && isPriceOf(rate, row.usd));
}

function main(files: readonly string[]): void {
  const facts = readPrices(join(__dirname, '../../prices'));
  const aliases = Object.fromEntries(facts.models.flatMap(({ id, aliases: others }) => others.map((alias) => [alias.id, id] as const)));
  const resolve = idResolver(facts.models.map(({ id }) => id), aliases);
  for (const file of files) {
    const outcomes = new Map<string, number>();
    const rows = readRows(file);
    for (const row of rows) {
      const id = resolve(row.model);
      const what = outcome(row, facts.models.find((model) => model.id === id), facts);
      const counted = what.startsWith('NOT') ? 'NOT ACCOUNTED FOR' : what;
      outcomes.set(counted, (outcomes.get(counted) ?? 0) + 1);
      if (counted !== what) console.log(`  ${row.rawId} ${row.region ?? ''} ${row.kinds.join('|')} ${row.tier} ${row.context} ${row.usd} (${row.source} ${row.date}): ${what}`);
    }
    console.log(`${file}: ${rows.length} rows`);
    for (const [what, n] of [...outcomes].sort()) console.log(`  ${String(n).padStart(5)}  ${what}`);
    if (outcomes.has('NOT ACCOUNTED FOR')) process.exitCode = 1;
  }
}

main(process.argv.slice(2));

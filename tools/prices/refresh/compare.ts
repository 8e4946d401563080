import { ListedModel } from './bedrock-models';
import { BookLines, identityOf, Line, OPEN, priceText, providerOf, uniformityOf } from './book-lines';
import { borderChanges, bordersOf, flatPrices } from './borders';
import { checkedStatement } from './check-statement';
import { Cell, judge, Judge } from './judge';
import { idResolver } from './model-ids';
import { geographiesOf, isStandard, place, Places } from './place';
import { Doubt, Proposal, ProposedModel, ProposedRate } from './proposal';
import { RefreshSettings } from './settings';
import { familyOf, MANTLE_ONLY, StatedRate, Statement } from './stated-rate';
import { groupBy } from '../../../src/price-book-review/placed-rate';
import { ANY_MODEL, RateKind } from '../../../src/pricing/price-book/rate';
import { ASSUMED_REGIONS } from '../../../src/pricing/price-book/rate-group';
import { PriceFacts } from '../facts';
import { defined } from '../read-rate';

/**
 * Compares prices/ with what other sources state. Pure.
 *
 * AWS's own list is never overwritten: a disagreement of another source is a dispute in which the list has priority. Among second-hand
 * sources, a newer version replaces an older one of the same source, and another source if all newer ones agree.
 */
export function compare(
  facts: PriceFacts, stated: readonly Statement[], listedModels: readonly ListedModel[], settings: RefreshSettings,
): Proposal {
  const providers = new Set(facts.models.map(({ id }) => providerOf(id)));
  const statements = stated.map((statement) => withSettings(checkedStatement(statement), settings, providers));
  const aliases = Object.fromEntries(facts.models.flatMap(({ id, aliases: others }) => others.map((alias) => [alias.id, id] as const)));
  const ids = facts.models.map(({ id }) => id);
  const known = idResolver(ids, aliases);
  const newIds = [...new Set(statements.flatMap(({ rates }) => rates.map(({ model }) => known(model))))].filter((id) => !ids.includes(id));
  const resolve = idResolver([...ids, ...preferredIds(newIds)], aliases);
  const listed = new Map(listedModels.map((model) => [resolve(model.id), model]));
  const geographies = geographiesOf(listedModels);
  const book = new BookLines(facts);
  const places: Places = {
    book, listed, geographies, uniformity: uniformityOf(facts.models, (rate) => book.isFromAws(rate), geographyOf(geographies)),
  };
  const doubts: Doubt[] = [];
  const cells = cellsOf(statements, resolve, places, doubts);
  const flat = flatPrices(statements, resolve);
  const judged = judge([...cells.values()], new Judge(facts, places, flat, bordersOf(facts.models, statements, resolve)));
  const withoutMantleOnly = judged.doubts.filter(({ rate }) => places.book.holds(rate.model));
  return {
    sources: statements.map(({ source }) => source),
    resolve,
    ...judged,
    models: newModels(judged.added, statements, resolve, places, settings),
    gone: goneOf(facts, statements, cells, resolve),
    ...borderChanges(facts, statements, resolve, judged.added),
    doubts: [...doubts, ...withoutMantleOnly],
    leftOut: [
      ...statements.flatMap(({ leftOut }) => leftOut),
      ...judged.doubts.filter((doubt) => !withoutMantleOnly.includes(doubt))
        .map(({ rate }) => ({ source: rate.source, rawId: rate.rawId, what: rate.kind, why: MANTLE_ONLY })),
    ],
  };
}

function withSettings(statement: Statement, { thirtyMinuteCacheWrites, ignored }: RefreshSettings, providers: ReadonlySet<string>): Statement {
  const why = ({ model, kind }: StatedRate) => ignored.find(({ id, kinds }) => id === model && (kinds.length === 0 || kinds.includes(kind)))?.why
    ?? (model === ANY_MODEL || providers.has(providerOf(model)) ? undefined : `no file of prices/ has models of ${providerOf(model)}: create one`);
  const isThirtyMinutes = ({ kind, model }: StatedRate) => kind === RateKind.CACHE_WRITE_5M && thirtyMinuteCacheWrites.includes(providerOf(model));
  return {
    ...statement,
    rates: statement.rates.filter((rate) => why(rate) === undefined)
      .map((rate) => (isThirtyMinutes(rate) ? { ...rate, kind: RateKind.CACHE_WRITE_30M } : rate)),
    leftOut: [...statement.leftOut, ...statement.rates.flatMap((rate) => {
      const reason = why(rate);
      return reason === undefined ? [] : [{ source: rate.source, rawId: rate.rawId, what: rate.kind, why: reason }];
    })],
  };
}

/** Of two spellings of a new id, the one without version: the newer models have none. */
function preferredIds(ids: readonly string[]): string[] {
  return ids.filter((id) => !ids.some((other) => other !== id && id.replace(/(-v\d+)?(:\d+)?$/, '') === other));
}

function geographyOf(geographies: ReadonlyMap<string, ReadonlySet<string>>): (region: string) => string {
  return (region) => [...geographies].find(([, regions]) => regions.has(region))?.[0] ?? region;
}

function cellsOf(statements: readonly Statement[], resolve: (id: string) => string, places: Places, doubts: Doubt[]): Map<string, Cell> {
  const cells = new Map<string, Cell>();
  const all = statements.map(({ rates }) => rates.map((rate) => ({ ...rate, model: resolve(rate.model) })));
  const named = new Map(all.flat().filter((rate) => !rate.isMantle && isStandard(rate)).map((rate) => [standardKey(rate), priceText(rate)]));
  const isNamed = (rate: StatedRate) => {
    const price = places.book.standardPrice(rate.model, rate.kind, rate.scope, ASSUMED_REGIONS[0]) ?? named.get(standardKey(rate));
    return price === priceText(rate);
  };
  for (const rates of all) {
    // One price list holds for bedrock-runtime and bedrock-mantle, unless their standard prices differ (Qwen3 Next): then the mantle id is another model.
    const isOwn = ({ rawId }: StatedRate) => rates.filter((rate) => rate.rawId === rawId && isStandard(rate)).every(isNamed);
    const resolved = rates.map((rate) => (rate.isMantle && isOwn(rate) ? { ...rate, isMantle: false } : rate));
    const byId = groupBy(resolved, ({ rawId, scope, isMantle }) => `${rawId} ${scope} ${isMantle}`);
    for (const rate of resolved) {
      const placed = place(rate, byId.get(`${rate.rawId} ${rate.scope} ${rate.isMantle}`)!, places);
      if ('doubt' in placed) {
        doubts.push({ rate, why: placed.doubt });
        continue;
      }
      for (const { region, line } of spots(rate, placed.regions, places.book)) {
        const identity = identityOf(rate);
        const key = `${rate.model} ${identity} ${region}`;
        if (!cells.has(key)) cells.set(key, { model: rate.model, identity, region, stated: [], ...(line === undefined ? {} : { line }) });
        cells.get(key)!.stated.push(rate);
      }
    }
  }
  return cells;
}

function standardKey({ model, kind, scope }: StatedRate): string {
  return `${model} ${kind} ${scope}`;
}

/** The places of a rate in the book. An open region is that of the book's line, or the assumed regions for which the book has lines. */
function spots(rate: StatedRate, regions: readonly string[], book: BookLines): { readonly region: string; readonly line?: Line }[] {
  const identity = identityOf(rate);
  const found = regions.flatMap((region) => (region === OPEN ? [...ASSUMED_REGIONS] : [region])
    .map((named) => ({ region: named, line: book.find(rate.model, identity, named) })));
  const lines = found.filter(({ line }) => line !== undefined);
  const atLines = [...new Map(lines.map(({ line }) => [line!.region, { region: line!.region, line: line! }])).values()];
  if (regions.includes(OPEN)) {
    // A guardrail costs the same in several regions: a row of the price list for one of them is no evidence for the others.
    const isOfSomeRegions = rate.model === ANY_MODEL && atLines.length > 0 && lines.length < found.length;
    return [...atLines, ...(atLines.length === 0 || isOfSomeRegions ? [{ region: OPEN }] : [])];
  }
  return [...atLines, ...found.filter(({ line }) => line === undefined)];
}

function newModels(
  added: readonly ProposedRate[], statements: readonly Statement[], resolve: (id: string) => string, { book, listed }: Places,
  settings: RefreshSettings,
): ProposedModel[] {
  const names = new Map(statements.flatMap((statement) => Object.entries(statement.names).map(([id, name]) => [resolve(id), name] as const)));
  const borders = bordersOf([], statements, resolve);
  return [...new Set(added.map(({ model }) => model))].filter((id) => !book.holds(id)).sort().map((id) => defined({
    id, name: settings.names[id] ?? names.get(id) ?? nameOf(id), listed: listed.get(id), longContextFromInputTokens: borders.get(id),
  }));
}

function nameOf(id: string): string {
  const words = id.slice(providerOf(id).length + 1).replace(/-v\d+(:\d+)?$/, '').replace(/-(\d+)-(\d+)$/, '-$1.$2').split('-');
  return words.map((word) => word[0].toUpperCase() + word.slice(1)).join(' ');
}

function goneOf(
  facts: PriceFacts, statements: readonly Statement[], cells: ReadonlyMap<string, Cell>, resolve: (id: string) => string,
): Line[] {
  const secondHand = new Set(facts.sources.filter((source) => source.secondHand).map(({ key }) => key));
  const families = new Set(statements.map(({ source }) => familyOf(source.key)));
  const stated = new Set([...cells.values()].map(({ model, identity }) => `${model} ${identity}`));
  const doubtful = new Set(statements.flatMap(({ rates }) => rates.map((rate) => `${resolve(rate.model)} ${identityOf(rate)}`)));
  return facts.models.flatMap(({ id, rates }) => rates
    .filter((rate) => secondHand.has(rate.source) && families.has(familyOf(rate.source)) && rate.endDate === undefined)
    .filter((rate) => !stated.has(`${id} ${identityOf(rate)}`) && !doubtful.has(`${id} ${identityOf(rate)}`))
    .map((rate) => ({ model: id, rate, region: rate.regions === 'open' ? OPEN : rate.regions.join(' ') })));
}


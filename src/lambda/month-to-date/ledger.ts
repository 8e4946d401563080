import { createHash } from 'crypto';
import { Limit } from '../../aws/limits';
import { Decimal, decimal, sum, toText, ZERO } from '../../pricing/decimal';

/** Exact amounts in US dollars, as decimal texts, by a key. */
export interface Amounts { readonly [key: string]: string }

/** Exact amounts with the budgets that they belong to. See `holdings.ts`. */
export interface Holdings { readonly [key: string]: string }

/** The amounts of one month: the last counted amount of each meter with a cost. */
export interface LedgerMonth {
  /** The meters that only this deployment of the stack can have, such as its inference profiles, by `keyOf(meter)`. */
  readonly own?: Holdings;
  /** The meters that several stacks of the account may have, such as a model that is called directly, by `keyOf(region, meter)`. */
  readonly shared?: Holdings;
  /** The own meters of the other parts of each budget that is added up here, by the keys of the part's stack id and of the budget. */
  readonly parts?: Amounts;
  /** The shared meters of other parts. */
  readonly partsShared?: Amounts;
}

/** The newest count of the stack's part of a budget. */
export interface BudgetState {
  /** The forecast for the rest of the month of `asOf`. */
  readonly restOfMonthUsd: string;
  /** The cost of tokens and images within the last minutes before `asOf`, by the number of minutes. */
  readonly windows?: Amounts;
}

/**
 * The state of a function between two counts.
 *
 * It is in SSM parameters that only the function may write, not in CloudWatch metrics: any role that can publish metrics could forge
 * those, and they are listed for two weeks only. A meter that is no longer counted keeps its last amount until the end of its month.
 */
export interface Ledger {
  /** The time of the count, in seconds since 1970. */
  readonly asOf?: number;
  /** The key of the stack's id, which distinguishes this ledger from remains of a deleted stack of the same name. */
  readonly stack?: string;
  /** The months by `YYYY-MM`: the current one, and the previous one while it is being closed. */
  readonly months?: { readonly [month: string]: LedgerMonth };
  /** The states of budgets, by the key of the budget. */
  readonly budgets?: { readonly [budget: string]: BudgetState };
  /** The sets of budgets of holdings, by `setName`. */
  readonly sets?: { readonly [set: string]: readonly string[] };
  /** The totals of the budgets that are added up here, by month and key of the budget. The stop function reads them on the first page. */
  readonly totals?: { readonly [month: string]: Amounts };
  /** The base of the newest run, and the series with data since the beginning of its open hours: a bit for each, five in a digit. */
  readonly base?: { readonly id: string; readonly active: string };
  /** The state of an older version, which counted one budget, instead of `budgets`. */
  readonly restOfMonthUsd?: string;
  readonly windows?: Amounts;
}

/** A part of a ledger, in a parameter of its own. */
export interface LedgerPage extends Ledger {
  /**
   * The version that this page was to become. If the actual version is a later one, another run has written in between, since parameters
   * have no conditional writes, and that version must be read as well.
   */
  readonly version?: number;
  /** Whether further pages exist; only on the first page. */
  readonly more?: boolean;
}

const KINDS = ['own', 'shared', 'parts', 'partsShared'] as const;
type Kind = (typeof KINDS)[number];

/** The maximum bytes of a page: a parameter of the standard tier holds 4 KB, and some bytes are left for the version. */
const PAGE_MAX = Limit.PARAMETER_VALUE - 32;
/** The maximum number of pages, with more than 20,000 amounts; a template has at most 500 resources. */
const PAGES_MAX = 512;

/** A short key of a meter, a budget or a stack. Its 72 bits make collisions practically impossible. */
export function keyOf(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('base64url').slice(0, 12);
}

export function monthIn({ months = {} }: Ledger, name: string): LedgerMonth {
  return months[name] ?? {};
}

export function sumOf(amounts: Amounts = {}): Decimal {
  return sum(Object.values(amounts).map((text) => decimal(text)));
}

/** The larger amount for each key: two functions that count the same meter differ only in time. */
export function largest(...all: readonly (Amounts | undefined)[]): Amounts {
  const amounts: { [key: string]: string } = {};
  for (const [key, usd] of all.flatMap((one) => Object.entries(one ?? {}))) {
    if (!(key in amounts) || decimal(usd).cmp(decimal(amounts[key])) > 0) amounts[key] = usd;
  }
  return amounts;
}

/** The amounts by key. Amounts with the same key are added up, and $0 is left out. */
export function amountsBy<T>(items: readonly T[], key: (item: T) => string, usd: (item: T) => Decimal): Amounts {
  const amounts = new Map<string, Decimal>();
  for (const item of items) amounts.set(key(item), (amounts.get(key(item)) ?? ZERO).plus(usd(item)));
  const spent = [...amounts].filter(([, total]) => total.cmp(ZERO) !== 0);
  return Object.fromEntries(spent.map(([name, total]) => [name, toText(total)]));
}

/** The union of several pages or versions, without losing any content. The newest one wins if they differ. */
export function merged(pages: readonly LedgerPage[]): LedgerPage {
  // Of two with the same time, the later version wins: its writer has read later.
  const newestLast = [...pages].sort((a, b) => (a.asOf ?? 0) - (b.asOf ?? 0));
  const months: { [month: string]: { [kind in Kind]?: Amounts } } = {};
  for (const [name, month] of newestLast.flatMap((page) => Object.entries(page.months ?? {}))) {
    // This also skips inherited names: `__proto__` would add its amounts to all months of this and of later runs.
    if (!/^\d{4}-\d{2}$/.test(name)) continue;
    const known = months[name] ??= {};
    for (const kind of KINDS) if (month[kind]) known[kind] = { ...known[kind], ...month[kind] };
  }
  const { version, ...rest } = newestLast.reduce<LedgerPage>((all, page) => ({ ...all, ...page }), {});
  const [sets, budgets] = [united(newestLast.map((page) => page.sets)), united(newestLast.map((page) => page.budgets))];
  return { ...rest, ...(Object.keys(months).length > 0 ? { months } : {}), ...(budgets ? { budgets } : {}), ...(sets ? { sets } : {}) };
}

/**
 * The ledger as pages, at least `atLeast`. The key of an amount determines its page, so that concurrent runs write it to the same page.
 * All other content is on the first page. The number of pages is a power of two: when it doubles, an amount stays on its page or moves
 * to a new one.
 */
export function paged(ledger: Ledger, atLeast: number): LedgerPage[] {
  for (let count = 1; count <= PAGES_MAX; count *= 2) {
    if (count < atLeast) continue;
    const pages = Array.from({ length: count }, (_, page) => pageOf(ledger, page, count));
    if (pages.every((page) => JSON.stringify(page).length <= PAGE_MAX)) return pages;
  }
  throw new Error(`The ledger must have at most ${PAGES_MAX} parameters, got more. Cover fewer resources with one budget.`);
}

function pageOf({ months = {}, sets, budgets, ...summary }: Ledger, page: number, count: number): LedgerPage {
  const { asOf, stack } = summary;
  const here = <T>(all?: { readonly [key: string]: T }) => {
    const entries = Object.entries(all ?? {}).filter(([key]) => placeOf(key, count) === page);
    return entries.length > 0 ? Object.fromEntries(entries) : undefined;
  };
  return {
    ...(page === 0 ? { ...summary, ...(count > 1 ? { more: true } : {}) } : { asOf, stack }),
    months: Object.fromEntries(Object.entries(months).map(([name, month]) => (
      [name, Object.fromEntries(KINDS.flatMap((kind) => { const own = here(month[kind]); return own ? [[kind, own]] : []; }))]))),
    budgets: here(budgets),
    sets: here(sets),
  };
}

/** The union of the entries, of which the last one wins. */
function united<T>(all: readonly ({ readonly [key: string]: T } | undefined)[]): { [key: string]: T } | undefined {
  const known = all.filter((one) => one !== undefined);
  return known.length > 0 ? known.reduce<{ [key: string]: T }>((union, one) => ({ ...union, ...one }), {}) : undefined;
}

function placeOf(key: string, count: number): number {
  let hash = 0;
  for (let i = 0; i < key.length; i++) hash = (hash * 31 + key.charCodeAt(i)) % 65_521;
  return hash % count;
}

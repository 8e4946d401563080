import { contradictions, fromTheFuture, noDays, outliers, tooOld, zeroPrices } from './failures';
import { JudgedBook, judgedBook, Spotted } from './judged-book';
import { countRates, groupBy } from './placed-rate';
import { SourceAge, sourceTable } from './source-table';
import { dearBatch, dearCache, dearGlobal, notInForce, oldSources, oneSided, reviewDue, undated } from './warnings';
import { MessageDefinition, MESSAGES } from '../messages';
import { daysBetween } from '../pricing/price-book/day';
import { PriceAgeLimit } from '../pricing/price-book/price-age';
import { PriceBook } from '../pricing/price-book/price-book';
import { priceDatesOf } from '../pricing/price-book/price-dates';
import { ANY_MODEL } from '../pricing/price-book/rate';

/** A rule for price books. A rule with the severity error fails a book. */
interface BookRule {
  readonly message: MessageDefinition;
  readonly find: (book: JudgedBook) => readonly Spotted[];
}

const RULES: readonly BookRule[] = [
  { message: MESSAGES.bookTooOld, find: tooOld },
  { message: MESSAGES.bookFromTheFuture, find: fromTheFuture },
  { message: MESSAGES.bookNoDay, find: noDays },
  { message: MESSAGES.bookContradiction, find: contradictions },
  { message: MESSAGES.bookZeroPrice, find: zeroPrices },
  { message: MESSAGES.bookOutlier, find: outliers },
  { message: MESSAGES.bookUndated, find: undated },
  { message: MESSAGES.bookNotInForce, find: notInForce },
  { message: MESSAGES.bookReviewDue, find: reviewDue },
  { message: MESSAGES.bookOneSided, find: oneSided },
  { message: MESSAGES.bookDearBatch, find: dearBatch },
  { message: MESSAGES.bookDearGlobal, find: dearGlobal },
  { message: MESSAGES.bookDearCache, find: dearCache },
  { message: MESSAGES.bookOldSource, find: oldSources },
];

export interface BookFinding {
  readonly id: string;
  /** Empty for a finding about the whole book. */
  readonly model: string;
  /** Regions of the finding; empty for a rate that holds everywhere. */
  readonly regions: readonly string[];
  readonly message: string;
  readonly fix: string;
}

export interface VerifyResult {
  readonly schemaVersion: '1';
  readonly passed: boolean;
  readonly failures: readonly BookFinding[];
  readonly warnings: readonly BookFinding[];
  readonly summary: BookSummary;
}

export interface BookSummary {
  /** Latest day on which a rate was last confirmed, and in `oldestAsOf` the earliest; null if no rate states a day. */
  readonly asOf: string | null;
  readonly oldestAsOf: string | null;
  /** Number of days since `asOf`. */
  readonly ageDays: number | null;
  readonly models: number;
  readonly rates: number;
  /** Number of rates that are older than the limit. */
  readonly ratesTooOld: number;
  readonly maxAgeDays: number;
  readonly ratesByKind: { readonly [kind: string]: number };
  /** The oldest first. */
  readonly sources: readonly SourceAge[];
}

/**
 * Verifies a price book: failures make it unusable, warnings should be checked. Pure: no file, no clock.
 *
 * @param reference a book that is known to be correct: the embedded one, unless it is the verified book
 */
export function verifyBook(book: PriceBook, limit: PriceAgeLimit, reference?: PriceBook): VerifyResult {
  const judged = judgedBook(book._layers, limit, reference?._layers ?? []);
  const findings = RULES.map(({ message, find }) => ({ severity: message.severity, found: findingsOf(message, find(judged)) }));
  const of = (severity: MessageDefinition['severity']) => findings.filter((rule) => rule.severity === severity).flatMap(({ found }) => found);
  const failures = of('error');
  return { schemaVersion: '1', passed: failures.length === 0, failures, warnings: of('warning'), summary: summary(judged) };
}

/** Merges the same finding of several regions into one. */
function findingsOf({ id, fix }: MessageDefinition, spotted: readonly Spotted[]): BookFinding[] {
  return [...groupBy(spotted, ({ model, text }) => `${model} ${text}`).values()].map((alike) => ({
    id,
    model: alike[0].model,
    regions: [...new Set(alike.flatMap(({ region }) => region ?? []))].sort(),
    message: alike[0].text,
    fix,
  }));
}

function summary({ limit, effective: rates }: JudgedBook): BookSummary {
  const sources = sourceTable(rates, limit);
  const { oldest, newest } = priceDatesOf(rates.map(({ rate }) => rate));
  return {
    asOf: newest,
    oldestAsOf: oldest,
    ageDays: newest === null ? null : daysBetween(newest, limit.today),
    models: new Set(rates.map(({ rate }) => rate.model).filter((model) => model !== ANY_MODEL)).size,
    rates: countRates(rates),
    ratesTooOld: sources.reduce((total, { ratesTooOld }) => total + ratesTooOld, 0),
    maxAgeDays: limit.maxDays,
    ratesByKind: Object.fromEntries([...groupBy(rates, ({ rate }) => rate.kind)].map(([kind, ofKind]) => [kind, countRates(ofKind)]).sort()),
    sources,
  };
}

import { gunzipSync, gzipSync } from 'zlib';
import { RECOUNT_HOURS, StackRequest } from './contract';
import { DAY, HOUR } from './forecast';
import { Limit } from '../../aws/limits';
import { hash } from '../shared/hash';

/**
 * The result of a full recount that the runs of the next 24 hours start from. They read from CloudWatch only hours from `until` on.
 *
 * It is never changed, and holds nothing that AWS could not be asked for again: without a base that fits, a run counts everything anew.
 * Lists are in the order of the request.
 */
export interface Base {
  /** `requestId` of the request that was counted. */
  readonly request: string;
  /** When the recount was made, in seconds since 1970. */
  readonly at: number;
  /** The hour up to which amounts are closed. */
  readonly until: number;
  /** The exact cost in US dollars of each token meter in the month of `until`, up to then. */
  readonly closedUsd: readonly string[];
  /** For each budget, the recurring cost in US dollars of 168 hours from the `weekStart` of `at` on. */
  readonly weeks: readonly (readonly number[])[];
  /** The hour in which each token meter was first used, as far as the history reaches; 0 for none. */
  readonly firstUse: readonly number[];
  /** For each throughput, the last hour before `until` in which it processed anything; 0 for none. */
  readonly lastUse: readonly number[];
}

/** Changes with the layout of `Base`. */
const VERSION = 2;

const VALID_SECONDS = RECOUNT_HOURS * HOUR;

/** For so long hours stay open at least: late datapoints up to this age are counted by the next run. */
const OPEN_SECONDS = DAY;

/** Metrics stay listed as active for three hours, of which new ones may take the first 15 minutes to appear. */
const MAX_GAP_SECONDS = 7_200;

const CHUNK = Limit.PARAMETER_VALUE - 96;

/** Identifies a request. Another meter, price or budget gives another id. */
export function requestId(request: StackRequest): string {
  return hashOf(JSON.stringify([VERSION, request]));
}

/** The beginning of the hours that stay open after a recount: a day, or the longest window. */
export function openSince(at: number, longestWindow: number): number {
  return at - Math.max(OPEN_SECONDS, longestWindow);
}

/**
 * True when the runs since the last recount have seen every metric that was active since.
 *
 * @param asOf the last run
 */
export function isContinuous(asOf: number | undefined, now: number, present: number): boolean {
  return asOf !== undefined && asOf <= now && Math.max(now, present) - asOf <= MAX_GAP_SECONDS;
}

/** A base does not fit events from before it: they came late. */
export function fits(base: Base, request: string, now: number): boolean {
  return base.request === request && base.at < now && now < base.at + VALID_SECONDS;
}

/** The base on as many pages as it takes. Each names the whole by its hash, so that pages of two bases never pass for one. */
export function basePages(base: Base): { readonly id: string; readonly pages: readonly string[] } {
  const text = gzipSync(JSON.stringify(base)).toString('base64');
  const id = hashOf(text);
  const count = Math.ceil(text.length / CHUNK);
  return { id, pages: Array.from({ length: count }, (_, i) => `${id} ${count} ${text.slice(i * CHUNK, (i + 1) * CHUNK)}`) };
}

/** The number of pages, as each of them states it; 0 if it is no page. */
export function countOfPages(page: string): number {
  return Number(page.split(' ')[1] ?? 0);
}

/** The base, unless the pages are of several or damaged. */
export function parseBase(id: string, pages: readonly string[]): Base | undefined {
  const text = pages.map((page) => page.split(' ')[2]).join('');
  return hashOf(text) === id ? JSON.parse(gunzipSync(Buffer.from(text, 'base64')).toString()) : undefined;
}

function hashOf(text: string): string {
  return hash(text).slice(0, 24);
}

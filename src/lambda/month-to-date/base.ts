import { gunzipSync, gzipSync } from 'zlib';
import { RECOUNT_HOURS, StackRequest } from './contract';
import { DAY, HOUR } from './forecast';
import { Limit } from '../../aws/limits';
import { hash } from '../shared/hash';

/**
 * The result of a full recount that the runs of the next 24 hours start from. They read from CloudWatch only hours from `until` on.
 *
 * It never changes, and contains only data that AWS can return again: without a matching base, a run is a full recount. Lists are in the
 * order of the request.
 */
export interface Base {
  /** The `requestId` of the counted request. */
  readonly request: string;
  /** The time of the recount, in seconds since 1970. */
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

/** The minimum time for which hours stay open. Late datapoints up to this age are counted by the next run. */
const OPEN_SECONDS = DAY;

/** The maximum gap between runs. Metrics are listed as active for three hours, and new ones appear within 15 minutes. */
const MAX_GAP_SECONDS = 7_200;

const CHUNK = Limit.PARAMETER_VALUE - 96;

/** The id of a request. It changes with any meter, price or budget. */
export function requestId(request: StackRequest): string {
  return hashOf(JSON.stringify([VERSION, request]));
}

/** The beginning of the hours that stay open after a recount: a day before it, or the longest window. */
export function openSince(at: number, longestWindow: number): number {
  return at - Math.max(OPEN_SECONDS, longestWindow);
}

/**
 * Whether the runs since the last recount have seen every metric that was active since.
 *
 * @param asOf the time of the last run
 */
export function isContinuous(asOf: number | undefined, now: number, present: number): boolean {
  return asOf !== undefined && asOf <= now && Math.max(now, present) - asOf <= MAX_GAP_SECONDS;
}

/** Whether a base matches a request and a time. It does not match late events from before the recount. */
export function fits(base: Base, request: string, now: number): boolean {
  return base.request === request && base.at < now && now < base.at + VALID_SECONDS;
}

/** The base as pages. Each page has the hash of the whole base, so that pages of two bases are never mixed. */
export function basePages(base: Base): { readonly id: string; readonly pages: readonly string[] } {
  const text = gzipSync(JSON.stringify(base)).toString('base64');
  const id = hashOf(text);
  const count = Math.ceil(text.length / CHUNK);
  return { id, pages: Array.from({ length: count }, (_, i) => `${id} ${count} ${text.slice(i * CHUNK, (i + 1) * CHUNK)}`) };
}

/** The number of pages that a page states; 0 if it is invalid. */
export function countOfPages(page: string): number {
  return Number(page.split(' ')[1] ?? 0);
}

/** The base; undefined if the pages are damaged or of several bases. */
export function parseBase(id: string, pages: readonly string[]): Base | undefined {
  const text = pages.map((page) => page.split(' ')[2]).join('');
  return hashOf(text) === id ? JSON.parse(gunzipSync(Buffer.from(text, 'base64')).toString()) : undefined;
}

function hashOf(text: string): string {
  return hash(text).slice(0, 24);
}

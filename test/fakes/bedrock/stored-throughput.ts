import { foundationModelArn } from './models';

export interface Tag { readonly key: string; readonly value: string }

/** A provisioned throughput as AWS keeps it; fields as in the SDK's GetProvisionedModelThroughputResponse. Tests may change them. */
export interface StoredThroughput {
  provisionedModelArn: string;
  provisionedModelName: string;
  modelArn: string;
  desiredModelArn: string;
  foundationModelArn: string;
  modelUnits: number;
  desiredModelUnits: number;
  status: 'Creating' | 'InService' | 'Updating' | 'Failed';
  failureMessage?: string;
  commitmentDuration?: 'OneMonth' | 'SixMonths';
  commitmentExpirationTime?: string;
  creationTime: string;
  lastModifiedTime: string;
  tags: Tag[];
  /** The end of the present status, in milliseconds, and the status that follows. */
  next?: { readonly at: number; readonly status: 'InService' | 'Failed'; readonly failureMessage?: string };
}

/**
 * The behavior of AWS. Some of it AWS does not document: there the defaults are the case that is harder for a caller, and tests
 * set the other case too.
 */
export interface ThroughputBehaviour {
  /** The milliseconds that a purchase is Creating; with Infinity until a test sets its status. */
  creatingMs: () => number;
  /** The milliseconds of Updating after a change; 0 for a change that leaves the status as it is. */
  updatingMs: (changesModel: boolean) => number;
  /** The reason for which AWS cannot provide the next purchase; undefined if it can. */
  failure: () => string | undefined;
  /** The model units of a base model (by its id) or a custom model (by its ARN) that the account may have. */
  readonly quotas: Map<string, number>;
  /** The model units of all models that the account may have. */
  unitQuota: number;
  /** As AWS has it. Without it, only the caller's own care keeps a throughput from being bought twice. */
  uniqueNames: boolean;
  /** Whether the reply to a repeated client request token has the ARN of the first purchase. */
  repeatedTokenAnswersArn: boolean;
  /** Whether the end of the term is shown while a purchase is Creating. */
  termEndShowsAtOnce: boolean;
  /** The milliseconds after the end of a term in which the commitment can be deleted; then it renews itself. */
  renewsAfterMs: number;
}

const DAY = 86_400_000;
const HOUR = 3_600_000;

export function usualThroughputBehaviour(): ThroughputBehaviour {
  return {
    creatingMs: () => 0,
    updatingMs: () => 0,
    failure: () => undefined,
    quotas: new Map(),
    unitQuota: Infinity,
    uniqueNames: true,
    repeatedTokenAnswersArn: true,
    termEndShowsAtOnce: true,
    renewsAfterMs: HOUR,
  };
}

/** Milliseconds of a term. As AWS documents it, a month of a commitment has 30 days. */
export function termMs(commitment: 'OneMonth' | 'SixMonths'): number {
  return (commitment === 'OneMonth' ? 1 : 6) * 30 * DAY;
}

/** Brings a throughput to a time: its status changes, and its commitment renews itself. */
export function bringTo(throughput: StoredThroughput, now: number, { renewsAfterMs }: ThroughputBehaviour): StoredThroughput {
  const { next, commitmentDuration } = throughput;
  if (next && next.at <= now) {
    const { status, failureMessage } = next;
    Object.assign(throughput, { status, modelArn: throughput.desiredModelArn, failureMessage, next: undefined });
  }
  if (commitmentDuration && throughput.commitmentExpirationTime && renewsAfterMs < Infinity) {
    let end = Date.parse(throughput.commitmentExpirationTime);
    while (end + renewsAfterMs < now) end += termMs(commitmentDuration);
    throughput.commitmentExpirationTime = iso(end);
  }
  return throughput;
}

/** The fields of a reply; without the values that are missing. */
export function shown(throughput: StoredThroughput, { termEndShowsAtOnce }: ThroughputBehaviour): object {
  const { next: _, tags: __, failureMessage, commitmentExpirationTime, ...fields } = throughput;
  const isCreating = throughput.status === 'Creating';
  const all = {
    ...fields,
    foundationModelArn: foundationModelArn(throughput.desiredModelArn),
    modelUnits: isCreating ? 0 : throughput.modelUnits,
    failureMessage: throughput.status === 'Failed' ? failureMessage : undefined,
    commitmentExpirationTime: isCreating && !termEndShowsAtOnce ? undefined : commitmentExpirationTime,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

export function iso(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}

import { OWNER_TAG, REQUEST_TAG, RESTORED_FROM_TAG, ThroughputEvent, ThroughputProperties, ThroughputTag } from './contract';
import { hash } from '../shared/hash';

/** A custom resource with its current, former or requested properties. */
export type Resource = Pick<ThroughputEvent, 'StackId' | 'LogicalResourceId' | 'ResourceProperties'>;

/** The value of the tag that identifies the resource of a purchase. It does not change when the stack is deleted and deployed again. */
export function ownerOf({ StackId, LogicalResourceId }: Resource): string {
  return hash(lastingStackId(StackId), LogicalResourceId);
}

/**
 * The final name of a purchase. Without a name from the user, different purchases of one resource have different names, so that one
 * can exist while it is replaced by another.
 */
export function nameOf({ StackId, LogicalResourceId, ResourceProperties }: Resource): string {
  const { provisionedModelName, namePrefix, modelId, modelUnits, commitmentDuration, businessHours } = ResourceProperties;
  if (provisionedModelName !== undefined) return provisionedModelName;
  // With business hours the name does not depend on the properties: the evening must find the purchase of the morning.
  const what = businessHours ? ['business hours'] : [modelId, String(modelUnits), commitmentDuration ?? 'none'];
  return `${namePrefix}-${hash(lastingStackId(StackId), LogicalResourceId, ...what).slice(0, 16)}`;
}

/** All names that a purchase with these properties may have. During a replacement, only one of two can have the name from the user. */
export function namesOf(resource: Resource): string[] {
  const name = nameOf(resource);
  return resource.ResourceProperties.provisionedModelName === undefined ? [name] : [name, spareName(name, ownerOf(resource))];
}

function spareName(name: string, owner: string): string {
  return `${name.slice(0, 54).replace(/[-_]+$/, '')}-${hash(owner, name).slice(0, 8)}`;
}

/** The token of a request, for which AWS makes one purchase even if the request is repeated. */
export function tokenOf({ StackId, LogicalResourceId, RequestId }: ThroughputEvent): string {
  return hash(StackId, LogicalResourceId, RequestId);
}

/** The mark that distinguishes the purchases of one request from those of others of the same resource. */
export function requestMark(request: Pick<ThroughputEvent, 'StackId' | 'LogicalResourceId' | 'RequestId'>): string {
  return hash(request.StackId, request.LogicalResourceId, request.RequestId).slice(0, 16);
}

/** The tags of a purchase, besides the mark of its request. */
export function tagsOf(resource: Resource): ThroughputTag[] {
  return [...(resource.ResourceProperties.tags ?? []).filter(({ key }) => !isReserved(key)), { key: OWNER_TAG, value: ownerOf(resource) }];
}

/** Whether a tag identifies the resource or the request of a purchase. Events may neither set nor remove it: deletions depend on it. */
export function isReserved(key: string): boolean {
  return [OWNER_TAG, REQUEST_TAG, RESTORED_FROM_TAG].includes(key);
}

/** Whether a boolean is true. CloudFormation passes booleans as strings. */
export function isSet(value: string | boolean | undefined): boolean {
  return String(value) === 'true';
}

export function regionOf({ StackId }: Pick<Resource, 'StackId'>): string {
  return StackId.split(':')[3];
}

/** The physical ids of resources. Only the ARN of a purchase identifies a purchase. */
export const PhysicalId = {
  /** The id before a purchase, or after a request that made none. */
  provisional: (event: ThroughputEvent) => `not-bought-yet/${requestMark(event)}`,
  /** The id of throughput with business hours, which is bought every morning under the same name. */
  businessHours: (resource: Resource) => `business-hours/${nameOf(resource)}`,
  /** The id of a dry run. It has the form of an ARN, since the template may put it into a policy. */
  dryRun: (event: ThroughputEvent) => {
    const [, partition, , region, account] = event.StackId.split(':');
    return `arn:${partition}:bedrock:${region}:${account}:provisioned-model/dryrun${ownerOf(event).slice(0, 6)}`;
  },
  isProvisional: (id: string) => id.startsWith('not-bought-yet/'),
  isDryRun: (id: string) => /:provisioned-model\/dryrun/.test(id),
  isPurchase: (id: string | undefined): id is string => id !== undefined && /:provisioned-model\/(?!dryrun)/.test(id),
  isBusinessHours: (id: string | undefined) => id !== undefined && id.startsWith('business-hours/'),
  /** Whether the handler has made an id. CloudFormation makes up ids for failed creations. */
  isOurs: (id: string | undefined) => id !== undefined && /^(not-bought-yet|business-hours)\/|:provisioned-model\//.test(id),
  /** The name of purchases in business hours; the mark of the request for a provisional id. */
  nameIn: (id: string) => id.slice(id.indexOf('/') + 1),
} as const;

/** Partition, region, account and name of a stack, which do not change when it is deleted and deployed again. */
function lastingStackId(stackId: string): string {
  return stackId.split('/').slice(0, 2).join('/');
}

/** The commitment in words. */
export function termOf({ commitmentDuration }: Pick<ThroughputProperties, 'commitmentDuration'>): string {
  return commitmentDuration === undefined ? 'no commitment' : `a commitment of ${monthsOf(commitmentDuration)} month${monthsOf(commitmentDuration) === 1 ? '' : 's'}`;
}

export function monthsOf(commitmentDuration: 'OneMonth' | 'SixMonths'): number {
  return commitmentDuration === 'OneMonth' ? 1 : 6;
}

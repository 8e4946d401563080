import { OWNER_TAG, REQUEST_TAG, RESTORED_FROM_TAG, ThroughputEvent, ThroughputProperties, ThroughputTag } from './contract';
import { hash } from '../shared/hash';

/** A custom resource with the properties that it has, had, or is to have. */
export type Resource = Pick<ThroughputEvent, 'StackId' | 'LogicalResourceId' | 'ResourceProperties'>;

/** Of which resource a purchase is: the same when its stack is deleted and deployed again. */
export function ownerOf({ StackId, LogicalResourceId }: Resource): string {
  return hash(lastingStackId(StackId), LogicalResourceId);
}

/**
 * The name that a purchase is to have in the end. Where the user gave none, different purchases of one resource have
 * different names, so that one can stand while it is replaced by another.
 */
export function nameOf({ StackId, LogicalResourceId, ResourceProperties }: Resource): string {
  const { provisionedModelName, namePrefix, modelId, modelUnits, commitmentDuration, businessHours } = ResourceProperties;
  if (provisionedModelName !== undefined) return provisionedModelName;
  // Bought every morning, whatever it is now: the evening has to find what the morning has bought.
  const what = businessHours ? ['business hours'] : [modelId, String(modelUnits), commitmentDuration ?? 'none'];
  return `${namePrefix}-${hash(lastingStackId(StackId), LogicalResourceId, ...what).slice(0, 16)}`;
}

/** Every name that a purchase of these properties may have now: for a while, two cannot have the one that the user chose. */
export function namesOf(resource: Resource): string[] {
  const name = nameOf(resource);
  return resource.ResourceProperties.provisionedModelName === undefined ? [name] : [name, spareName(name, ownerOf(resource))];
}

function spareName(name: string, owner: string): string {
  return `${name.slice(0, 54).replace(/[-_]+$/, '')}-${hash(owner, name).slice(0, 8)}`;
}

/** The token under which AWS makes a purchase once, however often it is asked for. */
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

/** Tags that name the owner of a purchase, and the request: an event may neither set nor remove it, for nothing would delete it any more. */
export function isReserved(key: string): boolean {
  return [OWNER_TAG, REQUEST_TAG, RESTORED_FROM_TAG].includes(key);
}

/** CloudFormation hands truth values on as texts. */
export function isSet(value: string | boolean | undefined): boolean {
  return String(value) === 'true';
}

export function regionOf({ StackId }: Pick<Resource, 'StackId'>): string {
  return StackId.split(':')[3];
}

/** The physical ids of resources. Only the ARN of a purchase identifies one. */
export const PhysicalId = {
  /** Until something is bought, and where nothing came of it. */
  provisional: (event: ThroughputEvent) => `not-bought-yet/${requestMark(event)}`,
  /** Of what is bought anew every morning, with the name that it always has. */
  businessHours: (resource: Resource) => `business-hours/${nameOf(resource)}`,
  /** In a dry run: in the form of an ARN, for the template may put it into a policy. */
  dryRun: (event: ThroughputEvent) => {
    const [, partition, , region, account] = event.StackId.split(':');
    return `arn:${partition}:bedrock:${region}:${account}:provisioned-model/dryrun${ownerOf(event).slice(0, 6)}`;
  },
  isProvisional: (id: string) => id.startsWith('not-bought-yet/'),
  isDryRun: (id: string) => /:provisioned-model\/dryrun/.test(id),
  isPurchase: (id: string | undefined): id is string => id !== undefined && /:provisioned-model\/(?!dryrun)/.test(id),
  isBusinessHours: (id: string | undefined) => id !== undefined && id.startsWith('business-hours/'),
  /** False for one that CloudFormation has made up. */
  isOurs: (id: string | undefined) => id !== undefined && /^(not-bought-yet|business-hours)\/|:provisioned-model\//.test(id),
  /** The name under which the purchases of business hours stand; of a provisional one, the mark of its request. */
  nameIn: (id: string) => id.slice(id.indexOf('/') + 1),
} as const;

/** Partition, region, account and name of a stack: what stays the same when it is deleted and deployed again. */
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

import { createHash } from 'crypto';
import {
  BedrockClient, CreateProvisionedModelThroughputCommand, DeleteProvisionedModelThroughputCommand, GetProvisionedModelThroughputCommand,
  GetProvisionedModelThroughputCommandOutput, ListTagsForResourceCommand, TagResourceCommand, UntagResourceCommand,
  UpdateProvisionedModelThroughputCommand,
} from '@aws-sdk/client-bedrock';
import { OWNER_TAG, RESTORED_FROM_TAG, ThroughputAttributes, ThroughputProperties, ThroughputTag } from './provisioned-model-throughput.contract';
import { pricingCandidates } from '../pricing/model-id';

type Throughput = GetProvisionedModelThroughputCommandOutput;

/** The fields of a custom resource's event that matter here. */
export interface ThroughputEvent {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: ThroughputProperties;
  readonly OldResourceProperties?: ThroughputProperties;
}

// An answer within the function's own timeout, whatever happens: a purchase whose reply is lost is looked up by its name.
const client = new BedrockClient({
  maxAttempts: 6,
  requestHandler: { connectionTimeout: 5_000, requestTimeout: 15_000, throwOnRequestTimeout: true },
});

/**
 * Begins what CloudFormation asks for. What it returns as physical id is what CloudFormation deletes on a rollback, so
 * a purchase that was made is always returned, and an error is thrown only where none was made.
 */
export async function onEvent(event: ThroughputEvent): Promise<{ PhysicalResourceId?: string }> {
  switch (event.RequestType) {
    case 'Create': return { PhysicalResourceId: await purchase(event) };
    case 'Update': return { PhysicalResourceId: await update(event) };
    // Deletion is tried in isComplete, again and again: AWS refuses it while the throughput is still being made.
    case 'Delete': return { PhysicalResourceId: event.PhysicalResourceId };
  }
}

/** Whether what was begun has come to its end. */
export async function isComplete(event: ThroughputEvent): Promise<{ IsComplete: boolean; Data?: ThroughputAttributes }> {
  const arn = event.PhysicalResourceId!;
  if (event.RequestType === 'Delete') return { IsComplete: await removeAll(event) };
  const found = await find(arn);
  switch (found?.status) {
    case 'InService':
      // Just after an update the status may not show yet that there is something to do.
      if (found.modelArn !== found.desiredModelArn || found.modelUnits !== found.desiredModelUnits) return { IsComplete: false };
      return { IsComplete: true, Data: { ProvisionedModelName: found.provisionedModelName! } };
    case 'Failed':
      throw new Error(`Amazon Bedrock could not provide ${arn}: ${found.failureMessage ?? 'it gave no reason'}`);
    default:
      return { IsComplete: false };
  }
}

/** Buys the throughput, once for each request of CloudFormation however often the request is delivered. */
async function purchase(event: ThroughputEvent): Promise<string> {
  const { modelId, modelUnits, commitmentDuration } = event.ResourceProperties;
  const name = nameOf(event);
  try {
    const { provisionedModelArn } = await client.send(new CreateProvisionedModelThroughputCommand({
      clientRequestToken: hash(event.StackId, event.LogicalResourceId, event.RequestId),
      provisionedModelName: name,
      modelId,
      modelUnits: Number(modelUnits),
      commitmentDuration,
      tags: tagsOf(event),
    }));
    // AWS ignores a repeated token without an error; the reply then need not hold an ARN.
    return provisionedModelArn ?? (await find(name))!.provisionedModelArn!;
  } catch (e) {
    // The reply was lost, or an earlier purchase of this resource was retained and is still billed: never a second one.
    const bought = isOutcomeUnknown(e) || (e as Error).name === 'ConflictException' ? await ownThroughput(event) : undefined;
    // After a lost reply it is most likely a new one, tagged when it was bought: an error would leave it to nobody.
    if (bought) return adopt(event, bought, isOutcomeUnknown(e));
    throw explained(e as Error, event.ResourceProperties, name);
  }
}

/**
 * Changes in place what AWS can change (the name, the custom model, tags), buys anew what it cannot, and refuses where
 * that would leave a commitment behind.
 *
 * The wish is compared with what AWS has, not with the last template: when CloudFormation rolls back, the last template
 * is the one that failed, and what it wants back is often still there.
 */
async function update(event: ThroughputEvent): Promise<string> {
  const known = event.PhysicalResourceId!;
  const wished = event.ResourceProperties;
  const found = await find(known);
  // It has the properties of the last deployment; when CloudFormation rolls back, those are what is wished.
  const before = { ...event, ResourceProperties: event.OldResourceProperties ?? wished };
  const actual = found ?? await restoredFrom(known, before) ?? await restoredFrom(known, event);
  if (!actual) {
    throw new Error(`${known} no longer exists: it was deleted outside CloudFormation, and nothing is bought in its place unasked. `
      + 'If a budget has stopped it, undo that first, which buys it again; else remove the construct, deploy, and add it again');
  }
  const arn = found ? known : actual.provisionedModelArn!;
  // Both have to differ: AWS may write an id in another way than the template does, and that is no wish to buy again.
  const newModel = isSameModel(actual, wished.modelId) || event.OldResourceProperties?.modelId === wished.modelId ? undefined : wished.modelId;
  const changed = [
    ...(actual.desiredModelUnits !== Number(wished.modelUnits) ? [`modelUnits from ${actual.desiredModelUnits} to ${wished.modelUnits}`] : []),
    ...(actual.commitmentDuration !== wished.commitmentDuration ? [`commitmentDuration from ${actual.commitmentDuration ?? 'none'} to ${wished.commitmentDuration ?? 'none'}`] : []),
    ...(newModel && !isVariantOf(actual, wished) ? [`model from ${actual.modelArn} to ${newModel}`] : []),
  ];
  if (changed.length > 0) return replace(event, actual, changed.join(', '));

  const newName = nameOf(event) !== actual.provisionedModelName ? nameOf(event) : undefined;
  if (newName !== undefined || newModel !== undefined) {
    const command = new UpdateProvisionedModelThroughputCommand({
      provisionedModelId: arn, desiredProvisionedModelName: newName, desiredModelId: newModel,
    });
    await client.send(command).catch((e) => { throw explained(e as Error, wished, newName); });
  }
  await updateTags(arn, event.OldResourceProperties?.tags ?? [], wished.tags ?? []);
  // Taken up: when CloudFormation now deletes what had the old ARN, this one is no longer meant.
  if (!found) await client.send(new UntagResourceCommand({ resourceARN: arn, tagKeys: [RESTORED_FROM_TAG] }));
  return arn;
}

/** Units and commitment cannot change: another purchase takes the place of this one, which CloudFormation then deletes. */
async function replace(event: ThroughputEvent, actual: Throughput, change: string): Promise<string> {
  if (actual.commitmentDuration && actual.status !== 'Failed') {
    throw new Error(`cannot change ${change}: AWS does not change provisioned throughput that has a commitment, and it is billed until ${until(actual)}. `
      + 'Undo the change. To have more capacity, add a second ProvisionedModelThroughput; to have another one later, delete this one when its term ends');
  }
  if (event.ResourceProperties.provisionedModelName === actual.provisionedModelName) {
    throw new Error(`cannot change ${change} under the name ${JSON.stringify(actual.provisionedModelName)}: AWS has to make the new throughput before the old one is deleted, `
      + 'and both cannot have one name. Change provisionedModelName too, or leave it out');
  }
  const before = await ownThroughput(event);
  if (before) return adopt(event, before);
  return purchase(event);
}

/** True when it is gone, and what a budget bought in its place, or cannot go before the end of its commitment. */
async function removeAll(event: ThroughputEvent): Promise<boolean> {
  const arn = event.PhysicalResourceId!;
  // Nothing was ever bought under another kind of id.
  if (!arn.includes(':provisioned-model/')) return true;
  if (!await remove(arn)) return false;
  const restored = await restoredFrom(arn, event);
  return restored?.provisionedModelArn === undefined || remove(restored.provisionedModelArn);
}

async function remove(arn: string): Promise<boolean> {
  try {
    await client.send(new DeleteProvisionedModelThroughputCommand({ provisionedModelId: arn }));
    return true;
  } catch (e) {
    const { name } = e as Error;
    if (name === 'ResourceNotFoundException') return true;
    if (name !== 'ConflictException' && name !== 'ValidationException') throw explained(e as Error);
    const left = await find(arn);
    if (!left) return true;
    if (left.status === 'Creating' || left.status === 'Updating') return false;
    if (!left.commitmentDuration) throw explained(e as Error);
    // A stack must not hang on what AWS will not delete for months; whoever reads the log or the bill has to know.
    console.error(`KEPT AND STILL BILLED: ${arn} has a commitment (${left.commitmentDuration}) and is billed until ${until(left)}; it then renews itself. `
      + `CloudFormation forgets it now: delete it by hand at the end of its term. AWS said: ${(e as Error).message}`);
    return true;
  }
}

async function updateTags(arn: string, before: readonly ThroughputTag[], after: readonly ThroughputTag[]): Promise<void> {
  const gone = before.filter(({ key }) => !after.some((tag) => tag.key === key));
  const set = after.filter(({ key, value }) => !before.some((tag) => tag.key === key && tag.value === value));
  if (gone.length > 0) await client.send(new UntagResourceCommand({ resourceARN: arn, tagKeys: gone.map(({ key }) => key) }));
  if (set.length > 0) await client.send(new TagResourceCommand({ resourceARN: arn, tags: set }));
}

async function find(arnOrName: string): Promise<Throughput | undefined> {
  try {
    return await client.send(new GetProvisionedModelThroughputCommand({ provisionedModelId: arnOrName }));
  } catch (e) {
    if ((e as Error).name === 'ResourceNotFoundException') return undefined;
    throw e;
  }
}

/** Takes up what this resource bought before: the tags of a purchase come with the purchase alone, and the wish may have others. */
async function adopt(event: ThroughputEvent, { provisionedModelArn: arn }: Throughput, evenUntagged = false): Promise<string> {
  try {
    await client.send(new TagResourceCommand({ resourceARN: arn!, tags: tagsOf(event) }));
  } catch (e) {
    if (!evenUntagged) throw explained(e as Error);
    console.error(`PERHAPS WITHOUT ITS TAGS: ${arn}: ${(e as Error).message}`);
  }
  return arn!;
}

/**
 * What this resource has bought before with these very properties. A name that we made says so: it holds stack, resource
 * and properties. A name that the user chose may be anybody's: the owner's tag and the throughput itself have to say it.
 */
async function ownThroughput(event: ThroughputEvent): Promise<Throughput | undefined> {
  const { provisionedModelName, modelId, modelUnits, commitmentDuration } = event.ResourceProperties;
  const found = await find(nameOf(event));
  if (!found || (provisionedModelName !== undefined && !await isMarked(event, found))) return undefined;
  if (found.status === 'Failed') {
    throw new Error(`an earlier purchase of this resource has failed and is in the way: ${found.provisionedModelArn}; `
      + 'delete it by hand (nothing is billed for it), then deploy again');
  }
  const isWished = isSameModel(found, modelId) && found.desiredModelUnits === Number(modelUnits) && found.commitmentDuration === commitmentDuration;
  return provisionedModelName === undefined || isWished ? found : undefined;
}

async function isMarked(event: ThroughputEvent, { provisionedModelArn }: Throughput): Promise<boolean> {
  return (await marks(provisionedModelArn!)).get(OWNER_TAG) === ownerOf(event);
}

/**
 * What was bought in place of the throughput that this resource has known under an ARN, after a budget had deleted that.
 *
 * @param event with the properties that it was bought with
 */
async function restoredFrom(arn: string, event: ThroughputEvent): Promise<Throughput | undefined> {
  const found = await find(nameOf(event));
  if (!found) return undefined;
  const tags = await marks(found.provisionedModelArn!);
  return tags.get(RESTORED_FROM_TAG) === arn && tags.get(OWNER_TAG) === ownerOf(event) ? found : undefined;
}

async function marks(resourceARN: string): Promise<Map<string | undefined, string | undefined>> {
  const { tags = [] } = await client.send(new ListTagsForResourceCommand({ resourceARN }));
  return new Map(tags.map(({ key, value }) => [key, value]));
}

function tagsOf(event: ThroughputEvent): ThroughputTag[] {
  return [...event.ResourceProperties.tags ?? [], { key: OWNER_TAG, value: ownerOf(event) }];
}

function ownerOf({ StackId, LogicalResourceId }: ThroughputEvent): string {
  return hash(lastingStackId(StackId), LogicalResourceId);
}

/** Partition, region, account and name of a stack: what stays the same when it is deleted and deployed again. */
function lastingStackId(stackId: string): string {
  return stackId.split('/').slice(0, 2).join('/');
}

/** Different purchases of one resource have different names, so that one can stand while it is replaced by another. */
function nameOf({ StackId, LogicalResourceId, ResourceProperties }: ThroughputEvent): string {
  const { provisionedModelName, namePrefix, modelId, modelUnits, commitmentDuration } = ResourceProperties;
  return provisionedModelName ?? `${namePrefix}-${hash(lastingStackId(StackId), LogicalResourceId, modelId, String(modelUnits), commitmentDuration ?? 'none').slice(0, 16)}`;
}

function hash(...parts: string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}

/** No reply, or one that does not say whether the purchase was made. */
function isOutcomeUnknown(e: unknown): boolean {
  const status = (e as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  return status === undefined || status >= 500;
}

function isSameModel({ desiredModelArn = '' }: Throughput, modelId: string): boolean {
  return desiredModelArn === modelId || desiredModelArn.endsWith(`/${modelId}`) || modelId.endsWith(`/${desiredModelArn.slice(desiredModelArn.indexOf('/') + 1)}`);
}

/** A custom model can be exchanged for another one of the same base model. */
function isVariantOf({ modelArn = '', foundationModelArn = '' }: Throughput, { baseModelId }: ThroughputProperties): boolean {
  if (!modelArn.includes(':custom-model/') || baseModelId === undefined) return false;
  const namesOf = (id: string) => { const { same, orElse = id } = pricingCandidates(id); return [...same, orElse]; };
  const actual = namesOf(foundationModelArn.slice(foundationModelArn.indexOf('/') + 1));
  return namesOf(baseModelId).some((id) => actual.includes(id));
}

function until({ commitmentExpirationTime }: Throughput): string {
  return commitmentExpirationTime?.toISOString() ?? 'the end of its term';
}

/** An error of AWS with what to do about it. */
function explained(e: Error, wished?: ThroughputProperties, name?: string): Error {
  if (!wished) return new Error(`${e.name}: ${e.message}`, { cause: e });
  const model = wished.modelId;
  const advice: { readonly [name: string]: string } = {
    ServiceQuotaExceededException: `the account's quota is too low for it, and that of a new account is 0 model units: open a support case "service limit increase" that names model units for ${model} in this region, and deploy again when it is granted`,
    AccessDeniedException: `check that the account has access to ${model} in this region, and that no service control policy forbids it`,
    ResourceNotFoundException: `${model} cannot be bought as provisioned throughput in this region: see https://docs.aws.amazon.com/bedrock/latest/userguide/prov-thru-supported.html`,
    ConflictException: `is the name ${JSON.stringify(name)} in use? If it is an earlier purchase of yours that was retained, it is still billed: import it with ProvisionedModelThroughput.fromProvisionedModelArn; else give another provisionedModelName`,
    ValidationException: `check that ${model} is offered as provisioned throughput in this region (base models by context variant, such as amazon.nova-pro-v1:0:24k) and with this commitment`,
    TooManyTagsException: `a resource has at most 50 tags, of which one is ${OWNER_TAG}: remove some`,
    ThrottlingException: 'deploy again later',
  };
  const suffix = Object.hasOwn(advice, e.name) ? `; ${advice[e.name]}` : '';
  return new Error(`${e.name}: ${e.message}${suffix}`, { cause: e });
}

import {
  CreateProvisionedModelThroughputCommand, DeleteProvisionedModelThroughputCommand, GetProvisionedModelThroughputCommand,
  GetProvisionedModelThroughputCommandOutput, ListTagsForResourceCommand, TagResourceCommand, UntagResourceCommand,
  UpdateProvisionedModelThroughputCommand,
} from '@aws-sdk/client-bedrock';
import { OWNER_TAG, REQUEST_TAG, RESTORED_FROM_TAG, ThroughputTag } from './contract';
import { isReserved, namesOf, ownerOf, Resource, tagsOf } from './identity';
import { explained, isOutcomeUnknown } from './problems';
import { Services } from './services';
import { withoutContextVariant } from '../../pricing/model-id';
import { isNamed } from '../shared/errors';

/** Provisioned throughput as AWS knows it. */
export type Throughput = GetProvisionedModelThroughputCommandOutput;

/** Reads and changes provisioned throughput in Amazon Bedrock. */
export class Throughputs {
  constructor(private readonly services: Services) {}

  public async find(arnOrName: string): Promise<Throughput | undefined> {
    try {
      return await this.services.bedrock.send(new GetProvisionedModelThroughputCommand({ provisionedModelId: arnOrName }));
    } catch (e) {
      if (isNamed(e, 'ResourceNotFoundException')) return undefined;
      throw e;
    }
  }

  /**
   * The throughput that has one of the names and was bought for the resource: others may use a name that the user chose.
   *
   * @param marks those of the requests that it must have been bought for; any when left out
   */
  public async findOwn(resource: Resource, names = namesOf(resource), marks?: readonly string[]): Promise<Throughput[]> {
    const own: Throughput[] = [];
    for (const name of new Set(names)) {
      const found = await this.find(name);
      const tags = found && await this.tags(found.provisionedModelArn!);
      if (tags?.get(OWNER_TAG) === ownerOf(resource) && (!marks || marks.includes(tags.get(REQUEST_TAG)!))) own.push(found!);
    }
    return own;
  }

  public async isOwn(resource: Resource, { provisionedModelArn }: Throughput): Promise<boolean> {
    return (await this.tags(provisionedModelArn!)).get(OWNER_TAG) === ownerOf(resource);
  }

  /**
   * The throughput that was bought in place of the one that a resource knows under an ARN, after a budget had deleted that.
   *
   * @param resource with the properties that it was bought with
   */
  public async restoredFrom(arn: string, resource: Resource): Promise<Throughput | undefined> {
    for (const found of await this.findOwn(resource)) {
      if ((await this.tags(found.provisionedModelArn!)).get(RESTORED_FROM_TAG) === arn) return found;
    }
    return undefined;
  }

  /**
   * Buys, once for a token.
   *
   * @param mark of the request that it is bought for
   * @returns the ARN; undefined when the reply does not tell it, or does not tell whether the purchase was made
   */
  public async buy(resource: Resource, name: string, clientRequestToken: string, mark: string): Promise<string | undefined> {
    const { modelId, modelUnits, commitmentDuration } = resource.ResourceProperties;
    try {
      const { provisionedModelArn } = await this.services.bedrock.send(new CreateProvisionedModelThroughputCommand({
        clientRequestToken,
        provisionedModelName: name,
        modelId,
        modelUnits: Number(modelUnits),
        commitmentDuration,
        tags: [...tagsOf(resource), { key: REQUEST_TAG, value: mark }],
      }));
      // AWS ignores a repeated token without an error; the reply then need not hold an ARN.
      return provisionedModelArn;
    } catch (e) {
      if (isOutcomeUnknown(e)) {
        console.warn(`tried again: ${(e as Error).name}: ${(e as Error).message}`);
        return undefined;
      }
      // A taken name comes as a ValidationException: it may be that of its own purchase, whose reply was lost.
      const holder = isNamed(e, 'ValidationException') ? await this.find(name) : undefined;
      if (holder && isAsRequested(holder, resource) && await this.isOwn(resource, holder)) return undefined;
      throw explained(e, resource.ResourceProperties, holder && { name, arn: holder.provisionedModelArn! });
    }
  }

  /** Renames, or exchanges a custom model. */
  public async update(arn: string, desired: { readonly name?: string; readonly modelId?: string }): Promise<void> {
    await this.services.bedrock.send(new UpdateProvisionedModelThroughputCommand({
      provisionedModelId: arn, desiredProvisionedModelName: desired.name, desiredModelId: desired.modelId,
    }));
  }

  /** @throws what AWS says when it refuses to delete it; nothing when it is gone already */
  public async delete(arn: string): Promise<void> {
    try {
      await this.services.bedrock.send(new DeleteProvisionedModelThroughputCommand({ provisionedModelId: arn }));
    } catch (e) {
      if (!isNamed(e, 'ResourceNotFoundException')) throw e;
    }
  }

  /** Adds the requested tags, and removes those that are no longer requested; tags of others stay. */
  public async tag(resource: Resource, arn: string, before: readonly ThroughputTag[] = []): Promise<void> {
    const requested = tagsOf(resource);
    const actual = await this.tags(arn);
    const former = before.map(({ key }) => key).filter((key) => !isReserved(key));
    const gone = [...former, RESTORED_FROM_TAG].filter((key) => actual.has(key) && !requested.some((tag) => tag.key === key));
    const set = requested.filter(({ key, value }) => actual.get(key) !== value);
    if (gone.length > 0) await this.services.bedrock.send(new UntagResourceCommand({ resourceARN: arn, tagKeys: gone }));
    if (set.length > 0) await this.services.bedrock.send(new TagResourceCommand({ resourceARN: arn, tags: set }));
  }

  private async tags(resourceARN: string): Promise<Map<string, string>> {
    const { tags = [] } = await this.services.bedrock.send(new ListTagsForResourceCommand({ resourceARN }));
    return new Map(tags.map(({ key, value }) => [key!, value!]));
  }
}

/** Whether throughput has the model, units and commitment that a resource requests. */
export function isAsRequested(found: Throughput, { ResourceProperties: { modelId, modelUnits, commitmentDuration } }: Resource): boolean {
  return isSameModel(found, modelId) && found.desiredModelUnits === Number(modelUnits) && found.commitmentDuration === commitmentDuration;
}

/**
 * Whether it is of a model, as far as AWS says: it may leave out the context variant that was bought. Nothing is deleted as
 * another model because of that.
 */
export function isSameModel(found: Throughput, modelId: string): boolean {
  return isExactlyModel(found, modelId) || isWithoutVariant(found, modelId);
}

/** Whether AWS names the model, and leaves out its context variant. */
export function isWithoutVariant(found: Throughput, modelId: string): boolean {
  const model = withoutContextVariant(modelId);
  return model !== modelId && isExactlyModel(found, model);
}

function isExactlyModel({ desiredModelArn = '' }: Throughput, modelId: string): boolean {
  return desiredModelArn === modelId || desiredModelArn.endsWith(`/${modelId}`) || modelId.endsWith(`/${desiredModelArn.slice(desiredModelArn.indexOf('/') + 1)}`);
}

/** In service, with nothing of a change still to come: just after one, the status may not show it yet. */
export function isSettled({ status, modelArn, desiredModelArn, modelUnits, desiredModelUnits }: Throughput): boolean {
  return status === 'InService' && modelArn === desiredModelArn && modelUnits === desiredModelUnits;
}

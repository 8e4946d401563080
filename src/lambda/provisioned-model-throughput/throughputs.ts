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

/** Provisioned throughput as the API returns it. */
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
   * The throughput that has one of the names and was bought for the resource. A name from the user may also be in use by others.
   *
   * @param marks the marks of the requests that may have bought it; any when left out
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
   * The throughput that was bought again after a budget had deleted the one with the ARN.
   *
   * @param resource the resource with the properties of the purchase
   */
  public async restoredFrom(arn: string, resource: Resource): Promise<Throughput | undefined> {
    for (const found of await this.findOwn(resource)) {
      if ((await this.tags(found.provisionedModelArn!)).get(RESTORED_FROM_TAG) === arn) return found;
    }
    return undefined;
  }

  /**
   * Buys throughput, once for each token.
   *
   * @param mark the mark of the request
   * @returns the ARN; undefined if the reply has none, or does not show whether the purchase was made
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
      // AWS ignores a repeated token without an error; the reply may then have no ARN.
      return provisionedModelArn;
    } catch (e) {
      if (isOutcomeUnknown(e)) {
        console.warn(`tried again: ${(e as Error).name}: ${(e as Error).message}`);
        return undefined;
      }
      // A name in use leads to a ValidationException. Its own purchase may have the name, if the reply was lost.
      const holder = isNamed(e, 'ValidationException') ? await this.find(name) : undefined;
      if (holder && isAsRequested(holder, resource) && await this.isOwn(resource, holder)) return undefined;
      throw explained(e, resource.ResourceProperties, holder && { name, arn: holder.provisionedModelArn! });
    }
  }

  /** Changes the name or the custom model. */
  public async update(arn: string, desired: { readonly name?: string; readonly modelId?: string }): Promise<void> {
    await this.services.bedrock.send(new UpdateProvisionedModelThroughputCommand({
      provisionedModelId: arn, desiredProvisionedModelName: desired.name, desiredModelId: desired.modelId,
    }));
  }

  /** @throws the error of AWS if it refuses the deletion, but not if the throughput no longer exists */
  public async delete(arn: string): Promise<void> {
    try {
      await this.services.bedrock.send(new DeleteProvisionedModelThroughputCommand({ provisionedModelId: arn }));
    } catch (e) {
      if (!isNamed(e, 'ResourceNotFoundException')) throw e;
    }
  }

  /** Adds the requested tags, and removes tags that are no longer requested. Other tags stay. */
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
 * Whether throughput is of a model, as far as the API shows. The API may omit the context variant, which is then not taken for
 * another model.
 */
export function isSameModel(found: Throughput, modelId: string): boolean {
  return isExactlyModel(found, modelId) || isWithoutVariant(found, modelId);
}

/** Whether the API returns the model without its context variant. */
export function isWithoutVariant(found: Throughput, modelId: string): boolean {
  const model = withoutContextVariant(modelId);
  return model !== modelId && isExactlyModel(found, model);
}

function isExactlyModel({ desiredModelArn = '' }: Throughput, modelId: string): boolean {
  return desiredModelArn === modelId || desiredModelArn.endsWith(`/${modelId}`) || modelId.endsWith(`/${desiredModelArn.slice(desiredModelArn.indexOf('/') + 1)}`);
}

/** Whether it is in service without a pending change, which the status may not show yet. */
export function isSettled({ status, modelArn, desiredModelArn, modelUnits, desiredModelUnits }: Throughput): boolean {
  return status === 'InService' && modelArn === desiredModelArn && modelUnits === desiredModelUnits;
}

import {
  CreateProvisionedModelThroughputCommand, DeleteProvisionedModelThroughputCommand, GetProvisionedModelThroughputCommand,
  GetProvisionedModelThroughputCommandOutput, ListTagsForResourceCommand, Tag,
} from '@aws-sdk/client-bedrock';
import { ActionResult, failure } from './action-result';
import { bedrock } from './clients';
import { DeletedThroughput, StopActionKind, StopTarget } from './contract';
import { Deleted, Deletion, isDeleted, isTooLong, withBought, withDeleted } from './deletion';
import { RecordStore } from './stop-record-store';
import { Limit } from '../../aws/limits';
import { RESTORED_FROM_TAG } from '../provisioned-model-throughput/contract';
import { isNamed, Refusal } from '../shared/errors';
import { hash } from '../shared/hash';

type Target = Extract<StopTarget, { throughput: string }>;
type Throughput = GetProvisionedModelThroughputCommandOutput;

const ACTION = StopActionKind.DELETE_THROUGHPUT;

/** Deletes throughput that has no commitment, after recording the properties that buy it again. */
export async function deleteThroughput(target: Target, dryRun: boolean, store: RecordStore<Deletion>): Promise<ActionResult> {
  const resultOf = (result: ActionResult['result'], text: string): ActionResult => ({ action: ACTION, target: target.arn, result, text: `${target.throughput}: ${text}` });
  let arn = target.arn;
  try {
    const found = await present(target, await store.read());
    if (!found) return resultOf('already', 'is deleted already');
    arn = found.provisionedModelArn!;
    if (found.commitmentDuration) {
      const until = found.commitmentExpirationTime?.toISOString() ?? 'the end of its term';
      return resultOf('kept', `has a commitment until ${until}; AWS does not delete it, and bills it`);
    }
    if (found.status === 'Failed') return resultOf('kept', 'could not be provided by AWS, which bills nothing for it');
    const tags = lastingTags(await tagsOf(arn));
    if (tags.length === Limit.TAGS) throw new Refusal('it has 50 tags, which leaves no room for the tag of the new purchase');
    if (dryRun) return resultOf('would', `${found.desiredModelUnits} model units would be deleted`);
    const throughput: DeletedThroughput = {
      resource: target.throughput,
      arn: target.arn,
      lastArn: arn === target.arn ? undefined : arn,
      name: found.provisionedModelName!,
      modelArn: found.desiredModelArn!,
      modelUnits: found.desiredModelUnits!,
      tags,
    };
    await store.change((deletion) => {
      const next = withDeleted(deletion, throughput);
      if (isTooLong(next)) throw new Refusal('its name and tags are too long to be recorded for buying it again. Use fewer or shorter tags');
      return next;
    });
    await remove(arn);
    // A concurrent undo may have seen it before the deletion, and recorded that it was not deleted.
    await store.change((deletion) => (deletion.now === arn ? withDeleted(deletion, throughput) : deletion));
    return resultOf('done', `${found.desiredModelUnits} model units are deleted`);
  } catch (e) {
    return failure(ACTION, target.arn, e, `aws bedrock delete-provisioned-model-throughput --provisioned-model-id ${arn}`);
  }
}

async function remove(provisionedModelId: string): Promise<void> {
  try {
    await bedrock.send(new DeleteProvisionedModelThroughputCommand({ provisionedModelId }));
  } catch (e) {
    // The request was repeated because its first reply was lost.
    if (!isNamed(e, 'ResourceNotFoundException')) throw e;
  }
}

/** Buys deleted throughput again. Retries make no second purchase. */
export async function restoreThroughput(deleted: Deleted, store: RecordStore<Deletion>): Promise<ActionResult> {
  const resultOf = (result: ActionResult['result'], text: string): ActionResult => ({ action: ACTION, target: deleted.arn, result, text: `${deleted.resource}: ${text}` });
  const { deletions } = deleted;
  const lastArn = lastArnOf(deleted);
  try {
    if (await find(lastArn)) {
      await store.change((deletion) => withBought(deletion, deletions, lastArn));
      if (await find(lastArn)) return resultOf('already', 'had not been deleted');
      // A concurrent stop has deleted it since.
      const newest = await store.change((deletion) => (deletion.now === lastArn ? withDeleted(deletion, deleted) : deletion));
      return isDeleted(newest) ? await restoreThroughput(newest, store) : resultOf('already', 'is bought again already');
    }
    const now = await bought(deleted) ?? await buy(deleted);
    await store.change((deletion) => withBought(deletion, deletions, now));
    return resultOf('done', `${deleted.modelUnits} model units are bought again under the new ARN ${now}. The next deployment that changes the resource (another tag is enough) makes its stack use it; `
      + 'until then, calls of the former ARN fail');
  } catch (e) {
    return failure(ACTION, deleted.arn, e, `correct the cause, then undo again; or remove ${deleted.resource}, deploy, add it again, and deploy`);
  }
}

/** The ARN of the throughput of the same name, if it was bought to replace the deleted one. */
async function bought(deleted: DeletedThroughput): Promise<string | undefined> {
  const found = await find(deleted.name);
  if (!found) return undefined;
  if (await isRestored(found, deleted.arn)) return found.provisionedModelArn!;
  throw new Refusal(`the name ${JSON.stringify(deleted.name)} is in use by ${found.provisionedModelArn}, which was not bought to replace it`);
}

async function buy(deleted: Deleted): Promise<string> {
  try {
    const { provisionedModelArn } = await bedrock.send(new CreateProvisionedModelThroughputCommand({
      // One purchase for each deletion: AWS never reuses an ARN, and ignores a repeated token of this budget or of another one.
      clientRequestToken: hash('restore', lastArnOf(deleted)),
      provisionedModelName: deleted.name,
      modelId: deleted.modelArn,
      modelUnits: deleted.modelUnits,
      tags: [...deleted.tags, { key: RESTORED_FROM_TAG, value: deleted.arn }],
    }));
    // AWS ignores a repeated token without an error; the reply may then have no ARN.
    if (provisionedModelArn) return provisionedModelArn;
  } catch (e) {
    // The reply may have been lost, or an earlier request may have bought it.
    const now = await bought(deleted);
    if (now) return now;
    throw e;
  }
  const now = await bought(deleted);
  if (!now) throw new Error(`${JSON.stringify(deleted.name)} was bought according to Amazon Bedrock, but cannot be found yet. Undo again later.`);
  return now;
}

/** The current throughput of a target: under its ARN, or bought again after an earlier stop of any budget and not yet used by its stack. */
async function present({ arn, name }: Target, deletion: Deletion): Promise<Throughput | undefined> {
  const found = await find(arn);
  if (found) return found;
  const restored = deletion.now === undefined ? undefined : await find(deletion.now);
  if (restored) return restored;
  // Bought again by another budget, or by this one when its record could not be written.
  const known = deletion.name ?? name;
  const unrecorded = known === undefined ? undefined : await find(known);
  return unrecorded && await isRestored(unrecorded, arn) ? unrecorded : undefined;
}

async function isRestored({ provisionedModelArn }: Throughput, from: string): Promise<boolean> {
  return (await tagsOf(provisionedModelArn!)).some(({ key, value }) => key === RESTORED_FROM_TAG && value === from);
}

async function find(arnOrName: string): Promise<Throughput | undefined> {
  try {
    return await bedrock.send(new GetProvisionedModelThroughputCommand({ provisionedModelId: arnOrName }));
  } catch (e) {
    if (isNamed(e, 'ResourceNotFoundException')) return undefined;
    throw e;
  }
}

async function tagsOf(resourceARN: string): Promise<Tag[]> {
  const { tags = [] } = await bedrock.send(new ListTagsForResourceCommand({ resourceARN }));
  return tags;
}

/** The tags for buying it again, without the tag of a repurchase and tags that only AWS may set. */
function lastingTags(tags: readonly Tag[]): { key: string; value: string }[] {
  return tags.filter(({ key }) => key !== RESTORED_FROM_TAG && !key!.startsWith('aws:')).map(({ key, value }) => ({ key: key!, value: value! }));
}

function lastArnOf({ arn, lastArn }: DeletedThroughput): string {
  return lastArn ?? arn;
}

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

/** Deletes throughput that has no commitment, after the properties that buy it again are in its record. */
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
    // An undo that ran at the same time may have seen it while it was still there, and noted that it had not gone.
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
    // A request that was repeated because its first reply was lost.
    if (!isNamed(e, 'ResourceNotFoundException')) throw e;
  }
}

/** Buys deleted throughput again: once, however often it is tried. */
export async function restoreThroughput(deleted: Deleted, store: RecordStore<Deletion>): Promise<ActionResult> {
  const resultOf = (result: ActionResult['result'], text: string): ActionResult => ({ action: ACTION, target: deleted.arn, result, text: `${deleted.resource}: ${text}` });
  const { deletions } = deleted;
  const lastArn = lastArnOf(deleted);
  try {
    if (await find(lastArn)) {
      await store.change((deletion) => withBought(deletion, deletions, lastArn));
      if (await find(lastArn)) return resultOf('already', 'had not been deleted');
      // A stop that runs at the same time has deleted it since.
      const newest = await store.change((deletion) => (deletion.now === lastArn ? withDeleted(deletion, deleted) : deletion));
      return isDeleted(newest) ? await restoreThroughput(newest, store) : resultOf('already', 'is bought again already');
    }
    const now = await bought(deleted) ?? await buy(deleted);
    await store.change((deletion) => withBought(deletion, deletions, now));
    return resultOf('done', `${deleted.modelUnits} model units are bought again under the new ARN ${now}. Its stack takes it up with the next deployment that changes the resource `
      + '(another tag is enough); until then callers find nothing under the old ARN');
  } catch (e) {
    return failure(ACTION, deleted.arn, e, `correct the cause, then undo again; or deploy ${deleted.resource} anew: remove it, deploy, and add it again`);
  }
}

/** The throughput of the same name, if it was bought in place of the deleted one. */
async function bought(deleted: DeletedThroughput): Promise<string | undefined> {
  const found = await find(deleted.name);
  if (!found) return undefined;
  if (await isRestored(found, deleted.arn)) return found.provisionedModelArn!;
  throw new Refusal(`the name ${JSON.stringify(deleted.name)} is in use by ${found.provisionedModelArn}, which was not bought in its place`);
}

async function buy(deleted: Deleted): Promise<string> {
  try {
    const { provisionedModelArn } = await bedrock.send(new CreateProvisionedModelThroughputCommand({
      // One purchase in place of each: AWS never gives an ARN twice, and counts no other tries of this one, nor of another budget.
      clientRequestToken: hash('restore', lastArnOf(deleted)),
      provisionedModelName: deleted.name,
      modelId: deleted.modelArn,
      modelUnits: deleted.modelUnits,
      tags: [...deleted.tags, { key: RESTORED_FROM_TAG, value: deleted.arn }],
    }));
    // AWS ignores a repeated token without an error; the reply then need not hold an ARN.
    if (provisionedModelArn) return provisionedModelArn;
  } catch (e) {
    // The reply may have been lost, or come from an earlier try.
    const now = await bought(deleted);
    if (now) return now;
    throw e;
  }
  const now = await bought(deleted);
  if (!now) throw new Error(`AWS says that it was bought, and does not show ${JSON.stringify(deleted.name)} yet`);
  return now;
}

/** The present throughput of a target: under its ARN, or bought again after an earlier stop, also of another budget, and not taken up by its stack yet. */
async function present({ arn, name }: Target, deletion: Deletion): Promise<Throughput | undefined> {
  const found = await find(arn);
  if (found) return found;
  const restored = deletion.now === undefined ? undefined : await find(deletion.now);
  if (restored) return restored;
  // Bought again by another budget, or by this one, whose record could not be written then.
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

/** The tags to buy it with again: neither the mark of a repurchase nor tags that only AWS may set. */
function lastingTags(tags: readonly Tag[]): { key: string; value: string }[] {
  return tags.filter(({ key }) => key !== RESTORED_FROM_TAG && !key!.startsWith('aws:')).map(({ key, value }) => ({ key: key!, value: value! }));
}

function lastArnOf({ arn, lastArn }: DeletedThroughput): string {
  return lastArn ?? arn;
}

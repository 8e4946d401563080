import {
  CreateProvisionedModelThroughputCommand, DeleteProvisionedModelThroughputCommand, GetProvisionedModelThroughputCommand,
  GetProvisionedModelThroughputCommandOutput,
} from '@aws-sdk/client-bedrock';
import { ResourceHandler } from './framework';
import { ThroughputAnswer, ThroughputEvent } from '../../../src/lambda/provisioned-model-throughput/contract';
import { Services } from '../../../src/lambda/provisioned-model-throughput/services';

export interface Flaws {
  /** Uses no token, and no name that identifies an earlier purchase. */
  readonly buysAtEveryPoll?: boolean;
  readonly deletesBeforeItBuys?: boolean;
  readonly keepsQuiet?: boolean;
  readonly neverDeletes?: boolean;
  readonly failsToDelete?: boolean;
  readonly ignoresUpdates?: boolean;
  readonly buysNothing?: boolean;
  /** Never ends. */
  readonly hangs?: boolean;
}

/** A first draft of a handler: it keeps no record, and relies on events that arrive once and in order. */
export function naiveHandler(flaws: Flaws = {}): (services: Services) => ResourceHandler {
  return (services) => ({
    onEvent: async ({ RequestType, PhysicalResourceId }) => ({ PhysicalResourceId: RequestType === 'Create' ? 'nothing-yet' : PhysicalResourceId! }),
    isComplete: async (event) => {
      if (flaws.hangs) return new Promise(() => undefined);
      if (event.RequestType === 'Delete') return remove(services, event, flaws);
      if (event.RequestType === 'Update' && flaws.deletesBeforeItBuys) await remove(services, event, flaws);
      return provide(services, event, flaws);
    },
  });
}

async function provide(services: Services, event: ThroughputEvent, flaws: Flaws): Promise<ThroughputAnswer> {
  const { RequestType, ResourceProperties: { modelId, modelUnits, commitmentDuration } } = event;
  if (flaws.buysNothing) return { IsComplete: true, PhysicalResourceId: 'arn:nothing' };
  if (RequestType === 'Update' && flaws.ignoresUpdates) return { IsComplete: true };
  const name = flaws.buysAtEveryPoll ? `poll-${services.now()}` : `units-${modelUnits}-${commitmentDuration ?? 'none'}`;
  const found = await find(services, name);
  if (found) return found.status === 'InService' ? { IsComplete: true, PhysicalResourceId: found.provisionedModelArn } : { IsComplete: false };
  const clientRequestToken = flaws.buysAtEveryPoll ? name : event.RequestId;
  await services.bedrock.send(new CreateProvisionedModelThroughputCommand({
    clientRequestToken, provisionedModelName: name, modelId, modelUnits: Number(modelUnits), commitmentDuration,
  }));
  return { IsComplete: false };
}

async function remove(services: Services, { PhysicalResourceId: id }: ThroughputEvent, flaws: Flaws): Promise<ThroughputAnswer> {
  if (flaws.neverDeletes || !id!.startsWith('arn:')) return { IsComplete: true };
  if (flaws.failsToDelete) throw new Error('cannot delete');
  try {
    await services.bedrock.send(new DeleteProvisionedModelThroughputCommand({ provisionedModelId: id }));
  } catch (e) {
    const { name } = e as Error;
    if (name === 'ConflictException') return { IsComplete: false };
    if (name === 'ValidationException' && !flaws.keepsQuiet) console.error(`STILL BILLED: ${id}`);
    else if (name !== 'ResourceNotFoundException' && name !== 'ValidationException') throw e;
  }
  return { IsComplete: true };
}

async function find(services: Services, name: string): Promise<GetProvisionedModelThroughputCommandOutput | undefined> {
  try {
    return await services.bedrock.send(new GetProvisionedModelThroughputCommand({ provisionedModelId: name }));
  } catch (e) {
    if ((e as Error).name === 'ResourceNotFoundException') return undefined;
    throw e;
  }
}

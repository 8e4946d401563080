import { Allowances, FunctionConfiguration } from './allowance';
import { BusinessHoursTick, TermEvent, ThroughputAnswer, ThroughputAttributes, ThroughputEvent, WAIT_MINUTES } from './contract';
import { FailureNotices } from './failure-notices';
import { BusinessHoursTicks } from './follow-business-hours';
import { nameOf, namesOf, PhysicalId } from './identity';
import { Done, Lifecycle } from './lifecycle';
import { dryRunText, isDryRun } from './price-check';
import { isTransient, SUPERSEDED, takesTooLong, withStop } from './problems';
import { RequestLog } from './record-store';
import { Removal } from './removal';
import { Services } from './services';
import { Term } from './term';
import { Throughputs } from './throughputs';
import { Refusal } from '../shared/errors';

const REQUEST_TYPES: readonly string[] = ['Create', 'Update', 'Delete'] satisfies ThroughputEvent['RequestType'][];

/** The functions of the bundle. */
export interface ThroughputHandler {
  /**
   * Begins a request without any step that can fail: CDK's provider framework would report the failure under an id that is never
   * deleted. Nothing is bought yet: CloudFormation can delete a purchase only after it has received an id.
   */
  onEvent(event: ThroughputEvent): Promise<{ PhysicalResourceId: string }>;
  /** Carries out a request, and is called until it is complete. */
  isComplete(event: ThroughputEvent): Promise<ThroughputAnswer>;
  /** Creates or deletes throughput with business hours, as the time requires. */
  onTick(tick: BusinessHoursTick): Promise<void>;
  onTermEnd(event: TermEvent): Promise<void>;
}

/** @param configuration the configuration of the functions, which no event can change */
export function throughputHandler(services: Services, configuration: FunctionConfiguration): ThroughputHandler {
  const throughputs = new Throughputs(services);
  const allowances = new Allowances(services, configuration);
  const term = new Term(services, throughputs, allowances);
  const removal = new Removal(throughputs, term);
  const lifecycle = new Lifecycle(throughputs, removal, allowances, services.now);
  const ticks = new BusinessHoursTicks(services, throughputs, allowances, new FailureNotices(services, configuration, term));

  /** Refuses forged requests before they are recorded. Deletions buy nothing, and pass. */
  async function admit(event: ThroughputEvent): Promise<void> {
    allowances.checkStack(event);
    if (!REQUEST_TYPES.includes(event.RequestType)) throw new Refusal(`RequestType must be one of ${REQUEST_TYPES.join(', ')}, got ${JSON.stringify(event.RequestType)}.`);
    if (event.RequestType !== 'Delete') await allowances.check(event);
  }

  async function open(event: ThroughputEvent): Promise<RequestLog | undefined> {
    try {
      await admit(event);
      return await RequestLog.open(services, event, namesOf(event));
    } catch (e) {
      if (isTransient(e)) {
        console.warn(`tried again: ${(e as Error).name}: ${(e as Error).message}`);
        return undefined;
      }
      if (event.RequestType === 'Delete' && !(e instanceof Refusal)) await notifyOfFailure(event, undefined, e as Error);
      throw e;
    }
  }

  /** Notifies the topics of purchases that are billed after a failure, which CloudFormation does not report. */
  async function notifyOfFailure(event: ThroughputEvent, log: RequestLog | undefined, e: Error): Promise<void> {
    const { RequestType, LogicalResourceId, PhysicalResourceId, ResourceProperties } = event;
    if (RequestType === 'Delete') {
      const what = PhysicalId.isPurchase(PhysicalResourceId) ? PhysicalResourceId : `the throughput of ${LogicalResourceId} with the names ${namesOf(event).join(', ')}`;
      return term.notify(ResourceProperties, 'Provisioned throughput could not be deleted', `NOT DELETED: ${what} could not be deleted, and is billed if it exists: ${withStop(e.message)} `
        + 'CloudFormation may still report the update as complete. Check whether it exists, and delete it: aws bedrock delete-provisioned-model-throughput --provisioned-model-id <ARN or name>');
    }
    const bought = log ? await boughtBeside(event, log) : [];
    if (bought.length === 0) return undefined;
    return term.notify(ResourceProperties, 'Provisioned throughput was bought, and its deployment failed', `BOUGHT, AND BILLED: ${bought.join(', ')} for ${LogicalResourceId}, whose deployment failed: ${withStop(e.message)} `
      + 'The rollback deletes what this deployment has bought, unless it has a commitment. Check afterwards which throughput exists, and delete unused throughput.');
  }

  /** Purchases of this and earlier requests that CloudFormation does not know of; failed ones are not billed. */
  async function boughtBeside(event: ThroughputEvent, log: RequestLog): Promise<string[]> {
    try {
      const own = await throughputs.findOwn(event, [...namesOf(event), ...log.abandoned.flatMap(({ names }) => names)]);
      return own.filter(({ status, provisionedModelArn }) => status !== 'Failed' && provisionedModelArn !== event.PhysicalResourceId)
        .map(({ provisionedModelArn }) => provisionedModelArn!);
    } catch {
      return log.bought === undefined ? [] : [log.bought];
    }
  }

  async function carryOut(event: ThroughputEvent, log: RequestLog): Promise<Done | undefined> {
    switch (event.RequestType) {
      case 'Create': return lifecycle.create(event, log);
      case 'Update': return lifecycle.update(event, log);
      case 'Delete': return await removal.ofResource(event, log) ? { id: event.PhysicalResourceId! } : undefined;
    }
  }

  async function step(event: ThroughputEvent, log: RequestLog): Promise<Done | undefined> {
    const done = await carryOut(event, log);
    const { ResourceProperties: requested, OldResourceProperties: before } = event;
    if (done?.throughput && !isDryRun(requested)) {
      if (!await term.planNotice(done.throughput, event, before)) return undefined;
      await term.keep(done.throughput);
    }
    if (done) await log.noteAnswer({ id: done.id, ...(event.RequestType === 'Delete' ? { deleted: true } : {}) });
    return done;
  }

  /** Repeats the recorded answer, for a reply that was lost or an event that was delivered twice. */
  async function again(event: ThroughputEvent, log: RequestLog): Promise<Done> {
    const answer = log.answer!;
    if ('error' in answer) throw new Error(answer.error || 'it has failed before');
    return { id: answer.id, throughput: PhysicalId.isPurchase(answer.id) && event.RequestType !== 'Delete' ? await throughputs.find(answer.id) : undefined };
  }

  async function act(event: ThroughputEvent, log: RequestLog): Promise<Done | undefined> {
    try {
      const done = await step(event, log);
      if (!done && log.isOverdue) throw takesTooLong(WAIT_MINUTES - 2, event.ResourceProperties);
      return done;
    } catch (e) {
      if (isTransient(e) && !log.isOverdue) {
        console.warn(`tried again: ${(e as Error).name}: ${(e as Error).message}`);
        return undefined;
      }
      await log.noteAnswer({ error: (e as Error).message }).catch(() => undefined);
      await notifyOfFailure(event, log, e as Error);
      throw e;
    }
  }

  return {
    async onEvent(event) {
      return { PhysicalResourceId: event.RequestType === 'Create' ? PhysicalId.provisional(event) : event.PhysicalResourceId! };
    },

    async isComplete(event) {
      const log = await open(event);
      switch (log?.order) {
        case 'superseded': throw new Error(SUPERSEDED);
        case 'answered': return answerOf(event, await again(event, log));
        case 'act': return answerOf(event, await act(event, log));
        default: return { IsComplete: false };
      }
    },

    onTick: (tick) => ticks.onTick(tick),
    onTermEnd: (event) => term.onTermEnd(event),
  };
}

function answerOf(event: ThroughputEvent, done: Done | undefined): ThroughputAnswer {
  if (!done) return { IsComplete: false };
  if (event.RequestType === 'Delete') return { IsComplete: true };
  const dryRun = isDryRun(event.ResourceProperties) ? dryRunText(event) : 'none';
  if (dryRun !== 'none') console.info(dryRun);
  const data: ThroughputAttributes = {
    ProvisionedModelName: finalName(event, done),
    CommitmentEnd: done.throughput?.commitmentExpirationTime?.toISOString() ?? 'none',
    DryRun: dryRun,
  };
  return { IsComplete: true, PhysicalResourceId: done.id, Data: data };
}

/** The final name of a purchase: the name of the throughput that it replaces and that CloudFormation deletes next, if any. */
function finalName(event: ThroughputEvent, { id, throughput }: Done): string {
  const takesPlace = event.RequestType === 'Update' && id !== event.PhysicalResourceId && event.OldResourceProperties?.commitmentDuration === undefined;
  return takesPlace ? nameOf(event) : throughput?.provisionedModelName ?? nameOf(event);
}

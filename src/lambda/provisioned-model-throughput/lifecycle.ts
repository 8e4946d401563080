import { Allowances } from './allowance';
import { ThroughputEvent, ThroughputProperties } from './contract';
import { isSet, nameOf, namesOf, PhysicalId, requestMark, Resource, tokenOf } from './identity';
import { checkConfirmed, checkTerm, isDryRun } from './price-check';
import { explained, isGone, NameHolder, notProvided, until } from './problems';
import { RequestLog } from './record-store';
import { Removal } from './removal';
import { isAsRequested, isSameModel, isSettled, isWithoutVariant, Throughput, Throughputs } from './throughputs';
import { pricingCandidates } from '../../pricing/model-id';
import { Refusal } from '../shared/errors';

/** The result of a request: the physical id, and the purchase if there is one. */
export interface Done {
  readonly id: string;
  readonly throughput?: Throughput;
}

/**
 * Carries out the requests of CloudFormation, step by step.
 *
 * Each method is called until it returns the result of the request instead of undefined. It reads the current state before it acts,
 * so that it can continue wherever an earlier run has ended.
 */
export class Lifecycle {
  /** @param now milliseconds since 1970 */
  constructor(
    private readonly throughputs: Throughputs,
    private readonly removal: Removal,
    private readonly allowances: Allowances,
    private readonly now: () => number,
  ) {}

  public async create(event: ThroughputEvent, log: RequestLog): Promise<Done | undefined> {
    if (isDryRun(event.ResourceProperties)) return { id: PhysicalId.dryRun(event) };
    if (event.ResourceProperties.businessHours) return { id: PhysicalId.businessHours(event) };
    return this.provide(event, log);
  }

  /**
   * Changes the name, the custom model and tags in place, and replaces the purchase for other changes. Refuses a replacement that would
   * leave a commitment behind.
   *
   * The requested properties are compared with the properties in AWS, not with the last template: during a rollback, the last template
   * is the failed one, and the throughput to return to often still exists.
   */
  public async update(event: ThroughputEvent, log: RequestLog): Promise<Done | undefined> {
    const known = event.PhysicalResourceId!;
    const { ResourceProperties: requested } = event;
    const isKnown = ({ provisionedModelArn }: Throughput) => provisionedModelArn === known;
    // A dry run does not change an earlier purchase, which CloudFormation continues to manage.
    if (isDryRun(requested) && !log.followsFailure) return this.unchanged(known);
    if (isDryRun(requested) || requested.businessHours) {
      if (!await this.removal.ofAbandoned(event, log, isKnown)) return undefined;
      return isDryRun(requested) ? this.unchanged(known) : { id: PhysicalId.businessHours(event) };
    }
    const actual = PhysicalId.isPurchase(known) ? await this.throughputs.find(known) ?? await this.restored(known, event) : undefined;
    if (actual) await this.removal.requireOwn(actual, event, log);
    const change = actual && changeThatNeedsAnother(actual, event, log);
    const mayBeWanted = actual === undefined || change !== undefined;
    const isActual = ({ provisionedModelArn }: Throughput) => provisionedModelArn === actual?.provisionedModelArn;
    const isKept = (found: Throughput) => isKnown(found) || isActual(found) || (mayBeWanted && found.status !== 'Failed' && isAsRequested(found, event));
    if (!await this.removal.ofAbandoned(event, log, isKept)) return undefined;
    if (!PhysicalId.isPurchase(known)) return this.provide(event, log);
    if (!actual) return this.whereGone(event, log);
    return change === undefined ? this.inPlace(event, log, actual) : this.replace(event, log, actual, change);
  }

  private async unchanged(id: string): Promise<Done> {
    return { id, throughput: PhysicalId.isPurchase(id) ? await this.throughputs.find(id) : undefined };
  }

  /** Buys throughput, or uses an existing purchase, and waits until it is in service. */
  private async provide(event: ThroughputEvent, log: RequestLog, instead?: Throughput): Promise<Done | undefined> {
    const found = await this.bought(event, instead);
    if (found) return this.settle(event, found, log);
    // The purchase is not visible yet, or was deleted manually: it is not made a second time.
    if (log.bought) return undefined;
    await this.allowances.checkPurchase(event);
    checkConfirmed(event);
    checkTerm(event, this.now());
    const arn = await this.throughputs.buy(event, await this.freeName(event), tokenOf(event), requestMark(event));
    if (arn === undefined) return undefined;
    await log.noteBought(arn);
    const now = await this.throughputs.find(arn);
    return now && this.settle(event, now, log);
  }

  /** The name of a new purchase: the final name, or the spare name while the purchase to replace has the final one. */
  private async freeName(event: ThroughputEvent): Promise<string> {
    const name = nameOf(event);
    if (event.RequestType === 'Create') return name;
    const taken = (await this.throughputs.findOwn(event)).map(({ provisionedModelName }) => provisionedModelName);
    return namesOf(event).find((other) => !taken.includes(other)) ?? name;
  }

  /** The purchase of this resource with the requested properties, other than the one to replace. */
  private async bought(event: ThroughputEvent, instead: Throughput | undefined): Promise<Throughput | undefined> {
    const own = await this.throughputs.findOwn(event);
    return own.find((found) => found.provisionedModelArn !== instead?.provisionedModelArn && isAsRequested(found, event));
  }

  /** The result once the throughput is in service and has its tags. */
  private async settle(event: ThroughputEvent, found: Throughput, log: RequestLog): Promise<Done | undefined> {
    const arn = found.provisionedModelArn!;
    if (found.status === 'Failed') throw notProvided(arn, found.failureMessage);
    if (!isSettled(found)) return undefined;
    // A new purchase has its tags; an existing one may have others.
    if (log.bought !== arn) await this.tag(event, arn);
    return { id: arn, throughput: found };
  }

  private async inPlace(event: ThroughputEvent, log: RequestLog, actual: Throughput): Promise<Done | undefined> {
    const arn = actual.provisionedModelArn!;
    if (actual.status === 'Failed') throw notProvided(arn, actual.failureMessage);
    if (actual.status !== 'InService') return undefined;
    const desired = {
      name: await this.nameToGive(event, actual),
      modelId: otherModel(actual, event, log),
    };
    if (desired.name !== undefined || desired.modelId !== undefined) {
      await this.throughputs.update(arn, desired).catch(async (e) => {
        throw explained(e, event.ResourceProperties, await this.holderOf(desired.name, arn));
      });
      const now = await this.throughputs.find(arn);
      return now && isSettled(now) ? this.tagged(event, now) : undefined;
    }
    return isSettled(actual) ? this.tagged(event, actual) : undefined;
  }

  /** The other throughput that has a name, if it can be found. */
  private async holderOf(name: string | undefined, own: string): Promise<NameHolder | undefined> {
    const holder = name === undefined ? undefined : await this.throughputs.find(name).catch(() => undefined);
    return holder && holder.provisionedModelArn !== own ? { name: name!, arn: holder.provisionedModelArn! } : undefined;
  }

  private async tagged(event: ThroughputEvent, found: Throughput): Promise<Done> {
    await this.tag(event, found.provisionedModelArn!);
    return { id: found.provisionedModelArn!, throughput: found };
  }

  private async tag(event: ThroughputEvent, arn: string): Promise<void> {
    await this.throughputs.tag(event, arn, event.OldResourceProperties?.tags).catch((e) => { throw explained(e, event.ResourceProperties); });
  }

  /** The name to change to; undefined if it is right: the user's, unless an earlier purchase with a current commitment has it. */
  private async nameToGive(event: ThroughputEvent, { provisionedModelName }: Throughput): Promise<string | undefined> {
    const [name, spare = name] = namesOf(event);
    if (provisionedModelName === name) return undefined;
    const right = (await this.throughputs.findOwn(event, [name])).length > 0 ? spare : name;
    return provisionedModelName === right ? undefined : right;
  }

  /** Replaces a purchase whose units or commitment change, which AWS cannot do in place. CloudFormation then deletes the former one. */
  private async replace(event: ThroughputEvent, log: RequestLog, actual: Throughput, change: string): Promise<Done | undefined> {
    if (actual.commitmentDuration && actual.status !== 'Failed' && !isSet(event.ResourceProperties.allowRepurchase) && !await this.bought(event, actual)) {
      throw new Refusal(`Cannot change ${change}: AWS does not change provisioned throughput that has a commitment, and it is billed until ${until(actual)}. `
        + 'Undo the change. To have more capacity, add a second ProvisionedModelThroughput; to buy it again and pay for both until then, set allowRepurchase.');
    }
    return this.provide(event, log, actual);
  }

  private async restored(known: string, event: ThroughputEvent): Promise<Throughput | undefined> {
    // It has the properties of the last deployment, which a rollback requests.
    const before: Resource = { ...event, ResourceProperties: event.OldResourceProperties ?? event.ResourceProperties };
    return await this.throughputs.restoredFrom(known, before) ?? this.throughputs.restoredFrom(known, event);
  }

  private async whereGone(event: ThroughputEvent, log: RequestLog): Promise<Done | undefined> {
    const known = event.PhysicalResourceId!;
    if (isSet(event.ResourceProperties.allowRepurchase)) return this.provide(event, log);
    if (!log.followsFailure) throw isGone(known);
    // The update that is rolled back was allowed to buy again, and has done so.
    const bought = await this.bought(event, undefined);
    if (bought) return this.settle(event, bought, log);
    // A failed rollback would leave a stack that cannot be deployed.
    console.error(`GONE: ${isGone(known).message}`);
    return { id: known };
  }
}

/** Describes the requested changes that AWS cannot make in place; undefined without one. */
function changeThatNeedsAnother(actual: Throughput, event: ThroughputEvent, log: RequestLog): string | undefined {
  const { modelUnits, commitmentDuration } = event.ResourceProperties;
  const model = otherModel(actual, event, log);
  const changed = [
    ...(actual.desiredModelUnits !== Number(modelUnits) ? [`modelUnits from ${actual.desiredModelUnits} to ${modelUnits}`] : []),
    ...(actual.commitmentDuration !== commitmentDuration ? [`commitmentDuration from ${actual.commitmentDuration ?? 'none'} to ${commitmentDuration ?? 'none'}`] : []),
    ...(model !== undefined && !isVariantOf(actual, event.ResourceProperties) ? [`model from ${actual.modelArn} to ${model}`] : []),
  ];
  return changed.length > 0 ? changed.join(', ') : undefined;
}

/** The requested model if it is another one than the actual model and the template's former model: AWS may write its id differently. */
function otherModel(actual: Throughput, event: ThroughputEvent, log: RequestLog): string | undefined {
  const { ResourceProperties: { modelId }, OldResourceProperties: before } = event;
  const isAsBefore = before !== undefined && before.modelId === modelId && !isDryRun(before);
  if (isAsBefore || !isSameModel(actual, modelId)) return isAsBefore ? undefined : modelId;
  // AWS omits the context variant, so only the template shows whether it changes. A rollback returns to the existing throughput.
  const isOtherVariant = before !== undefined && !isDryRun(before) && isWithoutVariant(actual, modelId) && isWithoutVariant(actual, before.modelId);
  return isOtherVariant && !log.followsFailure ? modelId : undefined;
}

/** Whether the actual model can be exchanged in place: a custom model, for another one of the same base model. */
function isVariantOf({ modelArn = '', foundationModelArn = '' }: Throughput, { baseModelId }: ThroughputProperties): boolean {
  if (!modelArn.includes(':custom-model/') || baseModelId === undefined) return false;
  const idsOf = (id: string) => { const { same, orElse = id } = pricingCandidates(id); return [...same, orElse]; };
  const actual = idsOf(foundationModelArn.slice(foundationModelArn.indexOf('/') + 1));
  return idsOf(baseModelId).some((id) => actual.includes(id));
}

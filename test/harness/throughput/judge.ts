import { Aws, Caller } from './aws';
import { Stack } from './cloudformation';
import { modelArnOf } from '../../fakes/bedrock/models';
import { Purchase, ThroughputWitness } from '../../fakes/bedrock/provisioned-throughputs';
import { StoredThroughput } from '../../fakes/bedrock/stored-throughput';

/** The text in a notification of a commitment that is billed but no longer used. */
const STILL_BILLED = 'STILL BILLED';

/** The type of caller that sends forged events. */
export const FORGED = 'Forged';

/** Finds states and purchases that must never occur. */
export class Judge implements ThroughputWitness {
  public readonly findings: string[] = [];
  public readonly errors: string[] = [];
  private readonly deletedByHand = new Set<string>();
  private stack!: Stack;
  private aws!: Aws;

  public watch(stack: Stack, aws: Aws): void {
    this.stack = stack;
    this.aws = aws;
  }

  public bought({ throughput, caller }: Purchase): void {
    if (!caller) return;
    if (caller.type === FORGED) return this.find(`${caller.request}, a forged event, has bought ${throughput.provisionedModelArn}`);
    const ofRequest = this.aws.bedrock.purchases.filter((purchase) => purchase.caller?.request === caller.request);
    if (ofRequest.length > 1) this.find(`${caller.request} has bought ${ofRequest.length} times`);
    if (caller.type === 'Delete') this.find(`${caller.request}, a deletion, has bought ${throughput.provisionedModelArn}`);
    if (caller.type === 'Update' && throughput.commitmentDuration) this.checkRepurchase(throughput, caller);
    if (throughput.commitmentDuration) this.checkModelEnd(throughput, caller);
  }

  public deleted({ provisionedModelArn: arn, commitmentDuration: commitment, status }: StoredThroughput, caller?: Caller): void {
    if (!caller) return void this.deletedByHand.add(arn);
    if (caller.type === FORGED) return this.find(`${caller.request}, a forged event, has deleted ${arn}`);
    if (status === 'Failed' || this.stack.givenUp.has(arn)) return;
    const isWanted = this.stack.known?.id === arn || this.stack.requests.some(({ answers, isCancelled }) => !isCancelled && answers[0]?.status === 'SUCCESS' && answers[0].id === arn);
    if (isWanted) this.find(`${caller.request} has deleted ${arn}${commitment ? ', a commitment' : ''}, which CloudFormation still uses`);
  }

  /** To be called when no run and no waiter is left. */
  public atRest(): void {
    const { requests, known, complaints } = this.stack;
    this.findings.push(...complaints.splice(0));
    for (const { event, answers } of requests) {
      if (answers.length === 0) this.find(`${event.RequestType} ${event.RequestId} was never answered`);
    }
    for (const throughput of this.aws.bedrock.all) this.checkThroughput(throughput);
    if (known) this.checkKnown(known.id);
  }

  private checkRepurchase({ provisionedModelArn }: StoredThroughput, { request }: Caller): void {
    const { ResourceProperties: requested, OldResourceProperties: old } = this.stack.requests.find(({ event }) => event.RequestId === request)!.event;
    if (String(requested.allowRepurchase) === 'true') return;
    const knownStands = this.aws.bedrock.all.some(({ provisionedModelArn: arn, commitmentDuration, status }) => arn === this.stack.known?.id && commitmentDuration && status !== 'Failed');
    if (old?.commitmentDuration || knownStands) this.find(`${request} has bought ${provisionedModelArn}, a second commitment, without a request`);
  }

  /** Compares days as texts: a day that a month does not have sorts behind its last one. */
  private checkModelEnd({ provisionedModelArn: arn, commitmentDuration: commitment, creationTime }: StoredThroughput, { request }: Caller): void {
    const { endOfLife = '9999' } = this.stack.requests.find(({ event }) => event.RequestId === request)!.event.ResourceProperties;
    const [year, month, day] = creationTime.slice(0, 10).split('-');
    const months = Number(year) * 12 + Number(month) - 1 + (commitment === 'OneMonth' ? 1 : 6);
    const termEnd = `${Math.floor(months / 12)}-${String(months % 12 + 1).padStart(2, '0')}-${day}`;
    if (termEnd >= endOfLife) this.find(`${request} has bought ${arn}, whose term ends on ${termEnd}, for a model that ends on ${endOfLife}`);
  }

  private checkThroughput({ provisionedModelArn: arn, commitmentDuration: commitment, status }: StoredThroughput): void {
    if (arn === this.stack.known?.id || this.stack.retained.has(arn)) return;
    const isHopeless = commitment !== undefined && status !== 'Failed';
    if (!isHopeless) return this.find(`${arn} (${status}${commitment ? ', committed' : ''}) exists, and is not in use`);
    const notifications = [...this.errors, ...this.aws.published.map(({ Message }) => Message)];
    const isNotified = notifications.some((text) => text.includes(arn) && text.includes(STILL_BILLED));
    if (!isNotified) this.find(`${arn} is a commitment that is not in use, and was not notified`);
  }

  private checkKnown(id: string): void {
    const throughput = this.aws.bedrock.find(id);
    if (!throughput) return this.deletedByHand.has(id) ? undefined : this.find(`${id} does not exist, and CloudFormation uses it`);
    // The second delivery of an event may still set tags and names while the next request is carried out.
    if (this.stack.known!.isSkipped || this.stack.requests.some(({ isRepeated }) => isRepeated)) return;
    const { provisionedModelName: name, modelId, modelUnits, commitmentDuration, tags = [] } = this.stack.known!.properties;
    const isAsRequested = throughput.desiredModelUnits === Number(modelUnits) && throughput.commitmentDuration === commitmentDuration
      && throughput.desiredModelArn === modelArnOf(modelId, 'us-east-1') && this.hasName(throughput, name) && tags.every(({ key, value }) => throughput.tags.some((tag) => tag.key === key && tag.value === value));
    if (!isAsRequested) this.find(`the properties are not the requested ones: ${JSON.stringify(throughput)}`);
  }

  /** True if the throughput has the name, or if a commitment or a retained purchase still has it: a name is unique. */
  private hasName(throughput: StoredThroughput, name: string | undefined): boolean {
    if (name === undefined || throughput.provisionedModelName === name) return true;
    const holder = this.aws.bedrock.find(name);
    return holder !== undefined && (holder.commitmentDuration !== undefined || this.stack.retained.has(holder.provisionedModelArn));
  }

  private find(finding: string): void {
    this.aws.tell(() => `!!!! ${finding}`);
    this.findings.push(finding);
  }
}

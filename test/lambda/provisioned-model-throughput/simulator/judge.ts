import { Aws } from './aws';
import { arnOf, Purchase, Standing, Witness } from './bedrock';
import { Stack } from './cloudformation';
import { Caller } from './wire';

/** What a text says that tells of a commitment which is billed though nobody wants it any more. */
const STILL_BILLED = 'STILL BILLED';

/** Who sends events that CloudFormation does not send. */
export const FORGED = 'Forged';

/** Says what must never be. */
export class Judge implements Witness {
  public readonly findings: string[] = [];
  public readonly cries: string[] = [];
  private readonly deletedByHand = new Set<string>();
  private stack!: Stack;
  private aws!: Aws;

  public watch(stack: Stack, aws: Aws): void {
    this.stack = stack;
    this.aws = aws;
  }

  public bought({ standing, caller }: Purchase): void {
    if (!caller) return;
    if (caller.type === FORGED) return this.find(`${caller.request}, a forged event, has bought ${standing.arn}`);
    const ofRequest = this.aws.bedrock.purchases.filter((purchase) => purchase.caller?.request === caller.request);
    if (ofRequest.length > 1) this.find(`${caller.request} has bought ${ofRequest.length} times`);
    if (caller.type === 'Delete') this.find(`${caller.request}, a deletion, has bought ${standing.arn}`);
    if (caller.type === 'Update' && standing.commitment) this.checkRepurchase(standing, caller);
    if (standing.commitment) this.checkModelEnd(standing, caller);
  }

  public deleted(standing: Standing, caller?: Caller): void {
    const { arn, commitment, status } = standing;
    if (!caller) return void this.deletedByHand.add(arn);
    if (caller.type === FORGED) return this.find(`${caller.request}, a forged event, has deleted ${arn}`);
    if (status === 'Failed' || this.stack.givenUp.has(arn)) return;
    const isWanted = this.stack.known?.id === arn || this.stack.requests.some(({ answers, isCancelled }) => !isCancelled && answers[0]?.status === 'SUCCESS' && answers[0].id === arn);
    if (isWanted) this.find(`${caller.request} has deleted ${arn}${commitment ? ', a commitment' : ''}, which CloudFormation still wants`);
  }

  /** To be called when no run and no waiter is left. */
  public atRest(): void {
    const { requests, known, complaints } = this.stack;
    this.findings.push(...complaints.splice(0));
    for (const { event, answers } of requests) {
      if (answers.length === 0) this.find(`${event.RequestType} ${event.RequestId} was never answered`);
    }
    for (const standing of this.aws.bedrock.all) this.checkStanding(standing);
    if (known) this.checkKnown(known.id);
  }

  private checkRepurchase(standing: Standing, { request }: Caller): void {
    const { ResourceProperties: wished, OldResourceProperties: old } = this.stack.requests.find(({ event }) => event.RequestId === request)!.event;
    if (String(wished.allowRepurchase) === 'true') return;
    const knownStands = this.aws.bedrock.all.some(({ arn, commitment, status }) => arn === this.stack.known?.id && commitment && status !== 'Failed');
    if (old?.commitmentDuration || knownStands) this.find(`${request} has bought ${standing.arn}, a second commitment, unasked`);
  }

  /** Compares days as texts: a month that has no such day sorts behind its last one. */
  private checkModelEnd({ arn, commitment, created }: Standing, { request }: Caller): void {
    const { endOfLife = '9999' } = this.stack.requests.find(({ event }) => event.RequestId === request)!.event.ResourceProperties;
    const [year, month, day] = new Date(created).toISOString().slice(0, 10).split('-');
    const months = Number(year) * 12 + Number(month) - 1 + (commitment === 'OneMonth' ? 1 : 6);
    const termEnd = `${Math.floor(months / 12)}-${String(months % 12 + 1).padStart(2, '0')}-${day}`;
    if (termEnd >= endOfLife) this.find(`${request} has bought ${arn}, whose term ends on ${termEnd}, for a model that ends on ${endOfLife}`);
  }

  private checkStanding({ arn, commitment, status }: Standing): void {
    if (arn === this.stack.known?.id || this.stack.retained.has(arn)) return;
    const isHopeless = commitment !== undefined && status !== 'Failed';
    if (!isHopeless) return this.find(`${arn} (${status}${commitment ? ', committed' : ''}) stands, and nobody wants it`);
    const told = [...this.cries, ...this.aws.published.map(({ Message }) => Message)];
    const isCriedOut = told.some((text) => text.includes(arn) && text.includes(STILL_BILLED));
    if (!isCriedOut) this.find(`${arn} is a commitment that stands, nobody wants it, and nobody was told`);
  }

  private checkKnown(id: string): void {
    const standing = this.aws.bedrock.all.find(({ arn }) => arn === id);
    if (!standing) return this.deletedByHand.has(id) ? undefined : this.find(`${id} does not stand, and CloudFormation wants it`);
    // The second delivery of an event may still set tags and names while the next request is carried out.
    if (this.stack.known!.isSkipped || this.stack.requests.some(({ isRepeated }) => isRepeated)) return;
    const { provisionedModelName: name, modelId, modelUnits, commitmentDuration, tags = [] } = this.stack.known!.properties;
    const isAsWished = standing.units === Number(modelUnits) && standing.commitment === commitmentDuration && standing.desiredModel === arnOf(modelId)
      && this.hasName(standing, name) && tags.every(({ key, value }) => standing.tags.some((tag) => tag.key === key && tag.value === value));
    if (!isAsWished) this.find(`what stands is not what is wished: ${JSON.stringify(standing)}`);
  }

  /** A commitment that cannot be deleted, or what was to be retained, may still have the name; two cannot have it. */
  private hasName(standing: Standing, name: string | undefined): boolean {
    if (name === undefined || standing.name === name) return true;
    const holder = this.aws.bedrock.find(name);
    return holder !== undefined && (holder.commitment !== undefined || this.stack.retained.has(holder.arn));
  }

  private find(finding: string): void {
    this.aws.tell(() => `!!!! ${finding}`);
    this.findings.push(finding);
  }
}

import { Aws } from './aws';
import { Clock } from './clock';
import { Answer, CREATE_FAILED, Framework, Request } from './framework';
import { parameterName, ThroughputEvent, ThroughputProperties } from '../../../src/lambda/provisioned-model-throughput/contract';

/** The properties of the resource in a template, to which a deployment adds the record. */
export type TemplateProperties = Omit<ThroughputProperties, 'record'>;

/** Events around a request of CloudFormation. */
export interface Plan {
  /** Milliseconds after the request at which another resource fails, so that CloudFormation cancels the request. */
  readonly cancelAfter?: number;
  /** Whether another resource fails after this one is complete. */
  readonly siblingFails?: boolean;
  readonly deliveries?: number;
}

/** The resource as CloudFormation has it. */
export interface Known {
  readonly id: string;
  readonly properties: ThroughputProperties;
  /** Whether its rollback was skipped, so that it may differ from its properties. */
  readonly isSkipped?: boolean;
}

export const LOGICAL_ID = 'Capacity';
const STACK = 'arn:aws:cloudformation:us-east-1:111111111111:stack/Stack/';
export const PARAMETER_PATH = '/cdk-bedrock-cost/Stack';
const ALLOWED = parameterName(PARAMETER_PATH, 'allowed', LOGICAL_ID);

/**
 * A stack with the custom resource, as CloudFormation handles it.
 *
 * - A cancelled creation is deleted under an id that CloudFormation generates, while the function may still work on it.
 * - A failed update is rolled back under the old id.
 * - A replaced resource is deleted at the end of the update.
 */
export class Stack {
  public known?: Known;
  public readonly requests: Request[] = [];
  /** The ids whose deletion CloudFormation has requested. */
  public readonly givenUp = new Set<string>();
  /** Purchases that a deletion was instructed to keep. */
  public readonly retained = new Set<string>();
  /** Requests that failed although no fault occurred. */
  public readonly complaints: string[] = [];
  private incarnation = 0;

  constructor(private readonly aws: Aws, private readonly clock: Clock, private readonly framework: Framework) {}

  public get record(): string {
    return `record-${this.incarnation}`;
  }

  /** Each stack has its own functions, which accept no other stack id. */
  public get stackId(): string {
    return `${STACK}${this.incarnation}`;
  }

  public async create(requested: TemplateProperties, plan: Plan = {}): Promise<void> {
    this.incarnation++;
    this.aws.parameters.write(this.record, '{}');
    const properties = { ...requested, record: this.record };
    this.allow(properties);
    const answer = await this.ask({ RequestType: 'Create', ResourceProperties: properties }, plan);
    if (answer?.status === 'SUCCESS' && !plan.siblingFails && plan.cancelAfter === undefined) this.known = { id: answer.id, properties };
    else await this.remove(answer?.id ?? `Stack-${LOGICAL_ID}-${this.requests.length}ABC`, properties);
  }

  public async update(requested: TemplateProperties, plan: Plan = {}): Promise<void> {
    const before = this.known!;
    const properties = { ...requested, record: this.record };
    if (JSON.stringify(properties) === JSON.stringify(before.properties)) return;
    this.writeTemplateValue();
    this.allow(properties);
    const answer = await this.ask({
      RequestType: 'Update', PhysicalResourceId: before.id, ResourceProperties: properties, OldResourceProperties: before.properties,
    }, plan);
    if (answer?.status !== 'SUCCESS') return this.rollBack(before, { id: before.id, properties });
    if (plan.siblingFails || plan.cancelAfter !== undefined) return this.rollBack(before, { id: answer.id, properties });
    this.known = { id: answer.id, properties };
    if (answer.id !== before.id) await this.cleanUp(before);
  }

  public async delete({ retain = false, ...plan }: Plan & { readonly retain?: boolean } = {}): Promise<void> {
    const { id, properties } = this.known!;
    if (!retain) return this.remove(id, properties, plan);
    this.retained.add(id);
    this.forget();
  }

  /** @param after what the failed update has left: its id and properties */
  private async rollBack(before: Known, after: Known): Promise<void> {
    this.writeTemplateValue();
    const send = async () => this.ask({
      RequestType: 'Update', PhysicalResourceId: after.id, ResourceProperties: before.properties, OldResourceProperties: after.properties,
    }, { deliveries: this.aws.unlucky() ? 2 : 1 });
    // The order of a rollback is not documented.
    const isAllowedBefore = this.aws.random.chance(0.5);
    if (isAllowedBefore) this.allow(before.properties);
    const answer = await this.insist(send, 'rollback');
    if (!isAllowedBefore) this.allow(before.properties);
    if (answer.status !== 'SUCCESS') {
      // The rollback is continued without the resource, which does not change.
      this.known = { id: after.id, properties: before.properties, isSkipped: true };
      return;
    }
    this.known = { id: answer.id, properties: before.properties };
    if (answer.id !== after.id) await this.cleanUp(after);
  }

  /** Writes the allowed purchase. Sometimes writes it unchanged, as when only a tag of the parameter has changed. */
  private allow({ tags, ...allowed }: ThroughputProperties): void {
    const value = JSON.stringify(allowed);
    if (this.aws.parameters.get(ALLOWED) !== value || this.aws.random.chance(0.2)) this.aws.parameters.write(ALLOWED, value);
  }

  /** CloudFormation writes the value of the template again when only a tag of the parameter has changed. */
  private writeTemplateValue(): void {
    if (!this.aws.random.chance(0.3)) return;
    this.aws.parameters.write(this.record, '{}');
    this.aws.tell(() => 'CloudFormation writes {} into the record');
  }

  /** Deletes the replaced resource at the end of an update. */
  private async cleanUp(replaced: Known): Promise<void> {
    this.givenUp.add(replaced.id);
    const send = async () => this.ask({ RequestType: 'Delete', PhysicalResourceId: replaced.id, ResourceProperties: replaced.properties });
    await this.insist(send, 'cleanup');
  }

  /** Deletes the resource, then the record. */
  private async remove(id: string, properties: ThroughputProperties, plan: Plan = {}): Promise<void> {
    this.givenUp.add(id);
    this.known = undefined;
    const send = async () => this.ask({ RequestType: 'Delete', PhysicalResourceId: id, ResourceProperties: properties }, { deliveries: plan.deliveries });
    if (id !== CREATE_FAILED) await this.insist(send, 'deletion');
    this.forget();
  }

  private forget(): void {
    this.known = undefined;
    this.aws.parameters.delete(this.record);
    this.aws.parameters.delete(ALLOWED);
  }

  /** Retries a failed request once, then without any fault, as an operator does who finds the stack in that state. */
  private async insist(send: () => Promise<Answer | undefined>, what: string): Promise<Answer> {
    for (let i = 0; i < 4; i++) {
      if (i > 1) this.aws.isKind = true;
      const answer = await send();
      if (answer!.status === 'FAILED' && i < 3) continue;
      this.aws.isKind = false;
      if (answer!.status === 'FAILED') this.complain(what, answer!.reason);
      return answer!;
    }
    throw new Error('not reached');
  }

  private complain(what: string, reason: string | undefined): void {
    const { id, isSkipped } = this.known ?? {};
    // Throughput that was deleted manually is not bought again, and a skipped resource may differ from its properties.
    const isHopeless = id !== undefined && (isSkipped || !this.aws.bedrock.find(id));
    if (!(what === 'rollback' && isHopeless)) this.complaints.push(`a ${what} fails without a fault: ${reason}`);
  }

  /** @returns undefined when it was cancelled */
  private async ask(event: Omit<ThroughputEvent, 'StackId' | 'RequestId' | 'LogicalResourceId'>, { cancelAfter, deliveries = 1 }: Plan = {}): Promise<Answer | undefined> {
    const ids = { StackId: this.stackId, RequestId: `request-${this.requests.length + 1}`, LogicalResourceId: LOGICAL_ID };
    const request: Request = { event: { ...ids, ...event }, answers: [], isRepeated: deliveries > 1 };
    this.requests.push(request);
    this.framework.deliver(request, deliveries);
    const cancelAt = this.clock.now + (cancelAfter ?? Infinity);
    // The clock only stops at planned events, so this plans one.
    if (cancelAfter !== undefined) this.clock.at(cancelAt, () => undefined);
    await this.clock.until(() => request.answers.length > 0 || this.clock.now >= cancelAt);
    if (request.answers.length > 0) return request.answers[0];
    request.isCancelled = true;
    this.aws.tell(() => `CANCELLED ${request.event.RequestId}`);
    return undefined;
  }
}

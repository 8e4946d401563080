import { json, refuse } from './answers';
import { asAws, boughtElsewhere, DAY, foundationModelArn, Memory, modelArn, Purchased } from './purchases';
import { Answer, Asked, send } from '../http';
import { fieldsOf } from '../sdk-model';

const PURCHASES = '/provisioned-model-throughput';

/** How AWS behaves towards this account. */
export interface Behaviour {
  /** How long a purchase is Creating, in milliseconds. */
  creatingMs: number;
  /** How long a change of the model is Updating, in milliseconds. */
  updatingMs: number;
  /** The model units that the account may have of a model; without limit if left out. */
  readonly quotas: Map<string, number>;
  /** Why AWS cannot provide what is bought next. */
  failNext?: string;
}

/**
 * Provisioned throughput as AWS sells it, on top of the emulator's, which keeps what was bought: there a purchase is
 * InService at once, a name may be taken twice, a token buys again, and a commitment has no end and can be deleted.
 *
 * Where AWS documents no more than that there is an error, its text is ours. After the end of its term a commitment can be
 * deleted here at any time; the next end is not simulated.
 */
export class Throughput {
  public readonly behaviour: Behaviour = { creatingMs: 0, updatingMs: 0, quotas: new Map() };
  private readonly memories = new Map<string, Memory>();
  private readonly bought = new Map<string, string>();
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly emulatorUrl: string) {}

  /** The answer to an operation, or none if the emulator's is as good. */
  public answer(operation: string | undefined, asked: Asked): Promise<Answer | undefined> {
    switch (operation) {
      case 'CreateProvisionedModelThroughput': return this.oneAtATime(() => this.create(asked, JSON.parse(asked.body.toString())));
      case 'GetProvisionedModelThroughput': return this.get(asked);
      case 'ListProvisionedModelThroughputs': return this.list(asked);
      case 'UpdateProvisionedModelThroughput': return this.oneAtATime(() => this.update(asked, JSON.parse(asked.body.toString())));
      case 'DeleteProvisionedModelThroughput': return this.oneAtATime(() => this.delete(asked));
      default: return Promise.resolve(undefined);
    }
  }

  /** Makes all that was bought older: terms come to their end. */
  public age(days: number): void {
    for (const [arn, memory] of this.memories) this.memories.set(arn, { ...memory, created: memory.created - days * DAY });
  }

  private async create(asked: Asked, wish: any): Promise<Answer> {
    const token = wish.clientRequestToken && `${accountOf(asked)} ${wish.clientRequestToken}`;
    const first = token && this.bought.get(token);
    if (first) return json(201, { provisionedModelArn: first });
    validate(wish);
    const all = await this.all(asked);
    requireFreeName(all, wish.provisionedModelName);
    this.requireQuota(all, wish);
    const answer = await send(this.emulatorUrl, asked);
    if (answer.status !== 201) return answer;
    const { provisionedModelArn } = JSON.parse(answer.body.toString());
    if (token) this.bought.set(token, provisionedModelArn);
    this.remember(provisionedModelArn);
    if (wish.tags?.length > 0) await this.ask(asked, 'POST', '/tagResource', { resourceARN: provisionedModelArn, tags: wish.tags });
    return answer;
  }

  private remember(arn: string): void {
    const created = Date.now();
    this.memories.set(arn, { created, changed: created, readyAt: created + this.behaviour.creatingMs, failure: this.behaviour.failNext });
    this.behaviour.failNext = undefined;
  }

  private async get(asked: Asked): Promise<Answer> {
    return json(200, await this.find(asked));
  }

  private async list(asked: Asked): Promise<Answer> {
    const fields = fieldsOf('ProvisionedModelSummary');
    const summaryOf = (purchase: Purchased) => Object.fromEntries(Object.entries(purchase).filter(([field]) => fields.includes(field)));
    const summaries = (await this.all(asked)).map(summaryOf);
    return json(200, { provisionedModelSummaries: summaries });
  }

  private async update(asked: Asked, { desiredProvisionedModelName: name, desiredModelId: model }: any): Promise<Answer> {
    const purchase = await this.find(asked);
    requireIdle(purchase, 'ValidationException');
    if (name !== undefined && name !== purchase.provisionedModelName) requireFreeName(await this.all(asked), name);
    if (model !== undefined) requireVariant(purchase, model);
    const answer = await this.ask(asked, 'PATCH', pathOf(purchase), JSON.parse(asked.body.toString()));
    const now = Date.now();
    const memory = this.memories.get(purchase.provisionedModelArn) ?? boughtElsewhere(purchase);
    const update = model === undefined ? {} : { update: { until: now + this.behaviour.updatingMs, modelArn: purchase.modelArn } };
    this.memories.set(purchase.provisionedModelArn, { ...memory, changed: now, ...update });
    return answer;
  }

  private async delete(asked: Asked): Promise<Answer> {
    const purchase = await this.find(asked);
    requireIdle(purchase, 'ConflictException');
    const { commitmentExpirationTime: end, status } = purchase;
    if (end !== undefined && status !== 'Failed' && Date.now() < Date.parse(end)) {
      refuse('ValidationException', `The provisioned model has a commitment until ${end} and cannot be deleted before`);
    }
    return this.ask(asked, 'DELETE', pathOf(purchase));
  }

  /** By its ARN or its name, as AWS knows it. */
  private async find(asked: Asked): Promise<Purchased> {
    const id = decodeURIComponent(asked.path.split('?')[0].slice(PURCHASES.length + 1));
    const all = await this.all(asked);
    return all.find(({ provisionedModelArn, provisionedModelName }) => id === provisionedModelArn || id === provisionedModelName) ?? refuse('ResourceNotFoundException', `The provisioned model ${id} could not be found`);
  }

  private async all(asked: Asked): Promise<Purchased[]> {
    const { body } = await this.ask(asked, 'GET', `${PURCHASES}s`);
    const { provisionedModelSummaries } = JSON.parse(body.toString());
    return provisionedModelSummaries.map((record: any) => asAws(record, this.memories.get(record.provisionedModelArn), Date.now()));
  }

  private requireQuota(all: readonly Purchased[], { modelId, modelUnits }: any): void {
    const wanted = idOf(modelId);
    const quota = this.behaviour.quotas.get(wanted) ?? Infinity;
    const used = all.reduce((sum, purchase) => sum + (idOf(purchase.desiredModelArn) === wanted ? purchase.desiredModelUnits : 0), 0);
    if (used + modelUnits <= quota) return;
    refuse('ServiceQuotaExceededException', `The account has ${used} of at most ${quota} model units for ${wanted}; ${modelUnits} more were asked for`);
  }

  /** Asks the emulator on behalf of whoever asked: its headers say the account and the region. */
  private ask({ headers }: Asked, method: string, path: string, body?: object): Promise<Answer> {
    return send(this.emulatorUrl, { method, path, headers, body: body ? Buffer.from(JSON.stringify(body)) : Buffer.alloc(0) });
  }

  /** Whoever looks whether a name or a token is free has to take it before the next one looks. */
  private oneAtATime<T>(act: () => Promise<T>): Promise<T> {
    const mine = this.last.then(act, act);
    this.last = mine.catch(() => undefined);
    return mine;
  }

}

function validate({ provisionedModelName, modelId, modelUnits, commitmentDuration }: any): void {
  if (!/^([0-9a-zA-Z][_-]?)+$/.test(provisionedModelName ?? '') || provisionedModelName.length > 63) refuse('ValidationException', `Invalid provisionedModelName ${provisionedModelName}`);
  if (!Number.isInteger(modelUnits) || modelUnits < 1) refuse('ValidationException', `Invalid modelUnits ${modelUnits}: a whole number of 1 or more`);
  if (![undefined, 'OneMonth', 'SixMonths'].includes(commitmentDuration)) refuse('ValidationException', `Invalid commitmentDuration ${commitmentDuration}`);
  if (!modelId || /inference-profile\//.test(modelId)) refuse('ValidationException', `The model ${modelId} cannot be bought as provisioned throughput`);
}

function requireFreeName(all: readonly Purchased[], name: string): void {
  if (all.some(({ provisionedModelName }) => provisionedModelName === name)) refuse('ValidationException', `A provisioned model with the name ${name} exists`);
}

/** Of the two, only a deletion has a ConflictException in AWS's model. */
function requireIdle({ status, provisionedModelArn }: Purchased, error: string): void {
  if (status === 'Creating' || status === 'Updating') refuse(error, `The provisioned model ${provisionedModelArn} is ${status}`);
}

/** Only for a custom model, and only to another one of the same base model or to that itself. */
function requireVariant({ modelArn: before, foundationModelArn: base, provisionedModelArn }: Purchased, model: string): void {
  const isSameBase = model.startsWith('arn:') ? foundationModelArn(model) === base : model === idOf(base);
  if (!before.includes(':custom-model/') || !isSameBase) refuse('ValidationException', `The model of ${provisionedModelArn} cannot be changed to ${model}`);
}

function pathOf({ provisionedModelArn }: Purchased): string {
  return `${PURCHASES}/${encodeURIComponent(provisionedModelArn)}`;
}

/** A base model by its id, a custom model by its ARN. */
function idOf(model: string): string {
  const arn = modelArn(model);
  return arn.includes(':foundation-model/') ? arn.slice(arn.indexOf('/') + 1) : arn;
}

function accountOf({ headers }: Asked): string {
  return /Credential=([^/]+)/.exec(headers.authorization ?? '')?.[1] ?? 'nobody';
}

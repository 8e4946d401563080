import { foundationModelArn, modelArnOf, quotaNameOf } from './models';
import { bringTo, iso, shown, StoredThroughput, Tag, termMs, usualThroughputBehaviour } from './stored-throughput';
import { refuse } from '../refusal';
import { fieldsOf } from '../sdk-model';

/** A purchase by a call. */
export interface Purchase {
  readonly throughput: StoredThroughput;
  readonly token?: string;
  /** The caller, as the API in front of the store describes it. */
  readonly caller?: any;
}

/** Notified of purchases and deletions when they happen. */
export interface ThroughputWitness {
  bought(purchase: Purchase): void;
  deleted(throughput: StoredThroughput, caller?: any): void;
}

export interface Account {
  readonly region: string;
  readonly account: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The limits of a request. */
const MOST_TAGS = 50;
const LONGEST_NAME = 63;
const LONGEST_TOKEN = 256;

/**
 * Provisioned throughput of Amazon Bedrock, as far as AWS documents it: a state machine without a network, whose time is an
 * argument. A status only changes when it is read, by the time that has passed on the clock.
 *
 * If AWS documents an error but not its text, the text is ours.
 */
export class ProvisionedThroughputs {
  public behaviour = usualThroughputBehaviour();
  /** By ARN. A test may add, change and delete them; `all` has them as they are now. */
  public readonly stored = new Map<string, StoredThroughput>();
  /** All purchases by calls, including deleted ones. */
  public readonly purchases: Purchase[] = [];
  public witness?: ThroughputWitness;
  private readonly tokens = new Map<string, string>();
  private added = 0;

  constructor(private readonly owner: Account) {}

  public reset(): void {
    this.stored.clear();
    this.tokens.clear();
    this.purchases.length = 0;
    this.added = 0;
    this.behaviour = usualThroughputBehaviour();
  }

  public get all(): StoredThroughput[] {
    return [...this.stored.values()].map((throughput) => this.current(throughput));
  }

  public find(arnOrName: string): StoredThroughput | undefined {
    const found = this.stored.get(arnOrName) ?? [...this.stored.values()].find(({ provisionedModelName }) => provisionedModelName === arnOrName);
    return found && this.current(found);
  }

  public require(arnOrName: string): StoredThroughput {
    return this.find(arnOrName) ?? refuse('ResourceNotFoundException', `The provided model identifier is not found: ${arnOrName}`);
  }

  /** A throughput as a deployment has left it. */
  public add(provisionedModelName: string, modelId: string, more: Partial<StoredThroughput> = {}): StoredThroughput {
    const id = String(++this.added).padStart(12, '0');
    const modelArn = modelArnOf(modelId, this.owner.region);
    const time = iso(this.owner.now());
    const throughput: StoredThroughput = {
      provisionedModelArn: `arn:aws:bedrock:${this.owner.region}:${this.owner.account}:provisioned-model/${id}`,
      provisionedModelName,
      modelArn,
      desiredModelArn: modelArn,
      foundationModelArn: foundationModelArn(modelArn),
      modelUnits: 1,
      desiredModelUnits: 1,
      status: 'InService',
      creationTime: time,
      lastModifiedTime: time,
      tags: [],
      ...more,
    };
    this.stored.set(throughput.provisionedModelArn, throughput);
    return throughput;
  }

  public create(input: any, caller?: any): object {
    const { clientRequestToken: token, provisionedModelName, modelId, modelUnits, commitmentDuration, tags = [] } = input;
    const first = token && this.tokens.get(token);
    if (first) return this.behaviour.repeatedTokenAnswersArn ? { provisionedModelArn: first } : {};
    requireValidPurchase(input);
    if (this.behaviour.uniqueNames) this.requireFreeName(provisionedModelName);
    this.requireQuota(modelArnOf(modelId, this.owner.region), modelUnits);
    const failureMessage = this.behaviour.failure();
    const now = this.owner.now();
    const throughput = this.add(provisionedModelName, modelId, {
      modelUnits,
      desiredModelUnits: modelUnits,
      tags: [...tags],
      status: 'Creating',
      next: { at: now + this.behaviour.creatingMs(), status: failureMessage === undefined ? 'InService' : 'Failed', failureMessage },
      ...(commitmentDuration ? { commitmentDuration, commitmentExpirationTime: iso(now + termMs(commitmentDuration)) } : {}),
    });
    if (token) this.tokens.set(token, throughput.provisionedModelArn);
    const purchase = { throughput, token, caller };
    this.purchases.push(purchase);
    this.witness?.bought(purchase);
    return { provisionedModelArn: throughput.provisionedModelArn };
  }

  public get(id: string): object {
    return shown(this.require(id), this.behaviour);
  }

  public list({ nameContains = '', statusEquals, modelArnEquals, creationTimeAfter, creationTimeBefore, maxResults = 100, nextToken = 0, sortOrder = 'Descending' }: any): object {
    const fields = fieldsOf('ProvisionedModelSummary');
    const wanted = this.all.filter(({ provisionedModelName, status, modelArn, creationTime }) => provisionedModelName.includes(nameContains)
      && (!statusEquals || status === statusEquals) && (!modelArnEquals || modelArn === modelArnEquals)
      && (!creationTimeAfter || Date.parse(creationTime) > Date.parse(creationTimeAfter))
      && (!creationTimeBefore || Date.parse(creationTime) < Date.parse(creationTimeBefore)));
    if (sortOrder === 'Descending') wanted.reverse();
    const end = Number(nextToken) + Number(maxResults);
    const summaryOf = (throughput: StoredThroughput) => Object.fromEntries(
      Object.entries(shown(throughput, this.behaviour)).filter(([field]) => fields.includes(field)),
    );
    return { provisionedModelSummaries: wanted.slice(Number(nextToken), end).map(summaryOf), nextToken: end < wanted.length ? `${end}` : undefined };
  }

  public update(id: string, { desiredProvisionedModelName: name, desiredModelId: model }: any): object {
    const found = this.require(id);
    if (found.status !== 'InService') refuse('ValidationException', `The provisioned model ${id} is ${found.status}.`);
    if (name !== undefined && name !== found.provisionedModelName) this.requireFreeName(name);
    if (model !== undefined) requireSameBase(found, modelArnOf(model, this.owner.region));
    if (name !== undefined) found.provisionedModelName = name;
    if (model !== undefined) found.desiredModelArn = modelArnOf(model, this.owner.region);
    const now = this.owner.now();
    found.lastModifiedTime = iso(now);
    const updating = this.behaviour.updatingMs(model !== undefined);
    if (updating > 0) Object.assign(found, { status: 'Updating', next: { at: now + updating, status: 'InService' } });
    else found.modelArn = found.desiredModelArn;
    return {};
  }

  public delete(id: string, caller?: any): object {
    const found = this.require(id);
    if (found.status === 'Creating' || found.status === 'Updating') refuse('ConflictException', `The provisioned model ${id} is ${found.status}.`);
    const { commitmentDuration, commitmentExpirationTime: end = '9999-12-31' } = found;
    if (commitmentDuration && found.status !== 'Failed' && this.owner.now() < Date.parse(end)) {
      refuse('ValidationException', 'The commitment term has not ended.');
    }
    this.stored.delete(found.provisionedModelArn);
    this.witness?.deleted(found, caller);
    return {};
  }

  /** Makes all purchases older, so that terms end. */
  public age(days: number): void {
    const earlier = (time: string) => iso(Date.parse(time) - days * 86_400_000);
    for (const throughput of this.stored.values()) {
      const { creationTime, commitmentExpirationTime: end } = throughput;
      Object.assign(throughput, { creationTime: earlier(creationTime), commitmentExpirationTime: end && earlier(end) });
    }
  }

  private current(throughput: StoredThroughput): StoredThroughput {
    return bringTo(throughput, this.owner.now(), this.behaviour);
  }

  private requireFreeName(name: string): void {
    if (this.find(name)) refuse('ValidationException', 'The name is in use.');
  }

  /** A purchase that failed has no units. */
  private requireQuota(modelArn: string, units: number): void {
    const unitsOf = (counted: readonly StoredThroughput[]) => counted.reduce(
      (sum, { desiredModelUnits, status }) => sum + (status === 'Failed' ? 0 : desiredModelUnits), 0,
    );
    const name = quotaNameOf(modelArn);
    const ofModel = unitsOf(this.all.filter(({ desiredModelArn }) => quotaNameOf(desiredModelArn) === name));
    const quota = this.behaviour.quotas.get(name) ?? Infinity;
    if (ofModel + units > quota) refuse('ServiceQuotaExceededException', `Too many model units of ${name}: ${ofModel} of at most ${quota} are in use.`);
    if (unitsOf(this.all) + units > this.behaviour.unitQuota) refuse('ServiceQuotaExceededException', 'Too many model units.');
  }
}

/** Refuses fields that do not match the constraints in AWS's API reference. */
function requireValidPurchase(input: any): void {
  const { provisionedModelName: name, modelId, modelUnits, commitmentDuration, clientRequestToken: token, tags = [] } = input;
  const wrong = (field: string, value: unknown) => refuse('ValidationException', `Invalid ${field}: ${JSON.stringify(value)}`);
  if (!/^([0-9a-zA-Z][_-]?)+$/.test(name ?? '') || name.length > LONGEST_NAME) wrong('provisionedModelName', name);
  if (!Number.isInteger(modelUnits) || modelUnits < 1) wrong('modelUnits', modelUnits);
  if (![undefined, 'OneMonth', 'SixMonths'].includes(commitmentDuration)) wrong('commitmentDuration', commitmentDuration);
  if (!modelId || /inference-profile\//.test(modelId)) wrong('modelId', modelId);
  if (token !== undefined && (token.length < 1 || token.length > LONGEST_TOKEN)) wrong('clientRequestToken', token);
  if (tags.length > MOST_TAGS) refuse('TooManyTagsException', `At most ${MOST_TAGS} tags are allowed.`);
  for (const { key, value } of tags as readonly Tag[]) if (typeof key !== 'string' || typeof value !== 'string') wrong('tags', { key, value });
}

/** Only a custom model can change: to another one of the same base model, or to the base model itself. */
function requireSameBase({ modelArn, provisionedModelArn }: StoredThroughput, wanted: string): void {
  const isAllowed = modelArn.includes(':custom-model/') && foundationModelArn(wanted) === foundationModelArn(modelArn);
  if (!isAllowed) refuse('ValidationException', `The model of ${provisionedModelArn} cannot be changed to ${wanted}`);
}

import { Clock, DAY, HOUR, MINUTE, Random } from './clock';
import { Caller, Refused } from './wire';

export interface Tag { readonly key: string; readonly value: string }

export interface Standing {
  readonly arn: string;
  name: string;
  model: string;
  desiredModel: string;
  readonly units: number;
  readonly commitment?: 'OneMonth' | 'SixMonths';
  status: 'Creating' | 'InService' | 'Updating' | 'Failed';
  /** When the status comes to its end, and which one follows. */
  next?: { readonly at: number; readonly status: 'InService' | 'Failed' };
  readonly created: number;
  termEnd?: number;
  tags: Tag[];
}

export interface Purchase {
  readonly standing: Standing;
  readonly token: string;
  readonly caller?: Caller;
}

/** What is told of what happens, when it happens. */
export interface Witness {
  bought(purchase: Purchase): void;
  deleted(standing: Standing, caller?: Caller): void;
}

/** What AWS does not say: it may be the one or the other. */
export interface Leeway {
  /** AWS provides everything that it sells. */
  readonly neverFails?: boolean;
  /** A repeated token is answered with the ARN of the first purchase. */
  readonly repeatedTokenTellsArn: boolean;
  readonly termEndShowsAtOnce: boolean;
  readonly quota: number;
}

const FOUNDATION = 'arn:aws:bedrock:us-east-1::foundation-model/';

/** Provisioned throughput in Amazon Bedrock, as far as AWS documents it. */
export class Bedrock {
  public readonly purchases: Purchase[] = [];
  /** Makes no trouble: quota, failures and long waits are switched off. */
  public kind = false;
  private readonly standings = new Map<string, Standing>();
  private readonly tokens = new Map<string, string>();

  constructor(private readonly clock: Clock, private readonly random: Random, private readonly leeway: Leeway, private readonly witness: Witness) {}

  public get all(): Standing[] {
    return [...this.standings.values()].map((standing) => this.refreshed(standing));
  }

  public find(arnOrName: string): Standing | undefined {
    const found = this.standings.get(arnOrName) ?? [...this.standings.values()].find(({ name }) => name === arnOrName);
    return found && this.refreshed(found);
  }

  public create(input: any, caller?: Caller): object {
    const first = this.tokens.get(input.clientRequestToken);
    if (first) return this.leeway.repeatedTokenTellsArn ? { provisionedModelArn: first } : {};
    this.checkPurchase(input);
    const standing = this.newStanding(input);
    this.standings.set(standing.arn, standing);
    this.tokens.set(input.clientRequestToken, standing.arn);
    const purchase = { standing, token: input.clientRequestToken, caller };
    this.purchases.push(purchase);
    this.witness.bought(purchase);
    return { provisionedModelArn: standing.arn };
  }

  public get(id: string): object {
    const found = this.known(id);
    const showsEnd = found.commitment && (this.leeway.termEndShowsAtOnce || found.status !== 'Creating');
    return {
      provisionedModelArn: found.arn,
      provisionedModelName: found.name,
      modelArn: found.model,
      desiredModelArn: found.desiredModel,
      foundationModelArn: foundationOf(found.model),
      modelUnits: found.status === 'Creating' ? 0 : found.units,
      desiredModelUnits: found.units,
      status: found.status,
      ...(found.status === 'Failed' ? { failureMessage: 'no capacity' } : {}),
      ...(found.commitment ? { commitmentDuration: found.commitment } : {}),
      ...(showsEnd ? { commitmentExpirationTime: iso(found.termEnd!) } : {}),
      creationTime: iso(found.created),
      lastModifiedTime: iso(found.created),
    };
  }

  public update(id: string, { desiredProvisionedModelName: name, desiredModelId: model }: any): object {
    const found = this.known(id);
    if (found.status !== 'InService') throw new Refused(400, 'ValidationException', `The provisioned model is ${found.status}.`);
    if (name !== undefined && name !== found.name && this.find(name)) throw new Refused(400, 'ValidationException', 'The name is in use.');
    if (model !== undefined && foundationOf(arnOf(model)) !== foundationOf(found.model)) throw new Refused(400, 'ValidationException', 'Another base model.');
    if (name !== undefined) found.name = name;
    if (model !== undefined) found.desiredModel = arnOf(model);
    if (model === undefined && this.random.chance(0.5)) return {};
    found.status = 'Updating';
    found.next = { at: this.clock.now + this.aWhile(), status: 'InService' };
    return {};
  }

  public delete(id: string, caller?: Caller): object {
    const found = this.known(id);
    if (found.status === 'Creating' || found.status === 'Updating') throw new Refused(400, 'ConflictException', `The provisioned model is ${found.status}.`);
    if (found.commitment && found.status !== 'Failed' && this.clock.now < found.termEnd!) throw new Refused(400, 'ValidationException', 'The commitment term has not ended.');
    this.standings.delete(found.arn);
    this.witness.deleted(found, caller);
    return {};
  }

  public tagsOf(id: string): object {
    return { tags: this.known(id).tags };
  }

  public tag(id: string, tags: readonly Tag[]): object {
    const found = this.known(id);
    found.tags = [...found.tags.filter(({ key }) => !tags.some((tag) => tag.key === key)), ...tags];
    return {};
  }

  public untag(id: string, keys: readonly string[]): object {
    const found = this.known(id);
    found.tags = found.tags.filter(({ key }) => !keys.includes(key));
    return {};
  }

  private known(id: string): Standing {
    const found = this.find(id);
    if (!found) throw new Refused(404, 'ResourceNotFoundException', 'The provided model identifier is not found.');
    return found;
  }

  private checkPurchase({ provisionedModelName: name, modelUnits }: any): void {
    if (this.find(name)) throw new Refused(400, 'ValidationException', 'The name is in use.');
    if (!/^([0-9a-zA-Z][_-]?)+$/.test(name) || name.length > 63) throw new Refused(400, 'ValidationException', `Not a name: ${name}`);
    const inUse = this.all.reduce((sum, { units, status }) => sum + (status === 'Failed' ? 0 : units), 0);
    if (!this.kind && inUse + modelUnits > this.leeway.quota) throw new Refused(400, 'ServiceQuotaExceededException', 'Too many model units.');
  }

  private newStanding({ provisionedModelName: name, modelId, modelUnits: units, commitmentDuration: commitment, tags = [] }: any): Standing {
    const arn = `arn:aws:bedrock:us-east-1:111111111111:provisioned-model/${String(this.purchases.length + 1).padStart(12, '0')}`;
    const model = arnOf(modelId);
    const { now } = this.clock;
    const status = !this.kind && !this.leeway.neverFails && this.random.chance(0.05) ? 'Failed' : 'InService';
    const termEnd = commitment && now + monthsOf(commitment) * 30 * DAY;
    return { arn, name, model, desiredModel: model, units, commitment, status: 'Creating', next: { at: now + this.aWhile(), status }, created: now, termEnd, tags };
  }

  private aWhile(): number {
    // Mostly over at the next poll: a sequence is to have many requests, not many polls.
    if (this.kind || this.random.chance(0.8)) return this.random.between(0, MINUTE / 2);
    return this.random.between(0, this.random.chance(0.15) ? 45 * MINUTE : 5 * MINUTE);
  }

  /** Time has gone on since somebody looked last. */
  private refreshed(standing: Standing): Standing {
    const { now } = this.clock;
    if (standing.next && standing.next.at <= now) {
      standing.status = standing.next.status;
      standing.model = standing.desiredModel;
      standing.next = undefined;
    }
    // For an hour after its end, it can be deleted; then it has renewed itself.
    while (standing.termEnd !== undefined && standing.termEnd + HOUR < now) standing.termEnd += monthsOf(standing.commitment!) * 30 * DAY;
    return standing;
  }
}

export function arnOf(modelId: string): string {
  return modelId.startsWith('arn:') ? modelId : `${FOUNDATION}${modelId}`;
}

/** A custom model's ARN holds the id of the model that it was customized from. */
function foundationOf(model: string): string {
  return `${FOUNDATION}${model.split('/')[1]}`;
}

function monthsOf(commitment: 'OneMonth' | 'SixMonths'): number {
  return commitment === 'OneMonth' ? 1 : 6;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}

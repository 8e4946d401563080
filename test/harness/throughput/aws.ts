import type { HttpRequest } from '@smithy/core/protocols';
import { Clock, MINUTE, Random } from './clock';
import { BedrockControlPlane } from '../../fakes/bedrock/control-plane';
import { ProvisionedThroughputs, Purchase, ThroughputWitness } from '../../fakes/bedrock/provisioned-throughputs';
import { StoredThroughput } from '../../fakes/bedrock/stored-throughput';
import { Answer } from '../../fakes/http';
import { Parameters } from '../../fakes/parameters';
import { answerOfRefusal, answerTo, Call, parseCall } from '../../fakes/protocol';
import { Refusal } from '../../fakes/refusal';
import { Schedules } from '../../fakes/schedules';
import { Topics } from '../../fakes/topics';

/** The run of a function that makes a call. */
export interface Caller {
  /** The request of CloudFormation, or another event that has started the function. */
  readonly request: string;
  readonly type: string;
  /** The number of the run, for the trace. */
  readonly run: number;
}

/** The end of a call: a reply, a broken connection, or the end of the whole run that made it. */
export type Outcome = Answer | 'broken' | 'killed';

export type Fault = 'throttled' | 'error-before' | 'error-after' | 'broken-before' | 'broken-after' | 'killed-before' | 'killed-after';
export const FAULTS: readonly Fault[] = ['throttled', 'error-before', 'error-after', 'broken-before', 'broken-after', 'killed-before', 'killed-after'];

export interface Trouble {
  readonly seed: number;
  /** The probability of a fault in each call. */
  readonly faultiness: number;
  /** The number of calls after which nothing fails. */
  readonly faultyCalls: number;
  /** One fault at one call, counted from 1, and at its retries by the SDK. */
  readonly only?: { readonly call: number; readonly fault: Fault; readonly times?: number };
  /** AWS provides everything that it sells. */
  readonly neverFails?: boolean;
  /** A repeated token is answered with the ARN of the first purchase. */
  readonly repeatedTokenTellsArn: boolean;
  readonly termEndShowsAtOnce: boolean;
  readonly quota: number;
}

const THROTTLED = new Refusal('ThrottlingException', 'Too many requests', 429);
const BROKEN_SERVICE = new Refusal('InternalServerException', 'The server has an internal error', 500);

/** The parts of AWS that provisioned throughput needs. Each call may fail, by chance. */
export class Aws {
  public readonly random: Random;
  public readonly bedrock: ProvisionedThroughputs;
  public readonly parameters: Parameters;
  public readonly published: Topics['published'];
  /** The events so far, one entry each, to understand a failure. */
  public readonly trace: (() => string)[] = [];
  private readonly controlPlane: BedrockControlPlane;
  private readonly schedules = new Schedules();
  private readonly topics = new Topics();
  private calls = 0;
  private kind = false;

  constructor(public readonly clock: Clock, private readonly trouble: Trouble, witness: ThroughputWitness) {
    this.random = new Random(trouble.seed);
    this.parameters = new Parameters(() => clock.now);
    this.published = this.topics.published;
    this.controlPlane = new BedrockControlPlane({ region: 'us-east-1', account: '111111111111', now: () => clock.now });
    this.bedrock = this.controlPlane.throughputs;
    this.bedrock.witness = {
      bought: (purchase: Purchase) => {
        this.tell(() => `  ** BOUGHT ${purchase.throughput.provisionedModelArn} ${purchase.throughput.provisionedModelName}`);
        witness.bought(purchase);
      },
      deleted: (throughput: StoredThroughput, caller?: Caller) => {
        this.tell(() => `  ** DELETED ${throughput.provisionedModelArn} by ${caller?.type ?? 'hand'}`);
        witness.deleted(throughput, caller);
      },
    };
    Object.assign(this.bedrock.behaviour, {
      failure: () => (!this.kind && !trouble.neverFails && this.random.chance(0.05) ? 'no capacity' : undefined),
      creatingMs: () => this.aWhile(),
      updatingMs: (changesModel: boolean) => (changesModel || !this.random.chance(0.5) ? this.aWhile() : 0),
      repeatedTokenAnswersArn: trouble.repeatedTokenTellsArn,
      termEndShowsAtOnce: trouble.termEndShowsAtOnce,
      unitQuota: trouble.quota,
    });
  }

  /** No call fails while this is true: no quota, no failed purchase, no long wait. */
  public set isKind(kind: boolean) {
    if (kind !== this.kind) this.tell(() => (kind ? '-- from now on nothing goes wrong' : '-- from now on things go wrong again'));
    this.kind = kind;
    this.bedrock.behaviour.unitQuota = kind ? Infinity : this.trouble.quota;
  }

  public get goesWrong(): boolean {
    return !this.kind && this.calls < this.trouble.faultyCalls;
  }

  private aWhile(): number {
    // Mostly ends before the next poll, so that a sequence has many requests instead of many polls.
    if (this.kind || this.random.chance(0.8)) return this.random.between(0, MINUTE / 2);
    return this.random.between(0, this.random.chance(0.15) ? 45 * MINUTE : 5 * MINUTE);
  }

  /** True at random, with the probability of a fault times the factor. */
  public unlucky(factor = 1): boolean {
    return this.goesWrong && this.random.chance(this.trouble.faultiness * factor);
  }

  /** Milliseconds from a call to its effect and reply. */
  public get latency(): number {
    if (!this.goesWrong || !this.random.chance(0.02)) return this.random.between(5, 400);
    return this.random.between(5, 70_000);
  }

  public answer(request: HttpRequest, caller: Caller): Outcome {
    const call = callOf(request);
    this.calls++;
    const fault = this.onlyFault() ?? (this.unlucky() ? this.random.pick(FAULTS) : undefined);
    const took = fault === undefined || fault.endsWith('-after');
    const reply = took ? this.reply(call, caller) : undefined;
    this.tell(() => `  run ${caller.run} (${caller.type} ${caller.request}) ${call.operation} ${JSON.stringify(call.input)} -> `
      + `${fault ?? ''} ${reply ? `${reply.status} ${reply.body}` : ''}`);
    switch (fault) {
      case undefined: return reply!;
      case 'throttled': return answerOfRefusal(call, THROTTLED);
      case 'error-before': case 'error-after': return answerOfRefusal(call, BROKEN_SERVICE);
      case 'broken-before': case 'broken-after': return 'broken';
      default: return 'killed';
    }
  }

  /** The number of calls so far. */
  public get callCount(): number {
    return this.calls;
  }

  private onlyFault(): Fault | undefined {
    const { only } = this.trouble;
    return only && this.calls >= only.call && this.calls < only.call + (only.times ?? 1) ? only.fault : undefined;
  }

  public tell(entry: () => string): void {
    const { now } = this.clock;
    this.trace.push(() => `${new Date(now).toISOString().slice(5, 19)} ${shortened(entry())}`);
  }

  private reply(call: Call, caller: Caller): Answer {
    try {
      return answerTo(call, this.perform(call, caller));
    } catch (e) {
      if (e instanceof Refusal) return answerOfRefusal(call, e);
      throw e;
    }
  }

  private perform({ operation, input }: Call, caller: Caller): object {
    for (const service of [this.controlPlane, this.parameters, this.schedules, this.topics]) {
      const output = service.perform(operation, input, caller);
      if (output) return output;
    }
    throw new Error(`a call that AWS is not simulated for: ${operation}`);
  }
}

/** The call in a request that the SDK has serialized. */
function callOf({ method, path, headers, body, query }: HttpRequest): Call {
  const text = body === undefined ? '' : typeof body === 'string' ? body : new TextDecoder().decode(body);
  const search = new URLSearchParams(query as Record<string, string>).toString();
  const call = parseCall({ method, path: search === '' ? path : `${path}?${search}`, headers, body: text });
  if (!call) throw new Error(`a call that AWS is not simulated for: ${method} ${path}`);
  return call;
}

/** Shortens an entry for readers: removes text that all entries share. */
function shortened(text: string): string {
  return text
    .replace(/arn:aws:bedrock:us-east-1:111111111111:provisioned-model\/0*/g, 'PT')
    .replace(/arn:aws:bedrock:us-east-1::foundation-model\//g, '')
    .replace(/arn:aws:bedrock:us-east-1:\d+:custom-model\/[^/]*\//g, 'custom-')
    .replace(/,?\\?"(creationTime|lastModifiedTime|foundationModelArn|confirmedUsd|namePrefix|baseModelId|Type|Tier|Message|Overwrite|topicArn|functionArn|roleArn|record|noticeDays)\\?":\\?("[^"]*"|true)/g, '')
    .replace(/"price":\{[^}]*\},?/g, '')
    .replace(/([0-9a-f]{6})[0-9a-f]{58}/g, '$1')
    .replace(/\\"/g, '');
}

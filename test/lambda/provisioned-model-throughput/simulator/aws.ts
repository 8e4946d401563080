import type { HttpRequest } from '@smithy/core/protocols';
import { Bedrock, Leeway, Purchase, Standing, Witness } from './bedrock';
import { Clock, Random } from './clock';
import { Call, Caller, parse, refusalOf, Refused, Reply, replyTo } from './wire';

/** How a call ends: with a reply, with a broken connection, or with the end of the whole run that made it. */
export type Outcome = Reply | 'broken' | 'killed';

export type Fault = 'throttled' | 'error-before' | 'error-after' | 'broken-before' | 'broken-after' | 'killed-before' | 'killed-after';
export const FAULTS: readonly Fault[] = ['throttled', 'error-before', 'error-after', 'broken-before', 'broken-after', 'killed-before', 'killed-after'];

export interface Trouble extends Leeway {
  readonly seed: number;
  /** How likely it is that a call goes wrong. */
  readonly faultiness: number;
  /** After so many calls nothing goes wrong any more. */
  readonly faultyCalls: number;
  /** One fault at one call, counted from 1, and however often it is tried again by the SDK. */
  readonly only?: { readonly call: number; readonly fault: Fault; readonly times?: number };
}

export interface StoredParameter {
  readonly value: string;
  readonly version: number;
  /** When it was written, milliseconds since 1970. */
  readonly at: number;
  readonly before?: StoredParameter;
}

export interface Schedule {
  readonly id: string;
  readonly ScheduleExpression: string;
  readonly Target: { readonly Arn: string; readonly Input?: string };
}

const THROTTLED = new Refused(429, 'ThrottlingException', 'Too many requests');
const BROKEN_SERVICE = new Refused(500, 'InternalServerException', 'The server has an internal error');

/** The parts of AWS that provisioned throughput needs. What goes wrong is decided anew at every call. */
export class Aws {
  public readonly random: Random;
  public readonly bedrock: Bedrock;
  public readonly parameters = new Map<string, StoredParameter>();
  public readonly schedules = new Map<string, Schedule>();
  public readonly published: { readonly Subject?: string; readonly Message: string }[] = [];
  /** What has happened, one entry each, for whoever has to understand a failure. */
  public readonly trace: (() => string)[] = [];
  private calls = 0;

  constructor(public readonly clock: Clock, private readonly trouble: Trouble, witness: Witness) {
    this.random = new Random(trouble.seed);
    this.bedrock = new Bedrock(clock, this.random, trouble, {
      bought: (purchase: Purchase) => {
        this.tell(() => `  ** BOUGHT ${purchase.standing.arn} ${purchase.standing.name}`);
        witness.bought(purchase);
      },
      deleted: (standing: Standing, caller) => {
        this.tell(() => `  ** DELETED ${standing.arn} by ${caller?.type ?? 'hand'}`);
        witness.deleted(standing, caller);
      },
    });
  }

  /** Nothing goes wrong for as long as this is so. */
  public set isKind(kind: boolean) {
    if (kind !== this.bedrock.kind) this.tell(() => (kind ? '-- from now on nothing goes wrong' : '-- from now on things go wrong again'));
    this.bedrock.kind = kind;
  }

  public get goesWrong(): boolean {
    return !this.bedrock.kind && this.calls < this.trouble.faultyCalls;
  }

  /** True as often as the seed and the sequence's faultiness have it. */
  public unlucky(factor = 1): boolean {
    return this.goesWrong && this.random.chance(this.trouble.faultiness * factor);
  }

  /** Milliseconds from a call to its effect and reply. */
  public get latency(): number {
    if (!this.goesWrong || !this.random.chance(0.02)) return this.random.between(5, 400);
    return this.random.between(5, 70_000);
  }

  public answer(request: HttpRequest, caller: Caller): Outcome {
    const call = parse(request);
    this.calls++;
    const fault = this.onlyFault() ?? (this.unlucky() ? this.random.pick(FAULTS) : undefined);
    const took = fault === undefined || fault.endsWith('-after');
    const reply = took ? this.reply(call, caller) : undefined;
    this.tell(() => `  run ${caller.run} (${caller.type} ${caller.request}) ${call.operation} ${JSON.stringify(call.input)} -> `
      + `${fault ?? ''} ${reply ? `${reply.statusCode} ${new TextDecoder().decode(reply.body)}` : ''}`);
    switch (fault) {
      case undefined: return reply!;
      case 'throttled': return refusalOf(call, THROTTLED);
      case 'error-before': case 'error-after': return refusalOf(call, BROKEN_SERVICE);
      case 'broken-before': case 'broken-after': return 'broken';
      default: return 'killed';
    }
  }

  /** How many calls were made. */
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

  private reply(call: Call, caller: Caller): Reply {
    try {
      return replyTo(call, this.perform(call, caller));
    } catch (e) {
      if (e instanceof Refused) return refusalOf(call, e);
      throw e;
    }
  }

  private perform({ operation, input }: Call, caller: Caller): object {
    switch (operation) {
      case 'CreateThroughput': return this.bedrock.create(input, caller);
      case 'GetThroughput': return this.bedrock.get(input.id);
      case 'UpdateThroughput': return this.bedrock.update(input.id, input);
      case 'DeleteThroughput': return this.bedrock.delete(input.id, caller);
      case 'ListTags': return this.bedrock.tagsOf(input.resourceARN);
      case 'Tag': return this.bedrock.tag(input.resourceARN, input.tags);
      case 'Untag': return this.bedrock.untag(input.resourceARN, input.tagKeys);
      case 'GetParameter': return this.getParameter(input);
      case 'PutParameter': return this.putParameter(input);
      case 'CreateSchedule': case 'UpdateSchedule': case 'GetSchedule': case 'DeleteSchedule': return this.schedule(operation, input);
      case 'Publish': return this.publish(input);
      default: throw new Error(`a call that AWS is not simulated for: ${operation}`);
    }
  }

  private getParameter({ Name }: any): object {
    // A version may follow the name.
    const [name, wanted] = Name.split(':');
    let found = this.parameters.get(name);
    while (found && wanted !== undefined && String(found.version) !== wanted) found = found.before;
    if (!found) throw new Refused(400, wanted === undefined ? 'ParameterNotFound' : 'ParameterVersionNotFound', 'no such parameter');
    return { Parameter: { Name, Type: 'String', Value: found.value, Version: found.version, LastModifiedDate: found.at / 1000 } };
  }

  /** As CloudFormation does. */
  public write(Name: string, Value: string): void {
    this.putParameter({ Name, Value, Overwrite: true });
  }

  private putParameter({ Name, Value, Overwrite }: any): object {
    if (Buffer.byteLength(Value) > 4096 || Value.includes('{{')) throw new Refused(400, 'ValidationException', 'A standard parameter holds 4096 characters.');
    const before = this.parameters.get(Name);
    if (before && !Overwrite) throw new Refused(400, 'ParameterAlreadyExists', 'it exists');
    const version = (before?.version ?? 0) + 1;
    this.parameters.set(Name, { value: Value, version, at: this.clock.now, before });
    return { Version: version, Tier: 'Standard' };
  }

  private schedule(operation: string, input: any): object {
    const exists = this.schedules.has(input.id);
    if (operation === 'CreateSchedule' && exists) throw new Refused(409, 'ConflictException', `Schedule ${input.id} already exists.`);
    if (operation !== 'CreateSchedule' && !exists) throw new Refused(404, 'ResourceNotFoundException', `Schedule ${input.id} does not exist.`);
    if (operation === 'GetSchedule') return { ...this.schedules.get(input.id), Name: input.id };
    if (operation === 'DeleteSchedule') this.schedules.delete(input.id);
    else this.schedules.set(input.id, input);
    return operation === 'DeleteSchedule' ? {} : { ScheduleArn: `arn:aws:scheduler:us-east-1:111111111111:schedule/default/${input.id}` };
  }

  private publish(input: any): object {
    // AWS refuses what is longer, not ASCII, or has a new line.
    if (input.Subject !== undefined && !/^[\x21-\x7e][\x20-\x7e]{0,98}$/.test(input.Subject)) throw new Refused(400, 'InvalidParameter', 'Invalid parameter: Subject');
    this.published.push(input);
    return { MessageId: 'id' };
  }
}

/** For the eyes: what is the same everywhere is left out. */
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

import { IncomingMessage, ServerResponse } from 'http';
import { LoopbackServer } from '../shared/loopback-server';

const ACCOUNT = '111111111111';
const REGION = 'us-east-1';
const RUNNING = ['Submitted', 'Validating', 'Scheduled', 'InProgress'];

export interface StoredThroughput {
  provisionedModelArn: string;
  provisionedModelName: string;
  modelArn: string;
  desiredModelArn: string;
  foundationModelArn: string;
  modelUnits: number;
  desiredModelUnits: number;
  status: 'Creating' | 'InService' | 'Updating' | 'Failed';
  commitmentDuration?: 'OneMonth' | 'SixMonths';
  commitmentExpirationTime?: string;
  creationTime: string;
  lastModifiedTime: string;
  tags: { key: string; value: string }[];
}

export interface StoredJob {
  jobArn: string;
  jobName: string;
  roleArn: string;
  status: string;
  modelId: string;
  submitTime: string;
  inputDataConfig: object;
  outputDataConfig: object;
}

export interface StoredParameter {
  readonly value: string;
  readonly version: number;
  readonly before?: StoredParameter;
}

export interface Call {
  readonly operation: string;
  readonly input: any;
}

/** Refuses the next calls of an operation; `afterwards` does what was asked for first, as when a reply is lost. */
export interface Fault {
  readonly operation: string;
  /** 0 breaks the connection off. */
  readonly status: number;
  readonly error: string;
  readonly message?: string;
  readonly afterwards?: boolean;
  readonly times?: number;
  readonly when?: (input: any) => boolean;
}

class Refused extends Error {
  constructor(public readonly status: number, public readonly code: string, message: string) { super(message); }
}

/**
 * The parts of IAM, Systems Manager, SNS and Amazon Bedrock that a stop needs, over HTTP: protocols, paths, bodies and
 * errors as the SDK's own models have them (a client that parses them wrongly fails the tests).
 */
export class FakeControlPlane extends LoopbackServer {
  public static async start(): Promise<FakeControlPlane> {
    return new FakeControlPlane().listen();
  }

  /** The ARNs of the policies that are attached to each role. */
  public readonly roles = new Map<string, Set<string>>();
  public readonly parameters = new Map<string, StoredParameter>();
  /** Readers get what was there before the last change. */
  public staleReads = false;
  public readonly published: { Subject: string; Message: string }[] = [];
  public readonly throughputs = new Map<string, StoredThroughput>();
  public readonly jobs = new Map<string, StoredJob>();
  public readonly calls: Call[] = [];
  public faults: Fault[] = [];
  /** As AWS has it. Without it, nothing but the handler's own care keeps throughput from being bought twice. */
  public uniqueNames = true;
  public purchases = 0;
  private readonly tokens = new Map<string, string>();
  private turns: { running: number; readonly waiting: (() => void)[]; readonly choose: (count: number) => number } | undefined;

  /**
   * Lets several runs act at once: each waits at every request until all of them wait, and `choose` says whose is answered
   * next. So the same choices give the same interleaving.
   */
  public async atOnce(runs: readonly (() => Promise<unknown>)[], choose: (count: number) => number): Promise<void> {
    const turns = this.turns = { running: runs.length, waiting: [], choose };
    await Promise.all(runs.map(async (run) => {
      await run();
      turns.running--;
      this.answerOne();
    }));
    this.turns = undefined;
  }

  private answerOne(): void {
    const { running, waiting, choose } = this.turns!;
    if (waiting.length > 0 && waiting.length >= running) waiting.splice(choose(waiting.length), 1)[0]();
  }

  public reset(): void {
    for (const store of [this.roles, this.parameters, this.throughputs, this.jobs, this.tokens]) store.clear();
    this.published.length = 0;
    this.calls.length = 0;
    this.faults = [];
    this.uniqueNames = true;
    this.staleReads = false;
    this.purchases = 0;
  }

  public callsOf(operation: string): any[] {
    return this.calls.filter((call) => call.operation === operation).map(({ input }) => input);
  }

  public job(jobName: string, roleArn: string, status = 'InProgress'): StoredJob {
    const jobArn = `arn:aws:bedrock:${REGION}:${ACCOUNT}:model-invocation-job/${String(this.jobs.size + 1).padStart(12, '0')}`;
    const s3 = { s3Uri: 's3://bucket/folder/' };
    const job = {
      jobArn,
      jobName,
      roleArn,
      status,
      modelId: 'amazon.nova-lite-v1:0',
      submitTime: '2026-10-01T00:00:00Z',
      inputDataConfig: { s3InputDataConfig: s3 },
      outputDataConfig: { s3OutputDataConfig: s3 },
    };
    this.jobs.set(jobArn, job);
    return job;
  }

  /** Provisioned throughput as a deployment has left it. */
  public throughput(provisionedModelName: string, more: Partial<StoredThroughput> = {}): StoredThroughput {
    const provisionedModelArn = `arn:aws:bedrock:${REGION}:${ACCOUNT}:provisioned-model/${String(++this.purchases).padStart(12, '0')}`;
    const modelArn = `arn:aws:bedrock:${REGION}::foundation-model/amazon.nova-pro-v1:0:24k`;
    const stored: StoredThroughput = {
      provisionedModelArn,
      provisionedModelName,
      modelArn,
      desiredModelArn: modelArn,
      foundationModelArn: modelArn,
      modelUnits: 2,
      desiredModelUnits: 2,
      status: 'InService',
      creationTime: '2026-09-01T00:00:00Z',
      lastModifiedTime: '2026-09-01T00:00:00Z',
      tags: [],
      ...more,
    };
    this.throughputs.set(provisionedModelArn, stored);
    return stored;
  }

  protected handle(request: IncomingMessage, content: Buffer, response: ServerResponse): void {
    const call = parse(request, content.toString());
    if (!this.turns) return this.respond(call, response);
    this.turns.waiting.push(() => this.respond(call, response));
    this.answerOne();
  }

  private respond(call: ParsedCall, response: ServerResponse): void {
    this.calls.push({ operation: call.operation, input: call.input });
    try {
      const fault = this.faults.find(({ operation, when }) => operation === call.operation && (!when || when(call.input)));
      if (!fault) return answer(response, call, this.perform(call.operation, call.input));
      const left = (fault.times ?? 1) - 1;
      this.faults = this.faults.flatMap((f) => (f !== fault ? [f] : left > 0 ? [{ ...f, times: left }] : []));
      if (fault.afterwards) {
        try {
          this.perform(call.operation, call.input);
        } catch {
          // Refused, and that reply is lost too.
        }
      }
      if (fault.status === 0) return void response.destroy();
      throw new Refused(fault.status, fault.error, fault.message ?? 'fault');
    } catch (e) {
      if (e instanceof Refused) return refuse(response, call, e);
      response.writeHead(501).end(String(e));
    }
  }

  private perform(operation: string, input: any): object {
    switch (operation) {
      case 'AttachRolePolicy':
        this.policiesOf(input.RoleName).add(input.PolicyArn);
        return {};
      case 'DetachRolePolicy':
        if (!this.policiesOf(input.RoleName).delete(input.PolicyArn)) throw new Refused(404, 'NoSuchEntity', `Policy ${input.PolicyArn} was not found.`);
        return {};
      case 'ListEntitiesForPolicy': {
        const having = [...this.roles].filter(([, policies]) => policies.has(input.PolicyArn)).map(([role]) => role);
        const [page, more] = paged(having, input.Marker, 2);
        return {
          PolicyRoles: page.map((RoleName) => ({ RoleName })),
          IsTruncated: more !== undefined,
          ...(more === undefined ? {} : { Marker: more }),
        };
      }
      case 'ListAttachedRolePolicies': {
        const [page, more] = paged([...this.policiesOf(input.RoleName)], input.Marker, 1);
        return {
          AttachedPolicies: page.map((PolicyArn) => ({ PolicyArn, PolicyName: PolicyArn.split('/').pop() })),
          IsTruncated: more !== undefined,
          ...(more === undefined ? {} : { Marker: more }),
        };
      }
      case 'Publish':
        // AWS refuses what is longer, not ASCII, or has a new line.
        if (!/^[\x21-\x7e][\x20-\x7e]{0,98}$/.test(input.Subject)) throw new Refused(400, 'InvalidParameter', `Invalid parameter: Subject: ${input.Subject}`);
        this.published.push(input);
        return { MessageId: 'id' };
      case 'GetParameter': return { Parameter: this.parameter(input.Name) };
      case 'PutParameter': return this.put(input);
      case 'DeleteParameter':
        if (!this.parameters.delete(input.Name)) throw new Refused(400, 'ParameterNotFound', 'no such parameter');
        return {};
      case 'GetParametersByPath': {
        const below = [...this.parameters.keys()].filter((name) => name.startsWith(`${input.Path}/`)).sort();
        const [page, NextToken] = paged(below, input.NextToken, 10);
        return { Parameters: page.map((name) => this.parameter(name)), NextToken };
      }
      case 'ListJobs': {
        const found = [...this.jobs.values()].filter(({ status, jobName }) => status === input.statusEquals && jobName.includes(input.nameContains));
        const [invocationJobSummaries, nextToken] = paged(found, input.nextToken, 2);
        return { invocationJobSummaries, nextToken };
      }
      case 'GetJob': return this.jobOf(input.id);
      case 'StopJob': {
        const job = this.jobOf(input.id);
        if (!RUNNING.includes(job.status)) throw new Refused(400, 'ConflictException', `The job is ${job.status}.`);
        job.status = 'Stopping';
        return {};
      }
      case 'CreateThroughput': return this.create(input);
      case 'GetThroughput': return this.throughputOf(input.id);
      case 'DeleteThroughput': {
        const found = this.throughputOf(input.id);
        if (found.status === 'Creating' || found.status === 'Updating') throw new Refused(400, 'ConflictException', 'The provisioned model is not ready.');
        if (found.commitmentDuration && found.status !== 'Failed') throw new Refused(400, 'ValidationException', 'The commitment term has not ended.');
        this.throughputs.delete(found.provisionedModelArn);
        return {};
      }
      case 'ListTags': return { tags: this.throughputOf(input.resourceARN).tags };
      default: throw new Error(`no such operation: ${operation}`);
    }
  }

  private policiesOf(role: string): Set<string> {
    const policies = this.roles.get(role);
    if (!policies) throw new Refused(404, 'NoSuchEntity', `The role with name ${role} cannot be found.`);
    return policies;
  }

  /** With or without a version: `name:3`. */
  private parameter(asked: string): object {
    const [name, wanted] = asked.split(':');
    const newest = this.parameters.get(name);
    if (!newest) throw new Refused(400, 'ParameterNotFound', 'no such parameter');
    let found: StoredParameter | undefined = (this.staleReads && newest.before) || newest;
    if (wanted !== undefined) for (found = newest; found && found.version !== Number(wanted);) found = found.before;
    if (!found) throw new Refused(400, 'ParameterVersionNotFound', 'no such version');
    return { Name: name, Type: 'String', Value: found.value, Version: found.version };
  }

  private put({ Name, Value, Overwrite }: { Name: string; Value: string; Overwrite?: boolean }): object {
    if (Buffer.byteLength(Value) > 4096 || Value.includes('{{')) throw new Refused(400, 'ValidationException', 'Standard tier parameters support a maximum parameter value of 4096 characters.');
    if (this.parameters.has(Name) && !Overwrite) throw new Refused(400, 'ParameterAlreadyExists', 'it exists');
    const before = this.parameters.get(Name);
    const version = (before?.version ?? 0) + 1;
    this.parameters.set(Name, { value: Value, version, before });
    return { Version: version };
  }

  private jobOf(id: string): StoredJob {
    const job = this.jobs.get(id);
    if (!job) throw new Refused(404, 'ResourceNotFoundException', 'no such job');
    return job;
  }

  private throughputOf(arnOrName: string): StoredThroughput {
    const found = [...this.throughputs.values()].find((t) => t.provisionedModelArn === arnOrName || t.provisionedModelName === arnOrName);
    if (!found) throw new Refused(404, 'ResourceNotFoundException', 'The provided model identifier is not found.');
    return found;
  }

  private create(input: any): object {
    const repeated = this.tokens.get(input.clientRequestToken);
    if (repeated) return { provisionedModelArn: repeated };
    if (input.tags.length > 50) throw new Refused(400, 'TooManyTagsException', 'at most 50 tags');
    if (this.uniqueNames && [...this.throughputs.values()].some(({ provisionedModelName }) => provisionedModelName === input.provisionedModelName)) {
      throw new Refused(400, 'ConflictException', 'The name is in use.');
    }
    const { provisionedModelArn } = this.throughput(input.provisionedModelName, {
      modelArn: input.modelId,
      desiredModelArn: input.modelId,
      modelUnits: input.modelUnits,
      desiredModelUnits: input.modelUnits,
      status: 'Creating',
      commitmentDuration: input.commitmentDuration,
      tags: input.tags,
    });
    this.tokens.set(input.clientRequestToken, provisionedModelArn);
    return { provisionedModelArn };
  }
}

interface ParsedCall {
  readonly protocol: 'query' | 'json' | 'rest';
  readonly operation: string;
  readonly input: any;
}

const REST: { readonly [route: string]: string } = {
  'GET model-invocation-jobs': 'ListJobs',
  'GET model-invocation-job': 'GetJob',
  'POST model-invocation-job': 'StopJob',
  'POST provisioned-model-throughput': 'CreateThroughput',
  'GET provisioned-model-throughput': 'GetThroughput',
  'DELETE provisioned-model-throughput': 'DeleteThroughput',
  'POST listTagsForResource': 'ListTags',
};

function parse({ method, url, headers }: IncomingMessage, body: string): ParsedCall {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return { protocol: 'json', operation: target.split('.')[1], input: JSON.parse(body) };
  if (headers['content-type'] === 'application/x-www-form-urlencoded') {
    const { Action, Version, ...input } = Object.fromEntries(new URLSearchParams(body));
    return { protocol: 'query', operation: Action, input };
  }
  const { pathname, searchParams } = new URL(url!, 'http://localhost');
  const [, resource, id] = /^\/([a-zA-Z-]+)(?:\/(.+?))?(?:\/stop)?$/.exec(decodeURIComponent(pathname))!;
  return {
    protocol: 'rest',
    operation: REST[`${method} ${resource}`] ?? `${method} ${resource}`,
    input: { ...Object.fromEntries(searchParams), ...(body ? JSON.parse(body) : {}), ...(id === undefined ? {} : { id }) },
  };
}

function answer(response: ServerResponse, { protocol, operation }: ParsedCall, output: object): void {
  if (protocol === 'query') {
    return send(response, 200, 'text/xml', `<${operation}Response><${operation}Result>${xml(output)}</${operation}Result></${operation}Response>`);
  }
  send(response, operation === 'CreateThroughput' ? 201 : 200, protocol === 'json' ? 'application/x-amz-json-1.1' : 'application/json', JSON.stringify(output));
}

function refuse(response: ServerResponse, { protocol }: ParsedCall, { status, code, message }: Refused): void {
  if (protocol === 'query') return send(response, status, 'text/xml', `<ErrorResponse><Error><Type>Sender</Type>${xml({ Code: code, Message: message })}</Error></ErrorResponse>`);
  if (protocol === 'json') return send(response, status, 'application/x-amz-json-1.1', JSON.stringify({ __type: code, message }));
  response.setHeader('x-amzn-errortype', code);
  send(response, status, 'application/json', JSON.stringify({ message }));
}

function send(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, { 'content-type': contentType });
  response.end(body);
}

function xml(value: unknown): string {
  if (Array.isArray(value)) return value.map((item) => `<member>${xml(item)}</member>`).join('');
  if (typeof value === 'object') return Object.entries(value!).map(([key, item]) => `<${key}>${xml(item)}</${key}>`).join('');
  return String(value).replace(/&/g, '&amp;').replace(/</g, '&lt;');
}

/** One page, and the token of the next one. */
function paged<T>(all: readonly T[], token: string | undefined, size: number): [T[], string | undefined] {
  const start = Number(token ?? 0);
  return [all.slice(start, start + size), start + size < all.length ? String(start + size) : undefined];
}

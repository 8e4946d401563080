import { IncomingMessage, ServerResponse } from 'http';
import { LoopbackServer } from './loopback-server';

/** A throughput as AWS keeps it; field names as in the SDK's GetProvisionedModelThroughputResponse. */
export interface StoredThroughput {
  provisionedModelArn: string;
  provisionedModelName: string;
  modelArn: string;
  desiredModelArn: string;
  foundationModelArn: string;
  modelUnits: number;
  desiredModelUnits: number;
  status: 'Creating' | 'InService' | 'Updating' | 'Failed';
  failureMessage?: string;
  commitmentDuration?: 'OneMonth' | 'SixMonths';
  commitmentExpirationTime?: string;
  creationTime: string;
  lastModifiedTime: string;
  tags: { key: string; value: string }[];
}

export interface Call {
  readonly operation: string;
  readonly body: any;
}

/** Refuses the next call of an operation; `afterwards` does what was asked for first, as when a reply is lost. */
export interface Fault {
  readonly operation: string;
  readonly status: number;
  readonly error: string;
  readonly message: string;
  readonly afterwards?: boolean;
  readonly times?: number;
}

/**
 * The parts of Amazon Bedrock, Systems Manager, EventBridge Scheduler and SNS that provisioned throughput needs, over HTTP:
 * paths, bodies and errors as the SDK's own models have them (a client that parses them wrongly fails the tests).
 */
export class FakeBedrock extends LoopbackServer {
  public static async start(): Promise<FakeBedrock> {
    return new FakeBedrock().listen();
  }

  public readonly throughputs = new Map<string, StoredThroughput>();
  /** The values of SSM parameters. */
  public readonly parameters = new Map<string, string>();
  /** All that a parameter has been, oldest first: a test that sets a value begins anew. */
  private readonly versions = new Map<string, string[]>();
  /** Of EventBridge Scheduler, by name, as the SDK sends them. */
  public readonly schedules = new Map<string, any>();
  public readonly published: { readonly [field: string]: string }[] = [];
  public readonly calls: Call[] = [];
  public faults: Fault[] = [];
  private readonly tokens = new Map<string, string>();
  /** When parameters were written last. */
  private readonly written = new Map<string, number>();
  /** The time of the test. */
  public now: () => number = Date.now;

  public reset(): void {
    for (const store of [this.throughputs, this.tokens, this.parameters, this.versions, this.written, this.schedules]) store.clear();
    this.calls.length = 0;
    this.published.length = 0;
    this.faults = [];
  }

  public callsOf(operation: string): any[] {
    return this.calls.filter((call) => call.operation === operation).map(({ body }) => body);
  }

  public get only(): StoredThroughput {
    if (this.throughputs.size !== 1) throw new Error(`expected one throughput, there are ${this.throughputs.size}`);
    return [...this.throughputs.values()][0];
  }

  protected handle(request: IncomingMessage, content: Buffer, response: ServerResponse): void {
    const { operation, id, body } = callOf(request, content.toString());
    this.calls.push({ operation, body });

    const fault = this.faults.find((f) => f.operation === operation);
    if (fault) {
      const left = (fault.times ?? 1) - 1;
      this.faults = this.faults.flatMap((f) => (f !== fault ? [f] : left > 0 ? [{ ...f, times: left }] : []));
      if (fault.afterwards) this.perform(operation, id, body);
      return reply(response, fault.status, { message: fault.message }, fault.error);
    }
    const [status, json, error] = this.perform(operation, id, body);
    return reply(response, status, json, error);
  }

  private perform(operation: string, id: string, body: any): [number, object | string, string?] {
    switch (operation) {
      case 'Create': return this.create(body);
      case 'GetParameter': return this.getParameter(body.Name);
      case 'PutParameter': return this.putParameter(body);
      case 'CreateSchedule':
        if (this.schedules.has(id)) return [409, { Message: 'It exists.' }, 'ConflictException'];
        this.schedules.set(id, body);
        return [200, { ScheduleArn: `arn:aws:scheduler:us-east-1:111111111111:schedule/default/${id}` }];
      case 'UpdateSchedule': return this.schedules.set(id, body) && [200, { ScheduleArn: `arn:aws:scheduler:us-east-1:111111111111:schedule/default/${id}` }];
      case 'DeleteSchedule': return this.schedules.delete(id) ? [200, {}] : [404, { Message: 'Not found.' }, 'ResourceNotFoundException'];
      case 'Publish':
        this.published.push(body);
        return [200, '<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>'];
      default: return this.performOnThroughput(operation, id, body);
    }
  }

  /** With or without a version: `name:3`. */
  private getParameter(asked: string): [number, object, string?] {
    const [name, version] = asked.split(':');
    if (!this.parameters.has(name)) return [400, {}, 'ParameterNotFound'];
    const versions = this.versionsOf(name);
    const Version = version === undefined ? versions.length : Number(version);
    const Value = versions[Version - 1];
    const LastModifiedDate = (this.written.get(name) ?? this.now()) / 1000;
    return Value === undefined ? [400, {}, 'ParameterVersionNotFound'] : [200, { Parameter: { Name: name, Value, Version, LastModifiedDate } }];
  }

  /** As CloudFormation does for a deployment. */
  public write(Name: string, Value: string): void {
    this.putParameter({ Name, Value });
  }

  private putParameter({ Name, Value }: any): [number, object, string?] {
    if (Buffer.byteLength(Value) > 4096) return [400, { message: 'A standard parameter holds 4096 characters.' }, 'ValidationException'];
    const versions = this.parameters.has(Name) ? this.versionsOf(Name) : [];
    this.versions.set(Name, [...versions, Value]);
    this.parameters.set(Name, Value);
    this.written.set(Name, this.now());
    return [200, { Version: versions.length + 1 }];
  }

  private versionsOf(name: string): string[] {
    const value = this.parameters.get(name)!;
    const versions = this.versions.get(name) ?? [];
    return versions[versions.length - 1] === value ? versions : [value];
  }

  private performOnThroughput(operation: string, id: string, body: any): [number, object, string?] {
    const found = [...this.throughputs.values()].find((t) => t.provisionedModelArn === (id || body.resourceARN) || t.provisionedModelName === id);
    if (!found) return [404, { message: 'The provided model identifier is not found.' }, 'ResourceNotFoundException'];
    switch (operation) {
      case 'Get': return [200, found];
      case 'Update':
        if (body.desiredProvisionedModelName) found.provisionedModelName = body.desiredProvisionedModelName;
        if (body.desiredModelId) Object.assign(found, { desiredModelArn: body.desiredModelId, status: 'Updating' });
        return [200, {}];
      case 'Delete':
        if (found.status === 'Creating' || found.status === 'Updating') return [400, { message: 'The provisioned model is not ready.' }, 'ConflictException'];
        if (found.commitmentDuration && found.status !== 'Failed') return [400, { message: 'The commitment term has not ended.' }, 'ValidationException'];
        this.throughputs.delete(found.provisionedModelArn);
        return [200, {}];
      case 'ListTags': return [200, { tags: found.tags }];
      case 'Tag':
        found.tags = [...found.tags.filter(({ key }) => !body.tags.some((tag: any) => tag.key === key)), ...body.tags];
        return [200, {}];
      case 'Untag':
        found.tags = found.tags.filter(({ key }) => !body.tagKeys.includes(key));
        return [200, {}];
      default: throw new Error(`no such operation: ${operation}`);
    }
  }

  private create(body: any): [number, object, string?] {
    const repeated = this.tokens.get(body.clientRequestToken);
    if (repeated) return [201, { provisionedModelArn: repeated }];
    if ([...this.throughputs.values()].some((t) => t.provisionedModelName === body.provisionedModelName)) {
      return [400, { message: 'The name is in use.' }, 'ValidationException'];
    }
    const provisionedModelArn = `arn:aws:bedrock:us-east-1:111111111111:provisioned-model/${String(this.tokens.size + 1).padStart(12, '0')}`;
    const modelArn = body.modelId.startsWith('arn:') ? body.modelId : `arn:aws:bedrock:us-east-1::foundation-model/${body.modelId}`;
    this.tokens.set(body.clientRequestToken, provisionedModelArn);
    this.throughputs.set(provisionedModelArn, {
      provisionedModelArn,
      provisionedModelName: body.provisionedModelName,
      modelArn,
      desiredModelArn: modelArn,
      foundationModelArn: `arn:aws:bedrock:us-east-1::foundation-model/${modelArn.split('/')[1]}`,
      modelUnits: body.modelUnits,
      desiredModelUnits: body.modelUnits,
      status: 'Creating',
      commitmentDuration: body.commitmentDuration,
      ...(body.commitmentDuration ? { commitmentExpirationTime: '2026-12-24T00:00:00Z' } : {}),
      creationTime: '2026-11-24T00:00:00Z',
      lastModifiedTime: '2026-11-24T00:00:00Z',
      tags: body.tags ?? [],
    });
    return [201, { provisionedModelArn }];
  }
}

const REST: { readonly [route: string]: string } = {
  'POST provisioned-model-throughput': 'Create',
  'GET provisioned-model-throughput': 'Get',
  'PATCH provisioned-model-throughput': 'Update',
  'DELETE provisioned-model-throughput': 'Delete',
  'POST listTagsForResource': 'ListTags',
  'POST tagResource': 'Tag',
  'POST untagResource': 'Untag',
  'POST schedules': 'CreateSchedule',
  'PUT schedules': 'UpdateSchedule',
  'DELETE schedules': 'DeleteSchedule',
};

function callOf({ method, url, headers }: IncomingMessage, text: string): Call & { readonly id: string } {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return { operation: target.split('.')[1], id: '', body: JSON.parse(text) };
  if (headers['content-type'] === 'application/x-www-form-urlencoded') {
    const { Action, ...body } = Object.fromEntries(new URLSearchParams(text));
    return { operation: Action, id: '', body };
  }
  const { pathname } = new URL(url!, 'http://localhost');
  const [, resource, id = ''] = /^\/([a-zA-Z-]+)(?:\/(.+))?$/.exec(decodeURIComponent(pathname))!;
  return { operation: REST[`${method} ${resource}`] ?? `${method} ${resource}`, id, body: text.length > 0 ? JSON.parse(text) : {} };
}

function reply(response: ServerResponse, status: number, answer: object | string, error?: string): void {
  const isXml = typeof answer === 'string';
  response.writeHead(status, { 'content-type': isXml ? 'text/xml' : 'application/json', ...(error ? { 'x-amzn-errortype': error } : {}) });
  response.end(isXml ? answer : JSON.stringify({ ...answer, ...(error ? { __type: error } : {}) }));
}

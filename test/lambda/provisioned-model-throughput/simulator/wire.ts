import type { HttpRequest } from '@smithy/core/protocols';

/** On whose behalf a call is made. */
export interface Caller {
  /** The request of CloudFormation, or what else has started the function. */
  readonly request: string;
  readonly type: string;
  /** The run of the function, for the trace. */
  readonly run: number;
}

/** An error as AWS answers it. */
export class Refused extends Error {
  constructor(public readonly status: number, public readonly code: string, message: string) { super(message); }
}

/** A call as AWS reads it. */
export interface Call {
  readonly protocol: 'query' | 'json' | 'rest';
  readonly operation: string;
  readonly input: any;
}

export interface Reply {
  readonly statusCode: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: Uint8Array;
}

const REST: { readonly [route: string]: string } = {
  'POST provisioned-model-throughput': 'CreateThroughput',
  'GET provisioned-model-throughput': 'GetThroughput',
  'PATCH provisioned-model-throughput': 'UpdateThroughput',
  'DELETE provisioned-model-throughput': 'DeleteThroughput',
  'POST listTagsForResource': 'ListTags',
  'POST tagResource': 'Tag',
  'POST untagResource': 'Untag',
  'GET schedules': 'GetSchedule',
  'POST schedules': 'CreateSchedule',
  'PUT schedules': 'UpdateSchedule',
  'DELETE schedules': 'DeleteSchedule',
};

/** What the SDK has made of a command: protocols, paths and bodies of its own models. */
export function parse({ method, path, headers, body, query }: HttpRequest): Call {
  const text = body === undefined ? '' : typeof body === 'string' ? body : new TextDecoder().decode(body);
  const target = headers['x-amz-target'];
  if (target !== undefined) return { protocol: 'json', operation: target.split('.')[1], input: JSON.parse(text) };
  if (headers['content-type'] === 'application/x-www-form-urlencoded') {
    const { Action, Version, ...input } = Object.fromEntries(new URLSearchParams(text));
    return { protocol: 'query', operation: Action, input };
  }
  const [, resource, id] = /^\/([a-zA-Z-]+)(?:\/(.+))?$/.exec(decodeURIComponent(path))!;
  const route = `${method} ${resource}`;
  return { protocol: 'rest', operation: REST[route] ?? route, input: { ...query, ...(text ? JSON.parse(text) : {}), ...(id === undefined ? {} : { id }) } };
}

export function replyTo({ protocol, operation }: Call, output: object): Reply {
  if (protocol === 'query') return reply(200, 'text/xml', `<${operation}Response><${operation}Result>${xml(output)}</${operation}Result></${operation}Response>`);
  return reply(operation === 'CreateThroughput' ? 201 : 200, protocol === 'json' ? 'application/x-amz-json-1.1' : 'application/json', JSON.stringify(output));
}

export function refusalOf({ protocol }: Call, { status, code, message }: Refused): Reply {
  if (protocol === 'query') return reply(status, 'text/xml', `<ErrorResponse><Error><Type>Sender</Type>${xml({ Code: code, Message: message })}</Error></ErrorResponse>`);
  if (protocol === 'json') return reply(status, 'application/x-amz-json-1.1', JSON.stringify({ __type: code, message }));
  return reply(status, 'application/json', JSON.stringify({ message, Message: message }), { 'x-amzn-errortype': code });
}

function reply(statusCode: number, contentType: string, body: string, more: { [name: string]: string } = {}): Reply {
  return { statusCode, headers: { 'content-type': contentType, ...more }, body: new TextEncoder().encode(body) };
}

function xml(output: object): string {
  const escaped = (text: unknown) => String(text).replace(/&/g, '&amp;').replace(/</g, '&lt;');
  return Object.entries(output).map(([key, value]) => `<${key}>${escaped(value)}</${key}>`).join('');
}

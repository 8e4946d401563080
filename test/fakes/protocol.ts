import { Answer } from './http';
import { Refusal } from './refusal';
import { restRequest } from './sdk-model';

/** The parts of an HTTP request that name an operation and its input. */
export interface ApiRequest {
  readonly method: string;
  /** The path with the query. */
  readonly path: string;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  readonly body: string;
}

/** A call of AWS: the protocols, paths and bodies are those of the SDK's own models. */
export interface Call {
  readonly protocol: 'query' | 'json' | 'rest';
  readonly operation: string;
  readonly input: any;
  /** The HTTP status of a success. */
  readonly status: number;
}

/** Reads a request. Undefined for a REST operation of a service whose model is not available. */
export function parseCall({ method, path, headers, body }: ApiRequest): Call | undefined {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return { protocol: 'json', operation: target.split('.')[1], input: JSON.parse(body), status: 200 };
  if (headers['content-type'] === 'application/x-www-form-urlencoded') {
    const { Action, Version, ...input } = Object.fromEntries(new URLSearchParams(body));
    return { protocol: 'query', operation: Action, input, status: 200 };
  }
  const request = restRequest(method, path, body);
  return request && { protocol: 'rest', ...request };
}

export function answerTo({ protocol, operation, status }: Call, output: object): Answer {
  if (protocol === 'query') return answer(status, 'text/xml', `<${operation}Response><${operation}Result>${xml(output)}</${operation}Result></${operation}Response>`);
  return answer(status, CONTENT_TYPES[protocol], JSON.stringify(output));
}

/** The name of an error is in a header, in the body, or in both, by the protocol. */
export function answerOfRefusal({ protocol }: Pick<Call, 'protocol'>, { status, code, message }: Refusal): Answer {
  if (protocol === 'query') return answer(status, 'text/xml', `<ErrorResponse><Error><Type>Sender</Type>${xml({ Code: code, Message: message })}</Error></ErrorResponse>`);
  if (protocol === 'json') return answer(status, CONTENT_TYPES.json, JSON.stringify({ __type: code, message }));
  return answer(status, CONTENT_TYPES.rest, JSON.stringify({ message, Message: message }), { 'x-amzn-errortype': code });
}

const CONTENT_TYPES = { json: 'application/x-amz-json-1.1', rest: 'application/json' } as const;

function answer(status: number, contentType: string, body: string, headers: Answer['headers'] = {}): Answer {
  return { status, headers: { 'content-type': contentType, ...headers }, body: Buffer.from(body) };
}

function xml(value: unknown): string {
  if (Array.isArray(value)) return value.map((item) => `<member>${xml(item)}</member>`).join('');
  if (typeof value === 'object') return Object.entries(value!).map(([key, item]) => `<${key}>${xml(item)}</${key}>`).join('');
  return String(value).replace(/&/g, '&amp;').replace(/</g, '&lt;');
}

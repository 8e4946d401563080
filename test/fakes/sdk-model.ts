// The models of the services that AWS's own SDK carries: each client has the one that it was generated from.
import * as bedrock from '@aws-sdk/client-bedrock';
import * as scheduler from '@aws-sdk/client-scheduler';

const OPERATION = 9;
const STRUCTURE = 3;
const ERROR = -3;

type Model = { readonly [name: string]: unknown };

/** An operation of a service that uses a REST protocol. */
interface RestOperation {
  readonly name: string;
  readonly method: string;
  readonly pattern: RegExp;
  /** The names of the fields that are in the path, in their order. */
  readonly pathFields: readonly string[];
  /** The HTTP status of a success. */
  readonly status: number;
}

/** A request of a service that uses a REST protocol, as its model reads it. */
export interface RestRequest {
  readonly service: string;
  readonly operation: string;
  readonly input: any;
  readonly status: number;
}

const CLIENTS: { readonly [service: string]: Model } = { bedrock, scheduler };

const OPERATIONS = Object.fromEntries(Object.entries(CLIENTS).map(([service, client]) => [service, operationsOf(client)]));

/** The operation of a method and a path; undefined for a service that uses another protocol. */
export function restOperation(service: string, method: string, path: string): string | undefined {
  return matching(service, method, path.split('?')[0])?.name;
}

/** The operation and the fields of a request: those of its path, its query and its body. */
export function restRequest(method: string, path: string, body: string): RestRequest | undefined {
  const [plain, query] = path.split('?');
  for (const service of Object.keys(CLIENTS)) {
    const operation = matching(service, method, plain);
    if (!operation) continue;
    const values = operation.pattern.exec(plain)!.slice(1).map(decodeURIComponent);
    const inPath = Object.fromEntries(operation.pathFields.map((field, i) => [field, values[i]]));
    const input = { ...Object.fromEntries(new URLSearchParams(query)), ...(body === '' ? {} : JSON.parse(body)), ...inPath };
    return { service, operation: operation.name, input, status: operation.status };
  }
  return undefined;
}

/** The first part of the path finds an operation among hundreds: the simulators parse many requests. */
function matching(service: string, method: string, path: string): RestOperation | undefined {
  const candidates = OPERATIONS[service]?.get(`${method} ${path.split('/')[1]}`) ?? [];
  return candidates.find(({ pattern }) => pattern.test(path));
}

function operationsOf(client: Model): Map<string, RestOperation[]> {
  const operations = new Map<string, RestOperation[]>();
  for (const [, , name, { http: [method, uri, status] }] of schemas(client, OPERATION)) {
    const [path] = uri.split('?');
    const pathFields = [...path.matchAll(/\{([^}+]+)\+?\}/g)].map(([, field]) => field);
    const pattern = new RegExp(`^${path.replace(/\{[^}]+\}/g, '([^/]+)')}$`);
    const key = `${method} ${path.split('/')[1]}`;
    operations.set(key, [...operations.get(key) ?? [], { name, method, pattern, pathFields, status }]);
  }
  return operations;
}

/** The names of the fields of one of Bedrock's structures, in the order of the model. */
export function fieldsOf(structure: string): string[] {
  const fields = FIELDS.get(structure) ?? found(schemas(bedrock, STRUCTURE), structure)[4];
  FIELDS.set(structure, fields);
  return fields;
}

const FIELDS = new Map<string, string[]>();

/** The HTTP status that Bedrock's model gives an error. */
export function statusOf(error: string): number {
  return found(schemas(bedrock, ERROR), error)[3].httpError;
}

function found(all: any[][], wanted: string): any[] {
  const schema = all.find(([, , name]) => name === wanted);
  if (!schema) throw new Error(`the model of Bedrock has no ${wanted}`);
  return schema;
}

/** The schemas of one kind: arrays of the kind, the namespace, the name, the traits, and the members. */
function schemas(client: Model, kind: number): any[][] {
  return Object.values(client).filter((value): value is any[] => Array.isArray(value) && value[0] === kind && typeof value[2] === 'string');
}

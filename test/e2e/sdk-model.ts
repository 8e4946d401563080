// What AWS's own SDK knows of its services: each client carries the model that it was generated from.
import * as bedrock from '@aws-sdk/client-bedrock';
import * as scheduler from '@aws-sdk/client-scheduler';

const OPERATION = 9;
const STRUCTURE = 3;
const ERROR = -3;

type Model = { readonly [name: string]: unknown };

/** An operation of a service that speaks REST. */
export interface RestOperation {
  readonly name: string;
  readonly method: string;
  readonly pattern: RegExp;
}

const CLIENTS: { readonly [service: string]: Model } = { bedrock, scheduler };

const OPERATIONS = Object.fromEntries(Object.entries(CLIENTS).map(([service, client]) => [service, operationsOf(client)]));

/** The operation that a method and a path mean; none for a service that speaks another protocol. */
export function restOperation(service: string, method: string, path: string): string | undefined {
  const [plain] = path.split('?');
  return OPERATIONS[service]?.find((operation) => operation.method === method && operation.pattern.test(plain))?.name;
}

function operationsOf(client: Model): RestOperation[] {
  return schemas(client, OPERATION).map(([, , name, { http: [method, uri] }]) => ({
    name, method, pattern: new RegExp(`^${uri.split('?')[0].replace(/\{[^}]+\}/g, '[^/]+')}$`),
  }));
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

/** The schemas of one kind: arrays of the kind, the namespace, the name, the traits, and what they are made of. */
function schemas(client: Model, kind: number): any[][] {
  return Object.values(client).filter((value): value is any[] => Array.isArray(value) && value[0] === kind && typeof value[2] === 'string');
}

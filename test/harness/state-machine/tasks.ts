import { StateError } from './errors';
import { fieldsOf } from '../../fakes/sdk-model';

export interface Tasks {
  /** A function's answer to a payload. */
  lambda(functionArn: string, payload: any): Promise<unknown>;
  /** An operation of the Bedrock control plane, with its fields as the SDK names them; so is the answer. */
  bedrock(action: string, parameters: any): Promise<unknown>;
}

/** Calls the resource that a Task names. The result has passed through JSON, as in AWS: dates are texts, and no object is shared. */
export async function callResource(resource: string, parameters: any, tasks: Tasks): Promise<any> {
  const bedrock = bedrockAction(resource);
  if (bedrock) return pascal(plain(await callBedrock(bedrock, parameters, tasks)));
  if (isLambdaInvoke(resource)) return { ExecutedVersion: '$LATEST', Payload: await callLambda(parameters.FunctionName, parameters.Payload, tasks), StatusCode: 200 };
  return callLambda(resource, parameters, tasks);
}

export function isKnown(resource: string): boolean {
  return bedrockAction(resource) !== undefined || isLambdaInvoke(resource) || /^arn:[^:]+:lambda:[^:]*:[^:]*:function:/.test(resource);
}

/** Fields that the operation does not have. AWS refuses to create a state machine with them. */
export function unknownFields(resource: string, parameters: object): string[] {
  const action = bedrockAction(resource);
  if (!action) return [];
  const known = fieldsOf(`${capital(action)}Request`).map(capital);
  return Object.keys(parameters).filter((field) => !known.includes(field.replace(/\.\$$/, '')));
}

function bedrockAction(resource: string): string | undefined {
  return /^arn:[^:]+:states:::aws-sdk:bedrock:([a-z]\w+)$/.exec(resource)?.[1];
}

function isLambdaInvoke(resource: string): boolean {
  return /^arn:[^:]+:states:::lambda:invoke$/.test(resource);
}

async function callLambda(functionArn: string, payload: unknown, tasks: Tasks): Promise<unknown> {
  try {
    return plain(await tasks.lambda(functionArn, plain(payload ?? {}))) ?? null;
  } catch (thrown) {
    const { name, message } = asError(thrown);
    throw new StateError(name, JSON.stringify({ errorType: name, errorMessage: message, trace: [] }));
  }
}

async function callBedrock(action: string, parameters: object, tasks: Tasks): Promise<unknown> {
  try {
    return await tasks.bedrock(action, camel(plain(parameters))) ?? {};
  } catch (thrown) {
    const error = asError(thrown);
    // A refusal of test/fakes has its name as its code, an error of the SDK has it as its name.
    const name = 'code' in error ? `${error.code}` : error.name;
    throw new StateError(`Bedrock.${name}`, `${error.message} (Service: Bedrock, Status Code: 400, Request ID: 00000000-0000-0000-0000-000000000000)`);
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error || (typeof thrown === 'object' && thrown !== null && 'message' in thrown) ? thrown as Error : new Error(String(thrown));
}

function plain(value: unknown): any {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

/** Step Functions begins the names of all fields with a capital, Bedrock with a small letter. */
function pascal(value: unknown): unknown {
  return renamed(value, capital);
}

function capital(name: string): string {
  return name[0].toUpperCase() + name.slice(1);
}

function camel(value: unknown): unknown {
  return renamed(value, (name) => name[0].toLowerCase() + name.slice(1));
}

function renamed(value: unknown, rename: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => renamed(item, rename));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [rename(name), renamed(inner, rename)]));
}

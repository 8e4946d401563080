import { App, NestedStack, Stack, Stage, Validations } from 'aws-cdk-lib';
import { CfnApplicationInferenceProfile } from 'aws-cdk-lib/aws-bedrock';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { knownConstructs } from '../../src/estimates/constructs';
import { addEntry, beginSynthesis, CostEntry } from '../../src/estimates/registry';

const ids = (constructs: Iterable<{ readonly node: { readonly path: string } }>) => [...constructs].map(({ node }) => node.path);

function appWithStages() {
  const app = new App();
  const stack = new Stack(app, 'Top');
  const stage = new Stage(app, 'Stage');
  const inner = new Stack(stage, 'Inner');
  return { app, stack, stage, inner };
}

test('the lists are in the order of the tree', () => {
  const { app, stack, stage, inner } = appWithStages();
  const nested = new NestedStack(stack, 'Nested');
  new Topic(nested, 'InNested');
  new Topic(stack, 'First');
  new Topic(stack, 'Second');
  new CfnApplicationInferenceProfile(inner, 'Profile', { inferenceProfileName: 'name' });
  Validations.of(inner).acknowledge({ id: 'cdk-nag::AwsSolutions-IAM4', reason: 'checked' });
  const known = knownConstructs(inner);
  expect(ids(known.stages)).toEqual(['Stage']);
  expect(ids(known.stacks)).toEqual(['Top', 'Top/Nested', 'Stage/Inner']);
  expect(ids(known.profiles)).toEqual(['Stage/Inner/Profile']);
  expect(ids(known.acknowledged)).toEqual(['Stage/Inner']);
  // The resource that a nested stack is belongs to the stack around it.
  expect(ids(known.resources.get(stack)!)).toEqual([
    'Top/Nested.NestedStack/Nested.NestedStackResource', 'Top/First/Resource', 'Top/Second/Resource',
  ]);
  expect(ids(known.resources.get(nested)!)).toEqual(['Top/Nested/InNested/Resource']);
  expect(known.resources.get(inner)).toHaveLength(1);
  expect(knownConstructs(app).stacks).toEqual(knownConstructs(stage).stacks);
});

test('the walk is made each time before a synthesis, once in it, and again after a cost is added', () => {
  const { app, stack } = appWithStages();
  const resources = () => knownConstructs(app).resources.get(stack)?.length ?? 0;
  expect(resources()).toBe(0);
  new Topic(stack, 'Early');
  expect(resources()).toBe(1);

  beginSynthesis(app);
  expect(resources()).toBe(1);
  expect(knownConstructs(stack)).toBe(knownConstructs(app));

  new Topic(stack, 'Later');
  beginSynthesis(app);
  expect(resources()).toBe(2);

  new Topic(stack, 'Latest');
  addEntry({ construct: stack } as Partial<CostEntry> as CostEntry);
  expect(resources()).toBe(3);
});

import { allow, fn, NOVA, policy, resource, Resources, role, stack } from './templates';
import { coverageOf, PricedResource, reviewUsages, unpricedOf } from '../../src/unpriced/review';

const at = (path: string, { Type, Properties }: Resources[string]) => ({ Type, Properties, Metadata: { 'aws:cdk:path': path } });
const functionWith = (...statements: object[]): Resources => ({
  Role: at('App/Chat/Fn/ServiceRole/Resource', role('lambda.amazonaws.com')),
  Policy: at('App/Chat/Fn/ServiceRole/DefaultPolicy/Resource', policy(...statements)),
  Fn: at('App/Chat/Fn/Resource', fn()),
});
const FUNCTION = functionWith(allow('bedrock:InvokeModel'));
const NOVA_ARN = `arn:aws:bedrock:us-east-1::foundation-model/${NOVA}`;

/** A priced resource, on demand unless another billing mode is given. */
const onDemand = (path: string, model: string | null, type = 'on-demand'): PricedResource => ({ path, model, type });
const isPriced = (resources: Resources, ...priced: PricedResource[]) => reviewUsages([stack(resources)], priced).map((reviewed) => reviewed.priced);

describe('a price includes a use', () => {
  test.each([
    ['the construct', 'App/Chat/Fn', true],
    ['the resource', 'App/Chat/Fn/Resource', true],
    ['a construct above', 'App/Chat', true],
    ['an estimate below', 'App/Chat/Fn/Estimate', true],
    ['another construct', 'App/Chat/Other', false],
    ['a construct whose name begins alike', 'App/Chat/F', false],
    ['a construct whose name is longer', 'App/Chat/Fn2', false],
  ])('by its path: %s: %s', (_, path, expected) => {
    expect(isPriced(FUNCTION, onDemand(path, NOVA))).toEqual([expected]);
  });

  test('of an agent: the price of its caller does not', () => {
    const resources = {
      Agent: at('App/Agent', resource('AWS::Bedrock::Agent', { FoundationModel: NOVA })),
      ...functionWith(allow(['bedrock:InvokeModel', 'bedrock:InvokeAgent'])),
    };
    const reviewed = reviewUsages([stack(resources)], [onDemand('App/Chat/Fn', null)]);
    expect(reviewed.map(({ usage: { kind }, priced }) => [kind, priced])).toEqual([['agent', false], ['model-invocation', true]]);
  });

  test.each([
    ['in its stack', 'App/ChatTraffic', NOVA, true],
    ['in its scope', 'App/Chat/Traffic', `us.${NOVA}`, true],
    ['in another scope', 'App/Other/Traffic', NOVA, false],
    ['in another stack', 'Other/ChatTraffic', NOVA, false],
    ['of another model', 'App/ChatTraffic', 'amazon.nova-lite-v1:0', false],
    ['without a model', 'App/ChatTraffic', null, false],
  ])('by its model: an estimate without a construct, %s: %s', (_, path, model, expected) => {
    expect(isPriced(functionWith(allow('bedrock:InvokeModel', NOVA_ARN)), onDemand(path, model))).toEqual([expected]);
  });

  test.each(['batch', 'web-grounding', 'provisioned-throughput'])('by its model: not an estimate of another billing mode: %s', (type) => {
    expect(isPriced(functionWith(allow('bedrock:InvokeModel', NOVA_ARN)), onDemand('App/Nightly', NOVA, type))).toEqual([false]);
  });

  test('by its path: not another price of a stack in which a function has the id Resource', () => {
    const resources = { ...FUNCTION, Fn: at('App/Stack/Resource', fn()), Role: at('App/Stack/Role', FUNCTION.Role), Policy: at('App/Stack/Policy', FUNCTION.Policy) };
    const reviewed = reviewUsages([stack(resources, {}, { stack: 'App/Stack' })], [onDemand('App/Stack/Other', NOVA)]);
    expect(reviewed.map(({ priced }) => priced)).toEqual([false]);
  });

  test('by its models: all of them', () => {
    const both = functionWith(allow('bedrock:InvokeModel', [NOVA_ARN, NOVA_ARN.replace('pro', 'lite')]));
    const pro = onDemand('App/Pro', NOVA);
    expect(isPriced(both, pro)).toEqual([false]);
    expect(isPriced(both, pro, onDemand('App/Lite', 'us.amazon.nova-lite-v1:0'))).toEqual([true]);
  });

  test('by its model: not the price of another construct', () => {
    const resources = { ...functionWith(allow('bedrock:InvokeModel', NOVA_ARN)), Queue: at('App/Other/Resource', resource('AWS::SQS::Queue')) };
    expect(isPriced(resources, onDemand('App/Other', NOVA))).toEqual([false]);
  });

  test('by no model where the models of the use are unknown', () => {
    expect(isPriced(FUNCTION, onDemand('App/ChatTraffic', NOVA))).toEqual([false]);
  });
});

test('the coverage has each use once', () => {
  const resources = {
    ...FUNCTION,
    Guardrail: at('App/Guardrail', resource('AWS::Bedrock::Guardrail', {})),
    Prompt: at('App/Prompt', resource('AWS::Bedrock::Prompt', {})),
    Runtime: at('App/Runtime', resource('AWS::BedrockAgentCore::Runtime', {})),
  };
  const reviewed = reviewUsages([stack(resources)], [onDemand('App/Guardrail', null)]);
  expect(coverageOf(reviewed)).toEqual({ priced: 1, unpriced: 1, free: 1, notCovered: 1 });
  expect(unpricedOf(reviewed).map(({ path }) => path)).toEqual(['App/Chat/Fn/Resource']);
});

test.each([[undefined], [null], ['text'], [[]], [{ Resources: null }], [{ Resources: { A: null } }], [{ Resources: { A: { Metadata: 'x' } } }]])('a template %j has no use', (template) => {
  expect(reviewUsages([{ stack: 'App', template }], [onDemand('App/A', NOVA)])).toEqual([]);
});

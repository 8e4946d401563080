import { allow, fn, NOVA, policy, resource, Resources, role, stack } from './templates';
import { PricedPaths } from '../../src/unpriced/priced';
import { usagesOf } from '../../src/unpriced/usages';

const at = (path: string, { Type, Properties }: Resources[string]) => ({ Type, Properties, Metadata: { 'aws:cdk:path': path } });
const FUNCTION: Resources = {
  Role: at('App/Chat/Fn/ServiceRole/Resource', role('lambda.amazonaws.com')),
  Policy: at('App/Chat/Fn/ServiceRole/DefaultPolicy/Resource', policy(allow('bedrock:InvokeModel'))),
  Fn: at('App/Chat/Fn/Resource', fn()),
};

test.each([
  ['the construct', 'App/Chat/Fn', true],
  ['the resource', 'App/Chat/Fn/Resource', true],
  ['a construct above', 'App/Chat', true],
  ['an estimate below', 'App/Chat/Fn/Estimate', true],
  ['another construct', 'App/Chat/Other', false],
  ['a construct whose name begins alike', 'App/Chat/F', false],
  ['a construct whose name is longer', 'App/Chat/Fn2', false],
])('a price of %s: %s', (_, path, expected) => {
  const [usage] = usagesOf([stack(FUNCTION)]);
  expect(new PricedPaths([path]).has(usage)).toBe(expected);
});

test('the price of a caller is not the price of the agent that it calls', () => {
  const [agent, caller] = usagesOf([stack({
    Agent: at('App/Agent', resource('AWS::Bedrock::Agent', { FoundationModel: NOVA })),
    ...FUNCTION,
    Policy: at('App/Chat/Fn/ServiceRole/DefaultPolicy/Resource', policy(allow(['bedrock:InvokeModel', 'bedrock:InvokeAgent']))),
  })]);
  expect([agent, caller].map(({ kind }) => kind)).toEqual(['agent', 'model-invocation']);
  const priced = new PricedPaths(['App/Chat/Fn']);
  expect([priced.has(agent), priced.has(caller)]).toEqual([false, true]);
});

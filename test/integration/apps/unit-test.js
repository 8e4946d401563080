// A unit test as users write it, run without the CDK CLI.
const assert = require('assert');
const { readdirSync } = require('fs');
const { App, Stack } = require('aws-cdk-lib');
const { Template } = require('aws-cdk-lib/assertions');
const { ApplicationInferenceProfile, BedrockModel, CostBudget } = require('cdk-bedrock-cost');

const before = readdirSync('.').sort();
const build = (stack, limit) => {
  new ApplicationInferenceProfile(stack, 'Chat', { model: BedrockModel.of('us.anthropic.claude-sonnet-4-6'), usage: { requestsPerMonth: 100_000, inputTokensPerRequest: 2000 } });
  if (limit) new CostBudget(stack, 'Budget', { monthlyLimitUsd: limit });
  return stack;
};
const env = { region: 'us-west-2', account: '111122223333' };
Template.fromStack(build(new Stack(undefined, 'Bare', { env }))).resourceCountIs('AWS::Bedrock::ApplicationInferenceProfile', 1);
Template.fromStack(build(new Stack(new App(), 'InApp', { env }), 10_000)).resourceCountIs('AWS::Bedrock::ApplicationInferenceProfile', 1);
const twice = build(new Stack(new App(), 'Twice', { env }));
assert.deepStrictEqual(Template.fromStack(twice).toJSON(), Template.fromStack(twice).toJSON());
assert.throws(() => Template.fromStack(build(new Stack(new App(), 'Over', { env }), 100)), /\$660\.00 a month is \$560\.00 over the limit of \$100\.00/);
delete process.env.CDK_DEFAULT_REGION;
assert.throws(() => Template.fromStack(build(new Stack(new App(), 'NoRegion'), 10_000)), /NoRegion\/Budget cannot be checked.*set env\.region on the stack NoRegion/s);
for (const props of [{ env }, {}]) {
  const off = new App({ context: { 'cdk-bedrock-cost:enforcement': 'off' } });
  Template.fromStack(build(new Stack(off, 'Off', props), 100));
}
assert.deepStrictEqual(readdirSync('.').sort(), before);
console.log('one profile; a budget over its limit or without a region throws; nothing left behind');

// The three billing modes in one stack. CASE selects one mistake.
const { App, CfnParameter, Stack } = require('aws-cdk-lib');
const { Bucket } = require('aws-cdk-lib/aws-s3');
const { ApplicationInferenceProfile, BatchInference, BedrockModel, CommitmentDuration, CostBudget, ProvisionedModelThroughput } = require('cdk-bedrock-cost');

const { CASE = '', REGION = 'us-west-2' } = process.env;
const app = new App();
const stack = new Stack(app, 'Genai', REGION === 'none' ? {} : { env: { region: REGION } });
const when = (name, broken, right) => (CASE === name ? broken() : right);

if (CASE === 'no-bedrock') {
  new Bucket(stack, 'Bucket');
  app.synth();
  process.exit();
}
new ProvisionedModelThroughput(stack, 'Capacity', {
  model: BedrockModel.of('meta.llama3-1-70b-instruct-v1:0'),
  modelUnits: when('token-units', () => new CfnParameter(stack, 'Units', { type: 'Number' }).valueAsNumber, when('negative-units', () => -1, when('zero-units', () => 0, 2))),
  commitmentDuration: CASE.endsWith('-units') ? undefined : CommitmentDuration.ONE_MONTH,
  acknowledgeCommitmentUsd: when('unconfirmed', () => 30_922.79, CASE.endsWith('-units') ? undefined : 30_922.80),
});
const bucket = new Bucket(stack, 'Bucket');
new BatchInference(stack, 'Nightly', {
  model: BedrockModel.of('us.amazon.nova-pro-v1:0'),
  inputBucket: bucket,
  outputBucket: bucket,
  usage: { jobsPerMonth: 30, recordsPerJob: when('small-batch', () => 99, 1000), inputTokensPerRecord: when('negative-tokens', () => -10_000, 10_000), outputTokensPerRecord: 1000 },
});
new ApplicationInferenceProfile(stack, 'Chat', {
  model: BedrockModel.of(when('unknown-model', () => 'us.anthropic.claude-sonet-4-6', 'us.anthropic.claude-sonnet-4-6')),
  usage: { requestsPerMonth: 100_000, inputTokensPerRequest: 2000, outputTokensPerRequest: 500, cacheReadTokensPerRequest: 1000 },
});
new CostBudget(stack, 'Budget', { monthlyLimitUsd: when('zero-limit', () => 0, 50_000), emailAddresses: ['team@example.com'] });
app.synth();

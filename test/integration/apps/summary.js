// An app whose size and verdicts the environment chooses. Each profile has 100,000 requests of 2,000 tokens of Claude
// Sonnet 4.6 through `us.`, $660 a month. PER_STACK profiles in each of the STACKS; STAGES names nested stages with a
// stack of their own each, which PIPELINE deploys; LIMIT and ENFORCEMENT are of a budget in each stack. REQUESTS are those of
// each profile.
const { Annotations, App, Stack, Stage } = require('aws-cdk-lib');
const { Vpc } = require('aws-cdk-lib/aws-ec2');
const { ApplicationInferenceProfile, BedrockModel, BudgetEnforcement, CostBudget } = require('cdk-bedrock-cost');

const { PIPELINE, PER_STACK = '1', REQUESTS = '100000', STACKS = '1', STAGES = '', LIMIT, ENFORCEMENT, WARN, LOOKUP } = process.env;
const env = { region: 'us-west-2', account: '111122223333' };
const app = new App();

function fill(stack) {
  for (let i = 0; i < Number(PER_STACK); i++) {
    new ApplicationInferenceProfile(stack, `Chat${i}`, {
      model: BedrockModel.of('us.anthropic.claude-sonnet-4-6'), usage: { requestsPerMonth: Number(REQUESTS), inputTokensPerRequest: 2000 },
    });
  }
  if (LIMIT) {
    new CostBudget(stack, 'Budget', { monthlyLimitUsd: Number(LIMIT), enforcement: BudgetEnforcement[ENFORCEMENT], emailAddresses: ['team@example.com'] });
  }
  if (WARN) Annotations.of(stack).addWarningV2('mine', 'a warning of the app');
  if (LOOKUP) Vpc.fromLookup(stack, 'Vpc', { isDefault: true });
}
for (let i = 0; i < Number(STACKS); i++) fill(new Stack(app, `Stack${i}`, { env }));
const stages = STAGES.split(',').filter((stage) => stage !== '').map((name) => new Stage(app, name, { env }));
for (const stage of stages) fill(new Stack(stage, 'Inner'));
if (PIPELINE) {
  const { CodePipeline, CodePipelineSource, ShellStep } = require('aws-cdk-lib/pipelines');
  const { Bucket } = require('aws-cdk-lib/aws-s3');
  const stack = new Stack(app, 'Pipeline', { env });
  const input = CodePipelineSource.s3(Bucket.fromBucketName(stack, 'Source', 'source'), 'source.zip');
  const pipeline = new CodePipeline(stack, 'Pipeline', { synth: new ShellStep('Synth', { input, commands: ['npx cdk synth'] }) });
  // Synthesizes the stage, before the app is complete.
  for (const stage of stages) pipeline.addStage(stage);
}
app.synth();

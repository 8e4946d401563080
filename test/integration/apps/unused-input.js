// An app with a misspelt rate of its own, RIGHT without one. SHAPE: `flat`, `nested` (a stage beside a stack), `stages`
// (stages alone) or `pipeline`, whose stages are synthesized before the app is complete.
const { App, Stack, Stage } = require('aws-cdk-lib');
const { Bucket } = require('aws-cdk-lib/aws-s3');
const { CodePipeline, CodePipelineSource, ShellStep } = require('aws-cdk-lib/pipelines');
const { CostEstimates, PriceSettings, RateKind, RateUnit } = require('cdk-bedrock-cost');

const { SHAPE, RIGHT } = process.env;
const env = { region: 'us-west-2', account: '111122223333' };
const app = new App();
const [NOVA, LITE] = ['amazon.nova-pro-v1:0', RIGHT ? 'amazon.nova-lite-v1:0' : 'amazon.nova-ltie-v1:0'];
PriceSettings.of(app).configure({ rates: [NOVA, LITE].map((model) => ({ model, kind: RateKind.INPUT, unit: RateUnit.MILLION_TOKENS, usd: '0.05' })) });
const fill = (stack, model) => CostEstimates.of(stack).addOnDemand('Traffic', { model, requestsPerMonth: 1000, inputTokensPerRequest: 1000 });
const stage = (id, model) => {
  const made = new Stage(app, id, { env });
  fill(new Stack(made, 'Inner'), model);
  return made;
};

if (SHAPE === 'flat') {
  fill(new Stack(app, 'One', { env }), NOVA);
  fill(new Stack(app, 'Two', { env }), 'amazon.nova-lite-v1:0');
} else if (SHAPE === 'pipeline') {
  const stack = new Stack(app, 'Pipeline', { env });
  const input = CodePipelineSource.s3(Bucket.fromBucketName(stack, 'Source', 'source'), 'source.zip');
  const pipeline = new CodePipeline(stack, 'Pipeline', { synth: new ShellStep('Synth', { input, commands: ['npx cdk synth'] }) });
  pipeline.addStage(stage('One', NOVA));
  pipeline.addStage(stage('Two', 'amazon.nova-lite-v1:0'));
} else {
  stage('One', NOVA).synth();
  stage('Two', 'amazon.nova-lite-v1:0');
  if (SHAPE === 'nested') new Stack(app, 'Plain', { env });
}
app.synth();

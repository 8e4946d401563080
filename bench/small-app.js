// A small app in a process of its own: `node bench/small-app.js profile` has three L2s of aws-cdk-lib, a profile and, with `budget`, a
// budget besides. `none`: neither, and an empty plugin, since any plugin at all makes CDK read the templates.
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { App, Stack, Validations } = require('aws-cdk-lib');
const { Code, Function: LambdaFunction, Runtime } = require('aws-cdk-lib/aws-lambda');
const { Bucket } = require('aws-cdk-lib/aws-s3');
const { Queue } = require('aws-cdk-lib/aws-sqs');

const kind = process.argv[2];
const outdir = mkdtempSync(join(tmpdir(), 'bench-'));
const app = new App({ outdir });
const stack = new Stack(app, 'Stack', { env: { region: 'us-west-2' } });
new Queue(stack, 'Queue');
new Bucket(stack, 'Bucket');
new LambdaFunction(stack, 'Function', { runtime: Runtime.NODEJS_LATEST, handler: 'index.handler', code: Code.fromInline('exports.handler = () => {}') });

if (kind === 'none') {
  Validations.of(app).addPlugins({ name: 'empty', validate: () => ({ success: true, violations: [] }) });
} else {
  const { ApplicationInferenceProfile, BedrockModel, CostBudget } = require('../lib');
  const usage = { requestsPerMonth: 1_000, inputTokensPerRequest: 2_000, outputTokensPerRequest: 500 };
  new ApplicationInferenceProfile(stack, 'Profile', { model: BedrockModel.of('us.anthropic.claude-sonnet-4-6'), usage });
  if (kind === 'budget') new CostBudget(stack, 'Budget', { monthlyLimitUsd: 1e6, emailAddresses: ['finops@example.com'] });
}
app.synth();
rmSync(outdir, { recursive: true });

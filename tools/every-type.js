// An app that makes every resource type of this library, in the region of its argument: `node every-type.js eu-north-1 OUT`.
// Profiles are left out where CloudFormation lacks them: synth warns, and a user leaves them out, too.
const { App, Duration, Stack, aws_iam: iam, aws_s3: s3, aws_scheduler: scheduler } = require('aws-cdk-lib');
const library = require('../lib');

const { ApplicationInferenceProfile, BatchInference, BatchInput, BedrockModel, CommitmentDuration, CostBudget, ProvisionedModelThroughput, StopAction } = library;
const [region, outdir] = process.argv.slice(2);
const lacking = require('../lib/estimates/resource-types').MISSING_TYPES['AWS::Bedrock::ApplicationInferenceProfile'];

const app = new App({ outdir, context: { 'cdk-bedrock-cost:summary': 'off' } });
const stack = new Stack(app, 'Everything', { env: { region, account: '111122223333' } });
const budget = new CostBudget(stack, 'Budget', {
  monthlyLimitUsd: 1e6, quarterlyLimitUsd: 3e6, yearlyLimitUsd: 12e6, anomalyThresholdUsd: 100, emailAddresses: ['team@example.com'], enforcement: 'WARN', onMissingPrice: 'IGNORE',
});
const caller = new iam.Role(stack, 'Caller', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
const model = BedrockModel.of('amazon.nova-pro-v1:0');
model.grantInvoke(caller);
const usage = { requestsPerMonth: 1_000, inputTokensPerRequest: 1_000 };
if (!lacking.includes(region)) {
  // Two groups of metrics, which takes a composite alarm.
  for (let i = 0; i < 3; i++) new ApplicationInferenceProfile(stack, `Chat${i}`, { model, usage }).grantInvoke(caller);
}
const price = { hourlyPricePerModelUnitUsd: 10 };
const capacity = BedrockModel.of('amazon.nova-pro-v1:0:24k');
new ProvisionedModelThroughput(stack, 'ByTheHour', { model: capacity, modelUnits: 1, ...price });
new ProvisionedModelThroughput(stack, 'Committed', { model: capacity, modelUnits: 1, commitmentDuration: CommitmentDuration.ONE_MONTH, acknowledgeCommitmentUsd: 10_000, ...price });
const bucket = new s3.Bucket(stack, 'Bucket', { eventBridgeEnabled: true });
new BatchInference(stack, 'Nightly', {
  model, inputBucket: bucket, outputBucket: bucket, input: BatchInput.prefix('in'), outputPrefix: 'out', startOnArrival: true,
  schedule: scheduler.ScheduleExpression.rate(Duration.days(1)), usage: { jobsPerMonth: 30, recordsPerJob: 1_000, inputTokensPerRecord: 100 },
});
for (const action of [StopAction.denyInvocations(), StopAction.stopBatchJobs(), StopAction.deleteUncommittedThroughput()]) budget.addStopAction(action);
budget.addDashboard();
app.synth();

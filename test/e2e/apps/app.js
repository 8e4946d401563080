// The app of the end-to-end test (test/e2e/main.ts). It is plain JavaScript, and runs in a separate folder with the packed library in its
// node_modules, like an app of a user.
const { App, Stack, Tags, RemovalPolicy } = require('aws-cdk-lib');
const { Role, ServicePrincipal } = require('aws-cdk-lib/aws-iam');
const { Bucket } = require('aws-cdk-lib/aws-s3');
const { BatchInference, BedrockModel, CostBudget, CostEstimates, ProvisionedModelThroughput, StopAction } = require('cdk-bedrock-cost');

const app = new App();
const changed = app.node.tryGetContext('changed') === 'true';
const stack = new Stack(app, 'EndToEnd', { env: { region: 'us-west-2' } });

// Throughput without a commitment can be deleted at any time: the only purchase that `cdk destroy` must delete.
const capacity = new ProvisionedModelThroughput(stack, 'Capacity', {
  model: BedrockModel.of('amazon.nova-pro-v1:0:24k'),
  modelUnits: 1,
  hourlyPricePerModelUnitUsd: 10,
  provisionedModelName: changed ? 'renamed' : 'first-name',
  removalPolicy: RemovalPolicy.DESTROY,
});
Tags.of(capacity).add('team', changed ? 'search' : 'chat');
if (!changed) Tags.of(capacity).add('temporary', 'yes');

const bucket = (id) => new Bucket(stack, id, { enforceSSL: true, removalPolicy: RemovalPolicy.DESTROY });
new BatchInference(stack, 'Batch', {
  model: BedrockModel.of('us.amazon.nova-pro-v1:0'),
  inputBucket: bucket('Input'),
  outputBucket: bucket('Output'),
  usage: { jobsPerMonth: 1, recordsPerJob: 100, inputTokensPerRecord: 1_000, outputTokensPerRecord: 100 },
});

// Called directly: CloudWatch counts it by the id of the model.
CostEstimates.of(stack).addOnDemand('Traffic', { model: 'us.amazon.nova-pro-v1:0', requestsPerMonth: 1_000, inputTokensPerRequest: 1_000, outputTokensPerRequest: 100 });

const caller = new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
capacity.grantInvoke(caller);
const budget = new CostBudget(stack, 'Budget', { monthlyLimitUsd: 10_000, emailAddresses: ['team@example.com'] });
budget.addStopAction(StopAction.denyInvocations());
budget.addStopAction(StopAction.stopBatchJobs());
budget.addStopAction(StopAction.deleteUncommittedThroughput());
budget.addDashboard();

app.synth();

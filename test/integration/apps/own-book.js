// A model that only a book of the AWS Price List holds.
const { App, Stack } = require('aws-cdk-lib');
const { Bucket } = require('aws-cdk-lib/aws-s3');
const {
  ApplicationInferenceProfile, BatchInference, BedrockModel, CommitmentDuration, CostBudget, CostEstimates, ProvisionedModelThroughput,
} = require('cdk-bedrock-cost');

const app = new App();
const stack = new Stack(app, 'New', { env: { region: 'us-east-1' } });
const id = 'newprovider.new-model-v1:0';
const requests = { requestsPerMonth: 1000, inputTokensPerRequest: 1000, outputTokensPerRequest: 500 };
new ApplicationInferenceProfile(stack, 'Chat', { model: BedrockModel.of(`us.${id}`), usage: requests });
new BatchInference(stack, 'Nightly', {
  model: BedrockModel.of(id),
  inputBucket: new Bucket(stack, 'Input'),
  outputBucket: new Bucket(stack, 'Output'),
  usage: { jobsPerMonth: 30, recordsPerJob: 1000, inputTokensPerRecord: 1000, outputTokensPerRecord: 100 },
});
new ProvisionedModelThroughput(stack, 'Capacity', {
  model: BedrockModel.of(id), modelUnits: 1, commitmentDuration: CommitmentDuration.ONE_MONTH, acknowledgeCommitmentUsd: 14_600,
});
CostEstimates.of(stack).addOnDemand('Direct', { model: id, ...requests });
new CostBudget(stack, 'Budget', { monthlyLimitUsd: 20_000, emailAddresses: ['team@example.com'] });
app.synth();

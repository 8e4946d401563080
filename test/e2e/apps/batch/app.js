// The app of the end-to-end test of batch inference (test/e2e/batch-inference.ts), with quotas so small that a few records make several
// jobs, and a cost limit that a few long records exceed.
const { App, Duration, RemovalPolicy, Size, Stack } = require('aws-cdk-lib');
const { Bucket } = require('aws-cdk-lib/aws-s3');
const { BatchInference, BatchInput, BatchPrompts, BedrockModel, SmallRuns } = require('cdk-bedrock-cost');

const app = new App();
const stack = new Stack(app, 'Batch', { env: { region: 'us-west-2' } });
const bucket = (id, bucketName) => new Bucket(stack, id, { bucketName, enforceSSL: true, removalPolicy: RemovalPolicy.DESTROY });
const output = bucket('Output', 'e2e-batch-output');

new BatchInference(stack, 'Nightly', {
  model: BedrockModel.of('us.amazon.nova-pro-v1:0'),
  inputBucket: bucket('Input', 'e2e-batch-input'),
  input: BatchInput.prefix('in/'),
  outputBucket: output,
  outputPrefix: 'out/',
  usage: { jobsPerMonth: 30, recordsPerJob: 50, inputTokensPerRecord: 1_000, outputTokensPerRecord: 100 },
  quotas: {
    minimumRecordsPerJob: 4, recordsPerJob: 20, recordsPerFile: 10, jobSize: Size.bytes(2_000_000), fileSize: Size.bytes(1_000_000), concurrentJobs: 2,
  },
  smallRuns: SmallRuns.ON_DEMAND,
  maxAttempts: 2,
  maxCostPerRunUsd: 0.05,
  toleratedFailurePercentage: 10,
  pollInterval: Duration.seconds(60),
});

// Each CSV file that arrives starts a run.
new BatchInference(stack, 'Arrivals', {
  model: BedrockModel.of('us.amazon.nova-pro-v1:0'),
  inputBucket: bucket('Questions', 'e2e-batch-questions'),
  input: BatchInput.prefix('questions/'),
  outputBucket: output,
  outputPrefix: 'answers/',
  startOnArrival: true,
  prompts: BatchPrompts.csv({ maxTokens: 200 }),
  usage: { jobsPerMonth: 30, recordsPerJob: 50, inputTokensPerRecord: 1_000, outputTokensPerRecord: 100 },
  quotas: { minimumRecordsPerJob: 4 },
  pollInterval: Duration.seconds(60),
});

app.synth();

import { Duration, Lazy, Size, Token } from 'aws-cdk-lib';
import { batch, usage } from './batch';
import { BatchPrompts } from '../../../src/inference/batch/prompts';
import { BedrockModel } from '../../../src/inference/bedrock-model';
import { ProvisionedModelThroughput } from '../../../src/inference/provisioned/provisioned-model-throughput';
import { refusals, stackIn } from '../synth';

test.each([
  ['a maximum cost of 0', { maxCostPerRunUsd: 0 }, 'maxCostPerRunUsd must be a number above 0, got 0.'],
  ['no attempt', { maxAttempts: 0 }, 'maxAttempts must be a whole number from 1 to 9, got 0.'],
  ['more attempts than names can contain', { maxAttempts: 10 }, 'maxAttempts must be a whole number from 1 to 9, got 10.'],
  ['a quota of 0', { quotas: { recordsPerJob: 0 } }, 'quotas.recordsPerJob must be a whole number of 1 or more, got 0.'],
  ['half a job', { quotas: { concurrentJobs: 0.5 } }, 'quotas.concurrentJobs must be a whole number of 1 or more, got 0.5.'],
  ['a job of 0 bytes', { quotas: { jobSize: Size.bytes(0) } }, 'quotas.jobSize must be a Size of 1 byte or more, got 0.'],
  ['a file of a part of a byte', { quotas: { fileSize: Size.kibibytes(0.0009) } }, 'quotas.fileSize must be a Size of 1 byte or more, got 0.'],
  ['a size that is not a number', { quotas: { jobSize: Size.gibibytes(NaN) } }, 'quotas.jobSize must be a Size of 1 byte or more, got NaN.'],
  ['an infinite size', { quotas: { jobSize: Size.gibibytes(Infinity) } }, 'quotas.jobSize must be a Size of 1 byte or more, got Infinity.'],
  ['a size of a token', { quotas: { jobSize: Size.gibibytes(Token.asNumber({ Ref: 'Size' })) } }, 'quotas.jobSize must be known at synthesis, got a token. Use a Size without a token, such as Size.gibibytes(5).'],
  ['bytes of a token', { quotas: { fileSize: Size.bytes(Lazy.number({ produce: () => 5 })) } }, 'quotas.fileSize must be known at synthesis, got a token. Use a Size without a token, such as Size.gibibytes(5).'],
  ['a quota below the minimum', { quotas: { recordsPerJob: 99 } }, 'quotas.recordsPerJob must be at least quotas.minimumRecordsPerJob, 100, got 99.'],
  ['a minimum above the quota', { quotas: { minimumRecordsPerJob: 50_001 } }, 'quotas.recordsPerJob must be at least quotas.minimumRecordsPerJob, 50001, got 50000.'],
  ['a factor of 1', { costAlarmFactor: 1 }, 'costAlarmFactor must be a number above 1, got 1.'],
  ['a tolerance above 100 %', { toleratedFailurePercentage: 101 }, 'toleratedFailurePercentage must be a number from 0 to 100, got 101.'],
  ['a limit with an unknown price', { model: BedrockModel.of('example.unknown-v1:0'), maxCostPerRunUsd: 5 }, 'maxCostPerRunUsd requires the batch price of the model, which is unknown. Set env.region on the stack, or give a rate of your own.'],
  ['a limit without output tokens', { usage: { ...usage, outputTokensPerRecord: undefined }, maxCostPerRunUsd: 5 }, 'maxCostPerRunUsd requires usage.outputTokensPerRecord, from which the cost of the output is estimated. Set usage.outputTokensPerRecord.'],
  ['prompts for a model with an unknown format', { model: BedrockModel.of('example.unknown-v1:0'), prompts: BatchPrompts.jsonl({ maxTokens: 10 }) }, 'prompts requires a model whose request format is known, got "example.unknown-v1:0". Set modelInvocationType to ModelInvocationType.CONVERSE, or use records as the input.'],
  ['prompts without output tokens', { prompts: BatchPrompts.jsonl({ maxTokens: 0 }) }, 'prompts.maxTokens must be a whole number of 1 or more, got 0.'],
  ['a timeout under 24 hours', { timeout: Duration.hours(23) }, 'timeout must be a Duration of whole hours from 24 to 168 (1440 to 10080 minutes), got 1380.'],
  ['a timeout over 168 hours', { timeout: Duration.hours(169) }, 'timeout must be a Duration of whole hours from 24 to 168 (1440 to 10080 minutes), got 10140.'],
  ['a timeout that is not in whole hours', { timeout: Duration.minutes(24 * 60 + 1) }, 'timeout must be a Duration of whole hours from 24 to 168 (1440 to 10080 minutes), got 1441.'],
  ['a poll every 9 seconds', { pollInterval: Duration.seconds(9) }, 'pollInterval must be a Duration of whole seconds, 10 or more, got 9.'],
  ['a poll every 1.5 seconds', { pollInterval: Duration.millis(1500) }, 'pollInterval must be a Duration of whole seconds, 10 or more, got 1.5.'],
  ['a poll every 10.5 seconds', { pollInterval: Duration.millis(10_500) }, 'pollInterval must be a Duration of whole seconds, 10 or more, got 10.5.'],
  // Step Functions ends an execution at 25,000 events: 24 h, and 20 h before them, / 59 s = 2,685 polls x 9 = 24,165
  ['more polls than the history of an execution can contain', { pollInterval: Duration.seconds(59) }, 'pollInterval must be a Duration of 60 seconds or more with this timeout (default: 24 hours), got 59. Step Functions ends an execution at 25,000 events, and each poll makes 9: raise pollInterval or shorten timeout.'],
  // 676,800 s / 253 s = 2,675.1: 2,676 polls x 9 = 24,084
  ['too many polls with a timeout of a week', { pollInterval: Duration.seconds(253), timeout: Duration.days(7) }, 'pollInterval must be a Duration of 254 seconds or more with this timeout (default: 24 hours), got 253. Step Functions ends an execution at 25,000 events, and each poll makes 9: raise pollInterval or shorten timeout.'],
  ['a minimum of no records', { quotas: { minimumRecordsPerJob: 0 } }, 'quotas.minimumRecordsPerJob must be a whole number of 1 or more, got 0.'],
  ['a minimum of a part of a record', { quotas: { minimumRecordsPerJob: 1.5 } }, 'quotas.minimumRecordsPerJob must be a whole number of 1 or more, got 1.5.'],
  ['negative usage', { usage: { ...usage, recordsPerJob: -1 } }, 'usage.recordsPerJob must be a number of 0 or more, got -1.'],
  ['provisioned throughput', {
    model: BedrockModel.fromInvokableAttributes({ invokableArn: 'arn:aws:bedrock:us-east-1:111111111111:provisioned-model/abcdefghijkl', pricingModelId: 'amazon.nova-pro-v1:0' }),
  }, 'model must be a model or an inference profile, got "arn:aws:bedrock:us-east-1:111111111111:provisioned-model/abcdefghijkl". Batch inference does not run on provisioned throughput.'],
])('fails for %s', (_, props, found) => {
  expect(refusals(batch(props).stack)).toEqual([expect.stringContaining(`[Stack/Nightly] bedrock-cost-invalid-input: ${found}`)]);
});

describe('the folder of the results', () => {
  const ALLOWED = 'folders of letters, digits and -!_\'(). with a slash between them, 800 characters at most, none of them . or .., such as "out/"';
  const refused = (outputPrefix: string) => refusals(batch({ outputPrefix }).stack);

  // Amazon Bedrock's own pattern of an S3 URI (shape S3Uri of botocore 1.43.11), without the wildcard of IAM.
  test.each(['/out', 's3://results/out', 'out//a', 'out/..', 'my results', 'a*', 'größe', 'a'.repeat(800)])('fails as %j', (outputPrefix) => {
    expect(refused(outputPrefix)).toEqual([expect.stringContaining(`outputPrefix must be ${ALLOWED}, got `)]);
  });

  test('fails for a character that Amazon Bedrock does not accept before or after a token', () => {
    const token = Token.asString({ Ref: 'Folder' });
    expect([`a b${token}`, `${token}/a b`].map(refused)).toEqual([1, 1].map(() => [expect.stringContaining(`outputPrefix must be ${ALLOWED}`)]));
  });

  test.each(['', "a-b!c_d'e(f).g/h.i/", '...', 'a'.repeat(799), Token.asString({ Ref: 'Folder' }), `out/${Token.asString({ Ref: 'Folder' })}`])('can be %j', (outputPrefix) => {
    expect(refused(outputPrefix)).toEqual([]);
  });
});

// 158,400 s / 60 s = 2,640 polls x 9 = 23,760; 676,800 s / 254 s = 2,664.6: 2,665 polls x 9 = 23,985

test.each([[60, 24], [254, 168]])('a poll every %d seconds is allowed with a timeout of %d hours', (seconds, hours) => {
  expect(refusals(batch({ pollInterval: Duration.seconds(seconds), timeout: Duration.hours(hours) }).stack)).toEqual([]);
});

test('a poll interval that is known only at deployment passes', () => {
  const stack = stackIn();
  const seconds = Lazy.number({ produce: () => 60 });
  batch({ pollInterval: Duration.seconds(seconds) }, stack);
  expect(refusals(stack)).toEqual([]);
});

test('fails for provisioned throughput of this app, whose ARN is known only at deployment', () => {
  const stack = stackIn();
  const capacity = new ProvisionedModelThroughput(stack, 'Capacity', { model: BedrockModel.of('amazon.nova-pro-v1:0:24k'), modelUnits: 1 });
  batch({ model: BedrockModel.fromInvokable(capacity, 'amazon.nova-pro-v1:0') }, stack);
  expect(refusals(stack)).toEqual([expect.stringContaining('model must be a model or an inference profile, got "provisioned throughput of amazon.nova-pro-v1:0". Batch inference does not run on provisioned throughput.')]);
});

test.each([[24], [168]])('a timeout of %d hours is allowed', (hours) => {
  expect(refusals(batch({ timeout: Duration.hours(hours) }).stack)).toEqual([]);
});

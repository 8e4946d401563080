import { App, Stack, TimeZone } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { CostBudget } from '../../src/budgets/cost-budget';
import { ApplicationInferenceProfile } from '../../src/inference/application-inference-profile';
import { BatchInference } from '../../src/inference/batch/batch-inference';
import { BedrockModel } from '../../src/inference/bedrock-model';
import { ProvisionedModelThroughput } from '../../src/inference/provisioned/provisioned-model-throughput';
import { ScheduledModelThroughput } from '../../src/inference/provisioned/scheduled-model-throughput';
import { CommitmentDuration } from '../../src/pricing/price-book/rate';
import { CostEstimates } from '../../src/registration/cost-estimates';
import { refusals } from '../inference/synth';

const LLAMA = BedrockModel.of('meta.llama3-1-70b-instruct-v1:0');
const REQUESTS = { requestsPerMonth: 1_000, inputTokensPerRequest: 1_000 };

/** Everything of this library that looks up a price, hours or the usage file. */
const CONSTRUCTS: { readonly [name: string]: (stack: Stack) => void } = {
  'an estimate': (stack) => { CostEstimates.of(stack).addOnDemand('Traffic', { model: LLAMA.modelId, ...REQUESTS }); },
  'a profile': (stack) => { new ApplicationInferenceProfile(stack, 'Chat', { model: LLAMA, usage: REQUESTS }); },
  'a budget': (stack) => { new CostBudget(stack, 'Budget', { monthlyLimitUsd: 100 }); },
  'model units by the hour': (stack) => { new ProvisionedModelThroughput(stack, 'Units', { model: LLAMA, modelUnits: 1 }); },
  'model units with a commitment': (stack) => { new ProvisionedModelThroughput(stack, 'Units', { model: LLAMA, modelUnits: 1, commitmentDuration: CommitmentDuration.ONE_MONTH }); },
  'model units with a price of their own': (stack) => { new ProvisionedModelThroughput(stack, 'Units', { model: LLAMA, modelUnits: 1, hourlyPricePerModelUnitUsd: 20 }); },
  'model units with usage': (stack) => { new ProvisionedModelThroughput(stack, 'Units', { model: LLAMA, modelUnits: 1, usage: REQUESTS, tokensPerMinutePerModelUnit: 1_000 }); },
  'model units in business hours': (stack) => {
    const schedule = { start: '08:00', end: '18:00', timeZone: TimeZone.EUROPE_BERLIN, outsideHours: BedrockModel.of('us.meta.llama3-1-70b-instruct-v1:0') };
    new ScheduledModelThroughput(stack, 'Units', { model: LLAMA, modelUnits: 1, schedule });
  },
  'a scheduled batch': (stack) => {
    const bucket = new Bucket(stack, 'Bucket');
    const usage = { recordsPerJob: 1_000, inputTokensPerRecord: 1_000 };
    new BatchInference(stack, 'Nightly', { model: LLAMA, inputBucket: bucket, outputBucket: bucket, usage, schedule: ScheduleExpression.expression('rate(1 day)') });
  },
};

const WRONG: readonly [key: string, value: unknown][] = [
  ['priceBook', 'none.yaml'], ['priceBook', 7], ['usage', 'none.yaml'], ['usage', 7], ['hoursPerMonth', 'many'], ['today', 'tomorrow'], ['allowDerivedRates', 'perhaps'],
  ['maxPriceAgeDays', -1], ['severity', 'loud'], ['region', 'x'], ['enabled', 'maybe'], ['dryRun', 'maybe'], ['details', 'maybe'], ['summary', 'on'], ['enforcement', 'on'],
];

test.each(Object.keys(CONSTRUCTS).flatMap((name) => WRONG.map(([key, value]) => [name, key, value] as const)))('%s with the setting %s = %j is refused at synth', (name, key, value) => {
  const app = new App({ context: { [`cdk-bedrock-cost:${key}`]: value } });
  const stack = new Stack(app, 'Stack', { env: { region: 'us-west-2', account: '111122223333' } });
  CONSTRUCTS[name](stack);
  expect(refusals(stack)).toContainEqual(expect.stringMatching(new RegExp(`bedrock-cost-invalid-input: (context 'cdk-bedrock-cost:${key}'|none\\.yaml: cannot be read)`)));
  expect(() => app.synth()).toThrow(/^Validation failed with the following errors:/);
});

import { App, Duration, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { roleIn } from './synth';
import { CostBudget } from '../../src/budgets/cost-budget';
import { StopAction } from '../../src/budgets/stop-actions/stop-action';
import { ApplicationInferenceProfile } from '../../src/inference/application-inference-profile';
import { BatchInference } from '../../src/inference/batch/batch-inference';
import { BatchInput } from '../../src/inference/batch/input';
import { BedrockModel } from '../../src/inference/bedrock-model';
import { ProvisionedModelThroughput } from '../../src/inference/provisioned/provisioned-model-throughput';

/** One stack with every construct, each with a grant, and a budget with every action. */
export function appWithEverything(env?: { account: string; region: string }): App {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env });
  const model = BedrockModel.of('us.amazon.nova-pro-v1:0');
  const caller = roleIn(stack);
  const chat = new ApplicationInferenceProfile(stack, 'Chat', { model, usage: { requestsPerMonth: 1, inputTokensPerRequest: 1 } });
  const capacity = new ProvisionedModelThroughput(stack, 'Capacity', { model: BedrockModel.of('amazon.nova-pro-v1:0:24k'), modelUnits: 1, hourlyPricePerModelUnitUsd: 10 });
  const bucket = new Bucket(stack, 'Bucket', { enforceSSL: true, serverAccessLogsPrefix: 'log/', encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }) });
  const batch = new BatchInference(stack, 'Nightly', {
    model,
    inputBucket: bucket,
    outputBucket: bucket,
    input: BatchInput.prefix('in'),
    outputPrefix: 'out',
    schedule: ScheduleExpression.rate(Duration.days(1)),
    usage: { jobsPerMonth: 30, recordsPerJob: 100, inputTokensPerRecord: 1 },
  });
  for (const granted of [chat, capacity, model, BedrockModel.of('global.anthropic.claude-sonnet-4-6')]) granted.grantInvoke(caller);
  batch.grantStart(caller);
  // After everything else, so that its parts come into being at once; in the app of one stack without an environment, too.
  const props = { monthlyLimitUsd: 1e6, emailAddresses: ['team@example.com'], quarterlyLimitUsd: 3e6, anomalyThresholdUsd: 100 };
  const budget = new CostBudget(stack, 'Budget', props);
  const actions = [StopAction.denyInvocations(), StopAction.stopBatchJobs(), StopAction.deleteUncommittedThroughput()];
  actions.forEach((action) => budget.addStopAction(action));
  budget.addDashboard();
  return app;
}

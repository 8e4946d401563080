import { App, CfnOutput, RemovalPolicy, Stack, StackProps } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import {
  ApplicationInferenceProfile, BatchInference, BedrockModel, CommitmentDuration, CostBudget, ProvisionedModelThroughput, StopAction,
} from 'cdk-bedrock-cost';
import { Construct } from 'constructs';

/** Three ways to pay for Amazon Bedrock, and one budget over all of them. `cdk synth` prints what each costs a month. */
class GettingStarted extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    // 1. Capacity by the hour, used or not. A commitment cannot be cancelled, so its whole price has to be confirmed
    //    here: 2 model units x $6.76 x 730 hours x 1 month.
    new ProvisionedModelThroughput(this, 'Capacity', {
      model: BedrockModel.of('cohere.embed-english-v3:0:512'),
      modelUnits: 2,
      commitmentDuration: CommitmentDuration.ONE_MONTH,
      acknowledgeCommitmentUsd: 9_869.60,
    });

    // 2. A batch every night, at half the price of on-demand requests.
    const accessLogs = this.bucket('AccessLogs');
    new BatchInference(this, 'NightlySummaries', {
      model: BedrockModel.of('us.amazon.nova-pro-v1:0'),
      inputBucket: this.bucket('Input', accessLogs, 'input/'),
      outputBucket: this.bucket('Output', accessLogs, 'output/'),
      schedule: ScheduleExpression.cron({ hour: '2', minute: '0' }),
      usage: { jobsPerMonth: 30, recordsPerJob: 1_000, inputTokensPerRecord: 10_000, outputTokensPerRecord: 1_000 },
    });

    // 3. On-demand requests through a profile of their own, which CloudWatch and the bill show separately.
    const chat = new ApplicationInferenceProfile(this, 'Chat', {
      model: BedrockModel.of('us.anthropic.claude-sonnet-4-6'),
      usage: { requestsPerMonth: 100_000, inputTokensPerRequest: 2_000, outputTokensPerRequest: 500, cacheReadTokensPerRequest: 1_000 },
    });
    // The grant is also what the budget takes back when it is exceeded.
    chat.grantInvoke(new Role(this, 'ChatService', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
    new CfnOutput(this, 'ChatModelId', { value: chat.inferenceProfileArn });

    // Above the limit, `cdk synth` and `cdk deploy` stop. Try it: npx cdk synth -c monthlyLimitUsd=10000
    const budget = new CostBudget(this, 'Budget', {
      monthlyLimitUsd: Number(this.node.tryGetContext('monthlyLimitUsd') ?? 15_000),
      emailAddresses: ['finops@example.com'],
    });
    // After the deployment: when the month has cost more, chats and further batches are denied until the next month.
    budget.addStopAction(StopAction.denyInvocations());
    budget.addDashboard();
  }

  private bucket(id: string, accessLogs?: IBucket, prefix?: string): Bucket {
    return new Bucket(this, id, {
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      removalPolicy: RemovalPolicy.RETAIN,
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: prefix,
    });
  }
}

// Prices differ between regions: the budget of a stack without a region cannot be checked.
const app = new App();
new GettingStarted(app, 'GettingStarted', { env: { region: 'us-west-2' } });
app.synth();

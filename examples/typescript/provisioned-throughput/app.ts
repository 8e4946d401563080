import { App, CfnOutput, RemovalPolicy, Stack, StackProps, TimeZone } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { BedrockModel, CommitmentDuration, ProvisionedModelThroughput, ScheduledModelThroughput } from 'cdk-bedrock-cost';
import { Construct } from 'constructs';

/** Provisioned throughput in two ways: committed for a month, and during business hours. */
class Capacity extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const costs = new Topic(this, 'Costs', { enforceSSL: true });
    costs.addSubscription(new EmailSubscription('finops@example.com'));

    // 1. A commitment: cannot be cancelled, and renews itself. The topic is notified of the cost of the next term 14 days before.
    //    When the construct is removed, a schedule deletes the throughput at the end of its term.
    new ProvisionedModelThroughput(this, 'Committed', {
      model: BedrockModel.of('cohere.embed-english-v3:0:512'),
      modelUnits: 2,
      commitmentDuration: CommitmentDuration.ONE_MONTH,
      acknowledgeCommitmentUsd: 9_869.60, // 2 x $6.76 x 730 hours x 1 month
      notificationTopic: costs,
      removalPolicy: RemovalPolicy.DESTROY, // released at the end of its term
    });

    // 2. Business hours: bought at 8 and deleted at 18 o'clock from Monday to Friday, 218 of 730 hours a month.
    const office = new ScheduledModelThroughput(this, 'Office', {
      model: BedrockModel.of('cohere.embed-english-v3:0:512'),
      modelUnits: 1,
      schedule: {
        start: '08:00',
        end: '18:00',
        timeZone: TimeZone.AMERICA_LOS_ANGELES,
        outsideHours: BedrockModel.of('cohere.embed-english-v3'),
      },
      notificationTopic: costs, // notified if it cannot be bought in the morning
      // From the requests, synth computes whether one unit is enough, and the cost on demand.
      usage: { requestsPerMonth: 600_000, inputTokensPerRequest: 500 },
      tokensPerMinutePerModelUnit: 40_000,
    });
    // May read the parameter with the id to invoke now, and invoke it.
    office.grantInvoke(new Role(this, 'OfficeService', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
    new CfnOutput(this, 'OfficeModelId', { value: office.modelIdParameter.parameterName });
  }
}

const app = new App();
new Capacity(app, 'Capacity', { env: { region: 'us-west-2' } });
app.synth();

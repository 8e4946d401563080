// The app of the end-to-end test of provisioned throughput (test/e2e/throughput-lifecycle.ts). The context value `step` is the step of the
// test; `day` is the weekday of the business hours.
const { App, CfnOutput, RemovalPolicy, Stack, Tags, TimeZone } = require('aws-cdk-lib');
const { Topic } = require('aws-cdk-lib/aws-sns');
const { BedrockModel, CommitmentDuration, DayOfWeek, ProvisionedModelThroughput, ScheduledModelThroughput } = require('cdk-bedrock-cost');

const app = new App();
const step = Number(app.node.tryGetContext('step'));
const stackOf = (id) => new Stack(app, id, { env: { region: 'us-west-2' } });
const PRICE = { hourlyPricePerModelUnitUsd: 10 };

// Without a commitment: all properties can change, and no purchase may remain.
const hourly = stackOf('Hourly');
const named = new ProvisionedModelThroughput(hourly, 'Named', {
  ...PRICE,
  model: BedrockModel.of('amazon.nova-pro-v1:0:24k'),
  modelUnits: step >= 3 ? 2 : 1,
  provisionedModelName: step >= 4 ? undefined : step >= 2 ? 'renamed' : 'capacity',
});
Tags.of(named).add('team', step >= 2 ? 'search' : 'chat');
if (step < 2) Tags.of(named).add('temporary', 'yes');
const variant = `arn:aws:bedrock:us-west-2:111111111111:custom-model/amazon.nova-lite-v1:0:24k/${step >= 2 ? 'bbbbbbbbbbbb' : 'aaaaaaaaaaaa'}`;
new ProvisionedModelThroughput(hourly, 'Custom', { ...PRICE, model: BedrockModel.fromCustomModel(variant, 'amazon.nova-lite-v1:0'), modelUnits: 1 });

// A change to a commitment. Then more units are refused (3), and bought in addition to the old ones (4).
const committed = stackOf('Committed');
new ProvisionedModelThroughput(committed, 'Capacity', {
  ...PRICE,
  model: BedrockModel.of('cohere.embed-english-v3:0:512'),
  modelUnits: step >= 3 ? 2 : 1,
  commitmentDuration: step >= 2 ? CommitmentDuration.ONE_MONTH : undefined,
  acknowledgeCommitmentUsd: step >= 3 ? 14_600 : step >= 2 ? 7_300 : undefined,
  allowRepurchase: step >= 4 ? true : undefined,
  removalPolicy: step >= 2 ? RemovalPolicy.DESTROY : undefined,
  notificationTopic: new Topic(committed, 'Topic'),
});

const hours = stackOf('Hours');
const byDay = new ScheduledModelThroughput(hours, 'Capacity', {
  ...PRICE,
  model: BedrockModel.of('amazon.nova-micro-v1:0:128k'),
  modelUnits: 1,
  schedule: {
    days: [DayOfWeek[app.node.tryGetContext('day')]],
    start: '08:00',
    end: '18:00',
    timeZone: TimeZone.EUROPE_BERLIN,
    outsideHours: BedrockModel.of('us.amazon.nova-micro-v1:0'),
  },
  notificationTopic: new Topic(hours, 'Topic'),
});
new CfnOutput(hours, 'ModelIdParameter', { value: byDay.modelIdParameter.parameterName });

for (const id of ['Quota', 'DryRun']) {
  new ProvisionedModelThroughput(stackOf(id), 'Capacity', { ...PRICE, model: BedrockModel.of('amazon.nova-canvas-v1:0'), modelUnits: 1 });
}

app.synth();

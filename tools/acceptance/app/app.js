// The app that `npm run acceptance` deploys and destroys (tools/acceptance/main.ts). Plain JavaScript that runs in a folder of its
// own, with the packed library in its node_modules, like any user's app.
const { App, CfnOutput, Duration, RemovalPolicy, Stack } = require('aws-cdk-lib');
const { AccountRootPrincipal, PolicyStatement, Role, ServicePrincipal } = require('aws-cdk-lib/aws-iam');
const { CfnLogGroup } = require('aws-cdk-lib/aws-logs');
const { Bucket } = require('aws-cdk-lib/aws-s3');
const { SqsSubscription } = require('aws-cdk-lib/aws-sns-subscriptions');
const { Queue } = require('aws-cdk-lib/aws-sqs');
const { ApplicationInferenceProfile, BatchInference, BatchInput, BedrockModel, CostBudget, ProvisionedModelThroughput, StopAction } = require('cdk-bedrock-cost');

const app = new App();
const context = (name) => app.node.getContext(name);
const env = { account: context('account'), region: context('region') };
/** The model as a system profile knows it (`us.amazon.nova-lite-v1:0`), and without the geography. */
const [profiledModelId, modelId] = [context('model'), context('modelWithoutGeography')];

const stack = new Stack(app, 'CdkBedrockCostAcceptance', { env });
const foundationModels = `arn:${stack.partition}:bedrock:*::foundation-model/${modelId}`;
const systemProfile = stack.formatArn({ service: 'bedrock', resource: 'inference-profile', resourceName: profiledModelId });

/** Newest API references ask for permission on it, too. */
const project = stack.formatArn({ service: 'bedrock', resource: 'project', resourceName: 'default' });

const profile = new ApplicationInferenceProfile(stack, 'Chat', {
  model: BedrockModel.of(profiledModelId),
  usage: { requestsPerMonth: 30, inputTokensPerRequest: 4_000, outputTokensPerRequest: 50 },
});
const bucket = (id) => new Bucket(stack, id, { enforceSSL: true, removalPolicy: RemovalPolicy.DESTROY });
const [input, output] = ['Input', 'Output'].map(bucket);
const batch = new BatchInference(stack, 'Batch', {
  model: BedrockModel.of(profiledModelId),
  inputBucket: input,
  input: BatchInput.prefix('in/'),
  outputBucket: output,
  outputPrefix: 'out/',
  usage: { jobsPerMonth: 1, recordsPerJob: 100, inputTokensPerRecord: 4_000, outputTokensPerRecord: 50 },
  maxAttempts: 1,
  maxCostPerRunUsd: 1,
  pollInterval: Duration.minutes(1),
});

const budget = new CostBudget(stack, 'Budget', { monthlyLimitUsd: 5 });
budget.addStopAction(StopAction.denyInvocations());
budget.addStopAction(StopAction.stopBatchJobs());
const inbox = new Queue(stack, 'Inbox', { enforceSSL: true });
budget.topic.addSubscription(new SqsSubscription(inbox));

// Each role has one permission, or lacks one. The person who runs this assumes them.
const role = (id, ...statements) => {
  const made = new Role(stack, id, { assumedBy: new AccountRootPrincipal(), maxSessionDuration: Duration.hours(1) });
  statements.forEach((statement) => made.addToPolicy(new PolicyStatement(statement)));
  return made;
};
const invoke = (resources, conditions) => ({ actions: ['bedrock:InvokeModel'], resources, conditions });
const throughProfile = (arn) => ({ StringEquals: { 'bedrock:InferenceProfileArn': arn } });

// Bedrock itself takes this role for the job that the tool submits without a BatchInference.
const direct = new Role(stack, 'DirectJob', { assumedBy: new ServicePrincipal('bedrock.amazonaws.com') });
input.grantRead(direct);
output.grantReadWrite(direct);
direct.addToPolicy(new PolicyStatement(invoke([foundationModels, systemProfile, project])));

const caller = role('Caller',
  { actions: ['bedrock:CreateModelInvocationJob'], resources: ['*'] },
  { actions: ['iam:PassRole'], resources: [direct.roleArn] });
profile.grantInvoke(caller);
const roles = {
  Caller: caller,
  // Without permission on the account's default project.
  NoProject: role('NoProject', invoke([profile.inferenceProfileArn, systemProfile, foundationModels])),
  // Each role may invoke the models through only one of the two profiles.
  OnlyApplicationProfile: role('OnlyApplicationProfile',
    invoke([profile.inferenceProfileArn, systemProfile, project]), invoke([foundationModels], throughProfile(profile.inferenceProfileArn))),
  OnlySystemProfile: role('OnlySystemProfile',
    invoke([profile.inferenceProfileArn, systemProfile, project]), invoke([foundationModels], throughProfile(systemProfile))),
  // AWS names the resource that a permission is missing for.
  Powerless: role('Powerless', { actions: ['iam:PassRole'], resources: [direct.roleArn] }),
};

const outputs = {
  ProfileArn: profile.inferenceProfileArn,
  ProfileId: profile.inferenceProfileId,
  SystemProfileArn: systemProfile,
  ModelArn: stack.formatArn({ service: 'bedrock', account: '', resource: 'foundation-model', resourceName: modelId }),
  InputBucket: input.bucketName,
  OutputBucket: output.bucketName,
  StateMachineArn: batch.stateMachine.stateMachineArn,
  TopicArn: budget.topic.topicArn,
  InboxUrl: inbox.queueUrl,
  DirectJobRoleArn: direct.roleArn,
  ...Object.fromEntries(Object.entries(roles).map(([id, { roleArn }]) => [`${id}RoleArn`, roleArn])),
};
for (const [id, value] of Object.entries(outputs)) new CfnOutput(stack, `Out${id}`, { value });

// No resource may remain after the run.
for (const construct of stack.node.findAll()) if (construct instanceof CfnLogGroup) construct.applyRemovalPolicy(RemovalPolicy.DESTROY);

// Never executed: the change set is created, read and deleted.
const dryRun = new Stack(app, 'CdkBedrockCostAcceptanceDryRun', { env });
new ProvisionedModelThroughput(dryRun, 'Capacity', {
  model: BedrockModel.of(`${modelId}:${context('contextVariant')}`),
  modelUnits: 1,
  hourlyPricePerModelUnitUsd: 100,
  removalPolicy: RemovalPolicy.DESTROY,
});

app.synth();

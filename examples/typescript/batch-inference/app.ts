import { App, Duration, RemovalPolicy, Stack, StackProps, TimeZone } from 'aws-cdk-lib';
import { FlowLogTrafficType, GatewayVpcEndpointAwsService, InterfaceVpcEndpointAwsService, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, BucketProps } from 'aws-cdk-lib/aws-s3';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { BatchInference, BatchInferenceProps, BatchInput, BatchPrompts, BedrockModel, SmallRuns } from 'cdk-bedrock-cost';
import { Construct } from 'constructs';

/** Bulk inference at half the price of on demand. */
class Bulk extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const costs = new Topic(this, 'Costs', { enforceSSL: true });
    const accessLogs = new Bucket(this, 'AccessLogs', { enforceSSL: true });
    const kept: BucketProps = { enforceSSL: true, serverAccessLogsBucket: accessLogs, removalPolicy: RemovalPolicy.RETAIN };

    // 1. Questions: each CSV file that arrives in questions/ starts a run: a batch job, or requests on demand if the file is short.
    const questions = new Bucket(this, 'Questions', { ...kept, serverAccessLogsPrefix: 'questions/' });
    // The working files of runs are not needed after the end of the month.
    questions.addLifecycleRule({ prefix: 'answers/', expiration: Duration.days(90) });
    new BatchInference(this, 'Answers', {
      model: BedrockModel.of('us.amazon.nova-lite-v1:0'),
      inputBucket: questions,
      input: BatchInput.prefix('questions/'),
      outputBucket: questions,
      outputPrefix: 'answers/',
      prompts: BatchPrompts.csv({ maxTokens: 500, system: 'Answer in two sentences.' }),
      startOnArrival: true,
      smallRuns: SmallRuns.ON_DEMAND, // fewer than 100 questions
      maxCostPerRunUsd: 5,
      notificationTopic: costs, // notified if a run costs more than twice the estimate, or less than half of it
      usage: { jobsPerMonth: 60, recordsPerJob: 2_000, inputTokensPerRecord: 200, outputTokensPerRecord: 150 },
    });

    // 2. Any number of records in the format of the model, every night: split into jobs, and the results joined in the order of the records.
    const encryptionKey = new Key(this, 'Key', { enableKeyRotation: true });
    const records = new Bucket(this, 'Records', { ...kept, encryptionKey, serverAccessLogsPrefix: 'records/' });
    const results = new Bucket(this, 'Results', { ...kept, encryptionKey, serverAccessLogsPrefix: 'results/' });
    new BatchInference(this, 'Nightly', {
      model: BedrockModel.of('us.amazon.nova-pro-v1:0'),
      inputBucket: records,
      outputBucket: results,
      schedule: ScheduleExpression.cron({ hour: '2', minute: '0', timeZone: TimeZone.ETC_UTC }),
      usage: { recordsPerJob: 120_000, inputTokensPerRecord: 1_000, outputTokensPerRecord: 100 }, // the number of runs is that of the schedule
      quotas: { concurrentJobs: 10 }, // leaves the rest of the quota to other apps
      maxCostPerRunUsd: 150,
      toleratedFailurePercentage: 0.1,
      notificationTopic: costs,
      ...this.network(),
    });
  }

  /** Without a way to the internet: what jobs and functions need has endpoints. */
  private network(): Pick<BatchInferenceProps, 'vpc' | 'vpcSubnets' | 'securityGroups'> {
    const isolated = { subnetType: SubnetType.PRIVATE_ISOLATED };
    const vpc = new Vpc(this, 'Vpc', { natGateways: 0, maxAzs: 2, subnetConfiguration: [{ name: 'Isolated', ...isolated }] });
    vpc.addFlowLog('FlowLog', { trafficType: FlowLogTrafficType.REJECT });
    vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 });
    const metrics = vpc.addInterfaceEndpoint('Metrics', { service: InterfaceVpcEndpointAwsService.CLOUDWATCH_MONITORING, open: false });
    const jobs = new SecurityGroup(this, 'Jobs', { vpc, description: 'Jobs and functions of batch inference' });
    metrics.connections.allowDefaultPortFrom(jobs);
    return { vpc, vpcSubnets: isolated, securityGroups: [jobs] };
  }
}

const app = new App();
new Bulk(app, 'Bulk', { env: { region: 'us-west-2' } });
app.synth();

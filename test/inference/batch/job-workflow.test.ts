import { Duration, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { batch, childStates, job, settings } from './batch';
import { ModelInvocationType } from '../../../src/inference/batch/props';
import { stackIn, statementsOf } from '../synth';

describe('a job', () => {
  test('reads and writes in the folder of the run, with a name and a token that are derived from its records', () => {
    expect(job()).toEqual({
      'JobName.$': '$.job.name',
      'ClientRequestToken.$': '$.job.token',
      'RoleArn': expect.any(String),
      'ModelId': 'amazon.nova-pro-v1:0',
      'InputDataConfig': { S3InputDataConfig: { 'S3Uri.$': '$.job.inputUri', 'S3InputFormat': 'JSONL' } },
      'OutputDataConfig': { S3OutputDataConfig: { 'S3Uri.$': '$.job.outputUri' } },
    });
    expect(settings().jobNamePrefix).toMatch(/^[0-9a-zA-Z]{1,20}$/);
  });

  test('has the timeout and the format of the props', () => {
    expect(job({ timeout: Duration.days(2), modelInvocationType: ModelInvocationType.CONVERSE })).toMatchObject({ TimeoutDurationInHours: 48, ModelInvocationType: 'Converse' });
  });

  test('carries its tags and those of its scopes', () => {
    const { stack, batch: nightly } = batch();
    Tags.of(nightly).add('team', 'search');
    expect(childStates(stack, 'RunJobs').CreateJob.Parameters.Tags).toEqual([{ Key: 'team', Value: 'search' }]);
  });

  test('names the owner of a bucket of another account, and requires it', () => {
    const stack = stackIn();
    const outputBucket = Bucket.fromBucketAttributes(stack, 'Theirs', { bucketName: 'theirs', account: '222222222222' });
    batch({ outputBucket }, stack);
    const { InputDataConfig, OutputDataConfig } = childStates(stack, 'RunJobs').CreateJob.Parameters;
    expect([InputDataConfig.S3InputDataConfig.S3BucketOwner, OutputDataConfig.S3OutputDataConfig.S3BucketOwner]).toEqual(['222222222222', '222222222222']);
    for (const { Condition } of statementsOf(stack, 's3:PutObject')) expect(Condition).toEqual({ StringEquals: { 'aws:ResourceAccount': '222222222222' } });
  });

  test('encrypts its results with the key of their bucket', () => {
    const stack = stackIn();
    batch({ outputBucket: new Bucket(stack, 'Out', { encryptionKey: new Key(stack, 'Key') }) }, stack);
    expect(childStates(stack, 'RunJobs').CreateJob.Parameters.OutputDataConfig.S3OutputDataConfig.S3EncryptionKeyId).toMatch(/^<Key.*Arn>$/);
  });

  test('runs in the VPC of the props, as do the functions', () => {
    const stack = stackIn();
    const vpc = new Vpc(stack, 'Vpc', { availabilityZones: ['us-east-1a'] });
    batch({ vpc }, stack);
    const { VpcConfig } = childStates(stack, 'RunJobs').CreateJob.Parameters;
    expect(VpcConfig).toEqual({ SubnetIds: [expect.stringMatching(/^<VpcPrivate/)], SecurityGroupIds: [expect.stringMatching(/^<NightlySecurityGroup/)] });
    const functions = Template.fromStack(stack).findResources('AWS::Lambda::Function', { Properties: { Timeout: 900 } });
    for (const { Properties } of Object.values(functions)) {
      expect(Properties.VpcConfig.SubnetIds).toHaveLength(1);
    }
    expect(statementsOf(stack, 'ec2:CreateNetworkInterface').length).toBeGreaterThanOrEqual(3);
  });
});

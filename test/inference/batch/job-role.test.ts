import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { batch, statementsOfRole } from './batch';
import { BatchInput } from '../../../src/inference/batch/input';
import { BedrockModel } from '../../../src/inference/bedrock-model';
import { DEFAULT_PROJECT, flat, stackIn, statementsOf } from '../synth';

describe('the service role', () => {
  test('is for jobs of this account and region', () => {
    Template.fromStack(batch().stack).hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: Match.objectLike({
        Statement: [Match.objectLike({
          Principal: { Service: 'bedrock.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': '111111111111' }, ArnLike: { 'aws:SourceArn': Match.anyValue() } },
        })],
      }),
    });
  });

  test('reads and writes only in the folders of runs', () => {
    const { stack } = batch({ input: BatchInput.prefix('in'), outputPrefix: 'out' });
    const ofRole = statementsOfRole(stack, /^NightlyServiceRole/);
    const arn = 'arn:<AWS::Partition>:s3:::';
    expect(ofRole('s3:GetObject').map(({ Resource }) => flat(Resource))).toEqual([`${arn}results/out/*/steps/*`]);
    expect(ofRole('s3:PutObject').map(({ Resource }) => flat(Resource))).toEqual([`${arn}results/out/*/steps/*`]);
    expect(ofRole('s3:ListBucket')[0].Condition).toEqual({ StringEquals: { 'aws:ResourceAccount': '111111111111' }, StringLikeIfExists: { 's3:prefix': ['out/*'] } });
  });

  test('may use the keys of the buckets', () => {
    const stack = stackIn();
    const encryptionKey = new Key(stack, 'Key');
    batch({ inputBucket: new Bucket(stack, 'In', { encryptionKey }), outputBucket: new Bucket(stack, 'Out', { encryptionKey }) }, stack);
    for (const role of [/^NightlyServiceRole/, /^NightlyFunctionsReader/, /^NightlyFunctionsWorker/]) {
      expect(statementsOfRole(stack, role)('kms:GenerateDataKey')).toHaveLength(1);
      expect(statementsOfRole(stack, role)('kms:Decrypt').length).toBeGreaterThan(0);
    }
    expect(statementsOfRole(stack, /^NightlyStateMachineRole/)('kms:Decrypt')).toHaveLength(1);
  });

  test('may invoke the model in every region that a profile routes to', () => {
    const { stack } = batch({ model: BedrockModel.of('eu.amazon.nova-pro-v1:0') }, stackIn('eu-central-1'));
    const [{ Resource }] = statementsOf(stack, 'bedrock:InvokeModel');
    expect(flat(Resource)).toContain(':bedrock:eu-*::foundation-model/amazon.nova-pro-v1:0');
    expect(flat(Resource)).toContain(DEFAULT_PROJECT);
  });
});

import { Stack } from 'aws-cdk-lib';
import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { BatchLocation } from './location';
import { acknowledgeRules } from '../../functions/nag-acknowledgements';

/** The id of a function of CDK, of which a stack has one. */
const NOTIFICATIONS_HANDLER = 'BucketNotificationsHandler050a0587b7544547bf325f094a3db834';
const BASIC_EXECUTION = 'IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]';

/**
 * Starts a run for each object that arrives in a folder. The sequencer identifies one write of an object: an event that AWS delivers twice
 * starts one run.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
export function startOnArrival(scope: Construct, stateMachine: StateMachine, { bucket, path }: BatchLocation): void {
  bucket.enableEventBridgeNotification();
  const handler = Stack.of(bucket).node.tryFindChild(NOTIFICATIONS_HANDLER);
  if (handler) acknowledgeRules(handler, 'it belongs to CDK, which sets the notifications of buckets with it', BASIC_EXECUTION);
  const role = new Role(scope, 'ArrivalRole', {
    assumedBy: new ServicePrincipal('events.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } } }),
  });
  new Rule(scope, 'Arrival', {
    description: 'Starts a run for each file of records that arrives',
    eventPattern: {
      source: ['aws.s3'],
      detailType: ['Object Created'],
      // A folder that is created in the console is an empty object.
      detail: { bucket: { name: [bucket.bucketName] }, object: { ...(path === '' ? {} : { key: [{ prefix: path }] }), size: [{ numeric: ['>', 0] }] } },
    },
    targets: [new SfnStateMachine(stateMachine, {
      role,
      // A field for each value: within a longer text, EventBridge would not escape the characters of a key.
      input: RuleTargetInput.fromObject({
        inputKey: EventField.fromPath('$.detail.object.key'), sequencer: EventField.fromPath('$.detail.object.sequencer'), isEvent: true,
      }),
    })],
  });
}

import { Stack, Token } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

/** What lets somebody publish to a topic, and use the key that it is encrypted with. */
export function publishing(topic: ITopic): PolicyStatement[] {
  return [
    new PolicyStatement({ actions: ['sns:Publish'], resources: [topic.topicArn] }),
    ...(topic.masterKey ? [new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [topic.masterKey.keyArn] })] : []),
  ];
}

/** What keeps a topic from being told, in words; undefined when nothing does as far as is known at synth. */
export function whyNeverTold(construct: Construct, topic: ITopic): string | undefined {
  if (topic.fifo) return 'a standard topic: EventBridge Scheduler cannot publish to a FIFO topic';
  const [here, there] = [Stack.of(construct).region, topic.env.region];
  if (Token.isUnresolved(here) || Token.isUnresolved(there) || here === there) return undefined;
  return `a topic of the stack's own region, ${here}: this one is in ${there}, where nothing of the stack can publish`;
}

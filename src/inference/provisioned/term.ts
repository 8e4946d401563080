import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { ProvisionedModelThroughputProps } from './props';
import { ThroughputProvider } from './provider';
import { acknowledgeResources } from '../../functions/nag-acknowledgements';
import { ThroughputProperties } from '../../lambda/provisioned-model-throughput/contract';
import { publishing } from '../topic';

const DEFAULT_NOTICE_DAYS = 14;

/** The end of a commitment's term, as the handler plans it; undefined without a topic and without a release. */
export function termEnd(scope: Construct, provider: ThroughputProvider, props: ProvisionedModelThroughputProps): ThroughputProperties['term'] {
  const { notificationTopic, renewalNotice, removalPolicy } = props;
  const release = removalPolicy === RemovalPolicy.DESTROY;
  if (!notificationTopic && !release) return undefined;
  const { functionArn } = provider.termEndFunction();
  const { roleArn } = new ThroughputTerm(scope, 'Term', { provisionedModels: provider.provisionedModels, functionArn, topic: notificationTopic, release });
  const noticeDays = renewalNotice?.toDays({ integral: false }) ?? DEFAULT_NOTICE_DAYS;
  return { noticeDays, releaseAtExpiry: release || undefined, roleArn, functionArn };
}

interface ThroughputTermProps {
  /** The ARN pattern of all provisioned throughput of the region. */
  readonly provisionedModels: string;
  /** The function that plans the notice of the next term. */
  readonly functionArn: string;
  /** The topic that a renewal is announced to. */
  readonly topic: ITopic | undefined;
  /** Whether it is deleted at the end of its term when it is removed. */
  readonly release: boolean;
}

/**
 * The role of the schedules that the handler creates for the end of a commitment's term.
 *
 * Each throughput has its own, and it outlives the construct and the stack, as a commitment does: without it, no renewal would
 * be announced any more, and nothing deleted.
 */
class ThroughputTerm extends Construct {
  public readonly roleArn: string;

  constructor(scope: Construct, id: string, { provisionedModels, functionArn, topic, release }: ThroughputTermProps) {
    super(scope, id);
    const role = new Role(this, 'ScheduleRole', {
      description: 'EventBridge Scheduler takes it at the end of a commitment of Amazon Bedrock provisioned throughput',
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } } }),
      // In the role itself: a policy beside it would go with the stack.
      inlinePolicies: {
        TermEnd: new PolicyDocument({
          statements: [
            new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [functionArn] }),
            ...(topic ? publishing(topic) : []),
            ...(release ? [new PolicyStatement({ actions: ['bedrock:DeleteProvisionedModelThroughput'], resources: [provisionedModels] })] : []),
          ],
        }),
      },
    });
    role.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.roleArn = role.roleArn;
    acknowledgeResources(this, 'AWS chooses the id of a provisioned model', [provisionedModels]);
  }
}

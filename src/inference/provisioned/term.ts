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

/** The settings of the end of a commitment's term; undefined without a topic and without a deletion. */
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
  /** The topic that is notified of a renewal. */
  readonly topic: ITopic | undefined;
  /** True if removed throughput is deleted at the end of its term. */
  readonly release: boolean;
}

/**
 * The role of the schedules that the handler creates for the end of a commitment's term.
 *
 * Each throughput has its own role. Like a commitment, the role outlives the construct and the stack: without it, renewals would not be
 * announced, and the commitment would not be deleted.
 */
class ThroughputTerm extends Construct {
  public readonly roleArn: string;

  constructor(scope: Construct, id: string, { provisionedModels, functionArn, topic, release }: ThroughputTermProps) {
    super(scope, id);
    const role = new Role(this, 'ScheduleRole', {
      description: 'EventBridge Scheduler assumes it at the end of a commitment of Amazon Bedrock provisioned throughput',
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } } }),
      // In the role itself, since a separate policy would be deleted with the stack.
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

import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { publishing } from './topic';
import { acknowledgeResources } from '../../functions/nag-acknowledgements';

export interface ThroughputTermProps {
  /** The ARN pattern of all provisioned throughput of the region. */
  readonly provisionedModels: string;
  /** The function that plans the notice of the next term. */
  readonly functionArn: string;
  /** Who is told of the renewal. */
  readonly topic: ITopic | undefined;
  /** Whether it is deleted at the end of its term when it is removed. */
  readonly release: boolean;
}

/**
 * The role of the schedules that the handler makes for the end of a commitment's term.
 *
 * Each throughput has its own, and it outlives the construct and the stack, as a commitment does: without it, a notice would
 * not be told any more, and nothing be deleted.
 */
export class ThroughputTerm extends Construct {
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

import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { IRole, Policy, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { acknowledgeWildcards } from '../functions/nag-acknowledgements';
import { SCHEDULE_NAME_PREFIX } from '../handlers/provisioned-model-throughput.contract';

export interface ThroughputTermProps {
  /** The ARN pattern of all provisioned throughput of the region. */
  readonly provisionedModels: string;
  /** Makes the function that plans the notice of the next term. */
  readonly handler: (scope: Construct, id: string) => LambdaFunction;
}

/**
 * What acts at the end of a commitment's term: the role of the schedules that the handler makes, and the function that
 * plans the notice of the next term.
 *
 * The role outlives the stack, as a commitment does: without it, nothing would tell of the renewal any more, or delete.
 */
export class ThroughputTerm extends Construct {
  public readonly roleArn: string;
  public readonly functionArn: string;
  private readonly handlerRole: IRole;
  private readonly rolePolicy = new PolicyDocument();
  private readonly served = new Set<string>();

  constructor(scope: Construct, id: string, private readonly props: ThroughputTermProps) {
    super(scope, id);
    const handler = props.handler(this, 'Handler');
    this.handlerRole = handler.role!;
    this.functionArn = handler.functionArn;
    this.rolePolicy.addStatements(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [handler.functionArn] }));
    const role = new Role(this, 'ScheduleRole', {
      description: 'EventBridge Scheduler takes it at the end of a commitment of Amazon Bedrock provisioned throughput',
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } } }),
      // In the role itself: a policy beside it would go with the stack.
      inlinePolicies: { TermEnd: this.rolePolicy },
    });
    role.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.roleArn = role.roleArn;

    handler.addToRolePolicy(new PolicyStatement({ actions: ['bedrock:GetProvisionedModelThroughput'], resources: [props.provisionedModels] }));
    // Apart from the policy that the function waits for: the role that is passed on names the function, which closed a circle.
    new Policy(this, 'Planning', { roles: [this.handlerRole], statements: this.planning('scheduler:CreateSchedule', 'scheduler:UpdateSchedule') });
    acknowledgeWildcards(this, 'AWS chooses the id of a provisioned model, after which the schedules are named');
  }

  /** Lets the handler make, change and drop the schedules. */
  public allowPlanning(role: IRole): void {
    this.planning('scheduler:CreateSchedule', 'scheduler:UpdateSchedule', 'scheduler:DeleteSchedule').forEach((statement) => role.addToPrincipalPolicy(statement));
  }

  /** Lets the schedules tell a topic, and delete throughput. */
  public serve(topic: ITopic | undefined, release: boolean): void {
    if (topic) {
      this.once(topic.topicArn, () => {
        const publish = () => new PolicyStatement({ actions: ['sns:Publish'], resources: [topic.topicArn] });
        this.rolePolicy.addStatements(publish());
        this.handlerRole.addToPrincipalPolicy(publish());
      });
    }
    if (release) {
      this.once('release', () => this.rolePolicy.addStatements(
        new PolicyStatement({ actions: ['bedrock:DeleteProvisionedModelThroughput'], resources: [this.props.provisionedModels] }),
      ));
      acknowledgeWildcards(this, 'AWS chooses the id of a provisioned model');
    }
  }

  private planning(...actions: string[]): PolicyStatement[] {
    const schedules = Stack.of(this).formatArn({ service: 'scheduler', resource: 'schedule/default', resourceName: `${SCHEDULE_NAME_PREFIX}*`, arnFormat: ArnFormat.SLASH_RESOURCE_NAME });
    return [
      new PolicyStatement({ actions, resources: [schedules] }),
      new PolicyStatement({ actions: ['iam:PassRole'], resources: [this.roleArn], conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } } }),
    ];
  }

  private once(what: string, act: () => void): void {
    if (this.served.has(what)) return;
    this.served.add(what);
    act();
  }
}

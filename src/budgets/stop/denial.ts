import { Lazy, Stack } from 'aws-cdk-lib';
import { Effect, IRole, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/** More, and the policy would be too long for IAM (6,144 characters). */
const MAX_DENIED_ARNS = 40;

/** Converse, asynchronous and two-way invocations are authorized by these as well. */
const DENIED_ACTIONS = ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'];

/** The policy that denies new invocations, attached to nobody, and the roles that it is for. */
export class Denial extends Construct {
  public readonly policyArn: string;
  private readonly rolesByAddress = new Map<string, IRole>();
  private readonly deniedArns = new Set<string>();

  constructor(scope: Construct, id: string, budgetPath: string) {
    super(scope, id);
    this.policyArn = new ManagedPolicy(this, 'Resource', {
      description: `Attached by ${budgetPath} while it is exceeded`.slice(0, 1000),
      statements: [new PolicyStatement({
        effect: Effect.DENY,
        actions: DENIED_ACTIONS,
        resources: Lazy.list({ produce: () => (this.deniedArns.size > MAX_DENIED_ARNS ? ['*'] : [...this.deniedArns]) }),
      }), new PolicyStatement({
        effect: Effect.DENY,
        // Authorized on the model and the job, never on an inference profile, whose ARN would match nothing.
        actions: ['bedrock:CreateModelInvocationJob'],
        resources: ['*'],
      })],
    }).managedPolicyArn;
  }

  /** Denies something to a role. True when the role is a new one. */
  public add(role: IRole, invokableArn: string): boolean {
    this.deniedArns.add(invokableArn);
    if (this.rolesByAddress.has(role.node.addr)) return false;
    this.rolesByAddress.set(role.node.addr, role);
    return true;
  }

  public get roles(): IRole[] {
    return [...this.rolesByAddress.values()];
  }

  /**
   * Lets somebody attach and detach this one policy, which does nothing but deny invocations. Of any role: a list of a
   * hundred is too long for a policy, and a role may have left the app while it had it.
   */
  public attachment(): PolicyStatement {
    return new PolicyStatement({
      actions: ['iam:AttachRolePolicy', 'iam:DetachRolePolicy'],
      resources: [this.anyRole],
      conditions: { ArnEquals: { 'iam:PolicyARN': this.policyArn } },
    });
  }

  public get anyRole(): string {
    return Stack.of(this).formatArn({ service: 'iam', region: '', resource: 'role', resourceName: '*' });
  }
}

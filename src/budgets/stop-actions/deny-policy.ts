import { Lazy, Stack } from 'aws-cdk-lib';
import { CfnManagedPolicy, CfnRole, Effect, ManagedPolicy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { Limit } from '../../aws/limits';

/** The maximum number of managed policies of a role, unless its quota is raised. */
export const MAX_MANAGED_POLICIES = Limit.MANAGED_POLICIES_OF_ROLE;

/** With more ARNs, the policy would be too long for IAM. */
const MAX_DENIED_ARNS = Math.floor(Limit.MANAGED_POLICY / 150);

/** The denied actions. They also authorize Converse, asynchronous and bidirectional invocations. */
const DENIED_ACTIONS = ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'];

/** The policy that denies new invocations, and the roles to which it can be attached. Deployment does not attach it. */
export class DenyPolicy extends Construct {
  public readonly policyArn: string;
  private readonly rolesByAddress = new Map<string, Role>();
  private readonly deniedArns = new Set<string>();

  constructor(scope: Construct, id: string, budgetPath: string) {
    super(scope, id);
    this.policyArn = this.createPolicy(this, `Attached by ${budgetPath} while it is exceeded`);
  }

  /** Creates a policy with the denied actions, which is not attached. */
  public createPolicy(scope: Construct, description: string): string {
    return new ManagedPolicy(scope, 'Resource', {
      description: description.slice(0, Limit.POLICY_DESCRIPTION),
      statements: [new PolicyStatement({
        effect: Effect.DENY,
        actions: DENIED_ACTIONS,
        resources: Lazy.list({ produce: () => (this.deniedArns.size > MAX_DENIED_ARNS ? ['*'] : [...this.deniedArns]) }),
      }), new PolicyStatement({
        effect: Effect.DENY,
        // AWS authorizes it on the model and the job, never on an inference profile.
        actions: ['bedrock:CreateModelInvocationJob'],
        resources: ['*'],
      })],
    }).managedPolicyArn;
  }

  /** Denies the invocation of an ARN to a role. Returns true if the role is new. */
  public add(role: Role, invokableArn: string): boolean {
    this.deniedArns.add(invokableArn);
    if (this.rolesByAddress.has(role.node.addr)) return false;
    this.rolesByAddress.set(role.node.addr, role);
    return true;
  }

  public get roles(): Role[] {
    return [...this.rolesByAddress.values()];
  }

  /**
   * The roles to which this app attaches as many managed policies as IAM allows by default. Attachments outside of the app are unknown at
   * synth.
   */
  public get rolesWithoutRoom(): Role[] {
    const attached = policiesByRole(Stack.of(this));
    return this.roles.filter((role) => {
      const { managedPolicyArns } = role.node.defaultChild as CfnRole;
      const own: unknown = Stack.of(role).resolve(managedPolicyArns);
      const count = (Array.isArray(own) ? own.length : 0) + (attached.get(JSON.stringify(Stack.of(role).resolve(role.roleName))) ?? 0);
      return count >= MAX_MANAGED_POLICIES;
    });
  }

  /**
   * The permission to attach and detach one policy, which only denies invocations. It covers all roles, since a list of a hundred roles is
   * too long for a policy, and a role may be removed from the app while it has the policy.
   */
  public attachStatement(policyArn = this.policyArn): PolicyStatement {
    return new PolicyStatement({
      actions: ['iam:AttachRolePolicy', 'iam:DetachRolePolicy'],
      resources: [this.anyRole],
      conditions: { ArnEquals: { 'iam:PolicyARN': policyArn } },
    });
  }

  public get anyRole(): string {
    return Stack.of(this).formatArn({ service: 'iam', region: '', resource: 'role', resourceName: '*' });
  }
}

/** The number of managed policies of a stack that list a role, by the name of the role. */
function policiesByRole(stack: Stack): Map<string, number> {
  const counts = new Map<string, number>();
  for (const node of stack.node.findAll()) {
    if (!CfnManagedPolicy.isCfnManagedPolicy(node)) continue;
    const roles: unknown = stack.resolve(node.roles);
    for (const role of Array.isArray(roles) ? roles : []) counts.set(JSON.stringify(role), (counts.get(JSON.stringify(role)) ?? 0) + 1);
  }
  return counts;
}

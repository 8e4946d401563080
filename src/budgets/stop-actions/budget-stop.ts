import { Names, Resource, Stack, TagManager } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Construct, IConstruct } from 'constructs';
import { StackStop } from './stack-stop';
import { StopAction } from './stop-action';
import { addFinding } from '../../estimates/findings';
import { CostEntry, GrantEntry, RegisteredMonitor, ThroughputFacts } from '../../estimates/registry';
import { MAX_PARAMETER_BYTES, StopActionKind } from '../../lambda/stop-spending/contract';
import { MESSAGES } from '../../messages';
import { BudgetScope } from '../scope/budget-scope';

export interface BudgetStopProps {
  readonly budget: BudgetScope;
  readonly tagKey: string;
  /** Undefined in regions where CloudFormation does not have the type. */
  readonly awsBudget: CfnBudget | undefined;
  readonly reservedConcurrentExecutions: number | undefined;
}

/** The stop actions of a budget, with a function in each covered stack that has something to stop. */
export class BudgetStop extends Construct {
  private readonly actions: StopAction[] = [];
  private readonly stacks = new Map<Stack, StackStop>();
  private readonly warned = new Set<string>();
  /** The constructs whose invocations were granted; for a grant on a model, the grantee. */
  private readonly granted = new Set<IConstruct>();
  /** The entries of the kinds that the actions stop, including entries that no action can reach. */
  private readonly targets: CostEntry[] = [];

  constructor(scope: Construct, id: string, private readonly props: BudgetStopProps) {
    super(scope, id);
  }

  public add(action: StopAction): void {
    if (this.actions.some(({ _kind }) => _kind === action._kind)) {
      throw new Error(`${this.path}: the stop action ${action._kind} was already added. Add each action once.`);
    }
    this.actions.push(action);
    const { budget } = this.props;
    if (action._kind === StopActionKind.DENY_INVOCATIONS) {
      budget.onGrant((grant) => {
        if (action._includeCommitments || !grant.committed) this.deny(grant);
      });
    }
    budget.onEntry((entry) => this.stop(entry, action._kind));
  }

  /** True if the actions have any target. */
  public get isArmed(): boolean {
    return this.stacks.size > 0;
  }

  /** The paths of the targets that no action can reach. */
  public get unreached(): string[] {
    return [...new Set(this.targets.filter((entry) => !this.reaches(entry)).map(({ construct }) => construct.node.path))];
  }

  /** The paths of throughput that is not deleted, since the state for buying it again would be too long. */
  public get unrecordable(): string[] {
    const deletable = this.targets.filter(({ throughput }) => isDeletable(throughput)).map(({ construct }) => construct);
    return deletable.filter((construct) => recordBytes(construct) > MAX_PARAMETER_BYTES).map(({ node }) => node.path);
  }

  /** The roles to which IAM may refuse to attach the deny policy, as far as is known at synth. */
  public get withoutRoom(): Role[] {
    return [...this.stacks.values()].flatMap((stack) => stack.withoutRoom);
  }

  public monitors(): RegisteredMonitor[] {
    return [...this.stacks.values()].flatMap((stack) => stack.monitors());
  }

  private reaches({ type, construct, tokenMetrics, batchJobs, throughput }: CostEntry): boolean {
    if (type === 'batch') return batchJobs !== undefined;
    if (type === 'provisioned-throughput') return isDeletable(throughput);
    // A grant on a profile has the profile as its construct. A grant on a model has no entry of an estimate.
    return tokenMetrics?.shared === false ? this.granted.has(construct) : this.granted.size > 0;
  }

  private deny({ grantee, invokableArn, construct }: GrantEntry): void {
    this.granted.add(construct);
    const role = ownRole(grantee.grantPrincipal);
    const path = role?.node.path ?? (Construct.isConstruct(grantee.grantPrincipal) ? grantee.grantPrincipal.node.path : construct.node.path);
    if (role === undefined) {
      this.warn(path, `${path} may invoke ${construct.node.path} and is not a role of this app: its invocations are not denied when ${this.path} is exceeded`);
      return;
    }
    this.stackOf(role)?.addRole(role, invokableArn);
  }

  private stop(entry: CostEntry, kind: StopActionKind): void {
    if (!isTarget(entry, kind)) return;
    this.targets.push(entry);
    const { construct, throughput, batchJobs } = entry;
    const { path } = construct.node;
    if (kind === StopActionKind.STOP_BATCH_JOBS && batchJobs) this.stackOf(construct)?.addBatch(path, batchJobs);
    if (kind === StopActionKind.DELETE_THROUGHPUT && isDeletable(throughput)) {
      this.stackOf(construct)?.addThroughput(path, throughput);
    }
  }

  private stackOf(scope: Construct): StackStop | undefined {
    const stack = Stack.of(scope);
    const { budget, tagKey, awsBudget, reservedConcurrentExecutions } = this.props;
    if (!budget.isInAccount(stack)) {
      this.warn(stack.node.path, `${stack.node.path} is in another account: its usage is not stopped when ${this.path} is exceeded`);
      return undefined;
    }
    let stop = this.stacks.get(stack);
    if (!stop) {
      const own = stack === budget.home;
      const id = own ? 'Home' : `BedrockCostStop${Names.nodeUniqueId(this.node).slice(-8)}`;
      stop = new StackStop(own ? this : stack, id, {
        budget, tagKey, awsBudget: own ? awsBudget : undefined, actions: this.actions, reservedConcurrentExecutions,
      });
      this.stacks.set(stack, stop);
      budget.addStop(stack);
    }
    return stop;
  }

  private warn(key: string, text: string): void {
    if (this.warned.has(key)) return;
    this.warned.add(key);
    addFinding(this.props.budget.budget, MESSAGES.notStoppable, text);
  }

  private get path(): string {
    return this.props.budget.path;
  }
}

/** True for throughput that can be deleted. Throughput with business hours would be bought again the next morning. */
function isDeletable(throughput: CostEntry['throughput']): throughput is ThroughputFacts & { readonly arn: string } {
  return throughput?.arn !== undefined && !throughput.hasBusinessHours;
}

/** True if an action of this kind stops costs such as this one. */
function isTarget({ type, commitment, throughput }: CostEntry, kind: StopActionKind): boolean {
  switch (kind) {
    case StopActionKind.DENY_INVOCATIONS: return type === 'on-demand' || type === 'image';
    case StopActionKind.STOP_BATCH_JOBS: return type === 'batch';
    case StopActionKind.DELETE_THROUGHPUT: return type === 'provisioned-throughput' && commitment === undefined && !throughput?.committed;
  }
}

/** The principal if it is a role that this app creates. The policies of an imported role must not be changed. */
function ownRole(principal: unknown): Role | undefined {
  if (!Construct.isConstruct(principal) || !Role.isRole(principal)) return undefined;
  return Resource.isOwnedResource(principal) && principal.node.defaultChild !== undefined ? principal : undefined;
}

/** The maximum bytes of the ARNs of a throughput and of its model, its name and the library's own tags in the recorded state. */
const BYTES_BESIDES_TAGS = 1200;

/** The length of the recorded state of deleted throughput, as far as its tags are known at synth. */
function recordBytes(construct: IConstruct): number {
  const tags: unknown = Stack.of(construct).resolve(TagManager.of(construct)?.renderedTags);
  return BYTES_BESIDES_TAGS + Buffer.byteLength(JSON.stringify([construct.node.path, tags ?? []]));
}

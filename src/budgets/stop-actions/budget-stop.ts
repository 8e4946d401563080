import { Names, Resource, Stack, TagManager } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Construct, IConstruct } from 'constructs';
import { StackStop } from './stack-stop';
import { StopAction } from './stop-action';
import { mayBeSame } from '../../estimates/environment';
import { addFinding } from '../../estimates/findings';
import { CostEntry, GrantEntry, isBelow, onEntry, onGrant, RegisteredGuard, ThroughputFacts } from '../../estimates/registry';
import { MAX_PARAMETER_BYTES, StopActionKind } from '../../lambda/stop-spending/contract';
import { MESSAGES } from '../../messages';
import { WatchContext } from '../alarms/context';

export interface BudgetStopProps {
  readonly context: WatchContext;
  readonly tagKey: string;
  /** Left out where CloudFormation has no such type. */
  readonly awsBudget: CfnBudget | undefined;
  readonly reservedConcurrentExecutions: number | undefined;
}

/** Stops what a budget covers, now and later, when it is exceeded: in each stack by itself. */
export class BudgetStop extends Construct {
  /** The actions that the user asks for. */
  private readonly actions: StopAction[] = [];
  private readonly stacks = new Map<Stack, StackStop>();
  private readonly told = new Set<string>();
  /** Whose invocations were granted to somebody, and who it was if what was granted is a model. */
  private readonly granted = new Set<IConstruct>();
  /** What an action that was asked for is about, whether it reaches it or not. */
  private readonly meant: CostEntry[] = [];

  constructor(scope: Construct, id: string, private readonly props: BudgetStopProps) {
    super(scope, id);
  }

  public add(action: StopAction): void {
    if (this.actions.some(({ _kind }) => _kind === action._kind)) {
      throw new Error(`${this.path}: the stop action ${action._kind} was already added. Add each action once.`);
    }
    this.actions.push(action);
    const { context: { covers } } = this.props;
    if (action._kind === StopActionKind.DENY_INVOCATIONS) {
      onGrant(this, (grant) => {
        if (isBelow(grant.construct, covers) && (action._includeCommitments || !grant.committed)) this.deny(grant);
      });
    }
    onEntry(this, (entry) => {
      if (isBelow(entry.construct, covers)) this.stop(entry, action._kind);
    });
  }

  /** Whether there is something that an alarm would stop. */
  public get isArmed(): boolean {
    return this.stacks.size > 0;
  }

  /** The other regions in which an alarm waits for the money spent by the whole budget. */
  public get regions(): string[] {
    return [...new Set([...this.stacks.keys()].map(({ region }) => region))].filter((region) => region !== Stack.of(this).region);
  }

  /** The paths of what goes on although an action is about it: nothing in this app tells how to stop it. */
  public get unreached(): string[] {
    return [...new Set(this.meant.filter((entry) => !this.reaches(entry)).map(({ construct }) => construct.node.path))];
  }

  /** The paths of throughput that is not deleted, since it could not be recorded for buying it again. */
  public get unrecordable(): string[] {
    const deletable = this.meant.filter(({ throughput }) => isDeletable(throughput)).map(({ construct }) => construct);
    return deletable.filter((construct) => recordBytes(construct) > MAX_PARAMETER_BYTES).map(({ node }) => node.path);
  }

  /** The roles that have no room for the policy that denies invocations, as far as is known at synth. */
  public get withoutRoom(): Role[] {
    return [...this.stacks.values()].flatMap((stack) => stack.withoutRoom);
  }

  public guards(): RegisteredGuard[] {
    return [...this.stacks.values()].flatMap((stack) => stack.guards());
  }

  private reaches({ type, construct, tokenMetrics, batchJobs, throughput }: CostEntry): boolean {
    if (type === 'batch') return batchJobs !== undefined;
    if (type === 'provisioned-throughput') return isDeletable(throughput);
    // A profile is granted by itself. A model is granted to somebody, and which estimate that is about is not known.
    return tokenMetrics?.shared === false ? this.granted.has(construct) : this.granted.size > 0;
  }

  private deny({ grantee, invokableArn, construct }: GrantEntry): void {
    this.granted.add(construct);
    const role = ownRole(grantee.grantPrincipal);
    const path = role?.node.path ?? (Construct.isConstruct(grantee.grantPrincipal) ? grantee.grantPrincipal.node.path : construct.node.path);
    if (role === undefined) {
      this.tell(path, `${path} may invoke ${construct.node.path} and is no role of this app: it is not stopped when ${this.path} is exceeded`);
      return;
    }
    this.stackOf(role)?.addRole(role, invokableArn);
  }

  private stop(entry: CostEntry, kind: StopActionKind): void {
    if (!isMeant(entry, kind)) return;
    this.meant.push(entry);
    const { construct, throughput, batchJobs } = entry;
    const { path } = construct.node;
    if (kind === StopActionKind.STOP_BATCH_JOBS && batchJobs) this.stackOf(construct)?.addBatch(path, batchJobs);
    if (kind === StopActionKind.DELETE_THROUGHPUT && isDeletable(throughput)) {
      this.stackOf(construct)?.addThroughput(path, throughput);
    }
  }

  private stackOf(scope: Construct): StackStop | undefined {
    const stack = Stack.of(scope);
    const home = Stack.of(this);
    if (!mayBeSame(stack.account, home.account)) {
      this.tell(stack.node.path, `${stack.node.path} is of another account: nothing in it is stopped when ${this.path} is exceeded`);
      return undefined;
    }
    let stop = this.stacks.get(stack);
    if (!stop) {
      const { context, tagKey, awsBudget, reservedConcurrentExecutions } = this.props;
      const own = stack === home;
      const id = own ? 'Home' : `BedrockCostStop${Names.nodeUniqueId(this.node).slice(-8)}`;
      stop = new StackStop(own ? this : stack, id, {
        context, tagKey, awsBudget: own ? awsBudget : undefined, actions: this.actions, reservedConcurrentExecutions,
      });
      this.stacks.set(stack, stop);
    }
    return stop;
  }

  private tell(key: string, text: string): void {
    if (this.told.has(key)) return;
    this.told.add(key);
    addFinding(this.props.context.budget, MESSAGES.notStoppable, text);
  }

  private get path(): string {
    return this.props.context.budget.node.path;
  }
}

/** What has business hours would be bought again the next morning. */
function isDeletable(throughput: CostEntry['throughput']): throughput is ThroughputFacts & { readonly arn: string } {
  return throughput?.arn !== undefined && throughput.businessHoursPerMonth === undefined;
}

/** Whether an action is about what costs this. */
function isMeant({ type, commitment, throughput }: CostEntry, kind: StopActionKind): boolean {
  switch (kind) {
    case StopActionKind.DENY_INVOCATIONS: return type === 'on-demand' || type === 'image';
    case StopActionKind.STOP_BATCH_JOBS: return type === 'batch';
    case StopActionKind.DELETE_THROUGHPUT: return type === 'provisioned-throughput' && commitment === undefined && !throughput?.committed;
  }
}

/** The role, if it is one that this app makes: what it imports may have any name, and policies that it must not touch. */
function ownRole(principal: unknown): Role | undefined {
  if (!Construct.isConstruct(principal) || !Role.isRole(principal)) return undefined;
  return Resource.isOwnedResource(principal) && principal.node.defaultChild !== undefined ? principal : undefined;
}

/** The most bytes that the ARNs of a throughput and of its model, its name and the library's own tags take in its record. */
const BYTES_BESIDES_TAGS = 1200;

/** How long the record of throughput is that was deleted, as far as its tags are known at synth. */
function recordBytes(construct: IConstruct): number {
  const tags: unknown = Stack.of(construct).resolve(TagManager.of(construct)?.renderedTags);
  return BYTES_BESIDES_TAGS + Buffer.byteLength(JSON.stringify([construct.node.path, tags ?? []]));
}

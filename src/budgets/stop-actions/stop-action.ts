import { boolean, requireArguments, ShapesOf, struct } from '../../estimates/shape';
import { markAs } from '../../input/brand';
import { StopActionKind } from '../../lambda/stop-spending/contract';

/** How an action is carried out. */
export interface StopActionOptions {
  /**
   * True: the action only says what it would do, to the budget's topic and in its log.
   * @default false
   */
  readonly dryRun?: boolean;
}

/** How invocations are denied. */
export interface DenyInvocationsOptions extends StopActionOptions {
  /**
   * True: invocations of provisioned throughput that has a commitment are denied, too. That saves nothing, since AWS bills
   * it until the end of its term.
   * @default false
   */
  readonly includeCommitments?: boolean;
}

const STOP_OPTIONS = { dryRun: boolean() } satisfies ShapesOf<StopActionOptions>;
const DENY_OPTIONS = { ...STOP_OPTIONS, includeCommitments: boolean() } satisfies ShapesOf<DenyInvocationsOptions>;
const STOP_SHAPES = { options: struct('an object such as { dryRun: true }', STOP_OPTIONS) };
const DENY_SHAPES = { options: struct('an object such as { dryRun: true }', DENY_OPTIONS) };

/**
 * An action that is carried out when a budget is exceeded: `budget.addStopAction(action)`.
 *
 * An alarm on the money spent this month starts it within minutes. It is undone when the alarm ends, at the beginning of
 * the new month or when the limit is raised, or by hand. The budget's topic is notified of everything that is done, of what
 * fails, and of errors of the function itself.
 *
 * The function takes `{"do":"stop"}`, `{"do":"undo"}`, `{"do":"status"}` and `{"do":"verify"}` from everybody who has
 * `lambda:InvokeFunction` on it: grant that as you would grant stopping and undoing.
 */
export class StopAction {
  /**
   * Denies new invocations and new batch jobs to the roles that were granted them through this library.
   *
   * These are the grantees of `grantInvoke` of the covered resources, and the roles of the covered batch jobs.
   *
   * While the budget is stopped, the function checks every `countInterval` that the roles still have the policy, attaches it where it is
   * missing, to roles that were deployed since as well, and notifies the topic. The check never starts a stop. Somebody who wants a role to
   * go on has to undo the stop, which ends the checks, too.
   *
   * As a second line, an AWS Budgets action attaches a policy of its own with the same statements when the bill is over the limit, 8 to 12
   * hours late. An undo does not detach that one: AWS Budgets does so at the start of its next period, or when you reverse the action in
   * its console. Regions without AWS Budgets in CloudFormation have no second line.
   *
   * Roles that this app only imports cannot be stopped: the report names them. In a stack with more than 40 different models and profiles,
   * the policy denies every invocation by these roles. IAM attaches 10 managed policies to a role unless its quota is raised: synth warns
   * of roles of this app that have no room for one more.
   *
   * Provisioned throughput that has a commitment can still be invoked, since denying it would save nothing. New batch jobs are denied for
   * every model: AWS does not authorize them by inference profile.
   *
   * Undo it before you delete the stack: IAM keeps a role that still has the policy.
   *
   * @see https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-controls.html
   */
  public static denyInvocations(options: DenyInvocationsOptions = {}): StopAction {
    requireArguments('StopAction.denyInvocations: ', { options }, DENY_SHAPES);
    return new StopAction(StopActionKind.DENY_INVOCATIONS, options.dryRun ?? false, options.includeCommitments ?? false);
  }

  /**
   * Stops the batch jobs that run. What they have processed is billed; the rest has to be submitted again. Jobs that are
   * submitted later run all the same, unless `denyInvocations` is added, too.
   */
  public static stopBatchJobs(options: StopActionOptions = {}): StopAction {
    requireArguments('StopAction.stopBatchJobs: ', { options }, STOP_SHAPES);
    return new StopAction(StopActionKind.STOP_BATCH_JOBS, options.dryRun ?? false);
  }

  /**
   * Deletes provisioned throughput that has no commitment, which AWS bills by the hour. It is bought again when the action is undone, and
   * then has a new ARN. Callers get it with the next deployment that changes the construct: changing a tag is enough. What its stack has
   * removed or replaced meanwhile is not bought again; AWS may have no capacity or quota for it any more, of which the topic is notified.
   *
   * Each deletion is recorded in an SSM parameter of its own: the throughput's name, ARNs and tags take 4,096 bytes at most: synth warns of
   * tags that are too long. The parameters stay when the stack is deleted.
   */
  public static deleteUncommittedThroughput(options: StopActionOptions = {}): StopAction {
    requireArguments('StopAction.deleteUncommittedThroughput: ', { options }, STOP_SHAPES);
    return new StopAction(StopActionKind.DELETE_THROUGHPUT, options.dryRun ?? false);
  }

  /** @internal */
  public readonly _kind: StopActionKind;
  /** @internal */
  public readonly _dryRun: boolean;

  /** @internal */
  public readonly _includeCommitments: boolean;

  private constructor(kind: StopActionKind, dryRun: boolean, includeCommitments = false) {
    markAs('StopAction', this);
    this._kind = kind;
    this._dryRun = dryRun;
    this._includeCommitments = includeCommitments;
  }
}

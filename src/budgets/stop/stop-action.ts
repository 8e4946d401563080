import { StopActionKind } from '../../handlers/stop-spending.contract';

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

/**
 * What is done when a budget is exceeded: `budget.onExceeded(action)`.
 *
 * An alarm on the money spent this month starts it within minutes. It is undone when the alarm ends, at the beginning of
 * the new month or when the limit is raised, or by hand; everything that is done is told to the budget's topic.
 */
export class StopAction {
  /**
   * Denies new invocations, and new batch jobs, to every role that was granted them through this library: with
   * `grantInvoke` of what the budget covers, and of the batch jobs that it covers.
   *
   * As a second line, an AWS Budgets action attaches the same policy when the bill is over the limit, 8 to 12 hours late.
   * Roles that this app only imports cannot be stopped: the report names them. In a stack with more than 40 different models
   * and profiles, the policy denies every invocation by these roles.
   *
   * Provisioned throughput that has a commitment can still be invoked, since denying it would save nothing. New batch jobs
   * are denied for every model: AWS does not authorize them by inference profile.
   *
   * Undo it before you delete the stack: IAM keeps a role that still has the policy. AWS Budgets detaches what it has
   * attached at the beginning of its next period; until then, undo it by hand.
   *
   * @see https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-controls.html
   */
  public static denyInvocations(options: DenyInvocationsOptions = {}): StopAction {
    return new StopAction(StopActionKind.DENY_INVOCATIONS, options.dryRun ?? false, options.includeCommitments ?? false);
  }

  /**
   * Stops the batch jobs that run. What they have processed is billed; the rest has to be submitted again. Jobs that are
   * submitted later run all the same, unless `denyInvocations` is added, too.
   */
  public static stopBatchJobs(options: StopActionOptions = {}): StopAction {
    return new StopAction(StopActionKind.STOP_BATCH_JOBS, options.dryRun ?? false);
  }

  /**
   * Deletes provisioned throughput that has no commitment, which AWS bills by the hour. It is bought again when the action
   * is undone, and then has another ARN, which its users get with the next deployment that changes the construct, such as
   * by another tag.
   */
  public static deleteUncommittedThroughput(options: StopActionOptions = {}): StopAction {
    return new StopAction(StopActionKind.DELETE_THROUGHPUT, options.dryRun ?? false);
  }

  /** @internal */
  public readonly _kind: StopActionKind;
  /** @internal */
  public readonly _dryRun: boolean;

  /** @internal */
  public readonly _includeCommitments: boolean;

  private constructor(kind: StopActionKind, dryRun: boolean, includeCommitments = false) {
    this._kind = kind;
    this._dryRun = dryRun;
    this._includeCommitments = includeCommitments;
  }
}

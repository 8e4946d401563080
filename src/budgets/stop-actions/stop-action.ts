import { boolean, requireArguments, ShapesOf, struct } from '../../estimates/shape';
import { markAs } from '../../input/brand';
import { StopActionKind } from '../../lambda/stop-spending/contract';

/** Options of a stop action. */
export interface StopActionOptions {
  /**
   * Whether the action only reports its targets, to the budget's topic and in its log, and changes nothing.
   * @default false
   */
  readonly dryRun?: boolean;
}

/** Options of `StopAction.denyInvocations`. */
export interface DenyInvocationsOptions extends StopActionOptions {
  /**
   * Whether invocations of provisioned throughput with a commitment are denied, too. This saves no cost, since AWS bills the throughput
   * until the end of its term.
   * @default false
   */
  readonly includeCommitments?: boolean;
}

const STOP_OPTIONS = { dryRun: boolean() } satisfies ShapesOf<StopActionOptions>;
const DENY_OPTIONS = { ...STOP_OPTIONS, includeCommitments: boolean() } satisfies ShapesOf<DenyInvocationsOptions>;
const STOP_SHAPES = { options: struct('an object such as { dryRun: true }', STOP_OPTIONS) };
const DENY_SHAPES = { options: struct('an object such as { dryRun: true }', DENY_OPTIONS) };

/**
 * Action that ends spending when a budget is exceeded: `budget.addStopAction(action)`.
 *
 * An alarm on the month-to-date cost starts it within minutes. It is undone when the alarm ends, at the start of the next month or with a
 * higher limit, or manually. The budget's topic is notified of each change, of each failed change, and of errors of the function.
 *
 * The function accepts the events `{"do":"stop"}`, `{"do":"undo"}`, `{"do":"status"}` and `{"do":"verify"}` from every principal with
 * `lambda:InvokeFunction` on it. Grant this permission only to principals that may stop and undo.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html
 */
export class StopAction {
  /**
   * Denies new invocations and new batch jobs to the grantees of `grantInvoke` of the covered resources and to the roles of batch jobs.
   *
   * Imported roles are not denied; synth warns of them. New batch jobs are denied for every model, since AWS does not authorize them by
   * inference profile. In a stack with more than 40 models and profiles, all invocations by the roles are denied.
   *
   * A check every `countInterval` attaches the policy where it is missing, also to new roles, until the stop is undone. IAM attaches 10
   * managed policies to a role by default; synth warns of roles without room for another one. Undo the stop before you delete the stack:
   * IAM does not delete a role that has the policy.
   *
   * An AWS Budgets action attaches a second policy with the same statements when the bill exceeds the limit, 8 to 12 hours late. An undo
   * does not detach it: AWS Budgets does, at the start of its next period or when you reverse the action in its console. It is left out in
   * regions where CloudFormation has no AWS Budgets.
   *
   * @see https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-controls.html
   */
  public static denyInvocations(options: DenyInvocationsOptions = {}): StopAction {
    requireArguments('StopAction.denyInvocations: ', { options }, DENY_SHAPES);
    return new StopAction(StopActionKind.DENY_INVOCATIONS, options.dryRun ?? false, options.includeCommitments ?? false);
  }

  /**
   * Stops running batch jobs. Processed records are billed; the other records must be submitted again. Jobs that are submitted later are not
   * stopped: add `denyInvocations` to prevent them.
   *
   * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_StopModelInvocationJob.html
   */
  public static stopBatchJobs(options: StopActionOptions = {}): StopAction {
    requireArguments('StopAction.stopBatchJobs: ', { options }, STOP_SHAPES);
    return new StopAction(StopActionKind.STOP_BATCH_JOBS, options.dryRun ?? false);
  }

  /**
   * Deletes provisioned throughput without a commitment, which AWS bills by the hour.
   *
   * An undo buys it again, with a new ARN. Callers receive the ARN with the next deployment that changes the construct, such as by a tag.
   * Throughput that its stack has removed or replaced in the meantime is not bought again. If AWS has no capacity or quota for it, the topic
   * is notified.
   *
   * Each deletion is recorded in an SSM parameter, which is retained after the stack. The name, ARNs and tags of the throughput must fit into
   * 4,096 bytes: synth warns of tags that are too long.
   *
   * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_DeleteProvisionedModelThroughput.html
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

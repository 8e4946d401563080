import { Limit } from '../../aws/limits';

/** Actions that a budget takes when it is exceeded. */
export const StopActionKind = {
  /** Attach a policy that denies new invocations to the roles that were granted them. */
  DENY_INVOCATIONS: 'deny-invocations',
  /** Stop the batch jobs that run. */
  STOP_BATCH_JOBS: 'stop-batch-jobs',
  /** Delete provisioned throughput that has no commitment. */
  DELETE_THROUGHPUT: 'delete-uncommitted-throughput',
} as const;
export type StopActionKind = (typeof StopActionKind)[keyof typeof StopActionKind];

/** The environment variables of the function. Long values are in parameters (`TARGETS_PATH`). */
export const StopEnv = {
  /** The value of the dimension `Budget`, for messages. */
  BUDGET: 'BUDGET',
  /** JSON of `StopStep[]`. */
  STEPS: 'STEPS',
  /** The path of the SSM parameters whose values are JSON of `StopTarget[]`. They are read in any order. */
  TARGETS_PATH: 'TARGETS_PATH',
  /** The name of the SSM parameter that holds the state of the stop: the `StopRecord` without the deleted throughput. */
  RECORD_PARAMETER: 'RECORD_PARAMETER',
  /**
   * The path of the SSM parameters that hold a `DeletedThroughput` each. The function creates them, not CloudFormation, which would
   * rewrite them. Their number is not limited.
   */
  DELETED_PATH: 'DELETED_PATH',
  /** The ARN of the policy that denies invocations; left out without that action. */
  DENY_POLICY_ARN: 'DENY_POLICY_ARN',
  /** The ARN of the policy that an AWS Budgets action attaches. The function only reads it; left out without that action. */
  BUDGET_ACTION_POLICY_ARN: 'BUDGET_ACTION_POLICY_ARN',
  /** The topic to notify. */
  TOPIC_ARN: 'TOPIC_ARN',
  /** The budget's own alarm. Events of other alarms are refused. */
  ALARM_ARN: 'ALARM_ARN',
  /** JSON of `BudgetCount`. */
  COUNT: 'COUNT',
} as const;

/** The parameter that holds the counted totals of the whole budget, and the limits that they are compared with. */
export interface BudgetCount {
  /** The name of the SSM parameter: `totals` by month (`YYYY-MM`) and budget, and `asOf`, in seconds since 1970. */
  readonly parameter: string;
  readonly region: string;
  /** The age from which a total is ignored. */
  readonly maxAgeSeconds: number;
  readonly limitUsd: string;
  /** The limits of individual months, which replace `limitUsd`. */
  readonly plannedLimitsUsd?: { readonly [month: string]: string };
}

export interface StopStep {
  readonly action: StopActionKind;
  /** Reports the action without taking it. */
  readonly dryRun: boolean;
}

/** A resource whose spending can be stopped. */
export type StopTarget =
  | { readonly role: string }
  | { readonly batch: string; readonly jobNamePrefix: string; readonly roleArn: string }
  /** The name identifies throughput that another budget has deleted and bought again under another ARN. */
  | { readonly throughput: string; readonly arn: string; readonly name?: string };

/** The event that a CloudWatch alarm sends to a function that is one of its actions, with the fields that are read. */
export interface AlarmEvent {
  readonly source: 'aws.cloudwatch';
  readonly alarmArn: string;
  readonly time: string;
  readonly alarmData: {
    readonly alarmName: string;
    readonly state: { readonly value: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'; readonly reason?: string };
  };
}

/**
 * The event of a manual invocation (`aws lambda invoke --payload '{"do":"undo"}'`), which returns the `StopRecord`.
 *
 * The schedule of the function sends `verify`: while the budget is stopped, it attaches the deny policy again to roles that have
 * lost it, and deletes throughput that is recorded as deleted and still exists. It never starts a stop.
 */
export interface ManualEvent {
  readonly do: 'stop' | 'undo' | 'status' | 'verify';
}

/**
 * The state of a stop, with the actions that were taken and are not undone.
 *
 * `state` is the desired state, written before any action is taken; `denied`, `deleted` and `failed` are the progress towards it.
 */
export interface StopRecord {
  readonly state: 'running' | 'stopped';
  /** The time of the change to this state, ISO 8601; left out before the first stop. */
  readonly since?: string;
  /** The time of the newest event that was handled. Older events that arrive later are stale. */
  readonly asOf?: string;
  /** The alarm, or `by hand`. */
  readonly by?: string;
  /** The number of roles that have the policy. */
  readonly denied?: number;
  readonly stoppedJobs?: number;
  /** Throughput to buy again. */
  readonly deleted?: readonly DeletedThroughput[];
  /** Throughput that was bought again while its stack has the former ARN: the current ARN by the former one. */
  readonly restored?: { readonly [arn: string]: string };
  /** The number of actions that failed in the last attempt to reach this state. */
  readonly failed?: number;
}

/** The largest value of a standard parameter, in bytes. */
export const MAX_PARAMETER_BYTES = Limit.PARAMETER_VALUE;

/** The properties that buy deleted throughput again. */
export interface DeletedThroughput {
  /** The construct's path. */
  readonly resource: string;
  /** The ARN that its stack has. */
  readonly arn: string;
  /** The ARN at its deletion, if it differs from `arn` because an earlier stop was undone. */
  readonly lastArn?: string;
  readonly name: string;
  readonly modelArn: string;
  readonly modelUnits: number;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
}

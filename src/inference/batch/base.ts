import { Duration, Stack, Token } from 'aws-cdk-lib';
import { Metric, MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { IntegrationPattern, IStateMachine, TaskInput, TaskStateBase } from 'aws-cdk-lib/aws-stepfunctions';
import { StepFunctionsStartExecution as RunBatch } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct, IConstruct } from 'constructs';
import { checkInput } from './input';
import { BatchTaskOptions } from './props';
import { TASK_SHAPES } from './shapes';
import { metricOptions, requireMetricName } from '../../estimates/metric-options';
import { acceptArguments, IN_SCOPE, requireArguments, requireGrantee } from '../../estimates/shape';
import { BatchMetricName, RunRequest } from '../../lambda/batch-inference/contract';
import { Dimension, NAMESPACE } from '../../lambda/month-to-date/contract';
import { InputChecks } from '../input-checks';

/** Batch inference, created in this app or imported. */
export interface IBatchInference extends IConstruct {
  /** The state machine: one execution is one run. */
  readonly stateMachine: IStateMachine;

  /** The value of the dimension `Resource` of its metrics in the namespace `CdkBedrockCost`. */
  readonly batchInferenceName: string;

  /** Grants `states:StartExecution`, which starts a run. */
  grantStart(grantee: IGrantable): Grant;

  /**
   * Creates a run as a step of another state machine, which waits for its end and fails if the run fails.
   *
   * The result is that of the execution: its `Output` has the counts of records, the cost and the location of the results. Step Functions
   * starts the step once. Each retry that you add starts another run at full price, which neither `usage` nor `schedule` includes. With a
   * `requestId`, a second execution for the same request runs no records: it succeeds if the first one did, and otherwise fails with
   * `DuplicateRequest`.
   *
   * @param scope a construct in the account and region of the batch
   * @param id the name of the state
   * @param options the request and its input
   * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html
   */
  asTask(scope: Construct, id: string, options?: BatchTaskOptions): TaskStateBase;

  /** A metric of the state machine (namespace `AWS/States`). */
  metric(metricName: string, props?: MetricOptions): Metric;

  /** Runs that were started. */
  metricStarted(props?: MetricOptions): Metric;

  /** Runs that succeeded: the percentage of records without a result is at most `toleratedFailurePercentage`. */
  metricSucceeded(props?: MetricOptions): Metric;

  /** Runs that failed: they were refused, or left more records without a result than is tolerated. */
  metricFailed(props?: MetricOptions): Metric;

  /** Runs that did not end within a day of the timeout of their jobs, for each attempt at a record and each wave of jobs. */
  metricTimedOut(props?: MetricOptions): Metric;

  /** Average duration of runs in milliseconds. */
  metricTime(props?: MetricOptions): Metric;

  /** Actual cost of runs in US dollars, computed from the token counts in their results: the sum over 5 minutes by default. */
  metricCostUsd(props?: MetricOptions): Metric;

  /** Estimated cost of runs in US dollars before they are submitted: the sum over 5 minutes by default. */
  metricEstimatedCostUsd(props?: MetricOptions): Metric;

  /** The larger ratio of the cost of a run to its estimate or of the estimate to the cost: the maximum over 5 minutes by default. */
  metricCostDeviation(props?: MetricOptions): Metric;

  /** Records without a result: the sum over 5 minutes by default. */
  metricDeadLetters(props?: MetricOptions): Metric;
}

/**
 * The grants and metrics of batch inference that is created or imported.
 *
 * @internal
 */
export abstract class BatchInferenceBase extends Construct implements IBatchInference {
  /** The state machine: one execution is one run. */
  public abstract readonly stateMachine: IStateMachine;
  /** The value of the dimension `Resource` of its metrics in the namespace `CdkBedrockCost`. */
  public abstract readonly batchInferenceName: string;

  /** Grants `states:StartExecution`, which starts a run. */
  public grantStart(grantee: IGrantable): Grant {
    requireGrantee(this, 'grantStart', grantee);
    return this.stateMachine.grantStartExecution(grantee);
  }

  /**
   * Creates a run as a step of another state machine, which waits for its end and fails if the run fails.
   *
   * The result is that of the execution: its `Output` has the counts of records, the cost and the location of the results. Step Functions
   * starts the step once. Each retry that you add starts another run at full price, which neither `usage` nor `schedule` includes. With a
   * `requestId`, a second execution for the same request runs no records: it succeeds if the first one did, and otherwise fails with
   * `DuplicateRequest`.
   *
   * @param scope a construct in the account and region of the batch
   * @param id the name of the state
   * @param options the request and its input
   * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html
   */
  public asTask(scope: Construct, id: string, options: BatchTaskOptions = {}): TaskStateBase {
    requireArguments(`${this.node.path}: asTask.`, { scope, id }, IN_SCOPE);
    const isAccepted = acceptArguments(this, 'asTask', { options }, TASK_SHAPES) && this.taskChecks(scope, options).passed(this);
    return new RunBatch(scope, id, {
      stateMachine: this.stateMachine,
      integrationPattern: IntegrationPattern.RUN_JOB,
      comment: `Amazon Bedrock batch inference of ${this.node.path}`,
      // Without an input, the whole state of the other machine would be the request.
      input: TaskInput.fromObject(isAccepted ? requestOf(options) : {}),
    });
  }

  /** A metric of the state machine (namespace `AWS/States`). The metrics of Amazon Bedrock count the tokens of a model, not of a job. */
  public metric(metricName: string, props?: MetricOptions): Metric {
    requireMetricName(this, metricName);
    return this.stateMachine.metric(metricName, this.options(props));
  }

  /** Runs that were started. */
  public metricStarted(props?: MetricOptions): Metric {
    return this.stateMachine.metricStarted(this.options(props));
  }

  /** Runs that succeeded: the percentage of records without a result is at most `toleratedFailurePercentage`. */
  public metricSucceeded(props?: MetricOptions): Metric {
    return this.stateMachine.metricSucceeded(this.options(props));
  }

  /** Runs that failed: they were refused, or left more records without a result than is tolerated. */
  public metricFailed(props?: MetricOptions): Metric {
    return this.stateMachine.metricFailed(this.options(props));
  }

  /** Runs that did not end within a day of the timeout of their jobs, for each attempt at a record and each wave of jobs. */
  public metricTimedOut(props?: MetricOptions): Metric {
    return this.stateMachine.metricTimedOut(this.options(props));
  }

  /** Average duration of runs in milliseconds. */
  public metricTime(props?: MetricOptions): Metric {
    return this.stateMachine.metricTime(this.options(props));
  }

  /** Actual cost of runs in US dollars, computed from the token counts in their results: the sum over 5 minutes by default. */
  public metricCostUsd(props?: MetricOptions): Metric {
    return this.runMetric(BatchMetricName.COST, Stats.SUM, props);
  }

  /** Estimated cost of runs in US dollars before they are submitted: the sum over 5 minutes by default. */
  public metricEstimatedCostUsd(props?: MetricOptions): Metric {
    return this.runMetric(BatchMetricName.ESTIMATED_COST, Stats.SUM, props);
  }

  /** The larger ratio of the cost of a run to its estimate or of the estimate to the cost: the maximum over 5 minutes by default. */
  public metricCostDeviation(props?: MetricOptions): Metric {
    return this.runMetric(BatchMetricName.COST_DEVIATION, Stats.MAXIMUM, props);
  }

  /** Records without a result: the sum over 5 minutes by default. */
  public metricDeadLetters(props?: MetricOptions): Metric {
    return this.runMetric(BatchMetricName.DEAD_LETTERS, Stats.SUM, props);
  }

  private runMetric(metricName: string, statistic: string, props?: MetricOptions): Metric {
    return new Metric({
      namespace: NAMESPACE,
      metricName,
      dimensionsMap: { [Dimension.RESOURCE]: this.batchInferenceName },
      statistic,
      period: Duration.minutes(5),
      ...this.options(props),
    }).attachTo(this);
  }

  /** The options of a metric. CDK assumes the stack's account and region for a metric of an imported state machine. */
  private options(props?: MetricOptions): MetricOptions {
    return { ...this.elsewhere(Stack.of(this)), ...metricOptions(this, props) };
  }

  /** The account and the region of the state machine, as far as they are known and differ from those of a stack. */
  private elsewhere(stack: Stack): Pick<MetricOptions, 'account' | 'region'> {
    const { account, region } = this.stateMachine.env;
    const differs = (theirs: string, ours: string) => !Token.isUnresolved(theirs) && theirs !== ours;
    return { ...(differs(account, stack.account) ? { account } : {}), ...(differs(region, stack.region) ? { region } : {}) };
  }

  private taskChecks(scope: Construct, { input }: BatchTaskOptions): InputChecks {
    const stack = Stack.of(scope);
    const { account, region } = this.elsewhere(stack);
    const isElsewhere = (theirs: string | undefined, ours: string) => theirs !== undefined && !Token.isUnresolved(ours);
    const checks = new InputChecks()
      .refuseIf(isElsewhere(account, stack.account) || isElsewhere(region, stack.region), 'asTask.scope',
        'must be in the account and region of the batch, since Step Functions starts executions in no others', 'Start it with grantStart.')
      .refuseIf(input?._kind === 'manifest', 'asTask.input', 'must be a prefix or a file, got a manifest', 'Use BatchInput.prefix or BatchInput.file.');
    checkInput(checks, 'asTask.input', input);
    return checks;
  }
}

/** The input of an execution. */
function requestOf({ requestId, input }: BatchTaskOptions): RunRequest {
  return {
    ...(requestId === undefined ? {} : { requestId }),
    ...(input && (input._kind === 'file' ? { inputKey: input._path } : { inputPrefix: input._path })),
  };
}

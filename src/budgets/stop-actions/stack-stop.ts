import { ArnFormat, Aws, Duration, Fn, Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { AwsBudgetsAction } from './aws-budgets-action';
import { DenyPolicy } from './deny-policy';
import { StopAction } from './stop-action';
import { StopTargets } from './stop-targets';
import { Limit } from '../../aws/limits';
import { addFinding } from '../../estimates/findings';
import { BatchFacts, RegisteredMonitor, ThroughputFacts } from '../../estimates/registry';
import { isMissingType } from '../../estimates/resource-types';
import { registeredMonitor, RunningCost } from '../../estimates/running-cost';
import { HANDLER_MEMORY, handlerFunction } from '../../functions/handler-function';
import { acknowledgeWildcards } from '../../functions/nag-acknowledgements';
import { MetricName } from '../../lambda/month-to-date/contract';
import { BudgetCount, ManualEvent, StopActionKind, StopEnv, StopRecord, StopStep } from '../../lambda/stop-spending/contract';
import { MESSAGES } from '../../messages';
import { decimal } from '../../pricing/decimal';
import { purchaseArns } from '../../pricing/model-id';
import { limitText, shareOfLimit, shorten } from '../scope/budget-metrics';
import { BudgetScope } from '../scope/budget-scope';
import { slug } from '../scope/names';

export interface StackStopProps {
  readonly budget: BudgetScope;
  readonly tagKey: string;
  /** The AWS::Budgets::Budget of the budget if it is in this stack. Otherwise, one without notifications is created. */
  readonly awsBudget: CfnBudget | undefined;
  /** The actions of the budget; may grow until synth. */
  readonly actions: readonly StopAction[];
  readonly reservedConcurrentExecutions: number | undefined;
}

/** Consecutive missing counts after which a total is too old to be used. */
const COUNTS_UNTIL_OLD = 3;

/** Duration of a run that checks the policy, rounded up. */
const SECONDS_OF_CHECK = 1;

/**
 * The stop actions for one stack of a budget: a function, and the alarm that starts it.
 *
 * They are in the stack of the resources that they stop, like the monitors. The cost of the whole budget is published in the region of the
 * stack.
 *
 * The ids of its constructs (`Denial`, `SecondLine`) are part of logical ids, and so keep their names.
 */
export class StackStop extends Construct {
  /** A fixed name, since the function and its permission name the alarm, which depends on both. */
  private readonly alarmName: string;
  private readonly handler: LambdaFunction;
  private readonly targets: StopTargets;
  private denyPolicy: DenyPolicy | undefined;
  private awsBudgetsAction: AwsBudgetsAction | undefined;
  private isChecked = false;
  private readonly allowed = new Set<string>();

  constructor(scope: Construct, id: string, private readonly props: StackStopProps) {
    super(scope, id);
    const { budget } = props;
    const stack = Stack.of(this);
    const name = slug(`${budget.name} in ${stack.node.path}`);
    const path = `/cdk-bedrock-cost/${name}`;
    this.alarmName = `cdk-bedrock-cost-${name}-exceeded`;
    this.targets = new StopTargets(this, 'Targets', `${path}/targets`);
    const record = new CfnParameter(this, 'Record', {
      name: `${path}/record`,
      type: 'String',
      description: 'State of the stop actions of the budget',
      value: JSON.stringify({ state: 'running' } satisfies StopRecord),
    });
    // The function creates the parameters below it. The path contains the id of the stack, since this stack cannot buy back throughput
    // that an earlier stack of the same name has deleted.
    const deletedPath = `${path}/deleted/${Fn.select(2, Fn.split('/', Aws.STACK_ID))}`;
    // Retained after the stack, as the log of all stops.
    const logGroup = new LogGroup(this, 'Logs', { retention: RetentionDays.ONE_YEAR, removalPolicy: RemovalPolicy.RETAIN });
    this.handler = handlerFunction(this, 'Handler', {
      bundle: 'stop-spending',
      entry: 'handler',
      description: `Stops the usage of Amazon Bedrock when ${budget.path} is exceeded; to undo it manually: {"do":"undo"}`.slice(0, Limit.FUNCTION_DESCRIPTION),
      logGroup,
      timeout: Duration.minutes(15),
      reservedConcurrentExecutions: props.reservedConcurrentExecutions,
      environment: {
        [StopEnv.BUDGET]: budget.name,
        [StopEnv.STEPS]: Lazy.uncachedString({ produce: () => JSON.stringify(this.steps) }),
        [StopEnv.TARGETS_PATH]: this.targets.path,
        [StopEnv.RECORD_PARAMETER]: record.ref,
        [StopEnv.DELETED_PATH]: deletedPath,
        [StopEnv.TOPIC_ARN]: budget.topics.arnIn(stack),
        [StopEnv.ALARM_ARN]: this.alarmArn,
        [StopEnv.COUNT]: Lazy.uncachedString({ produce: () => stack.toJsonString(this.count) }),
      },
    });
    this.allow(['ssm:GetParameter'], [this.countArn]);
    this.allow(['ssm:GetParametersByPath'], [this.parameterArn(this.targets.path), this.parameterArn(`${this.targets.path}/*`)]);
    this.allow(['ssm:GetParameter', 'ssm:PutParameter'], [this.parameterArn(`${path}/record`)]);
    this.allow(['ssm:GetParametersByPath'], [this.parameterArn(deletedPath), this.parameterArn(`${deletedPath}/*`)]);
    this.allow(['ssm:GetParameter', 'ssm:PutParameter', 'ssm:DeleteParameter'], [this.parameterArn(`${deletedPath}/*`)]);
    budget.topics.grantPublish(stack, this.handler);
    this.notifyOfFailures(budget.topics.arnIn(stack));
    this.explainToNag();
    this.startBy(this.trigger());
  }

  /** Denies the invocation of an ARN to a role. */
  public addRole(role: Role, invokableArn: string): void {
    this.denyPolicy ??= this.createDenyPolicy();
    if (!this.denyPolicy.add(role, invokableArn)) return;
    this.targets.add({ role: role.roleName });
    this.awsBudgetsAction?.extend();
  }

  /** Stops the jobs of a batch construct. */
  public addBatch(path: string, { jobNamePrefix, roleArn }: BatchFacts): void {
    this.targets.add({ batch: path, jobNamePrefix, roleArn });
    const jobs = Stack.of(this).formatArn({ service: 'bedrock', resource: 'model-invocation-job', resourceName: '*' });
    this.allow(['bedrock:ListModelInvocationJobs'], ['*']);
    this.allow(['bedrock:StopModelInvocationJob', 'bedrock:GetModelInvocationJob'], [jobs]);
    this.explainToNag();
  }

  /** Deletes provisioned throughput, and buys it again with an undo. */
  public addThroughput(path: string, { arn, name, modelArn }: Pick<ThroughputFacts, 'name' | 'modelArn'> & { readonly arn: string }): void {
    this.targets.add({ throughput: path, arn, name });
    if (this.hasAction(StopActionKind.DELETE_THROUGHPUT)) this.scheduleCheck();
    const anyThroughput = Stack.of(this).formatArn({ service: 'bedrock', resource: 'provisioned-model', resourceName: '*' });
    this.allow([
      'bedrock:GetProvisionedModelThroughput', 'bedrock:DeleteProvisionedModelThroughput', 'bedrock:ListTagsForResource',
      'bedrock:CreateProvisionedModelThroughput', 'bedrock:TagResource',
    ], [anyThroughput, ...(modelArn === undefined ? [] : purchaseArns(modelArn))]);
    this.explainToNag();
  }

  public monitors(): RegisteredMonitor[] {
    const { budget } = this.props;
    const { plannedLimitsUsd, interval } = budget.settings;
    const checks = this.isChecked ? Math.ceil(budget.hoursPerMonth() * 60 / interval.toMinutes()) : 0;
    return [
      registeredMonitor(this, 'stop actions', 'minutes after the limit is exceeded', new RunningCost()
        .add('cloudwatch-alarm-metric', plannedLimitsUsd ? 3 : 2, 'metrics that alarms read')
        .add('lambda-request', checks, 'checks')
        .add('lambda-gb-second-arm', decimal(checks).times(decimal(SECONDS_OF_CHECK * HANDLER_MEMORY)).div(decimal(1024)), `checks of about ${SECONDS_OF_CHECK} s`)
        .add('scheduler-invocation', checks, 'scheduled checks')),
      ...this.awsBudgetsAction?.monitors() ?? [],
    ];
  }

  /** The roles to which IAM may refuse to attach the policy. A dry run attaches no policy. */
  public get withoutRoom(): Role[] {
    return this.hasAction(StopActionKind.DENY_INVOCATIONS) ? this.denyPolicy?.rolesWithoutRoom ?? [] : [];
  }

  /** The actions in their order: invocations are denied first, since a job that is submitted after the others were stopped would continue. */
  private get steps(): StopStep[] {
    const order = Object.values(StopActionKind);
    return this.props.actions
      .map(({ _kind: action, _dryRun: dryRun }) => ({ action, dryRun }))
      .sort((a, b) => order.indexOf(a.action) - order.indexOf(b.action));
  }

  private hasAction(kind: StopActionKind): boolean {
    return this.props.actions.some(({ _kind, _dryRun }) => _kind === kind && !_dryRun);
  }

  /** Creates the deny policy, the permission to attach it, and the AWS Budgets action. */
  private createDenyPolicy(): DenyPolicy {
    const { budget, tagKey, awsBudget } = this.props;
    const denyPolicy = new DenyPolicy(this, 'Denial', budget.path);
    this.handler.addEnvironment(StopEnv.DENY_POLICY_ARN, denyPolicy.policyArn);
    this.handler.addToRolePolicy(denyPolicy.attachStatement());
    this.allow(['iam:ListEntitiesForPolicy'], [denyPolicy.policyArn]);
    if (this.hasAction(StopActionKind.DENY_INVOCATIONS)) {
      this.scheduleCheck();
      if (isMissingType(this, 'AWS::Budgets::BudgetsAction')) {
        const { region } = Stack.of(this);
        addFinding(budget.budget, MESSAGES.notInRegion, `CloudFormation has no AWS::Budgets::BudgetsAction in ${region}: the stop actions of ${Stack.of(this).node.path} have no AWS Budgets action`);
      } else {
        this.awsBudgetsAction = new AwsBudgetsAction(this, 'SecondLine', { budget, denyPolicy, tagKey, awsBudget });
        this.handler.addEnvironment(StopEnv.BUDGET_ACTION_POLICY_ARN, this.awsBudgetsAction.policyArn);
        this.allow(['iam:ListEntitiesForPolicy'], [this.awsBudgetsAction.policyArn]);
      }
    } else {
      // A dry run only reads, with a request that has no policy as its resource.
      this.allow(['iam:ListAttachedRolePolicies'], [denyPolicy.anyRole]);
    }
    this.explainToNag();
    return denyPolicy;
  }

  /** Schedules a check that attaches missing policies while the budget is stopped, at the interval at which its cost is counted. */
  private scheduleCheck(): void {
    if (this.isChecked) return;
    this.isChecked = true;
    const minutes = this.props.budget.settings.interval.toMinutes();
    const role = new Role(this, 'ScheduleRole', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } } }),
      inlinePolicies: {
        Invoke: new PolicyDocument({ statements: [new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [this.handler.functionArn] })] }),
      },
    });
    new CfnSchedule(this, 'Schedule', {
      description: `Amazon Bedrock: check of the stop of ${this.props.budget.path}`.slice(0, Limit.SCHEDULE_DESCRIPTION),
      scheduleExpression: `rate(${minutes} minute${minutes === 1 ? '' : 's'})`,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: this.handler.functionArn,
        roleArn: role.roleArn,
        input: JSON.stringify({ do: 'verify' } satisfies ManualEvent),
        // The next check follows within minutes.
        retryPolicy: { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 900 },
      },
    });
  }

  /**
   * Notifies the topic of failed runs. Lambda tries an event three times within minutes. It retries an event that it cannot start, for
   * example because of too many concurrent functions, for six hours, and then sends the event to the topic. A queue is not needed: a manual
   * invocation does the same.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
   */
  private notifyOfFailures(topicArn: string): void {
    this.handler.configureAsyncInvoke({ retryAttempts: 2, maxEventAge: Duration.hours(6), onFailure: { bind: () => ({ destination: topicArn }) } });
    const { budget } = this.props;
    new CfnAlarm(this, 'Failing', {
      alarmDescription: shorten(`The function that stops the usage of ${Stack.of(this).node.path} when ${budget.path} is exceeded has failed: `
        + 'usage may continue that must be stopped, or be denied that is allowed again. Lambda retries it within minutes. The log of the function has the reason.'),
      namespace: 'AWS/Lambda',
      metricName: 'Errors',
      dimensions: [{ name: 'FunctionName', value: this.handler.functionName }],
      statistic: 'Sum',
      period: 300,
      evaluationPeriods: 1,
      comparisonOperator: 'GreaterThanThreshold',
      threshold: 0,
      treatMissingData: 'notBreaching',
      alarmActions: [topicArn],
    });
  }

  private trigger(): CfnAlarm {
    const { budget } = this.props;
    return new CfnAlarm(this, 'Exceeded', {
      alarmName: this.alarmName,
      ...shareOfLimit(budget, MetricName.MONTH_TO_DATE, 100),
      alarmDescription: shorten(`Amazon Bedrock has cost more than the ${limitText(budget)} of ${budget.path}: `
        + 'its stop actions are started. They are undone when this alarm ends, at the start of the next month or with a higher limit.'),
      evaluationPeriods: 1,
      alarmActions: [this.handler.functionArn, budget.topics.arnIn(Stack.of(this))],
      okActions: [this.handler.functionArn],
    });
  }

  /**
   * Allows this alarm to invoke the function, and no other alarm of the account.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html
   */
  private startBy(alarm: CfnAlarm): void {
    this.handler.addPermission('Alarm', {
      principal: new ServicePrincipal('lambda.alarms.cloudwatch.amazonaws.com'),
      sourceAccount: Stack.of(this).account,
      sourceArn: this.alarmArn,
    });
    // An alarm that fires before it may invoke the function would have no effect.
    alarm.node.addDependency(this.targets, this.handler.node.findChild('Alarm'));
  }

  private get alarmArn(): string {
    return Stack.of(this).formatArn({ service: 'cloudwatch', resource: 'alarm', resourceName: this.alarmName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  }

  /** The location of the month-to-date cost of the whole budget, a parameter of the month-to-date function of its stack. */
  private get count(): BudgetCount {
    const { budget } = this.props;
    const { home, settings: { interval }, limits } = budget;
    return {
      parameter: budget.ledgerIn(home),
      region: home.region,
      maxAgeSeconds: interval.toSeconds() * COUNTS_UNTIL_OLD,
      ...limits,
    };
  }

  private get countArn(): string {
    // The name is final at synthesis.
    const resourceName = Lazy.uncachedString({ produce: () => this.count.parameter.slice(1) });
    return this.props.budget.home.formatArn({ service: 'ssm', resource: 'parameter', resourceName });
  }

  private allow(actions: string[], resources: string[]): void {
    const key = JSON.stringify([actions, resources]);
    if (this.allowed.has(key)) return;
    this.allowed.add(key);
    this.handler.addToRolePolicy(new PolicyStatement({ actions, resources }));
  }

  private parameterArn(name: string): string {
    return Stack.of(this).formatArn({ service: 'ssm', resource: 'parameter', resourceName: name.slice(1) });
  }

  private explainToNag(): void {
    acknowledgeWildcards(this, 'the targets are parameters below one path, the deny policy is detached from every role that has it, AWS chooses the ids of jobs and of provisioned throughput, and listing jobs has no resources');
  }
}

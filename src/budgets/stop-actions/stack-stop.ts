import { ArnFormat, Aws, Duration, Fn, Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { Denial } from './denial';
import { SecondLine } from './second-line';
import { StopAction } from './stop-action';
import { StopTargets } from './stop-targets';
import { Limit } from '../../aws/limits';
import { addFinding } from '../../estimates/findings';
import { BatchFacts, RegisteredGuard, ThroughputFacts } from '../../estimates/registry';
import { isMissingType } from '../../estimates/resource-types';
import { guard, RunningCost } from '../../estimates/running-cost';
import { HANDLER_MEMORY, handlerFunction } from '../../functions/handler-function';
import { acknowledgeWildcards } from '../../functions/nag-acknowledgements';
import { MetricName } from '../../lambda/month-to-date/contract';
import { BudgetCount, ManualEvent, StopActionKind, StopEnv, StopRecord, StopStep } from '../../lambda/stop-spending/contract';
import { MESSAGES } from '../../messages';
import { decimal, toText } from '../../pricing/decimal';
import { purchaseArns } from '../../pricing/model-id';
import { limitText, shareOfLimit } from '../alarms/budget-metrics';
import { WatchContext } from '../alarms/context';
import { ledgerPath, slug } from '../alarms/names';
import { shorten } from '../alarms/spend-alarm';

export interface StackStopProps {
  readonly context: WatchContext;
  readonly tagKey: string;
  /** The budget's own AWS::Budgets::Budget where it stands in this stack; else one is made, which notifies nobody. */
  readonly awsBudget: CfnBudget | undefined;
  /** The actions that the user asks for; computed at synth. */
  readonly actions: readonly StopAction[];
  readonly reservedConcurrentExecutions: number | undefined;
}

/** So many counts in a row may be missing before a total says nothing any more. */
const COUNTS_UNTIL_OLD = 3;

/** Duration of a run that checks the policy, rounded up. */
const SECONDS_OF_CHECK = 1;

/**
 * What stops the spending of one stack's part of a budget: a function, started by an alarm that stands beside it.
 *
 * It stands in the stack of what it stops, as everything that watches does; the money spent by the whole budget is
 * published into its region.
 */
export class StackStop extends Construct {
  /** Fixed, so that function and permission can name the alarm, which depends on both. */
  private readonly alarmName: string;
  private readonly handler: LambdaFunction;
  private readonly targets: StopTargets;
  private denial: Denial | undefined;
  private secondLine: SecondLine | undefined;
  private isChecked = false;
  private readonly allowed = new Set<string>();

  constructor(scope: Construct, id: string, private readonly props: StackStopProps) {
    super(scope, id);
    const { context } = props;
    const stack = Stack.of(this);
    const name = slug(`${context.name} in ${stack.node.path}`);
    const path = `/cdk-bedrock-cost/${name}`;
    this.alarmName = `cdk-bedrock-cost-${name}-exceeded`;
    this.targets = new StopTargets(this, 'Targets', `${path}/targets`);
    const record = new CfnParameter(this, 'Record', {
      name: `${path}/record`,
      type: 'String',
      description: 'Whether the budget has stopped spending',
      value: JSON.stringify({ state: 'running' } satisfies StopRecord),
    });
    // The function makes the parameters below it. With the id of the stack: what a stack of the same name has deleted before
    // is nothing that this one could buy again.
    const deletedPath = `${path}/deleted/${Fn.select(2, Fn.split('/', Aws.STACK_ID))}`;
    // Outlives the stack: it is the record of who stopped what, and when.
    const logGroup = new LogGroup(this, 'Logs', { retention: RetentionDays.ONE_YEAR, removalPolicy: RemovalPolicy.RETAIN });
    this.handler = handlerFunction(this, 'Handler', {
      bundle: 'stop-spending',
      entry: 'handler',
      description: `Stops what Amazon Bedrock costs when ${context.budget.node.path} is exceeded; to undo by hand: {"do":"undo"}`.slice(0, Limit.FUNCTION_DESCRIPTION),
      logGroup,
      timeout: Duration.minutes(15),
      reservedConcurrentExecutions: props.reservedConcurrentExecutions,
      environment: {
        [StopEnv.BUDGET]: context.name,
        [StopEnv.STEPS]: Lazy.string({ produce: () => JSON.stringify(this.steps) }),
        [StopEnv.TARGETS_PATH]: this.targets.path,
        [StopEnv.RECORD_PARAMETER]: record.ref,
        [StopEnv.DELETED_PATH]: deletedPath,
        [StopEnv.TOPIC_ARN]: context.topics.arnIn(stack),
        [StopEnv.ALARM_ARN]: this.alarmArn,
        [StopEnv.COUNT]: Lazy.string({ produce: () => stack.toJsonString(this.count) }),
      },
    });
    this.allow(['ssm:GetParameter'], [this.countArn]);
    this.allow(['ssm:GetParametersByPath'], [this.parameterArn(this.targets.path), this.parameterArn(`${this.targets.path}/*`)]);
    this.allow(['ssm:GetParameter', 'ssm:PutParameter'], [this.parameterArn(`${path}/record`)]);
    this.allow(['ssm:GetParametersByPath'], [this.parameterArn(deletedPath), this.parameterArn(`${deletedPath}/*`)]);
    this.allow(['ssm:GetParameter', 'ssm:PutParameter', 'ssm:DeleteParameter'], [this.parameterArn(`${deletedPath}/*`)]);
    context.topics.grantPublish(stack, this.handler);
    this.notifyOfFailures(context.topics.arnIn(stack));
    this.explainToNag();
    this.startedBy(this.trigger());
  }

  /** Denies invocations of something to a role. */
  public addRole(role: Role, invokableArn: string): void {
    this.denial ??= this.makeDenial();
    if (!this.denial.add(role, invokableArn)) return;
    this.targets.add({ role: role.roleName });
    this.secondLine?.extend();
  }

  /** Stops the jobs of a batch construct. */
  public addBatch(path: string, { jobNamePrefix, roleArn }: BatchFacts): void {
    this.targets.add({ batch: path, jobNamePrefix, roleArn });
    const jobs = Stack.of(this).formatArn({ service: 'bedrock', resource: 'model-invocation-job', resourceName: '*' });
    this.allow(['bedrock:ListModelInvocationJobs'], ['*']);
    this.allow(['bedrock:StopModelInvocationJob', 'bedrock:GetModelInvocationJob'], [jobs]);
    this.explainToNag();
  }

  /** Deletes provisioned throughput, and buys it again. */
  public addThroughput(path: string, { arn, name, modelArn }: Pick<ThroughputFacts, 'name' | 'modelArn'> & { readonly arn: string }): void {
    this.targets.add({ throughput: path, arn, name });
    if (this.wants(StopActionKind.DELETE_THROUGHPUT)) this.check();
    const anyone = Stack.of(this).formatArn({ service: 'bedrock', resource: 'provisioned-model', resourceName: '*' });
    this.allow([
      'bedrock:GetProvisionedModelThroughput', 'bedrock:DeleteProvisionedModelThroughput', 'bedrock:ListTagsForResource',
      'bedrock:CreateProvisionedModelThroughput', 'bedrock:TagResource',
    ], [anyone, ...(modelArn === undefined ? [] : purchaseArns(modelArn))]);
    this.explainToNag();
  }

  /** What it costs a month itself. */
  public guards(): RegisteredGuard[] {
    const { plannedLimitsUsd, hoursPerMonth, interval } = this.props.context;
    const checks = this.isChecked ? Math.ceil(hoursPerMonth() * 60 / interval.toMinutes()) : 0;
    return [
      guard(this, 'stop actions', 'minutes after the limit is exceeded', new RunningCost()
        .add('cloudwatch-alarm-metric', plannedLimitsUsd ? 3 : 2, 'metrics that alarms read')
        .add('lambda-request', checks, 'checks')
        .add('lambda-gb-second-arm', decimal(checks).times(decimal(SECONDS_OF_CHECK * HANDLER_MEMORY)).div(decimal(1024)), `checks of about ${SECONDS_OF_CHECK} s`)
        .add('scheduler-invocation', checks, 'scheduled checks')),
      ...this.secondLine?.guards() ?? [],
    ];
  }

  /** The roles to which IAM may not attach the policy; in a dry run it attaches none. */
  public get withoutRoom(): Role[] {
    return this.wants(StopActionKind.DENY_INVOCATIONS) ? this.denial?.rolesWithoutRoom ?? [] : [];
  }

  /** Denying comes first, whatever the order: a job that is submitted after the others were stopped would run on. */
  private get steps(): StopStep[] {
    const order = Object.values(StopActionKind);
    return this.props.actions
      .map(({ _kind: action, _dryRun: dryRun }) => ({ action, dryRun }))
      .sort((a, b) => order.indexOf(a.action) - order.indexOf(b.action));
  }

  private wants(kind: StopActionKind): boolean {
    return this.props.actions.some(({ _kind, _dryRun }) => _kind === kind && !_dryRun);
  }

  /** What the roles may no longer do while the budget is exceeded, who may attach it, and AWS Budgets behind it. */
  private makeDenial(): Denial {
    const { context, tagKey, awsBudget } = this.props;
    const denial = new Denial(this, 'Denial', context.budget.node.path);
    this.handler.addEnvironment(StopEnv.DENY_POLICY_ARN, denial.policyArn);
    this.handler.addToRolePolicy(denial.attachment());
    this.allow(['iam:ListEntitiesForPolicy'], [denial.policyArn]);
    if (this.wants(StopActionKind.DENY_INVOCATIONS)) {
      this.check();
      if (isMissingType(this, 'AWS::Budgets::BudgetsAction')) {
        const { region } = Stack.of(this);
        addFinding(context.budget, MESSAGES.notInRegion, `CloudFormation has no AWS::Budgets::BudgetsAction in ${region}: the stop of ${Stack.of(this).node.path} has no second line`);
      } else {
        this.secondLine = new SecondLine(this, 'SecondLine', { context, denial, tagKey, awsBudget });
        this.handler.addEnvironment(StopEnv.SECOND_LINE_POLICY_ARN, this.secondLine.policyArn);
        this.allow(['iam:ListEntitiesForPolicy'], [this.secondLine.policyArn]);
      }
    } else {
      // A dry run looks, and names no policy when it does.
      this.allow(['iam:ListAttachedRolePolicies'], [denial.anyRole]);
    }
    this.explainToNag();
    return denial;
  }

  /** A check of what is missing while the budget is stopped, as often as its cost is counted. */
  private check(): void {
    if (this.isChecked) return;
    this.isChecked = true;
    const minutes = this.props.context.interval.toMinutes();
    const role = new Role(this, 'ScheduleRole', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } } }),
      inlinePolicies: {
        Invoke: new PolicyDocument({ statements: [new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [this.handler.functionArn] })] }),
      },
    });
    new CfnSchedule(this, 'Schedule', {
      description: `Amazon Bedrock: check of the stop of ${this.props.context.budget.node.path}`.slice(0, Limit.SCHEDULE_DESCRIPTION),
      scheduleExpression: `rate(${minutes} minute${minutes === 1 ? '' : 's'})`,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: this.handler.functionArn,
        roleArn: role.roleArn,
        input: JSON.stringify({ do: 'verify' } satisfies ManualEvent),
        // The next check is minutes away.
        retryPolicy: { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 900 },
      },
    });
  }

  /**
   * Lambda tries an event three times within minutes, and one that it cannot start, such as for too many functions at once, for
   * six hours; then it sends the event to the topic. No queue would keep it better: an invocation by hand does the same.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
   */
  private notifyOfFailures(topicArn: string): void {
    this.handler.configureAsyncInvoke({ retryAttempts: 2, maxEventAge: Duration.hours(6), onFailure: { bind: () => ({ destination: topicArn }) } });
    const { budget } = this.props.context;
    new CfnAlarm(this, 'Failing', {
      alarmDescription: shorten(`The function that stops what ${Stack.of(this).node.path} spends when ${budget.node.path} is exceeded has failed: `
        + 'something may go on that should be stopped, or be denied that is allowed again. It is tried again within minutes; the log of the function says why it failed.'),
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
    const { context } = this.props;
    return new CfnAlarm(this, 'Exceeded', {
      alarmName: this.alarmName,
      ...shareOfLimit(context, MetricName.MONTH_TO_DATE, 100),
      alarmDescription: shorten(`Bedrock has cost more than the ${limitText(context)} of ${context.budget.node.path}: `
        + 'its spending is being stopped. When this alarm ends, at the beginning of the month or with a higher limit, that is undone.'),
      evaluationPeriods: 1,
      alarmActions: [this.handler.functionArn, context.topics.arnIn(Stack.of(this))],
      okActions: [this.handler.functionArn],
    });
  }

  /**
   * Lets this alarm invoke the function, and no other alarm of the account.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html
   */
  private startedBy(alarm: CfnAlarm): void {
    this.handler.addPermission('Alarm', {
      principal: new ServicePrincipal('lambda.alarms.cloudwatch.amazonaws.com'),
      sourceAccount: Stack.of(this).account,
      sourceArn: this.alarmArn,
    });
    // An alarm that fires before the function may be invoked would stop nothing.
    alarm.node.addDependency(this.targets, this.handler.node.findChild('Alarm'));
  }

  private get alarmArn(): string {
    return Stack.of(this).formatArn({ service: 'cloudwatch', resource: 'alarm', resourceName: this.alarmName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  }

  /** Where the function of the budget's own stack keeps what it has counted. */
  private get count(): BudgetCount {
    const { name, limit, plannedLimitsUsd: planned, interval } = this.props.context;
    return {
      parameter: `${ledgerPath(name, this.home)}/1`,
      region: this.home.region,
      maxAgeSeconds: interval.toSeconds() * COUNTS_UNTIL_OLD,
      limitUsd: toText(limit),
      ...(planned ? { plannedLimitsUsd: Object.fromEntries(Object.entries(planned).map(([month, usd]) => [month, toText(decimal(usd))])) } : {}),
    };
  }

  private get countArn(): string {
    return this.home.formatArn({ service: 'ssm', resource: 'parameter', resourceName: this.count.parameter.slice(1) });
  }

  private get home(): Stack {
    return Stack.of(this.props.context.budget);
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
    acknowledgeWildcards(this, 'the targets are parameters below one path, the policy that denies is taken back from whoever has it, AWS chooses the ids of jobs and of provisioned throughput, and listing jobs has no resources');
  }
}

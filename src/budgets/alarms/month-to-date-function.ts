import { Aws, Duration, Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { Limit } from '../../aws/limits';
import { addFinding } from '../../estimates/findings';
import { oncePerSynthesis, RegisteredMonitor } from '../../estimates/registry';
import { registeredMonitor, RunningCost } from '../../estimates/running-cost';
import { HANDLER_MEMORY, handlerFunction } from '../../functions/handler-function';
import { acknowledgeWildcards } from '../../functions/nag-acknowledgements';
import { printableLines } from '../../input/one-line';
import { EMPTY_LEDGER, MonthToDateEnv, NAMESPACE, RECOUNT_HOURS, StackRequest } from '../../lambda/month-to-date/contract';
import { MESSAGES } from '../../messages';
import { decimal } from '../../pricing/decimal';
import { shorten } from '../scope/budget-metrics';
import { differentPrices, MeterTerm } from '../scope/meter';
import { scheduleName } from '../scope/names';
import { StackMonitorPlan } from '../scope/stack-monitor-plan';
import { StackPlans } from '../scope/stack-plans';
import { StackCounts } from '../scope/stack-request';

/** The maximum length of the input of the schedule, with room for the values of tokens. */
const MAX_INPUT = Limit.SCHEDULE_INPUT - 12_144;
/** The beginning of a token in a text. */
const TOKEN_BEGIN = '${Token[';
/** The maximum length of the value of a token in a request. The longest ones are ARNs, with their references and joins. */
const MAX_TOKEN_VALUE = 8_192;
/** The maximum number of budgets of one function: their totals of two months are in one parameter of 4 KB. */
const MAX_BUDGETS = 50;
/** The duration of a run, as measured against an emulator, rounded up. */
const SECONDS_OF_RUN = 2;
const FAILURES_IN_A_ROW = 3;
const WILDCARDS = 'reading CloudWatch metrics and listing batch jobs has no resources, publishing is bound to a namespace, AWS chooses the ids of jobs, '
  + 'and the counts are stored in parameters below one path';

const SHARED = new WeakMap<Stack, MonthToDateFunction>();

/**
 * The function that counts the month-to-date cost of a stack, and its schedule: for the only budget of the stack, or for all of them.
 *
 * It is in the stack of the resources: CloudWatch metrics are regional, and names that CloudFormation chooses at deployment are
 * known there without a reference across stacks. The request is the input of its schedule, since an environment variable would be too
 * small. The function reads it from the schedule: an event only starts a run, so a caller cannot change the costs that are counted.
 *
 * Its state is in SSM parameters below a path that only its own role may write. The first parameter is created here, further ones by
 * the function, since their number depends on the number of meters that are removed in a month.
 */
export class MonthToDateFunction extends Construct {
  /** The function that the budgets of a stack share. */
  public static sharedIn(stack: Stack): MonthToDateFunction {
    const { functionId, plans } = StackPlans.of(stack);
    const known = SHARED.get(stack) ?? new MonthToDateFunction(stack, functionId, plans);
    SHARED.set(stack, known);
    return known;
  }

  private readonly handler: LambdaFunction;
  private readonly stack: Stack;
  private readonly name: string;
  /** The keys of grants and findings that were added already. */
  private readonly done = new Set<unknown>();
  private failureAlarms = 0;

  /** @param plans the plans of the budgets that the function counts for; may grow */
  constructor(scope: Construct, id: string, private readonly plans: readonly StackMonitorPlan[]) {
    super(scope, id);
    this.stack = Stack.of(this);
    this.name = scheduleName(plans[0].functionName);
    const ledger = new CfnParameter(this, 'Ledger', {
      name: this.ledgerName,
      type: 'String',
      description: 'Month-to-date cost of Amazon Bedrock, as counted by the function of the stack',
      value: EMPTY_LEDGER,
    });
    const logGroup = new LogGroup(this, 'Logs', { retention: RetentionDays.THREE_MONTHS, removalPolicy: RemovalPolicy.DESTROY });
    this.handler = handlerFunction(this, 'Handler', {
      bundle: 'month-to-date',
      entry: 'handler',
      description: `Counts the month-to-date cost of Amazon Bedrock for ${this.counted}`.slice(0, Limit.FUNCTION_DESCRIPTION),
      logGroup,
      timeout: Duration.minutes(5),
      environment: {
        [MonthToDateEnv.SCHEDULE]: this.name,
        // A reference, since the function must be deleted before the parameter, or it could create it again.
        [MonthToDateEnv.LEDGER_PARAMETER]: ledger.ref,
        [MonthToDateEnv.STACK_ID]: Aws.STACK_ID,
      },
    });
    this.allow(['scheduler:GetSchedule'], this.stack.formatArn({ service: 'scheduler', resource: 'schedule', resourceName: `default/${this.name}` }));
    this.allow(['ssm:GetParameter', 'ssm:PutParameter'], this.parameterArn(this.stack, () => pageOf(this.ledgerName, '*')));
    this.allow(['ssm:DeleteParameter'], this.parameterArn(this.stack, () => this.ledgerName));
    // Metrics of AWS only: the metrics that this function publishes can be published by every principal with the permission.
    this.allow(['cloudwatch:GetMetricData', 'cloudwatch:ListMetrics'], '*');
    this.handler.addToRolePolicy(new PolicyStatement({
      actions: ['cloudwatch:PutMetricData'],
      resources: ['*'],
      conditions: { StringEquals: { 'cloudwatch:namespace': NAMESPACE } },
    }));
    this.startSchedule();
  }

  /** Adds the permissions that its plans need, and alarms for the topics of their budgets. Called again when a plan has grown. */
  public update(): void {
    for (const plan of this.plans) {
      this.grantReadParts(plan);
      if (plan.throughputs.some(({ throughput: { arn } }) => arn !== undefined)) this.grantReadThroughput();
      for (const { batchJobs } of plan.batches) {
        this.once('jobs', () => {
          this.allow(['bedrock:ListModelInvocationJobs'], '*');
          this.allow(['bedrock:GetModelInvocationJob'], this.stack.formatArn({ service: 'bedrock', resource: 'model-invocation-job', resourceName: '*' }));
        });
        this.once(batchJobs, () => batchJobs.grantReadResults(this.handler));
      }
    }
    if (this.plans.length > 1) this.warnOfHigherPrices();
    while (this.topicArns.length > this.failureAlarms * Limit.ALARM_ACTIONS) this.addFailureAlarm();
    acknowledgeWildcards(this, WILDCARDS);
  }

  /** The monitors of one of its plans. The first plan has the cost of the function; each plan has the cost of its metrics. */
  public monitorsOf(plan: StackMonitorPlan): RegisteredMonitor[] {
    const minutes = this.interval.toMinutes();
    const hours = plan.scope.hoursPerMonth();
    const runs = Math.ceil(hours * 60 / minutes);
    const ofMonth = { runs, recounts: Math.ceil(hours / RECOUNT_HOURS) };
    const { counts } = this;
    const cost = new RunningCost();
    const isFirst = plan === this.plans[0];
    if (isFirst) cost.add('cloudwatch-alarm-metric', this.failureAlarms, this.failureAlarms === 1 ? 'alarm on failed runs' : 'alarms on failed runs');
    cost.add('cloudwatch-custom-metric', plan.metricsPublished, 'metrics that are published');
    if (isFirst) {
      cost.add('cloudwatch-get-metric-data', counts.metricsRead(ofMonth), 'metrics that are read, if all are in use')
        .add('cloudwatch-request', counts.requests(ofMonth), 'requests that list and publish metrics')
        .add('lambda-request', runs, 'runs')
        .add('lambda-gb-second-arm', decimal(runs).times(decimal(SECONDS_OF_RUN * HANDLER_MEMORY)).div(decimal(1024)), `runs of about ${SECONDS_OF_RUN} s`)
        .add('scheduler-invocation', runs, 'scheduled starts');
    }
    const part = isFirst && this.plans.length > 1 ? `month to date of ${this.plans.length} budgets` : 'month to date';
    return isFirst || plan.metricsPublished > 0 ? [registeredMonitor(this, part, `up to ${minutes} minutes, and the delay of CloudWatch`, cost)] : [];
  }

  /** Warns of a model that is called directly, if another budget has a higher price for it, which then counts for all budgets. */
  private warnOfHigherPrices(): void {
    for (const meter of this.counts.meters.filter(({ pricesDiffer }) => pricesDiffer)) {
      for (const { scope, meters } of this.plans) {
        const own = meters.find(({ key }) => key === meter.key);
        if (own && !own.pricesDiffer && !isEqual(own.terms, meter.terms)) {
          this.once(`${scope.name} ${meter.key}`, () => addFinding(scope.budget, MESSAGES.highestPriceCounts, differentPrices(meter)));
        }
      }
    }
  }

  private grantReadParts({ isHome, scope }: StackMonitorPlan): void {
    for (const stack of isHome ? scope.partStacks : []) {
      // Lazy, since another stage may be built later, when the name of its ledger is final.
      this.once(scope.ledgerIn(stack), () => this.allow(['ssm:GetParameter'], this.parameterArn(stack, () => pageOf(scope.ledgerIn(stack), '*'))));
    }
  }

  /** Grants access to all throughput of the account: throughput that a stop action deletes is bought again under another ARN. */
  private grantReadThroughput(): void {
    this.once('purchases', () => {
      this.allow(['bedrock:GetProvisionedModelThroughput'], this.stack.formatArn({ service: 'bedrock', resource: 'provisioned-model', resourceName: '*' }));
    });
  }

  /**
   * Adds an alarm on failed runs: missing data would otherwise look like $0, and the last amount of a part would be added up forever.
   *
   * In the stack of a budget whose alarms read token metrics, another alarm notifies when no cost is counted (`NotCounted`). Otherwise, this
   * one does: without runs, there are no datapoints of errors. Its first state is the one without data, so it does not notify before the
   * first run.
   */
  private addFailureAlarm(): void {
    const first = this.failureAlarms * Limit.ALARM_ACTIONS;
    this.failureAlarms += 1;
    const topicArns = Lazy.list({ produce: () => this.topicArns.slice(first, first + Limit.ALARM_ACTIONS) });
    new CfnAlarm(this, `Failing${this.failureAlarms === 1 ? '' : this.failureAlarms}`, {
      alarmDescription: Lazy.string({ produce: () => shorten(this.describeFailure()) }),
      namespace: 'AWS/Lambda',
      metricName: 'Errors',
      dimensions: [{ name: 'FunctionName', value: this.handler.functionName }],
      statistic: 'Sum',
      period: this.interval.toSeconds(),
      evaluationPeriods: FAILURES_IN_A_ROW,
      datapointsToAlarm: FAILURES_IN_A_ROW,
      comparisonOperator: 'GreaterThanThreshold',
      threshold: 0,
      alarmActions: topicArns,
      ...(this.isSilenceMonitored ? { treatMissingData: 'notBreaching' } : { treatMissingData: 'missing', insufficientDataActions: topicArns }),
    });
  }

  private describeFailure(): string {
    const { path } = this.stack.node;
    const [{ hasTokenAlarms, scope: budget }] = this.plans;
    const silence = this.isSilenceMonitored ? '' : `, or has not been counted for ${FAILURES_IN_A_ROW * this.interval.toMinutes()} minutes`;
    const failure = `could not be counted ${FAILURES_IN_A_ROW} times in a row${silence}`;
    return hasTokenAlarms
      ? `The cost of ${budget.path} in ${path} ${failure}: the cost is unknown, and the limit is not monitored. The log of the function has the reason.`
      : `The cost of Amazon Bedrock in ${path} ${failure}: the limits of some or all of these budgets are not monitored: `
        + `${this.plans.map(({ scope }) => scope.path).join(', ')}. The log of the function has the reason.`;
  }

  /** True where an alarm on the total of the budget notifies when its datapoints end. */
  private get isSilenceMonitored(): boolean {
    const [{ hasTokenAlarms, isHome }] = this.plans;
    return hasTokenAlarms && isHome;
  }

  private startSchedule(): void {
    const role = new Role(this, 'ScheduleRole', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': this.stack.account } } }),
    });
    role.addToPrincipalPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [this.handler.functionArn] }));
    const schedule = new CfnSchedule(this, 'Schedule', {
      name: this.name,
      description: `Amazon Bedrock: month to date of ${this.counted}`.slice(0, Limit.SCHEDULE_DESCRIPTION),
      scheduleExpression: this.scheduleExpression,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: this.handler.functionArn,
        roleArn: role.roleArn,
        // Not cached: constructs may be added before the app is synthesized again.
        input: Lazy.uncachedString({ produce: () => this.stack.toJsonString(this.request()) }),
        // A missed run needs no further retry: the next run counts its time as well.
        retryPolicy: { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 900 },
      },
    });
    schedule.node.addDependency(role);
    this.node.addValidation({ validate: () => [...this.namesakes(), ...this.excess()] });
  }

  /** Reports budgets with the same name. Metrics and ledgers identify a budget by its name, so one would be counted as a part of the other. */
  private namesakes(): string[] {
    const paths = new Map<string, string[]>();
    for (const { scope } of this.plans) paths.set(scope.name, [...paths.get(scope.name) ?? [], scope.path]);
    return [...paths].filter(([, { length }]) => length > 1).map(([name, same]) => printableLines(
      `the CostBudgets ${same.join(' and ')} have the same metricsName, ${JSON.stringify(name)}, and cover resources of the same stack. `
      + 'Give one of them another id, or its stack another name.'));
  }

  /** Reports a stack that exceeds the limits of one function. */
  private excess(): string[] {
    const { path } = this.stack.node;
    const length = this.requestLength();
    return [
      ...(this.plans.length > MAX_BUDGETS ? [`${this.plans.length} CostBudgets cover resources of ${path}, and one function counts ${MAX_BUDGETS} at most. Split the stack, or let one CostBudget cover several resources.`] : []),
      ...(length > MAX_INPUT ? [`the request to count the costs of ${path} has ${length} characters, and a schedule accepts ${MAX_INPUT}. Split the stack.`] : []),
    ].map(printableLines);
  }

  /** The length of the request. It is resolved only if it may be too long, since that takes time. */
  private requestLength(): number {
    const request = this.request();
    const text = JSON.stringify(request);
    const tokens = text.split(TOKEN_BEGIN).length - 1;
    return text.length + tokens * MAX_TOKEN_VALUE <= MAX_INPUT ? text.length : JSON.stringify(this.stack.resolve(request)).length;
  }

  /**
   * The schedule. If alarms read its metrics, the function runs at the full interval of the hour: windows of burn rates are counted in steps
   * of five minutes, so no complete step is left out.
   */
  private get scheduleExpression(): string {
    const minutes = this.interval.toMinutes();
    const dividesHour = minutes < 60 && 60 % minutes === 0;
    if (!this.plans[0].hasTokenAlarms && dividesHour) return `cron(0/${minutes} * * * ? *)`;
    return `rate(${minutes} minutes)`;
  }

  private get counts(): StackCounts {
    return oncePerSynthesis(this, this.plans, () => new StackCounts(this.stack, this.plans));
  }

  private request(): StackRequest {
    return oncePerSynthesis(this, this, () => this.counts.request());
  }

  /** The path of the budget or the stack, for descriptions. */
  private get counted(): string {
    const [{ hasTokenAlarms, scope }] = this.plans;
    return hasTokenAlarms ? scope.path : `the budgets in ${this.stack.node.path}`;
  }

  /** The shortest interval of its budgets. */
  private get interval(): Duration {
    return this.plans.map(({ scope }) => scope.settings.interval).reduce((a, b) => (b.toSeconds() < a.toSeconds() ? b : a));
  }

  /** The topics of its budgets in this stack, each once. */
  private get topicArns(): string[] {
    return [...new Set(this.plans.map(({ scope }) => scope.topics.arnIn(this.stack)))];
  }

  private get ledgerName(): string {
    return this.plans[0].scope.ledgerIn(this.stack);
  }

  private once(key: unknown, action: () => void): void {
    if (this.done.has(key)) return;
    this.done.add(key);
    action();
  }

  private allow(actions: string[], resource: string): void {
    this.handler.addToRolePolicy(new PolicyStatement({ actions, resources: [resource] }));
  }

  /** The ARN of a parameter of a stack of this account, whose name is final at synthesis. */
  private parameterArn(stack: Stack, name: () => string): string {
    const resourceName = Lazy.uncachedString({ produce: () => name().slice(1) });
    return this.stack.formatArn({ service: 'ssm', region: stack.region, resource: 'parameter', resourceName });
  }
}

function isEqual(a: readonly MeterTerm[], b: readonly MeterTerm[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The name of a page of a ledger, or the pattern of all pages, derived from the name of the first page. */
function pageOf(ledgerName: string, page: string): string {
  return ledgerName.replace(/1$/, page);
}

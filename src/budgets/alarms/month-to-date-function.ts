import { Aws, Duration, Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { Limit } from '../../aws/limits';
import { RegisteredGuard } from '../../estimates/registry';
import { guard, RunningCost } from '../../estimates/running-cost';
import { HANDLER_MEMORY, handlerFunction } from '../../functions/handler-function';
import { acknowledgeResources, acknowledgeWildcards } from '../../functions/nag-acknowledgements';
import { EMPTY_LEDGER, MonthToDateEnv, NAMESPACE, RECOUNT_HOURS, StackRequest } from '../../lambda/month-to-date/contract';
import { decimal } from '../../pricing/decimal';
import { shorten } from '../scope/budget-metrics';
import { BudgetScope } from '../scope/budget-scope';
import { ledgerPath, scheduleName } from '../scope/names';
import { BatchEntry, StackMonitorPlan, ThroughputEntry } from '../scope/stack-monitor-plan';

/** The maximum length of the input of the schedule, with room for the values of tokens. */
const MAX_INPUT = Limit.SCHEDULE_INPUT - 12_144;
/** The duration of a run, as measured against an emulator, rounded up. */
const SECONDS_OF_RUN = 2;
const FAILURES_IN_A_ROW = 3;
const WILDCARDS = 'reading CloudWatch metrics and listing batch jobs has no resources, publishing is bound to a namespace, AWS chooses the ids of jobs, '
  + 'and what is counted is kept in parameters below one path';

/**
 * The function that counts the month-to-date cost of a stack, and its schedule.
 *
 * It is in the stack of the resources: CloudWatch metrics are regional, and names that CloudFormation chooses at deployment are
 * known there without a reference across stacks. The plan is the input of its schedule, since an environment variable would be
 * too small. The function reads it there: an event only starts a run, so that a caller cannot change the costs that are counted.
 *
 * Its state is in SSM parameters below a path that only its own role may write: the first one is created here, further ones by
 * the function, since their number depends on the number of meters that are removed in a month.
 */
export class MonthToDateFunction extends Construct {
  private readonly handler: LambdaFunction;
  private readonly stack: Stack;
  private readonly scheduleName: string;
  private readsPurchases = false;
  private readsJobs = false;

  /** @param plans the plans of the budgets that the function counts for; today, each budget has a function of its own */
  constructor(scope: Construct, id: string, private readonly plans: readonly [StackMonitorPlan]) {
    super(scope, id);
    const [{ scope: budget }] = plans;
    this.stack = Stack.of(this);
    this.scheduleName = scheduleName(budget.name, this.stack);
    const ledger = new CfnParameter(this, 'Ledger', {
      name: `${ledgerPath(budget.name, this.stack)}/1`,
      type: 'String',
      description: 'What Amazon Bedrock has cost this month, as the function beside it has counted it',
      value: EMPTY_LEDGER,
    });
    const logGroup = new LogGroup(this, 'Logs', { retention: RetentionDays.THREE_MONTHS, removalPolicy: RemovalPolicy.DESTROY });
    this.handler = handlerFunction(this, 'Handler', {
      bundle: 'month-to-date',
      entry: 'handler',
      description: `Counts what Amazon Bedrock has cost this month for ${budget.path}`.slice(0, Limit.FUNCTION_DESCRIPTION),
      logGroup,
      timeout: Duration.minutes(5),
      environment: {
        [MonthToDateEnv.SCHEDULE]: this.scheduleName,
        // Named by a reference, so that the function is deleted before it and cannot create it again.
        [MonthToDateEnv.LEDGER_PARAMETER]: ledger.ref,
        [MonthToDateEnv.STACK_ID]: Aws.STACK_ID,
      },
    });
    this.allow(['scheduler:GetSchedule'], this.stack.formatArn({ service: 'scheduler', resource: 'schedule', resourceName: `default/${this.scheduleName}` }));
    this.allow(['ssm:GetParameter', 'ssm:PutParameter'], this.ledgerArn(budget.name, this.stack, '*'));
    this.allow(['ssm:DeleteParameter'], this.ledgerArn(budget.name, this.stack, '1'));
    // Metrics of AWS only: the metrics that this function publishes can be published by every principal with the permission.
    this.allow(['cloudwatch:GetMetricData', 'cloudwatch:ListMetrics'], '*');
    this.handler.addToRolePolicy(new PolicyStatement({
      actions: ['cloudwatch:PutMetricData'],
      resources: ['*'],
      conditions: { StringEquals: { 'cloudwatch:namespace': NAMESPACE } },
    }));
    this.startEvery(this.interval);
    this.alarmOnFailures();
    acknowledgeWildcards(this, WILDCARDS);
  }

  /** Grants read access to the amounts that the function of another stack has counted for a budget. */
  public grantReadPart({ scope }: StackMonitorPlan, stack: Stack): void {
    const amounts = this.ledgerArn(scope.name, stack, '*');
    this.allow(['ssm:GetParameter'], amounts);
    acknowledgeResources(this, WILDCARDS, [amounts]);
  }

  public grantReadThroughput({ throughput: { arn } }: ThroughputEntry): void {
    // Of the whole account: throughput that a stop action deletes is bought again under another ARN.
    if (arn === undefined || this.readsPurchases) return;
    this.readsPurchases = true;
    const anyPurchase = this.stack.formatArn({ service: 'bedrock', resource: 'provisioned-model', resourceName: '*' });
    this.allow(['bedrock:GetProvisionedModelThroughput'], anyPurchase);
    acknowledgeResources(this, WILDCARDS, [anyPurchase]);
  }

  public grantReadBatch({ batchJobs }: BatchEntry): void {
    if (!this.readsJobs) {
      this.readsJobs = true;
      this.allow(['bedrock:ListModelInvocationJobs'], '*');
      this.allow(['bedrock:GetModelInvocationJob'], this.stack.formatArn({ service: 'bedrock', resource: 'model-invocation-job', resourceName: '*' }));
    }
    batchJobs.grantReadResults(this.handler);
    acknowledgeWildcards(this, WILDCARDS);
  }

  public monitors(): RegisteredGuard[] {
    const hours = this.budget.hoursPerMonth();
    const runs = Math.ceil(hours * 60 / this.interval.toMinutes());
    const ofMonth = { runs, recounts: Math.ceil(hours / RECOUNT_HOURS) };
    const [plan] = this.plans;
    return [guard(this, 'month to date', `up to ${this.interval.toMinutes()} minutes, and what CloudWatch needs`, new RunningCost()
      .add('cloudwatch-alarm-metric', 1, 'alarm on failed runs')
      .add('cloudwatch-custom-metric', plan.metricsPublished, 'metrics that are published')
      .add('cloudwatch-get-metric-data', plan.metricsRead(ofMonth), 'metrics that are read, if all are in use')
      .add('cloudwatch-request', plan.requests(ofMonth), 'requests that list and publish metrics')
      .add('lambda-request', runs, 'runs')
      .add('lambda-gb-second-arm', decimal(runs).times(decimal(SECONDS_OF_RUN * HANDLER_MEMORY)).div(decimal(1024)), `runs of about ${SECONDS_OF_RUN} s`)
      .add('scheduler-invocation', runs, 'scheduled starts'))];
  }

  /** Missing data would otherwise look like $0, and the last amount of a part would be added up forever. */
  private alarmOnFailures(): void {
    new CfnAlarm(this, 'Failing', {
      alarmDescription: shorten(`What ${this.stack.node.path} has of ${this.budget.path} could not be counted ${FAILURES_IN_A_ROW} times in a row: `
        + 'what Bedrock costs is not known, and its limit is not watched. The log of the function says why.'),
      namespace: 'AWS/Lambda',
      metricName: 'Errors',
      dimensions: [{ name: 'FunctionName', value: this.handler.functionName }],
      statistic: 'Sum',
      period: this.interval.toSeconds(),
      evaluationPeriods: FAILURES_IN_A_ROW,
      datapointsToAlarm: FAILURES_IN_A_ROW,
      comparisonOperator: 'GreaterThanThreshold',
      threshold: 0,
      treatMissingData: 'notBreaching',
      alarmActions: [this.budget.topics.arnIn(this.stack)],
    });
  }

  private startEvery(interval: Duration): void {
    const role = new Role(this, 'ScheduleRole', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': this.stack.account } } }),
    });
    role.addToPrincipalPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [this.handler.functionArn] }));
    const minutes = interval.toMinutes();
    const schedule = new CfnSchedule(this, 'Schedule', {
      name: this.scheduleName,
      description: `Amazon Bedrock: month to date of ${this.budget.path}`.slice(0, Limit.SCHEDULE_DESCRIPTION),
      scheduleExpression: `rate(${minutes} minute${minutes === 1 ? '' : 's'})`,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: this.handler.functionArn,
        roleArn: role.roleArn,
        input: Lazy.string({ produce: () => this.stack.toJsonString(this.request()) }),
        // The next run makes up for a missed run: each run counts the whole month again.
        retryPolicy: { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 900 },
      },
    });
    schedule.node.addDependency(role);
    this.node.addValidation({
      validate: () => {
        const { length } = JSON.stringify(this.stack.resolve(this.request()));
        return length > MAX_INPUT ? [`what ${this.budget.path} counts in ${this.stack.node.path} takes ${length} characters of the ${MAX_INPUT} that a schedule hands on; cover fewer resources with one budget`] : [];
      },
    });
  }

  private request(): StackRequest {
    return this.plans[0].request();
  }

  private get budget(): BudgetScope {
    return this.plans[0].scope;
  }

  private get interval(): Duration {
    return this.budget.settings.interval;
  }

  private allow(actions: string[], resource: string): void {
    this.handler.addToRolePolicy(new PolicyStatement({ actions, resources: [resource] }));
  }

  /** The ARN of one page of the ledger of a stack of this account, or of all pages. */
  private ledgerArn(budgetName: string, stack: Stack, page: string): string {
    const resourceName = `${ledgerPath(budgetName, stack).slice(1)}/${page}`;
    return this.stack.formatArn({ service: 'ssm', region: stack.region, resource: 'parameter', resourceName });
  }
}

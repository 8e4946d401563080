import { Aws, Duration, Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { WatchContext } from './context';
import { Meter } from './meter';
import { ledgerPath, plainName, scheduleName } from './names';
import { shorten } from './spend-alarm';
import { Limit } from '../../aws/limits';
import { PROCESSED_METRICS } from '../../aws/metrics';
import { BatchFacts, CostEntry, RegisteredGuard, ThroughputFacts } from '../../estimates/registry';
import { guard, RunningCost } from '../../estimates/running-cost';
import { HANDLER_MEMORY, handlerFunction } from '../../functions/handler-function';
import { acknowledgeWildcards } from '../../functions/nag-acknowledgements';
import { EMPTY_LEDGER, MonthToDateEnv, NAMESPACE, StackRequest, TotalRequest } from '../../lambda/month-to-date/contract';
import { decimal } from '../../pricing/decimal';

/** Characters of the input of the schedule, with room for what deployment fills in. */
const MAX_INPUT = Limit.SCHEDULE_INPUT - 12_144;
/** What a run takes, as measured against an emulator, rounded up. */
const SECONDS_OF_RUN = 2;
const FAILURES_IN_A_ROW = 3;
/** Each metric, by the two ids under which it may be counted. */
const SERIES_OF_THROUGHPUT = PROCESSED_METRICS.length * 2;

export type ThroughputEntry = CostEntry & { readonly throughput: ThroughputFacts };
export type BatchEntry = CostEntry & { readonly batchJobs: BatchFacts };

/** What a function does for the whole budget: it adds up the other parts, or is one of them. */
export interface CountingRole {
  /** What it adds up, besides what it has itself; computed at synth. Left out for a part. */
  readonly total?: () => TotalRequest;
  /** Models that other stacks count; computed at synth. */
  readonly countedElsewhere: () => string[];
}

/**
 * The function that counts what a stack's part of a budget has cost since the month began, and its schedule.
 *
 * It is in the stack of what it counts: CloudWatch metrics are of a region, and what CloudFormation names at deployment is known
 * there without a reference across stacks. What it is to count is the input of its schedule, since an environment variable would be
 * too small. It reads it there: an event only starts it, and nobody who may invoke it decides what is counted.
 *
 * Its state is in SSM parameters below a path that only its own role may write: the first one is created here,
 * further ones by the function, since their number follows from how many meters leave in a month.
 */
export class MonthToDateFunction extends Construct {
  private readonly handler: LambdaFunction;
  private readonly scheduleName: string;
  private readonly meters: Meter[] = [];
  private readonly throughputs: ThroughputEntry[] = [];
  private readonly batches: BatchEntry[] = [];
  private readsPurchases = false;

  constructor(scope: Construct, id: string, private readonly context: WatchContext, private readonly role: CountingRole) {
    super(scope, id);
    const stack = Stack.of(this);
    this.scheduleName = scheduleName(context.name, stack);
    const ledger = new CfnParameter(this, 'Ledger', {
      name: `${ledgerPath(context.name, stack)}/1`,
      type: 'String',
      description: 'What Amazon Bedrock has cost this month, as the function beside it has counted it',
      value: EMPTY_LEDGER,
    });
    const logGroup = new LogGroup(this, 'Logs', { retention: RetentionDays.THREE_MONTHS, removalPolicy: RemovalPolicy.DESTROY });
    this.handler = handlerFunction(this, 'Handler', {
      bundle: 'month-to-date',
      entry: 'handler',
      description: `Counts what Amazon Bedrock has cost this month for ${context.budget.node.path}`.slice(0, Limit.FUNCTION_DESCRIPTION),
      logGroup,
      timeout: Duration.minutes(5),
      environment: {
        [MonthToDateEnv.SCHEDULE]: this.scheduleName,
        // Named by a reference, so that the function is deleted before it and cannot create it again.
        [MonthToDateEnv.LEDGER_PARAMETER]: ledger.ref,
        [MonthToDateEnv.STACK_ID]: Aws.STACK_ID,
      },
    });
    this.allow(['scheduler:GetSchedule'], stack.formatArn({ service: 'scheduler', resource: 'schedule', resourceName: `default/${this.scheduleName}` }));
    this.allow(['ssm:GetParameter', 'ssm:PutParameter'], this.parameterArn(stack, '*'));
    this.allow(['ssm:DeleteParameter'], this.parameterArn(stack, '1'));
    // Counts of AWS alone: what this function publishes itself, anyone may publish who may publish metrics.
    this.allow(['cloudwatch:GetMetricData', 'cloudwatch:ListMetrics'], '*');
    this.handler.addToRolePolicy(new PolicyStatement({
      actions: ['cloudwatch:PutMetricData'],
      resources: ['*'],
      conditions: { StringEquals: { 'cloudwatch:namespace': NAMESPACE } },
    }));
    this.runEvery(context.interval);
    this.tellWhenItFails();
    this.explainToNag();
  }

  public addMeter(meter: Meter): void {
    this.meters.push(meter);
  }

  /** Lets it read what another stack's function has counted, which it adds up. */
  public addPart(stack: Stack): void {
    this.allow(['ssm:GetParameter'], this.parameterArn(stack, '*'));
    this.explainToNag();
  }

  public addThroughput(entry: ThroughputEntry): void {
    this.throughputs.push(entry);
    const { arn } = entry.throughput;
    // Any of the stack's account: what a stop action deletes is bought again under another ARN.
    if (arn === undefined || this.readsPurchases) return;
    this.readsPurchases = true;
    const anyPurchase = Stack.of(this).formatArn({ service: 'bedrock', resource: 'provisioned-model', resourceName: '*' });
    this.handler.addToRolePolicy(new PolicyStatement({ actions: ['bedrock:GetProvisionedModelThroughput'], resources: [anyPurchase] }));
    this.explainToNag();
  }

  public addBatch(entry: BatchEntry): void {
    // Without prices there is nothing to count.
    if (entry.batchJobs.prices === undefined) return;
    if (this.batches.length === 0) {
      const jobs = Stack.of(this).formatArn({ service: 'bedrock', resource: 'model-invocation-job', resourceName: '*' });
      this.handler.addToRolePolicy(new PolicyStatement({ actions: ['bedrock:ListModelInvocationJobs'], resources: ['*'] }));
      this.handler.addToRolePolicy(new PolicyStatement({ actions: ['bedrock:GetModelInvocationJob'], resources: [jobs] }));
    }
    this.batches.push(entry);
    entry.batchJobs.grantReadResults(this.handler);
    this.explainToNag();
  }

  /** What the counting costs a month itself. */
  public guards(): RegisteredGuard[] {
    const { hoursPerMonth, interval } = this.context;
    const runs = Math.ceil(hoursPerMonth() * 60 / interval.toMinutes());
    const windows = this.context.windowsMinutes().length;
    // Those of windows are read once more, in finer steps.
    const tokenSeries = this.meters.reduce((count, { metricsOfId, modelIds }) => count + metricsOfId * modelIds.length, 0);
    const read = tokenSeries * (windows > 0 ? 2 : 1) + this.throughputs.length * SERIES_OF_THROUGHPUT;
    const total = this.role.total?.();
    const ofThroughputs = this.throughputs.reduce((count, { throughput }) => count + metricsOf(throughput), 0);
    const published = this.meters.length + windows + ofThroughputs + this.batches.length * 2
      + (total ? (total.plannedLimitsUsd ? 3 : 2) * (1 + total.publishTo.length) : 2);
    return [guard(this, 'month to date', `up to ${interval.toMinutes()} minutes, and what CloudWatch needs`, new RunningCost()
      .add('cloudwatch-alarm-metric', 1, 'alarm on failed runs')
      .add('cloudwatch-custom-metric', published, 'metrics that are published')
      .add('cloudwatch-get-metric-data', read * runs, 'metrics that are read')
      .add('lambda-request', runs, 'runs')
      .add('lambda-gb-second-arm', decimal(runs).times(decimal(SECONDS_OF_RUN * HANDLER_MEMORY)).div(decimal(1024)), `runs of about ${SECONDS_OF_RUN} s`)
      .add('scheduler-invocation', runs, 'scheduled starts'))];
  }

  /** What nobody counts any more looks like what costs nothing; also of a part, whose last count would stand for ever. */
  private tellWhenItFails(): void {
    new CfnAlarm(this, 'Failing', {
      alarmDescription: shorten(`What ${Stack.of(this).node.path} has of ${this.context.budget.node.path} could not be counted ${FAILURES_IN_A_ROW} times in a row: `
        + 'what Bedrock costs is not known, and its limit is not watched. The log of the function says why.'),
      namespace: 'AWS/Lambda',
      metricName: 'Errors',
      dimensions: [{ name: 'FunctionName', value: this.handler.functionName }],
      statistic: 'Sum',
      period: this.context.interval.toSeconds(),
      evaluationPeriods: FAILURES_IN_A_ROW,
      datapointsToAlarm: FAILURES_IN_A_ROW,
      comparisonOperator: 'GreaterThanThreshold',
      threshold: 0,
      treatMissingData: 'notBreaching',
      alarmActions: [this.context.topics.arnIn(Stack.of(this))],
    });
  }

  private runEvery(interval: Duration): void {
    const role = new Role(this, 'ScheduleRole', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } } }),
    });
    role.addToPrincipalPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [this.handler.functionArn] }));
    const minutes = interval.toMinutes();
    const schedule = new CfnSchedule(this, 'Schedule', {
      name: this.scheduleName,
      description: `Amazon Bedrock: month to date of ${this.context.budget.node.path}`.slice(0, Limit.SCHEDULE_DESCRIPTION),
      scheduleExpression: `rate(${minutes} minute${minutes === 1 ? '' : 's'})`,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: this.handler.functionArn,
        roleArn: role.roleArn,
        input: Lazy.string({ produce: () => Stack.of(this).toJsonString(this.request()) }),
        // A run that is missed is made up for by the next one, which counts the whole month of what there is anew.
        retryPolicy: { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 900 },
      },
    });
    schedule.node.addDependency(role);
    this.node.addValidation({
      validate: () => {
        const { length } = JSON.stringify(Stack.of(this).resolve(this.request()));
        return length > MAX_INPUT ? [`what ${this.context.budget.node.path} counts in ${Stack.of(this).node.path} takes ${length} characters of the ${MAX_INPUT} that a schedule hands on; cover fewer resources with one budget`] : [];
      },
    });
  }

  private request(): StackRequest {
    const lists = {
      onDemand: this.meters.map(({ resource, model, modelIds: [modelId, ...otherModelIds], shared, terms: prices }) => ({
        ...named(resource, model), modelId, ...(otherModelIds.length > 0 ? { otherModelIds } : {}), ...(shared ? { shared } : {}), prices,
      })),
      provisioned: this.throughputs.map(({ construct, model, throughput: { arn, name, modelUnits, usdPerModelUnitHour, businessHoursPerMonth } }) =>
        ({ ...named(construct.node.path, model), arn, name, modelUnits, usdPerModelUnitHour, businessHoursPerMonth })),
      batch: this.batches.flatMap(({ construct, model, batchJobs: { jobNamePrefix, roleArn, prices } }) =>
        (prices ? [{ ...named(construct.node.path, model), jobNamePrefix, roleArn, ...prices }] : [])),
    };
    return {
      // EventBridge Scheduler puts the time in.
      time: '<aws.scheduler.scheduled-time>',
      stack: plainName(Stack.of(this).node.path),
      ...lists,
      budgets: [{
        budget: this.context.name,
        onDemand: [...lists.onDemand.keys()],
        provisioned: [...lists.provisioned.keys()],
        batch: [...lists.batch.keys()],
        countedElsewhere: this.role.countedElsewhere(),
        windowsMinutes: this.context.windowsMinutes(),
        total: this.role.total?.(),
        publishPart: this.role.total === undefined,
        resourceMetrics: true,
      }],
    };
  }

  private allow(actions: string[], resource: string): void {
    this.handler.addToRolePolicy(new PolicyStatement({ actions, resources: [resource] }));
  }

  /** Of one page of the ledger of a stack of this account, or of all. */
  private parameterArn(stack: Stack, page: string): string {
    const resourceName = `${ledgerPath(this.context.name, stack).slice(1)}/${page}`;
    return Stack.of(this).formatArn({ service: 'ssm', region: stack.region, resource: 'parameter', resourceName });
  }

  private explainToNag(): void {
    acknowledgeWildcards(this, 'reading CloudWatch metrics and listing batch jobs has no resources, publishing is bound to a namespace, AWS chooses the ids of jobs, '
      + 'and what is counted is kept in parameters below one path');
  }
}

function named(resource: string, model: string): { readonly resource: string; readonly model: string } {
  return { resource: plainName(resource), model: plainName(model) };
}

/** Its money, if a price is known; when its ARN is known, how long nobody has used it, and how long a commitment lasts. */
function metricsOf({ arn, committed, usdPerModelUnitHour }: ThroughputFacts): number {
  return [usdPerModelUnitHour, arn, committed ? arn : undefined].filter((it) => it !== undefined).length;
}

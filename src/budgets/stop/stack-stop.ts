import { ArnFormat, Duration, Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { IRole, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { Denial } from './denial';
import { SecondLine } from './second-line';
import { StopAction } from './stop-action';
import { StopTargets } from './stop-targets';
import { BatchFacts, RegisteredGuard } from '../../estimates/registry';
import { guard, RunningCost } from '../../estimates/running-cost';
import { handlerFunction } from '../../functions/handler-function';
import { acknowledgeWildcards } from '../../functions/nag-acknowledgements';
import { MetricName } from '../../handlers/month-to-date.contract';
import { StopActionKind, StopEnv, StopRecord, StopStep } from '../../handlers/stop-spending.contract';
import { limitText, shareOfLimit } from '../watch/budget-metrics';
import { WatchContext } from '../watch/context';
import { shortHash } from '../watch/names';
import { shorten } from '../watch/spend-alarm';

export interface StackStopProps {
  readonly context: WatchContext;
  readonly tagKey: string;
  /** The budget's own AWS::Budgets::Budget where it stands in this stack; else one is made, which notifies nobody. */
  readonly awsBudget: CfnBudget | undefined;
  /** The actions that the user asks for; computed at synth. */
  readonly actions: readonly StopAction[];
}

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
      description: 'What the budget has stopped, until it is undone',
      value: JSON.stringify({ state: 'running' } satisfies StopRecord),
    });
    // Outlives the stack: it is the record of who stopped what, and when.
    const logGroup = new LogGroup(this, 'Logs', { retention: RetentionDays.ONE_YEAR, removalPolicy: RemovalPolicy.RETAIN });
    this.handler = handlerFunction(this, 'Handler', {
      bundle: 'stop-spending',
      entry: 'handler',
      description: `Stops what Amazon Bedrock costs when ${context.budget.node.path} is exceeded; to undo by hand: {"do":"undo"}`.slice(0, 256),
      logGroup,
      timeout: Duration.minutes(15),
      environment: {
        [StopEnv.BUDGET]: context.name,
        [StopEnv.STEPS]: Lazy.string({ produce: () => JSON.stringify(this.steps) }),
        [StopEnv.TARGETS_PATH]: this.targets.path,
        [StopEnv.RECORD_PARAMETER]: record.ref,
        [StopEnv.TOPIC_ARN]: context.topics.arnIn(stack),
        [StopEnv.ALARM_ARN]: this.alarmArn,
      },
    });
    this.allow(['ssm:GetParametersByPath'], [this.parameterArn(this.targets.path), this.parameterArn(`${this.targets.path}/*`)]);
    this.allow(['ssm:GetParameter', 'ssm:PutParameter'], [this.parameterArn(`${path}/record`)]);
    context.topics.grantPublish(stack, this.handler);
    this.explainToNag();
    this.startedBy(this.trigger());
  }

  /** Denies invocations of something to a role. */
  public addRole(role: IRole, invokableArn: string): void {
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
  public addThroughput(path: string, arn: string, modelArn: string | undefined): void {
    this.targets.add({ throughput: path, arn });
    const anyone = Stack.of(this).formatArn({ service: 'bedrock', resource: 'provisioned-model', resourceName: '*' });
    this.allow([
      'bedrock:GetProvisionedModelThroughput', 'bedrock:DeleteProvisionedModelThroughput', 'bedrock:ListTagsForResource',
      'bedrock:CreateProvisionedModelThroughput', 'bedrock:TagResource',
    ], [anyone, ...(modelArn === undefined ? [] : [modelArn])]);
    this.explainToNag();
  }

  /** What it costs a month itself. */
  public guards(): RegisteredGuard[] {
    const { plannedLimitsUsd } = this.props.context;
    return [
      guard(this, 'stop actions', 'minutes after the limit is exceeded', new RunningCost()
        .add('cloudwatch-alarm-metric', plannedLimitsUsd ? 2 : 1, 'metrics that alarms read')),
      ...this.secondLine?.guards() ?? [],
    ];
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
    if (this.wants(StopActionKind.DENY_INVOCATIONS)) this.secondLine = new SecondLine(this, 'SecondLine', { context, denial, tagKey, awsBudget });
    // A dry run looks, and names no policy when it does.
    else this.allow(['iam:ListAttachedRolePolicies'], [denial.anyRole]);
    this.explainToNag();
    return denial;
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

/** A text as the name of a parameter takes it; two texts never have one name. */
function slug(text: string): string {
  return `${text.replace(/[^A-Za-z0-9_.-]+/g, '-').slice(0, 150)}-${shortHash(text)}`;
}

import { Duration, Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnBudget, CfnBudgetsAction } from 'aws-cdk-lib/aws-budgets';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Effect, IRole, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { StopAction } from './stop-action';
import { StopTargets } from './stop-targets';
import { BatchFacts, RegisteredGuard } from '../../estimates/registry';
import { handlerFunction } from '../../functions/handler-function';
import { acknowledgeWildcards } from '../../functions/nag-acknowledgements';
import { MetricName } from '../../handlers/month-to-date.contract';
import { StopActionKind, StopEnv, StopRecord, StopStep } from '../../handlers/stop-spending.contract';
import { decimal } from '../../pricing/decimal';
import { budgetLimits, taggedCost } from '../billing/aws-budget';
import { limitText, shareOfLimit } from '../watch/budget-metrics';
import { WatchContext } from '../watch/context';
import { shortHash } from '../watch/names';
import { guard, RunningCost } from '../watch/running-cost';
import { shorten } from '../watch/spend-alarm';

export interface StackStopProps {
  readonly context: WatchContext;
  readonly tagKey: string;
  /** The budget's own AWS::Budgets::Budget where it stands in this stack; else one is made, which notifies nobody. */
  readonly awsBudget: CfnBudget | undefined;
  /** The actions that the user asks for; computed at synth. */
  readonly actions: readonly StopAction[];
}

/** AWS Budgets takes so many roles in one action. */
const ROLES_OF_ACTION = 100;

/** More, and the policy would be too long for IAM (6,144 characters). */
const MAX_DENIED_ARNS = 40;

/** Converse, asynchronous and two-way invocations are authorized by the first two as well. */
const DENIED_ACTIONS = ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream', 'bedrock:CreateModelInvocationJob'];

/**
 * What stops the spending of one stack's part of a budget: a function, started by an alarm that stands beside it.
 *
 * It stands in the stack of what it stops, as everything that watches does; the money spent by the whole budget is
 * published into its region.
 */
export class StackStop extends Construct {
  private readonly handler: LambdaFunction;
  private readonly targets: StopTargets;
  private readonly roles = new Map<string, IRole>();
  private readonly deniedArns = new Set<string>();
  private readonly actionsOfRoles: CfnBudgetsAction[] = [];
  private denial: ManagedPolicy | undefined;
  private billed: CfnBudget | undefined;
  private executor: Role | undefined;
  private readonly allowed = new Set<string>();

  constructor(scope: Construct, id: string, private readonly props: StackStopProps) {
    super(scope, id);
    const { context } = props;
    const stack = Stack.of(this);
    const path = `/cdk-bedrock-cost/${slug(`${context.name} in ${stack.node.path}`)}`;
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
    this.deniedArns.add(invokableArn);
    if (this.roles.has(role.node.addr)) return;
    this.roles.set(role.node.addr, role);
    this.targets.add({ role: role.roleName });
    if (this.denial === undefined) this.makePolicy();
    if (this.wants(StopActionKind.DENY_INVOCATIONS)) this.secondLine();
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
    const { plannedLimitsUsd, hoursPerMonth } = this.props.context;
    return [
      guard(this, 'stop actions', 'minutes after the limit is exceeded', new RunningCost()
        .add('cloudwatch-alarm-metric', plannedLimitsUsd ? 2 : 1, 'metrics that alarms read')),
      ...(this.actionsOfRoles.length > 0 ? [guard(this, 'AWS Budgets action, the second line', '8 to 12 hours', new RunningCost()
        .add('budget-action-day', decimal(hoursPerMonth()).div(decimal(24)), 'days of a budget with an action'))] : []),
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

  /** What the roles may no longer do while the budget is exceeded, and who may attach it. */
  private makePolicy(): void {
    this.denial = new ManagedPolicy(this, 'Denial', {
      description: `Attached by ${this.props.context.budget.node.path} while it is exceeded`.slice(0, 1000),
      statements: [new PolicyStatement({
        effect: Effect.DENY,
        actions: DENIED_ACTIONS,
        resources: Lazy.list({ produce: () => (this.deniedArns.size > MAX_DENIED_ARNS ? ['*'] : [...this.deniedArns]) }),
      })],
    });
    this.handler.addEnvironment(StopEnv.DENY_POLICY_ARN, this.denial.managedPolicyArn);
    this.handler.addToRolePolicy(this.attachment());
    // A dry run looks, and names no policy when it does.
    if (!this.wants(StopActionKind.DENY_INVOCATIONS)) this.allow(['iam:ListAttachedRolePolicies'], [this.anyRole]);
    this.allow(['iam:ListEntitiesForPolicy'], [this.denial.managedPolicyArn]);
    this.explainToNag();
  }

  /**
   * Attaching and detaching this one policy, which does nothing but deny invocations. Of any role: a list of a hundred is too
   * long for a policy, and a role may have left the app while it had it.
   */
  private attachment(): PolicyStatement {
    return new PolicyStatement({
      actions: ['iam:AttachRolePolicy', 'iam:DetachRolePolicy'],
      resources: [this.anyRole],
      conditions: { ArnEquals: { 'iam:PolicyARN': this.denial!.managedPolicyArn } },
    });
  }

  private get anyRole(): string {
    return Stack.of(this).formatArn({ service: 'iam', region: '', resource: 'role', resourceName: '*' });
  }

  /** AWS Budgets attaches the same policy when the bill says so, in case that all of ours fails. */
  private secondLine(): void {
    const roles = [...this.roles.values()];
    if (roles.length > this.actionsOfRoles.length * ROLES_OF_ACTION) {
      const from = this.actionsOfRoles.length * ROLES_OF_ACTION;
      const action = new CfnBudgetsAction(this, `BudgetsAction${this.actionsOfRoles.length + 1}`, {
        budgetName: this.awsBudget.ref,
        actionType: 'APPLY_IAM_POLICY',
        actionThreshold: { type: 'PERCENTAGE', value: 100 },
        notificationType: 'ACTUAL',
        approvalModel: 'AUTOMATIC',
        definition: {
          iamActionDefinition: {
            policyArn: this.denial!.managedPolicyArn,
            roles: Lazy.list({ produce: () => [...this.roles.values()].slice(from, from + ROLES_OF_ACTION).map(({ roleName }) => roleName) }),
          },
        },
        executionRoleArn: this.executionRole.roleArn,
        subscribers: this.subscribers,
      });
      action.node.addDependency(...this.props.context.topics.dependencyIn(Stack.of(this)));
      this.actionsOfRoles.push(action);
    }
  }

  /** AWS Budgets refuses a topic that is not there yet, as that of another stack may be. */
  private get subscribers(): CfnBudgetsAction.SubscriberProperty[] {
    const { topics } = this.props.context;
    const stack = Stack.of(this);
    const topic = [{ type: 'SNS', address: topics.arnIn(stack) }];
    const emails = topics.emailAddresses.map((address) => ({ type: 'EMAIL', address }));
    return topics.dependencyIn(stack).length > 0 || emails.length === 0 ? topic : emails;
  }

  private get executionRole(): Role {
    if (this.executor === undefined) {
      this.executor = new Role(this, 'BudgetsActionRole', {
        description: 'AWS Budgets takes it to deny invocations',
        assumedBy: new ServicePrincipal('budgets.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } } }),
      });
      this.executor.addToPolicy(this.attachment());
      this.explainToNag();
    }
    return this.executor;
  }

  private get awsBudget(): CfnBudget {
    const { awsBudget, tagKey, context } = this.props;
    return (this.billed ??= awsBudget ?? new CfnBudget(this, 'Billed', {
      budget: { ...taggedCost(tagKey, 'MONTHLY'), ...budgetLimits(context.limit, context.plannedLimitsUsd) },
    }));
  }

  private trigger(): CfnAlarm {
    const { context } = this.props;
    return new CfnAlarm(this, 'Exceeded', {
      ...shareOfLimit(context, MetricName.MONTH_TO_DATE, 100),
      alarmDescription: shorten(`Bedrock has cost more than the ${limitText(context)} of ${context.budget.node.path}: `
        + 'its spending is being stopped. When this alarm ends, at the beginning of the month or with a higher limit, that is undone.'),
      evaluationPeriods: 1,
      alarmActions: [this.handler.functionArn, context.topics.arnIn(Stack.of(this))],
      okActions: [this.handler.functionArn],
    });
  }

  /** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html */
  private startedBy(alarm: CfnAlarm): void {
    const { partition, region, account } = Stack.of(this);
    this.handler.addPermission('Alarm', {
      principal: new ServicePrincipal('lambda.alarms.cloudwatch.amazonaws.com'),
      sourceAccount: account,
      // Not the alarm's own ARN: alarm and permission would wait for each other.
      sourceArn: `arn:${partition}:cloudwatch:${region}:${account}:alarm:*`,
    });
    alarm.node.addDependency(this.targets);
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

import { ArnFormat, CfnResource, Duration, Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { IRole, Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction, IFunction } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { LogLevel } from 'aws-cdk-lib/aws-stepfunctions';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { Construct, IConstruct } from 'constructs';
import { ThroughputErrors } from './errors';
import { handlerFunction, handlerRole } from '../../functions/handler-function';
import { acknowledgeRules, acknowledgeWildcards } from '../../functions/nag-acknowledgements';
import {
  ParameterKind, parameterName, RUN_SECONDS, SCHEDULE_NAME_PREFIX, ThroughputEnv, WAIT_MINUTES,
} from '../../lambda/provisioned-model-throughput/contract';
import { purchaseArns } from '../../pricing/model-id';

const ID = 'BedrockProvisionedModelThroughputProvider';
const POLICY_ID = 'HandlerPolicy';

/** The functions of the bundle. */
type Entry = 'onEvent' | 'isComplete' | 'onTick' | 'onTermEnd';

/**
 * The provider that buys, changes and deletes provisioned throughput. All throughputs of a stack share one provider.
 *
 * It has small functions, each with the permissions that it needs, and the provider framework of CDK, which waits up to 30 minutes for AWS
 * to provide the units.
 */
export class ThroughputProvider extends Construct {
  /** The provider of the stack of a construct. */
  public static of(scope: Construct): ThroughputProvider {
    const stack = Stack.of(scope);
    return (stack.node.tryFindChild(ID) as ThroughputProvider | undefined) ?? new ThroughputProvider(stack);
  }

  public readonly serviceToken: string;
  private readonly stack: Stack;
  private readonly logGroup: LogGroup;
  private readonly worker: LambdaFunction;
  private ticker: LambdaFunction | undefined;
  private termEnd: LambdaFunction | undefined;
  private readonly granted = new Set<string>();
  private errors: ThroughputErrors | undefined;

  private constructor(stack: Stack) {
    super(stack, ID);
    this.stack = stack;
    // Retained after the stack: its last entry may be that a commitment could not be deleted and remains billed.
    this.logGroup = new LogGroup(this, 'Logs', { retention: RetentionDays.ONE_YEAR, removalPolicy: RemovalPolicy.RETAIN });
    const onEvent = this.handler('OnEvent', 'onEvent');
    this.worker = this.handler('IsComplete', 'isComplete');
    this.allow(this.worker, [this.provisionedModels],
      'bedrock:CreateProvisionedModelThroughput', 'bedrock:GetProvisionedModelThroughput', 'bedrock:UpdateProvisionedModelThroughput',
      'bedrock:DeleteProvisionedModelThroughput', 'bedrock:ListTagsForResource', 'bedrock:TagResource', 'bedrock:UntagResource');
    // For all throughputs of the stack: an update removes permissions before it deletes the resource that needs them.
    this.allow(this.worker, [this.parameterArns('record')], 'ssm:GetParameter', 'ssm:PutParameter');
    this.allow(this.worker, [this.parameterArns('allowed')], 'ssm:GetParameter');
    this.allow(this.worker, [this.schedules], 'scheduler:CreateSchedule', 'scheduler:UpdateSchedule', 'scheduler:DeleteSchedule');

    const framework = new Provider(this, 'Framework', {
      onEventHandler: onEvent,
      isCompleteHandler: this.worker,
      queryInterval: Duration.seconds(30),
      totalTimeout: Duration.minutes(WAIT_MINUTES),
      logGroup: this.logGroup,
      frameworkOnEventRole: handlerRole(this, 'FrameworkOnEventRole', this.logGroup),
      frameworkCompleteAndTimeoutRole: handlerRole(this, 'FrameworkWaitRole', this.logGroup),
      disableWaiterStateMachineLogging: false,
      waiterStateMachineLogOptions: { destination: this.logGroup, level: LogLevel.ALL },
    });
    this.serviceToken = framework.serviceToken;
    this.explainToNag(framework);
  }

  /** Grants the function permission to buy throughput for a model. */
  public allowModel(modelArn: string): void {
    this.once(`model ${modelArn}`, () => this.allow(this.worker, purchaseArns(modelArn), 'bedrock:CreateProvisionedModelThroughput', 'bedrock:UpdateProvisionedModelThroughput'));
  }

  /** The name of a parameter that the functions may read and write. */
  public parameterName(construct: Construct, kind: ParameterKind): string {
    return parameterName(this.parameterPath, kind, Names.uniqueResourceName(construct, { maxLength: 200, separator: '-' }));
  }

  /** The name of a parameter that a function finds by the logical id of a custom resource. */
  public parameterNameOf(resource: CfnResource, kind: ParameterKind): string {
    return parameterName(this.parameterPath, kind, resource.logicalId);
  }

  /** Lets the alarm on errors of the functions also notify a topic. */
  public notifyErrors(topicArn: string): void {
    this.errors ??= new ThroughputErrors(this, 'Errors', () => [this.worker, ...(this.ticker ? [this.ticker] : []), ...(this.termEnd ? [this.termEnd] : [])]);
    this.errors.notify(topicArn);
  }

  /**
   * The permissions of the functions for one throughput only, created on first use. They are in a separate policy, on which the custom
   * resource depends: the policy exists before the resource is created and is deleted after it. An update would remove a statement of a
   * shared policy before.
   *
   * @param others the functions other than the one that buys
   */
  public policyOf(scope: Construct, resource: IConstruct, others: () => readonly IFunction[]): Policy {
    const existing = scope.node.tryFindChild(POLICY_ID) as Policy | undefined;
    if (existing) return existing;
    const policy = new Policy(scope, POLICY_ID, { roles: [this.worker, ...others()].map(({ role }) => role!) });
    resource.node.addDependency(policy);
    return policy;
  }

  /** The function that plans the notice of the next term of a commitment. */
  public termEndFunction(): IFunction {
    if (!this.termEnd) {
      this.termEnd = this.handler('OnTermEnd', 'onTermEnd');
      this.allow(this.termEnd, [this.provisionedModels], 'bedrock:GetProvisionedModelThroughput', 'bedrock:ListTagsForResource');
      this.allow(this.termEnd, [this.parameterArns('allowed')], 'ssm:GetParameter');
      this.allow(this.termEnd, [this.schedules], 'scheduler:CreateSchedule', 'scheduler:UpdateSchedule');
      this.explainWildcards();
    }
    return this.termEnd;
  }

  /** The function that buys and deletes throughput by the clock. */
  public tickerFor(modelArn: string): IFunction {
    if (!this.ticker) {
      this.ticker = this.handler('OnTick', 'onTick');
      // A late or repeated event needs no retry: the next tick does the same.
      this.ticker.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
      this.allow(this.ticker, [this.provisionedModels],
        'bedrock:CreateProvisionedModelThroughput', 'bedrock:GetProvisionedModelThroughput', 'bedrock:DeleteProvisionedModelThroughput', 'bedrock:ListTagsForResource', 'bedrock:TagResource');
      this.allow(this.ticker, [this.parameterArns('record'), this.parameterArns('allowed')], 'ssm:GetParameter');
      this.allow(this.ticker, [this.parameterArns('model-id'), this.parameterArns('notified')], 'ssm:GetParameter', 'ssm:PutParameter');
      this.explainWildcards();
    }
    const ticker = this.ticker;
    this.once(`tick ${modelArn}`, () => this.allow(ticker, purchaseArns(modelArn), 'bedrock:CreateProvisionedModelThroughput'));
    return ticker;
  }

  /** The ARN pattern of all provisioned throughput of the region. */
  public get provisionedModels(): string {
    return this.stack.formatArn({ service: 'bedrock', resource: 'provisioned-model', resourceName: '*', arnFormat: ArnFormat.SLASH_RESOURCE_NAME });
  }

  private get schedules(): string {
    return this.stack.formatArn({ service: 'scheduler', resource: 'schedule/default', resourceName: `${SCHEDULE_NAME_PREFIX}*`, arnFormat: ArnFormat.SLASH_RESOURCE_NAME });
  }

  private parameterArns(kind: ParameterKind): string {
    return this.stack.formatArn({ service: 'ssm', resource: 'parameter', resourceName: parameterName(this.parameterPath, kind, '*').slice(1), arnFormat: ArnFormat.SLASH_RESOURCE_NAME });
  }

  /** The path of the parameters. It contains the name of the stack, which is unique in the account and region. */
  private get parameterPath(): string {
    return `/cdk-bedrock-cost/${this.stack.stackName}`;
  }

  private handler(id: string, entry: Entry): LambdaFunction {
    return handlerFunction(this, id, {
      bundle: 'provisioned-model-throughput',
      entry,
      description: `Amazon Bedrock provisioned throughput: ${entry}`,
      logGroup: this.logGroup as ILogGroup,
      timeout: Duration.seconds(RUN_SECONDS),
      environment: { [ThroughputEnv.STACK_ID]: this.stack.stackId, [ThroughputEnv.PARAMETER_PATH]: this.parameterPath },
    });
  }

  private allow({ role }: { readonly role?: IRole }, resources: string[], ...actions: string[]): void {
    role!.addToPrincipalPolicy(new PolicyStatement({ actions, resources }));
  }

  private once(key: string, act: () => void): void {
    if (this.granted.has(key)) return;
    this.granted.add(key);
    act();
  }

  private explainWildcards(): void {
    acknowledgeWildcards(this, 'AWS chooses the id of a provisioned model, after which schedules are named; every throughput has separate parameters; the provider framework of CDK calls its functions in any version, and log delivery has no resources');
  }

  private explainToNag(framework: Provider): void {
    this.explainWildcards();
    acknowledgeRules(framework, 'the waiter belongs to the provider framework of CDK, which supports no tracing; its log has every step', 'SF2');
    acknowledgeRules(this, 'the newest Node.js runtime of the region is chosen; cdk-nag cannot read it in a stack without a region', 'L1');
  }
}

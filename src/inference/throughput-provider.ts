import { ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction, IFunction } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { IStringParameter } from 'aws-cdk-lib/aws-ssm';
import { LogLevel } from 'aws-cdk-lib/aws-stepfunctions';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { ThroughputTerm } from './throughput-term';
import { handlerFunction, handlerRole } from '../functions/handler-function';
import { acknowledgeRules, acknowledgeWildcards } from '../functions/nag-acknowledgements';
import { RUN_SECONDS, WAIT_MINUTES } from '../handlers/provisioned-model-throughput.contract';

const ID = 'BedrockProvisionedModelThroughputProvider';

/** The functions of the bundle. */
type Entry = 'onEvent' | 'isComplete' | 'onTick' | 'onTermEnd';

/**
 * What buys, changes and deletes provisioned throughput: one for each stack, shared by all throughputs in it.
 *
 * Small functions with a role each that can do no more than their part, and CDK's provider framework, which waits
 * up to 30 minutes for AWS to provide the units.
 */
export class ThroughputProvider extends Construct {
  /** The provider of the stack that a construct stands in. */
  public static of(scope: Construct): ThroughputProvider {
    const stack = Stack.of(scope);
    return (stack.node.tryFindChild(ID) as ThroughputProvider | undefined) ?? new ThroughputProvider(stack);
  }

  public readonly serviceToken: string;
  private readonly stack: Stack;
  private readonly logGroup: LogGroup;
  private readonly worker: LambdaFunction;
  private ticker: LambdaFunction | undefined;
  private term: ThroughputTerm | undefined;
  private readonly granted = new Set<string>();

  private constructor(stack: Stack) {
    super(stack, ID);
    this.stack = stack;
    // Outlives the stack: the last thing it may have to say is that a commitment could not be deleted and is billed on.
    this.logGroup = new LogGroup(this, 'Logs', { retention: RetentionDays.ONE_YEAR, removalPolicy: RemovalPolicy.RETAIN });
    const onEvent = this.handler('OnEvent', 'onEvent');
    this.worker = this.handler('IsComplete', 'isComplete');
    this.allow(this.worker, [this.provisionedModels],
      'bedrock:CreateProvisionedModelThroughput', 'bedrock:GetProvisionedModelThroughput', 'bedrock:UpdateProvisionedModelThroughput',
      'bedrock:DeleteProvisionedModelThroughput', 'bedrock:ListTagsForResource', 'bedrock:TagResource', 'bedrock:UntagResource');

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

  /** Lets the handler buy throughput for a model. */
  public allowModel(modelArn: string): void {
    this.once(`model ${modelArn}`, () => this.allow(this.worker, [modelArn], 'bedrock:CreateProvisionedModelThroughput', 'bedrock:UpdateProvisionedModelThroughput'));
  }

  /** Lets the handler keep a record. */
  public allowRecord(record: IStringParameter): void {
    this.allow(this.worker, [record.parameterArn], 'ssm:GetParameter', 'ssm:PutParameter');
  }

  /** Lets the handler tell what cannot wait for somebody to read a log. */
  public allowTopic(topic: ITopic): void {
    this.once(`topic ${topic.topicArn}`, () => this.allow(this.worker, [topic.topicArn], 'sns:Publish'));
  }

  /** What acts at the end of a commitment's term. */
  public termFor(topic: ITopic | undefined, release: boolean): ThroughputTerm {
    if (!this.term) {
      this.term = new ThroughputTerm(this, 'Term', {
        provisionedModels: this.provisionedModels,
        handler: (scope, id) => this.handler(id, 'onTermEnd', scope),
      });
      this.term.allowPlanning(this.worker.role!);
      this.explainWildcards();
    }
    this.term.serve(topic, release);
    return this.term;
  }

  /** The function that buys and deletes throughput by the clock. */
  public tickerFor(props: { modelArn: string; record: IStringParameter; modelId: IStringParameter; topic?: ITopic }): IFunction {
    const { modelArn, record, modelId, topic } = props;
    if (!this.ticker) {
      this.ticker = this.handler('OnTick', 'onTick');
      this.allow(this.ticker, [this.provisionedModels],
        'bedrock:CreateProvisionedModelThroughput', 'bedrock:GetProvisionedModelThroughput', 'bedrock:DeleteProvisionedModelThroughput', 'bedrock:ListTagsForResource', 'bedrock:TagResource');
      this.explainWildcards();
    }
    const ticker = this.ticker;
    this.once(`tick ${modelArn}`, () => this.allow(ticker, [modelArn], 'bedrock:CreateProvisionedModelThroughput'));
    this.allow(ticker, [record.parameterArn], 'ssm:GetParameter');
    this.allow(ticker, [modelId.parameterArn], 'ssm:GetParameter', 'ssm:PutParameter');
    if (topic) this.once(`tick topic ${topic.topicArn}`, () => this.allow(ticker, [topic.topicArn], 'sns:Publish'));
    return ticker;
  }

  private get provisionedModels(): string {
    return this.stack.formatArn({ service: 'bedrock', resource: 'provisioned-model', resourceName: '*', arnFormat: ArnFormat.SLASH_RESOURCE_NAME });
  }

  private handler(id: string, entry: Entry, scope: Construct = this): LambdaFunction {
    return handlerFunction(scope, id, {
      bundle: 'provisioned-model-throughput',
      entry,
      description: `Amazon Bedrock provisioned throughput: ${entry}`,
      logGroup: this.logGroup as ILogGroup,
      timeout: Duration.seconds(RUN_SECONDS),
    });
  }

  private allow({ role }: { readonly role?: IRole }, resources: string[], ...actions: string[]): void {
    role!.addToPrincipalPolicy(new PolicyStatement({ actions, resources }));
  }

  private once(what: string, act: () => void): void {
    if (this.granted.has(what)) return;
    this.granted.add(what);
    act();
  }

  private explainWildcards(): void {
    acknowledgeWildcards(this, 'AWS chooses the id of a provisioned model, after which schedules are named; the provider framework of CDK calls its functions in any version, and log delivery has no resources');
  }

  private explainToNag(framework: Provider): void {
    this.explainWildcards();
    acknowledgeRules(framework, 'the waiter belongs to the provider framework of CDK, which offers no tracing; its log says every step', 'SF2');
    acknowledgeRules(this, 'the newest Node.js runtime of the region is chosen; cdk-nag cannot read it in a stack without a region', 'L1');
  }
}

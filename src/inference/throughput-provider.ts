import { ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { LogLevel } from 'aws-cdk-lib/aws-stepfunctions';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { handlerFunction, handlerRole } from '../functions/handler-function';
import { acknowledgeRules, acknowledgeWildcards } from '../functions/nag-acknowledgements';

const ID = 'BedrockProvisionedModelThroughputProvider';

/**
 * What buys, changes and deletes provisioned throughput: one for each stack, shared by all throughputs in it.
 *
 * Two small functions with a role each that can do no more than their part, and CDK's provider framework, which waits
 * up to 30 minutes for AWS to provide the units.
 */
export class ThroughputProvider extends Construct {
  /** The provider of the stack that a construct stands in. */
  public static of(scope: Construct): ThroughputProvider {
    const stack = Stack.of(scope);
    return (stack.node.tryFindChild(ID) as ThroughputProvider | undefined) ?? new ThroughputProvider(stack);
  }

  public readonly serviceToken: string;
  private readonly buyer: IRole;
  private readonly models = new Set<string>();

  private constructor(stack: Stack) {
    super(stack, ID);
    const provisionedModels = stack.formatArn({ service: 'bedrock', resource: 'provisioned-model', resourceName: '*', arnFormat: ArnFormat.SLASH_RESOURCE_NAME });
    // Outlives the stack: the last thing it may have to say is that a commitment could not be deleted and is billed on.
    const logGroup = new LogGroup(this, 'Logs', { retention: RetentionDays.ONE_YEAR, removalPolicy: RemovalPolicy.RETAIN });
    const onEvent = this.handler('OnEvent', 'onEvent', logGroup, provisionedModels, [
      'bedrock:CreateProvisionedModelThroughput', 'bedrock:GetProvisionedModelThroughput', 'bedrock:UpdateProvisionedModelThroughput',
      'bedrock:ListTagsForResource', 'bedrock:TagResource', 'bedrock:UntagResource',
    ]);
    const isComplete = this.handler('IsComplete', 'isComplete', logGroup, provisionedModels, [
      'bedrock:GetProvisionedModelThroughput', 'bedrock:DeleteProvisionedModelThroughput', 'bedrock:ListTagsForResource',
    ]);
    this.buyer = onEvent.role!;

    const framework = new Provider(this, 'Framework', {
      onEventHandler: onEvent,
      isCompleteHandler: isComplete,
      queryInterval: Duration.seconds(30),
      totalTimeout: Duration.minutes(30),
      logGroup,
      frameworkOnEventRole: handlerRole(this, 'FrameworkOnEventRole', logGroup),
      frameworkCompleteAndTimeoutRole: handlerRole(this, 'FrameworkWaitRole', logGroup),
      disableWaiterStateMachineLogging: false,
      waiterStateMachineLogOptions: { destination: logGroup, level: LogLevel.ALL },
    });
    this.serviceToken = framework.serviceToken;
    this.explainToNag(framework);
  }

  /** Lets the handler buy throughput for a model. */
  public allowModel(modelArn: string): void {
    if (this.models.has(modelArn)) return;
    this.models.add(modelArn);
    this.buyer.addToPrincipalPolicy(new PolicyStatement({
      actions: ['bedrock:CreateProvisionedModelThroughput', 'bedrock:UpdateProvisionedModelThroughput'],
      resources: [modelArn],
    }));
  }

  private handler(id: string, entry: string, logGroup: ILogGroup, provisionedModels: string, actions: string[]): LambdaFunction {
    const handler = handlerFunction(this, id, {
      bundle: 'provisioned-model-throughput',
      entry,
      description: `Amazon Bedrock provisioned throughput: ${entry}`,
      logGroup,
      timeout: Duration.minutes(5),
    });
    handler.addToRolePolicy(new PolicyStatement({ actions, resources: [provisionedModels] }));
    return handler;
  }

  private explainToNag(framework: Provider): void {
    acknowledgeWildcards(this, 'AWS chooses the id of a provisioned model, the provider framework of CDK calls its functions in any version, and log delivery has no resources');
    acknowledgeRules(framework, 'the waiter belongs to the provider framework of CDK, which offers no tracing; its log says every step', 'SF2');
    acknowledgeRules(this, 'the newest Node.js runtime of the region is chosen; cdk-nag cannot read it in a stack without a region', 'L1');
  }
}

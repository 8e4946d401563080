import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { BatchLocation, grantRead, grantWrite } from './location';
import { handlerFunction } from '../../functions/handler-function';
import { acknowledgeWildcards } from '../../functions/nag-acknowledgements';
import { NAMESPACE } from '../../lambda/month-to-date/contract';
import { BedrockModel } from '../bedrock-model';

export interface BatchFunctionsProps {
  readonly model: BedrockModel;
  readonly input: BatchLocation;
  readonly output: BatchLocation;
  readonly onDemand: boolean;
  readonly network?: { readonly vpc: IVpc; readonly vpcSubnets?: SubnetSelection; readonly securityGroups?: ISecurityGroup[] };
}

/** The memory with which Lambda assigns one whole processor, since the steps are limited by it. */
export const FUNCTION_MEMORY = 1769;

/** The functions of the steps of runs, each with the permissions that its own steps need. */
export class BatchFunctions extends Construct {
  /** Reads the input and writes parts of it into the folder of the run. */
  public readonly reader: LambdaFunction;
  /** Packs jobs, and collects and joins their output, in the folder of the run only. */
  public readonly worker: LambdaFunction;
  /** Invokes the model on demand. */
  public readonly invoker?: LambdaFunction;
  private readonly logGroup: ILogGroup;

  constructor(scope: Construct, id: string, private readonly props: BatchFunctionsProps) {
    super(scope, id);
    const { model, input, output, onDemand } = props;
    this.logGroup = new LogGroup(this, 'Logs', { retention: RetentionDays.ONE_YEAR, removalPolicy: RemovalPolicy.DESTROY });
    this.reader = this.create('Reader', 'reads the input of batch inference');
    grantRead(this.reader, input);
    this.worker = this.create('Worker', 'packs jobs of batch inference and joins their output');
    this.worker.addToRolePolicy(new PolicyStatement({
      actions: ['cloudwatch:PutMetricData'], resources: ['*'], conditions: { StringEquals: { 'cloudwatch:namespace': NAMESPACE } },
    }));
    if (onDemand) {
      this.invoker = this.create('Invoker', 'runs records on demand if they are too few for a job');
      model.grantInvoke(this.invoker);
      const steps = { bucket: output.bucket, path: `${output.path}*/steps/` };
      grantRead(this.invoker, steps, output.path);
      grantWrite(this.invoker, steps);
    }
    for (const lambdaFunction of [this.reader, this.worker]) {
      grantRead(lambdaFunction, output);
      grantWrite(lambdaFunction, output);
    }
    acknowledgeWildcards(this, 'records and results are whole folders of a bucket; metrics and network interfaces have no resources, and AWS chooses the regions behind an inference profile');
  }

  private create(id: string, does: string): LambdaFunction {
    return handlerFunction(this, id, {
      bundle: 'batch-inference',
      entry: 'handler',
      description: `${Stack.of(this).stackName}: ${does}`,
      logGroup: this.logGroup,
      timeout: Duration.minutes(15),
      memorySize: FUNCTION_MEMORY,
      ...this.props.network,
    });
  }
}

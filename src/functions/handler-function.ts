import { join } from 'path';
import { Duration } from 'aws-cdk-lib';
import { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledgeRules } from './nag-acknowledgements';

const BUNDLES = join(__dirname, '../../assets/handlers');

export interface HandlerFunctionProps {
  /** The bundle in `assets/handlers`, such as `month-to-date`. */
  readonly bundle: string;
  /** The exported function of the bundle. */
  readonly entry: string;
  readonly description: string;
  readonly logGroup: ILogGroup;
  readonly timeout: Duration;
  readonly environment?: { readonly [name: string]: string };
  /**
   * The memory in MB.
   * @default - `HANDLER_MEMORY`
   */
  readonly memorySize?: number;
  /** @default - no reserved concurrency */
  readonly reservedConcurrentExecutions?: number;
  /**
   * The VPC of the function.
   * @default - the function is not in a VPC
   */
  readonly vpc?: IVpc;
  readonly vpcSubnets?: SubnetSelection;
  readonly securityGroups?: ISecurityGroup[];
}

/** The memory of the functions, in MB, which is enough for the AWS SDK and the datapoints of 500 profiles over a week. */
export const HANDLER_MEMORY = 512;

/** Creates a function that runs one of the library's handlers, with its own role. */
export function handlerFunction(scope: Construct, id: string, props: HandlerFunctionProps): LambdaFunction {
  const handler = new LambdaFunction(scope, id, {
    description: props.description,
    code: Code.fromAsset(join(BUNDLES, `${props.bundle}.lambda`)),
    handler: `index.${props.entry}`,
    // The newest one of all regions. `determineLatestNodeRuntime` finds the same, and loads all facts of all regions for it, in 50 ms.
    runtime: Runtime.NODEJS_LATEST,
    architecture: Architecture.ARM_64,
    timeout: props.timeout,
    memorySize: props.memorySize ?? HANDLER_MEMORY,
    reservedConcurrentExecutions: props.reservedConcurrentExecutions,
    vpc: props.vpc,
    vpcSubnets: props.vpcSubnets,
    securityGroups: props.securityGroups,
    logGroup: props.logGroup,
    role: handlerRole(scope, `${id}Role`, props.logGroup, props.vpc !== undefined),
    environment: props.environment,
  });
  acknowledgeRules(handler, 'the newest Node.js runtime that all regions have is chosen', 'L1');
  return handler;
}

/** Creates a role without the managed policy of Lambda, which allows writing to all log groups of the account. */
export function handlerRole(scope: Construct, id: string, logGroup: ILogGroup, inVpc = false): Role {
  const role = new Role(scope, id, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  logGroup.grantWrite(role);
  // The actions of AWSLambdaVPCAccessExecutionRole, without its log groups. Their resources are not known at synth.
  if (inVpc) {
    role.addToPolicy(new PolicyStatement({
      actions: ['ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets', 'ec2:DeleteNetworkInterface', 'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses'],
      resources: ['*'],
    }));
  }
  return role;
}

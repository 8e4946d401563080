import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';

/**
 * Whatever Amazon Bedrock can invoke: a model, an inference profile, provisioned throughput.
 *
 * The constructs of this library fit, and so do the models and profiles of other construct libraries that have these
 * two members. In Java and .NET, where a class of another library does not match by its shape, give the ARN with
 * `BedrockModel.fromInvokableAttributes`.
 */
export interface IBedrockInvokable {
  /** The ARN that goes into the field `modelId` of a request. */
  readonly invokableArn: string;

  /** Lets the grantee invoke it. */
  grantInvoke(grantee: IGrantable): Grant;
}

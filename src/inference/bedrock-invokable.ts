import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';

/**
 * A resource that Amazon Bedrock can invoke: a model, an inference profile or provisioned throughput.
 *
 * The constructs of this library implement it. In TypeScript, models and profiles of other construct libraries match it if they have both
 * members. In other languages, use `BedrockModel.fromInvokableAttributes` with the ARN.
 */
export interface IBedrockInvokable {
  /** The ARN for the field `modelId` of a request. */
  readonly invokableArn: string;

  /** Grants permission to invoke it. */
  grantInvoke(grantee: IGrantable): Grant;
}

import { IResource } from 'aws-cdk-lib';
import { IModel } from 'aws-cdk-lib/aws-bedrock';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { recordGrant } from '../../estimates/grants';
import { requireGrantee } from '../../estimates/shape';
import { IBedrockInvokable } from '../bedrock-invokable';
import { defaultProjectArn, INVOKE_ACTIONS } from '../bedrock-model-base';
import { IInvocationMetrics, InvocationMetrics } from '../invocation-metrics';

/** Provisioned throughput, created in this app or imported. */
export interface IProvisionedModelThroughput extends IResource, IModel, IBedrockInvokable, IInvocationMetrics {
  /** The ARN of the provisioned throughput, for the field `modelId` of a request. */
  readonly provisionedModelArn: string;
}

/**
 * The members of provisioned throughput that are derived from its ARN.
 *
 * @internal
 */
export abstract class ProvisionedModelThroughputBase extends InvocationMetrics implements IProvisionedModelThroughput {
  public abstract readonly provisionedModelArn: string;

  /**
   * True if it is billed until the end of a term. False for imported throughput, whose commitment is unknown.
   * @internal
   */
  public abstract readonly _isCommitted: boolean;

  /** The ARN of the provisioned throughput. */
  public get modelArn(): string {
    return this.provisionedModelArn;
  }

  /** The ARN of the provisioned throughput, for the field `modelId` of a request. */
  public get invokableArn(): string {
    return this.provisionedModelArn;
  }

  /** @internal */
  public get _metricModelId(): string {
    return this.provisionedModelArn;
  }

  /** Grants permission to invoke the throughput (`InvokeModel` and `InvokeModelWithResponseStream`, which Converse also uses). */
  public grantInvoke(grantee: IGrantable): Grant {
    requireGrantee(this, 'grantInvoke', grantee);
    recordGrant(grantee, this.provisionedModelArn, this, this._isCommitted);
    return Grant.addToPrincipal({ grantee, actions: INVOKE_ACTIONS, resourceArns: [this.provisionedModelArn, defaultProjectArn()] });
  }
}

import { ArnFormat, IResource, Resource, Stack } from 'aws-cdk-lib';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { IStringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { recordGrant } from '../../estimates/grants';
import { requireGrantee } from '../../estimates/shape';
import { acknowledgeResources } from '../../functions/nag-acknowledgements';
import { SCHEDULE_TAG } from '../../lambda/provisioned-model-throughput/contract';
import { BedrockModel } from '../bedrock-model';
import { defaultProjectArn, INVOKE_ACTIONS } from '../bedrock-model-base';

/** Throughput with business hours, created in this app or imported. */
export interface IScheduledModelThroughput extends IResource {
  /**
   * The SSM parameter with the id to invoke at the moment: the ARN of the throughput, or the id of the model outside of the hours. Read it
   * again every few minutes.
   */
  readonly modelIdParameter: IStringParameter;

  /** The value of the tag `cdk-bedrock-cost:schedule`, which identifies the throughput of every day. Its ARN differs from day to day. */
  readonly scheduleTag: string;

  /** Grants permission to read `modelIdParameter`, and to invoke the throughput and the model outside of the hours. */
  grantInvoke(grantee: IGrantable): Grant;
}

/**
 * The permissions of throughput with business hours.
 *
 * @internal
 */
export abstract class ScheduledModelThroughputBase extends Resource implements IScheduledModelThroughput {
  public abstract readonly modelIdParameter: IStringParameter;
  public abstract readonly scheduleTag: string;
  /** @internal */
  public abstract readonly _outsideHours: BedrockModel;

  /** Grants permission to read `modelIdParameter`, and to invoke the throughput and the model outside of the hours. */
  public grantInvoke(grantee: IGrantable): Grant {
    requireGrantee(this, 'grantInvoke', grantee);
    const throughputs = Stack.of(this).formatArn({ service: 'bedrock', resource: 'provisioned-model', resourceName: '*', arnFormat: ArnFormat.SLASH_RESOURCE_NAME });
    recordGrant(grantee, throughputs, this);
    const { grantPrincipal } = grantee;
    if (Construct.isConstruct(grantPrincipal)) acknowledgeResources(grantPrincipal, 'AWS chooses the id of a provisioned model every day; a condition requires its tag', [throughputs]);
    const conditions = { StringEquals: { [`aws:ResourceTag/${SCHEDULE_TAG}`]: this.scheduleTag } };
    return Grant.addToPrincipal({ grantee, actions: INVOKE_ACTIONS, resourceArns: [throughputs], conditions })
      .combine(Grant.addToPrincipal({ grantee, actions: INVOKE_ACTIONS, resourceArns: [defaultProjectArn()] }))
      .combine(this._outsideHours.grantInvoke(grantee))
      .combine(this.modelIdParameter.grantRead(grantee));
  }
}

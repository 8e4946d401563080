import { CfnDeletionPolicy, ITaggableV2, RemovalPolicy, TagManager, TagType } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { IProvisionedModelThroughput, ProvisionedModelThroughputBase } from './base';
import { commitmentRefusals } from './commitment';
import { isProvisionedAllowed, PROVISIONED_SHAPES } from './input';
import { reviewNotifications, UnnotifiedFinding } from './notifications';
import { commitmentProperties } from './properties';
import { ProvisionedModelThroughputProps } from './props';
import { ThroughputProvider } from './provider';
import { purchaseOf, PurchasePricing } from './purchase';
import { createRecord, PurchaseResource } from './purchase-resource';
import { termEnd } from './term';
import { isUtilisationAllowed, reviewUtilisation } from './utilisation';
import { isEnabled } from '../../estimates/settings';
import { acceptProps, arn, IN_SCOPE, requireArguments, required } from '../../estimates/shape';
import { RESOURCE_TYPE } from '../../lambda/provisioned-model-throughput/contract';
import { MESSAGES } from '../../messages';
import { CommitmentDuration } from '../../pricing/price-book/rate';

/**
 * Provisioned throughput: model units that are paid by the hour, used or not.
 *
 * CloudFormation has no type for it; a custom resource buys it, once for each request of CloudFormation however often
 * that is delivered. Name, tags and custom model change in place. Units and commitment cannot be changed: by the hour, a
 * change buys anew and then deletes the old; with a commitment it is refused, unless `allowRepurchase` is set.
 *
 * With the context key `cdk-bedrock-cost:dryRun`, deploying buys and changes nothing, and an output of the stack says what
 * it would buy.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/prov-throughput.html
 *
 * @example
 * const capacity = new ProvisionedModelThroughput(this, 'Capacity', {
 *   model: BedrockModel.of('cohere.embed-english-v3:0:512'),
 *   modelUnits: 2,
 *   commitmentDuration: CommitmentDuration.ONE_MONTH,
 *   acknowledgeCommitmentUsd: 9_869.6,
 * });
 */
export class ProvisionedModelThroughput extends ProvisionedModelThroughputBase implements ITaggableV2 {
  /** Throughput that was bought outside this app. It is not priced here: add its cost with `CostEstimates.of(scope).addProvisioned`. */
  public static fromProvisionedModelArn(scope: Construct, id: string, provisionedModelArn: string): IProvisionedModelThroughput {
    requireArguments('ProvisionedModelThroughput.fromProvisionedModelArn: ', { scope, id, provisionedModelArn }, {
      ...IN_SCOPE, provisionedModelArn: required(arn('the provisioned throughput')),
    });
    class Import extends ProvisionedModelThroughputBase {
      public readonly provisionedModelArn = provisionedModelArn;
      public readonly _isCommitted = false;
    }
    return new Import(scope, id, { environmentFromArn: provisionedModelArn });
  }

  /** The ARN of the provisioned throughput. */
  public readonly provisionedModelArn: string;
  /** The name of the provisioned throughput. */
  public readonly provisionedModelName: string;
  /** The end of the first term of the commitment that was bought, as ISO 8601, known at deployment. `none` without a commitment. */
  public readonly commitmentEnd: string;
  /** The tags of the provisioned throughput. */
  public readonly cdkTagManager = new TagManager(TagType.STANDARD, RESOURCE_TYPE);
  /** @internal */
  public readonly _isCommitted: boolean;

  constructor(scope: Construct, id: string, props: ProvisionedModelThroughputProps) {
    super(scope, id);
    const { accepted, isAccepted } = acceptProps(this, props, PROVISIONED_SHAPES);
    const { commitmentDuration = CommitmentDuration.NONE, notificationTopic } = accepted;
    this._isCommitted = commitmentDuration !== CommitmentDuration.NONE;
    const isAllowed = isAccepted && isProvisionedAllowed(this, accepted);
    const pricing = isAllowed ? new PurchasePricing(this, purchaseOf(accepted)) : undefined;
    const provider = ThroughputProvider.of(this);
    const record = createRecord(this, provider);
    const term = this._isCommitted ? termEnd(this, provider, accepted) : undefined;
    const resource = new PurchaseResource(this, accepted, {
      provider,
      record,
      pricing,
      commitment: commitmentProperties(this, accepted, term),
      removalPolicy: this.removalPolicyOf(accepted),
      functions: () => (term ? [provider.termEndFunction()] : []),
    });
    // Throughput that a replacement leaves behind has no commitment, and would be billed by the hour unnoticed.
    if (accepted.removalPolicy === undefined) resource.cfnResource.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.DELETE;
    if (!notificationTopic) reviewNotifications(this, this.unnotified);
    this.provisionedModelArn = resource.ref;
    this.provisionedModelName = resource.provisionedModelName;
    this.commitmentEnd = resource.attribute('CommitmentEnd');
    if (!pricing) return;
    this.node.addValidation({ validate: () => pricing.unlessRefused((priced) => commitmentRefusals(this, priced)) ?? [] });
    const isReviewed = isEnabled(this) && isUtilisationAllowed(this, accepted);
    resource.record(pricing, {
      arn: this.provisionedModelArn,
      review: ({ estimate, source, usage: { modelUnits = accepted.modelUnits } }) => {
        if (isReviewed) reviewUtilisation(this, { ...accepted, ...pricing.now, estimate, modelUnits }, source);
      },
    });
  }

  /**
   * A commitment outlives its construct, except when its creation is rolled back: one that failed is deleted then, and the
   * handler keeps one that is billed.
   */
  private removalPolicyOf({ removalPolicy }: ProvisionedModelThroughputProps): RemovalPolicy {
    return removalPolicy ?? (this._isCommitted ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY);
  }

  private get unnotified(): UnnotifiedFinding[] {
    return [
      ...(this._isCommitted ? [{
        message: MESSAGES.renewalNotAnnounced,
        text: 'the commitment renews itself at the end of each term, and no topic is notified before of what that costs',
      }] : []),
      { message: MESSAGES.throughputFailuresNotNotified, text: 'no topic is notified when an update or a deletion leaves it behind, and it is billed' },
    ];
  }
}

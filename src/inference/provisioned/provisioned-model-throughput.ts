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
 * Provisioned throughput: model units that are billed by the hour, regardless of their use.
 *
 * CloudFormation has no type for it. A custom resource buys it, once for each request of CloudFormation, even if a request is delivered
 * twice. Changes of name, tags and custom model are made in place. Other changes replace the throughput: without a commitment, the new
 * one is bought before the old one is deleted; with a commitment, they are refused unless `allowRepurchase` is set.
 *
 * With the context key `cdk-bedrock-cost:dryRun`, a deployment changes no throughput, and an output of the stack has the purchase that it
 * would make.
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
  /** Imports throughput from outside of this app. Its cost is not estimated: add it with `CostEstimates.of(scope).addProvisioned`. */
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
  /** The end of the first term of the commitment, known at deployment: an ISO 8601 time, or `none` without a commitment. */
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
    // Throughput that is replaced has no commitment, and would remain billed by the hour without a notice.
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
   * The removal policy. By default, a commitment outlives its construct. If its creation is rolled back, a purchase that failed is deleted,
   * and the handler retains a purchase that is billed.
   */
  private removalPolicyOf({ removalPolicy }: ProvisionedModelThroughputProps): RemovalPolicy {
    return removalPolicy ?? (this._isCommitted ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY);
  }

  private get unnotified(): UnnotifiedFinding[] {
    return [
      ...(this._isCommitted ? [{
        message: MESSAGES.renewalNotAnnounced,
        text: 'the commitment renews itself at the end of each term, and no topic is notified of the cost of the next term before',
      }] : []),
      { message: MESSAGES.throughputFailuresNotNotified, text: 'no topic is notified if an update or a deletion fails to delete the throughput, which remains billed' },
    ];
  }
}

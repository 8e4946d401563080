import { CfnDeletionPolicy, CfnResource, CustomResource, IResource, ITaggableV2, Names, RemovalPolicy, TagManager, TagType, Token } from 'aws-cdk-lib';
import { IModel } from 'aws-cdk-lib/aws-bedrock';
import { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { IBedrockInvokable } from './bedrock-invokable';
import { BedrockModel } from './bedrock-model';
import { confirmCommitment } from './commitment';
import { InputChecks } from './input-checks';
import { InvocationMetrics } from './invocation-metrics';
import { ThroughputProvider } from './throughput-provider';
import { commitmentOf } from '../estimates/entry-details';
import { refuseInput } from '../estimates/findings';
import { recordGrant } from '../estimates/grants';
import { recordUsage } from '../estimates/record';
import { priceBook } from '../estimates/settings';
import { NAME_PREFIX_MAX_LENGTH, RESOURCE_TYPE, ThroughputAttributes, ThroughputProperties } from '../handlers/provisioned-model-throughput.contract';
import { decimal, toText } from '../pricing/decimal';
import { PricingError } from '../pricing/error';
import { parseModelId } from '../pricing/model-id';
import { PriceBook } from '../pricing/price-book';
import { CommitmentDuration, RateKind, RateUnit } from '../pricing/rate';

/** Provisioned throughput, bought here or imported. */
export interface IProvisionedModelThroughput extends IResource, IModel, IBedrockInvokable {
  /** The ARN of the provisioned throughput: it goes into the field `modelId` of a request. */
  readonly provisionedModelArn: string;
  /** A metric of the namespace `AWS/Bedrock` for this throughput. */
  metric(metricName: string, props?: MetricOptions): Metric;
}

/** The properties of a `ProvisionedModelThroughput`. */
export interface ProvisionedModelThroughputProps {
  /**
   * The model: a base model by its bare id, mostly with a context variant (`amazon.nova-pro-v1:0:24k`), or a custom
   * model (`BedrockModel.fromCustomModel`). It is not bought through an inference profile.
   * @see https://docs.aws.amazon.com/bedrock/latest/userguide/prov-thru-supported.html
   */
  readonly model: BedrockModel;
  /** Model units: a whole number of 1 or more. A new account has a quota of 0: ask for more in a support case first. */
  readonly modelUnits: number;
  /**
   * How long the units are bought for. A commitment costs less by the hour, cannot be cancelled, and renews itself at
   * the end of each term until it is deleted.
   * @default CommitmentDuration.NONE - billed by the hour, can be deleted at any time
   */
  readonly commitmentDuration?: CommitmentDuration;
  /**
   * Confirms what a commitment costs over its whole term, in US dollars: units x hourly price x hours in a month x
   * months. 2 units of Llama 3.1 70B for one month are 2 x $21.18 x 730 x 1 = 30922.8. Synthesis is refused, and names
   * the sum, while this is less.
   * @default - a commitment is refused
   */
  readonly acknowledgeCommitmentUsd?: number;
  /**
   * The name: 1 to 63 letters and digits, with single hyphens or underscores between them. Units that are bought by the
   * hour can only be changed together with a name that is given here.
   * @default - made of the construct's path, the model, and the units
   */
  readonly provisionedModelName?: string;
  /**
   * What happens when the construct is removed. AWS does not delete a commitment before its term ends; it is billed on.
   * @default - RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE with a commitment, otherwise RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * Your own price of one model unit for one hour in US dollars, for this construct and commitment. AWS quotes the
   * prices of some models only on request.
   * @default - the price book's
   */
  readonly hourlyPricePerModelUnitUsd?: number;
}

const API_COMMITMENT: { readonly [duration: string]: ThroughputProperties['commitmentDuration'] } = {
  [CommitmentDuration.ONE_MONTH]: 'OneMonth',
  [CommitmentDuration.SIX_MONTHS]: 'SixMonths',
};

abstract class ProvisionedModelThroughputBase extends InvocationMetrics implements IProvisionedModelThroughput {
  public abstract readonly provisionedModelArn: string;

  /** The ARN of the provisioned throughput. */
  public get modelArn(): string {
    return this.provisionedModelArn;
  }

  /** The ARN of the provisioned throughput: it goes into the field `modelId` of a request. */
  public get invokableArn(): string {
    return this.provisionedModelArn;
  }

  /** @internal */
  public get _metricModelId(): string {
    return this.provisionedModelArn;
  }

  /** Lets the grantee invoke the model through this throughput (`InvokeModel` and `InvokeModelWithResponseStream`, which Converse uses too). */
  public grantInvoke(grantee: IGrantable): Grant {
    recordGrant(grantee, this.provisionedModelArn, this);
    return Grant.addToPrincipal({
      grantee,
      actions: ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'],
      resourceArns: [this.provisionedModelArn],
    });
  }
}

/**
 * Provisioned throughput: model units that are paid by the hour, used or not.
 *
 * CloudFormation has no type for it; a custom resource buys it, once for each request of CloudFormation however often
 * that is delivered. Name, tags and custom model change in place. Units and commitment cannot be changed: by the hour, a
 * change buys anew and then deletes the old; with a commitment it is refused.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/prov-throughput.html
 *
 * @example
 * const capacity = new ProvisionedModelThroughput(this, 'Capacity', {
 *   model: BedrockModel.of('meta.llama3-1-70b-instruct-v1:0'),
 *   modelUnits: 2,
 *   commitmentDuration: CommitmentDuration.ONE_MONTH,
 *   acknowledgeCommitmentUsd: 30_922.8,
 * });
 */
export class ProvisionedModelThroughput extends ProvisionedModelThroughputBase implements ITaggableV2 {
  /** Throughput that was bought outside this app. It is not priced here: add its cost with `CostEstimates.of(scope).addProvisioned`. */
  public static fromProvisionedModelArn(scope: Construct, id: string, provisionedModelArn: string): IProvisionedModelThroughput {
    class Import extends ProvisionedModelThroughputBase {
      public readonly provisionedModelArn = provisionedModelArn;
    }
    return new Import(scope, id, { environmentFromArn: provisionedModelArn });
  }

  /** The ARN of the provisioned throughput. */
  public readonly provisionedModelArn: string;
  /** The name of the provisioned throughput. */
  public readonly provisionedModelName: string;
  /** The tags of the provisioned throughput. */
  public readonly cdkTagManager = new TagManager(TagType.STANDARD, RESOURCE_TYPE);

  constructor(scope: Construct, id: string, props: ProvisionedModelThroughputProps) {
    super(scope, id);
    const { model, commitmentDuration = CommitmentDuration.NONE } = props;
    const provider = ThroughputProvider.of(this);
    provider.allowModel(model.invokableArn);
    const properties: ThroughputProperties = {
      modelId: model.modelId,
      modelUnits: props.modelUnits,
      commitmentDuration: API_COMMITMENT[commitmentDuration],
      provisionedModelName: props.provisionedModelName,
      namePrefix: Names.uniqueResourceName(this, { maxLength: NAME_PREFIX_MAX_LENGTH, separator: '-' }),
      baseModelId: model.customModel ? model.pricingModelId : undefined,
      tags: this.cdkTagManager.renderedTags as unknown as ThroughputProperties['tags'],
    };
    const resource = new CustomResource(this, 'Resource', { serviceToken: provider.serviceToken, resourceType: RESOURCE_TYPE, properties: { ...properties } });
    this.applyRetention(resource, props.removalPolicy, commitmentDuration);
    this.provisionedModelArn = resource.ref;
    this.provisionedModelName = resource.getAttString('ProvisionedModelName' satisfies keyof ThroughputAttributes);

    if (inputChecks(props).passed(this)) this.price(props, commitmentDuration);
  }

  private price(props: ProvisionedModelThroughputProps, commitmentDuration: CommitmentDuration) {
    const { modelUnits, acknowledgeCommitmentUsd, hourlyPricePerModelUnitUsd } = props;
    const { pricingModelId, customModel } = props.model;
    try {
      const book = this.bookWith(hourlyPricePerModelUnitUsd, { model: pricingModelId, commitmentDuration, customModel });
      confirmCommitment(this, book, {
        model: pricingModelId, modelUnits, commitmentDuration, customModel, acknowledgeCommitmentUsd, hourlyPricePerModelUnitUsd,
      });
      recordUsage(this, {
        type: 'provisioned-throughput',
        model: pricingModelId,
        usage: {
          modelUnits,
          commitmentDuration,
          customModel,
          // A price that is a token makes the cost unknown: the book's is not the one that will be paid.
          ...(Token.isUnresolved(hourlyPricePerModelUnitUsd) ? { hourlyPricePerModelUnitUsd } : {}),
        },
        commitment: commitmentOf(commitmentDuration),
        throughput: { arn: this.provisionedModelArn, name: this.provisionedModelName, modelArn: props.model.invokableArn },
        book,
      });
    } catch (problem) {
      // A context key or price book file that is not allowed.
      if (!(problem instanceof PricingError)) throw problem;
      refuseInput(this, problem);
    }
  }

  /** The app's prices, with the construct's own one above them if it has one. */
  private bookWith(hourlyUsd: number | undefined, rate: { model: string; commitmentDuration: CommitmentDuration; customModel: boolean }): PriceBook {
    const book = priceBook(this);
    if (hourlyUsd === undefined || Token.isUnresolved(hourlyUsd)) return book;
    return book.withRates([{ ...rate, kind: RateKind.MODEL_UNIT_HOUR, usd: toText(decimal(hourlyUsd)), unit: RateUnit.HOUR }]);
  }

  /**
   * A commitment outlives its construct, except when its creation is rolled back: one that failed is deleted then, and the
   * handler keeps one that is billed. The throughput that a replacement leaves behind is always deleted: it has no
   * commitment, and would be billed by the hour with nobody knowing.
   */
  private applyRetention(resource: CustomResource, removalPolicy: RemovalPolicy | undefined, commitmentDuration: CommitmentDuration) {
    const byDefault = commitmentDuration === CommitmentDuration.NONE ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
    resource.applyRemovalPolicy(removalPolicy ?? byDefault);
    if (removalPolicy === undefined) (resource.node.defaultChild as CfnResource).cfnOptions.updateReplacePolicy = CfnDeletionPolicy.DELETE;
  }
}

function inputChecks(props: ProvisionedModelThroughputProps) {
  const { model, modelUnits, commitmentDuration, acknowledgeCommitmentUsd, provisionedModelName, hourlyPricePerModelUnitUsd } = props;
  return new InputChecks()
    .check('model', model._shown, () => isPurchasable(model),
      'a bare model id such as "amazon.nova-pro-v1:0:24k", or a custom model: provisioned throughput is bought for the model itself, not through an inference profile')
    .check('modelUnits', modelUnits, (units) => Number.isInteger(units) && units >= 1, 'a whole number of 1 or more')
    .check('commitmentDuration', commitmentDuration, (duration) => Object.values(CommitmentDuration).includes(duration), `one of ${Object.values(CommitmentDuration).join(', ')}`)
    .check('acknowledgeCommitmentUsd', acknowledgeCommitmentUsd, (usd) => Number.isFinite(usd) && usd >= 0, 'the sum of the whole term in US dollars, a number of 0 or more')
    .check('provisionedModelName', provisionedModelName, (name) => /^([0-9a-zA-Z][_-]?)+$/.test(name) && name.length <= 63,
      '1 to 63 letters and digits, with single hyphens or underscores between them')
    .check('hourlyPricePerModelUnitUsd', hourlyPricePerModelUnitUsd, (usd) => Number.isFinite(usd) && usd > 0, 'the price of one model unit for one hour in US dollars, a number above 0');
}

function isPurchasable(model: BedrockModel): boolean {
  if (model.customModel) return !model._isArnOf('custom-model-deployment', 'imported-model');
  return model._origin === 'model' && parseModelId(model.pricingModelId).prefix === undefined;
}

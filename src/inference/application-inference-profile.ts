import { createHash } from 'crypto';
import { Arn, ArnFormat, IResource, Names, Stack, Token } from 'aws-cdk-lib';
import { ApplicationInferenceProfileReference, CfnApplicationInferenceProfile, IApplicationInferenceProfileRef, IModel } from 'aws-cdk-lib/aws-bedrock';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { IBedrockInvokable } from './bedrock-invokable';
import { BedrockModel } from './bedrock-model';
import { defaultProjectArn, INVOKE_ACTIONS } from './bedrock-model-base';
import { overriddenTags, reviewTags, tagsOf } from './bedrock-tags';
import { InputChecks } from './input-checks';
import { IInvocationMetrics, InvocationMetrics } from './invocation-metrics';
import { IMPORT_SHAPES, PROFILE_SHAPES } from './profile-shapes';
import { Limit } from '../aws/limits';
import { addFinding } from '../estimates/findings';
import { recordGrant } from '../estimates/grants';
import { idIn } from '../estimates/model-arns';
import { isMissingType } from '../estimates/resource-types';
import { acceptProps, requireArguments, requireGrantee } from '../estimates/shape';
import { MESSAGES } from '../messages';
import { OnDemandUsage } from '../pricing/billing-modes/on-demand';
import { ModelId } from '../pricing/model-id';
import { recordUsage } from '../registration/record';

/**
 * An application inference profile, created in this app or imported.
 *
 * It is an `IModel`: constructs of aws-cdk-lib that invoke a model accept it, such as the task `BedrockInvokeModel`. Their permissions
 * cover the profile only; `grantInvoke` adds permissions for the foundation models behind it.
 */
export interface IApplicationInferenceProfile extends IResource, IApplicationInferenceProfileRef, IModel, IBedrockInvokable, IInvocationMetrics {
  /** The ARN of the profile. */
  readonly inferenceProfileArn: string;
  /** The id of the profile: the value of the dimension `ModelId` of its metrics. */
  readonly inferenceProfileId: string;
}

/** Properties of an `ApplicationInferenceProfile`. */
export interface ApplicationInferenceProfileProps {
  /**
   * Model behind the profile. It is called in the region of the stack if its id is bare, and through the system-defined profile if the id
   * has a prefix. Custom models, context variants (`amazon.nova-pro-v1:0:24k`) and provisioned throughput are refused.
   */
  readonly model: BedrockModel;
  /**
   * Usage in an average month, from which the cost is estimated. `Lazy` values are resolved at synthesis. With a value that is known only at
   * deployment, such as a CloudFormation parameter, the cost is unknown.
   */
  readonly usage: OnDemandUsage;
  /**
   * Fields of `usage` that differ in a slow month.
   * @default - no lower end of a range is estimated
   */
  readonly lowUsage?: OnDemandUsage;
  /**
   * Fields of `usage` that differ in a busy month.
   * @default - no upper end of a range is estimated
   */
  readonly highUsage?: OnDemandUsage;
  /**
   * Name of the profile: 1 to 64 letters and digits, with single spaces, hyphens or underscores between them.
   *
   * A change of `model` or `description` replaces the profile, which requires a new name.
   * @default - generated from the path of the construct, the model and the description
   */
  readonly inferenceProfileName?: string;
  /**
   * Description of the profile: 1 to 200 letters, digits, colons and full stops, with single spaces, hyphens or underscores between them.
   * @default - no description
   */
  readonly description?: string;
}

/** Attributes of an imported application inference profile. */
export interface ApplicationInferenceProfileAttributes {
  /** The ARN of the profile. */
  readonly inferenceProfileArn: string;
  /** Model behind the profile, for which callers need a permission, too. */
  readonly model: BedrockModel;
}

abstract class ApplicationInferenceProfileBase extends InvocationMetrics implements IApplicationInferenceProfile {
  public abstract readonly inferenceProfileArn: string;
  public abstract readonly inferenceProfileId: string;
  /** @internal */
  public abstract readonly _model: BedrockModel;

  /** A reference to the profile. */
  public get applicationInferenceProfileRef(): ApplicationInferenceProfileReference {
    return { inferenceProfileIdentifier: this.inferenceProfileArn };
  }

  /** The ARN of the profile. */
  public get modelArn(): string {
    return this.inferenceProfileArn;
  }

  /** The ARN of the profile, for the field `modelId` of a request. */
  public get invokableArn(): string {
    return this.inferenceProfileArn;
  }

  /** @internal */
  public get _metricModelId(): string {
    return this.inferenceProfileId;
  }

  /**
   * Grants permission to invoke the profile and, for requests through the profile only, the foundation model in every region to which AWS
   * may route them.
   *
   * @see https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html
   */
  public grantInvoke(grantee: IGrantable): Grant {
    requireGrantee(this, 'grantInvoke', grantee);
    recordGrant(grantee, this.inferenceProfileArn, this);
    return this._model
      ._grant(grantee, INVOKE_ACTIONS, [this.inferenceProfileArn, defaultProjectArn()])
      .combine(this._model._grantDestinations(grantee, this.inferenceProfileArn));
  }
}

/**
 * An inference profile for on-demand use of a model, which CloudWatch counts separately and whose tags are on the bill.
 *
 * The profile itself is free of charge; its cost is that of its `usage`. 1,000 requests of 2,000 input and 500 output tokens to Nova Pro at
 * $0.80 and $3.20 per million cost 2 x $0.80 + 0.5 x $3.20 = $3.20 a month.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-create.html
 *
 * @example
 * const chat = new ApplicationInferenceProfile(this, 'Chat', {
 *   model: BedrockModel.of('us.amazon.nova-pro-v1:0'),
 *   usage: { requestsPerMonth: 1_000, inputTokensPerRequest: 2_000, outputTokensPerRequest: 500 },
 * });
 * chat.grantInvoke(chatFunction);
 * chatFunction.addEnvironment('MODEL_ID', chat.inferenceProfileArn);
 */
export class ApplicationInferenceProfile extends ApplicationInferenceProfileBase {
  /**
   * Imports a profile from outside of this app. Its usage is not priced: add it with `CostEstimates.of(scope).addOnDemand`.
   *
   * @param scope the parent construct
   * @param id the id of the construct
   * @param attrs the ARN and the model of the profile
   */
  public static fromApplicationInferenceProfileAttributes(
    scope: Construct, id: string, attrs: ApplicationInferenceProfileAttributes,
  ): IApplicationInferenceProfile {
    requireArguments('ApplicationInferenceProfile.fromApplicationInferenceProfileAttributes: ', { scope, id, attrs }, IMPORT_SHAPES);
    class Import extends ApplicationInferenceProfileBase {
      public readonly inferenceProfileArn = attrs.inferenceProfileArn;
      public readonly inferenceProfileId = Arn.split(attrs.inferenceProfileArn, ArnFormat.SLASH_RESOURCE_NAME).resourceName!;
      public readonly _model = attrs.model;
    }
    return new Import(scope, id, { environmentFromArn: attrs.inferenceProfileArn });
  }

  /** The ARN of the profile. */
  public readonly inferenceProfileArn: string;
  /** The id of the profile: the value of the dimension `ModelId` of its metrics. */
  public readonly inferenceProfileId: string;
  /** @internal */
  public readonly _model: BedrockModel;

  constructor(scope: Construct, id: string, props: ApplicationInferenceProfileProps) {
    super(scope, id);
    const { accepted, isAccepted } = acceptProps(this, props, PROFILE_SHAPES);
    const { model, usage, lowUsage, highUsage, description } = accepted;
    this._model = model;
    if (isMissingType(this, 'AWS::Bedrock::ApplicationInferenceProfile')) {
      addFinding(this, MESSAGES.typeNotInRegion, `CloudFormation has no AWS::Bedrock::ApplicationInferenceProfile in ${Stack.of(this).region}`);
    }
    const resource = new CfnApplicationInferenceProfile(this, 'Resource', {
      inferenceProfileName: accepted.inferenceProfileName ?? this.generateName(accepted),
      description,
      modelSource: { copyFrom: model.invokableArn },
    });
    this.inferenceProfileArn = resource.attrInferenceProfileArn;
    this.inferenceProfileId = resource.attrInferenceProfileId;

    reviewTags(this, () => tagsOf(this, overriddenTags(resource, 'Tags') ?? resource.cdkTagManager.renderTags(resource.tags)));

    const allowed = new InputChecks()
      .check('model', model._shown, () => isSource(model), 'a foundation model or a system-defined inference profile', 'AWS creates application inference profiles from these only.')
      .check('model', model._shown, () => !isContextVariant(model),
        'an id without context variant, such as "amazon.nova-pro-v1:0"', 'Only provisioned throughput is bought by context variant.')
      .check('model', Token.isUnresolved(model._shown) ? model.pricingModelId : model._shown, () => !isProfileIdOfModelArn(model, Stack.of(this)),
        'the ARN of an inference profile, or an id alone', 'The id in the ARN of a foundation model has no prefix such as "us.".')
      .check('model', model._shown, () => !isSource(model) || isOfSameEnvironment(model, Stack.of(this)),
        `a model or profile in the region (${Stack.of(this).region}) and account of the stack`)
      .check('inferenceProfileName', accepted.inferenceProfileName, (name) => /^([0-9a-zA-Z][ _-]?)+$/.test(name) && name.length <= Limit.INFERENCE_PROFILE_NAME,
        `1 to ${Limit.INFERENCE_PROFILE_NAME} letters and digits, with single spaces, hyphens or underscores between them`)
      .check('description', description, (text) => /^([0-9a-zA-Z:.][ _-]?)+$/.test(text) && text.length <= Limit.INFERENCE_PROFILE_DESCRIPTION,
        `1 to ${Limit.INFERENCE_PROFILE_DESCRIPTION} letters, digits, colons and full stops, with single spaces, hyphens or underscores between them`)
      .passed(this);
    if (!allowed || !isAccepted) return;
    recordUsage(this, {
      type: 'on-demand',
      model: model.pricingModelId,
      usage,
      lowUsage,
      highUsage,
      isInProps: true,
      cloudWatchModel: { modelId: this.inferenceProfileId, shared: false },
      pricedProperties: [{
        resource,
        property: 'ModelSource.CopyFrom',
        value: model.invokableArn,
        current: () => (resource.modelSource as { readonly copyFrom?: string } | undefined)?.copyFrom,
        priced: (copyFrom) => idIn(copyFrom) ?? copyFrom,
      }],
    });
  }

  /** A name that differs between models: CloudFormation creates the new profile before it deletes the old one. */
  private generateName({ model, description }: ApplicationInferenceProfileProps): string {
    const replacedBy = JSON.stringify(Stack.of(this).resolve([model.invokableArn, description]));
    const suffix = createHash('sha256').update(replacedBy).digest('hex').slice(0, 8);
    return `${Names.uniqueResourceName(this, { maxLength: Limit.INFERENCE_PROFILE_NAME - 9, separator: '-' })}-${suffix}`;
  }
}

/** True for `...:foundation-model/us.amazon.nova-pro-v1:0`, an ARN that cannot exist, also in the Fn::Join of models of aws-cdk-lib. */
function isProfileIdOfModelArn({ modelId }: BedrockModel, stack: Stack): boolean {
  const [, id] = /:foundation-model\/([^"]+)/.exec(JSON.stringify(stack.resolve(modelId))) ?? [];
  return id !== undefined && ModelId.parse(id).prefix !== undefined;
}

/** False if the region or the account is known to differ. Foundation models have no account. */
function isOfSameEnvironment({ modelId }: BedrockModel, stack: Stack): boolean {
  if (!modelId.startsWith('arn:') || Token.isUnresolved(modelId)) return true;
  const { region, account } = Arn.split(modelId, ArnFormat.SLASH_RESOURCE_NAME);
  const isSame = (given: string | undefined, own: string) => !given || Token.isUnresolved(own) || given === own;
  return isSame(region, stack.region) && isSame(account, stack.account);
}

/** True for a model from which AWS creates application inference profiles. */
function isSource(model: BedrockModel): boolean {
  if (model.customModel || model._isArnOf('application-inference-profile')) return false;
  return model._origin === 'model' || model._origin === 'invokable';
}

function isContextVariant({ modelId }: BedrockModel): boolean {
  return ModelId.parse(modelId).contextVariant !== undefined;
}

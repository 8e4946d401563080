import { Aws, Lazy, Token } from 'aws-cdk-lib';
import { IModel } from 'aws-cdk-lib/aws-bedrock';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { IBedrockInvokable } from './bedrock-invokable';
import type { BedrockModel } from './bedrock-model';
import { ProfileGeography } from './profile-geography';
import { recordGrant } from '../estimates/grants';
import { destinationModelArns, foundationModelArn, idIn, idOf, systemProfileArn } from '../estimates/model-arns';
import { grantee as aGrantee, having, label, marked, required, requireArguments, ShapesOf, struct } from '../estimates/shape';
import { acknowledgeResources } from '../functions/nag-acknowledgements';
import { markAs } from '../input/brand';
import { PricingError } from '../input/error';
import { ModelId } from '../pricing/model-id';

/** Attributes of an invokable resource, by which it is imported. */
export interface BedrockInvokableAttributes {
  /** ARN for the field `modelId` of a request. */
  readonly invokableArn: string;
  /** Id of the model behind it, with the prefix of the inference profile if there is one. It determines the price. */
  readonly pricingModelId: string;
}

/** The origin of a model, which determines its permissions and its possible uses. */
type Origin = 'model' | 'custom-model' | 'invokable' | 'provisioned-throughput';

/** The resource types of models of the user, as opposed to foundation models and profiles. */
const CUSTOM_MODEL_TYPES = ['custom-model', 'custom-model-deployment', 'imported-model'];

const PRICING_MODEL_ID = label('the id of the model behind it, such as "us.amazon.nova-pro-v1:0"');

export const INVOKE_ACTIONS = ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'];

/**
 * The default project of the account in the region of the call. A request without a project is authorized on it, too.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModel.html
 */
export function defaultProjectArn(): string {
  return `arn:${Aws.PARTITION}:bedrock:${Aws.REGION}:${Aws.ACCOUNT_ID}:project/default`;
}

/** The parts of a model. The members of the class document them. */
export interface ModelParts {
  readonly origin: Origin;
  readonly modelId: string;
  readonly pricingModelId: string;
  readonly invokable?: IBedrockInvokable;
}

/**
 * The handwritten part of the class BedrockModel. The class itself, with a static member for each model, is generated.
 *
 * jsii treats the members of an internal base class as members of the class.
 * @internal
 */
export class BedrockModelBase implements IBedrockInvokable {
  /**
   * Creates a model from its id, with or without the prefix of an inference profile.
   *
   * @param modelId such as `amazon.nova-pro-v1:0`, `us.amazon.nova-pro-v1:0`, or `amazon.nova-pro-v1:0:300k` for
   *   provisioned throughput; also the ARN of a foundation model or of a system-defined inference profile
   * @throws if the id is the ARN of another resource, which does not contain the model
   * @see https://docs.aws.amazon.com/bedrock/latest/userguide/models-supported.html
   */
  public static of(modelId: string): BedrockModel {
    requireArguments('BedrockModel.of: ', { modelId }, { modelId: required(label('a model id such as "amazon.nova-pro-v1:0"')) });
    if (isArnOf(modelId, 'provisioned-model', 'application-inference-profile', ...CUSTOM_MODEL_TYPES)) {
      throw PricingError.about('modelId', `is an ARN that does not name its model, got ${JSON.stringify(modelId)}`,
        'Use BedrockModel.fromInvokableAttributes({ invokableArn, pricingModelId }), or BedrockModel.fromCustomModel(customModelArn, baseModelId).');
    }
    return BedrockModelBase._create({ origin: 'model', modelId, pricingModelId: idOf(modelId) });
  }

  /**
   * Creates a model from an id of the price book, without checks, since the static members are created when the library is loaded.
   * @internal
   */
  public static _known(modelId: string): BedrockModel {
    return BedrockModelBase._create({ origin: 'model', modelId, pricingModelId: modelId });
  }

  /**
   * Creates a model from a custom model.
   *
   * @param customModelArn the ARN of the custom model
   * @param baseModelId the id of its base model, which determines the price
   * @see https://docs.aws.amazon.com/bedrock/latest/userguide/custom-models.html
   */
  public static fromCustomModel(customModelArn: string, baseModelId: string): BedrockModel {
    requireArguments('BedrockModel.fromCustomModel: ', { customModelArn, baseModelId }, {
      customModelArn: required(label('the ARN of a custom model')),
      baseModelId: required(label('the id of the base model, such as "amazon.nova-lite-v1:0"')),
    });
    return BedrockModelBase._create({ origin: 'custom-model', modelId: customModelArn, pricingModelId: baseModelId });
  }

  /**
   * Creates a model from a foundation model of aws-cdk-lib.
   *
   * @param model such as `bedrock.FoundationModel.fromFoundationModelId(...)`
   * @throws if the model is not a foundation model
   */
  public static fromFoundationModel(model: IModel): BedrockModel {
    requireArguments('BedrockModel.fromFoundationModel: ', { model }, {
      model: required(having('modelArn', 'string', 'a model of aws-cdk-lib, such as FoundationModel.fromFoundationModelId(...)')),
    });
    if (isInvokableResource(model) || isArnOf(model.modelArn, 'provisioned-model', 'application-inference-profile', ...CUSTOM_MODEL_TYPES)) {
      throw new PricingError('model', model.modelArn, 'a foundation model', 'Use BedrockModel.fromCustomModel or BedrockModel.fromInvokable for any other model.');
    }
    return BedrockModelBase._create({ origin: 'model', modelId: model.modelArn, pricingModelId: idOf(model.modelArn) });
  }

  /**
   * Creates a model from a model, profile or provisioned throughput of this or of another construct library.
   *
   * @param invokable an object with `invokableArn` and `grantInvoke`
   * @param pricingModelId the id of the model behind it, with the prefix of the inference profile if there is one; it determines the price
   */
  public static fromInvokable(invokable: IBedrockInvokable, pricingModelId: string): BedrockModel {
    requireArguments('BedrockModel.fromInvokable: ', { invokable, pricingModelId }, {
      invokable: required(having('invokableArn', 'string', 'an object that has invokableArn and grantInvoke', 'Without one, use BedrockModel.fromInvokableAttributes({ invokableArn, pricingModelId }).')),
      pricingModelId: required(PRICING_MODEL_ID),
    });
    const { invokableArn: modelId } = invokable;
    const provisioned = 'provisionedModelArn' in invokable || isArnOf(modelId, 'provisioned-model');
    return BedrockModelBase._create({ origin: provisioned ? 'provisioned-throughput' : 'invokable', modelId, pricingModelId, invokable });
  }

  /** Creates a model from the ARN of a model, profile or provisioned throughput. */
  public static fromInvokableAttributes(attributes: BedrockInvokableAttributes): BedrockModel {
    requireArguments('BedrockModel.fromInvokableAttributes: ', { attributes }, {
      attributes: required(struct('an object with invokableArn and pricingModelId', {
        invokableArn: required(label('the ARN of a model, inference profile or provisioned throughput')),
        pricingModelId: required(PRICING_MODEL_ID),
      } satisfies ShapesOf<BedrockInvokableAttributes>)),
    });
    const { invokableArn: modelId, pricingModelId } = attributes;
    const origin = isArnOf(modelId, 'provisioned-model') ? 'provisioned-throughput' : 'invokable';
    return BedrockModelBase._create({ origin, modelId, pricingModelId });
  }

  /**
   * Creates an instance of the exported class, which sets this function. With `new this` instead, factories would not work unbound:
   * `ids.map(BedrockModel.of)`.
   * @internal
   */
  protected static _create: (parts: ModelParts) => BedrockModel;

  /** The id by which the model is called: a model id, the id of an inference profile, or an ARN. */
  public readonly modelId: string;

  /** The id that determines the price, with the prefix of the inference profile through which the model is called, if any. */
  public readonly pricingModelId: string;

  /** Whether it is a customized or imported model, or a deployment of one, which has its own prices. */
  public readonly customModel: boolean;

  /** @internal */
  public readonly _origin: Origin;

  private readonly invokable?: IBedrockInvokable;

  protected constructor({ origin, modelId, pricingModelId, invokable }: ModelParts) {
    markAs('BedrockModel', this);
    this._origin = origin;
    this.modelId = modelId;
    this.pricingModelId = pricingModelId;
    this.invokable = invokable;
    this.customModel = origin === 'custom-model' || isArnOf(modelId, ...CUSTOM_MODEL_TYPES);
  }

  /**
   * The ARN for requests, in the region of the stack that uses it.
   *
   * It is the ARN of the foundation model, of the system-defined inference profile if the id has a prefix, or of the resource from which the
   * model was created.
   */
  public get invokableArn(): string {
    if (this.modelId.startsWith('arn:') || this._origin !== 'model') return this.modelId;
    // A token may be an id or an ARN, such as a Fn::Join, which is known only when it is resolved.
    if (Token.isUnresolved(this.modelId)) {
      const isArn = (resolved: unknown) => idIn(resolved) !== undefined;
      return Lazy.uncachedString({ produce: ({ resolve }) => (isArn(resolve(this.modelId)) ? this.modelId : foundationModelArn(this.modelId)) });
    }
    return this._priced.prefix === undefined ? foundationModelArn(this.modelId) : systemProfileArn(this.modelId);
  }

  /**
   * Returns the same model, called through a system-defined inference profile.
   *
   * `BedrockModel.of("amazon.nova-pro-v1:0")` through `ProfileGeography.EU` is `eu.amazon.nova-pro-v1:0`.
   *
   * @param geography the geography in which AWS may route the requests
   * @throws if the id already has a prefix, or is not the id of a foundation model
   * @see https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html
   */
  public throughProfile(geography: ProfileGeography): BedrockModel {
    requireArguments('BedrockModel.throughProfile: ', { geography }, { geography: required(marked('ProfileGeography', 'a ProfileGeography, such as ProfileGeography.US')) });
    if (this._origin !== 'model' || this.modelId.startsWith('arn:') || this._priced.prefix !== undefined) {
      throw PricingError.about('throughProfile', `requires a model with an id without prefix, such as "amazon.nova-pro-v1:0", got ${JSON.stringify(this.modelId)}`);
    }
    // Another copy of the library may have declared it.
    const { prefix } = ProfileGeography.of(geography.prefix, geography.regionPattern);
    return BedrockModelBase.of(`${prefix}.${this.modelId}`);
  }

  /**
   * Grants permission to invoke the model (`InvokeModel` and `InvokeModelWithResponseStream`, which Converse also uses) in the default
   * project of the account.
   *
   * For an inference profile, it includes the profile and, for requests through the profile only, the foundation model in every region of
   * its geography.
   *
   * @see https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html
   */
  public grantInvoke(grantee: IGrantable): Grant {
    requireArguments('BedrockModel.grantInvoke: ', { grantee }, { grantee: required(aGrantee()) });
    // Profiles and throughput of this library record the grant themselves, with the construct whose cost it causes.
    if (this.invokable && '_metricModelId' in this.invokable) return this.invokable.grantInvoke(grantee);
    recordGrant(grantee, this.invokableArn);
    // Other libraries may not know of projects yet.
    if (this.invokable) return this.invokable.grantInvoke(grantee).combine(this._grant(grantee, INVOKE_ACTIONS, [defaultProjectArn()]));
    const grant = this._grant(grantee, INVOKE_ACTIONS, [this.invokableArn, defaultProjectArn()]);
    return this._routes ? grant.combine(this._grantDestinations(grantee, this.invokableArn)) : grant;
  }

  /**
   * Grants permission to invoke the foundation models behind a profile, for requests through the profile only.
   *
   * AWS does not document the profile of the condition if an application profile is created from a system-defined one, so the condition
   * allows both. Without a permission on the system-defined profile, this allows no direct use of it.
   * @internal
   */
  public _grantDestinations(grantee: IGrantable, profileArn: string): Grant {
    const profileArns = [...new Set([profileArn, ...(this._routes ? [this.invokableArn] : [])])];
    const [only, ...others] = profileArns;
    const conditions = { StringEquals: { 'bedrock:InferenceProfileArn': others.length === 0 ? only : profileArns } };
    return this._grant(grantee, INVOKE_ACTIONS, this._foundationModelArns, conditions);
  }

  /**
   * Calls `Grant.addToPrincipal`, and acknowledges the wildcards of cross-region inference for cdk-nag.
   * @internal
   */
  public _grant(grantee: IGrantable, actions: string[], resourceArns: string[], conditions?: { [operator: string]: unknown }): Grant {
    const { grantPrincipal } = grantee;
    if (Construct.isConstruct(grantPrincipal)) {
      acknowledgeResources(grantPrincipal, 'AWS routes requests through an inference profile to several regions, and may add regions; only the region varies', resourceArns);
    }
    return Grant.addToPrincipal({ grantee, actions, resourceArns, conditions: conditions as { [operator: string]: { [key: string]: unknown } } });
  }

  /**
   * The name of the model in messages. The ARN of throughput of the same app is a token; its kind is known.
   * @internal
   */
  public get _shown(): string {
    const kind = this._origin === 'provisioned-throughput' ? 'provisioned throughput' : this.customModel ? 'a custom model' : undefined;
    if (kind === undefined || !Token.isUnresolved(this.modelId)) return this.modelId;
    return Token.isUnresolved(this.pricingModelId) ? kind : `${kind} of ${this.pricingModelId}`;
  }

  /**
   * The parts of the id that determines the price.
   * @internal
   */
  public get _priced(): ModelId {
    return ModelId.parse(this.pricingModelId);
  }

  /**
   * True for an ARN of one of the resource types.
   * @internal
   */
  public _isArnOf(...types: string[]): boolean {
    return isArnOf(this.modelId, ...types);
  }

  /**
   * The ARNs, or patterns of ARNs, of the foundation models that may process a request.
   * @internal
   */
  public get _foundationModelArns(): string[] {
    return destinationModelArns(this._priced);
  }

  /**
   * All ARNs on which a request to this model is authorized.
   * @internal
   */
  public get _authorizedArns(): string[] {
    return [...new Set([this.invokableArn, ...(this._routes ? this._foundationModelArns : [])])];
  }

  /**
   * True if requests are routed to a foundation model, as by an inference profile.
   * @internal
   */
  public get _routes(): boolean {
    if (this._origin === 'invokable') return !isArnOf(this.modelId, 'foundation-model', ...CUSTOM_MODEL_TYPES);
    return this._origin === 'model' && this._priced.prefix !== undefined;
  }
}

/** True for provisioned throughput and application inference profiles, whose ARNs may be tokens. */
function isInvokableResource(model: object): boolean {
  return 'provisionedModelArn' in model || 'inferenceProfileArn' in model;
}

/** True for an ARN of one of the resource types; the parts before the type may be tokens. */
function isArnOf(text: string, ...types: string[]): boolean {
  return types.some((type) => text.startsWith('arn:') && text.includes(`:${type}/`));
}

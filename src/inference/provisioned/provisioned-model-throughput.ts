import {
  ArnFormat, attachCustomSynthesis, CfnDeletionPolicy, CfnOutput, CfnResource, CustomResource, ITaggableV2, Lazy, Names, RemovalPolicy, Stack,
  TagManager, TagType, Token,
} from 'aws-cdk-lib';
import { Grant, IGrantable, Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnParameter, IStringParameter, StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { defaultProjectArn, INVOKE_ACTIONS } from '../bedrock-model-base';
import { BedrockTag, overriddenTags, reviewTags, tagsOf } from '../bedrock-tags';
import { reportBusinessHoursSaving } from './business-hours-saving';
import { clockCost, ThroughputClock } from './clock';
import { confirmCommitment, endOfLifeOf, priceOf, Purchase } from './commitment';
import { isThroughputAllowed, MAX_OWN_TAGS, THROUGHPUT_SHAPES } from './input';
import { ThroughputProvider } from './provider';
import { ProvisionedModelThroughputProps, ThroughputRemoval } from './provisioned-model-throughput-props';
import { IProvisionedModelThroughput, ProvisionedModelThroughputBase } from './provisioned-throughput-base';
import { businessHoursOf } from './schedule';
import { ThroughputTerm } from './term';
import { allowAlarms, granteeOf, publishing } from './topic';
import { reviewUtilisation } from './utilisation';
import { commitmentOf } from '../../estimates/entry-details';
import { addFinding } from '../../estimates/findings';
import { recordGrant } from '../../estimates/grants';
import { unresolvedFields } from '../../estimates/lazy-usage';
import { differenceIn, PricedProperty } from '../../estimates/priced-template';
import { recordUsage, refuseProblem } from '../../registration/record';
import { isBelow, once, registryOf } from '../../estimates/registry';
import { allowedHoursPerMonth, isDryRun, isEnabled, isInputProblem, priceBook } from '../../estimates/settings';
import { acceptProps, arn, IN_SCOPE, requireArguments, requireGrantee, required } from '../../estimates/shape';
import { callerLocation } from '../../estimates/source-location';
import { acknowledgeResources, acknowledgeWildcards } from '../../functions/nag-acknowledgements';
import { PricingError } from '../../input/error';
import {
  AllowedPurchase, NAME_PREFIX_MAX_LENGTH, RESOURCE_TYPE, SCHEDULE_TAG, ThroughputAttributes, ThroughputPrice, ThroughputProperties,
} from '../../lambda/provisioned-model-throughput/contract';
import { MESSAGES } from '../../messages';
import { hoursPerMonth as openHoursPerMonth } from '../../pricing/business-hours';
import { decimal, toText } from '../../pricing/decimal';
import { PriceBook } from '../../pricing/price-book/price-book';
import { CommitmentDuration, RateKind, RateUnit } from '../../pricing/price-book/rate';

const API_COMMITMENT: { readonly [duration: string]: ThroughputProperties['commitmentDuration'] } = {
  [CommitmentDuration.ONE_MONTH]: 'OneMonth',
  [CommitmentDuration.SIX_MONTHS]: 'SixMonths',
};
const DEFAULT_NOTICE_DAYS = 14;

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
    }
    return new Import(scope, id, { environmentFromArn: provisionedModelArn });
  }

  /** The name of the provisioned throughput. */
  public readonly provisionedModelName: string;
  /** When the term of the commitment that was bought ends, as ISO 8601; `none` without a commitment. It is known at deployment, and stays that of the first term. */
  public readonly commitmentEnd: string;
  /** With a schedule, the SSM parameter that says what to invoke now: a model id or an ARN. Read it again every few minutes. */
  public readonly modelIdParameter?: IStringParameter;
  /** The tags of the provisioned throughput. */
  public readonly cdkTagManager = new TagManager(TagType.STANDARD, RESOURCE_TYPE);
  private readonly resource: CustomResource;
  private readonly provider: ThroughputProvider;
  private handlerPolicy: Policy | undefined;
  private readonly budgetTopicArns: string[] = [];
  private readonly props: ProvisionedModelThroughputProps;

  constructor(scope: Construct, id: string, props: ProvisionedModelThroughputProps) {
    super(scope, id);
    const { accepted, isAccepted } = acceptProps(this, props, THROUGHPUT_SHAPES);
    this.props = accepted;
    reviewTags(this, () => overriddenTags(this.purchaseResource, 'tags') ?? this.tags, MAX_OWN_TAGS);
    const isAllowed = isAccepted && isThroughputAllowed(this, accepted);
    const book = isAllowed ? this.confirmedBook() : undefined;
    const provider = this.provider = ThroughputProvider.of(this);
    if (accepted.schedule) this.modelIdParameter = this.createModelIdParameter(provider, accepted.schedule.outsideHours);
    const properties = this.properties(provider, book && priceOf(this, book, this.purchase));
    this.resource = new CustomResource(this, 'Resource', { serviceToken: provider.serviceToken, resourceType: RESOURCE_TYPE, properties: { ...properties } });
    this.allowPurchase(properties);
    this.allowHandler(properties.term);
    this.applyRetention();
    this.provisionedModelName = this.attribute('ProvisionedModelName');
    this.commitmentEnd = this.attribute('CommitmentEnd');
    if (properties.businessHours) this.startClock(provider, properties);
    if (isDryRun(this)) this.announceDryRun();
    this.holdCommitment(properties);
    if (book) this.price(book, properties);
  }

  /**
   * The ARN of the provisioned throughput.
   *
   * @throws with a schedule: the ARN is another one every day, and stands in `modelIdParameter`
   */
  public get provisionedModelArn(): string {
    if (this.props.schedule) {
      throw PricingError.about(`${this.node.path}: provisionedModelArn`, 'is not available with a schedule, since AWS assigns another ARN every day',
        'Read the id to invoke from modelIdParameter; grantInvoke lets a role read the parameter and invoke the model.');
    }
    return this.resource.ref;
  }

  /**
   * Lets the grantee invoke the model through this throughput (`InvokeModel` and `InvokeModelWithResponseStream`, which Converse uses too).
   *
   * With a schedule, also the model outside the hours, and reading `modelIdParameter`.
   */
  public grantInvoke(grantee: IGrantable): Grant {
    requireGrantee(this, 'grantInvoke', grantee);
    const { schedule } = this.props;
    if (!schedule) return super.grantInvoke(grantee);
    const throughputs = Stack.of(this).formatArn({ service: 'bedrock', resource: 'provisioned-model', resourceName: '*', arnFormat: ArnFormat.SLASH_RESOURCE_NAME });
    recordGrant(grantee, throughputs, this);
    const { grantPrincipal } = grantee;
    if (Construct.isConstruct(grantPrincipal)) acknowledgeResources(grantPrincipal, 'AWS chooses the id of a provisioned model every day; its tag says which is meant', [throughputs]);
    const conditions = { StringEquals: { [`aws:ResourceTag/${SCHEDULE_TAG}`]: this.scheduleTag } };
    return Grant.addToPrincipal({ grantee, actions: INVOKE_ACTIONS, resourceArns: [throughputs], conditions })
      .combine(Grant.addToPrincipal({ grantee, actions: INVOKE_ACTIONS, resourceArns: [defaultProjectArn()] }))
      .combine(schedule.outsideHours.grantInvoke(grantee))
      .combine(this.modelIdParameter!.grantRead(grantee));
  }

  /** @internal */
  public get _isCommitted(): boolean {
    return this.commitmentDuration !== CommitmentDuration.NONE;
  }

  private get commitmentDuration(): CommitmentDuration {
    return this.props.commitmentDuration ?? CommitmentDuration.NONE;
  }

  private get purchase(): Purchase {
    const { model, modelUnits, acknowledgeCommitmentUsd, hourlyPricePerModelUnitUsd } = this.props;
    const { pricingModelId, customModel } = model;
    const { commitmentDuration } = this;
    return { model: pricingModelId, customModel, modelUnits, commitmentDuration, acknowledgeCommitmentUsd, hourlyPricePerModelUnitUsd };
  }

  /** What tells the throughputs of this construct from all others, whatever their ARN. */
  private get scheduleTag(): string {
    return `${Stack.of(this).stackName}/${Names.uniqueResourceName(this, { maxLength: 100 })}`;
  }

  private get purchaseResource(): CfnResource {
    return this.resource.node.defaultChild as CfnResource;
  }

  /** With those of the stack, which CloudFormation does not hand to what a custom resource buys. */
  private get tags(): BedrockTag[] {
    return tagsOf(this, this.cdkTagManager.renderTags());
  }

  private attribute(name: keyof ThroughputAttributes): string {
    return this.resource.getAttString(name);
  }

  private properties(provider: ThroughputProvider, price: ThroughputPrice | undefined): ThroughputProperties {
    const { model, modelUnits, acknowledgeCommitmentUsd, provisionedModelName, allowRepurchase, notificationTopic, schedule } = this.props;
    const record = new StringParameter(this, 'Record', {
      parameterName: provider.parameterName(this, 'record'),
      // Of a nested stack the name is known only at deployment.
      simpleName: false,
      description: 'Which requests of CloudFormation were answered how: kept by the library, not to be changed by hand',
      stringValue: '{}',
    });
    provider.allowModel(model.invokableArn);
    const commitmentDuration = API_COMMITMENT[this.commitmentDuration];
    const dryRun = isDryRun(this);
    return {
      modelId: model.modelId,
      modelUnits,
      commitmentDuration,
      provisionedModelName,
      namePrefix: Names.uniqueResourceName(this, { maxLength: NAME_PREFIX_MAX_LENGTH, separator: '-' }),
      baseModelId: model.customModel ? model.pricingModelId : undefined,
      tags: Lazy.any({ produce: () => (this.tags.length > 0 ? this.tags : undefined) }) as unknown as ThroughputProperties['tags'],
      record: record.parameterName,
      confirmedUsd: commitmentDuration && acknowledgeCommitmentUsd !== undefined ? toTextOrToken(acknowledgeCommitmentUsd) : undefined,
      price: commitmentDuration || dryRun ? price : undefined,
      endOfLife: commitmentDuration && endOfLifeOf(this, model.pricingModelId),
      allowRepurchase: allowRepurchase || undefined,
      dryRun: dryRun || undefined,
      topicArn: notificationTopic?.topicArn,
      budgetTopicArns: Lazy.any({ produce: () => (this.budgetTopicArns.length > 0 ? this.budgetTopicArns : undefined) }) as unknown as string[],
      term: commitmentDuration && this.termOf(provider),
      ...(schedule ? {
        businessHours: businessHoursOf(schedule),
        modelIdParameter: this.modelIdParameter!.parameterName,
        fallbackModelId: schedule.outsideHours.modelId,
      } : {}),
    };
  }

  /** Somebody has to be told of a renewal, or something has to prevent it. */
  private termOf(provider: ThroughputProvider): ThroughputProperties['term'] {
    const { notificationTopic, renewalNotice, onRemoval } = this.props;
    const release = onRemoval === ThroughputRemoval.RELEASE_AT_EXPIRY;
    if (!notificationTopic && !release) return undefined;
    const { functionArn } = provider.termEndFunction;
    const { roleArn } = new ThroughputTerm(this, 'Term', { provisionedModels: provider.provisionedModels, functionArn, topic: notificationTopic, release });
    const noticeDays = renewalNotice?.toDays({ integral: false }) ?? DEFAULT_NOTICE_DAYS;
    return { noticeDays, releaseAtExpiry: release || undefined, roleArn, functionArn };
  }

  /** The purchase that this resource may make, in a parameter that exists before and after it. No event can change it. */
  private allowPurchase(properties: ThroughputProperties): void {
    const resource = this.resource.node.defaultChild as CfnResource;
    const { tags, ...rest } = asInEvents(properties);
    const allowed: AllowedPurchase = rest;
    const parameter = new CfnParameter(this, 'Allowed', {
      name: Lazy.string({ produce: () => this.provider.parameterNameOf(resource, 'allowed') }),
      type: 'String',
      description: 'What the provisioned throughput may be bought as: written by CloudFormation alone, and not to be changed by hand',
      value: Lazy.string({ produce: () => Stack.of(this).toJsonString(allowed) }),
    });
    this.resource.node.addDependency(parameter);
  }

  private allowHandler(term: ThroughputProperties['term']): void {
    const { notificationTopic } = this.props;
    this.reviewNotifications();
    if (notificationTopic) {
      allowAlarms(notificationTopic);
      this.provider.notifyErrors(notificationTopic.topicArn);
    }
    const statements = [
      ...(notificationTopic ? publishing(notificationTopic) : []),
      ...(term ? [new PolicyStatement({
        actions: ['iam:PassRole'], resources: [term.roleArn], conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
      })] : []),
    ];
    if (statements.length > 0) this.ownPolicy.addStatements(...statements);
  }

  private get ownPolicy(): Policy {
    if (!this.handlerPolicy) {
      const { schedule, model } = this.props;
      const others = [...(this.hasTerm ? [this.provider.termEndFunction] : []), ...(schedule ? [this.provider.tickerFor(model.invokableArn)] : [])];
      this.handlerPolicy = this.provider.policyFor(this, others);
      this.resource.node.addDependency(this.handlerPolicy);
    }
    return this.handlerPolicy;
  }

  /** Whether something happens around the end of a term. */
  private get hasTerm(): boolean {
    const { notificationTopic, onRemoval } = this.props;
    return this._isCommitted && (notificationTopic !== undefined || onRemoval === ThroughputRemoval.RELEASE_AT_EXPIRY);
  }

  /** Notifies the topic of a budget that covers this of failures that leave something billed. */
  private notifyBudget(topicArn: string, grantPublish: (grantee: IGrantable) => void = () => undefined): void {
    if (topicArn === this.props.notificationTopic?.topicArn || this.budgetTopicArns.includes(topicArn)) return;
    this.budgetTopicArns.push(topicArn);
    grantPublish(granteeOf(this.ownPolicy));
    acknowledgeWildcards(this.ownPolicy, 'to publish to an encrypted topic takes every action that makes a data key');
    this.provider.notifyErrors(topicArn);
  }

  private createModelIdParameter(provider: ThroughputProvider, outsideHours: ProvisionedModelThroughputProps['model']): IStringParameter {
    this.cdkTagManager.setTag(SCHEDULE_TAG, this.scheduleTag);
    return new StringParameter(this, 'ModelId', {
      parameterName: provider.parameterName(this, 'model-id'),
      simpleName: false,
      description: 'What to invoke now: changed at the beginning and the end of business hours',
      stringValue: outsideHours.modelId,
    });
  }

  private startClock(provider: ThroughputProvider, properties: ThroughputProperties): void {
    const ticker = provider.tickerFor(this.props.model.invokableArn);
    const resource = this.purchaseResource;
    const notified = new CfnParameter(this, 'Notified', {
      name: Lazy.string({ produce: () => provider.parameterNameOf(resource, 'notified') }),
      type: 'String',
      description: 'Of which failure the topics were notified, and when: kept by the library, not to be changed by hand',
      value: '{}',
    });
    const clock = new ThroughputClock(this, 'Clock', { ticker, logicalId: resource.logicalId, properties: asInEvents(properties), resource });
    clock.node.addDependency(notified);
  }

  private announceDryRun(): void {
    new CfnOutput(this, 'DryRun', { value: this.attribute('DryRun'), description: 'What would be bought without the context key cdk-bedrock-cost:dryRun' });
    addFinding(this, MESSAGES.throughputDryRun, 'a dry run: deploying buys and changes no provisioned throughput, and an output of the stack says what it would buy');
  }

  /** Warns where nobody is notified of failures and of a renewal: neither by its own topic nor by that of a budget, which may be added later. */
  private reviewNotifications(): void {
    if (this.props.notificationTopic) return;
    const source = callerLocation();
    attachCustomSynthesis(this, {
      onSynthesize: () => {
        const registry = registryOf(this);
        if (registry.budgets.some(({ covers }) => isBelow(this, covers))) return;
        once(registry, `notifications:${this.node.addr}`, () => {
          if (this._isCommitted) {
            addFinding(this, MESSAGES.renewalNotAnnounced, 'the commitment renews itself at the end of each term, and no topic is notified before of what that costs', source);
          }
          if (this.props.schedule) {
            addFinding(this, MESSAGES.scheduleFailuresNotNotified,
              'no topic is notified when it cannot be deleted in the evening, and is billed: only the log of a function has it', source);
          } else {
            addFinding(this, MESSAGES.throughputFailuresNotNotified, 'no topic is notified when an update or a deletion leaves it behind, and it is billed', source);
          }
        });
      },
    });
  }

  /** The prices that the purchase is made at, its commitment confirmed or refused; undefined when a setting of the app is not allowed. */
  private confirmedBook(): PriceBook | undefined {
    try {
      const book = this.bookWithOwnPrice();
      confirmCommitment(this, book, this.purchase);
      return book;
    } catch (problem) {
      // A context key or price book file that is not allowed.
      if (!isInputProblem(problem)) throw problem;
      refuseProblem(this, problem);
      return undefined;
    }
  }

  /** Refuses, in every form of synth, an override that buys something else for a term than was confirmed. */
  private holdCommitment(properties: ThroughputProperties): void {
    const term = this.pricedProperties(properties, 'commitmentDuration');
    const confirmed = this.pricedProperties(properties, 'commitmentDuration', 'modelId', 'modelUnits', 'confirmedUsd', 'price', 'endOfLife');
    this.node.addValidation({
      validate: () => {
        const difference = this._isCommitted || differenceIn(term) !== undefined ? differenceIn(confirmed) : undefined;
        return difference === undefined ? [] : [`${MESSAGES.commitmentNotAcknowledged.id}: ${this.node.path}: the commitment was not confirmed as the template has it: ${difference}. `
          + 'Set the props of the construct instead of overriding the template.'];
      },
    });
  }

  private pricedProperties(properties: ThroughputProperties, ...names: (keyof ThroughputProperties)[]): PricedProperty[] {
    return names.map((name) => ({ resource: this.purchaseResource, property: name, value: properties[name] }));
  }

  private price(book: PriceBook, properties: ThroughputProperties): void {
    const { model, modelUnits, hourlyPricePerModelUnitUsd, schedule, usage, tokensPerMinutePerModelUnit, peakToAverageRatio } = this.props;
    const { pricingModelId, customModel } = model;
    const hoursInMonth = allowedHoursPerMonth(this);
    const hours = properties.businessHours && openHoursPerMonth(properties.businessHours, hoursInMonth);
    const estimate = recordUsage(this, {
      type: 'provisioned-throughput',
      model: pricingModelId,
      usage: {
        modelUnits,
        commitmentDuration: this.commitmentDuration,
        customModel,
        ...(hours === undefined ? {} : { hoursPerMonth: hours }),
      },
      // The price of the book is not the one that will be paid.
      unresolvedProps: unresolvedFields({ hourlyPricePerModelUnitUsd }),
      commitment: commitmentOf(this.commitmentDuration),
      otherServices: () => (schedule ? clockCost(hoursInMonth) : undefined),
      notify: (topicArn, grantPublish) => this.notifyBudget(topicArn, grantPublish),
      throughput: {
        // With a schedule the ARN is another one every day; AWS finds it by its name, too.
        arn: schedule ? this.provisionedModelName : this.provisionedModelArn,
        name: this.provisionedModelName,
        modelArn: model.invokableArn,
        businessHoursPerMonth: hours,
      },
      pricedProperties: this.pricedProperties(properties, 'modelId', 'modelUnits', 'commitmentDuration', 'businessHours'),
      book,
    });
    if (!isEnabled(this)) return;
    if (hours !== undefined) reportBusinessHoursSaving(this, { estimate, hours, hoursInMonth });
    reviewUtilisation(this, {
      model: pricingModelId, customModel, modelUnits, estimate, book, hoursPerMonth: hours, usage, tokensPerMinutePerModelUnit, peakToAverageRatio,
    });
  }

  /** The app's prices, with the construct's own one above them if it has one. */
  private bookWithOwnPrice(): PriceBook {
    const { hourlyPricePerModelUnitUsd: hourlyUsd } = this.props;
    const { model, customModel, commitmentDuration } = this.purchase;
    const book = priceBook(this);
    if (hourlyUsd === undefined || Token.isUnresolved(hourlyUsd)) return book;
    const usd = toText(decimal(hourlyUsd));
    return book.withRates([{ model, customModel, commitmentDuration, kind: RateKind.MODEL_UNIT_HOUR, usd, unit: RateUnit.HOUR }]);
  }

  /**
   * A commitment outlives its construct, except when its creation is rolled back: one that failed is deleted then, and the
   * handler keeps one that is billed. The throughput that a replacement leaves behind is always deleted: it has no
   * commitment, and would be billed by the hour with nobody knowing.
   */
  private applyRetention(): void {
    const { removalPolicy, onRemoval } = this.props;
    const isKept = this.commitmentDuration !== CommitmentDuration.NONE && onRemoval !== ThroughputRemoval.RELEASE_AT_EXPIRY;
    this.resource.applyRemovalPolicy(removalPolicy ?? (isKept ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY));
    if (removalPolicy === undefined) this.purchaseResource.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.DELETE;
  }
}

/** With numbers as CloudFormation writes them into events: one that is known only at deployment may be "2.0". */
function asInEvents(properties: ThroughputProperties): ThroughputProperties {
  const { modelUnits, term } = properties;
  return { ...properties, modelUnits: asText(modelUnits), ...(term ? { term: { ...term, noticeDays: asText(term.noticeDays) } } : {}) };
}

function asText(value: number | string): string {
  return Token.isUnresolved(value) ? Token.asString(value) : String(value);
}

/** The checks have reported already that `Infinity` and the like are no numbers. */
function toTextOrToken(usd: number): string {
  if (Token.isUnresolved(usd)) return Token.asString(usd);
  return Number.isFinite(usd) ? toText(decimal(usd)) : String(usd);
}

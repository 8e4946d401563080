import { CfnDeletionPolicy, CfnOutput, CfnResource, CustomResource, ITaggableV2, Lazy, RemovalPolicy, Stack, TagManager, TagType } from 'aws-cdk-lib';
import { Grant, IGrantable, Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnParameter, IStringParameter, StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { clockCost } from './clock';
import { commitmentRefusals, holdCommitment } from './commitment';
import { isThroughputAllowed, MAX_OWN_TAGS, THROUGHPUT_SHAPES } from './input';
import { reviewNotifications, ThroughputNotifications } from './notifications';
import { allowedPurchase, asInEvents, pricedProperties, throughputProperties } from './properties';
import { ThroughputProvider } from './provider';
import { ProvisionedModelThroughputProps, ThroughputRemoval } from './provisioned-model-throughput-props';
import { IProvisionedModelThroughput, ProvisionedModelThroughputBase } from './provisioned-throughput-base';
import { handlerPrice, PricedPurchase, pricePurchase, purchaseOf } from './purchase';
import { reportSaving, ScheduledThroughput, scheduledHours } from './scheduled-throughput';
import { termEnd } from './term';
import { isUtilisationAllowed, reviewUtilisation } from './utilisation';
import { commitmentOf } from '../../estimates/entry-details';
import { addFinding } from '../../estimates/findings';
import { unresolvedFields } from '../../estimates/lazy-usage';
import { allowedHoursPerMonth, isDryRun, isEnabled, isInputProblem } from '../../estimates/settings';
import { acceptProps, arn, IN_SCOPE, requireArguments, requireGrantee, required } from '../../estimates/shape';
import { PricingError } from '../../input/error';
import { RESOURCE_TYPE, SCHEDULE_TAG, ThroughputAttributes, ThroughputPrice, ThroughputProperties } from '../../lambda/provisioned-model-throughput/contract';
import { MESSAGES } from '../../messages';
import { CommitmentDuration } from '../../pricing/price-book/rate';
import { RecordRequest, recordUsage, ReviewedUsage } from '../../registration/record';
import { BedrockTag, overriddenTags, reviewTags, tagsOf } from '../bedrock-tags';

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
  private readonly props: ProvisionedModelThroughputProps;
  private readonly resource: CustomResource;
  private readonly scheduled: ScheduledThroughput | undefined;
  private priced: PricedPurchase | undefined;

  constructor(scope: Construct, id: string, props: ProvisionedModelThroughputProps) {
    super(scope, id);
    const { accepted, isAccepted } = acceptProps(this, props, THROUGHPUT_SHAPES);
    const { model, schedule, notificationTopic } = accepted;
    this.props = accepted;
    reviewTags(this, () => overriddenTags(this.purchaseResource, 'tags') ?? this.tags, MAX_OWN_TAGS);
    const isAllowed = isAccepted && isThroughputAllowed(this, accepted);
    const provider = ThroughputProvider.of(this);
    const notifications = new ThroughputNotifications(provider, notificationTopic);
    this.scheduled = schedule && new ScheduledThroughput(this, provider, schedule);
    if (this.scheduled) {
      this.cdkTagManager.setTag(SCHEDULE_TAG, this.scheduled.tag);
      this.modelIdParameter = this.scheduled.modelIdParameter;
    }
    provider.allowModel(model.invokableArn);
    const properties = throughputProperties(this, accepted, {
      record: this.createRecord(provider),
      term: this._isCommitted ? termEnd(this, provider, accepted) : undefined,
      scheduled: this.scheduled?.properties ?? {},
      tags: () => this.tags,
      price: () => (isAllowed ? this.handlerPrice() : undefined),
      budgetTopicArns: () => notifications.budgetTopicArns,
    });
    this.resource = new CustomResource(this, 'Resource', { serviceToken: provider.serviceToken, resourceType: RESOURCE_TYPE, properties: { ...properties } });
    this.allowPurchase(provider, properties);
    const policy = () => this.policyOf(provider, properties);
    this.allowHandler(policy, notifications, properties.term);
    this.applyRetention();
    this.provisionedModelName = this.attribute('ProvisionedModelName');
    this.commitmentEnd = this.attribute('CommitmentEnd');
    this.scheduled?.startClock(model, this.purchaseResource, asInEvents(properties));
    if (isDryRun(this)) this.announceDryRun();
    const priced = (...names: (keyof ThroughputProperties)[]) => pricedProperties(this.purchaseResource, properties, ...names);
    const confirmed = priced('commitmentDuration', 'modelId', 'modelUnits', 'confirmedUsd', 'price', 'endOfLife');
    holdCommitment(this, this._isCommitted, priced('commitmentDuration'), confirmed);
    if (!isAllowed) return;
    this.node.addValidation({ validate: () => this.unlessRefused(() => commitmentRefusals(this, this.purchase)) ?? [] });
    const isReviewed = isEnabled(this) && isUtilisationAllowed(this, accepted);
    recordUsage(this, {
      ...this.usageRequest(),
      review: (priced) => this.review(priced, isReviewed),
      pricedProperties: priced('modelId', 'modelUnits', 'commitmentDuration', 'businessHours'),
      notify: (topicArn, grantPublish) => notifications.notifyBudget(policy, topicArn, grantPublish),
    });
  }

  /**
   * The ARN of the provisioned throughput.
   *
   * @throws with a schedule: the ARN changes every day; `modelIdParameter` holds the current one
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
    return this.scheduled ? this.scheduled.grantInvoke(grantee) : super.grantInvoke(grantee);
  }

  /** @internal */
  public get _isCommitted(): boolean {
    return (this.props.commitmentDuration ?? CommitmentDuration.NONE) !== CommitmentDuration.NONE;
  }

  private get purchaseResource(): CfnResource {
    return this.resource.node.defaultChild as CfnResource;
  }

  /** With those of the stack, which CloudFormation does not apply to purchases of a custom resource. */
  private get tags(): BedrockTag[] {
    return tagsOf(this, this.cdkTagManager.renderTags());
  }

  private attribute(name: keyof ThroughputAttributes): string {
    return this.resource.getAttString(name);
  }

  /**
   * The purchase with its price. The first read makes the price settings of the app final.
   *
   * @throws the problem of a setting of the app that is not allowed
   */
  private get purchase(): PricedPurchase {
    return (this.priced ??= pricePurchase(this, purchaseOf(this.props), this.billedHours));
  }

  /** The hours of a month that are billed, with business hours. */
  private get billedHours(): number | undefined {
    const { schedule } = this.props;
    return schedule && scheduledHours(schedule, allowedHoursPerMonth(this));
  }

  private handlerPrice(): ThroughputPrice | undefined {
    return this.unlessRefused(() => handlerPrice(this, this.purchase));
  }

  /** The result; undefined where a context key or price book file is not allowed, which pricing refuses. */
  private unlessRefused<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (problem) {
      if (!isInputProblem(problem)) throw problem;
      return undefined;
    }
  }

  private createRecord(provider: ThroughputProvider): string {
    const { parameterName } = new StringParameter(this, 'Record', {
      parameterName: provider.parameterName(this, 'record'),
      // In a nested stack, the name is known only at deployment.
      simpleName: false,
      description: 'Which requests of CloudFormation were answered how: kept by the library, not to be changed by hand',
      stringValue: '{}',
    });
    return parameterName;
  }

  /** The purchase that this resource may make, in a parameter that exists before and after it. No event can change it. */
  private allowPurchase(provider: ThroughputProvider, properties: ThroughputProperties): void {
    const allowed = allowedPurchase(properties);
    const parameter = new CfnParameter(this, 'Allowed', {
      name: Lazy.string({ produce: () => provider.parameterNameOf(this.purchaseResource, 'allowed') }),
      type: 'String',
      description: 'What the provisioned throughput may be bought as: written by CloudFormation alone, and not to be changed by hand',
      value: Lazy.string({ produce: () => Stack.of(this).toJsonString(allowed) }),
    });
    this.resource.node.addDependency(parameter);
  }

  private policyOf(provider: ThroughputProvider, { term }: ThroughputProperties): Policy {
    const { schedule, model } = this.props;
    return provider.policyOf(this, this.resource, () => [
      ...(term ? [provider.termEndFunction()] : []), ...(schedule ? [provider.tickerFor(model.invokableArn)] : []),
    ]);
  }

  private allowHandler(policy: () => Policy, notifications: ThroughputNotifications, term: ThroughputProperties['term']): void {
    const { notificationTopic, schedule } = this.props;
    if (!notificationTopic) reviewNotifications(this, { isCommitted: this._isCommitted, isScheduled: schedule !== undefined });
    const statements = [
      ...notifications.notifyOwnTopic(),
      ...(term ? [new PolicyStatement({
        actions: ['iam:PassRole'], resources: [term.roleArn], conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
      })] : []),
    ];
    if (statements.length > 0) policy().addStatements(...statements);
  }

  private announceDryRun(): void {
    new CfnOutput(this, 'DryRun', { value: this.attribute('DryRun'), description: 'What would be bought without the context key cdk-bedrock-cost:dryRun' });
    addFinding(this, MESSAGES.throughputDryRun, 'a dry run: deploying buys and changes no provisioned throughput, and an output of the stack says what it would buy');
  }

  /**
   * A commitment outlives its construct, except when its creation is rolled back: one that failed is deleted then, and the
   * handler keeps one that is billed. The throughput that a replacement leaves behind is always deleted: it has no
   * commitment, and would be billed by the hour unnoticed.
   */
  private applyRetention(): void {
    const { removalPolicy, onRemoval } = this.props;
    const isKept = this._isCommitted && onRemoval !== ThroughputRemoval.RELEASE_AT_EXPIRY;
    this.resource.applyRemovalPolicy(removalPolicy ?? (isKept ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY));
    if (removalPolicy === undefined) this.purchaseResource.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.DELETE;
  }

  private usageRequest(): RecordRequest {
    const { schedule, hourlyPricePerModelUnitUsd } = this.props;
    const { model, modelUnits, commitmentDuration, customModel } = purchaseOf(this.props);
    const usage = { modelUnits, commitmentDuration, customModel };
    return {
      type: 'provisioned-throughput',
      model,
      usage,
      // The price of the book is not the one that will be paid.
      unresolvedProps: unresolvedFields({ hourlyPricePerModelUnitUsd }),
      commitment: commitmentOf(commitmentDuration),
      otherServices: () => (schedule ? clockCost(allowedHoursPerMonth(this)) : undefined),
      throughput: {
        // With a schedule the ARN changes every day; AWS accepts the name as well.
        arn: schedule ? this.provisionedModelName : this.provisionedModelArn,
        name: this.provisionedModelName,
        modelArn: this.props.model.invokableArn,
        hasBusinessHours: schedule !== undefined,
      },
      atPricing: () => {
        const { book, estimate } = this.purchase;
        return { book, estimate, usage: { ...usage, ...(schedule ? { hoursPerMonth: this.billedHours } : {}) } };
      },
    };
  }

  private review({ estimate, source, usage: { modelUnits = this.props.modelUnits } }: ReviewedUsage, isReviewed: boolean): void {
    const { purchase, billedHours: hours } = this;
    const { usage, tokensPerMinutePerModelUnit, peakToAverageRatio } = this.props;
    if (hours !== undefined) reportSaving(this, { estimate, hours, hoursInMonth: allowedHoursPerMonth(this) }, source);
    if (!isReviewed) return;
    const declared = { usage, tokensPerMinutePerModelUnit, peakToAverageRatio };
    reviewUtilisation(this, { ...purchase, estimate, modelUnits, hoursPerMonth: hours, ...declared }, source);
  }
}

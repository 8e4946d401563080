import { CfnOutput, CfnResource, CustomResource, ITaggableV2, Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnParameter, StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { holdCommitment } from './commitment';
import { MAX_OWN_TAGS } from './input';
import { ThroughputNotifications } from './notifications';
import { allowedPurchase, pricedProperties, PropertyParts, throughputProperties } from './properties';
import { ThroughputProps } from './props';
import { ThroughputProvider } from './provider';
import { handlerPrice, PurchasePricing } from './purchase';
import { commitmentOf } from '../../estimates/entry-details';
import { addFinding } from '../../estimates/findings';
import { unresolvedFields } from '../../estimates/lazy-usage';
import { PricedProperty } from '../../estimates/priced-template';
import { ThroughputPurchase } from '../../estimates/registry';
import { isDryRun } from '../../estimates/settings';
import { RESOURCE_TYPE, ThroughputAttributes, ThroughputProperties } from '../../lambda/provisioned-model-throughput/contract';
import { MESSAGES } from '../../messages';
import { CostEstimate } from '../../pricing/estimate';
import { RecordRequest, recordUsage } from '../../registration/record';
import { BedrockTag, overriddenTags, reviewTags, tagsOf } from '../bedrock-tags';

/** The construct of throughput, which is the scope of its resources. */
type ThroughputConstruct = Construct & ITaggableV2;

/** The parts of a purchase that depend on the kind of throughput. */
export interface PurchaseResourceProps extends Pick<PropertyParts, 'commitment' | 'hours'> {
  readonly provider: ThroughputProvider;
  /** The name of the parameter with the state of the requests of CloudFormation. */
  readonly record: string;
  /** Undefined if the purchase was refused. */
  readonly pricing: PurchasePricing | undefined;
  readonly removalPolicy?: RemovalPolicy;
  /** The functions, other than the one that buys, that need the permissions for this throughput. */
  functions(): readonly IFunction[];
}

/** The facts of a purchase that depend on the kind of throughput. */
export interface PurchaseFacts extends Pick<ThroughputPurchase, 'arn'>, Pick<RecordRequest, 'otherServices' | 'review'> {}

/** Creates the parameter with the state of the requests of CloudFormation. */
export function createRecord(scope: Construct, provider: ThroughputProvider): string {
  const { parameterName } = new StringParameter(scope, 'Record', {
    parameterName: provider.parameterName(scope, 'record'),
    // In a nested stack, the name is known only at deployment.
    simpleName: false,
    description: 'State of the requests of CloudFormation. Managed by the library: do not change it manually',
    stringValue: '{}',
  });
  return parameterName;
}

/** The custom resource that buys throughput, with the purchase that it is allowed to make and the permissions of its functions. */
export class PurchaseResource {
  public readonly properties: ThroughputProperties;
  public readonly provisionedModelName: string;
  private readonly resource: CustomResource;
  private readonly notifications: ThroughputNotifications;

  /** @param props the common props of throughput */
  constructor(private readonly scope: ThroughputConstruct, private readonly props: ThroughputProps, private readonly parts: PurchaseResourceProps) {
    const { provider, record, commitment, hours, pricing, removalPolicy } = parts;
    this.notifications = new ThroughputNotifications(provider, props.notificationTopic);
    provider.allowModel(props.model.invokableArn);
    this.properties = throughputProperties(scope, props, {
      record,
      commitment,
      hours,
      tags: () => this.tags,
      price: () => pricing?.unlessRefused((priced) => handlerPrice(scope, priced)),
      budgetTopicArns: () => this.notifications.budgetTopicArns,
    });
    this.resource = new CustomResource(scope, 'Resource', {
      serviceToken: provider.serviceToken, resourceType: RESOURCE_TYPE, properties: { ...this.properties }, removalPolicy,
    });
    this.provisionedModelName = this.attribute('ProvisionedModelName');
    reviewTags(scope, () => overriddenTags(this.cfnResource, 'tags') ?? this.tags, MAX_OWN_TAGS);
    this.allowPurchase();
    this.allowFunctions();
    holdCommitment(scope, this.properties.commitmentDuration !== undefined, this.priced('commitmentDuration'),
      this.priced('commitmentDuration', 'modelId', 'modelUnits', 'confirmedUsd', 'price', 'endOfLife'));
    if (isDryRun(scope)) this.announceDryRun();
  }

  public get cfnResource(): CfnResource {
    return this.resource.node.defaultChild as CfnResource;
  }

  /** The ARN of the purchase, or another id for throughput that is bought every morning. */
  public get ref(): string {
    return this.resource.ref;
  }

  public attribute(name: keyof ThroughputAttributes): string {
    return this.resource.getAttString(name);
  }

  public record(pricing: PurchasePricing, facts: PurchaseFacts): CostEstimate {
    const { model, modelUnits, commitmentDuration, customModel } = pricing.purchase;
    const { hourlyPricePerModelUnitUsd } = this.props;
    const { hasBusinessHours } = pricing;
    const usage = { modelUnits, commitmentDuration, customModel };
    return recordUsage(this.scope, {
      type: 'provisioned-throughput',
      model,
      usage,
      // With a token, the price of the book does not apply.
      unresolvedProps: unresolvedFields({ hourlyPricePerModelUnitUsd }),
      commitment: commitmentOf(commitmentDuration),
      otherServices: facts.otherServices,
      review: facts.review,
      throughput: { arn: facts.arn, name: this.provisionedModelName, modelArn: this.props.model.invokableArn, hasBusinessHours },
      atPricing: () => {
        const { book, estimate } = pricing.now;
        return { book, estimate, usage: hasBusinessHours ? { ...usage, hoursPerMonth: pricing.hoursPerMonth } : usage };
      },
      pricedProperties: this.priced('modelId', 'modelUnits', 'commitmentDuration', 'businessHours'),
      notify: (topicArn, grantPublish) => this.notifications.notifyBudget(() => this.policy, topicArn, grantPublish),
    });
  }

  /** The tags of the construct with those of its stack, which CloudFormation does not apply to purchases of a custom resource. */
  private get tags(): BedrockTag[] {
    return tagsOf(this.scope, this.scope.cdkTagManager.renderTags());
  }

  /** The permissions of the functions for this throughput only. */
  private get policy(): Policy {
    return this.parts.provider.policyOf(this.scope, this.resource, () => this.parts.functions());
  }

  private priced(...names: (keyof ThroughputProperties)[]): PricedProperty[] {
    return pricedProperties(this.cfnResource, this.properties, ...names);
  }

  /** The purchase that this resource may make, in a parameter that exists before and after it. No event can change it. */
  private allowPurchase(): void {
    const { scope, parts: { provider } } = this;
    const allowed = allowedPurchase(this.properties);
    const parameter = new CfnParameter(scope, 'Allowed', {
      name: Lazy.string({ produce: () => provider.parameterNameOf(this.cfnResource, 'allowed') }),
      type: 'String',
      description: 'Allowed purchase of provisioned throughput. Written by CloudFormation only: do not change it manually',
      value: Lazy.string({ produce: () => Stack.of(scope).toJsonString(allowed) }),
    });
    this.resource.node.addDependency(parameter);
  }

  private allowFunctions(): void {
    const { term } = this.properties;
    const statements = [
      ...this.notifications.notifyOwnTopic(),
      ...(term ? [new PolicyStatement({
        actions: ['iam:PassRole'], resources: [term.roleArn], conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
      })] : []),
    ];
    if (statements.length > 0) this.policy.addStatements(...statements);
  }

  private announceDryRun(): void {
    const { scope } = this;
    new CfnOutput(scope, 'DryRun', { value: this.attribute('DryRun'), description: 'Purchase without the context key cdk-bedrock-cost:dryRun' });
    addFinding(scope, MESSAGES.throughputDryRun, 'a dry run: the deployment changes no provisioned throughput, and an output of the stack has the purchase that it would make');
  }
}

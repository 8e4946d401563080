import { CfnResource, ITaggableV2, Lazy, Names, Stack, TagManager, TagType } from 'aws-cdk-lib';
import { CfnParameter, IStringParameter, StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { clockCost, ThroughputClock } from './clock';
import { isScheduledAllowed, SCHEDULED_IMPORT_SHAPES, SCHEDULED_SHAPES } from './input';
import { reviewNotifications } from './notifications';
import { asInEvents } from './properties';
import { ScheduledModelThroughputAttributes, ScheduledModelThroughputProps } from './props';
import { ThroughputProvider } from './provider';
import { purchaseOf, PurchasePricing } from './purchase';
import { createRecord, PurchaseResource } from './purchase-resource';
import { reportSaving } from './saving';
import { businessHoursOf, scheduledHours } from './schedule';
import { IScheduledModelThroughput, ScheduledModelThroughputBase } from './scheduled-base';
import { isUtilisationAllowed, reviewUtilisation } from './utilisation';
import { allowedHoursPerMonth, isEnabled } from '../../estimates/settings';
import { acceptProps, requireArguments } from '../../estimates/shape';
import { RESOURCE_TYPE, SCHEDULE_TAG, ThroughputProperties } from '../../lambda/provisioned-model-throughput/contract';
import { MESSAGES } from '../../messages';
import { BedrockModel } from '../bedrock-model';

/**
 * Provisioned throughput in business hours: model units that are bought by the hour at the start of the hours and deleted at their end.
 * Outside of the hours, callers use the model on demand.
 *
 * AWS assigns another ARN every day, and takes some minutes to provide the units: callers read the id to invoke from `modelIdParameter`.
 * For the same reason, it is not a model of aws-cdk-lib (`IModel`) and has no metrics: CloudWatch counts its invocations under another
 * `ModelId` every day.
 *
 * 2 units of Cohere Embed English from 08:00 to 18:00, Monday to Friday, are billed for 218 of 730 hours a month:
 * 2 x $7.12 x 218 = $3,104.32 instead of 2 x $7.12 x 730 = $10,395.20.
 *
 * With the context key `cdk-bedrock-cost:dryRun`, no units are bought, and an output of the stack has the purchase that would be made.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/prov-throughput.html
 *
 * @example
 * const office = new ScheduledModelThroughput(this, 'Office', {
 *   model: BedrockModel.of('cohere.embed-english-v3:0:512'),
 *   modelUnits: 2,
 *   schedule: {
 *     start: '08:00',
 *     end: '18:00',
 *     timeZone: TimeZone.EUROPE_BERLIN,
 *     outsideHours: BedrockModel.of('cohere.embed-english-v3'),
 *   },
 * });
 * office.grantInvoke(searchFunction);
 * searchFunction.addEnvironment('MODEL_ID_PARAMETER', office.modelIdParameter.parameterName);
 */
export class ScheduledModelThroughput extends ScheduledModelThroughputBase implements ITaggableV2 {
  /**
   * Imports throughput with business hours from another stack or app, in the account and region of this stack, to grant callers permission to
   * invoke it. Its cost is not estimated.
   */
  public static fromScheduledModelThroughputAttributes(
    scope: Construct, id: string, attrs: ScheduledModelThroughputAttributes,
  ): IScheduledModelThroughput {
    requireArguments('ScheduledModelThroughput.fromScheduledModelThroughputAttributes: ', { scope, id, attrs }, SCHEDULED_IMPORT_SHAPES);
    class Import extends ScheduledModelThroughputBase {
      public readonly modelIdParameter = StringParameter.fromStringParameterAttributes(this, 'ModelId', {
        parameterName: attrs.modelIdParameterName, simpleName: false, forceDynamicReference: true,
      });
      public readonly scheduleTag = attrs.scheduleTag;
      public readonly _outsideHours = attrs.outsideHours;
    }
    return new Import(scope, id);
  }

  /**
   * The SSM parameter with the id to invoke at the moment: the ARN of the throughput, or the id of the model outside of the hours. Read it
   * again every few minutes.
   */
  public readonly modelIdParameter: IStringParameter;
  /** The value of the tag `cdk-bedrock-cost:schedule`, which identifies the throughput of every day. Its ARN differs from day to day. */
  public readonly scheduleTag: string;
  /** The name of the provisioned throughput, the same every day. */
  public readonly provisionedModelName: string;
  /** The tags of the provisioned throughput. */
  public readonly cdkTagManager = new TagManager(TagType.STANDARD, RESOURCE_TYPE);
  /** @internal */
  public readonly _outsideHours: BedrockModel;

  constructor(scope: Construct, id: string, props: ScheduledModelThroughputProps) {
    super(scope, id);
    const { accepted, isAccepted } = acceptProps(this, props, SCHEDULED_SHAPES);
    const { model, schedule, notificationTopic } = accepted;
    this._outsideHours = schedule.outsideHours;
    const billedHours = () => scheduledHours(schedule, allowedHoursPerMonth(this));
    const pricing = isAccepted && isScheduledAllowed(this, accepted) ? new PurchasePricing(this, purchaseOf(accepted), billedHours) : undefined;
    const provider = ThroughputProvider.of(this);
    this.scheduleTag = `${Stack.of(this).stackName}/${Names.uniqueResourceName(this, { maxLength: 100 })}`;
    this.modelIdParameter = new StringParameter(this, 'ModelId', {
      parameterName: provider.parameterName(this, 'model-id'),
      simpleName: false,
      description: 'Model id to invoke. It changes at the start and the end of business hours',
      stringValue: schedule.outsideHours.modelId,
    });
    this.cdkTagManager.setTag(SCHEDULE_TAG, this.scheduleTag);
    const resource = new PurchaseResource(this, accepted, {
      provider,
      record: createRecord(this, provider),
      pricing,
      hours: {
        businessHours: businessHoursOf(schedule),
        modelIdParameter: this.modelIdParameter.parameterName,
        fallbackModelId: schedule.outsideHours.modelId,
      },
      functions: () => [provider.tickerFor(model.invokableArn)],
    });
    if (!notificationTopic) {
      reviewNotifications(this, [{
        message: MESSAGES.scheduleFailuresNotNotified,
        text: 'no topic is notified if the throughput cannot be deleted in the evening and remains billed: only the log of a function has the failure',
      }]);
    }
    this.provisionedModelName = resource.provisionedModelName;
    this.startClock(provider, model, resource.cfnResource, asInEvents(resource.properties));
    if (!pricing) return;
    const isReviewed = isEnabled(this) && isUtilisationAllowed(this, accepted);
    resource.record(pricing, {
      // AWS accepts the name instead of the ARN, which changes every day.
      arn: this.provisionedModelName,
      otherServices: () => clockCost(allowedHoursPerMonth(this)),
      review: ({ estimate, source, usage: { modelUnits = accepted.modelUnits } }) => {
        const hours = billedHours();
        reportSaving(this, { estimate, hours, hoursInMonth: allowedHoursPerMonth(this) }, source);
        if (isReviewed) reviewUtilisation(this, { ...accepted, ...pricing.now, estimate, modelUnits, hoursPerMonth: hours }, source);
      },
    });
  }

  /** @param properties the properties of the custom resource, with numbers as in events */
  private startClock(provider: ThroughputProvider, model: BedrockModel, resource: CfnResource, properties: ThroughputProperties): void {
    const ticker = provider.tickerFor(model.invokableArn);
    const notified = new CfnParameter(this, 'Notified', {
      name: Lazy.string({ produce: () => provider.parameterNameOf(resource, 'notified') }),
      type: 'String',
      description: 'Last failure notification. Managed by the library: do not change it manually',
      value: '{}',
    });
    const clock = new ThroughputClock(this, 'Clock', { ticker, logicalId: resource.logicalId, properties, resource });
    clock.node.addDependency(notified);
  }
}

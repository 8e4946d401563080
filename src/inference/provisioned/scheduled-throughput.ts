import { ArnFormat, CfnResource, Lazy, Names, Stack } from 'aws-cdk-lib';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { CfnParameter, IStringParameter, StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { ThroughputClock } from './clock';
import { ThroughputProvider } from './provider';
import { businessHoursOf, ThroughputSchedule } from './schedule';
import { SourceJson } from '../../cost-report/report-json';
import { addFinding } from '../../estimates/findings';
import { recordGrant } from '../../estimates/grants';
import { acknowledgeResources } from '../../functions/nag-acknowledgements';
import { SCHEDULE_TAG, ThroughputProperties } from '../../lambda/provisioned-model-throughput/contract';
import { MESSAGES } from '../../messages';
import { hoursPerMonth } from '../../pricing/business-hours';
import { decimal, Decimal } from '../../pricing/decimal';
import { CostEstimate } from '../../pricing/estimate';
import { formatQuantity, formatUsd } from '../../pricing/format';
import { BedrockModel } from '../bedrock-model';
import { defaultProjectArn, INVOKE_ACTIONS } from '../bedrock-model-base';

/** The hours that are billed in a month of so many hours. */
export function scheduledHours(schedule: ThroughputSchedule, hoursInMonth: number): number {
  return hoursPerMonth(businessHoursOf(schedule), hoursInMonth);
}

/**
 * The parts that throughput has only with business hours: the parameter with the id to invoke, the tag that its throughputs
 * are known by, and the clock that buys and deletes them.
 */
export class ScheduledThroughput {
  public readonly modelIdParameter: IStringParameter;
  /** The value of the tag that identifies the throughputs of this construct, whatever their ARN. */
  public readonly tag: string;

  /** @param scope the construct of the throughput, whose children the parts are */
  constructor(private readonly scope: Construct, private readonly provider: ThroughputProvider, private readonly schedule: ThroughputSchedule) {
    this.tag = `${Stack.of(scope).stackName}/${Names.uniqueResourceName(scope, { maxLength: 100 })}`;
    this.modelIdParameter = new StringParameter(scope, 'ModelId', {
      parameterName: provider.parameterName(scope, 'model-id'),
      simpleName: false,
      description: 'What to invoke now: changed at the beginning and the end of business hours',
      stringValue: schedule.outsideHours.modelId,
    });
  }

  /** The properties of the custom resource that only a schedule sets. */
  public get properties(): Pick<ThroughputProperties, 'businessHours' | 'modelIdParameter' | 'fallbackModelId'> {
    return {
      businessHours: businessHoursOf(this.schedule),
      modelIdParameter: this.modelIdParameter.parameterName,
      fallbackModelId: this.schedule.outsideHours.modelId,
    };
  }

  /**
   * Starts the clock.
   *
   * @param properties those of the custom resource, with numbers as in events
   */
  public startClock(model: BedrockModel, resource: CfnResource, properties: ThroughputProperties): void {
    const { scope, provider } = this;
    const ticker = provider.tickerFor(model.invokableArn);
    const notified = new CfnParameter(scope, 'Notified', {
      name: Lazy.string({ produce: () => provider.parameterNameOf(resource, 'notified') }),
      type: 'String',
      description: 'Of which failure the topics were notified, and when: kept by the library, not to be changed by hand',
      value: '{}',
    });
    const clock = new ThroughputClock(scope, 'Clock', { ticker, logicalId: resource.logicalId, properties, resource });
    clock.node.addDependency(notified);
  }

  /** Lets the grantee read the parameter, and invoke the throughputs with the tag and the model outside the hours. */
  public grantInvoke(grantee: IGrantable): Grant {
    const throughputs = Stack.of(this.scope).formatArn({ service: 'bedrock', resource: 'provisioned-model', resourceName: '*', arnFormat: ArnFormat.SLASH_RESOURCE_NAME });
    recordGrant(grantee, throughputs, this.scope);
    const { grantPrincipal } = grantee;
    if (Construct.isConstruct(grantPrincipal)) acknowledgeResources(grantPrincipal, 'AWS chooses the id of a provisioned model every day; its tag says which is meant', [throughputs]);
    const conditions = { StringEquals: { [`aws:ResourceTag/${SCHEDULE_TAG}`]: this.tag } };
    return Grant.addToPrincipal({ grantee, actions: INVOKE_ACTIONS, resourceArns: [throughputs], conditions })
      .combine(Grant.addToPrincipal({ grantee, actions: INVOKE_ACTIONS, resourceArns: [defaultProjectArn()] }))
      .combine(this.schedule.outsideHours.grantInvoke(grantee))
      .combine(this.modelIdParameter.grantRead(grantee));
  }
}

/** The cost of throughput with business hours. */
export interface ScheduledCost {
  /** The cost of the units in the billed hours. */
  readonly estimate: CostEstimate;
  /** The billed hours of a month. */
  readonly hours: number;
  /** All hours of the month. */
  readonly hoursInMonth: number;
}

/**
 * Reports the saving of business hours.
 *
 * 2 units of Cohere Embed English by the hour, 218 of 730 hours: 2 x $7.12 x 218 = $3,104.32 in place of 2 x $7.12 x 730 =
 * $10,395.20.
 */
export function reportSaving(construct: Construct, { estimate, hours, hoursInMonth }: ScheduledCost, source: SourceJson | undefined): void {
  const counted = `counted are ${formatQuantity(hours)} of ${formatQuantity(hoursInMonth)} hours a month`;
  const cost = estimate._monthly;
  addFinding(construct, MESSAGES.businessHoursSaving, cost === undefined
    ? `${counted}. The saving is unknown, since the price is unknown. Use on demand outside these hours costs extra`
    : `${counted}: ${savingText(cost, cost.times(decimal(hoursInMonth)).div(decimal(hours)))}. Use on demand outside these hours is not included`, source);
}

function savingText(cost: Decimal, all: Decimal): string {
  return `${formatUsd(cost)} in place of ${formatUsd(all)} for all of them, ${formatUsd(all.minus(cost))} less`;
}

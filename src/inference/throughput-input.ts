import { RemovalPolicy, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { BedrockModel } from './bedrock-model';
import { InputChecks } from './input-checks';
import { ProvisionedModelThroughputProps, ThroughputRemoval } from './provisioned-model-throughput-props';
import { businessHoursOf } from './throughput-schedule';
import { whyNeverTold } from './throughput-topic';
import { Limit } from '../aws/limits';
import { refuseInput } from '../estimates/findings';
import { businessHoursProblems } from '../handlers/provisioned-model-throughput/check-business-hours';
import { PricingError } from '../pricing/error';
import { parseModelId } from '../pricing/model-id';
import { CommitmentDuration } from '../pricing/rate';

/** A notice has to come after the term has begun. */
const SHORTEST_TERM_DAYS: { readonly [duration: string]: number } = { [CommitmentDuration.ONE_MONTH]: 28, [CommitmentDuration.SIX_MONTHS]: 180 };
/** Three are the library's own: whose it is, what it was bought for, its schedule. */
export const MAX_OWN_TAGS = Limit.TAGS - 3;

const RETAINING: readonly (RemovalPolicy | undefined)[] = [RemovalPolicy.RETAIN, RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE];

/**
 * What no compiler has seen, when JavaScript calls: that what has to be there is, and is what it should be.
 *
 * @throws PricingError for the first that is not
 */
export function requireShapes(props: ProvisionedModelThroughputProps): void {
  const { model, schedule, renewalNotice, notificationTopic } = props ?? {};
  const require = (prop: string, value: unknown, isRight: boolean, allowed: string) => {
    if (!isRight) throw new PricingError(prop, value, allowed);
  };
  require('model', model, isModel(model), 'a BedrockModel, such as BedrockModel.of("amazon.nova-pro-v1:0:24k")');
  require('renewalNotice', renewalNotice, renewalNotice === undefined || typeof renewalNotice.toDays === 'function', 'a Duration, such as Duration.days(14)');
  require('notificationTopic', notificationTopic, notificationTopic === undefined || typeof notificationTopic.topicArn === 'string', 'a Topic, or one from Topic.fromTopicArn');
  if (schedule === undefined) return;
  require('schedule.outsideHours', schedule.outsideHours, isModel(schedule.outsideHours), 'a BedrockModel: what is invoked outside the hours');
  require('schedule.timeZone', schedule.timeZone, typeof schedule.timeZone?.timezoneName === 'string', 'a TimeZone, such as TimeZone.of("Europe/Berlin")');
}

function isModel(model: BedrockModel | undefined): boolean {
  return typeof model?._origin === 'string';
}

/** Refuses what is not allowed, and says whether there was nothing. */
export function isThroughputAllowed(construct: Construct, props: ProvisionedModelThroughputProps): boolean {
  const hours = props.schedule ? businessHoursProblems(businessHoursOf(props.schedule)) : [];
  hours.forEach((problem) => refuseInput(construct, problem));
  return checks(construct, props).passed(construct) && hours.length === 0;
}

function checks(construct: Construct, props: ProvisionedModelThroughputProps): InputChecks {
  const { model, modelUnits, commitmentDuration, acknowledgeCommitmentUsd, provisionedModelName, hourlyPricePerModelUnitUsd, schedule } = props;
  const neverTold = props.notificationTopic && whyNeverTold(construct, props.notificationTopic);
  const longest = SHORTEST_TERM_DAYS[commitmentDuration ?? ''] ?? Infinity;
  const noticeDays = props.renewalNotice?.isUnresolved() ? undefined : props.renewalNotice?.toDays({ integral: false });
  return new InputChecks()
    .check('model', model._shown, () => isPurchasable(model),
      'a model without the prefix of an inference profile, such as "amazon.nova-pro-v1:0:24k", or a custom model', 'Provisioned throughput is bought for the model itself, not through an inference profile.')
    .check('modelUnits', modelUnits, (units) => Number.isInteger(units) && units >= 1, 'a whole number of 1 or more')
    .check('commitmentDuration', commitmentDuration, (duration) => Object.values(CommitmentDuration).includes(duration), `one of ${Object.values(CommitmentDuration).join(', ')}`)
    .check('acknowledgeCommitmentUsd', acknowledgeCommitmentUsd, (usd) => Number.isFinite(usd) && usd >= 0, 'a number of US dollars of 0 or more: the cost of the whole term')
    .check('provisionedModelName', provisionedModelName, (name) => /^([0-9a-zA-Z][_-]?)+$/.test(name) && name.length <= Limit.PROVISIONED_MODEL_NAME,
      `1 to ${Limit.PROVISIONED_MODEL_NAME} letters and digits, with single hyphens or underscores between them`)
    .check('hourlyPricePerModelUnitUsd', hourlyPricePerModelUnitUsd, (usd) => Number.isFinite(usd) && usd > 0, 'a number of US dollars above 0: the price of a model unit for one hour')
    .check('onRemoval', props.onRemoval, (removal) => Object.values(ThroughputRemoval).includes(removal), `one of ${Object.values(ThroughputRemoval).join(', ')}`)
    .check('removalPolicy', props.removalPolicy, (policy) => props.onRemoval !== ThroughputRemoval.RELEASE_AT_EXPIRY || !RETAINING.includes(policy),
      'RemovalPolicy.DESTROY with onRemoval RELEASE_AT_EXPIRY', 'The throughput cannot be released if CloudFormation retains it: remove removalPolicy.')
    .refuseIf(Token.isUnresolved(props.onRemoval), 'onRemoval', `must be one of ${Object.values(ThroughputRemoval).join(', ')}, known at synth, got a token`)
    .check('renewalNotice', noticeDays, (days) => Number.isInteger(days) && days >= 1 && days < longest,
      longest === Infinity ? 'a Duration of whole days, 1 or more' : `a Duration of whole days from 1 to ${longest - 1}, shorter than the term`)
    .refuseIf(neverTold !== undefined, 'notificationTopic', neverTold ?? '')
    .refuseIf(schedule !== undefined && commitmentDuration !== undefined && commitmentDuration !== CommitmentDuration.NONE,
      'commitmentDuration', 'must be left out with a schedule, since a commitment is billed for every hour of its term')
    .check('schedule.outsideHours', schedule?.outsideHours._shown, () => schedule!.outsideHours._origin !== 'provisioned-throughput', 'a model on demand or an inference profile');
}

function isPurchasable(model: BedrockModel): boolean {
  if (model.customModel) return !model._isArnOf('custom-model-deployment', 'imported-model');
  return model._origin === 'model' && parseModelId(model.pricingModelId).prefix === undefined;
}

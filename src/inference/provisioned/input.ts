import { RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { BedrockModel } from '../bedrock-model';
import { InputChecks } from '../input-checks';
import { ProvisionedModelThroughputProps, ScheduledModelThroughputAttributes, ScheduledModelThroughputProps, ThroughputProps } from './props';
import { COMMITMENT_USD, HOURLY_USD, MODEL_NAME, MODEL_UNITS, ONE_OR_MORE } from './ranges';
import { businessHoursOf, DayOfWeek, ThroughputSchedule } from './schedule';
import { Limit } from '../../aws/limits';
import { refuseInput } from '../../estimates/findings';
import {
  boolean, choice, duration, essential, having, IN_SCOPE, label, list, model, number, required, Shape, ShapesOf, struct, text, topic,
} from '../../estimates/shape';
import { BUSINESS_HOURS, businessHoursProblems } from '../../pricing/business-hours';
import { CommitmentDuration } from '../../pricing/price-book/rate';

/** The shortest terms in days. A renewal notice must follow the beginning of the term. */
const SHORTEST_TERM_DAYS: { readonly [duration: string]: number } = { [CommitmentDuration.ONE_MONTH]: 28, [CommitmentDuration.SIX_MONTHS]: 180 };
/** The maximum number of tags of the user. The library adds three: the owner, the request, and the schedule. */
export const MAX_OWN_TAGS = Limit.TAGS - 3;

/** The accepted removal policies: without SNAPSHOT, which provisioned throughput does not support, and without tokens, since the policy is applied at synthesis. */
const REMOVAL_POLICIES: readonly unknown[] = [RemovalPolicy.DESTROY, RemovalPolicy.RETAIN, RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE];
const removalPolicy = (): Shape => ({
  allowed: `one of ${REMOVAL_POLICIES.join(', ')}`,
  accepts: (value) => REMOVAL_POLICIES.includes(value),
  fixOf: () => 'Use RemovalPolicy.RETAIN or RemovalPolicy.DESTROY.',
});

const THROUGHPUT_SHAPES: ShapesOf<ThroughputProps> = {
  model: essential(model('amazon.nova-pro-v1:0:24k')),
  modelUnits: required(number(MODEL_UNITS.allowed)),
  provisionedModelName: text(MODEL_NAME.allowed),
  notificationTopic: topic(),
  hourlyPricePerModelUnitUsd: number(HOURLY_USD.allowed),
  usage: struct('the on-demand usage that the model units serve, such as { requestsPerMonth: 1000, inputTokensPerRequest: 2000 }'),
  tokensPerMinutePerModelUnit: number(ONE_OR_MORE.allowed),
  peakToAverageRatio: number(ONE_OR_MORE.allowed),
};

/** The shapes of the props of a `ProvisionedModelThroughput`. */
export const PROVISIONED_SHAPES: ShapesOf<ProvisionedModelThroughputProps> = {
  ...THROUGHPUT_SHAPES,
  commitmentDuration: choice(CommitmentDuration),
  acknowledgeCommitmentUsd: number(COMMITMENT_USD.allowed),
  removalPolicy: removalPolicy(),
  allowRepurchase: boolean(),
  renewalNotice: duration('a Duration, such as Duration.days(14)'),
};

const OUTSIDE_HOURS = required(model('amazon.nova-pro-v1:0'));

/** The shapes of the props of a `ScheduledModelThroughput`. */
export const SCHEDULED_SHAPES: ShapesOf<ScheduledModelThroughputProps> = {
  ...THROUGHPUT_SHAPES,
  schedule: essential(struct('the business hours, such as { start: "08:00", end: "18:00", timeZone, outsideHours }', {
    days: list(choice(DayOfWeek), BUSINESS_HOURS.days),
    start: required(text(BUSINESS_HOURS.start)),
    end: required(text(BUSINESS_HOURS.end)),
    timeZone: required(having('timezoneName', 'string', 'a TimeZone, such as TimeZone.of("Europe/Berlin")')),
    outsideHours: OUTSIDE_HOURS,
  } satisfies ShapesOf<ThroughputSchedule>)),
};

/** The shapes of the arguments of `fromScheduledModelThroughputAttributes`. */
export const SCHEDULED_IMPORT_SHAPES = {
  ...IN_SCOPE,
  attrs: required(struct('an object with modelIdParameterName, scheduleTag and outsideHours', {
    modelIdParameterName: required(label('the name of the modelIdParameter')),
    scheduleTag: required(label('the scheduleTag of the throughput')),
    outsideHours: OUTSIDE_HOURS,
  } satisfies ShapesOf<ScheduledModelThroughputAttributes>)),
};

/** Refuses invalid props of a `ProvisionedModelThroughput`. Returns true if there are none. */
export function isProvisionedAllowed(construct: Construct, props: ProvisionedModelThroughputProps): boolean {
  const { commitmentDuration, acknowledgeCommitmentUsd, renewalNotice } = props;
  const longest = SHORTEST_TERM_DAYS[commitmentDuration ?? ''] ?? Infinity;
  const noticeDays = renewalNotice?.isUnresolved() ? undefined : renewalNotice?.toDays({ integral: false });
  return commonChecks(construct, props)
    .check('acknowledgeCommitmentUsd', acknowledgeCommitmentUsd, COMMITMENT_USD.isAllowed, COMMITMENT_USD.allowed)
    .check('renewalNotice', noticeDays, (days) => Number.isInteger(days) && days >= 1 && days < longest,
      longest === Infinity ? 'a Duration of whole days, 1 or more' : `a Duration of whole days from 1 to ${longest - 1}, shorter than the term`)
    .passed(construct);
}

/** Refuses invalid props of a `ScheduledModelThroughput`. Returns true if there are none. */
export function isScheduledAllowed(construct: Construct, props: ScheduledModelThroughputProps): boolean {
  const { outsideHours } = props.schedule;
  const problems = businessHoursProblems(businessHoursOf(props.schedule));
  problems.forEach((problem) => refuseInput(construct, problem));
  const passed = commonChecks(construct, props)
    .check('schedule.outsideHours', outsideHours._shown, () => outsideHours._origin !== 'provisioned-throughput', 'a model on demand or an inference profile')
    .passed(construct);
  return passed && problems.length === 0;
}

function commonChecks(construct: Construct, props: ThroughputProps): InputChecks {
  const { model: bought, modelUnits, provisionedModelName, hourlyPricePerModelUnitUsd, notificationTopic } = props;
  const unreachable = notificationTopic && topicProblem(construct, notificationTopic);
  return new InputChecks()
    .check('model', bought._shown, () => isPurchasable(bought),
      'a model without the prefix of an inference profile, such as "amazon.nova-pro-v1:0:24k", or a custom model', 'Provisioned throughput is bought for the model itself, not through an inference profile.')
    .check('modelUnits', modelUnits, MODEL_UNITS.isAllowed, MODEL_UNITS.allowed)
    .check('provisionedModelName', provisionedModelName, MODEL_NAME.isAllowed, MODEL_NAME.allowed)
    .check('hourlyPricePerModelUnitUsd', hourlyPricePerModelUnitUsd, HOURLY_USD.isAllowed, HOURLY_USD.allowed)
    .refuseIf(unreachable !== undefined, 'notificationTopic', unreachable ?? '');
}

function isPurchasable(bought: BedrockModel): boolean {
  if (bought.customModel) return !bought._isArnOf('custom-model-deployment', 'imported-model');
  return bought._origin === 'model' && bought._priced.prefix === undefined;
}

/** The problem of a topic that cannot be notified, as far as is known at synth. */
function topicProblem(construct: Construct, { fifo, env }: ITopic): string | undefined {
  if (fifo) return 'must be a standard topic, since EventBridge Scheduler cannot publish to a FIFO topic';
  const { region } = Stack.of(construct);
  if (Token.isUnresolved(region) || Token.isUnresolved(env.region) || region === env.region) return undefined;
  return `must be a topic in ${region}, the region of the stack, got a topic in ${env.region}`;
}

import { RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { BedrockModel } from '../bedrock-model';
import { InputChecks } from '../input-checks';
import { ProvisionedModelThroughputProps, ThroughputRemoval } from './provisioned-model-throughput-props';
import { businessHoursOf, DayOfWeek, ThroughputSchedule } from './schedule';
import { Limit } from '../../aws/limits';
import { refuseInput } from '../../estimates/findings';
import { boolean, choice, duration, essential, having, list, model, number, required, ShapesOf, struct, text, topic } from '../../estimates/shape';
import { businessHoursProblems } from '../../pricing/business-hours';
import { CommitmentDuration } from '../../pricing/price-book/rate';

/** A notice has to come after the term has begun. */
const SHORTEST_TERM_DAYS: { readonly [duration: string]: number } = { [CommitmentDuration.ONE_MONTH]: 28, [CommitmentDuration.SIX_MONTHS]: 180 };
/** Three are the library's own: whose it is, what it was bought for, its schedule. */
export const MAX_OWN_TAGS = Limit.TAGS - 3;

const MODEL_UNITS = 'a whole number of 1 or more';
const COMMITMENT_USD = 'a number of US dollars of 0 or more: the cost of the whole term';
const MODEL_NAME = `1 to ${Limit.PROVISIONED_MODEL_NAME} letters and digits, with single hyphens or underscores between them`;
const HOURLY_USD = 'a number of US dollars above 0: the price of a model unit for one hour';

const RETAINING: readonly (RemovalPolicy | undefined)[] = [RemovalPolicy.RETAIN, RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE];

/** The shapes of the props of a `ProvisionedModelThroughput`. */
export const THROUGHPUT_SHAPES: ShapesOf<ProvisionedModelThroughputProps> = {
  model: essential(model('amazon.nova-pro-v1:0:24k')),
  modelUnits: required(number(MODEL_UNITS)),
  commitmentDuration: choice(CommitmentDuration),
  acknowledgeCommitmentUsd: number(COMMITMENT_USD),
  provisionedModelName: text(MODEL_NAME),
  removalPolicy: choice(RemovalPolicy),
  onRemoval: choice(ThroughputRemoval),
  allowRepurchase: boolean(),
  notificationTopic: topic(),
  renewalNotice: duration('a Duration, such as Duration.days(14)'),
  schedule: struct('the business hours, such as { start: "08:00", end: "18:00", timeZone, outsideHours }', {
    days: list(choice(DayOfWeek), `a list of ${Object.values(DayOfWeek).join(', ')}, each at most once`),
    start: required(text('HH:MM in steps of 5 minutes, from 00:00 to 23:55')),
    end: required(text('HH:MM in steps of 5 minutes, from 00:05 to 24:00')),
    timeZone: required(having('timezoneName', 'string', 'a TimeZone, such as TimeZone.of("Europe/Berlin")')),
    outsideHours: required(model('amazon.nova-pro-v1:0')),
  } satisfies ShapesOf<ThroughputSchedule>),
  hourlyPricePerModelUnitUsd: number(HOURLY_USD),
  usage: struct('the on-demand usage that the model units carry, such as { requestsPerMonth: 1000, inputTokensPerRequest: 2000 }'),
  tokensPerMinutePerModelUnit: number('a number of 1 or more'),
  peakToAverageRatio: number('a number of 1 or more'),
};

/** Refuses what is not allowed, and says whether there was nothing. */
export function isThroughputAllowed(construct: Construct, props: ProvisionedModelThroughputProps): boolean {
  const hours = props.schedule ? businessHoursProblems(businessHoursOf(props.schedule)) : [];
  hours.forEach((problem) => refuseInput(construct, problem));
  return checks(construct, props).passed(construct) && hours.length === 0;
}

function checks(construct: Construct, props: ProvisionedModelThroughputProps): InputChecks {
  const { modelUnits, commitmentDuration, acknowledgeCommitmentUsd, provisionedModelName, hourlyPricePerModelUnitUsd, schedule } = props;
  const bought = props.model;
  const unreachable = props.notificationTopic && topicProblem(construct, props.notificationTopic);
  const longest = SHORTEST_TERM_DAYS[commitmentDuration ?? ''] ?? Infinity;
  const noticeDays = props.renewalNotice?.isUnresolved() ? undefined : props.renewalNotice?.toDays({ integral: false });
  return new InputChecks()
    .check('model', bought._shown, () => isPurchasable(bought),
      'a model without the prefix of an inference profile, such as "amazon.nova-pro-v1:0:24k", or a custom model', 'Provisioned throughput is bought for the model itself, not through an inference profile.')
    .check('modelUnits', modelUnits, (units) => Number.isInteger(units) && units >= 1, MODEL_UNITS)
    .check('acknowledgeCommitmentUsd', acknowledgeCommitmentUsd, (usd) => Number.isFinite(usd) && usd >= 0, COMMITMENT_USD)
    .check('provisionedModelName', provisionedModelName, (name) => /^([0-9a-zA-Z][_-]?)+$/.test(name) && name.length <= Limit.PROVISIONED_MODEL_NAME, MODEL_NAME)
    .check('hourlyPricePerModelUnitUsd', hourlyPricePerModelUnitUsd, (usd) => Number.isFinite(usd) && usd > 0, HOURLY_USD)
    .check('removalPolicy', props.removalPolicy, (policy) => props.onRemoval !== ThroughputRemoval.RELEASE_AT_EXPIRY || !RETAINING.includes(policy),
      'RemovalPolicy.DESTROY with onRemoval RELEASE_AT_EXPIRY', 'The throughput cannot be released if CloudFormation retains it: remove removalPolicy.')
    .refuseIf(Token.isUnresolved(props.onRemoval), 'onRemoval', `must be one of ${Object.values(ThroughputRemoval).join(', ')}, known at synth, got a token`)
    .check('renewalNotice', noticeDays, (days) => Number.isInteger(days) && days >= 1 && days < longest,
      longest === Infinity ? 'a Duration of whole days, 1 or more' : `a Duration of whole days from 1 to ${longest - 1}, shorter than the term`)
    .refuseIf(unreachable !== undefined, 'notificationTopic', unreachable ?? '')
    .refuseIf(schedule !== undefined && commitmentDuration !== undefined && commitmentDuration !== CommitmentDuration.NONE,
      'commitmentDuration', 'must be left out with a schedule, since a commitment is billed for every hour of its term')
    .check('schedule.outsideHours', schedule?.outsideHours._shown, () => schedule!.outsideHours._origin !== 'provisioned-throughput', 'a model on demand or an inference profile');
}

function isPurchasable(bought: BedrockModel): boolean {
  if (bought.customModel) return !bought._isArnOf('custom-model-deployment', 'imported-model');
  return bought._origin === 'model' && bought._priced.prefix === undefined;
}

/** The problem of a topic that cannot be notified, as far as it is known at synth. */
function topicProblem(construct: Construct, { fifo, env }: ITopic): string | undefined {
  if (fifo) return 'must be a standard topic, since EventBridge Scheduler cannot publish to a FIFO topic';
  const { region } = Stack.of(construct);
  if (Token.isUnresolved(region) || Token.isUnresolved(env.region) || region === env.region) return undefined;
  return `must be a topic in ${region}, the region of the stack, got a topic in ${env.region}`;
}

import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { BedrockModel } from '../bedrock-model';
import { ThroughputSchedule } from './schedule';
import { OnDemandUsage } from '../../pricing/billing-modes/on-demand';
import { CommitmentDuration } from '../../pricing/price-book/rate';

/**
 * The properties that all provisioned throughput has.
 *
 * jsii takes the members of an internal base struct for those of the struct.
 * @internal
 */
export interface ThroughputProps {
  /**
   * The model.
   *
   * A base model by its bare id, with a context variant where it has some (`amazon.nova-pro-v1:0:24k`), or a custom model
   * (`BedrockModel.fromCustomModel`). It is not bought through an inference profile.
   * @see https://docs.aws.amazon.com/bedrock/latest/userguide/prov-thru-supported.html
   */
  readonly model: BedrockModel;
  /** Model units: a whole number of 1 or more. A new account has a quota of 0: ask for more in a support case first. */
  readonly modelUnits: number;
  /**
   * The name: 1 to 63 letters and digits, with single hyphens or underscores between them. While units are exchanged for
   * others, the new ones have another name, and this one as soon as the old ones are deleted.
   * @default - made of the construct's path and of what is bought
   */
  readonly provisionedModelName?: string;
  /**
   * Topic that is notified of each failure that leaves something billed. The alarm on errors of the functions notifies it, too, and is
   * allowed to publish to it. A standard topic of the same region. The topic of a `CostBudget` that covers the construct is notified of
   * failures as well. A topic that is imported with a key of your own needs a policy of that key which lets this account's roles use it.
   * @default - the topics of budgets that cover it; without one, only the log of the functions has the failures
   */
  readonly notificationTopic?: ITopic;
  /**
   * Your own price of one model unit for one hour in US dollars, for this construct and commitment. AWS quotes the
   * prices of some models only on request.
   * @default - the price book's
   */
  readonly hourlyPricePerModelUnitUsd?: number;
  /**
   * Traffic of the units in an average month, as it would be bought on demand. With a schedule, that of its hours only. It changes no cost:
   * synthesis reports what it would cost on demand, from how many requests a month on the units are cheaper, and, with
   * `tokensPerMinutePerModelUnit`, warns when the units are too few or twice as many as it takes.
   * @default - not known, so nothing is compared
   */
  readonly usage?: OnDemandUsage;
  /**
   * The tokens, input and output together, that one model unit carries in a minute: 1 or more. AWS publishes none: ask
   * your account team, or measure it. 2 units of 100,000 that cost $35,040 in 730 hours come to $4.00 for a million tokens
   * at full use.
   * @default - not known, so neither is how far the units are used
   */
  readonly tokensPerMinutePerModelUnit?: number;
  /**
   * The load of the busiest minute as a multiple of the average one: the units have to carry it. 1 or more.
   * @default 1
   */
  readonly peakToAverageRatio?: number;
}

/** The properties of a `ProvisionedModelThroughput`. */
export interface ProvisionedModelThroughputProps extends ThroughputProps {
  /**
   * How long the units are bought for. A commitment costs less by the hour, cannot be cancelled, and renews itself at
   * the end of each term until it is deleted.
   * @default CommitmentDuration.NONE - billed by the hour, can be deleted at any time
   */
  readonly commitmentDuration?: CommitmentDuration;
  /**
   * Confirms what a commitment costs over its whole term, in US dollars: units x hourly price x hours in a month x months. 2 units of
   * Cohere Embed English for one month are 2 x $6.76 x 730 x 1 = 9869.6. Synth fails and states the sum if this value is lower. The
   * deployment fails if it would buy for more, in another region, or for a term that outlives the model.
   * @default - a commitment is refused
   */
  readonly acknowledgeCommitmentUsd?: number;
  /**
   * Behavior when the construct is removed, or its stack deleted:
   *
   * - `RETAIN` keeps the throughput, which is billed until you delete it; a commitment renews itself at the end of each term.
   * - `RETAIN_ON_UPDATE_OR_DELETE` does the same, except when the creation is rolled back: then it deletes throughput without
   *   a commitment.
   * - `DESTROY` deletes the throughput. AWS deletes no commitment before the end of its term: a schedule that outlives the stack
   *   releases it then (deletes it before it renews itself).
   *
   * `SNAPSHOT` is refused, since provisioned throughput has no snapshots.
   * @default - with a commitment `RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE`, otherwise `RemovalPolicy.DESTROY`
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * Whether a change of units, model or commitment may buy anew where there is a commitment.
   *
   * Also whether throughput that was deleted outside CloudFormation is bought anew. Both are billed until the old commitment ends.
   * @default false - such a deployment fails with the reason
   */
  readonly allowRepurchase?: boolean;
  /**
   * Time before the end of a commitment's term at which `notificationTopic` is notified of the cost of the next term.
   *
   * Whole days, 1 or more, fewer than the term has. A topic of another stack outlives this one: it is notified of the renewal of the
   * current term even then.
   * @default Duration.days(14)
   */
  readonly renewalNotice?: Duration;
}

/** The properties of a `ScheduledModelThroughput`. */
export interface ScheduledModelThroughputProps extends ThroughputProps {
  /**
   * The hours in which the units exist. They are bought at the beginning and deleted at the end; outside of them,
   * `modelIdParameter` has the id of the model on demand.
   */
  readonly schedule: ThroughputSchedule;
}

/** The attributes that a `ScheduledModelThroughput` of another app is imported by. */
export interface ScheduledModelThroughputAttributes {
  /** The name of its `modelIdParameter`, in the account and region of the stack that imports it. */
  readonly modelIdParameterName: string;
  /** Its `scheduleTag`, which identifies the throughput of every day. */
  readonly scheduleTag: string;
  /** The model outside the hours, `schedule.outsideHours`: callers need a permission for it as well. */
  readonly outsideHours: BedrockModel;
}

import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { BedrockModel } from '../bedrock-model';
import { ThroughputSchedule } from './schedule';
import { OnDemandUsage } from '../../pricing/billing-modes/on-demand';
import { CommitmentDuration } from '../../pricing/price-book/rate';

/**
 * Common properties of provisioned throughput.
 *
 * jsii treats the members of an internal base struct as members of the struct.
 * @internal
 */
export interface ThroughputProps {
  /**
   * Model to buy throughput for.
   *
   * A base model by its bare id, with a context variant if it has one (`amazon.nova-pro-v1:0:24k`), or a custom model
   * (`BedrockModel.fromCustomModel`). The id has no prefix of an inference profile.
   * @see https://docs.aws.amazon.com/bedrock/latest/userguide/prov-thru-supported.html
   */
  readonly model: BedrockModel;
  /** Number of model units: a whole number of 1 or more. A new account has a quota of 0: request an increase from AWS Support first. */
  readonly modelUnits: number;
  /**
   * Name of the throughput: 1 to 63 letters and digits, with single hyphens or underscores between them. During a replacement, the new
   * throughput has a temporary name until the old one is deleted.
   * @default - generated from the path of the construct and the purchase
   */
  readonly provisionedModelName?: string;
  /**
   * Topic that is notified of each failure that leaves throughput billed: a standard topic of the same region.
   *
   * The alarm on errors of the functions also notifies it; the construct allows it to publish. The topics of covering `CostBudget`s are
   * notified of failures as well. If an imported topic has a custom key, the key policy must allow the roles of this account to use it.
   * @default - the topics of covering budgets; without them, failures are in the log of the functions only
   */
  readonly notificationTopic?: ITopic;
  /**
   * Hourly price of one model unit in US dollars, above 0, for this construct and commitment. AWS quotes the prices of some models only on
   * request.
   * @default - the price of the price book
   */
  readonly hourlyPricePerModelUnitUsd?: number;
  /**
   * On-demand usage that the units serve in an average month; with a `schedule`, within its hours only.
   *
   * It does not change the cost. Synthesis reports the cost of this usage on demand and the break-even number of requests. With
   * `tokensPerMinutePerModelUnit`, it warns if the units are not enough, or twice as many as needed.
   * @default - no comparison
   */
  readonly usage?: OnDemandUsage;
  /**
   * Maximum input and output tokens per minute of one model unit: a number of 1 or more.
   *
   * AWS does not publish it: ask your account team, or measure it. 2 units of 100,000 tokens a minute for $35,040 in 730 hours cost $4.00 for
   * a million tokens at full utilisation.
   * @default - the utilisation is unknown
   */
  readonly tokensPerMinutePerModelUnit?: number;
  /**
   * Ratio of the load in the busiest minute, which the units must serve, to the average load: a number of 1 or more.
   * @default 1
   */
  readonly peakToAverageRatio?: number;
}

/** Properties of a `ProvisionedModelThroughput`. */
export interface ProvisionedModelThroughputProps extends ThroughputProps {
  /**
   * Term of the purchase. A commitment has a lower hourly price, cannot be cancelled, and renews itself at the end of each term until the
   * throughput is deleted.
   * @default CommitmentDuration.NONE - billed by the hour, can be deleted at any time
   */
  readonly commitmentDuration?: CommitmentDuration;
  /**
   * Confirmed cost of a commitment over its whole term, in US dollars: units x hourly price x hours in a month x months.
   *
   * 2 units of Cohere Embed English for one month cost 2 x $6.76 x 730 x 1 = 9869.6. Synth fails and states the cost if this value is lower.
   * The deployment fails if the purchase would cost more, is in another region, or has a term that outlives the model.
   * @default - a commitment is refused
   */
  readonly acknowledgeCommitmentUsd?: number;
  /**
   * Behavior when the construct is removed, or its stack deleted:
   *
   * - `RETAIN` keeps the throughput, which is billed until you delete it; a commitment renews itself at the end of each term.
   * - `RETAIN_ON_UPDATE_OR_DELETE` also keeps it, but deletes throughput without a commitment if its creation is rolled back.
   * - `DESTROY` deletes the throughput. AWS deletes a commitment at the end of its term only: a schedule that outlives the stack deletes it
   *   then, before it renews itself.
   *
   * `SNAPSHOT` is refused, since provisioned throughput has no snapshots.
   * @default - with a commitment `RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE`, otherwise `RemovalPolicy.DESTROY`
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * Whether a change of units, model or commitment may replace a commitment by a new purchase.
   *
   * It also applies to throughput that was deleted outside of CloudFormation. Both purchases are billed until the old commitment ends.
   * @default false - such a deployment fails with the reason
   */
  readonly allowRepurchase?: boolean;
  /**
   * Time before the end of a commitment's term at which `notificationTopic` is notified of the cost of the next term.
   *
   * Whole days: 1 or more, and fewer than the days of the term. A topic in another stack is notified of the renewal of the current term even
   * if this stack is deleted.
   * @default Duration.days(14)
   */
  readonly renewalNotice?: Duration;
}

/** Properties of a `ScheduledModelThroughput`. */
export interface ScheduledModelThroughputProps extends ThroughputProps {
  /**
   * Hours in which the units exist. They are bought at the start and deleted at the end of the hours. Outside of the hours,
   * `modelIdParameter` has the id of the on-demand model.
   */
  readonly schedule: ThroughputSchedule;
}

/** Attributes of an imported `ScheduledModelThroughput`. */
export interface ScheduledModelThroughputAttributes {
  /** Name of its `modelIdParameter`, in the account and region of the importing stack. */
  readonly modelIdParameterName: string;
  /** Value of its `scheduleTag`, which identifies the throughput of every day. */
  readonly scheduleTag: string;
  /** Model outside of the hours (`schedule.outsideHours`), for which callers need a permission, too. */
  readonly outsideHours: BedrockModel;
}

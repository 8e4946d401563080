import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { BedrockModel } from '../bedrock-model';
import { ThroughputSchedule } from './schedule';
import { OnDemandUsage } from '../../pricing/billing-modes/on-demand';
import { CommitmentDuration } from '../../pricing/price-book/rate';

/** What becomes of a commitment whose construct is removed: AWS does not delete it before its term ends. */
export enum ThroughputRemoval {
  /** It stays, is billed, and renews itself, until somebody deletes it. */
  KEEP = 'keep',
  /** A schedule that outlives the stack deletes it at the end of its term. */
  RELEASE_AT_EXPIRY = 'release-at-expiry',
}

/** The properties of a `ProvisionedModelThroughput`. */
export interface ProvisionedModelThroughputProps {
  /**
   * The model: a base model by its bare id, with a context variant where it has some (`amazon.nova-pro-v1:0:24k`), or a custom
   * model (`BedrockModel.fromCustomModel`). It is not bought through an inference profile.
   * @see https://docs.aws.amazon.com/bedrock/latest/userguide/prov-thru-supported.html
   */
  readonly model: BedrockModel;
  /** Model units: a whole number of 1 or more. A new account has a quota of 0: ask for more in a support case first. */
  readonly modelUnits: number;
  /**
   * How long the units are bought for. A commitment costs less by the hour, cannot be cancelled, and renews itself at
   * the end of each term until it is deleted.
   * @default CommitmentDuration.NONE - billed by the hour, can be deleted at any time
   */
  readonly commitmentDuration?: CommitmentDuration;
  /**
   * Confirms what a commitment costs over its whole term, in US dollars: units x hourly price x hours in a month x
   * months. 2 units of Cohere Embed English for one month are 2 x $6.76 x 730 x 1 = 9869.6. Synthesis is refused, and
   * names the sum, while this is less; the deployment is refused where it would buy for more, in another region, or for a
   * term that outlives the model.
   * @default - a commitment is refused
   */
  readonly acknowledgeCommitmentUsd?: number;
  /**
   * The name: 1 to 63 letters and digits, with single hyphens or underscores between them. While units are exchanged for
   * others, the new ones have another name, and this one as soon as the old ones are deleted.
   * @default - made of the construct's path, the model, and the units
   */
  readonly provisionedModelName?: string;
  /**
   * What happens when the construct is removed.
   * @default - RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE with a commitment, unless `onRemoval` releases it; otherwise RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * What becomes of a commitment when the construct is removed. Without a commitment it makes no difference.
   * @default ThroughputRemoval.KEEP
   */
  readonly onRemoval?: ThroughputRemoval;
  /**
   * Whether a change of the units, the model or the commitment of something that has a commitment buys anew, and whether
   * what was deleted outside CloudFormation is bought anew. Both are billed until the old commitment ends.
   * @default false - such a deployment fails and says why
   */
  readonly allowRepurchase?: boolean;
  /**
   * Topic that is notified some days before a commitment renews itself of what the next term costs, and of each failure
   * that leaves something billed; the alarm on errors of the functions notifies it, too, and is allowed to publish to it. A
   * standard topic of the same region. The topic of a `CostBudget` that covers the construct is notified of failures as well.
   * A topic of another stack outlives this one; the renewal of the term that runs is announced even then. A topic that is
   * imported with a key of your own needs a policy of that key which lets this account's roles use it.
   * @default - the topics of budgets that cover it; without one only the log of the functions has the failures, and synth
   * warns if there is a `schedule`
   */
  readonly notificationTopic?: ITopic;
  /**
   * How long before the end of a commitment's term its renewal is announced: whole days, 1 or more, fewer than the term has.
   * @default Duration.days(14)
   */
  readonly renewalNotice?: Duration;
  /**
   * The hours in which the units are there; for units without a commitment. They are bought at the beginning and deleted
   * at the end; in between, `modelIdParameter` names the model on demand.
   * @default - always
   */
  readonly schedule?: ThroughputSchedule;
  /**
   * Your own price of one model unit for one hour in US dollars, for this construct and commitment. AWS quotes the
   * prices of some models only on request.
   * @default - the price book's
   */
  readonly hourlyPricePerModelUnitUsd?: number;
  /**
   * What is to go through the units in an average month: the traffic as it would be bought on demand. It changes no cost;
   * synthesis tells what it would cost on demand, from how many requests a month on the units are cheaper, and, with
   * `tokensPerMinutePerModelUnit`, warns when the units are too few or twice as many as it takes. With a schedule: only
   * what goes through in its hours.
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

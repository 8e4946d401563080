import { Names, Stack, Stage, Token } from 'aws-cdk-lib';
import { ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { Construct, IConstruct } from 'constructs';
import { subscribeAndAllow } from './notification-topic';
import { dailyThreshold, hasRoomFor, isMetered, MeteredEntry, spendAlarm, spendDescription } from './spend-alarm';
import { addFinding } from '../estimates/findings';
import { CostEntry, entriesBelow, isBelow, onEntry } from '../estimates/registry';
import { hoursPerMonth } from '../estimates/settings';
import { MESSAGES } from '../messages';
import { Decimal, decimal, sum, ZERO } from '../pricing/decimal';

export interface SpendAlarmsProps {
  readonly covers: IConstruct;
  readonly limit: Decimal;
  /** How many times the even daily pace may be spent in 24 hours. */
  readonly factor: number;
  readonly topic: ITopic;
  /** The topic's ARN as another stack of the same account and region names it. */
  readonly topicArnFrom: (stack: Stack) => string;
  readonly emailAddresses: readonly string[];
}

/**
 * Watches the tokens of everything that a budget covers, now and later.
 *
 * An alarm stands in the stack of the resources that it watches: CloudWatch alarms see only their own region, and CDK
 * would let one in another region watch nothing for ever, without a word.
 */
export class SpendAlarms extends Construct {
  private readonly groups: { readonly stack: Stack; readonly entries: MeteredEntry[] }[] = [];

  constructor(scope: Construct, id: string, private readonly props: SpendAlarmsProps) {
    super(scope, id);
    onEntry(this, (entry) => {
      if (isBelow(entry.construct, props.covers)) this.watch(entry);
    });
  }

  private watch(entry: CostEntry): void {
    if (!isMetered(entry)) return;
    const stack = Stack.of(entry.construct);
    if (!Token.isUnresolved(stack.region) && entry.region !== stack.region) {
      addFinding(this, MESSAGES.notWatched, `${entry.construct.node.path} is used in ${entry.region}, where an alarm in ${stack.node.path} (${stack.region}) sees nothing`);
      return;
    }
    const group = this.groups.find((candidate) => candidate.stack === stack && hasRoomFor(candidate.entries, entry));
    if (group) group.entries.push(entry);
    else this.addAlarm(stack, entry);
  }

  private addAlarm(stack: Stack, first: MeteredEntry): void {
    const { limit, factor } = this.props;
    const entries = [first];
    const ordinal = this.groups.push({ stack, entries });
    const own = stack === Stack.of(this);
    const threshold = () => dailyThreshold(this.monthlyShare(entries), hoursPerMonth(this), factor);
    spendAlarm(own ? this : stack, own ? `Last24Hours${ordinal}` : `BedrockSpend${Names.nodeUniqueId(this.node).slice(-8)}${ordinal}`, {
      topicArn: this.topicArnIn(stack),
      entries,
      threshold,
      description: () => spendDescription(this.node.scope!.node.path, threshold(), limit, factor, entries),
    });
  }

  /**
   * What a month has for the tokens of some entries: the limit less what is spent anyway (batch, provisioned
   * throughput), in proportion to their estimates. Never less than the estimates, so that a plan over the limit, which
   * synth has reported already, does not ring every day.
   */
  private monthlyShare(entries: readonly MeteredEntry[]): Decimal {
    const covered = entriesBelow(this.props.covers);
    const estimated = (some: readonly CostEntry[]) => sum(some.map(({ estimate }) => decimal(estimate.knownMonthlyUsd)));
    const metered = this.groups.flatMap((group) => group.entries);
    const forTokens = estimated(metered);
    const left = this.props.limit.minus(estimated(covered)).plus(forTokens);
    const available = left.cmp(forTokens) > 0 ? left : forTokens;
    return forTokens.cmp(ZERO) === 0
      ? available.times(decimal(entries.length)).div(decimal(metered.length))
      : available.times(estimated(entries)).div(forTokens);
  }

  /**
   * The ARN that an alarm in a stack notifies: the budget's topic where CloudWatch allows it, which is in its own region
   * and account; else a topic in that stack, to which the same people are subscribed.
   */
  private topicArnIn(stack: Stack): string {
    const { topic, emailAddresses } = this.props;
    const home = Stack.of(topic);
    if (stack === home) return topic.topicArn;
    if (Stage.of(stack) === Stage.of(home) && stack.region === home.region && stack.account === home.account) return this.props.topicArnFrom(stack);
    const id = `BedrockCostAlerts${Names.nodeUniqueId(this.node).slice(-8)}`;
    const existing = stack.node.tryFindChild(id) as Topic | undefined;
    if (existing) return existing.topicArn;
    const local = new Topic(stack, id, { enforceSSL: true });
    subscribeAndAllow(local, emailAddresses);
    if (emailAddresses.length === 0) addFinding(this, MESSAGES.nobodyNotified, `nobody is subscribed to ${local.node.path}, which the alarms in ${stack.node.path} notify`);
    return local.topicArn;
  }
}

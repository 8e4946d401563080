import { Names, Stack, Stage, Token } from 'aws-cdk-lib';
import { ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { Construct, IConstruct } from 'constructs';
import { isMetered, Meter, MeteredEntry, meterKey } from './meter';
import { subscribeAndAllow } from './notification-topic';
import { MAX_METRICS, spendAlarm, spendDescription } from './spend-alarm';
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
  private readonly meters = new Map<string, Meter>();
  /** The alarm of each stack that may still have room for another meter. */
  private readonly open = new Map<Stack, Meter[]>();
  private alarms = 0;
  private slackOf: { readonly entries: number; readonly perMeter: Decimal } | undefined;

  constructor(scope: Construct, id: string, private readonly props: SpendAlarmsProps) {
    super(scope, id);
    onEntry(this, (entry) => {
      if (isMetered(entry) && isBelow(entry.construct, props.covers)) this.watch(entry);
    });
  }

  private watch(entry: MeteredEntry): void {
    const stack = Stack.of(entry.construct);
    if (!Token.isUnresolved(stack.region) && entry.region !== stack.region) {
      addFinding(this, MESSAGES.notWatched,
        `${entry.construct.node.path} is used in ${entry.region}, where an alarm in ${stack.node.path} (${stack.region}) sees nothing`);
      return;
    }
    const key = meterKey(entry);
    const known = this.meters.get(key);
    if (known) {
      known.add(entry);
      return;
    }
    const meter = new Meter(entry.tokenMetrics.modelId, entry.tokenMetrics.shared);
    meter.add(entry);
    this.meters.set(key, meter);
    const room = this.open.get(stack);
    if (room && countMetrics([...room, meter]) <= MAX_METRICS) room.push(meter);
    else this.addAlarm(stack, [meter]);
  }

  private addAlarm(stack: Stack, meters: Meter[]): void {
    const { limit, factor } = this.props;
    this.open.set(stack, meters);
    const ordinal = ++this.alarms;
    const own = stack === Stack.of(this);
    const threshold = () => dailyPace(this.allowance(meters), hoursPerMonth(this)).times(decimal(factor));
    spendAlarm(own ? this : stack, own ? `Last24Hours${ordinal}` : `BedrockSpend${Names.nodeUniqueId(this.node).slice(-8)}${ordinal}`, {
      topicArn: this.topicArnIn(stack),
      meters,
      threshold,
      description: () => spendDescription(this.node.scope!.node.path, threshold(), limit, factor, meters),
    });
  }

  /** What a month has for some meters: what is planned for them, and their even share of what the limit leaves. */
  private allowance(meters: readonly Meter[]): Decimal {
    return sum(meters.map((meter) => meter.plannedMonthly)).plus(this.slackPerMeter().times(decimal(meters.length)));
  }

  /**
   * What the limit leaves above all that is planned (tokens, batch, provisioned throughput), for each meter. Never below
   * 0: a plan over the limit, which synth has reported already, does not ring every day.
   */
  private slackPerMeter(): Decimal {
    const covered = entriesBelow(this.props.covers);
    if (this.slackOf?.entries !== covered.length) {
      const left = this.props.limit.minus(sum(covered.map(plannedMonthly)));
      this.slackOf = { entries: covered.length, perMeter: left.cmp(ZERO) > 0 ? left.div(decimal(this.meters.size)) : ZERO };
    }
    return this.slackOf.perMeter;
  }

  /**
   * The ARN that an alarm in a stack notifies: the budget's topic where CloudWatch allows it, which is in its own region
   * and account; else a topic in that stack, to which the same people are subscribed.
   */
  private topicArnIn(stack: Stack): string {
    const { topic, emailAddresses } = this.props;
    const home = Stack.of(topic);
    const sameEnvironment = topic.env.region === stack.region && topic.env.account === stack.account;
    if (sameEnvironment && (stack === home || !Token.isUnresolved(topic.topicArn))) return topic.topicArn;
    if (Stage.of(stack) === Stage.of(home) && sameEnvironment) return this.props.topicArnFrom(stack);
    const id = `BedrockCostAlerts${Names.nodeUniqueId(this.node).slice(-8)}`;
    const existing = stack.node.tryFindChild(id) as Topic | undefined;
    if (existing) return existing.topicArn;
    const local = new Topic(stack, id, { enforceSSL: true });
    subscribeAndAllow(local, emailAddresses);
    addFinding(this, MESSAGES.substituteTopic, `the alarms in ${stack.node.path} notify ${local.node.path}, with ${emailAddresses.length} e-mail addresses, `
      + `since CloudWatch or CDK does not let them reach ${topic.node.path} from there`);
    if (emailAddresses.length === 0) {
      addFinding(this, MESSAGES.nobodyNotified, `nobody is subscribed to ${local.node.path}, which the alarms in ${stack.node.path} notify`);
    }
    return local.topicArn;
  }
}

function plannedMonthly({ estimate }: CostEntry): Decimal {
  return decimal(estimate.knownMonthlyUsd);
}

function countMetrics(meters: readonly Meter[]): number {
  return meters.reduce((count, { terms }) => count + terms.length, 0);
}

/** An even share of a month for 24 hours. */
function dailyPace(monthly: Decimal, hours: number): Decimal {
  return monthly.times(decimal(24)).div(decimal(hours));
}

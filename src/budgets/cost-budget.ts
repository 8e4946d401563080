import { Annotations, attachCustomSynthesis, Stack, Tags, Token } from 'aws-cdk-lib';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct, IConstruct } from 'constructs';
import { awsBudget, budgetTagKey, COVERED } from './aws-budget';
import { NotificationTopic } from './notification-topic';
import { SpendAlarms } from './spend-alarms';
import { judge } from './verdict';
import { budgetFinding } from '../estimates/budget-finding';
import { addFinding, refuseInput } from '../estimates/findings';
import { recordBudget } from '../estimates/record';
import { BudgetEntry, isBelow, onEntry } from '../estimates/registry';
import { isEnabled, isEnforced } from '../estimates/settings';
import { callerLocation } from '../estimates/source-location';
import { MESSAGES } from '../messages';
import { decimal } from '../pricing/decimal';
import { PricingError } from '../pricing/error';
import { formatUsd } from '../pricing/format';

/** What happens at synth when the known costs exceed the limit. */
export enum BudgetEnforcement {
  /** A warning; `cdk synth --strict` fails. */
  WARN = 'WARN',
  /**
   * An error that fails `cdk synth` of every stack that the budget covers, until somebody acknowledges it with a reason:
   * `Validations.of(stack).acknowledge({ id: 'cdk-bedrock-cost::bedrock-cost-budget-exceeded', reason: '...' })`.
   */
  ACKNOWLEDGEABLE = 'ACKNOWLEDGEABLE',
  /** Every form of synth stops, with `--ignore-errors` and inside nested stages too. */
  BLOCK = 'BLOCK',
}

/** What happens when a budget cannot be judged since a price is missing. */
export enum MissingPricePolicy {
  /** A warning. */
  WARN = 'WARN',
  /** As if the limit were exceeded. */
  FAIL = 'FAIL',
  /** Nothing. */
  IGNORE = 'IGNORE',
}

/** Properties of a CostBudget. */
export interface CostBudgetProps {
  /** The limit for Amazon Bedrock in US dollars a month; above 0. */
  readonly monthlyLimitUsd: number;
  /**
   * The construct whose costs count, with everything below it: a construct, a stack, a stage or the app. With CDK
   * Pipelines, create the budget before `addStage()`, which synthesizes the stage: alarms cannot be added to it later.
   * @default - the construct that the budget is created in
   */
  readonly covers?: IConstruct;
  /**
   * What happens at synth when the known costs exceed the limit.
   * @default BudgetEnforcement.ACKNOWLEDGEABLE
   */
  readonly enforcement?: BudgetEnforcement;
  /**
   * What happens at synth when a price is missing, so that the budget cannot be judged.
   * @default MissingPricePolicy.WARN
   */
  readonly onMissingPrice?: MissingPricePolicy;
  /**
   * The topic that alarms and AWS Budgets notify. Both are allowed to publish to it; for an imported topic, allow
   * `cloudwatch.amazonaws.com` and `budgets.amazonaws.com` yourself.
   * @default - a topic of the budget's own
   */
  readonly notificationTopic?: ITopic;
  /**
   * E-mail addresses that are subscribed to the topic. Each one has to confirm the subscription.
   * @default - nobody is subscribed
   */
  readonly emailAddresses?: string[];
  /**
   * How many times the even daily pace of the limit may be spent on tokens within 24 hours before an alarm fires.
   *
   * With a limit of $730 a month and the factor 2, the alarm fires above $48 in 24 hours.
   * @default 2
   */
  readonly dailySpendFactor?: number;
}

/**
 * A monthly limit on what Amazon Bedrock may cost, before and after the deployment.
 *
 * At synth the estimates of everything it covers are compared with the limit, as strictly as `enforcement` says. After
 * the deployment, alarms made from the same prices watch the tokens of the last 24 hours, and an AWS::Budgets::Budget
 * watches the bill.
 *
 * The AWS Budget is filtered by a cost-allocation tag that the covered resources carry (`costAllocationTagKey`).
 * Activate that tag once in the Billing console; AWS needs up to a day and does not look back.
 *
 * @see https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-managing-costs.html
 */
export class CostBudget extends Construct {
  /** The topic that alarms and AWS Budgets notify. */
  public readonly topic: ITopic;

  /** The key of the cost-allocation tag that the covered resources carry; its value is `covered`. */
  public readonly costAllocationTagKey: string;

  constructor(scope: Construct, id: string, props: CostBudgetProps) {
    super(scope, id);
    if (!this.node.scopes.some((node) => Stack.isStack(node))) {
      throw new Error(`CostBudget ${JSON.stringify(this.node.path)} has to stand in a Stack, for its alarms; to cover an app or a stage, give it as covers`);
    }
    const { covers = scope, emailAddresses = [], dailySpendFactor = 2 } = props;
    this.costAllocationTagKey = budgetTagKey(this);
    const problem = inputProblem(props);
    const notifications = new NotificationTopic(this, 'Topic', props.notificationTopic, problem ? [] : emailAddresses);
    this.topic = notifications.topic;
    if (problem) {
      refuseInput(this, problem);
      return;
    }
    const limit = decimal(props.monthlyLimitUsd);
    const billed = awsBudget(this, 'Budget', { limit, tagKey: this.costAllocationTagKey, topic: this.topic });
    // AWS Budgets refuses a topic that it may not publish to yet.
    billed.node.addDependency(this.topic);
    this.node.defaultChild = billed;
    if (!isEnabled(this)) return;

    onEntry(this, ({ construct }) => {
      if (isBelow(construct, covers)) this.seeOnTheBill(construct);
    });
    new SpendAlarms(this, 'Spend', {
      covers, limit, factor: dailySpendFactor, topic: this.topic, topicArnFrom: (stack) => notifications.arnFrom(stack), emailAddresses,
    });
    const { enforcement = BudgetEnforcement.ACKNOWLEDGEABLE, onMissingPrice = MissingPricePolicy.WARN } = props;
    const verdict = () => judge(covers, limit, { enforcement, onMissingPrice });
    this.enforce({ construct: this, covers, source: callerLocation(), judge: verdict }, enforcement);

    if (emailAddresses.length === 0 && !props.notificationTopic) {
      addFinding(this, MESSAGES.nobodyNotified, `nobody is subscribed to the topic ${this.topic.node.path}`);
    }
  }

  /** The AWS Budget finds a resource on the bill by its tag, and on the bill of its own account. */
  private seeOnTheBill(construct: IConstruct): void {
    Tags.of(construct).add(this.costAllocationTagKey, COVERED);
    const [theirs, ours] = [Stack.of(construct), Stack.of(this)].map(({ account }) => account);
    if (theirs !== ours) {
      addFinding(this, MESSAGES.notBilledHere, `${construct.node.path} is billed to the account ${Token.isUnresolved(theirs) ? 'of its stack' : theirs}, not to that of ${this.node.path}`);
    }
  }

  /** WARN and ACKNOWLEDGEABLE through the validation plugin, BLOCK through a validation of the construct tree. */
  private enforce(entry: BudgetEntry, enforcement: BudgetEnforcement): void {
    recordBudget(entry);
    if (enforcement === BudgetEnforcement.BLOCK) {
      this.node.addValidation({
        validate: () => {
          const finding = isEnforced(this) ? budgetFinding(entry) : undefined;
          return finding?.severity === 'error' ? [`${finding.message.id}: ${finding.text}\n  to go on: ${finding.message.fix}`] : [];
        },
      });
    }
    attachCustomSynthesis(this, {
      onSynthesize: () => {
        const finding = budgetFinding(entry);
        if (finding?.severity === 'info') {
          Annotations.of(this).addInfoV2(finding.message.id, finding.text);
        }
      },
    });
  }
}

function inputProblem(props: CostBudgetProps): Error | undefined {
  const { monthlyLimitUsd, dailySpendFactor = 2, enforcement, onMissingPrice, emailAddresses = [] } = props;
  const positive = (field: string, value: number) =>
    Token.isUnresolved(value) ? new PricingError(field, 'a token', 'a number that is known at synth, above 0')
      : typeof value === 'number' && Number.isFinite(value) && value > 0 ? undefined : new PricingError(field, value, `a number above 0 (US dollars: ${formatUsd('0.01')} or more)`);
  const choice = (field: string, value: string | undefined, values: object) =>
    value === undefined || Object.values(values).includes(value) ? undefined : new PricingError(field, value, `one of ${Object.values(values).join(', ')}`);
  const email = (address: string) =>
    Token.isUnresolved(address) || /^[^\s@]+@[^\s@]+$/.test(address) ? undefined : new PricingError('emailAddresses', address, 'e-mail addresses');
  return positive('monthlyLimitUsd', monthlyLimitUsd)
    ?? positive('dailySpendFactor', dailySpendFactor)
    ?? emailAddresses.map(email).find((problem) => problem !== undefined)
    ?? choice('enforcement', enforcement, BudgetEnforcement)
    ?? choice('onMissingPrice', onMissingPrice, MissingPricePolicy);
}

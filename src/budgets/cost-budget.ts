import { attachCustomSynthesis, Duration, Stack, Stage } from 'aws-cdk-lib';
import { Dashboard, Metric, MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct, IConstruct } from 'constructs';
import { BudgetMonitor } from './alarms/budget-monitor';
import { awsBudgets } from './aws-budgets/aws-budgets';
import { budgetTagKey, tagForCostAllocation } from './aws-budgets/cost-allocation-tag';
import { acknowledgementProblem, BudgetAcknowledgement } from './budget-acknowledgement';
import { DEFAULT_BURN_RATES } from './burn-rate';
import { inputProblem } from './cost-budget-input';
import {
  BudgetEnforcement, CostBudgetProps, DEFAULT_BATCH_COST_FACTOR, DEFAULT_COUNT_INTERVAL, DEFAULT_FORECAST_PERCENTS, DEFAULT_THRESHOLD_PERCENTS,
  MissingPricePolicy,
} from './cost-budget-props';
import { BUDGET_SHAPES, DASHBOARD_SHAPE, STOP_ACTION } from './cost-budget-shapes';
import { BudgetDashboard, BudgetDashboardProps } from './dashboard';
import { ruleAcknowledgements } from '../estimates/acknowledgement';
import { budgetEvaluation } from '../estimates/budget-evaluation';
import { addFinding, annotationsOf, refuseInput } from '../estimates/findings';
import { metricOptions } from '../estimates/metric-options';
import { thisMonth } from '../estimates/price-settings';
import { BudgetEntry, entriesBelow, isBelow, once, outdateEvaluations, RegisteredMonitor, registryOf } from '../estimates/registry';
import { isMissingType } from '../estimates/resource-types';
import { hasDetails, isEnabled, isEnforced, today } from '../estimates/settings';
import { MESSAGES } from '../messages';
import { BudgetScope } from './scope/budget-scope';
import { BudgetTopics } from './scope/budget-topics';
import { budgetName } from './scope/names';
import { NotificationTopic } from './scope/notification-topic';
import { BudgetStop } from './stop-actions/budget-stop';
import { MAX_MANAGED_POLICIES } from './stop-actions/deny-policy';
import { StopAction } from './stop-actions/stop-action';
import { registeredMonitor, RunningCost } from '../estimates/running-cost';
import { acceptArguments, acceptProps, required } from '../estimates/shape';
import { callerLocation } from '../estimates/source-location';
import { defaultOnMissingPrice } from '../gate/budget-status';
import { PricingError } from '../input/error';
import { Dimension, MetricName, NAMESPACE } from '../lambda/month-to-date/contract';
import { decimal, toText } from '../pricing/decimal';
import { recordBudget } from '../registration/record';
import { reportRefusal } from '../synth-output/report-writer';
import { topLevelStack } from '../synth-output/template-limits';

/** Maximum number of constructs that a message names. */
const NAMED_MAX = 5;

/** The limit of a budget whose props are refused. Synthesis fails, so no template has it. */
const LIMIT_OF_REFUSED_PROPS = 1;

/** The parts of a budget that act after the deployment. */
interface Monitoring {
  readonly scope: BudgetScope;
  readonly monitor: BudgetMonitor;
  readonly stop: BudgetStop;
}

/**
 * A monthly limit on the cost of Amazon Bedrock, before and after the deployment.
 *
 * At synth, the estimates of the covered constructs are compared with the limit; `enforcement` sets the behavior when they exceed it.
 * After the deployment, with the same prices, alarms monitor the burn rate; a function counts the month-to-date cost, and alarms monitor it
 * and its forecast; an AWS::Budgets::Budget monitors the bill; and stop actions (`addStopAction`) end the spending.
 *
 * The AWS::Budgets::Budget is filtered by a cost-allocation tag of the covered resources (`costAllocationTagKey`). Activate this tag once in
 * the Billing console. AWS needs up to a day, and does not include earlier costs.
 *
 * The report has the monthly cost of the monitors of each budget.
 *
 * @see https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-managing-costs.html
 *
 * @example
 * const budget = new CostBudget(stack, 'Budget', { monthlyLimitUsd: 1_000, emailAddresses: ['team@example.com'] });
 * budget.addStopAction(StopAction.denyInvocations());
 * budget.addDashboard();
 */
export class CostBudget extends Construct {
  /** The topic that alarms and AWS Budgets notify. */
  public readonly topic: ITopic;

  /** The key of the cost-allocation tag that the covered resources carry. Its value is `covered`. */
  public readonly costAllocationTagKey: string;

  /** The value of the dimension `Budget` of its metrics in the namespace `CdkBedrockCost`. */
  public readonly metricsName: string;

  private readonly monitoring: Monitoring | undefined;
  /** Undefined if the props were refused, which fails the synthesis by itself. */
  private readonly limits: Pick<CostBudgetProps, 'monthlyLimitUsd'> & { readonly enforcement: BudgetEnforcement; entry?: BudgetEntry } | undefined;
  private isAcknowledged = false;
  private shown: BudgetDashboard | undefined;

  /**
   * @param scope the parent construct, in a stack; the budget need not cover the stack
   * @param id the id of the construct
   * @param props the limit and its monitors
   * @throws if the scope is not in a stack. Invalid props do not throw: synth reports them with all other problems.
   */
  constructor(scope: Construct, id: string, props: CostBudgetProps) {
    super(scope, id);
    if (!this.node.scopes.some((node) => Stack.isStack(node))) {
      throw new Error(`${this.node.path}: a CostBudget must be created in a Stack, for its alarms. To cover an app or a stage, set covers.`);
    }
    const { accepted, isAllowed } = this.acceptedProps(props);
    const { covers = scope, emailAddresses = [], enforcement = BudgetEnforcement.ACKNOWLEDGEABLE } = accepted;
    this.costAllocationTagKey = budgetTagKey(this);
    this.metricsName = budgetName(this);
    const notifications = new NotificationTopic(this, 'Topic', {
      given: accepted.notificationTopic,
      emailAddresses,
      anomalies: accepted.anomalyThresholdUsd !== undefined,
      named: !isBelow(covers, Stack.of(this)),
    });
    this.topic = notifications.topic;
    if (isAllowed) this.limits = { monthlyLimitUsd: accepted.monthlyLimitUsd, enforcement };
    const limit = decimal(accepted.monthlyLimitUsd);
    const awsBudget = awsBudgets(this, accepted, { tagKey: this.costAllocationTagKey, topic: this.topic });
    if (awsBudget) this.node.defaultChild = awsBudget;
    if (!isEnabled(this)) return;

    const budgetScope = new BudgetScope(this, covers, new BudgetTopics(this, notifications, emailAddresses), {
      limit,
      plannedLimitsUsd: accepted.plannedLimitsUsd,
      burnRates: accepted.burnRates ?? DEFAULT_BURN_RATES,
      thresholdPercents: accepted.thresholdPercents ?? DEFAULT_THRESHOLD_PERCENTS,
      forecastThresholdPercents: accepted.forecastThresholdPercents ?? DEFAULT_FORECAST_PERCENTS,
      interval: accepted.countInterval ?? DEFAULT_COUNT_INTERVAL,
      batchCostFactor: accepted.batchCostFactor ?? DEFAULT_BATCH_COST_FACTOR,
    });
    budgetScope.onEntry((entry) => tagForCostAllocation(entry, this, this.costAllocationTagKey));
    this.monitoring = {
      scope: budgetScope,
      monitor: new BudgetMonitor(this, 'Watch', budgetScope),
      stop: new BudgetStop(this, 'Stop', {
        budget: budgetScope, tagKey: this.costAllocationTagKey, awsBudget, reservedConcurrentExecutions: accepted.stopReservedConcurrentExecutions,
      }),
    };

    // Without a limit, the costs cannot be compared.
    if (!this.limits) return;
    const { onMissingPrice = MissingPricePolicy[defaultOnMissingPrice(enforcement)] } = accepted;
    this.limits.entry = {
      construct: this,
      covers,
      source: callerLocation(),
      limitUsd: toText(limit),
      enforcement,
      onMissingPrice,
      tagKey: this.costAllocationTagKey,
      monitors: () => this.monitors(accepted),
    };
    this.enforce(this.limits.entry, enforcement);

    if (emailAddresses.length === 0 && !accepted.notificationTopic) {
      addFinding(this, MESSAGES.nobodyNotified, `the topic ${this.topic.node.path} has no subscription`);
    }
  }

  /**
   * Adds an action that runs within minutes after the budget is exceeded, and is undone at the start of the next month.
   *
   * @param action such as `StopAction.denyInvocations()`; several actions run together, and invocations are denied first
   * @throws if the same kind of action was added before
   */
  public addStopAction(action: StopAction): void {
    if (acceptArguments(this, 'addStopAction', { action }, { action: required(STOP_ACTION) })) this.monitoring?.stop.add(action);
  }

  /**
   * Accepts an overrun of this budget, up to a maximum cost and until a day.
   *
   * Until then, synth and `check` pass, and print the reason, the owner, the maximum and the last day. Both fail if the known costs exceed
   * the maximum. After the last day, `check` fails. Synth has no clock: it fails only if the context key `cdk-bedrock-cost:today` is set to
   * a later day.
   * Unknown costs cannot be accepted, since they may exceed any maximum: `onMissingPrice` determines whether they fail. An acknowledgement
   * of CDK (`Validations.acknowledge`) does not extend this one.
   *
   * @param acknowledgement the reason, the owner, the maximum cost in US dollars a month, and the last day
   * @throws at synth, if a field is missing, blank or invalid, if the method was called before, or with enforcement BLOCK
   */
  public acknowledge(acknowledgement: BudgetAcknowledgement): void {
    if (!this.limits) return;
    const problem = this.isAcknowledged
      ? PricingError.about('acknowledge', 'must be called once, got a second call', 'Remove one of the two.')
      : acknowledgementProblem(acknowledgement, { ...this.limits, today: today(this) });
    this.isAcknowledged ||= problem === undefined;
    if (problem) {
      refuseInput(this, problem);
      return;
    }
    const { reason, owner, maxMonthlyUsd, expires } = acknowledgement;
    if (this.limits.entry) this.limits.entry.acknowledgement = { reason, owner, maxMonthlyUsd: toText(decimal(maxMonthlyUsd)), expires };
    outdateEvaluations(this);
  }

  /**
   * Adds a CloudWatch dashboard.
   *
   * It shows the cost of today, the month-to-date cost and the limit, the cost by resource and by model, tokens, prices, and the ends of
   * commitments. It costs $3.00 a month, unless it is one of the first three of the account, and $0.30 a month for the metric of each
   * resource.
   *
   * @param props the name of the dashboard
   * @throws if the method was called before
   */
  public addDashboard(props: BudgetDashboardProps = {}): Dashboard {
    if (this.shown) throw new Error(`${this.node.path}: the CostBudget already has a dashboard. Call addDashboard() once.`);
    const accepted = acceptArguments(this, 'addDashboard', { props }, { props: DASHBOARD_SHAPE }) ? props : {};
    // Without estimates, there are no metrics to show.
    if (!this.monitoring) return new Dashboard(this, 'Dashboard', { dashboardName: accepted.dashboardName });
    this.shown = new BudgetDashboard(this, 'Dashboard', this.monitoring.scope, accepted);
    return this.shown.dashboard;
  }

  /**
   * The cost since the start of the month (UTC) in US dollars: the maximum over an hour by default.
   *
   * The month-to-date function publishes it at each `countInterval`, if the budget covers usage that can be counted. The value grows until
   * the end of the month, so statistics such as `Sum` have no meaning.
   *
   * @param props the options of the metric
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/publishingMetrics.html
   */
  public metricMonthToDateUsd(props?: MetricOptions): Metric {
    return this.metricOf(MetricName.MONTH_TO_DATE, props);
  }

  /**
   * The forecast cost of the month in US dollars: the maximum over an hour by default.
   *
   * It is published with `metricMonthToDateUsd`: the cost of the month to date, and a repetition of the recurring week for the rest of the
   * month. The recurring week has, for each day, the smaller of its amounts in the last two weeks.
   *
   * @param props the options of the metric
   */
  public metricForecastUsd(props?: MetricOptions): Metric {
    return this.metricOf(MetricName.FORECAST, props);
  }

  private metricOf(metricName: string, props?: MetricOptions): Metric {
    return new Metric({
      namespace: NAMESPACE,
      metricName,
      dimensionsMap: { [Dimension.BUDGET]: this.metricsName },
      statistic: Stats.MAXIMUM,
      period: Duration.hours(1),
      ...metricOptions(this, props),
    }).attachTo(this);
  }

  /** The accepted props. If props are refused, the budget is created with a limit of no consequence, and the synthesis fails. */
  private acceptedProps(props: CostBudgetProps): { readonly accepted: CostBudgetProps; readonly isAllowed: boolean } {
    const { accepted, isAccepted } = acceptProps(this, props, BUDGET_SHAPES);
    const problem = isAccepted ? inputProblem(accepted, thisMonth(this)) : undefined;
    if (problem) refuseInput(this, problem);
    if (isAccepted && !problem) return { accepted, isAllowed: true };
    const { covers, notificationTopic } = accepted;
    const topic = notificationTopic?.fifo ? undefined : notificationTopic;
    return { accepted: { monthlyLimitUsd: LIMIT_OF_REFUSED_PROPS, covers, notificationTopic: topic }, isAllowed: false };
  }

  /** The monitors after the deployment, with their detection delays and their own costs. */
  private monitors({ anomalyThresholdUsd }: CostBudgetProps): RegisteredMonitor[] {
    return [
      ...this.monitoring?.monitor.monitors() ?? [],
      ...(isMissingType(this, 'AWS::Budgets::Budget') ? [] : [registeredMonitor(this, 'AWS Budgets', '8 to 12 hours; its forecast needs five weeks of bills', new RunningCost())]),
      ...(anomalyThresholdUsd === undefined || isMissingType(this, 'AWS::CE::AnomalyMonitor') ? [] : [registeredMonitor(this, 'AWS Cost Anomaly Detection', 'about a day; not for models from AWS Marketplace, such as Claude', new RunningCost())]),
      ...this.monitoring?.stop.monitors() ?? [],
      ...this.shown?.monitors() ?? [],
    ];
  }

  /**
   * Reports violations of the budget, each in one way:
   * - by the validation plugin: WARN and ACKNOWLEDGEABLE;
   * - by a validation of the construct tree: BLOCK; every error in an app without a top-level stack, where plain `cdk synth` selects no
   *   stack and drops violations of the plugin; and errors that CDK would suppress because of an acknowledgement that does not apply to
   *   them, such as one on a single covered construct.
   */
  private enforce(entry: BudgetEntry, enforcement: BudgetEnforcement): void {
    recordBudget(entry);
    this.node.addValidation({
      validate: () => {
        // Refused input already fails the synthesis, and is the cause of the unknown cost.
        if (entriesBelow(entry.covers).some(({ isRefused }) => isRefused)) return [];
        const finding = isEnforced(this) ? budgetEvaluation(entry).finding : undefined;
        if (finding?.severity !== 'error') return [];
        const { message: { id }, text, fix } = finding;
        const isBlocked = enforcement === BudgetEnforcement.BLOCK;
        const unused = ruleAcknowledgements(entry, id);
        if (!isBlocked && unused.length === 0 && hasTopLevelStack(this)) return [];
        reportRefusal(this);
        const why = isBlocked ? 'BLOCK accepts none; use ACKNOWLEDGEABLE'
          : entry.acknowledgement ? 'acknowledge() of the budget sets the ceiling'
            : `it is not on the budget, nor on ${entry.covers.node.path || 'the app'}, which the budget covers`;
        const withoutEffect = unused.map((rule) => `the acknowledgement of ${rule.id} on ${rule.construct.node.path || 'the app'} has no effect: ${why}`);
        return [[`${id}: ${text}`, ...(text.includes(fix) ? [] : [fix]), ...withoutEffect].join('\n  ')];
      },
    });
    attachCustomSynthesis(this, {
      onSynthesize: () => {
        const { finding } = budgetEvaluation(entry);
        // The summary has the status of a budget that is near its limit. Acknowledgements are printed even if the summary is off.
        const isPrinted = finding?.message.id !== MESSAGES.budgetNear.id || hasDetails(this);
        if (finding?.severity === 'info' && isPrinted) annotationsOf(this).addInfoV2(finding.message.id, finding.text);
        if (this.monitoring) this.warnOfStops(this.monitoring, entry.source);
      },
    });
  }

  /** Warns of stop actions that have no effect. Called at synthesis, when all constructs are known. */
  private warnOfStops({ scope, stop }: Monitoring, source: BudgetEntry['source']): void {
    const { path } = this.node;
    once(registryOf(this), `stops:${this.node.addr}`, () => {
      if (stop.isArmed && !scope.isCounting) {
        addFinding(this, MESSAGES.stopWatchesNothing, `none of the costs covered by ${path} can be counted, so its stop actions never start`, source);
      }
      for (const role of stop.withoutRoom) {
        addFinding(this, MESSAGES.roleWithoutRoom, `${role.node.path} has ${MAX_MANAGED_POLICIES} managed policies or more, so IAM may refuse to attach the deny policy when ${path} is exceeded`, source);
      }
      for (const throughput of stop.unrecordable) {
        addFinding(this, MESSAGES.stopDoesNotReach, `the stop actions of ${path} do not delete ${throughput}: its tags are too long to be recorded for buying it again`, source, 'use fewer or shorter tags, or acknowledge it and delete it by other means');
      }
      const { unreached } = stop;
      if (unreached.length === 0) return;
      const more = unreached.length - NAMED_MAX;
      addFinding(this, MESSAGES.stopDoesNotReach, `the stop actions of ${path} do not reach ${unreached.slice(0, NAMED_MAX).join(', ')}`
        + `${more > 0 ? ` and ${more} more` : ''}: their use continues when the budget is exceeded`, source,
      'grant invocations with grantInvoke, create jobs and throughput with the constructs of this library, or acknowledge it and stop them by other means');
    });
  }
}

/** True if plain `cdk synth` selects a stack: one that is in no nested stage. */
function hasTopLevelStack(construct: IConstruct): boolean {
  const { root } = construct.node;
  return !Stage.isStage(root) || topLevelStack(root) !== undefined;
}

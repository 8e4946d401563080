import { Duration, Stack, Token } from 'aws-cdk-lib';
import { ConcreteWidget, Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { BudgetScope } from './scope/budget-scope';
import { isMetered, meteredIds } from './scope/meter';
import { BEDROCK_NAMESPACE, BedrockMetric, largestOf, metricNames, MODEL_ID } from '../aws/metrics';
import { CostEntry, RegisteredMonitor } from '../estimates/registry';
import { registeredMonitor, RunningCost } from '../estimates/running-cost';
import { Dimension, MetricName, NAMESPACE } from '../lambda/month-to-date/contract';
import { formatUnitPrice, formatUsd } from '../pricing/format';

/** The properties of a budget's dashboard. */
export interface BudgetDashboardProps {
  /**
   * The name of the dashboard: letters, digits, hyphens and underscores.
   * @default - made by CloudFormation
   */
  readonly dashboardName?: string;
}

const WIDTH = 24;
const HEIGHT = 6;

/** A widget whose contents are only known at synth: constructs may be added after the dashboard. */
class LateWidget extends ConcreteWidget {
  constructor(private readonly type: 'metric' | 'text', width: number, height: number, private readonly properties: () => object) {
    super(width, height);
  }

  public toJson(): object[] {
    return [{ type: this.type, width: this.width, height: this.height, x: this.x, y: this.y, properties: this.properties() }];
  }
}

/** The dashboard of a budget: cost against the limit, by resource and by model, tokens, prices, and commitments. */
export class BudgetDashboard extends Construct {
  public readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, private readonly budget: BudgetScope, props: BudgetDashboardProps) {
    super(scope, id);
    budget.addDashboard();
    this.dashboard = new Dashboard(this, 'Resource', { dashboardName: props.dashboardName, defaultInterval: Duration.days(35) });
    this.dashboard.addWidgets(this.numbers(6), this.month(WIDTH - 6));
    this.dashboard.addWidgets(this.spendBy('resource', Dimension.RESOURCE, WIDTH / 2), this.spendBy('model', Dimension.MODEL, WIDTH / 2));
    this.dashboard.addWidgets(this.tokens(WIDTH / 2), this.prices(WIDTH / 2));
    this.dashboard.addWidgets(this.commitments(WIDTH / 2), this.daysLeft(WIDTH / 2));
  }

  public monitors(): RegisteredMonitor[] {
    return [registeredMonitor(this, 'dashboard', 'minutes', new RunningCost().add('cloudwatch-dashboard', 1, 'dashboard'))];
  }

  private numbers(width: number): LateWidget {
    return new LateWidget('metric', width, HEIGHT, () => ({
      title: 'US dollars',
      view: 'singleValue',
      region: this.region,
      stat: 'Maximum',
      period: 86_400,
      metrics: [
        [{ expression: 'IF(DIFF(spent) < 0, spent, DIFF(spent))', label: 'spent today (UTC)', id: 'today' }],
        [...this.ofBudget(MetricName.MONTH_TO_DATE), { id: 'spent', label: 'spent this month' }],
        [...this.ofBudget(MetricName.FORECAST), { label: 'forecast for the month' }],
      ],
    }));
  }

  private month(width: number): LateWidget {
    const { limit, plannedLimitsUsd } = this.budget.settings;
    return new LateWidget('metric', width, HEIGHT, () => ({
      title: `This month against the limit of ${this.budget.path}`,
      view: 'timeSeries',
      region: this.region,
      stat: 'Maximum',
      period: 3600,
      yAxis: { left: { min: 0, label: 'US dollars', showUnits: false } },
      metrics: [
        [...this.ofBudget(MetricName.MONTH_TO_DATE), { label: 'spent this month' }],
        [...this.ofBudget(MetricName.FORECAST), { label: 'forecast' }],
        ...(plannedLimitsUsd ? [[...this.ofBudget(MetricName.LIMIT), { label: 'limit of the month' }]] : []),
      ],
      ...(plannedLimitsUsd ? {} : { annotations: { horizontal: [{ label: `limit ${formatUsd(limit)}`, value: limit.toNumber() }] } }),
    }));
  }

  /** A search, since resources change, and the names of resources in other stacks are unknown here. */
  private spendBy(what: string, dimension: string, width: number): LateWidget {
    return new LateWidget('metric', width, HEIGHT, () => ({
      title: `Spent this month, by ${what}`,
      view: 'timeSeries',
      stacked: true,
      region: this.region,
      yAxis: { left: { min: 0, label: 'US dollars', showUnits: false } },
      metrics: this.budget.regions.map((region, i) => [{
        expression: `SEARCH('{${NAMESPACE},${SERIES.map((name) => `"${name}"`).join(',')}} MetricName="${MetricName.MONTH_TO_DATE}" ${Dimension.BUDGET}="${this.budget.name}"', 'Maximum', 3600)`,
        id: `search${i}`,
        region,
        label: `\${PROP('Dim.${dimension}')}`,
      }]),
    }));
  }

  /** The tokens of profiles of this stack, and of models that are called directly. The names of other profiles are unknown here. */
  private tokens(width: number): LateWidget {
    return new LateWidget('metric', width, HEIGHT, () => ({
      title: 'Tokens and images an hour',
      view: 'timeSeries',
      region: this.region,
      stat: 'Sum',
      period: 3600,
      metrics: this.budget.entries.filter(isMetered).flatMap((entry, e) => {
        const { construct, tokenMetrics: { modelId, prices } } = entry;
        if (!this.isNamedHere(construct, modelId)) return [];
        const { region } = Stack.of(construct);
        return prices.flatMap(({ metric }, p) => (
          rowsOf(metric, meteredIds(entry), `e${e}p${p}`, { region, label: `${construct.node.path} ${metric}` })));
      }),
    }));
  }

  private prices(width: number): LateWidget {
    return new LateWidget('text', width, HEIGHT, () => ({
      markdown: table(['resource', 'counted', 'price'], this.budget.entries.flatMap((entry) => pricesOf(entry))),
    }));
  }

  private commitments(width: number): LateWidget {
    return new LateWidget('text', width, HEIGHT, () => {
      const rows = this.budget.entries.flatMap(({ construct, estimate, commitment }) => (commitment === undefined ? []
        : [[construct.node.path, `${commitment.months} month${commitment.months === 1 ? '' : 's'}`, estimate.commitmentUsd === null ? 'unknown' : formatUsd(estimate.commitmentUsd)]]));
      return { markdown: `## Commitments that cannot be cancelled\n${rows.length === 0 ? 'none' : table(['resource', 'term', 'cost of the term; it renews itself'], rows)}` };
    });
  }

  private daysLeft(width: number): LateWidget {
    return new LateWidget('metric', width, HEIGHT, () => ({
      title: 'Days until a commitment ends, and renews itself',
      view: 'singleValue',
      region: this.region,
      metrics: this.budget.regions.map((region, i) => [{
        expression: `SEARCH('{${NAMESPACE},"${Dimension.BUDGET}","${Dimension.RESOURCE}"} MetricName="${MetricName.COMMITMENT_DAYS_LEFT}" ${Dimension.BUDGET}="${this.budget.name}"', 'Maximum', 86400)`,
        id: `days${i}`,
        region,
        label: `\${PROP('Dim.${Dimension.RESOURCE}')}`,
      }]),
    }));
  }

  private get region(): string {
    return Stack.of(this).region;
  }

  private ofBudget(metricName: string): string[] {
    return [NAMESPACE, metricName, Dimension.BUDGET, this.budget.name];
  }

  private isNamedHere(construct: CostEntry['construct'], modelId: string): boolean {
    return Stack.of(construct) === Stack.of(this) || !Token.isUnresolved(modelId);
  }
}

/** The dimensions of a resource's metric, in the order in which a search names them. */
const SERIES = [Dimension.BUDGET, Dimension.STACK, Dimension.RESOURCE, Dimension.MODEL, Dimension.METER];

/** The rows of one count in a widget: a metric, or the hidden metrics of an expression that adds them up. */
function rowsOf(
  metric: BedrockMetric, modelIds: readonly string[], id: string, shown: { readonly region: string; readonly label: string },
): unknown[] {
  const names = metricNames(metric);
  const idOfRow = (m: number, n: number) => `${id}m${m}n${n}`;
  if (names.length * modelIds.length === 1) return [[BEDROCK_NAMESPACE, metric, MODEL_ID, modelIds[0], shown]];
  const expression = modelIds.map((_, m) => largestOf(names.map((__, n) => idOfRow(m, n)))).join(' + ');
  return [
    [{ expression, id, ...shown }],
    ...modelIds.flatMap((modelId, m) => names.map((name, n) => (
      [BEDROCK_NAMESPACE, name, MODEL_ID, modelId, { id: idOfRow(m, n), region: shown.region, visible: false }]))),
  ];
}

function pricesOf({ construct, tokenMetrics, throughput, batchJobs }: CostEntry): string[][] {
  const { path } = construct.node;
  return [
    ...(tokenMetrics?.prices ?? []).map(({ metric, usdPerMillion }) => [path, metric, `${formatUnitPrice(usdPerMillion)} per million`]),
    ...(throughput?.usdPerModelUnitHour === undefined ? [] : [[path, 'model unit hours', `${formatUnitPrice(throughput.usdPerModelUnitHour)} per hour`]]),
    ...(batchJobs?.prices ? [
      [path, 'input tokens (batch)', `${formatUnitPrice(batchJobs.prices.usdPerMillionInput)} per million`],
      [path, 'output tokens (batch)', `${formatUnitPrice(batchJobs.prices.usdPerMillionOutput)} per million`],
    ] : []),
  ];
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  return [titles, titles.map(() => '---'), ...rows].map((cells) => `| ${cells.map((cell) => cell.replace(/\|/g, '\\|')).join(' | ')} |`).join('\n');
}

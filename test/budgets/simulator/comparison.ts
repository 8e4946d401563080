import { budgetOver, budgetsOverOne, LIMIT_USD } from './budget-template';
import { Comparison, runScenarios } from './report';
import { Scenario } from './scenarios';
import { MetricAlarm, readAlarms, TemplateAlarms } from './template-alarms';
import { MetricName } from '../../../src/lambda/month-to-date/contract';

/** A budget over one profile, whose alarms read its 6 token metrics. */
export const overOne = readAlarms(budgetOver(1));
/** A budget over two profiles: 12 token metrics are too many for one alarm. */
export const overTwo = readAlarms(budgetOver(2));
/** Two budgets over one profile each, which one function counts. */
export const twoBudgets = readAlarms(budgetsOverOne(2));

/** Every burn-rate alarm fires within two days, or never. */
const BURN_RATE_MINUTES = 2 * 1_440;

/** The alarms on burn rates alone. */
export function onlyBurnRates(alarms: TemplateAlarms): TemplateAlarms {
  return { ...alarms, metricAlarms: alarms.metricAlarms.filter(isBurnRate) };
}

function isBurnRate({ metrics }: MetricAlarm): boolean {
  return [...metrics.values()].every(({ namespace, metricName }) => namespace === 'AWS/Bedrock' || metricName === MetricName.BURN_RATIO);
}

/**
 * Runs scenarios with alarms on token metrics, and on published metrics.
 *
 * @param firstRuns other minutes at which the function may run, as it does with an interval that does not divide the hour
 */
export function compare(scenarios: readonly Scenario[], firstRuns: readonly number[]): Comparison {
  const over = scenarios.filter(({ target }) => target);
  return {
    tokens: runScenarios(overOne, LIMIT_USD, scenarios),
    published: [overTwo, twoBudgets].flatMap((alarms) => runScenarios(alarms, LIMIT_USD, scenarios)),
    shifted: firstRuns.flatMap((firstRun) => over.flatMap((scenario) => (
      runScenarios(onlyBurnRates(overTwo), LIMIT_USD, [scenario], { firstRun, ends: (scenario.begins ?? 0) + BURN_RATE_MINUTES })))),
  };
}

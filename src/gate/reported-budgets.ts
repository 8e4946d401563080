import { acceptanceEffect, isLapsed } from './acceptance';
import { BudgetEvaluation, evaluateBudget } from './budget-evaluation';
import { BudgetJudgement, BudgetRules, defaultOnMissingPrice, isCovered, judgeBudget } from './budget-status';
import { AcknowledgementJson, BudgetJson, ReportJson, ResourceJson } from '../cost-report/report-json';
import { decimal } from '../pricing/decimal';

export interface EvaluationOptions {
  /** Behavior for an unknown cost, which overrides the policies of the budgets. */
  readonly onMissingPrice?: string;
  /** Day as YYYY-MM-DD, which may be later than that of synth; without it, the last days of acknowledgements are ignored. */
  readonly today?: string;
}

/** Evaluates the budgets of a report, as synth does. */
export function evaluateReportedBudgets(report: ReportJson, { onMissingPrice, today }: EvaluationOptions = {}): BudgetEvaluation[] {
  const { budgets, resources, severities = {} } = report;
  return budgets.map((budget) => {
    const { path, covers = '', limitUsd, enforcement } = budget;
    const rules = { enforcement, onMissingPrice: (onMissingPrice ?? budget.onMissingPrice ?? defaultOnMissingPrice(enforcement)).toUpperCase() };
    const judgement = judgeReported(budget, resources);
    const acknowledgement = judgedAcknowledgement(budget, judgement, rules, today);
    return evaluateBudget({ path, covers, limitUsd, ...rules, acknowledgement, severities: budget.severities ?? severities }, judgement, today);
  });
}

/** Judges a budget of a report from its resources again, because a report that contradicts itself must not pass. */
function judgeReported(budget: BudgetJson, resources: readonly ResourceJson[]): BudgetJudgement {
  const { path, covers, limitUsd, estimatedUsd } = budget;
  const limit = decimal(limitUsd);
  const found = judgeBudget(limit, resources.filter((resource) => isCovered(resource.path, budget)));
  const stated = decimal(estimatedUsd);
  const known = covers !== undefined && found.known.cmp(stated) > 0 ? found.known : stated;
  const isOver = budget.status === 'over' || known.cmp(limit) > 0;
  const isUnknown = budget.status === 'unknown' || (covers !== undefined && (found.unknown.length > 0 || found.covered === 0));
  const status = isOver ? 'over' : isUnknown ? 'unknown' : covers === undefined || budget.status === 'near' ? budget.status : found.status;
  const isUnexplained = status === 'unknown' && found.covered > 0 && found.unknown.length === 0;
  const unknown = isUnexplained ? [{ path, reason: 'the report states that a cost is unknown', fix: 'synthesize the app again' }] : found.unknown;
  return { ...found, status, known, unknown };
}

/** Returns the applicable acknowledgement: none if it did not apply at synth, or applied to another status. A lapsed one is still named. */

function judgedAcknowledgement(
  { acknowledged, acknowledgement = null, status }: BudgetJson, judgement: BudgetJudgement, rules: BudgetRules, today: string | undefined,
): AcknowledgementJson | null {
  const heldAtSynth = acknowledged && status === judgement.status;
  return heldAtSynth || isLapsed(acceptanceEffect(acknowledgement, judgement, rules, today)) ? acknowledgement : null;
}

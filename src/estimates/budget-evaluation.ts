import { IConstruct } from 'constructs';
import { RuleAcknowledgement, ruleAcknowledgement } from './acknowledgement';
import { givenSeverities } from './findings';
import { BudgetEntry, coveredCost, entriesBelow, EntryEvaluation, isBelow, priceEntries, registryOf } from './registry';
import { today } from './settings';
import { AcknowledgementJson } from '../cost-report/report-json';
import { BudgetFinding, evaluateBudget, judgementMessage } from '../gate/budget-evaluation';
import { judgeBudget } from '../gate/budget-status';
import { decimal } from '../pricing/decimal';

/** The evaluations of the budgets of an app that are still part of the tree. */
export function budgetEvaluations(root: IConstruct): EntryEvaluation[] {
  return registryOf(root).budgets.filter(({ construct }) => isBelow(construct, root)).map(budgetEvaluation);
}

/**
 * The evaluation of a budget, by its costs as they are now. Computed once in a synthesis (`beginSynthesis`), where Aspects
 * have run and `Lazy` values are known; before one, each time, since constructs may be added after the budget.
 */
export function budgetEvaluation(entry: BudgetEntry): EntryEvaluation {
  // First: what it prices outdates the evaluations.
  priceEntries(entry.covers);
  const { evaluations } = registryOf(entry.construct);
  const evaluation = evaluations?.get(entry) ?? evaluate(entry);
  evaluations?.set(entry, evaluation);
  return evaluation;
}

function evaluate(entry: BudgetEntry): EntryEvaluation {
  const { construct, covers, limitUsd, enforcement, onMissingPrice } = entry;
  const judgement = judgeBudget(decimal(limitUsd), entriesBelow(covers).map(coveredCost));
  // acknowledge() of the budget, where it was called, since that has a ceiling; else CDK's acknowledgement.
  const rule = entry.acknowledgement ? undefined : ruleAcknowledgement(entry, judgementMessage(judgement).id);
  const budget = {
    path: construct.node.path,
    covers: covers.node.path,
    limitUsd,
    enforcement,
    onMissingPrice,
    acknowledgement: entry.acknowledgement ?? (rule ? acknowledgementOf(rule) : null),
    severities: givenSeverities(construct),
  };
  return { ...evaluateBudget(budget, judgement, today(construct)), entry, acknowledgedAt: rule?.construct };
}

function acknowledgementOf({ reason }: RuleAcknowledgement): AcknowledgementJson {
  return { reason, owner: null, maxMonthlyUsd: null, expires: null };
}

/** A finding that CDK suppresses because of `Validations.acknowledge`, and the construct that this was called on. */
export interface SuppressedFinding extends BudgetFinding {
  readonly acknowledgedAt: IConstruct;
}

/** The finding that CDK suppresses; undefined where it suppresses none. */
export function suppressedFinding({ effect, unaccepted, acknowledgedAt }: EntryEvaluation): SuppressedFinding | undefined {
  if (acknowledgedAt === undefined || effect !== 'accepted' || unaccepted === undefined || unaccepted.severity === 'info') return undefined;
  return { ...unaccepted, acknowledgedAt };
}

import { AcceptanceEffect, acceptanceEffect, acceptedText, isLapsed, lapsedFix, lapsedText, LOWER_THE_COST } from './acceptance';
import { BudgetJudgement, BudgetRules, severityOfJudgement, UnknownCost } from './budget-status';
import { AcknowledgementJson, SeveritiesJson } from '../cost-report/report-json';
import { sentence } from '../input/sentence';
import { MessageDefinition, MESSAGES, Severity } from '../messages';
import { Decimal, decimal, ZERO } from '../pricing/decimal';
import { formatUsd, formatUsdApart } from '../pricing/format';

/** Maximum number of unknown costs that a message names. */
const UNKNOWN_MAX = 5;

/** A budget at synth or in a report. */
export interface EvaluatedBudget extends BudgetRules {
  readonly path: string;
  /** Path of the construct whose costs count towards the limit; empty for the app. */
  readonly covers: string;
  readonly limitUsd: string;
  /** The acknowledgement, valid or not; null without one. */
  readonly acknowledgement: AcknowledgementJson | null;
  /** Severities of messages that the context of the app sets. */
  readonly severities: SeveritiesJson;
}

/**
 * Evaluation of a budget, which synth, the report, the summary and `check` print.
 *
 * It consists of plain data and functions, since copies of this library share it.
 */
export interface BudgetEvaluation {
  readonly budget: EvaluatedBudget;
  readonly judgement: BudgetJudgement;
  readonly effect: AcceptanceEffect;
  /** Finding, with the acknowledgement applied; undefined if the budget is ok, or if the context switches the message off. */
  readonly finding?: BudgetFinding;
  /** Finding before a valid acceptance, which CDK lists as suppressed; undefined like `finding`. */
  readonly unaccepted?: BudgetFinding;
}

/** Part of the app that a budget covers, from the view of the stack that a finding names. */
export type CoveredPart = 'this stack' | 'a stage of this app';

/** Finding of a budget on the screen, in the validation, in the report and in `check`. */
export interface BudgetFinding {
  readonly message: MessageDefinition;
  readonly severity: Severity;
  /** Finding in one sentence. */
  readonly headline: string;
  /** Largest costs and unknown costs, one line for each. */
  readonly details: readonly string[];
  /** Headline, followed by the details. */
  readonly text: string;
  /** Line for a stack that the budget covers and is not in, or for a stage whose stacks plain `cdk synth` does not select. */
  readonly brief: (covered: CoveredPart) => string;
  /** Change that ends the finding. */
  readonly fix: string;
}

/** Parts of a finding, which `findingOf` renders as whole sentences. */
interface FindingTexts extends Pick<BudgetFinding, 'fix'> {
  readonly headline: string;
  readonly details?: readonly string[];
  /** @default - the headline with the covered part */
  readonly brief?: BudgetFinding['brief'];
}

/**
 * Evaluates a budget, given the judgement of its costs.
 *
 * @param today the day as YYYY-MM-DD; undefined to ignore the last day of an acknowledgement
 */
export function evaluateBudget(budget: EvaluatedBudget, judgement: BudgetJudgement, today: string | undefined): BudgetEvaluation {
  const effect = acceptanceEffect(budget.acknowledgement, judgement, budget, today);
  // If a cost is unknown, a budget with an accepted overrun fails because it cannot be checked.
  const stated = effect === 'incomplete' ? { ...judgement, status: 'unknown' as const } : judgement;
  const severity = severityOfJudgement(stated, budget);
  if (severity === undefined) return { budget, judgement, effect };
  const texts = findingTexts(budget, stated, effect, today);
  const unaccepted = findingOf(budget, judgementMessage(stated), severity, texts);
  const isAccepted = effect === 'accepted' && unaccepted !== undefined && unaccepted.severity !== 'info';
  return { budget, judgement, effect, unaccepted, finding: isAccepted ? acceptedFinding(budget, texts.headline) : unaccepted };
}

/** Returns the message of a judgement without an acceptance. */
export function judgementMessage({ status, covered }: Pick<BudgetJudgement, 'status' | 'covered'>): MessageDefinition {
  if (status === 'near') return MESSAGES.budgetNear;
  if (status !== 'unknown') return MESSAGES.budgetExceeded;
  return covered > 0 ? MESSAGES.budgetIncomplete : MESSAGES.budgetCoversNothing;
}

/** Returns the finding of a valid acceptance: the first sentence of the finding, the owner, the ceiling and the last day. */
function acceptedFinding(budget: EvaluatedBudget, headline: string): BudgetFinding | undefined {
  const message = MESSAGES.budgetAccepted;
  const text = `${headline}; ${acceptedText(budget.acknowledgement!)}`;
  return findingOf(budget, message, message.severity, { headline: text, brief: (covered) => `${text}; it covers ${covered}`, fix: message.fix });
}

/** Renders the finding in whole sentences; undefined if the context switches its message off. */
function findingOf({ severities }: EvaluatedBudget, message: MessageDefinition, own: Severity, texts: FindingTexts): BudgetFinding | undefined {
  const severity = severities[message.id] ?? own;
  if (severity === 'off') return undefined;
  const { headline, details = [], fix, brief = (covered) => `${headline}, which covers ${covered}` } = texts;
  return {
    message,
    severity,
    headline: sentence(headline),
    details,
    text: sentence([headline, ...details.map((line) => `  ${line}`)].join('\n')),
    brief: (covered) => sentence(brief(covered)),
    fix: sentence(fix),
  };
}

function findingTexts(budget: EvaluatedBudget, judgement: BudgetJudgement, effect: AcceptanceEffect, today: string | undefined): FindingTexts {
  const texts = judgementTexts(budget, judgement, effect);
  const { acknowledgement } = budget;
  return acknowledgement !== null && isLapsed(effect) ? lapsedTexts(texts, acknowledgement, judgement.known, today) : texts;
}

/** Renders the texts of a judgement. The details must be sufficient without the report, which does not exist after a refusal with BLOCK. */
function judgementTexts(budget: EvaluatedBudget, judgement: BudgetJudgement, effect: AcceptanceEffect): FindingTexts {
  const { path, covers, enforcement } = budget;
  const { status, covered, unknown, largest } = judgement;
  const { fix } = judgementMessage(judgement);
  if (status === 'over') {
    const unknownLines = unknown.length > 0 ? ['and these costs are unknown, not $0:', ...unknownCostLines(unknown)] : [];
    return { headline: exceededText(budget, judgement.known), details: [...largest, ...unknownLines], fix: exceededFix(enforcement) };
  }
  if (status === 'near') return { headline: nearText(budget, judgement.known), fix };
  if (covered === 0) return { headline: `${path} cannot be checked: ${covers || 'the app'} has no priced construct`, fix };
  const fixes = [...new Set(unknown.map((cost) => cost.fix))];
  return {
    headline: incompleteText(budget, judgement, effect),
    details: unknownCostLines(unknown),
    // The explanation is printed once, for the budget. If its stack is not selected, the report has the text.
    brief: (part) => `${path}, which covers ${part}, cannot be checked; see ${path} in bedrock-cost-report.md`,
    fix: fixes.length === 1 ? fixes[0] : fix,
  };
}

function exceededText({ path, limitUsd }: EvaluatedBudget, known: Decimal): string {
  const [estimate, limit] = formatUsdApart(known, limitUsd);
  return `${estimate} a month is ${formatUsd(known.minus(decimal(limitUsd)))} over the limit of ${limit} of ${path}`;
}

/** Returns the changes that end the finding of an exceeded budget. BLOCK accepts no acknowledgement. */
function exceededFix(enforcement: string): string {
  const isBlock = enforcement.toUpperCase() === 'BLOCK';
  return isBlock ? `${LOWER_THE_COST}, or raise monthlyLimitUsd` : `${LOWER_THE_COST}, raise monthlyLimitUsd, or accept it with acknowledge()`;
}

function nearText({ path, limitUsd }: EvaluatedBudget, known: Decimal): string {
  // Rounded down: 99.9 % must not be shown as 100 %.
  const share = Math.floor(known.times(decimal(100)).div(decimal(limitUsd)).toNumber());
  const [estimate, limit] = formatUsdApart(known, limitUsd);
  return `${estimate} a month is ${share} % of the limit of ${limit} of ${path}`;
}

/** Renders the known costs, the limit, and the number of unknown costs. */
function incompleteText(budget: EvaluatedBudget, { known, covered, unknown }: BudgetJudgement, effect: AcceptanceEffect): string {
  const { path, limitUsd, acknowledgement } = budget;
  const amount = known.cmp(ZERO) === 0 ? 'no cost is known' : `only ${formatUsd(known)} a month is known`;
  const acceptedUsd = effect === 'incomplete' ? acknowledgement?.maxMonthlyUsd : undefined;
  const accepted = acceptedUsd ? `, up to ${formatUsd(acceptedUsd)} is accepted` : '';
  const resources = new Set(unknown.map((cost) => cost.path)).size;
  return `${path} cannot be checked: ${amount}, the limit is ${formatUsd(limitUsd)}${accepted}, and the cost of ${resources} of ${covered} resources is unknown, not $0`;
}

function lapsedTexts(texts: FindingTexts, acknowledgement: AcknowledgementJson, known: Decimal, today: string | undefined): FindingTexts {
  const { headline, details } = texts;
  const lapsed = lapsedText(acknowledgement, known, today);
  return {
    headline: `${headline}; ${lapsed}`,
    details,
    brief: (covered) => `${headline}, which covers ${covered}; ${lapsed}`,
    fix: lapsedFix(acknowledgement, known, today),
  };
}

/** Renders each unknown cost with the change that makes it known. */
function unknownCostLines(unknown: readonly UnknownCost[]): string[] {
  const reasons = new Map<string, string[]>();
  for (const { path, reason, fix } of unknown) {
    const key = JSON.stringify([path, fix]);
    reasons.set(key, [...reasons.get(key) ?? [], reason]);
  }
  const lines = [...reasons].map(([key, of]) => {
    const [path, fix] = JSON.parse(key) as [string, string];
    return `${path}: ${[...new Set(of)].join('; ')}. To make it known: ${fix}`;
  });
  const more = lines.length - UNKNOWN_MAX;
  return more <= 0 ? lines : [...lines.slice(0, UNKNOWN_MAX), `and ${more} more`];
}

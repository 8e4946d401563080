import { AcceptanceEffect, acceptanceEffect, acceptedText, isLapsed, lapsedFix, lapsedText, LOWER_THE_COST } from './acceptance';
import { BudgetJudgement, BudgetRules, severityOfJudgement, UnknownCost } from './budget-status';
import { AcknowledgementJson, SeveritiesJson } from '../cost-report/report-json';
import { sentence } from '../input/sentence';
import { MessageDefinition, MESSAGES, Severity } from '../messages';
import { Decimal, decimal, ZERO } from '../pricing/decimal';
import { formatUsd, formatUsdApart } from '../pricing/format';

/** How many unknown costs a message names. */
const UNKNOWN_MAX = 5;

/** A budget, as synth knows it and as a report states it. */
export interface EvaluatedBudget extends BudgetRules {
  readonly path: string;
  /** The path of the construct whose costs count; empty for the app. */
  readonly covers: string;
  readonly limitUsd: string;
  /** The acknowledgement that is judged, whether it holds or not; null without one. */
  readonly acknowledgement: AcknowledgementJson | null;
  /** The severities that the context of the app gives messages. */
  readonly severities: SeveritiesJson;
}

/**
 * The evaluation of a budget: all that synth, the report, the summary and `check` state about it.
 *
 * Plain data and functions, since copies of this library share it.
 */
export interface BudgetEvaluation {
  readonly budget: EvaluatedBudget;
  readonly judgement: BudgetJudgement;
  readonly effect: AcceptanceEffect;
  /** The finding, with the acknowledgement applied; undefined where all is well, or where the context switches the message off. */
  readonly finding?: BudgetFinding;
  /** The finding without an acceptance that holds, which CDK lists as suppressed; undefined as `finding`. */
  readonly unaccepted?: BudgetFinding;
}

/** The part of the app that a budget covers, as seen from the stack that a finding names. */
export type CoveredPart = 'this stack' | 'a stage of this app';

/** The finding of a budget: on screen, in the validation, in the report and in `check`. */
export interface BudgetFinding {
  readonly message: MessageDefinition;
  readonly severity: Severity;
  /** The finding in one sentence. */
  readonly headline: string;
  /** The largest costs and the unknown ones, a line each. */
  readonly details: readonly string[];
  /** The headline with the details below it. */
  readonly text: string;
  /** One line for a stack that the budget is not in: it covers the stack, or a stage whose stacks plain `cdk synth` does not select. */
  readonly brief: (covered: CoveredPart) => string;
  /** The change that ends the finding. */
  readonly fix: string;
}

/** The parts of a finding that `findingOf` makes whole sentences of. */
interface FindingTexts extends Pick<BudgetFinding, 'fix'> {
  readonly headline: string;
  readonly details?: readonly string[];
  /** @default - the headline with the covered part */
  readonly brief?: BudgetFinding['brief'];
}

/**
 * Evaluates a budget whose costs are judged.
 *
 * @param today the day as YYYY-MM-DD; undefined where no day is known, so that the last day of an acknowledgement is not judged
 */
export function evaluateBudget(budget: EvaluatedBudget, judgement: BudgetJudgement, today: string | undefined): BudgetEvaluation {
  const effect = acceptanceEffect(budget.acknowledgement, judgement, budget, today);
  // An accepted overrun beside which a cost is unknown fails as a budget that cannot be checked.
  const stated = effect === 'incomplete' ? { ...judgement, status: 'unknown' as const } : judgement;
  const severity = severityOfJudgement(stated, budget);
  if (severity === undefined) return { budget, judgement, effect };
  const texts = findingTexts(budget, stated, effect, today);
  const unaccepted = findingOf(budget, judgementMessage(stated), severity, texts);
  const isAccepted = effect === 'accepted' && unaccepted !== undefined && unaccepted.severity !== 'info';
  return { budget, judgement, effect, unaccepted, finding: isAccepted ? acceptedFinding(budget, texts.headline) : unaccepted };
}

/** The message of a judgement without an acceptance. */
export function judgementMessage({ status, covered }: Pick<BudgetJudgement, 'status' | 'covered'>): MessageDefinition {
  if (status === 'near') return MESSAGES.budgetNear;
  if (status !== 'unknown') return MESSAGES.budgetExceeded;
  return covered > 0 ? MESSAGES.budgetIncomplete : MESSAGES.budgetCoversNothing;
}

/** An acceptance that holds: the first sentence of the finding, and who accepts it, up to which sum and until when. */
function acceptedFinding(budget: EvaluatedBudget, headline: string): BudgetFinding | undefined {
  const message = MESSAGES.budgetAccepted;
  const text = `${headline}; ${acceptedText(budget.acknowledgement!)}`;
  return findingOf(budget, message, message.severity, { headline: text, brief: (covered) => `${text}; it covers ${covered}`, fix: message.fix });
}

/** The finding in whole sentences; undefined where the context switches its message off. */
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

/** The details are few, but enough to act on: a refusal with BLOCK leaves no report behind. */
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
    // Explained once, for the budget; where its stack is not selected, the report has the text.
    brief: (part) => `${path}, which covers ${part}, cannot be checked; see ${path} in bedrock-cost-report.md`,
    fix: fixes.length === 1 ? fixes[0] : fix,
  };
}

function exceededText({ path, limitUsd }: EvaluatedBudget, known: Decimal): string {
  const [estimate, limit] = formatUsdApart(known, limitUsd);
  return `${estimate} a month is ${formatUsd(known.minus(decimal(limitUsd)))} over the limit of ${limit} of ${path}`;
}

/** The changes that end the finding of an exceeded budget. BLOCK takes no acknowledgement. */
function exceededFix(enforcement: string): string {
  const isBlock = enforcement.toUpperCase() === 'BLOCK';
  return isBlock ? `${LOWER_THE_COST}, or raise monthlyLimitUsd` : `${LOWER_THE_COST}, raise monthlyLimitUsd, or accept it with acknowledge()`;
}

function nearText({ path, limitUsd }: EvaluatedBudget, known: Decimal): string {
  // Never rounded up: 99.9 % is not yet all of it.
  const share = Math.floor(known.times(decimal(100)).div(decimal(limitUsd)).toNumber());
  const [estimate, limit] = formatUsdApart(known, limitUsd);
  return `${estimate} a month is ${share} % of the limit of ${limit} of ${path}`;
}

/** The estimate as far as it is known, the limit, and how much is unknown. */
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

/** Each unknown cost with the change that makes it known. */
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

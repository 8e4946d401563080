import { givenSeverity } from './findings';
import { BudgetEntry, BudgetVerdict } from './registry';
import { budgetIncompleteText, exceededFix, severityOfJudgement, unknownCostLines } from '../gate/budget-status';
import { Severity } from '../gate/report-json';
import { MessageDefinition, MESSAGES } from '../messages';
import { decimal } from '../pricing/decimal';
import { formatUsd, formatUsdApart } from '../pricing/format';
import { sentence } from '../pricing/sentence';

/** The finding of a budget: on screen, in the validation, and in the report. */
export interface BudgetFinding {
  readonly message: MessageDefinition;
  readonly severity: Severity;
  readonly text: string;
  /** The first line of the text, as far as it makes sense on its own. */
  readonly short: string;
  /** The change that ends the finding. */
  readonly fix: string;
}

/**
 * Computed from the verdict, late: constructs may be added after the budget. Undefined when all is well, or when the
 * app has switched the message off.
 */
export function budgetFinding(entry: BudgetEntry): BudgetFinding | undefined {
  const verdict = entry.judge();
  const own = severityOfJudgement(verdict, verdict);
  if (own === undefined) return undefined;
  const message = messageOf(verdict);
  const severity = givenSeverity(entry.construct, message.id) ?? own;
  if (severity === 'off') return undefined;
  const { text, short, fix } = textOf(entry.construct.node.path, entry.covers.node.path, verdict, message);
  return { message, severity, short, text: sentence(text), fix: sentence(fix) };
}

/** The message of a judgement, which is acknowledged by its id. */
export function messageOf({ status, covered }: Pick<BudgetVerdict, 'status' | 'covered'>): MessageDefinition {
  if (status === 'over') return MESSAGES.budgetExceeded;
  if (status === 'near') return MESSAGES.budgetNear;
  return covered > 0 ? MESSAGES.budgetIncomplete : MESSAGES.budgetCoversNothing;
}

/** The details are few, but have to be enough to act on: a refusal with BLOCK leaves no report behind. */
function textOf(path: string, covers: string, verdict: BudgetVerdict, { fix }: MessageDefinition): Omit<BudgetFinding, 'message' | 'severity'> {
  const { status, covered, unknown, largest } = verdict;
  const text = (short: string, details: readonly string[] = []) => ({ short, text: [short, ...details.map((line) => `  ${line}`)].join('\n'), fix });
  if (status === 'over') {
    const unknownLines = unknown.length > 0 ? ['and these costs are unknown, not $0:', ...unknownCostLines(unknown)] : [];
    return { ...text(exceeded(path, verdict), [...largest, ...unknownLines]), fix: exceededFix(verdict.enforcement) };
  }
  if (status === 'near') return text(near(path, verdict));
  if (covered === 0) return text(`${path} cannot be checked: ${covers || 'the app'} has no priced construct`);
  const fixes = [...new Set(unknown.map((cost) => cost.fix))];
  const short = budgetIncompleteText(path, verdict.limitUsd, { ...verdict, known: decimal(verdict.estimatedUsd) });
  return { ...text(short, unknownCostLines(unknown)), fix: fixes.length === 1 ? fixes[0] : fix };
}

function exceeded(path: string, { limitUsd, estimatedUsd }: BudgetVerdict): string {
  const excess = decimal(estimatedUsd).minus(decimal(limitUsd));
  const [estimate, limit] = formatUsdApart(estimatedUsd, limitUsd);
  return `${estimate} a month is ${formatUsd(excess)} over the limit of ${limit} of ${path}`;
}

function near(path: string, { limitUsd, estimatedUsd }: BudgetVerdict): string {
  // Never rounded up: 99.9 % is not yet all of it.
  const share = Math.floor(decimal(estimatedUsd).times(decimal(100)).div(decimal(limitUsd)).toNumber());
  const [estimate, limit] = formatUsdApart(estimatedUsd, limitUsd);
  return `${estimate} a month is ${share} % of the limit of ${limit} of ${path}`;
}

import { IConstruct } from 'constructs';
import { BudgetAcceptance, budgetAcceptance, ruleOf } from './acknowledgement';
import { givenSeverity } from './findings';
import { BudgetEntry, BudgetVerdict } from './registry';
import { today } from './settings';
import { AcknowledgementJson } from '../cost-report/report-json';
import { acceptedText, lapsedFix, lapsedText } from '../gate/acceptance';
import { budgetIncompleteText, exceededFix, severityOfJudgement, unknownCostLines } from '../gate/budget-status';
import { sentence } from '../input/sentence';
import { MessageDefinition, MESSAGES, Severity } from '../messages';
import { decimal } from '../pricing/decimal';
import { formatUsd, formatUsdApart } from '../pricing/format';

/** The part of the app that is covered, as seen from the stack that a finding names. */
export type CoveredPart = 'this stack' | 'a stage of this app';

/** The finding of a budget: on screen, in the validation, and in the report. */
export interface BudgetFinding {
  readonly message: MessageDefinition;
  readonly severity: Severity;
  readonly text: string;
  /** One line for a stack that the budget is not in: it covers the stack, or a stage whose stacks plain `cdk synth` does not select. */
  readonly brief: (covered: CoveredPart) => string;
  /** The change that ends the finding. */
  readonly fix: string;
}

/**
 * Computed from the verdict, late: constructs may be added after the budget. Undefined when all is well, or when the
 * app has switched the message off. A finding that is accepted is information about who accepted it, and up to which sum.
 */
export function budgetFinding(entry: BudgetEntry): BudgetFinding | undefined {
  const verdict = entry.judge();
  const acceptance = budgetAcceptance(entry, verdict);
  const { effect, acknowledgement } = acceptance;
  const found = judgedFinding(entry, verdict, acceptance);
  if (!found) return undefined;
  if (!acknowledgement || effect !== 'accepted' || found.severity === 'info') return inSentences(found);
  const message = MESSAGES.budgetAccepted;
  const severity = givenSeverity(entry.construct, message.id) ?? message.severity;
  const text = `${found.text.split('\n')[0]}; ${acceptedText(acknowledgement)}`;
  return severity === 'off' ? undefined : inSentences({ message, severity, text, brief: (covered) => `${text}; it covers ${covered}`, fix: message.fix });
}

/** The finding that CDK suppresses because of `Validations.acknowledge`. */
export function suppressedFinding(entry: BudgetEntry): (BudgetFinding & { readonly acknowledgedAt: IConstruct }) | undefined {
  const verdict = entry.judge();
  const acceptance = budgetAcceptance(entry, verdict);
  const found = acceptance.rule && acceptance.effect === 'accepted' ? judgedFinding(entry, verdict, acceptance) : undefined;
  return found && found.severity !== 'info' ? { ...inSentences(found), acknowledgedAt: acceptance.rule!.construct } : undefined;
}

function inSentences(finding: BudgetFinding): BudgetFinding {
  const { text, brief, fix } = finding;
  return { ...finding, text: sentence(text), brief: (covered) => sentence(brief(covered)), fix: sentence(fix) };
}

/** The finding of a judgement that nobody accepts. */
function judgedFinding(entry: BudgetEntry, verdict: BudgetVerdict, { effect, acknowledgement }: BudgetAcceptance): BudgetFinding | undefined {
  const judged: BudgetVerdict = effect === 'incomplete' ? { ...verdict, status: 'unknown' } : verdict;
  const own = severityOfJudgement(judged, judged);
  if (own === undefined) return undefined;
  const message = judged.status === 'near' ? MESSAGES.budgetNear : ruleOf(judged);
  const severity = givenSeverity(entry.construct, message.id) ?? own;
  if (severity === 'off') return undefined;
  const found = textOf(entry.construct.node.path, entry.covers.node.path, judged, message, acknowledgement);
  if (!acknowledgement || (effect !== 'expired' && effect !== 'outgrown')) return { message, severity, ...found };
  const [first, ...details] = found.text.split('\n');
  const [known, day] = [decimal(verdict.estimatedUsd), today(entry.construct)];
  const lapsed = `; ${lapsedText(acknowledgement, known, day)}`;
  return { message, severity, text: [`${first}${lapsed}`, ...details].join('\n'), brief: (covered) => `${found.brief(covered)}${lapsed}`, fix: lapsedFix(acknowledgement, known, day) };
}

/** The details are few, but have to be enough to act on: a refusal with BLOCK leaves no report behind. */
function textOf(
  path: string, covers: string, verdict: BudgetVerdict, { fix }: MessageDefinition, acknowledgement?: AcknowledgementJson,
): Omit<BudgetFinding, 'message' | 'severity'> {
  const { status, covered, unknown, largest } = verdict;
  const text = (first: string, details: readonly string[] = [], brief: BudgetFinding['brief'] = (part) => `${first}, which covers ${part}`) =>
    ({ brief, text: [first, ...details.map((line) => `  ${line}`)].join('\n'), fix });
  if (status === 'over') {
    const unknownLines = unknown.length > 0 ? ['and these costs are unknown, not $0:', ...unknownCostLines(unknown)] : [];
    return { ...text(exceeded(path, verdict), [...largest, ...unknownLines]), fix: exceededFix(verdict.enforcement) };
  }
  if (status === 'near') return text(near(path, verdict));
  if (covered === 0) return text(`${path} cannot be checked: ${covers || 'the app'} has no priced construct`);
  const fixes = [...new Set(unknown.map((cost) => cost.fix))];
  const known = decimal(verdict.estimatedUsd);
  const acceptedUsd = known.cmp(decimal(verdict.limitUsd)) > 0 ? acknowledgement?.maxMonthlyUsd : null;
  const first = budgetIncompleteText(path, verdict.limitUsd, { ...verdict, known }, acceptedUsd);
  // Explained once, for the budget; where its stack is not selected, the report has the text.
  const brief = (part: CoveredPart) => `${path}, which covers ${part}, cannot be checked; see ${path} in bedrock-cost-report.md`;
  return { ...text(first, unknownCostLines(unknown), brief), fix: fixes.length === 1 ? fixes[0] : fix };
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

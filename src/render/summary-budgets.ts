import { oneLine } from './sanitize';
import { INDENT, Mood, SummaryLine, SummaryOptions, widest } from './summary-line';
import { alignColumns, cutStart, textWidth } from './text-table';
import { BudgetJson, ReportJson } from '../cost-report/report-json';
import { isCovered, unknownCosts } from '../gate/budget-status';
import { MESSAGES } from '../messages';
import { Decimal, decimal, ZERO } from '../pricing/decimal';
import { formatUsd, formatUsdApart } from '../pricing/format';

const PATH_MIN = 8;

/** The verdicts, the worst first. */
const VERDICTS: { readonly [verdict: string]: { readonly rank: number; readonly mood: Mood } } = {
  over: { rank: 0, mood: 'bad' },
  unknown: { rank: 1, mood: 'bad' },
  accepted: { rank: 3, mood: 'warning' },
  near: { rank: 4, mood: 'warning' },
  ok: { rank: 5, mood: 'good' },
};
/** Verdicts that fail nothing come after those that do. */
const RANK_OF_WARNING = 2;

/** The findings of a budget that is over its limit or unknown. */
const BUDGET_IDS: readonly string[] = [
  MESSAGES.budgetExceeded, MESSAGES.budgetIncomplete, MESSAGES.budgetCoversNothing, MESSAGES.budgetAccepted,
].map(({ id }) => id);

interface JudgedBudget {
  readonly budget: BudgetJson;
  readonly verdict: string;
  /** True where the synthesis fails because of it. */
  readonly fails: boolean;
  readonly excess: Decimal;
  /** The amounts, in forms of less and less detail. */
  readonly forms: readonly string[];
  readonly acceptance: readonly SummaryLine[];
}

/**
 * Every budget with its verdict, the worst first; an accepted overrun with its ceiling, last day, owner and reason.
 *
 * @param max number of lines at most; those that are left out are counted
 */
export function budgetLines(report: ReportJson, options: SummaryOptions, max: number): SummaryLine[] {
  const { stages, width, isEnforced } = options;
  if (report.budgets.length === 0) return [];
  const judged = report.budgets.map((budget) => judgedBudget(budget, report, isEnforced))
    .sort((a, b) => rankOf(a) - rankOf(b) || b.excess.cmp(a.excess));
  const ofStages = stageLines(judged, stages, width);
  const room = max - 1 - ofStages.length;
  let taken = 0;
  // The last line is left for the number of those that are not shown.
  const shown = judged.filter(({ acceptance }, i) => (taken += 1 + acceptance.length) <= (i === judged.length - 1 ? room : room - 1));
  const rest = judged.filter((budget) => !shown.includes(budget));
  return [
    { text: 'Budgets' },
    ...rowsOf(shown, width).flatMap((text, i): SummaryLine[] => [{ text, mood: moodOf(shown[i]) }, ...shown[i].acceptance]),
    ...(rest.length > 0 ? [{ text: `${INDENT}and ${rest.length} more: ${verdictCounts(rest)}` }] : []),
    ...ofStages,
  ];
}

function judgedBudget(budget: BudgetJson, report: ReportJson, isEnforced: boolean): JudgedBudget {
  const findings = report.findings.filter(({ id, path }) => path === budget.path && BUDGET_IDS.includes(id));
  const error = findings.find(({ severity }) => severity === 'error');
  const isAcknowledged = budget.acknowledged && (budget.status === 'over' || budget.status === 'unknown');
  const isAccepted = isAcknowledged && error === undefined;
  // An accepted overrun, beside which other costs are unknown.
  const isIncomplete = isAcknowledged && error?.id === MESSAGES.budgetIncomplete.id;
  const fails = isEnforced && error !== undefined;
  const enforcement = isEnforced && findings.some(({ severity }) => severity === 'warning') ? 'warns only' : 'not enforced';
  return {
    budget,
    verdict: isAccepted ? 'accepted' : isIncomplete ? 'unknown' : budget.status,
    fails,
    excess: decimal(budget.estimatedUsd).minus(decimal(budget.limitUsd)),
    forms: isIncomplete ? incompleteForms(budget, report) : amountForms(budget, report, isAccepted || fails ? [] : [enforcement]),
    acceptance: isAcknowledged ? acceptanceLines(budget) : [],
  };
}

function rankOf({ verdict, fails }: JudgedBudget): number {
  const { rank } = VERDICTS[verdict];
  return rank < RANK_OF_WARNING && !fails ? RANK_OF_WARNING : rank;
}

function moodOf({ verdict, fails }: JudgedBudget): Mood {
  const { mood } = VERDICTS[verdict];
  return mood === 'bad' && !fails ? 'warning' : mood;
}

/** Details give way first, then the path; an amount is cut in no line of a usual width. */
function rowsOf(shown: readonly JudgedBudget[], width: number): string[] {
  const room = width - INDENT.length * 3 - widest(shown.map(({ verdict }) => verdict));
  const texts = shown.map(({ forms }) => forms.find((form) => textWidth(form) <= room - PATH_MIN) ?? forms.at(-1)!);
  const pathWidth = Math.max(PATH_MIN, Math.min(room - widest(texts), Math.floor(width / 2)));
  return alignColumns([{}, {}, {}], shown.map(({ budget: { path }, verdict }, i) => [verdict, cutStart(oneLine(path), pathWidth), texts[i]]))
    .map((row) => INDENT + row);
}

function amountForms(budget: BudgetJson, report: ReportJson, enforcement: readonly string[]): string[] {
  const [estimate, limit] = [decimal(budget.estimatedUsd), decimal(budget.limitUsd)];
  const [shownEstimate, shownLimit] = formatUsdApart(estimate, limit);
  const amounts = `${shownEstimate} of ${shownLimit}`;
  const withEnforcement = (...parts: readonly string[]) => [...parts, ...enforcement].join(', ');
  switch (budget.status) {
    case 'over': {
      const excess = `${formatUsd(estimate.minus(limit))} over`;
      return [withEnforcement(amounts, excess), withEnforcement(amounts), withEnforcement(excess), excess];
    }
    case 'unknown': {
      const known = estimate.cmp(ZERO) > 0 ? `at least ${amounts}` : `limit ${shownLimit}`;
      return [withEnforcement(known, ...unknownReason(budget, report)), withEnforcement(known), known];
    }
    case 'near':
    case 'ok': return [`${amounts} (${shareDown(estimate, limit)} %)`, amounts, shownEstimate];
  }
}

/** An overrun that would be accepted if the other costs were known. */
function incompleteForms(budget: BudgetJson, report: ReportJson): string[] {
  const amounts = formatUsdApart(budget.estimatedUsd, budget.limitUsd).join(' of ');
  return [[`at least ${amounts}`, ...unknownReason(budget, report)].join(', '), `at least ${amounts}`, ...unknownReason(budget, report)];
}

/** The part of the covered costs that is unknown, in a few words. */
function unknownReason(budget: BudgetJson, { resources }: ReportJson): string[] {
  const covered = resources.filter(({ path }) => isCovered(path, budget));
  const unknown = covered.filter((resource) => unknownCosts(resource).length > 0);
  if (covered.length === 0) return ['covers no priced construct'];
  if (unknown.length === 0) return [];
  if (unknown.every(({ regionAssumed }) => regionAssumed)) return ['the stack has no region'];
  return [`${unknown.length} of ${covered.length} costs unknown`];
}

/** In percent with a digit, rounded down: below the limit is never 100 %. */
function shareDown(part: Decimal, whole: Decimal): string {
  const tenths = Math.floor(part.times(decimal(1000)).div(whole).toNumber());
  return (tenths / 10).toString();
}

/** The amount and the day before the reason, which may be long. */
function acceptanceLines({ acknowledgement }: BudgetJson): SummaryLine[] {
  if (!acknowledgement) return [];
  const { reason, owner, maxMonthlyUsd, expires } = acknowledgement;
  const text = [
    maxMonthlyUsd ? `up to ${formatUsd(maxMonthlyUsd)}` : 'no ceiling',
    ...(expires ? [`until ${expires}`] : []),
    ...(owner ? [owner] : []),
    JSON.stringify(reason),
  ].join(', ');
  return [{ text: `${INDENT.repeat(2)}${text}`, mood: 'warning' }];
}

function verdictCounts(judged: readonly JudgedBudget[]): string {
  const counts = Object.keys(VERDICTS).flatMap((verdict) => {
    const number = judged.filter((budget) => budget.verdict === verdict).length;
    return number === 0 ? [] : [`${number} ${verdict}`];
  });
  const failing = judged.filter(({ fails }) => fails).length;
  const warning = judged.filter(({ verdict, fails }) => VERDICTS[verdict].mood === 'bad' && !fails).length;
  return `${counts.join(', ')}${warning > 0 ? ` (${failing} fail)` : ''}`;
}

/** Plain `cdk synth` selects no stack of a nested stage. Budgets of stages are judged all the same, and counted here. */
function stageLines(judged: readonly JudgedBudget[], stages: readonly string[], width: number): SummaryLine[] {
  const isIn = (path: string, stage: string) => path === stage || path.startsWith(`${stage}/`);
  // The innermost stage of each budget.
  const inside = [...stages].sort((a, b) => b.length - a.length);
  const stageOf = ({ budget: { path, covers = path } }: JudgedBudget) => inside.find((stage) => isIn(path, stage) || isIn(covers, stage));
  const checked = judged.filter((budget) => stageOf(budget) !== undefined);
  if (checked.length === 0) return [];
  const named = stages.filter((stage) => checked.some((budget) => stageOf(budget) === stage)).map(oneLine);
  const text = (names: readonly string[]) => {
    const more = named.length - names.length;
    const list = [...names, ...(more > 0 ? [`${more}${names.length > 0 ? ' more' : ''}`] : [])].join(', ');
    return `${INDENT}budgets in ${named.length === 1 ? 'stage' : 'stages'} ${list} were checked: ${verdictCounts(checked)}`;
  };
  const fitting = named.map((_, i) => text(named.slice(0, named.length - i))).find((line) => textWidth(line) <= width);
  return [{ text: fitting ?? text([]) }];
}

import { oneLine } from './sanitize';
import { INDENT, Mood, SummaryLine, SummaryOptions, widest } from './summary-line';
import { alignColumns, cutStart } from './text-table';
import { BudgetJson, ReportJson } from '../gate/report-json';
import { MESSAGES } from '../messages';
import { Decimal, decimal } from '../pricing/decimal';
import { formatUsd } from '../pricing/format';

const STAGES_MAX = 5;
const PATH_MIN = 8;

/** The verdicts, the worst first. */
const VERDICTS: { readonly [verdict: string]: { readonly rank: number; readonly mood: Mood } } = {
  over: { rank: 0, mood: 'bad' },
  unknown: { rank: 1, mood: 'bad' },
  accepted: { rank: 2, mood: 'warning' },
  near: { rank: 3, mood: 'warning' },
  ok: { rank: 4, mood: 'good' },
};

interface JudgedBudget {
  readonly budget: BudgetJson;
  readonly verdict: string;
  readonly text: string;
  readonly acceptance: readonly SummaryLine[];
}

/**
 * Every budget with its verdict, the worst first; an accepted overrun with its ceiling, last day, owner and reason.
 *
 * @param max number of lines at most; those that are left out are counted
 */
export function budgetLines(report: ReportJson, { stages, width }: SummaryOptions, max: number): SummaryLine[] {
  if (report.budgets.length === 0) return [];
  const judged = report.budgets.map((budget): JudgedBudget => ({
    budget, verdict: verdictOf(budget), text: budgetText(budget, report), acceptance: acceptanceLines(budget),
  })).sort((a, b) => VERDICTS[a.verdict].rank - VERDICTS[b.verdict].rank);
  const ofStages = stageLines(judged, stages);
  const room = max - 1 - ofStages.length;
  let taken = 0;
  // The last line is left for the number of those that are not shown.
  const shown = judged.filter(({ acceptance }, i) => (taken += 1 + acceptance.length) <= (i === judged.length - 1 ? room : room - 1));
  // The path gives way: an amount is never cut.
  const others = INDENT.length * 3 + widest(shown.map(({ verdict }) => verdict)) + widest(shown.map(({ text }) => text));
  const pathWidth = Math.max(PATH_MIN, Math.min(width - others, Math.floor(width / 2)));
  const rows = alignColumns([{}, {}, {}], shown.map(({ budget: { path }, verdict, text }) => [verdict, cutStart(oneLine(path), pathWidth), text]));
  const rest = judged.filter((budget) => !shown.includes(budget));
  return [
    { text: 'Budgets' },
    ...shown.flatMap(({ verdict, acceptance }, i): SummaryLine[] => [{ text: INDENT + rows[i], mood: VERDICTS[verdict].mood }, ...acceptance]),
    ...(rest.length > 0 ? [{ text: `${INDENT}and ${rest.length} more: ${verdictCounts(rest.map(({ verdict }) => verdict))}` }] : []),
    ...ofStages,
  ];
}

function verdictOf({ status, acknowledged }: BudgetJson): string {
  return acknowledged && (status === 'over' || status === 'unknown') ? 'accepted' : status;
}

function budgetText({ path, limitUsd, estimatedUsd, status, enforcement }: BudgetJson, { findings }: ReportJson): string {
  const [limit, estimate] = [decimal(limitUsd), decimal(estimatedUsd)];
  const amounts = `${formatUsd(estimate)} of ${formatUsd(limit)}`;
  switch (status) {
    case 'over': return `${amounts}, ${formatUsd(estimate.minus(limit))} over${enforcement.toUpperCase() === 'WARN' ? ', warns only' : ''}`;
    case 'unknown':
      return findings.some((finding) => finding.id === MESSAGES.budgetCoversNothing.id && finding.path === path)
        ? `covers no priced construct; limit ${formatUsd(limit)}` : `at least ${amounts}`;
    case 'near':
    case 'ok': return `${amounts} (${shareDown(estimate, limit)} %)`;
  }
}

/** In percent with a digit, rounded down: below the limit is never 100 %. */
function shareDown(part: Decimal, whole: Decimal): string {
  const tenths = Math.floor(part.times(decimal(1000)).div(whole).toNumber());
  return (tenths / 10).toString();
}

function acceptanceLines(budget: BudgetJson): SummaryLine[] {
  if (verdictOf(budget) !== 'accepted' || !budget.acknowledgement) return [];
  const { reason, owner, maxMonthlyUsd, expires } = budget.acknowledgement;
  const text = [
    maxMonthlyUsd ? `up to ${formatUsd(maxMonthlyUsd)}` : 'no ceiling',
    ...(expires ? [`until ${expires}`] : []),
    ...(owner ? [owner] : []),
    JSON.stringify(reason),
  ].join(', ');
  return [{ text: `${INDENT.repeat(2)}${text}`, mood: 'warning' }];
}

function verdictCounts(verdicts: readonly string[]): string {
  return Object.keys(VERDICTS).flatMap((verdict) => {
    const number = verdicts.filter((one) => one === verdict).length;
    return number === 0 ? [] : [`${number} ${verdict}`];
  }).join(', ');
}

/** Plain `cdk synth` selects no stack of a nested stage, so what it says at its end is not about their budgets. */
function stageLines(judged: readonly JudgedBudget[], stages: readonly string[]): SummaryLine[] {
  const isIn = (path: string, stage: string) => path === stage || path.startsWith(`${stage}/`);
  const checked = judged.filter(({ budget: { path, covers = path } }) => stages.some((stage) => isIn(path, stage) || isIn(covers, stage)));
  const named = stages.filter((stage) => checked.some(({ budget: { path, covers = path } }) => isIn(path, stage) || isIn(covers, stage)));
  if (checked.length === 0) return [];
  const more = named.length - STAGES_MAX;
  const names = more > 0 ? `${named.slice(0, STAGES_MAX).join(', ')} and ${more} more` : named.join(', ');
  const subject = named.length === 1 ? `stage ${names}` : `stages ${names}`;
  return [{ text: `${INDENT}budgets in ${subject} were checked: ${verdictCounts(checked.map(({ verdict }) => verdict))}` }];
}

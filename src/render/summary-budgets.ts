import { oneLine } from './sanitize';
import { INDENT, Mood, SummaryLine, SummaryOptions, widest } from './summary-line';
import { MonitoringByBudget, monitoringLine, monitoringOfAllLine } from './summary-monitoring';
import { alignColumns, cutStart, textWidth } from './text-table';
import { BudgetEvaluation } from '../gate/budget-evaluation';
import { BudgetJudgement } from '../gate/budget-status';
import { MESSAGES } from '../messages';
import { Decimal, decimal, ZERO } from '../pricing/decimal';
import { formatUsd, formatUsdApart } from '../pricing/format';

const PATH_MIN = 8;

/** Verdicts, the worst first. */
const VERDICTS: { readonly [verdict: string]: { readonly rank: number; readonly mood: Mood } } = {
  over: { rank: 0, mood: 'bad' },
  unknown: { rank: 1, mood: 'bad' },
  accepted: { rank: 3, mood: 'warning' },
  near: { rank: 4, mood: 'warning' },
  ok: { rank: 5, mood: 'good' },
};
/** Added to the rank of verdicts that do not fail the synthesis, which are listed after those that do. */
const RANK_OF_WARNING = 2;

/** A budget in the summary. */
interface ShownBudget {
  readonly path: string;
  readonly covers: string;
  readonly verdict: string;
  /** True if the synthesis fails because of it. */
  readonly fails: boolean;
  readonly excess: Decimal;
  /** Forms of the amounts, in decreasing detail. */
  readonly forms: readonly string[];
  /** Lines below its row. */
  readonly notes: readonly SummaryLine[];
}

/** Number of lines for budgets. */
export interface BudgetRoom {
  /** Maximum. Budgets that are left out are counted. */
  readonly max: number;
  /** Number of lines that the rows of resources and stacks do not need; `max` or less. */
  readonly spare: number;
}

/**
 * Renders every budget with its verdict, the worst first. An accepted overrun has its ceiling, last day, owner and reason. A notable cost
 * of monitoring has a line for each budget if there are spare lines for all of them, otherwise one line for all budgets.
 */
export function budgetLines(
  evaluations: readonly BudgetEvaluation[], monitoring: MonitoringByBudget, options: SummaryOptions, { max, spare }: BudgetRoom,
): SummaryLine[] {
  const { stages, width, isEnforced } = options;
  if (evaluations.length === 0) return [];
  const judged = evaluations.map((evaluation) => shownBudget(evaluation, isEnforced))
    .sort((a, b) => rankOf(a) - rankOf(b) || b.excess.cmp(a.excess));
  const ofStages = stageLines(judged, stages, width);
  const withMonitoring = judged.map((budget) => withMonitoringNote(budget, monitoring, width));
  const isEachShown = 1 + sumOf(withMonitoring.map(({ notes }) => 1 + notes.length)) + ofStages.length <= spare;
  const ofMonitoring = isEachShown || monitoring.size === 0 ? [] : [monitoringOfAllLine([...monitoring.values()], width)];
  const budgets = isEachShown ? withMonitoring : judged;
  const room = max - 1 - ofMonitoring.length - ofStages.length;
  let taken = 0;
  // The last line is reserved for the number of budgets that are not shown.
  const shown = budgets.filter(({ notes }, i) => (taken += 1 + notes.length) <= (i === budgets.length - 1 ? room : room - 1));
  const rest = budgets.filter((budget) => !shown.includes(budget));
  return [
    { text: 'Budgets' },
    ...rowsOf(shown, width).flatMap((text, i): SummaryLine[] => [{ text, mood: moodOf(shown[i]) }, ...shown[i].notes]),
    ...(rest.length > 0 ? [{ text: `${INDENT}and ${rest.length} more: ${verdictCounts(rest)}` }] : []),
    ...ofMonitoring,
    ...ofStages,
  ];
}

function withMonitoringNote(budget: ShownBudget, monitoring: MonitoringByBudget, width: number): ShownBudget {
  const costly = monitoring.get(budget.path);
  return costly === undefined ? budget : { ...budget, notes: [...budget.notes, monitoringLine(costly, width)] };
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function shownBudget(evaluation: BudgetEvaluation, isEnforced: boolean): ShownBudget {
  const { budget: { path, covers, limitUsd }, judgement, effect, finding } = evaluation;
  const isError = finding?.severity === 'error';
  const isAcknowledged = effect === 'accepted' || effect === 'incomplete';
  const isAccepted = isAcknowledged && !isError;
  // An accepted overrun of a budget whose other costs are unknown.
  const isIncomplete = isAcknowledged && isError && finding.message.id === MESSAGES.budgetIncomplete.id;
  const fails = isEnforced && isError;
  const enforcement = isEnforced && finding?.severity === 'warning' ? 'warns only' : 'not enforced';
  return {
    path,
    covers,
    verdict: isAccepted ? 'accepted' : isIncomplete ? 'unknown' : judgement.status,
    fails,
    excess: judgement.known.minus(decimal(limitUsd)),
    forms: isIncomplete ? incompleteForms(evaluation) : amountForms(evaluation, isAccepted || fails ? [] : [enforcement]),
    notes: isAcknowledged ? acceptanceLines(evaluation) : [],
  };
}

function rankOf({ verdict, fails }: ShownBudget): number {
  const { rank } = VERDICTS[verdict];
  return rank < RANK_OF_WARNING && !fails ? RANK_OF_WARNING : rank;
}

function moodOf({ verdict, fails }: ShownBudget): Mood {
  const { mood } = VERDICTS[verdict];
  return mood === 'bad' && !fails ? 'warning' : mood;
}

/** Renders the rows. Details are shortened first, then the path. An amount is not cut in lines of a usual width. */
function rowsOf(shown: readonly ShownBudget[], width: number): string[] {
  const room = width - INDENT.length * 3 - widest(shown.map(({ verdict }) => verdict));
  const texts = shown.map(({ forms }) => forms.find((form) => textWidth(form) <= room - PATH_MIN) ?? forms.at(-1)!);
  const pathWidth = Math.max(PATH_MIN, Math.min(room - widest(texts), Math.floor(width / 2)));
  return alignColumns([{}, {}, {}], shown.map(({ path, verdict }, i) => [verdict, cutStart(oneLine(path), pathWidth), texts[i]]))
    .map((row) => INDENT + row);
}

function amountForms({ budget, judgement }: BudgetEvaluation, enforcement: readonly string[]): string[] {
  const { status, known } = judgement;
  const limit = decimal(budget.limitUsd);
  const [shownKnown, shownLimit] = formatUsdApart(known, limit);
  const amounts = `${shownKnown} of ${shownLimit}`;
  const withEnforcement = (...parts: readonly string[]) => [...parts, ...enforcement].join(', ');
  switch (status) {
    case 'over': {
      const excess = `${formatUsd(known.minus(limit))} over`;
      return [withEnforcement(amounts, excess), withEnforcement(amounts), withEnforcement(excess), excess];
    }
    case 'unknown': {
      const least = known.cmp(ZERO) > 0 ? `at least ${amounts}` : `limit ${shownLimit}`;
      return [withEnforcement(least, ...unknownReason(judgement)), withEnforcement(least), least];
    }
    case 'near':
    case 'ok': return [`${amounts} (${shareDown(known, limit)} %)`, amounts, shownKnown];
  }
}

/** Forms of an overrun that would be accepted if the other costs were known. */
function incompleteForms({ budget: { limitUsd }, judgement }: BudgetEvaluation): string[] {
  const amounts = formatUsdApart(judgement.known, limitUsd).join(' of ');
  const reason = unknownReason(judgement);
  return [[`at least ${amounts}`, ...reason].join(', '), `at least ${amounts}`, ...reason];
}

/** Forms of the unknown part of the covered costs. */
function unknownReason({ covered, unknown }: BudgetJudgement): string[] {
  if (covered === 0) return ['covers no priced construct'];
  if (unknown.length === 0) return [];
  if (unknown.every(({ isRegionAssumed }) => isRegionAssumed)) return ['the stack has no region'];
  return [`${new Set(unknown.map(({ path }) => path)).size} of ${covered} costs unknown`];
}

/** Renders a percentage with one decimal, rounded down: a cost below the limit is never shown as 100 %. */
function shareDown(part: Decimal, whole: Decimal): string {
  const tenths = Math.floor(part.times(decimal(1000)).div(whole).toNumber());
  return (tenths / 10).toString();
}

/** Renders an acceptance: the amount and the day before the reason, which may be long. */
function acceptanceLines({ budget: { acknowledgement } }: BudgetEvaluation): SummaryLine[] {
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

function verdictCounts(judged: readonly ShownBudget[]): string {
  const counts = Object.keys(VERDICTS).flatMap((verdict) => {
    const number = judged.filter((budget) => budget.verdict === verdict).length;
    return number === 0 ? [] : [`${number} ${verdict}`];
  });
  const failing = judged.filter(({ fails }) => fails).length;
  const warning = judged.filter(({ verdict, fails }) => VERDICTS[verdict].mood === 'bad' && !fails).length;
  return `${counts.join(', ')}${warning > 0 ? ` (${failing} fail)` : ''}`;
}

/** Renders the number of judged budgets in nested stages, whose stacks plain `cdk synth` does not select. */
function stageLines(judged: readonly ShownBudget[], stages: readonly string[], width: number): SummaryLine[] {
  const isIn = (path: string, stage: string) => path === stage || path.startsWith(`${stage}/`);
  // The innermost stage of each budget.
  const inside = [...stages].sort((a, b) => b.length - a.length);
  const stageOf = ({ path, covers }: ShownBudget) => inside.find((stage) => isIn(path, stage) || isIn(covers, stage));
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

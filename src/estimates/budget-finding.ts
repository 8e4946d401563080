import { givenSeverity } from './findings';
import { BudgetEntry, BudgetVerdict } from './registry';
import { Severity } from '../gate/report-json';
import { MessageDefinition, MESSAGES } from '../messages';
import { decimal } from '../pricing/decimal';
import { formatUsd } from '../pricing/format';

/** What a budget has to say: on screen, to the validation, and in the report. */
export interface BudgetFinding {
  readonly message: MessageDefinition;
  readonly severity: Severity;
  readonly text: string;
  /** The first line of the text, as far as it makes sense on its own. */
  readonly short: string;
}

/**
 * Computed from the verdict, late: constructs may be added after the budget. Undefined when all is well, or when the
 * app has switched the message off.
 */
export function budgetFinding(entry: BudgetEntry): BudgetFinding | undefined {
  const said = findingOf(entry);
  const severity = said && (givenSeverity(entry.construct, said.message.id) ?? said.severity);
  return said === undefined || severity === undefined || severity === 'off' ? undefined : { ...said, severity };
}

function findingOf({ construct, judge }: BudgetEntry): BudgetFinding | undefined {
  const verdict = judge();
  const { path } = construct.node;
  switch (verdict.status) {
    case 'over':
      return finding(MESSAGES.budgetExceeded, verdict.enforcement === 'WARN' ? 'warning' : 'error', exceeded(path, verdict), [
        ...verdict.largest,
        ...(verdict.missing.length > 0 ? ['and a price is missing of:', ...verdict.missing] : []),
      ]);
    case 'unknown':
      return verdict.onMissingPrice === 'IGNORE' ? undefined
        : finding(MESSAGES.budgetIncomplete, verdict.onMissingPrice === 'FAIL' ? 'error' : 'warning', incomplete(path, verdict), ['a price is missing of:', ...verdict.missing]);
    case 'near':
      return finding(MESSAGES.budgetNear, MESSAGES.budgetNear.severity, near(path, verdict));
    case 'ok':
      return verdict.covered > 0 ? undefined
        : finding(MESSAGES.budgetCoversNothing, MESSAGES.budgetCoversNothing.severity, `${path} covers no priced construct`);
  }
}

/**
 * The details are few, but have to be enough to act on: a refusal with BLOCK leaves no report behind.
 */
function finding(message: MessageDefinition, severity: Severity, short: string, details: readonly string[] = []): BudgetFinding {
  return { message, severity, short, text: [short, ...details.map((line) => `  ${line}`)].join('\n') };
}

function exceeded(path: string, { limitUsd, estimatedUsd }: BudgetVerdict): string {
  const excess = decimal(estimatedUsd).minus(decimal(limitUsd));
  return `${formatUsd(estimatedUsd)} a month is ${formatUsd(excess)} over the limit of ${formatUsd(limitUsd)} of ${path}`;
}

function incomplete(path: string, { limitUsd, estimatedUsd }: BudgetVerdict): string {
  const known = estimatedUsd === '0' ? 'nothing is known' : `only ${formatUsd(estimatedUsd)} a month is known`;
  return `${known} of what counts towards the limit of ${formatUsd(limitUsd)} a month of ${path}`;
}

function near(path: string, { limitUsd, estimatedUsd }: BudgetVerdict): string {
  // Never rounded up: 99.9 % is not yet all of it.
  const share = Math.floor(decimal(estimatedUsd).times(decimal(100)).div(decimal(limitUsd)).toNumber());
  return `${formatUsd(estimatedUsd)} a month is ${share} % of the limit of ${formatUsd(limitUsd)} of ${path}`;
}

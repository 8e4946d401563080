import { count } from './cost-lines';
import { jsonText, oneLine } from './sanitize';
import { CheckResult } from '../gate/check';
import { CheckFinding } from '../gate/check-finding';
import { formatMonthly } from '../pricing/format';

/** Renders the result of `check` as text: each failure, its path and its fix. */
export function renderCheckTable(result: CheckResult): string {
  const { passed, failures, warnings, totals } = result;
  const counts = [{ number: failures.length, of: 'failure' }, { number: warnings.length, of: 'warning' }].filter(({ number }) => number > 0);
  return [
    [`${passed ? 'PASSED' : 'FAILED'}: monthly cost ${formatMonthly(totals)}`, ...counts.map(({ number, of }) => count(number, of))].join('; '),
    ...failures.flatMap((finding) => verdictLines('failure', finding)),
    ...warnings.flatMap((finding) => verdictLines('warning', finding)),
    '',
  ].join('\n');
}

export function renderCheckJson(result: CheckResult): string {
  return jsonText(result);
}

function verdictLines(kind: string, { id, path, message, fix, source }: CheckFinding): string[] {
  return [
    '',
    oneLine(`${kind} ${id} at ${path || 'the app'}${source ? ` (${source.file}:${source.line})` : ''}`),
    `  ${oneLine(message)}`,
    `  ${oneLine(fix)}`,
  ];
}

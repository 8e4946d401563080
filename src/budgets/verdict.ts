import { IConstruct } from 'constructs';
import { BudgetVerdict, entriesBelow } from '../estimates/registry';
import { budgetStatus } from '../gate/budget-status';
import { Decimal, decimal, sum, toText } from '../pricing/decimal';
import { formatMonthly } from '../pricing/format';

/** How many resources a verdict names. */
const LARGEST = 3;

/** Judges the costs of a scope by a monthly limit. */
export function judge(covers: IConstruct, limit: Decimal, rules: Pick<BudgetVerdict, 'enforcement' | 'onMissingPrice'>): BudgetVerdict {
  const entries = entriesBelow(covers).map((entry) => ({ ...entry, known: decimal(entry.estimate.knownMonthlyUsd) }));
  const known = sum(entries.map((entry) => entry.known));
  const missing = entries.flatMap(({ construct, estimate }) => estimate.missingPrices.map(({ description }) => `${construct.node.path}: ${description}`));
  return {
    ...rules,
    limitUsd: toText(limit),
    estimatedUsd: toText(known),
    status: budgetStatus(known, missing.length > 0, limit),
    covered: entries.length,
    largest: [...entries]
      .sort((a, b) => b.known.cmp(a.known))
      .slice(0, LARGEST)
      .map((entry) => `${formatMonthly(entry.estimate)} ${entry.construct.node.path} (${entry.type} of ${entry.model})`),
    missing: [...new Set(missing)],
  };
}

import { IConstruct } from 'constructs';
import { BudgetVerdict, coveredCost, entriesBelow, priceLazyUsage } from '../estimates/registry';
import { BudgetRules, judgeBudget } from '../gate/budget-status';
import { Decimal, decimal, toText } from '../pricing/decimal';
import { formatMonthly } from '../pricing/format';

/** How many resources a verdict names. */
const LARGEST = 3;

/** Judges the costs of a scope by a monthly limit. */
export function judge(covers: IConstruct, limit: Decimal, { enforcement, onMissingPrice }: BudgetRules): BudgetVerdict {
  priceLazyUsage(covers);
  const entries = entriesBelow(covers);
  const { status, known, covered, unknown } = judgeBudget(limit, entries.map(coveredCost));
  return {
    enforcement,
    onMissingPrice,
    limitUsd: toText(limit),
    estimatedUsd: toText(known),
    status,
    covered,
    largest: [...entries]
      .sort((a, b) => decimal(b.estimate.knownMonthlyUsd).cmp(decimal(a.estimate.knownMonthlyUsd)))
      .slice(0, LARGEST)
      .map((entry) => `${formatMonthly(entry.estimate)} ${entry.construct.node.path} (${entry.type} of ${entry.model})`),
    unknown,
  };
}

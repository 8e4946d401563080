import { count } from './cost-lines';
import { oneLine } from './sanitize';
import { constructPath } from '../unpriced/plain-template';
import { Coverage } from '../unpriced/review';
import { Usage } from '../unpriced/usages';

/** Number of uses that a text names. */
const NAMED = 3;

/** Renders the coverage of an app's uses: `12 of 15 uses of Amazon Bedrock priced, 2 free, 1 not covered by the price book`. */
export function coverageText({ priced, unpriced, free, notCovered }: Coverage): string {
  const total = priced + unpriced + free + notCovered;
  return [
    `${priced} of ${count(total, 'use')} of Amazon Bedrock priced`,
    ...(unpriced > 0 ? [`${unpriced} without a price`] : []),
    ...(free > 0 ? [`${free} free`] : []),
    ...(notCovered > 0 ? [`${notCovered} not covered by the price book`] : []),
  ].join(', ');
}

/** Renders the number of uses without a price in a stack, and the first of them. */
export function unpricedUsesText(stack: string, usages: readonly Usage[]): string {
  const named = usages.slice(0, NAMED).map(({ path, kind, modelIds }) => oneLine(`${constructPath(path)} (${[kind, ...modelIds.slice(0, 1)].join(', ')})`));
  const more = usages.length > NAMED ? [`${usages.length - NAMED} more`] : [];
  return `${stack} has ${count(usages.length, 'use')} of Amazon Bedrock without a price, which budgets do not include: ${[...named, ...more].join('; ')}`;
}

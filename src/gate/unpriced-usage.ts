import { MESSAGES } from '../messages';
import { CheckFinding } from './check-finding';
import { UnpricedJson } from '../cost-report/report-json';
import { oneLine } from '../input/one-line';
import { constructPath } from '../unpriced/plain-template';

/** Number of uses that a text names. */
const NAMED = 3;

type UnpricedUse = Pick<UnpricedJson, 'path' | 'resourceType' | 'modelIds'>;

/** Describes the uses of Amazon Bedrock without a price in a stack: their number, and the first of them. */
export function unpricedUsesText(stack: string, uses: readonly UnpricedUse[]): string {
  const named = uses.slice(0, NAMED).map(({ path, resourceType, modelIds }) => oneLine(`${constructPath(path)} (${modelIds[0] ?? resourceType})`));
  const more = uses.length > NAMED ? [`and ${uses.length - NAMED} more`] : [];
  const number = uses.length === 1 ? '1 use' : `${uses.length} uses`;
  return `${stack} has ${number} of Amazon Bedrock without a price: ${[...named, ...more].join(', ')}`;
}

/** Returns one finding for each stack with uses without a price. */
export function unpricedFindings(unpriced: readonly UnpricedJson[]): CheckFinding[] {
  const byStack = new Map<string, UnpricedJson[]>();
  for (const use of unpriced) byStack.set(use.stack, [...byStack.get(use.stack) ?? [], use]);
  const { id, fix } = MESSAGES.unpricedUsage;
  return [...byStack].map(([stack, uses]) => ({ id, path: stack, message: unpricedUsesText(stack, uses), fix, source: null }));
}

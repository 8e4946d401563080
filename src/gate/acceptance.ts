import { BudgetJudgement, BudgetRules } from './budget-status';
import { AcknowledgementJson } from '../cost-report/report-json';
import { oneLine } from '../input/one-line';
import { Decimal, decimal } from '../pricing/decimal';
import { formatDays, formatUsd, formatUsdApart } from '../pricing/format';
import { daysBetween } from '../pricing/price-book/day';

/** Changes that lower a cost. */
export const LOWER_THE_COST = 'lower the usage, choose a cheaper way to buy it';

/** Maximum number of days from today to the last day of an acceptance. */
export const MAX_ACCEPTED_DAYS = 366;

/** Ceiling and last day (in UTC, inclusive) of an accepted cost; null if it has none. */
export type Acceptance = Pick<AcknowledgementJson, 'maxMonthlyUsd' | 'expires'>;

export type AcceptanceStatus = 'holds' | 'expired' | 'outgrown';

/**
 * Returns the state of an acceptance, which is valid up to its ceiling and through its last day.
 *
 * @param today the day as YYYY-MM-DD; undefined to ignore the last day
 */
export function acceptanceStatus({ maxMonthlyUsd, expires }: Acceptance, costUsd: Decimal, today: string | undefined): AcceptanceStatus {
  if (isExpired(expires, today)) return 'expired';
  return isOutgrown(maxMonthlyUsd, costUsd) ? 'outgrown' : 'holds';
}

function isExpired(expires: string | null, today: string | undefined): boolean {
  return expires !== null && today !== undefined && today > expires;
}

function isOutgrown(maxMonthlyUsd: string | null, costUsd: Decimal): boolean {
  return maxMonthlyUsd !== null && costUsd.cmp(decimal(maxMonthlyUsd)) > 0;
}

/** True for a reason or an owner without visible characters, such as a zero-width space. */
export function isBlank(text: string): boolean {
  return /^[\s\p{Cc}\p{Cf}]*$/u.test(text);
}

/** True for a last day that is more than `MAX_ACCEPTED_DAYS` ahead. */
export function isTooFarAhead(expires: string, today: string): boolean {
  return daysBetween(today, expires) > MAX_ACCEPTED_DAYS;
}

/**
 * Effect of an acknowledgement on the finding of a budget:
 * - `none`: it accepts nothing;
 * - `accepted`: the finding does not fail;
 * - `incomplete`: the known costs are accepted, but unknown ones are not, since their sum may exceed the ceiling;
 * - `expired`, `outgrown`: it accepted the overrun before.
 */
export type AcceptanceEffect = 'none' | 'accepted' | 'incomplete' | 'expired' | 'outgrown';

/** Returns the effect of an acknowledgement. Its ceiling is compared with the known costs. With a ceiling, it accepts an overrun, but no unknown cost. */
export function acceptanceEffect(
  acknowledgement: AcknowledgementJson | null | undefined,
  { status, known, unknown }: Pick<BudgetJudgement, 'status' | 'known' | 'unknown'>,
  { enforcement, onMissingPrice }: BudgetRules,
  today: string | undefined,
): AcceptanceEffect {
  if (!acknowledgement || enforcement.toUpperCase() === 'BLOCK' || (status !== 'over' && status !== 'unknown')) return 'none';
  const hasCeiling = acknowledgement.maxMonthlyUsd !== null;
  if (hasCeiling && status === 'unknown') return 'none';
  const acceptance = acceptanceStatus(acknowledgement, known, today);
  if (acceptance !== 'holds') return acceptance;
  return hasCeiling && unknown.length > 0 && onMissingPrice.toUpperCase() !== 'IGNORE' ? 'incomplete' : 'accepted';
}

/** True for an acknowledgement that accepted the finding before. */
export function isLapsed(effect: AcceptanceEffect): boolean {
  return effect === 'expired' || effect === 'outgrown';
}

/** Renders the owner, ceiling, last day and reason of an acknowledgement as a part of a sentence. */
export function acceptedText({ reason, owner, maxMonthlyUsd, expires }: AcknowledgementJson): string {
  const limits = [
    maxMonthlyUsd === null ? 'without a ceiling' : `up to ${formatUsd(maxMonthlyUsd)} a month`,
    expires === null ? 'or a last day' : `until ${expires}`,
  ];
  return `accepted${owner === null ? '' : ` by ${oneLine(owner).trim()}`} ${limits.join(' ')}: ${oneLine(reason).trim()}`;
}

/** Renders the limits of an acceptance that are exceeded, each with the excess. */
export function lapsedText({ owner, maxMonthlyUsd, expires }: AcknowledgementJson, costUsd: Decimal, today: string | undefined): string {
  const passed = [
    ...(isExpired(expires, today) ? [`ended on ${expires}, ${formatDays(daysBetween(expires!, today!))} before ${today}`] : []),
    ...(isOutgrown(maxMonthlyUsd, costUsd) ? [`has a ceiling of ${formatUsdApart(maxMonthlyUsd!, costUsd)[0]} a month, which the cost exceeds by ${formatUsd(costUsd.minus(decimal(maxMonthlyUsd!)))}`] : []),
  ];
  return `the acceptance${owner === null ? '' : ` by ${oneLine(owner).trim()}`} ${passed.join(' and ')}`;
}

/** Returns the changes that end the finding of an overrun whose acceptance has lapsed. */
export function lapsedFix({ maxMonthlyUsd, expires }: AcknowledgementJson, costUsd: Decimal, today: string | undefined): string {
  const changes = [
    ...(isExpired(expires, today) ? ['a later expires'] : []),
    ...(isOutgrown(maxMonthlyUsd, costUsd) ? ['a higher maxMonthlyUsd'] : []),
  ];
  return `${LOWER_THE_COST}, raise monthlyLimitUsd, or set ${changes.join(' and ')} in acknowledge()`;
}

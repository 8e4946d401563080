import { BudgetJudgement, BudgetRules } from './budget-status';
import { AcknowledgementJson } from '../cost-report/report-json';
import { oneLine } from '../input/one-line';
import { Decimal, decimal } from '../pricing/decimal';
import { formatDays, formatUsd, formatUsdApart } from '../pricing/format';
import { daysBetween } from '../pricing/price-book/day';

/** The changes that lower a cost. */
export const LOWER_THE_COST = 'lower the usage, choose a cheaper way to buy it';

/** Maximum number of days from today to the last day of an acceptance. */
export const MAX_ACCEPTED_DAYS = 366;

/** The ceiling and the last day (in UTC, inclusive) of an accepted cost; null where it has none. */
export type Acceptance = Pick<AcknowledgementJson, 'maxMonthlyUsd' | 'expires'>;

export type AcceptanceStatus = 'holds' | 'expired' | 'outgrown';

/**
 * The state of an acceptance: it holds up to its ceiling and through its last day.
 *
 * @param today the day as YYYY-MM-DD; undefined where no day is known, so that the last day is not judged
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

/** True for a reason or an owner that a reader cannot see, such as a space of no width. */
export function isBlank(text: string): boolean {
  return /^[\s\p{Cc}\p{Cf}]*$/u.test(text);
}

/** True for a last day that is further ahead than an acceptance may last. */
export function isTooFarAhead(expires: string, today: string): boolean {
  return daysBetween(today, expires) > MAX_ACCEPTED_DAYS;
}

/**
 * The effect of an acknowledgement on the finding of a budget:
 * - `none`: there is nothing that it accepts;
 * - `accepted`: the finding does not fail;
 * - `incomplete`: the known costs are accepted, but unknown ones are not, since their sum may exceed the ceiling;
 * - `expired`, `outgrown`: it accepted the overrun before.
 */
export type AcceptanceEffect = 'none' | 'accepted' | 'incomplete' | 'expired' | 'outgrown';

/** A ceiling is compared with the known costs. An acknowledgement with a ceiling accepts an overrun, and no unknown cost. */
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

/** The owner, the ceiling, the last day and the reason of an acknowledgement, as a part of a sentence. */
export function acceptedText({ reason, owner, maxMonthlyUsd, expires }: AcknowledgementJson): string {
  const limits = [
    maxMonthlyUsd === null ? 'without a ceiling' : `up to ${formatUsd(maxMonthlyUsd)} a month`,
    expires === null ? 'or a last day' : `until ${expires}`,
  ];
  return `accepted${owner === null ? '' : ` by ${oneLine(owner).trim()}`} ${limits.join(' ')}: ${oneLine(reason).trim()}`;
}

/** The limits of an acceptance that the cost or the day has passed, each with the excess. */
export function lapsedText({ owner, maxMonthlyUsd, expires }: AcknowledgementJson, costUsd: Decimal, today: string | undefined): string {
  const passed = [
    ...(isExpired(expires, today) ? [`ended on ${expires}, ${formatDays(daysBetween(expires!, today!))} before ${today}`] : []),
    ...(isOutgrown(maxMonthlyUsd, costUsd) ? [`has a ceiling of ${formatUsdApart(maxMonthlyUsd!, costUsd)[0]} a month, which the cost exceeds by ${formatUsd(costUsd.minus(decimal(maxMonthlyUsd!)))}`] : []),
  ];
  return `the acceptance${owner === null ? '' : ` by ${oneLine(owner).trim()}`} ${passed.join(' and ')}`;
}

/** The changes that end the finding of an overrun whose acceptance has lapsed. */
export function lapsedFix({ maxMonthlyUsd, expires }: AcknowledgementJson, costUsd: Decimal, today: string | undefined): string {
  const changes = [
    ...(isExpired(expires, today) ? ['a later expires'] : []),
    ...(isOutgrown(maxMonthlyUsd, costUsd) ? ['a higher maxMonthlyUsd'] : []),
  ];
  return `${LOWER_THE_COST}, raise monthlyLimitUsd, or set ${changes.join(' and ')} in acknowledge()`;
}

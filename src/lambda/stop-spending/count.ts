import { SSM } from '@aws-sdk/client-ssm';
import { errorText } from './action-result';
import { BudgetCount, StopEnv } from './contract';
import { log } from './environment';
import { BY_HAND, StopCommand } from './stop-command';
import { decimal } from '../../pricing/decimal';
import { Amounts, keyOf } from '../month-to-date/ledger';

/** The clocks of two functions may differ by less than this. */
const MAX_AHEAD_SECONDS = 300;

/**
 * Compares an alarm with the counted total of the budget. `cloudwatch:PutMetricData` is enough to publish the alarm's metric, and
 * `cloudwatch:SetAlarmState` to set its state. The total is in a parameter that only the counting function writes.
 *
 * @throws when the count of the event's month is recent and contradicts the alarm. Without such a count the alarm is trusted: a
 * missing stop costs more than an unnecessary one.
 */
export async function confirm(command: StopCommand): Promise<void> {
  const configured = process.env[StopEnv.COUNT];
  if (!['stop', 'undo'].includes(command.do) || command.by === BY_HAND || configured === undefined) return;
  const count: BudgetCount = JSON.parse(configured);
  const month = command.time.slice(0, 7);
  const limit = count.plannedLimitsUsd?.[month] ?? count.limitUsd;
  const { total, asOf } = await read(count, month);
  const age = command.receivedAt.getTime() / 1000 - asOf;
  // A count that is dated in the future is not trusted either.
  if (total === undefined || !(age <= count.maxAgeSeconds && age > -MAX_AHEAD_SECONDS)) return;
  const isOver = decimal(total).cmp(decimal(limit)) > 0;
  if (isOver === (command.do === 'stop')) return;
  throw new Error(`The alarm requests ${command.do}, but $${total} of $${limit} were counted in ${month} until ${new Date(asOf * 1000).toISOString()}: `
    + `its metric or its state may not be genuine. Nothing was done. To ${command.do} regardless: {"do":"${command.do}"}.`);
}

async function read({ parameter, region }: BudgetCount, month: string): Promise<{ readonly total?: string; readonly asOf: number }> {
  try {
    const { Parameter } = await new SSM({ region }).getParameter({ Name: parameter });
    const { totals, asOf } = JSON.parse(Parameter?.Value ?? '{}');
    const ofMonth: unknown = totals?.[month];
    // Earlier versions of the function counted one budget only.
    const total = typeof ofMonth === 'object' ? (ofMonth as Amounts | null)?.[keyOf(process.env[StopEnv.BUDGET] ?? '')] : ofMonth;
    return { total: typeof total === 'string' && /^\d+(\.\d+)?$/.test(total) ? total : undefined, asOf: typeof asOf === 'number' ? asOf : NaN };
  } catch (e) {
    log('error', { count: parameter, why: errorText(e), then: 'the alarm is trusted' });
    return { asOf: NaN };
  }
}

import { monthOf } from './forecast';
import { WholeSnapshot } from './snapshot';
import { Amounts, Spend } from './spend';
import { toText } from '../../pricing/decimal';

/** The result for a budget, which is returned and logged. Amounts are exact decimals. */
export interface MonthToDateSummary extends AmountTexts {
  readonly budget: string;
  readonly stack: string;
  readonly month: string;
  /** The amounts of the whole budget, in the function that adds it up. */
  readonly total?: AmountTexts;
  /** Left out if resources are not published: a log of all resources of all budgets would cost more than the counting. */
  readonly resources?: readonly ResourceSummary[];
}

export interface ResourceSummary {
  readonly resource: string;
  readonly model: string;
  readonly meter: string;
  readonly monthToDateUsd: string;
  /** Left out for tokens between two recounts. */
  readonly forecastUsd?: string;
}

interface AmountTexts {
  readonly monthToDateUsd: string;
  readonly forecastUsd: string;
}

export function summaryOf(stack: string, budget: string, { at, spends, part, total }: WholeSnapshot, withResources: boolean): MonthToDateSummary {
  return {
    budget,
    stack,
    month: monthOf(at).name,
    ...textsOf(part),
    ...(total ? { total: textsOf(total) } : {}),
    ...(withResources ? { resources: spends.map(resourceOf) } : {}),
  };
}

function resourceOf({ resource, model, meter, monthToDate, restOfMonth }: Spend): ResourceSummary {
  const forecast = restOfMonth ? { forecastUsd: toText(monthToDate.plus(restOfMonth)) } : {};
  return { resource, model, meter, monthToDateUsd: toText(monthToDate), ...forecast };
}

function textsOf({ monthToDate, forecast }: Amounts): AmountTexts {
  return { monthToDateUsd: toText(monthToDate), forecastUsd: toText(forecast) };
}

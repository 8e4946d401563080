import { Decimal, decimal } from '../decimal';
import { RateUnit } from './rate';

/** The unit in which a quantity is counted. */
export type BaseUnit =
  | 'token' | 'image' | 'second' | 'minute' | 'hour' | 'month' | 'TPM hour' | 'request' | 'GB-month' | 'text unit' | 'transition' | 'task';

/** The base unit of a rate's unit, and the fraction of the rate's unit that one base unit is. */
export interface UnitFacts {
  readonly base: BaseUnit;
  readonly part: Decimal;
}

const ONE = decimal(1);
const THOUSANDTH = decimal('0.001');

export const UNITS: { readonly [unit in RateUnit]: UnitFacts } = {
  [RateUnit.THOUSAND_TOKENS]: { base: 'token', part: THOUSANDTH },
  [RateUnit.MILLION_TOKENS]: { base: 'token', part: decimal('0.000001') },
  [RateUnit.IMAGE]: { base: 'image', part: ONE },
  [RateUnit.SECOND]: { base: 'second', part: ONE },
  [RateUnit.MINUTE]: { base: 'minute', part: ONE },
  [RateUnit.HOUR]: { base: 'hour', part: ONE },
  [RateUnit.MONTH]: { base: 'month', part: ONE },
  [RateUnit.THOUSAND_TOKENS_PER_MINUTE_HOUR]: { base: 'TPM hour', part: THOUSANDTH },
  [RateUnit.THOUSAND_REQUESTS]: { base: 'request', part: THOUSANDTH },
  [RateUnit.GIGABYTE_MONTH]: { base: 'GB-month', part: ONE },
  [RateUnit.THOUSAND_TEXT_UNITS]: { base: 'text unit', part: THOUSANDTH },
  [RateUnit.THOUSAND_TRANSITIONS]: { base: 'transition', part: THOUSANDTH },
  [RateUnit.TASK]: { base: 'task', part: ONE },
};

import { Limit } from '../../aws/limits';

/** The valid values of a prop: as text, for its shape and its check, and as a condition. */
export interface Range<T> {
  readonly allowed: string;
  isAllowed(value: T): boolean;
}

export const MODEL_UNITS: Range<number> = { allowed: 'a whole number of 1 or more', isAllowed: (units) => Number.isInteger(units) && units >= 1 };

export const COMMITMENT_USD: Range<number> = {
  allowed: 'a number of US dollars of 0 or more: the cost of the whole term', isAllowed: (usd) => Number.isFinite(usd) && usd >= 0,
};

export const HOURLY_USD: Range<number> = {
  allowed: 'a number of US dollars above 0: the price of a model unit for one hour', isAllowed: (usd) => Number.isFinite(usd) && usd > 0,
};

export const MODEL_NAME: Range<string> = {
  allowed: `1 to ${Limit.PROVISIONED_MODEL_NAME} letters and digits, with single hyphens or underscores between them`,
  isAllowed: (name) => /^([0-9a-zA-Z][_-]?)+$/.test(name) && name.length <= Limit.PROVISIONED_MODEL_NAME,
};

/** The range of tokens per minute of a unit, and of the peak ratio. Below 1 token a minute, the number of needed units could overflow. */
export const ONE_OR_MORE: Range<number> = { allowed: 'a number of 1 or more', isAllowed: (value) => Number.isFinite(value) && value >= 1 };

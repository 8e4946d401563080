import { isDay } from './day';
import { PricingError } from '../../input/error';
import { isDecimalText } from '../decimal';
import { ModelId } from '../model-id';
import {
  ANY_MODEL, CommitmentDuration, ContextLength, PriceScope, PriceTier, Rate, RateKind, RateUnit, REQUIRED_WITH_KIND, UNITS_OF_KIND,
} from './rate';
import { DIMENSIONS_OF_KIND, dimensionsOf, isFeatureRate, RateDimension } from './rate-dimensions';
import { RateGroup } from './rate-group';
import { comparablePrice, rateIdentity } from './rate-identity';
import { isObject, isText } from '../../input/argument';
import { unknownField } from '../../input/unknown-field';
import { isRegion, regionExample } from '../region';

/** The checks of the fields of a rate. All but the first four may be undefined. */
const FIELDS: { readonly [field in keyof Required<Rate>]: { readonly allowed: string; readonly valid: (value: unknown) => boolean } } = {
  model: { allowed: 'a model id, or "*"', valid: isText },
  kind: oneOf(RateKind),
  usd: { allowed: 'dollars for one unit as a decimal text such as "0.0008"', valid: isDecimalText },
  unit: oneOf(RateUnit),
  region: { allowed: 'a region such as "us-east-1"', valid: isRegion },
  scope: oneOf(PriceScope),
  tier: oneOf(PriceTier),
  context: oneOf(ContextLength),
  commitmentDuration: oneOf(CommitmentDuration),
  customModel: { allowed: 'true or false', valid: (value) => typeof value === 'boolean' },
  resolution: { allowed: 'a resolution such as "1024x1024"', valid: isText },
  quality: { allowed: 'a quality such as "standard"', valid: isText },
  termMonths: { allowed: 'a whole number of months above 0', valid: (value) => Number.isInteger(value) && (value as number) > 0 },
  policy: { allowed: 'a policy of a guardrail such as "content-text"', valid: matches(/^[a-z0-9]+(-[a-z0-9]+)*$/) },
  customModelUnitVersion: { allowed: 'a version such as "1.0"', valid: isText },
  architecture: { allowed: 'an architecture such as "Llama"', valid: isText },
  asOf: { allowed: 'a day as YYYY-MM-DD', valid: isDay },
  confirmed: { allowed: 'a day as YYYY-MM-DD', valid: isDay },
  source: { allowed: 'a text', valid: (value) => typeof value === 'string' },
  effectiveDate: { allowed: 'a day as YYYY-MM-DD', valid: isDay },
  endDate: { allowed: 'a day as YYYY-MM-DD', valid: isDay },
  reviewAfter: { allowed: 'a day as YYYY-MM-DD', valid: isDay },
  derived: { allowed: 'a text', valid: (value) => typeof value === 'string' },
};

const REQUIRED: readonly (keyof Rate)[] = ['model', 'kind', 'usd', 'unit'];

function oneOf(values: object) {
  const allowed: readonly unknown[] = Object.values(values);
  return { allowed: `one of ${allowed.join(', ')}`, valid: (value: unknown) => allowed.includes(value) };
}

function matches(pattern: RegExp) {
  return (value: unknown) => typeof value === 'string' && pattern.test(value);
}

/** The rates of one list, each checked. `place` is for messages, such as `rates`. */
export function checkedRates(rates: readonly Rate[], place: string): RateGroup[] {
  // From, since map passes over holes.
  return Array.from(rates, (rate, i) => checkedRate(rate, `${place}[${i}]`));
}

/** Refuses two rates of the same at different prices in one list: which one counts would be a guess. */
export function refuseContradictions(rates: readonly RateGroup[], place: string): void {
  const first = new Map<string, number>();
  rates.forEach((rate, i) => {
    const key = JSON.stringify([rateIdentity(rate, rate.regions?.[0]), rate.effectiveDate, rate.endDate]);
    const before = first.get(key);
    if (before === undefined) {
      first.set(key, i);
    } else if (comparablePrice(rates[before]).cmp(comparablePrice(rate)) !== 0) {
      const { usd, unit } = rates[before];
      throw new PricingError(`${place}[${i}].usd`, rate.usd, `${JSON.stringify(usd)}${unit === rate.unit ? '' : ` for ${unit}`}, as in ${place.replace(/^.*: /, '')}[${before}], which prices the same`, 'Keep one of the two rates, or set effectiveDate and endDate.');
    }
  });
}

/**
 * Checks a rate of the user's (by hand or from a file) and files it under the id without prefix.
 *
 * An unknown field is an error: a misspelt `region` would make a rate hold everywhere.
 *
 * @param place for messages, such as `rates[0]`
 */
function checkedRate(rate: Rate, place: string): RateGroup {
  if (!isObject(rate)) throw new PricingError(place, rate, 'a rate such as { model, kind, usd, unit }');
  const given = rate as unknown as { readonly [field: string]: unknown };
  for (const field of Object.keys(given)) {
    if (!Object.hasOwn(FIELDS, field)) throw unknownField(place, field, Object.keys(FIELDS));
  }
  for (const [field, { allowed, valid }] of Object.entries(FIELDS)) {
    const isMissing = given[field] === undefined && !REQUIRED.includes(field as keyof Rate);
    if (!isMissing && !valid(given[field])) throw new PricingError(`${place}.${field}`, given[field], field === 'region' ? regionExample(given.region) : allowed);
  }
  const { kind, unit, effectiveDate, endDate } = rate;
  if (!UNITS_OF_KIND[kind].includes(unit)) throw new PricingError(`${place}.unit`, unit, `one of ${UNITS_OF_KIND[kind].join(', ')} for the kind ${kind}`);
  for (const field of REQUIRED_WITH_KIND[kind] ?? []) {
    if (rate[field] === undefined) throw PricingError.about(`${place}.${field}`, `is required for the kind ${kind}`, `Set ${FIELDS[field].allowed}.`);
  }
  const unasked = DIMENSIONS.find((field) => rate[field] !== undefined && !isAsked(rate, field));
  if (unasked !== undefined) throw PricingError.about(`${place}.${unasked}`, `must be left out, since no price of the kind ${kind} depends on it`);
  const model = ModelId.parse(rate.model);
  checkModel(rate, model, place);
  if (effectiveDate !== undefined && endDate !== undefined && endDate <= effectiveDate) {
    throw new PricingError(`${place}.endDate`, endDate, `a day after the effectiveDate ${effectiveDate}`, 'It is the first day on which the rate no longer holds.');
  }
  return toGroup(rate, model);
}

const DIMENSIONS = [...new Set(Object.values(DIMENSIONS_OF_KIND).flat())];

/** False for a field that no usage of the kind is ever asked by: the rate would be taken and never used. */
function isAsked(rate: Rate, field: RateDimension): boolean {
  // The defaults, which change nothing for any rate; the scope is part of the id in a query.
  const saysNothing = rate[field] === PriceTier.STANDARD || rate[field] === ContextLength.STANDARD || rate[field] === false;
  return saysNothing || field === 'scope' || dimensionsOf(rate).includes(field);
}

function checkModel(rate: Rate, { prefix, scope: scopeOfPrefix }: ModelId, place: string): void {
  const { model, kind, scope } = rate;
  if (isFeatureRate(rate) !== (model === ANY_MODEL)) {
    throw new PricingError(`${place}.model`, model, isFeatureRate(rate) ? `"*", since no model is part of a price of the kind ${kind}` : `a model id, since a price of the kind ${kind} is the price of a model`);
  }
  if (scope !== undefined && prefix !== undefined && scopeOfPrefix !== scope) {
    throw new PricingError(`${place}.scope`, scope, `"${scopeOfPrefix}", the scope of the prefix of ${model}`, 'Correct scope, or give the model id without a prefix.');
  }
}

function toGroup(rate: Rate, { bareId, prefix, scope }: ModelId): RateGroup {
  const { region, ...rest } = rate;
  return {
    ...rest,
    model: bareId,
    ...(rate.scope === undefined && prefix !== undefined ? { scope } : {}),
    ...(region === undefined ? {} : { regions: [region] }),
    ...(rate.customModelUnitVersion === undefined ? {} : { customModelUnitVersion: versionText(rate.customModelUnitVersion) }),
  };
}

/** AWS writes both `v1.0` and `1.0`. */
export function versionText(version: string): string {
  return version.replace(/^v/i, '');
}

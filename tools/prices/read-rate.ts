import { PricedRate } from './facts';
import { Fields } from './fields';
import { PROFILE_PREFIXES } from '../../src/pricing/model-id';
import {
  CommitmentDuration, ContextLength, PriceScope, PriceTier, RateKind, REQUIRED_WITH_KIND, UNITS_OF_KIND,
} from '../../src/pricing/price-book/rate';
import { dimensionsOf, isFeatureRate } from '../../src/pricing/price-book/rate-dimensions';

export const GEO_PREFIXES: readonly string[] = PROFILE_PREFIXES.filter((prefix) => prefix !== 'global');

/** Readers of the fields that only some kinds of rates have. */
const DETAILS = {
  scope: (fields: Fields) => fields.choice('scope', Object.values(PriceScope)),
  // `standard` is written by omitting the field, so that every price has one spelling. The same holds for `context` and `customModel`.
  tier: (fields: Fields) => fields.choice('tier', Object.values(PriceTier).filter((tier) => tier !== PriceTier.STANDARD)),
  context: (fields: Fields) => fields.choice('context', [ContextLength.LONG]),
  commitmentDuration: (fields: Fields) => fields.choice('commitmentDuration', Object.values(CommitmentDuration)),
  customModel: (fields: Fields, required: boolean) => fields.flag('customModel', required ? [true, false] : [true]),
  resolution: (fields: Fields) => fields.text('resolution', /^([1-9]\d*x)?[1-9]\d*p?$/, 'a resolution such as 1024x1024 or 720p'),
  quality: (fields: Fields) => fields.text('quality', KEBAB, 'a kebab-case name such as standard'),
  termMonths: (fields: Fields) => fields.count('termMonths'),
  policy: (fields: Fields) => fields.text('policy', KEBAB, 'a kebab-case name such as content-text'),
  customModelUnitVersion: (fields: Fields) => fields.text('customModelUnitVersion', /^\d+\.\d+$/, 'a quoted version such as "1.0"'),
  architecture: (fields: Fields) => fields.text('architecture'),
} satisfies { readonly [name in keyof PricedRate]?: (fields: Fields, required: boolean) => PricedRate[name] };

type Detail = keyof typeof DETAILS;

const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** One entry of a model's `rates:`. */
export function readModelRate(value: unknown, place: string): PricedRate {
  const rate = readRate(value, place);
  if (isFeatureRate(rate)) throw new Error(`${place}: ${rate.policy ?? rate.kind} is no price of a model; it stands in features.yaml`);
  return rate;
}

/** One entry of the `rates:` of features.yaml. */
export function readFeatureRate(value: unknown, place: string): PricedRate {
  const rate = readRate(value, place);
  if (!isFeatureRate(rate)) throw new Error(`${place}: ${rate.kind} is the price of a model; it stands with the model`);
  return rate;
}

function readRate(value: unknown, place: string): PricedRate {
  const fields = new Fields(value, place, [
    'kind', ...Object.keys(DETAILS), 'usd', 'unit', 'asOf', 'confirmed', 'source', 'effectiveDate', 'endDate', 'reviewAfter', 'derived', 'regions',
  ]);
  const kind = fields.choice('kind', Object.values(RateKind));
  return defined({
    kind,
    ...details(fields, kind),
    unit: fields.choice('unit', UNITS_OF_KIND[kind]),
    effectiveDate: fields.optionalDay('effectiveDate'),
    endDate: fields.optionalDay('endDate'),
    reviewAfter: fields.optionalDay('reviewAfter'),
    derived: fields.optionalText('derived'),
    usd: fields.usd('usd'),
    asOf: fields.day('asOf'),
    confirmed: fields.optionalDay('confirmed'),
    source: fields.text('source'),
    regions: fields.regionsOrOpen('regions'),
  });
}

/** Refuses fields that do not belong to the kind, since the book would store but never use them. */
function details(fields: Fields, kind: RateKind): Pick<PricedRate, Detail> {
  const may: readonly string[] = dimensionsOf({ kind, policy: fields.has('policy') ? 'stated' : undefined });
  const must: readonly string[] = ['scope', ...(REQUIRED_WITH_KIND[kind] ?? [])].filter((name) => may.includes(name));
  return Object.fromEntries(Object.entries(DETAILS).flatMap(([name, read]) => {
    const required = must.includes(name);
    if (fields.has(name) && !may.includes(name)) fields.fail(name, `left out where kind is ${kind}`);
    return required || fields.has(name) ? [[name, read(fields, required)]] : [];
  }));
}

/** Without the fields that are undefined: they would differ from absent ones when compared. */
export function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;
}

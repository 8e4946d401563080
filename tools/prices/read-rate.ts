import { PricedRate } from './facts';
import { Fields } from './fields';
import { PROFILE_PREFIXES } from '../../src/pricing/model-id';
import { CommitmentDuration, ContextLength, PriceScope, PriceTier, RateKind, UNITS_OF_KIND } from '../../src/pricing/rate';

const RATE_FIELDS = [
  'kind', 'scope', 'tier', 'context', 'commitmentDuration', 'customModel', 'usd', 'unit', 'asOf', 'source', 'effectiveDate', 'endDate',
  'derived', 'regions',
];

export const GEO_PREFIXES: readonly string[] = PROFILE_PREFIXES.filter((prefix) => prefix !== 'global');

/** One entry of `rates:`. What is left out of the file stays left out, so that the standard tier is written nowhere. */
export function readRate(value: unknown, place: string): PricedRate {
  const fields = new Fields(value, place, RATE_FIELDS);
  const kind = fields.choice('kind', Object.values(RateKind));
  return defined({
    kind,
    ...(kind === RateKind.MODEL_UNIT_HOUR ? capacity(fields) : request(fields)),
    unit: fields.choice('unit', UNITS_OF_KIND[kind]),
    effectiveDate: fields.optionalDay('effectiveDate'),
    endDate: fields.optionalDay('endDate'),
    derived: fields.optionalText('derived'),
    usd: fields.usd('usd'),
    asOf: fields.day('asOf'),
    source: fields.text('source'),
    regions: fields.regionsOrOpen('regions'),
  });
}

/** What a price of requests states; `standard` is said by leaving the field out, so that every price has one spelling. */
function request(fields: Fields): Pick<PricedRate, 'scope' | 'tier' | 'context'> {
  for (const name of ['commitmentDuration', 'customModel']) {
    if (fields.names().includes(name)) fields.fail(name, `nothing, unless kind is ${RateKind.MODEL_UNIT_HOUR}`);
  }
  return {
    scope: fields.choice('scope', Object.values(PriceScope)),
    tier: fields.optionalChoice('tier', Object.values(PriceTier).filter((tier) => tier !== PriceTier.STANDARD)),
    context: fields.optionalChoice('context', [ContextLength.LONG]),
  };
}

function capacity(fields: Fields): Pick<PricedRate, 'commitmentDuration' | 'customModel'> {
  for (const name of ['scope', 'tier', 'context']) {
    if (fields.names().includes(name)) fields.fail(name, `nothing where kind is ${RateKind.MODEL_UNIT_HOUR}`);
  }
  return {
    commitmentDuration: fields.choice('commitmentDuration', Object.values(CommitmentDuration)),
    customModel: fields.optionalFlag('customModel') ?? fields.fail('customModel', 'true or false'),
  };
}

/** Without the fields that are undefined: they would differ from absent ones when compared. */
export function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;
}

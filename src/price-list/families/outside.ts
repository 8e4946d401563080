import { NameMap, PriceRow, Reading } from '../listed-sku';

/** What the price list holds and a price book has no kind of rate for. Known by name: anything else is not understood. */
const OUTSIDE: readonly (readonly [RegExp, string])[] = [
  [/(?:^|-)DataAutomation-/, 'Bedrock Data Automation, which a price book has no kind of rate for'],
];

export function outside({ attributes }: PriceRow, _names: NameMap): Reading | undefined {
  const found = OUTSIDE.find(([usagetype]) => usagetype.test(attributes.usagetype));
  return found && { skipped: found[1] };
}

import { RateKind, RateUnit } from '../../pricing/price-book/rate';
import { Facets } from '../facets';
import { NameMap, notUnderstood, PriceRow, Reading } from '../listed-sku';
import { modelOf } from '../model-names';
import { inScopes } from '../scope';

/** Usagetype such as `Claude4.5Sonnet-reserved-1-month-output-tokens-per-minute-cross-region-geo`. */
const USAGETYPE = /-reserved-(\d+)-month-(input|output)-tokens-per-minute(?:-cross-region-(geo|global))?$/;
/** Usagetype such as `EU-MP:EU_Reserved_3Month_InputTPM_Global-Units`. */
const MARKETPLACE = /MP:[A-Za-z0-9]+?_Reserved_(\d+)Month_(Input|Output)TPM(?:_(Geo|Global|Regional))?-Units$/;
/** Last part of a Marketplace row's description. */
const DESCRIPTION = /\|Per Hour per 1K (Input|Output) TPM Reserved (\d+) Month(?: (Geo|Global|Regional)(?: CRIS)?)?$/;

/** Reads the prices of reserved capacity: tokens a minute, reserved for a term of months and billed by the hour. */
export function reserved({ attributes, unit, usd, description }: PriceRow, names: NameMap): Reading | undefined {
  const { usagetype, feature, crossRegion, tokenType } = attributes;
  if (!/reserved/i.test(usagetype) && !/^Reserved/i.test(feature ?? '')) return undefined;
  const [, term, direction, scope] = (USAGETYPE.exec(usagetype) ?? MARKETPLACE.exec(usagetype) ?? []).map((part) => part?.toLowerCase());
  if (term === undefined) return notUnderstood('reserved: unknown usagetype');
  if (feature !== undefined && feature !== `Reserved - ${term} Month`) return notUnderstood('usagetype and feature contradict each other in the term');
  if (tokenType !== undefined && tokenType.toLowerCase() !== `${direction} tokens per minute`) {
    return notUnderstood('usagetype and tokenType contradict each other in the direction');
  }
  const region = crossRegion?.toLowerCase();
  if (region !== undefined && (!isScope(region) || (scope !== undefined && scope !== region))) {
    return notUnderstood('usagetype and crossRegion contradict each other in the scope');
  }
  let described: string | undefined;
  if (unit !== '1K TPM Hour') {
    const [, listed, months, listedScope] = (DESCRIPTION.exec(description) ?? []).map((part) => part?.toLowerCase());
    // Rows with the unit "1M TPM Hour" state a price per 1K in their description, which contradicts the unit by a factor of 1,000.
    if (unit !== 'Units' || listed === undefined) return notUnderstood(`unit ${unit}: unknown for reserved tokens a minute`);
    if (listed !== direction || months !== term) return notUnderstood('usagetype and description contradict each other');
    described = listedScope;
  }
  const model = modelOf(attributes, names);
  if ('unclear' in model) return notUnderstood(model.unclear);
  if (model.latencyOptimized || model.custom) return notUnderstood('reserved: the model name has a suffix');
  const rate = {
    model: model.id,
    kind: direction === 'input' ? RateKind.RESERVED_INPUT : RateKind.RESERVED_OUTPUT,
    usd,
    unit: RateUnit.THOUSAND_TOKENS_PER_MINUTE_HOUR,
    termMonths: Number(term),
  };
  return { understood: inScopes(rate, (scope ?? region) as Facets['scope'], described as Facets['scope']) };
}

function isScope(text: string): boolean {
  return ['geo', 'global', 'regional'].includes(text);
}

import { RateKind, RateUnit } from '../../pricing/price-book/rate';
import { NameMap, notUnderstood, PriceRow, Reading } from '../listed-sku';
import { modelOf } from '../model-names';
import { inScopes } from '../scope';
import { times } from '../units';

interface PricedByRequest {
  readonly usagetype: RegExp;
  readonly kind: RateKind;
  /** Factor from the listed price to the price of a thousand requests; undefined if the row does not state its quantity. */
  readonly factor: (row: PriceRow) => number | undefined;
}

/** Factors from the price of a unit to the price of a thousand requests. */
const REQUESTS = new Map([['requests', 1000], ['request', 1000], ['1k requests', 1]]);

const PRICED_BY_REQUEST: readonly PricedByRequest[] = [
  {
    usagetype: /-nova-grounding$/i,
    kind: RateKind.WEB_GROUNDING,
    factor: ({ unit }) => REQUESTS.get(unit.toLowerCase()),
  },
  {
    // A search unit is a query with up to 100 documents. Marketplace rows state their quantity only in the description.
    usagetype: /MP:[A-Za-z0-9]+?_search_units-Units$/,
    kind: RateKind.RERANK_QUERY,
    factor: ({ description }) => (/\b(?:1K|1,?000|thousand) search units\b/i.test(description) ? 1 : undefined),
  },
];

/** Reads the prices of web grounding and rerank. */
export function requests(row: PriceRow, names: NameMap): Reading | undefined {
  const { attributes, usd, unit } = row;
  const priced = PRICED_BY_REQUEST.find(({ usagetype }) => usagetype.test(attributes.usagetype));
  if (priced === undefined) return undefined;
  const factor = priced.factor(row);
  if (factor === undefined) return notUnderstood(`unit ${unit}: unknown for ${priced.kind}, and the description states no scale`);
  const model = modelOf(attributes, names);
  if ('unclear' in model) return notUnderstood(model.unclear);
  if (model.latencyOptimized || model.custom) return notUnderstood(`${priced.kind}: the model name has a suffix`);
  return { understood: inScopes({ model: model.id, kind: priced.kind, usd: times(usd, factor), unit: RateUnit.THOUSAND_REQUESTS }, undefined) };
}

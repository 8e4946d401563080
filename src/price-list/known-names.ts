import { NameMap } from './listed-sku';

let known: NameMap | undefined;

/** The names of the models that the embedded price book knows, generated from prices/. */
export function knownNames(): NameMap {
  return (known ??= require('../pricing/data/price-list-names.json') as NameMap);
}

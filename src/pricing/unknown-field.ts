import { PricingError } from './error';
import { nearestNames } from './nearest';

/** A problem of a field that does not exist, with the nearest one or, where none is near, all of them. */
export function unknownField(place: string, name: string, known: readonly string[]): PricingError {
  const [nearest] = nearestNames(name.slice(0, 100), known, 1);
  const field = place === '' ? name : `${place}.${name}`;
  return PricingError.about(field, 'is not a known field', nearest === undefined ? `The fields are ${known.join(', ')}.` : `Did you mean ${nearest}?`);
}

import { PricingError } from './error';
import { didYouMean } from './nearest';

/** A problem of a field that does not exist, with the nearest one or, where none is near, all of them. */
export function unknownField(place: string, name: string, known: readonly string[]): PricingError {
  const field = place === '' ? name : `${place}.${name}`;
  return PricingError.about(field, 'is not a known field', didYouMean(name, known) ?? `The fields are ${known.join(', ')}.`);
}

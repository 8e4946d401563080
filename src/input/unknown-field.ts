import { PricingError } from './error';
import { didYouMean } from './nearest';

/** Creates the error for an unknown field, with the most similar field or, if none is similar, all fields. */
export function unknownField(place: string, name: string, known: readonly string[]): PricingError {
  const field = place === '' ? name : `${place}.${name}`;
  return PricingError.about(field, 'is not a known field', didYouMean(name, known) ?? `The fields are ${known.join(', ')}.`);
}

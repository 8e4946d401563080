import { offeredRegions } from './price-book/model-catalog';
import { didYouMeanOneOf, nearestNames } from '../input/nearest';

/** The shape of a region's name. Whether AWS has such a region is another question: a new one is only without prices. */
export const REGION = /^[a-z]{2,6}(-[a-z]+)+-\d{1,3}$/;

/** True for a text of the shape of a region's name. */
export function isRegion(value: unknown): value is string {
  return typeof value === 'string' && REGION.test(value);
}

/** `Did you mean us-east-1?`, or an example: the advice after a region that is none. */
export function regionAdvice(value: unknown): string {
  const nearest = nearestRegion(value);
  return didYouMeanOneOf(nearest === undefined ? [] : [nearest]) ?? 'Use a name such as "us-east-1".';
}

/** The description of a valid region for a field with an invalid one, with the nearest region as the example. */
export function regionExample(value: unknown): string {
  return `an AWS region such as ${JSON.stringify(nearestRegion(value) ?? 'us-east-1')}`;
}

/** The length from which a text is compared with regions: a letter or two are contained in many names. */
const SHORTEST_NAME = 3;

function nearestRegion(value: unknown): string | undefined {
  return typeof value === 'string' && value.length >= SHORTEST_NAME ? nearestNames(value.slice(0, 100), offeredRegions(), 1)[0] : undefined;
}

import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { addFinding } from './findings';
import { SourceJson } from '../cost-report/report-json';
import { sentences } from '../input/sentence';
import { MESSAGES } from '../messages';
import { isDeclared, ModelId } from '../pricing/model-id';
import { Offer } from '../pricing/price-book/model-catalog';
import { isOffered, listedOffers } from '../pricing/price-book/offered';

/**
 * Reports a model that no availability list has for the region and the scope of the call, with the alternatives. Reports nothing for a
 * model or a region that no list has, and in partitions that the lists do not cover.
 *
 * @param model the id that it is priced by, with the prefix of the profile that it is called through, if any
 */
export function reportAvailability(construct: IConstruct, model: string, region: string | undefined, source: SourceJson | undefined): void {
  if (region === undefined || Token.isUnresolved(region) || Token.isUnresolved(model)) return;
  const offers = listedOffers(model, region);
  const called = ModelId.parse(model);
  if (offers === undefined || isOffered(called, offers[region]) || isDeclared(called.geography)) return;

  const here = waysOf(called, offers[region]);
  const elsewhere = Object.entries(offers).filter(([, offer]) => isOffered(called, offer)).map(([name]) => name);
  addFinding(construct, MESSAGES.notOffered, sentences([
    `the availability lists do not name ${model} in ${region}`,
    ...(here.length > 0 ? [`${region} offers it through ${joinOr(here)}`] : [`${region} does not offer the model in any way that they name`]),
    ...(elsewhere.length > 0 ? [`${model} can be called from ${elsewhere.slice(0, 6).join(', ')}${elsewhere.length > 6 ? ' and others' : ''}`] : []),
  ]), source);
}

/** The ids under which the model can be called. */
function waysOf(model: ModelId, offer: Offer | undefined): string[] {
  if (offer === undefined) return [];
  return [
    ...(offer.inRegion ? [model.bareId] : []),
    ...offer.geo.map((prefix) => (prefix === 'yes' ? 'a geographic inference profile' : model.through(prefix).id)),
    ...(offer.global ? [model.through('global').id] : []),
  ];
}

function joinOr(texts: readonly string[]): string {
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} or ${texts[texts.length - 1]}`;
}

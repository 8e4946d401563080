import { daysBetween } from './day';
import { catalogModels, ModelEnd, modelFacts, ModelFacts, modelOffers } from './model-catalog';
import { ModelId } from '../model-id';
import { callsFrom, idOfCall, IN_REGION_CALL } from './offered';

/** A model that AWS marks as legacy, in one region. */
export interface LegacyModel extends Omit<ModelEnd, 'regions'> {
  /** The id of the price book. */
  readonly id: string;
  readonly name: string;
}

/** Number of days before its end of life from which a model is reported as ending soon. */
export const ENDS_SOON_DAYS = 180;

/** The lifecycle of a legacy model in a region; undefined for a model that no source marks as legacy. */
export function legacyOf(model: string, region: string | undefined): LegacyModel | undefined {
  const facts = modelFacts(model);
  if (facts?.status !== 'legacy' || facts.lifecycle === undefined) return undefined;
  const { id, name, lifecycle } = facts;
  const isOfRegion = ({ regions }: ModelEnd) => region !== undefined && regions?.includes(region);
  const stated = lifecycle.find(isOfRegion) ?? lifecycle.find(({ regions }) => regions === undefined);
  const [{ asOf, source }] = lifecycle;
  const { regions: _, ...end } = stated ?? { asOf, source, regions: undefined };
  return { id, name, ...end };
}

/** Whether the model has reached its end of life: from that day on AWS serves it no longer. */
export function isGone(model: string, region: string | undefined, day: string): boolean {
  const endOfLife = legacyOf(model, region)?.endOfLife;
  return endOfLife !== undefined && endOfLife <= day;
}

/** Whether the model ends within 180 days of a day, the 180th included. */
export function endsSoon({ endOfLife }: Pick<LegacyModel, 'endOfLife'>, day: string): boolean {
  return endOfLife !== undefined && day < endOfLife && daysBetween(day, endOfLife) <= ENDS_SOON_DAYS;
}

/** `AWS marks it as legacy; its end of life is 2027-03-30 (source)`. */
export function legacyText({ endOfLife, asOf, source }: LegacyModel): string {
  return endOfLife === undefined
    ? `AWS marks it as legacy and has published no end of life for this region by ${asOf} (${source})`
    : `AWS marks it as legacy; its end of life is ${endOfLife} (${source})`;
}

/** A use of a model that is to be replaced. */
export interface ReplacedUse {
  /** The id as it is called, with the prefix of the inference profile if there is one. */
  readonly model: string;
  readonly region: string | undefined;
  /** The billing mode, as in the usage file. */
  readonly type?: string;
}

const ANY_SUCCESSOR = 'use a model that AWS marks as active';

/** The change that replaces a legacy model, as the start of a sentence. */
export function replacementText({ model, region, type }: ReplacedUse): string {
  // A successor that is sold by the token need not be sold by the model unit, and the catalogue has no prices.
  if (type === 'provisioned-throughput') return ANY_SUCCESSOR;
  const successor = successorOf(model, region);
  return successor === undefined ? ANY_SUCCESSOR : `use ${successor}`;
}

/**
 * The newest active model of the same family that can be called from the region: its id differs from the given one in
 * numbers only, as `claude-haiku-4-5` does from `claude-3-haiku`. Undefined where the family has no active model there.
 *
 * The id has the inference profile of the given one where the model has it in the region, else the first of: a
 * geographic profile, the bare id, the global profile. Without a region, the global profile comes first.
 */
export function successorOf(model: string, region: string | undefined): string | undefined {
  const own = modelFacts(model);
  if (own === undefined) return undefined;
  const family = familyOf(own);
  const asked = ModelId.parse(model).prefix ?? IN_REGION_CALL;
  const active = catalogModels()
    .filter((other) => other.status === 'active' && other.id !== own.id && familyOf(other) === family)
    .flatMap(({ id }) => {
      const call = idCalledFrom(id, asked, region);
      return call === undefined ? [] : [{ id, call }];
    });
  return active.find(({ id }) => active.every((other) => !isNewer(other.id, id)))?.call;
}

/** The id under which a model is called from a region; undefined where the availability lists name none. */
function idCalledFrom(bareId: string, asked: string, region: string | undefined): string | undefined {
  const calls = callsOf(bareId, region);
  const geographic = calls.filter((call) => call !== IN_REGION_CALL && call !== 'global');
  // Without a region, the geography is unknown.
  const choices = region === undefined ? [asked, 'global', IN_REGION_CALL, ...geographic] : [asked, ...geographic, IN_REGION_CALL, 'global'];
  const call = choices.find((one) => calls.includes(one));
  return call === undefined ? undefined : idOfCall(ModelId.parse(bareId), call);
}

/** The ways of a call in one region or, for none, in any; where no list names the model, those of its profiles. */
function callsOf(bareId: string, region: string | undefined): readonly string[] {
  const { profiles = [] } = modelFacts(bareId) ?? {};
  const unlisted = profiles.length > 0 ? profiles : [IN_REGION_CALL];
  if (region !== undefined) return callsFrom(bareId, region)?.filter((call) => call !== 'geo') ?? unlisted;
  const regions = Object.keys(modelOffers(bareId) ?? {});
  return regions.length === 0 ? unlisted : [...new Set(regions.flatMap((one) => callsOf(bareId, one)))];
}

/** Provider and the words of the id without numbers, in alphabetical order. */
function familyOf({ id, provider }: ModelFacts): string {
  const words = nameOf(id).split(/[^a-z]+/).filter((word) => word !== '' && word !== 'v');
  return [provider, ...words.sort()].join(' ');
}

function isNewer(id: string, than: string): boolean {
  const [a, b] = [versionNumbers(id), versionNumbers(than)];
  const different = a.findIndex((number, i) => number !== b[i]);
  return different >= 0 && a[different] > (b[different] ?? -1);
}

/** The numbers of an id in their order, without a release date such as 20251001. */
function versionNumbers(id: string): number[] {
  return (nameOf(id).match(/\d+/g) ?? []).filter((digits) => digits.length < 6).map(Number);
}

function nameOf(id: string): string {
  return id.slice(id.indexOf('.') + 1);
}

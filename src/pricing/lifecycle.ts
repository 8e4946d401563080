import { daysBetween } from './book/day';
import { catalogModels, ModelEnd, modelFacts, ModelFacts } from './model-catalog';
import { parseModelId, withProfile } from './model-id';

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

/** The change that replaces a legacy model, as the start of a sentence. */
export function replacementText(model: string): string {
  const successor = successorOf(model);
  return successor === undefined ? 'use a model that AWS marks as active' : `use ${successor}`;
}

/**
 * The newest active model of the same family: its id differs from the given one in numbers only, as
 * `claude-haiku-4-5` does from `claude-3-haiku`. With the inference profile of the given id where the model has it, else
 * with the global one, else bare. Undefined where the family has no active model.
 */
export function successorOf(model: string): string | undefined {
  const own = modelFacts(model);
  if (own === undefined) return undefined;
  const family = familyOf(own);
  const active = catalogModels().filter((other) => other.status === 'active' && other.id !== own.id && familyOf(other) === family);
  const successor = active.find(({ id }) => active.every((other) => !isNewer(other.id, id)));
  return successor && withProfile(successor.id, parseModelId(model).prefix, [...successor.profiles, undefined]);
}

/** Provider and the words of the id without numbers, in alphabetical order. */
function familyOf({ id, provider }: ModelFacts): string {
  const words = nameOf(id).split(/[^a-z]+/).filter((word) => word !== '' && word !== 'v');
  return [provider, ...words.sort()].join(' ');
}

function isNewer(id: string, than: string): boolean {
  const [a, b] = [versionOf(id), versionOf(than)];
  const different = a.findIndex((number, i) => number !== b[i]);
  return different >= 0 && a[different] > (b[different] ?? -1);
}

/** The numbers of an id in their order, without a release date such as 20251001. */
function versionOf(id: string): number[] {
  return (nameOf(id).match(/\d+/g) ?? []).filter((digits) => digits.length < 6).map(Number);
}

function nameOf(id: string): string {
  return id.slice(id.indexOf('.') + 1);
}

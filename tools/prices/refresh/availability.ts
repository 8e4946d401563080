import { ListedModel } from './bedrock-models';
import { Availability, PricedModel } from '../facts';

/**
 * Merges the availability of a newer list into that of prices/. The newer list has priority in every region that it covers at all.
 * Other regions, and models that it does not name, keep the known availability.
 */
export function mergedAvailability(
  models: readonly PricedModel[], listed: readonly ListedModel[], resolve: (id: string) => string,
): Map<string, Availability> {
  const covered = new Set(listed.flatMap(({ availability: { inRegion, geo, global } }) => [...inRegion, ...global, ...Object.values(geo).flat()]));
  const known = new Map(models.map(({ id, availability }) => [id, availability]));
  const byId = new Map<string, Availability>();
  // The exact spelling of an id comes after others of the same model, and replaces them.
  for (const model of [...listed].sort((a, b) => Number(known.has(a.id)) - Number(known.has(b.id)))) {
    const id = resolve(model.id);
    if (known.has(id)) byId.set(id, merged(known.get(id), model.availability, covered));
  }
  return byId;
}

function merged(before: Availability | undefined, newer: Availability, covered: ReadonlySet<string>): Availability {
  if (!before) return newer;
  const kept = (regions: readonly string[] = []) => regions.filter((region) => !covered.has(region));
  const together = (old: readonly string[] | undefined, now: readonly string[] = []) => [...new Set([...kept(old), ...now])].sort();
  const prefixes = [...new Set([...Object.keys(before.geo), ...Object.keys(newer.geo)])].sort();
  const named = new Set([...newer.inRegion, ...newer.global, ...Object.values(newer.geo).flat()]);
  return {
    inRegion: together(before.inRegion, newer.inRegion),
    geo: Object.fromEntries(prefixes
      .map((prefix) => [prefix, together(before.geo[prefix], newer.geo[prefix])] as const)
      .filter(([, regions]) => regions.length > 0)),
    global: together(before.global, newer.global),
    none: before.none.filter((region) => !named.has(region)),
  };
}

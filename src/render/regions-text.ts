/** How many regions a line names before it only counts them. */
const REGIONS_SHOWN = 3;

export function regionsText(regions: readonly string[]): string {
  const sorted = [...new Set(regions)].sort();
  const more = sorted.length - REGIONS_SHOWN;
  // "and 1 more" is no shorter than its name.
  return more <= 1 ? sorted.join(', ') : `${sorted.slice(0, REGIONS_SHOWN).join(', ')} and ${more} more`;
}

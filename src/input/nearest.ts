/** Edit distance of two texts: the number of letters that differ. */
type Distance = (a: string, b: string) => number;

/** Similarity of two texts: 1 for equal texts, 0 for texts that have nothing in common. */
export function similarity(a: string, b: string): number {
  const { distance }: { distance: Distance } = require('../../assets/vendor/levenshtein.js');
  return 1 - distance(a, b) / Math.max(a.length, b.length, 1);
}

/**
 * Returns the known names that are most similar to an unknown name, the most similar first.
 *
 * A name that contains the other one is similar regardless of its length, since users omit versions and dates.
 */
export function nearestNames(name: string, known: readonly string[], count = 3): string[] {
  const { distance }: { distance: Distance } = require('../../assets/vendor/levenshtein.js');
  const wanted = name.toLowerCase();
  if (wanted === '') return [];
  return known
    .map((candidate) => ({ candidate, score: score(wanted, candidate.toLowerCase(), distance), edits: distance(wanted, candidate.toLowerCase()) }))
    .filter(({ score: s }) => s <= 0.5)
    .sort((a, b) => a.score - b.score || a.edits - b.edits || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, count)
    .map(({ candidate }) => candidate);
}

/** Difference of two names: 0 for equal names, 1 for names that have nothing in common. */
function score(wanted: string, candidate: string, distance: Distance): number {
  const edits = distance(wanted, candidate) / Math.max(wanted.length, candidate.length, 1);
  return candidate.includes(wanted) || wanted.includes(candidate) ? Math.min(edits, 0.3) : edits;
}

/** Maximum length of a name that is compared with others. */
const LONGEST_NAME = 100;

/** Returns the question that follows an unknown name, with the most similar known names; undefined if none is similar. */
export function didYouMean(name: string, known: readonly string[], count = 1): string | undefined {
  const nearest = nearestNames(name.slice(0, LONGEST_NAME), known, count);
  return nearest[0] === name ? undefined : didYouMeanOneOf(nearest);
}

/** Renders `Did you mean us-east-1 or us-east-2?` for similar names; undefined without one. */
export function didYouMeanOneOf(nearest: readonly string[]): string | undefined {
  return nearest.length === 0 ? undefined : `Did you mean ${nearest.join(' or ')}?`;
}

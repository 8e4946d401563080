/** The number of letters that have to change to make one text of the other. */
type Distance = (a: string, b: string) => number;

/** 1 for the same text, 0 for texts that have nothing in common. */
export function similarity(a: string, b: string): number {
  const { distance }: { distance: Distance } = require('../../assets/vendor/levenshtein.js');
  return 1 - distance(a, b) / Math.max(a.length, b.length, 1);
}

/**
 * The names most like the given one, best first: for messages about a name that is not known.
 *
 * A name that contains the given one (or the other way round) counts as near whatever its length, since people leave
 * out versions and dates.
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

/** 0 for the same name, 1 for one that has nothing in common. */
function score(wanted: string, candidate: string, distance: Distance): number {
  const edits = distance(wanted, candidate) / Math.max(wanted.length, candidate.length, 1);
  return candidate.includes(wanted) || wanted.includes(candidate) ? Math.min(edits, 0.3) : edits;
}

/** The length up to which a name is compared with others. */
const LONGEST_NAME = 100;

/** The question that follows a name that is not known, with the nearest known one; undefined where none is near. */
export function didYouMean(name: string, known: readonly string[], count = 1): string | undefined {
  const nearest = nearestNames(name.slice(0, LONGEST_NAME), known, count);
  return nearest[0] === name ? undefined : didYouMeanOneOf(nearest);
}

/** `Did you mean us-east-1 or us-east-2?`, from names that were found to be near; undefined without one. */
export function didYouMeanOneOf(nearest: readonly string[]): string | undefined {
  return nearest.length === 0 ? undefined : `Did you mean ${nearest.join(' or ')}?`;
}

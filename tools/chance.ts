const MODULUS = 2 ** 31 - 1;

/** Numbers that look random and are the same each time (Park and Miller's): 0 up to, but without, 1. */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = state * 48_271 % MODULUS;
    return state / MODULUS;
  };
}

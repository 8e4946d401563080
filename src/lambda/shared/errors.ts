/** An error that no retry resolves. */
export class Refusal extends Error {}

/** Whether an error of AWS has one of these names. */
export function isNamed(e: unknown, ...names: readonly string[]): boolean {
  return names.includes((e as Error).name);
}

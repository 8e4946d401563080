/** True for a value that is a part of itself, such as that of `a: &a [*a]`. Linear, although aliases share their values. */
export function containsItself(value: unknown, above = new Set<unknown>(), done = new Set<unknown>()): boolean {
  if (typeof value !== 'object' || value === null || done.has(value)) return false;
  if (above.has(value)) return true;
  above.add(value);
  const found = Object.values(value).some((part) => containsItself(part, above, done));
  above.delete(value);
  done.add(value);
  return found;
}

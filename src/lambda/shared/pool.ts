/** `Promise.all` with at most `size` promises at a time, so that one run does not use up the account's request rates. */
export async function mapInPool<T, R>(items: readonly T[], size: number, each: (item: T) => Promise<R>): Promise<R[]> {
  const results = new Array<R>(items.length);
  const entries = items.entries();
  // All workers take from one iterator.
  const worker = async () => { for (const [i, item] of entries) results[i] = await each(item); };
  await Promise.all(Array.from({ length: Math.min(size, items.length) }, worker));
  return results;
}

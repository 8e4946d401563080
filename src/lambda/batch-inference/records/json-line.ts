import { shortened } from './shape';

/** A line of JSON, or why it is none. A file's first line may begin with a byte order mark. */
export function parseJsonLine(line: string): { readonly value: unknown } | { readonly problem: string } {
  try {
    return { value: JSON.parse(line.replace(/^\ufeff/, '')) };
  } catch (e) {
    return { problem: `the line is not JSON (${shortened((e as Error).message)}): ${shortened(line)}` };
  }
}

/** What a record may be known by. Of JSON's numbers, JavaScript rounds large ones: two ids would become one. */
export function isId(value: unknown): value is string | number {
  return typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER);
}

import { shortened } from './shape';

/** A line of JSON, or why it is none. A file's first line may begin with a byte order mark. */
export function parseJsonLine(line: string): { readonly value: unknown } | { readonly problem: string } {
  try {
    return { value: JSON.parse(line.replace(/^\ufeff/, '')) };
  } catch (e) {
    return { problem: `the line is not JSON (${shortened((e as Error).message)}): ${shortened(line)}` };
  }
}

/** What a record may be known by. JSON has numbers that JavaScript can only take for infinite. */
export function isId(value: unknown): value is string | number {
  return typeof value === 'string' || Number.isFinite(value);
}

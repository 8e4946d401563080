/** More than any file of ours nests; deeper values overflow the stack of their readers. */
export const MAX_NESTING = 64;

/** A value that cannot be used because of its shape. */
export type NestingProblem = 'contains itself' | 'too deep';

/**
 * The problem of the nesting of a value that was read from a file, if there is one: it is a part of itself, such as that of `a: &a [*a]`,
 * or nested more than MAX_NESTING levels deep. Linear, although aliases share their values.
 */
export function nestingProblem(value: unknown): NestingProblem | undefined {
  const height = heightOf(value, 0, new Map(), new Set());
  return typeof height === 'string' ? height : undefined;
}

function heightOf(value: unknown, depth: number, heights: Map<unknown, number>, above: Set<unknown>): number | NestingProblem {
  if (typeof value !== 'object' || value === null) return 0;
  if (above.has(value)) return 'contains itself';
  const known = heights.get(value);
  if (depth + (known ?? 1) > MAX_NESTING) return 'too deep';
  if (known !== undefined) return known;
  above.add(value);
  let height = 1;
  for (const part of Object.values(value)) {
    const below = heightOf(part, depth + 1, heights, above);
    if (typeof below === 'string') return below;
    height = Math.max(height, below + 1);
  }
  above.delete(value);
  heights.set(value, height);
  return height;
}

/** @throws SyntaxError for a text that is not JSON, or is nested too deeply */
export function parseJson(text: string): unknown {
  // Before parsing: a bracket of a text becomes a hundred bytes of memory.
  if (isDeep(text)) throw new SyntaxError(`nested more than ${MAX_NESTING} levels deep`);
  return JSON.parse(text);
}

function isDeep(text: string): boolean {
  let depth = 0;
  let isText = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (isText) {
      if (character === '\\') i++;
      else if (character === '"') isText = false;
    } else if (character === '"') {
      isText = true;
    } else if (character === '[' || character === '{') {
      if (++depth > MAX_NESTING) return true;
    } else if (character === ']' || character === '}') {
      depth--;
    }
  }
  return false;
}

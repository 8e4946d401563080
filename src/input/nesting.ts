/** Maximum depth of nesting. No valid file is nested as deeply, and deeper values overflow the stack of recursive functions. */
export const MAX_NESTING = 64;

/** A value that cannot be used because of its shape. */
export type NestingProblem = 'contains itself' | 'too deep';

/**
 * Returns the nesting problem of a value of a file, if there is one: the value contains itself, such as that of `a: &a [*a]`, or is nested
 * more than MAX_NESTING levels deep. The time is linear, although aliases share their values.
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

/** Error for a text that is valid JSON but not accepted: it is nested too deeply, or has a key twice in one object. */
export class JsonShapeError extends SyntaxError {
  constructor(readonly problem: 'too deep' | { readonly key: string; readonly line: number }) {
    super(problem === 'too deep' ? `nested more than ${MAX_NESTING} levels deep` : `ambiguous: line ${problem.line} gives the field ${JSON.stringify(problem.key)} for the second time`);
  }
}

/**
 * Parses a JSON text. A duplicate key is an error, because JSON.parse silently uses its last value.
 *
 * @throws SyntaxError for a text that is not JSON, JsonShapeError for one that is nested too deeply or has a key twice
 */
export function parseJson(text: string): unknown {
  // The depth is checked before parsing, in which each bracket takes a hundred bytes of memory.
  let members = 0;
  scan(text, (character, _at, depth) => {
    if (depth > MAX_NESTING) throw new JsonShapeError('too deep');
    if (character === ':') members++;
  });
  const value: unknown = JSON.parse(text);
  // If the text has more members than the value, one was overwritten. This is faster than a set of the keys of each object.
  if (membersOf(value) < members) throw new JsonShapeError(secondKey(text));
  return value;
}

/** Calls `visit` for each bracket, colon and comma outside of texts, with its position and the depth of nesting that begins or ends there. */
function scan(text: string, visit: (character: string, at: number, depth: number) => void): void {
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
      visit(character, i, ++depth);
    } else if (character === ']' || character === '}') {
      visit(character, i, depth--);
    } else if (character === ':' || character === ',') {
      visit(character, i, depth);
    }
  }
}

function membersOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let members = Array.isArray(value) ? 0 : Object.keys(value).length;
  for (const part of Object.values(value)) members += membersOf(part);
  return members;
}

/** Finds the first key that an object of a JSON text has twice. */
function secondKey(text: string): { readonly key: string; readonly line: number } {
  const objects: Set<string>[] = [];
  let from = 0;
  let found: { readonly key: string; readonly line: number } | undefined;
  scan(text, (character, at, depth) => {
    if (character === '{' || character === '[') objects[depth] = new Set();
    if (character === ':') {
      const key = String(JSON.parse(text.slice(from, at)));
      if (objects[depth].has(key)) found ??= { key, line: text.slice(0, at).split('\n').length };
      objects[depth].add(key);
    }
    from = at + 1;
  });
  return found!;
}

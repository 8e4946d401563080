/**
 * JSON with a line for each item down to a depth: a changed price is a changed line, and the file is hardly larger than
 * without line breaks. What holds only plain values stays on one line, but for the tables right below the top.
 */
export function formatJson(value: unknown, depth: number): string {
  return `${lines(value, depth, 0)}\n`;
}

function lines(value: unknown, depth: number, level: number): string {
  if (!isContainer(value) || level >= depth || (level >= 2 && !Object.values(value).some(isContainer))) return JSON.stringify(value);
  if (Array.isArray(value)) return block('[', value.map((item) => lines(item, depth, level + 1)), ']');
  return block('{', Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}:${lines(item, depth, level + 1)}`), '}');
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function block(open: string, items: readonly string[], close: string): string {
  return items.length === 0 ? `${open}${close}` : `${open}\n${items.join(',\n')}\n${close}`;
}

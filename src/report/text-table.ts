/** A column of a table: its heading, and the side that its cells lean to (money and numbers to the right). */
export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/**
 * Aligned columns as plain text: the heading, a rule, the rows. Two spaces apart, no trailing spaces.
 *
 * @param footer rows below a second rule, such as totals
 */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[], footer: readonly (readonly string[])[] = []): string[] {
  const all = alignColumns(columns, [columns.map(({ title }) => title), ...rows, ...footer]);
  const rule = '-'.repeat(Math.max(...all.map((line) => line.length)));
  const body = all.slice(1, 1 + rows.length);
  return [all[0], rule, ...body, ...(footer.length > 0 ? [rule, ...all.slice(1 + rows.length)] : [])];
}

/** Rows of cells with the columns brought to the same width, one line for each row. */
export function alignColumns(columns: readonly Pick<Column, 'align'>[], rows: readonly (readonly string[])[]): string[] {
  const cells = rows.map((row) => row.map(oneLine));
  const widths = columns.map((_, i) => Math.max(0, ...cells.map((row) => textWidth(row[i] ?? ''))));
  return cells.map((row) =>
    row.map((cell, i) => {
      const space = ' '.repeat(widths[i] - textWidth(cell));
      return columns[i].align === 'right' ? space + cell : cell + space;
    }).join('  ').trimEnd());
}

/**
 * A text on one line without control characters: what stands in a usage file or a report must not move the cursor,
 * colour the screen or turn the direction of writing.
 */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028-\u202e\u2066-\u2069]+/gu, ' ');
}

/** Characters as people count them. */
export function textWidth(text: string): number {
  return [...text].length;
}

/** A text that is too wide, without its end. */
export function cutEnd(text: string, width: number): string {
  return textWidth(text) <= width ? text : `${asMuchAs([...text], width - 1).join('')}…`;
}

/** A text that is too wide, without its beginning: the end of a path tells constructs apart. */
export function cutStart(text: string, width: number): string {
  return textWidth(text) <= width ? text : `…${asMuchAs([...text].reverse(), width - 1).reverse().join('')}`;
}

/** The first characters that fit in a width. */
function asMuchAs(chars: readonly string[], width: number): string[] {
  let taken = 0;
  const end = chars.findIndex((char) => (taken += textWidth(char)) > width);
  return end < 0 ? [...chars] : chars.slice(0, end);
}

/** A text as the cell of a Markdown table or a part of a sentence: nothing in it is markup. */
export function markdownText(text: string): string {
  return oneLine(text).replace(/[\\`*_{}[\]<>|~#]/g, (char) => `\\${char}`);
}

/** A Markdown table. Cells are taken as they are: pass what is not your own through `markdownText`. */
export function markdownTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(columns.map(({ title }) => title)), line(columns.map(({ align }) => (align === 'right' ? '---:' : '---'))), ...rows.map(line)];
}

import { markdownText, oneLine } from './sanitize';

/** A column of a table: its heading, and the alignment of its cells (amounts and numbers to the right). */
export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/**
 * Renders a table as plain text: the heading, a rule, the rows. Columns are two spaces apart, without trailing spaces.
 *
 * @param footer the rows below a second rule, such as totals
 */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[], footer: readonly (readonly string[])[] = []): string[] {
  const all = alignColumns(columns, [columns.map(({ title }) => title), ...rows, ...footer]);
  const rule = '-'.repeat(Math.max(...all.map(textWidth)));
  const body = all.slice(1, 1 + rows.length);
  return [all[0], rule, ...body, ...(footer.length > 0 ? [rule, ...all.slice(1 + rows.length)] : [])];
}

/** Aligns the cells of rows in columns. Returns a line for each row. */
export function alignColumns(columns: readonly Pick<Column, 'align'>[], rows: readonly (readonly string[])[]): string[] {
  const cells = rows.map((row) => row.map(oneLine));
  const widths = columns.map((_, i) => Math.max(0, ...cells.map((row) => textWidth(row[i] ?? ''))));
  return cells.map((row) =>
    row.map((cell, i) => {
      const space = ' '.repeat(widths[i] - textWidth(cell));
      return columns[i].align === 'right' ? space + cell : cell + space;
    }).join('  ').trimEnd());
}

/** Number of terminal columns of a text. */
export function textWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  return charactersOf(text).reduce((sum, character) => sum + widthOf(character), 0);
}

/** Marks and joiners, whose width is 0. */
const WITHOUT_WIDTH = /^[\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}]$/u;
const EMOJI = /\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|^[\d#*]\ufe0f?\u20e3$/u;

/** Width of a grapheme, which is that of its first visible code point. */
function widthOf(character: string): number {
  if (EMOJI.test(character)) return 2;
  const first = [...character].find((part) => !WITHOUT_WIDTH.test(part));
  if (first === undefined) return 0;
  const { eastAsianWidth }: { eastAsianWidth: (codePoint: number) => number } = require('../../assets/vendor/width.js');
  return eastAsianWidth(first.codePointAt(0)!);
}

/** Cuts the end of a text that is too wide. */
export function cutEnd(text: string, width: number): string {
  return textWidth(text) <= width ? text : `${asMuchAs(charactersOf(text), width - 1).join('')}…`;
}

/** Cuts the beginning of a text that is too wide, since the end of a path distinguishes constructs. */
export function cutStart(text: string, width: number): string {
  return textWidth(text) <= width ? text : `…${asMuchAs(charactersOf(text).reverse(), width - 1).reverse().join('')}`;
}

/** Splits a text into graphemes, each of which may be several code points. */
function charactersOf(text: string): string[] {
  return [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);
}

/** Returns the first graphemes that fit in a width. */
function asMuchAs(characters: readonly string[], width: number): string[] {
  let taken = 0;
  const end = characters.findIndex((character) => (taken += textWidth(character)) > width);
  return end < 0 ? [...characters] : characters.slice(0, end);
}

/** Renders a Markdown table. Cells are not escaped: pass foreign texts through `markdownText`. */
export function markdownTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(columns.map(({ title }) => title)), line(columns.map(({ align }) => (align === 'right' ? '---:' : '---'))), ...rows.map(line)];
}

/** Renders lines as a Markdown list with an empty line below it; empty without lines. */
export function markdownList(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [...lines.map((line) => `- ${markdownText(line)}`), ''];
}

/** Renders lines as Markdown paragraphs. */
export function markdownParagraphs(lines: readonly string[]): string[] {
  return lines.flatMap((line) => [markdownText(line), '']);
}

const WRAPPED_WIDTH = 120;

/** Wraps a text at 120 characters. Lines after the first are indented by the width of the lead. */

export function wrap(lead: string, text: string): string[] {
  const lines: string[] = [];
  let line = lead;
  for (const word of oneLine(text).split(' ')) {
    const isStart = line.trim() === '' || line === lead;
    if (!isStart && line.length + 1 + word.length > WRAPPED_WIDTH) {
      lines.push(line);
      line = ' '.repeat(lead.length) + word;
    } else {
      line += (isStart ? '' : ' ') + word;
    }
  }
  return [...lines, line];
}

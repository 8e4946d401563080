import { markdownText, oneLine } from './sanitize';

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
  const rule = '-'.repeat(Math.max(...all.map(textWidth)));
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

/** The columns of a terminal that a text takes. */
export function textWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  return charactersOf(text).reduce((sum, character) => sum + widthOf(character), 0);
}

/** Marks and joiners, which take no column of their own. */
const WITHOUT_WIDTH = /^[\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}]$/u;
const EMOJI = /\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|^[\d#*]\ufe0f?\u20e3$/u;

/** The width of what a reader takes for one character: by its first part that is visible. */
function widthOf(character: string): number {
  if (EMOJI.test(character)) return 2;
  const first = [...character].find((part) => !WITHOUT_WIDTH.test(part));
  if (first === undefined) return 0;
  const { eastAsianWidth }: { eastAsianWidth: (codePoint: number) => number } = require('../../assets/vendor/width.js');
  return eastAsianWidth(first.codePointAt(0)!);
}

/** A text that is too wide, without its end. */
export function cutEnd(text: string, width: number): string {
  return textWidth(text) <= width ? text : `${asMuchAs(charactersOf(text), width - 1).join('')}…`;
}

/** A text that is too wide, without its beginning: the end of a path tells constructs apart. */
export function cutStart(text: string, width: number): string {
  return textWidth(text) <= width ? text : `…${asMuchAs(charactersOf(text).reverse(), width - 1).reverse().join('')}`;
}

/** The characters as a reader sees them, each of which may be several code points. */
function charactersOf(text: string): string[] {
  return [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);
}

/** The first characters that fit in a width. */
function asMuchAs(characters: readonly string[], width: number): string[] {
  let taken = 0;
  const end = characters.findIndex((character) => (taken += textWidth(character)) > width);
  return end < 0 ? [...characters] : characters.slice(0, end);
}

/** A Markdown table. Cells are taken as they are: pass what is not your own through `markdownText`. */
export function markdownTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(columns.map(({ title }) => title)), line(columns.map(({ align }) => (align === 'right' ? '---:' : '---'))), ...rows.map(line)];
}

/** A Markdown list of lines, and the empty line below it; nothing for no lines. */
export function markdownList(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [...lines.map((line) => `- ${markdownText(line)}`), ''];
}

/** Lines as Markdown paragraphs. */
export function markdownParagraphs(lines: readonly string[]): string[] {
  return lines.flatMap((line) => [markdownText(line), '']);
}

const WRAPPED_WIDTH = 120;

/** A text over several lines of at most 120 characters; those after the first begin below the text, behind its lead. */
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

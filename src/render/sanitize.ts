import { escapeUnprintable, oneLine } from '../input/one-line';

/**
 * Texts of files (reports, usage files, price books, price lists) in the formats of the output. Each renderer passes a text
 * that is not its own through the function of its format.
 */
export { oneLine };

/** An invisible character that joins its neighbors: GitHub finds no link across it, wherever it looks for links after rendering. */
const JOINER = '\u2060';

/** A text in which something may have to be escaped or replaced. Most cells of a report have nothing of it. */
const SPECIAL = /[^\x20-\x7e]|[\\`*_{}[\]<>|~#&@]|:\/\/|www\.|GH-|^\s*[-+=]|^\s*\d+[.)]\s/i;

/**
 * A text for the cell of a table or a part of a sentence in GitHub-flavored Markdown: no markup, HTML, link, mention or
 * reference.
 */
export function markdownText(text: string): string {
  if (!SPECIAL.test(text)) return text;
  return oneLine(text)
    .replace(/[\\`*_{}[\]<>|~#&]/g, (character) => `\\${character}`)
    // At the beginning of an item of a list these would begin another list, a heading or a rule.
    .replace(/^(\s*)([-+=])(?=\s\S|[-=])/, '$1\\$2')
    .replace(/^(\s*\d+)([.)])(?=\s)/, '$1\\$2')
    // After escaping, which GitHub does not see: it looks for links in the rendered text.
    .replace(/(:)(?=\/\/)|(@)|(#)(?=\w)|(www)(?=\.)|(GH-)(?=\d)/gi, `$&${JOINER}`);
}

/** Texts that a spreadsheet evaluates as a formula, also behind space and in full width. */
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/;

/** A text as a cell of CSV (RFC 4180), on one line. A spreadsheet shows a formula as text because of the apostrophe before it. */
export function csvCell(text: string): string {
  const plain = oneLine(text);
  const harmless = FORMULA.test(plain) ? `'${plain}` : plain;
  // Some spreadsheets separate cells by semicolons.
  return /[",;]/.test(harmless) ? `"${harmless.replace(/"/g, '""')}"` : harmless;
}

/** A value as indented JSON, in which no terminal finds a character that it would obey. The value stays the same. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2).split('\n').map(escapeUnprintable).join('\n')}\n`;
}

/** A value on one line in JSON, which is YAML as well. */
export function quotedText(value: unknown): string {
  return escapeUnprintable(JSON.stringify(value));
}

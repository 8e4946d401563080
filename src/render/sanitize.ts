import { escapeUnprintable, oneLine } from '../input/one-line';

/**
 * Escapes texts of files (reports, usage files, price books, price lists) for the formats of the output. Each renderer passes all
 * foreign texts through the function of its format.
 */
export { oneLine };

/** Invisible character that joins its neighbors. GitHub, which looks for links after rendering, finds no link across it. */
const JOINER = '\u2060';

/** Characters that may have to be escaped or replaced. Most cells of a report have none. */
const SPECIAL = /[^\x20-\x7e]|[\\`*_{}[\]<>|~#&@]|:\/\/|www\.|GH-|^\s*[-+=]|^\s*\d+[.)]\s/i;

/**
 * Escapes a text for the cell of a table or a part of a sentence in GitHub-flavored Markdown: the result has no markup, HTML, link,
 * mention or reference.
 */
export function markdownText(text: string): string {
  if (!SPECIAL.test(text)) return text;
  return oneLine(text)
    .replace(/[\\`*_{}[\]<>|~#&]/g, (character) => `\\${character}`)
    // At the beginning of a list item, these characters would begin another list, a heading or a rule.
    .replace(/^(\s*)([-+=])(?=\s\S|[-=])/, '$1\\$2')
    .replace(/^(\s*\d+)([.)])(?=\s)/, '$1\\$2')
    // Last, because GitHub looks for links in the rendered text, in which escapes have no effect.
    .replace(/(:)(?=\/\/)|(@)|(#)(?=\w)|(www)(?=\.)|(GH-)(?=\d)/gi, `$&${JOINER}`);
}

/** Beginning of a text that a spreadsheet evaluates as a formula, also after white space and in full width. */
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/;

/** Renders a text as a cell of CSV (RFC 4180), on one line. An apostrophe before a formula makes a spreadsheet show it as text. */
export function csvCell(text: string): string {
  const plain = oneLine(text);
  const harmless = FORMULA.test(plain) ? `'${plain}` : plain;
  // Some spreadsheets separate cells with semicolons.
  return /[",;]/.test(harmless) ? `"${harmless.replace(/"/g, '""')}"` : harmless;
}

/** Renders a value as indented JSON with escaped control characters. The value is unchanged. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2).split('\n').map(escapeUnprintable).join('\n')}\n`;
}

/** Renders a value as JSON on one line, which is YAML as well. */
export function quotedText(value: unknown): string {
  return escapeUnprintable(JSON.stringify(value));
}

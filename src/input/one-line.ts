/**
 * Texts of users (names of files, ids, reasons, values) as parts of messages: a terminal obeys none of their characters, and
 * none of them begins a line.
 */

/** Control characters, line separators, marks that turn the direction of writing, invisible tags and annotations. */
const UNPRINTABLE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]+/gu;
/** Printable ASCII, which almost every text is: its test is faster than the two other expressions. */
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
/** Half of a character beyond 16 bits. */
const LONE_SURROGATE = /\p{Cs}/gu;

/**
 * A text for the terminal: on one line, without characters that move the cursor, color the screen or turn the direction of
 * writing.
 */
export function oneLine(text: string): string {
  if (PRINTABLE_ASCII.test(text)) return text;
  return text.replace(UNPRINTABLE, ' ').replace(LONE_SURROGATE, '\ufffd');
}

/** The same for a text of ours that has several lines. */
export function printableLines(text: string): string {
  return text.split('\n').map(oneLine).join('\n');
}

/** A JSON text without the characters that a terminal would obey. The value stays the same. */
export function escapeUnprintable(json: string): string {
  return json.replace(UNPRINTABLE, (characters) => characters.split('').map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''));
}

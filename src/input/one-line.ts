/**
 * Functions for texts of users (names of files, ids, reasons, values) in messages. They remove control characters, which would change
 * the terminal, and line breaks.
 */

/** Control characters, line separators, marks that change the direction of writing, invisible tags and annotations. */
const UNPRINTABLE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]+/gu;
/** Printable ASCII. Almost every text is, and this test is faster than the two other expressions. */
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
/** Half of a surrogate pair. */
const LONE_SURROGATE = /\p{Cs}/gu;

/**
 * Returns a text for the terminal on one line, without characters that move the cursor, change colors or the direction of writing.
 */
export function oneLine(text: string): string {
  if (PRINTABLE_ASCII.test(text)) return text;
  return text.replace(UNPRINTABLE, ' ').replace(LONE_SURROGATE, '\ufffd');
}

/** Applies `oneLine` to each line of a text of the library. */
export function printableLines(text: string): string {
  return text.split('\n').map(oneLine).join('\n');
}

/** Escapes the control characters of a JSON text. The value is unchanged. */
export function escapeUnprintable(json: string): string {
  return json.replace(UNPRINTABLE, (characters) => characters.split('').map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''));
}

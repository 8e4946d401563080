import { printableLines } from './one-line';

/**
 * A text as one or more whole sentences: with a capital first letter, unless it begins with a code word such as
 * `modelUnits` or `us-east-1`, and with a full stop. Of a text with several lines, the first is a headline without one.
 * Every text of the library for the screen comes through here, so what users have put into it is made printable.
 */
export function sentence(given: string): string {
  const text = printableLines(given);
  const capital = /^[a-z]+(?=[\s,;'’]|$)/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
  return capital.includes('\n') || /[.?!]$/.test(capital) ? capital : `${capital}.`;
}

/** A problem and its remedy, both as sentences. Below a text with several lines, the remedy is a line of its own. */
export function withFix(text: string, fix: string): string {
  return `${sentence(text)}${text.includes('\n') ? '\n  ' : ' '}${sentence(fix)}`;
}

/** Parts of a text, each as a sentence; a part that is undefined is left out. */
export function sentences(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).map(sentence).join(' ');
}

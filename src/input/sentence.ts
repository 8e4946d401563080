import { printableLines } from './one-line';

/**
 * Renders a text as one or more whole sentences: with a capital first letter, unless it begins with a code word such as
 * `modelUnits` or `us-east-1`, and with a full stop. The first of several lines is a headline without a full stop.
 * All texts of the library for the screen pass through this function, which escapes the control characters of users' texts.
 */
export function sentence(given: string): string {
  const text = printableLines(given);
  const capital = /^[a-z]+(?=[\s,;'’]|$)/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
  return capital.includes('\n') || /[.?!]$/.test(capital) ? capital : `${capital}.`;
}

/** Renders a problem and its remedy as sentences. After a text with several lines, the remedy is on a separate line. */
export function withFix(text: string, fix: string): string {
  return `${sentence(text)}${text.includes('\n') ? '\n  ' : ' '}${sentence(fix)}`;
}

/** Renders each part of a text as a sentence. Undefined parts are left out. */
export function sentences(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).map(sentence).join(' ');
}

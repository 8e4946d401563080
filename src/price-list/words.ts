/** Phrases with several spellings in the price list, and one word for each. They match lower-case words with single spaces. */
const PHRASES: readonly (readonly [RegExp, string])[] = [
  [/\b1 ([mk])\b/g, '1$1'],
  [/\b1 ?(?:h|hours?|hr)\b/g, '1h'],
  [/\b30 ?(?:m|min|mins|minutes?)\b/g, '30m'],
  [/\b5 ?(?:m|min|mins|minutes?)\b/g, '5m'],
  [/\b(?:long (?:context|ctx)|lctx)\b/g, 'long-context'],
  [/\bcross region\b/g, 'cross-region'],
  [/\blatency ?optimized\b/g, 'latency-optimized'],
  [/\bcustom model\b/g, 'custom-model'],
  [/\bmodel customization\b/g, 'model-customization'],
  [/\bon demand inference\b/g, 'on-demand-inference'],
  [/\bbatch inference\b/g, 'batch'],
  [/\bdocument image\b/g, 'document-image'],
  [/\b(?:per minute|tpm)\b/g, 'per-minute'],
  [/\bregional cris\b/g, 'regional'],
];

/**
 * Splits a text of the price list into words in lower case: `CacheWrite1hInputTokenCount_LCtx` is

 * cache, write, 1h, input, token, count, long-context.
 */
export function wordsOf(text: string): string[] {
  const spaced = text
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([a-z])(\d)/g, '$1 $2')
    .replace(/[^A-Za-z0-9]+/g, ' ')
    .toLowerCase()
    .trim();
  return PHRASES.reduce((all, [phrase, word]) => all.replace(phrase, word), spaced).split(' ').filter((word) => word !== '');
}

import { PriceTier } from '../pricing/price-book/rate';

/** Meaning of the fields of a row for its price. */
export interface Facets {
  readonly direction?: 'input' | 'output';
  readonly cache?: 'read' | 'write';
  readonly lifetime?: '5m' | '30m' | '1h';
  readonly medium?: 'text' | 'image' | 'document-image' | 'audio' | 'video' | 'speech';
  readonly tier?: PriceTier;
  readonly scope?: 'regional' | 'geo' | 'global';
  readonly context?: 'long';
  readonly custom?: 'yes';
  /** A rate of the bedrock-mantle endpoint. */
  readonly mantle?: 'yes';
  /** A rate per token per minute: reserved capacity. */
  readonly perMinute?: 'yes';
}

type Facet = keyof Facets;

/** Words with a meaning for the price. */
const MEANINGS = new Map<string, Facets>(Object.entries({
  'input': { direction: 'input' },
  'output': { direction: 'output' },
  'response': { direction: 'output' },
  'read': { cache: 'read' },
  'write': { cache: 'write' },
  '5m': { lifetime: '5m' },
  '30m': { lifetime: '30m' },
  '1h': { lifetime: '1h' },
  'text': { medium: 'text' },
  'image': { medium: 'image' },
  'document-image': { medium: 'document-image' },
  'audio': { medium: 'audio' },
  'video': { medium: 'video' },
  'speech': { medium: 'speech' },
  'standard': { tier: PriceTier.STANDARD },
  'batch': { tier: PriceTier.BATCH },
  'flex': { tier: PriceTier.FLEX },
  'priority': { tier: PriceTier.PRIORITY },
  'latency-optimized': { tier: PriceTier.LATENCY_OPTIMIZED },
  'regional': { scope: 'regional' },
  'geo': { scope: 'geo' },
  'global': { scope: 'global' },
  'long-context': { context: 'long' },
  'custom-model': { custom: 'yes' },
  'model-customization': { custom: 'yes' },
  'mantle': { mantle: 'yes' },
  'per-minute': { perMinute: 'yes' },
} satisfies { readonly [word: string]: Facets }));

/** Words without a meaning of their own. */
const FILLERS = new Set(['token', 'tokens', 'count', 'prompt', 'cache', 'ttl', 'cross-region', 'on-demand-inference']);

/** A field of a row with an unknown value, or one that contradicts another field. */
export class Unclear {
  constructor(readonly reason: string) {}
}

/** True for a word that affects the price, so it must be read in every row. */
export function isMeaningful(word: string): boolean {
  return MEANINGS.has(word) || word === 'cross-region';
}

/**
 * Returns the meaning of the words of a field. Every word must be known: an unknown one may distinguish the price.
 *
 * @param ignored further words without a meaning in this field
 */
export function facetsOf(field: string, words: readonly string[], ignored: readonly string[] = []): Facets | Unclear {
  const unknown = words.find((word) => !MEANINGS.has(word) && !FILLERS.has(word) && !ignored.includes(word));
  if (unknown !== undefined) return new Unclear(`${field}: unknown word ${JSON.stringify(unknown)}`);
  const facets = merged(words.map((word) => [field, MEANINGS.get(word) ?? {}] as const));
  if (!(facets instanceof Unclear) && words.includes('cross-region') && facets.scope === undefined) {
    return new Unclear(`${field}: cross-region without geo or global`);
  }
  return facets;
}

/** Merges statements. The result is unclear if two of them contradict each other. */
export function merged(statements: readonly (readonly [string, Facets | Unclear])[]): Facets | Unclear {
  const all: { [facet in Facet]?: string } = {};
  const statedBy: { [facet in Facet]?: string } = {};
  for (const [field, facets] of statements) {
    if (facets instanceof Unclear) return facets;
    for (const [facet, value] of Object.entries(facets) as [Facet, string][]) {
      if (all[facet] !== undefined && all[facet] !== value) {
        const contradiction = statedBy[facet] === field ? `${field} contradicts itself` : `${statedBy[facet]} and ${field} contradict each other`;
        return new Unclear(`${contradiction} in the ${facet}`);
      }
      all[facet] = value;
      statedBy[facet] ??= field;
    }
  }
  return all as Facets;
}

/**
 * The rooms of `src/` and, for each, the other rooms that it may import from.
 *
 * One table for both guards: eslint (`.projenrc.ts`) and `test/architecture.test.ts`, which also sees `import type`.
 * Below a room stands only what it may lean on; two rooms of the same storey meet in what lies below both.
 */
export const ROOMS: { readonly [room: string]: readonly string[] } = {
  'aws': [],
  'pricing': [],
  'usage-file': ['pricing'],
  'price-list': ['pricing'],
  'gate': ['pricing'],
  'messages.ts': ['pricing', 'usage-file', 'gate'],
  'estimates': ['aws', 'pricing', 'usage-file', 'gate', 'messages.ts'],
  'functions': ['aws'],
  'inference': ['aws', 'pricing', 'usage-file', 'gate', 'messages.ts', 'estimates', 'functions', 'handlers'],
  'budgets': ['aws', 'pricing', 'usage-file', 'gate', 'messages.ts', 'estimates', 'functions', 'handlers'],
  'report': ['pricing', 'usage-file', 'price-list', 'gate', 'messages.ts', 'estimates'],
  'policy': ['pricing', 'usage-file', 'gate', 'messages.ts', 'estimates'],
  'handlers': ['aws', 'pricing'],
  'cli': ['pricing', 'usage-file', 'price-list', 'gate', 'messages.ts', 'report'],
};

/** The pure layers above `pricing`; none of them imports another. */
const FILES = ['price-list', 'price-book-review', 'usage-file', 'cost-report'] as const;
const GROUND = ['aws', 'messages.ts', 'input', 'files', 'pricing'] as const;

/**
 * The layers of `src/` and, for each, the other layers that it may import.
 *
 * One table for both guards: eslint (`.projenrc.ts`) and `test/architecture.test.ts`, which also reads `import type`.
 * CONTRIBUTING.md says what each layer holds.
 */
export const LAYERS: { readonly [layer: string]: readonly string[] } = {
  'aws': [],
  'messages.ts': [],
  'input': [],
  // Reads files, and is no pure layer: of those, only `PriceBook.fromFile` imports it (test/architecture.test.ts).
  'files': ['input'],
  'pricing': ['input', 'files'],
  'price-list': ['messages.ts', 'input', 'pricing'],
  'price-book-review': ['messages.ts', 'input', 'pricing'],
  'usage-file': ['messages.ts', 'input', 'pricing'],
  'cost-report': ['messages.ts', 'input', 'pricing'],
  'gate': ['messages.ts', 'input', 'pricing', ...FILES],
  'render': ['messages.ts', 'input', 'pricing', ...FILES, 'gate'],
  'estimates': [...GROUND, ...FILES, 'gate', 'render'],
  'functions': ['aws'],
  'synth-output': [...GROUND, ...FILES, 'gate', 'render', 'estimates'],
  'registration': [...GROUND, ...FILES, 'gate', 'render', 'estimates', 'synth-output'],
  'inference': [...GROUND, ...FILES, 'gate', 'render', 'estimates', 'registration', 'functions', 'lambda'],
  'budgets': [...GROUND, ...FILES, 'gate', 'render', 'estimates', 'synth-output', 'registration', 'functions', 'lambda'],
  'lambda': ['aws', 'input', 'pricing'],
  'cli': ['messages.ts', 'input', 'files', 'pricing', ...FILES, 'gate', 'render'],
};

/** The layers that know neither CDK, files, processes nor a clock. */
export const PURE_LAYERS: readonly string[] = ['messages.ts', 'input', 'pricing', ...FILES, 'gate', 'render'];

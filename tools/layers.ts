/** The pure layers directly above `pricing`; none of them imports another. */
const ABOVE_PRICING = ['price-list', 'price-book-review', 'usage-file', 'cost-report', 'unpriced'] as const;
/** The layers that the constructs and everything that runs at synthesis may import. */
const BELOW_CONSTRUCTS = ['messages.ts', 'input', 'pricing', 'gate', 'estimates'] as const;

/**
 * The layers of `src/` and, for each, the other layers that it may import.
 *
 * Two checks use this table: eslint (`.projenrc.ts`) and `test/architecture.test.ts`. The test also reads `import type`, and fails for
 * a permission that no file uses. From a function of `lambda`, constructs may import only `contract.ts`, which the test checks too.
 * CONTRIBUTING.md describes each layer.
 */
export const LAYERS: { readonly [layer: string]: readonly string[] } = {
  'aws': [],
  'messages.ts': [],
  'input': [],
  // Reads files, so it is not a pure layer. Of the pure layers, only `PriceBook.fromFile` imports it (test/architecture.test.ts).
  'files': ['input'],
  'pricing': ['input', 'files'],
  'price-list': ['pricing'],
  'price-book-review': ['messages.ts', 'input', 'pricing'],
  'usage-file': ['input', 'pricing'],
  'cost-report': ['messages.ts', 'input', 'pricing'],
  'unpriced': ['input', 'pricing'],
  'gate': ['messages.ts', 'input', 'pricing', 'cost-report', 'unpriced'],
  'render': ['messages.ts', 'input', 'pricing', ...ABOVE_PRICING, 'gate'],
  'estimates': ['aws', 'messages.ts', 'input', 'files', 'pricing', 'unpriced', 'usage-file', 'cost-report', 'gate'],
  'functions': [],
  'synth-output': [...BELOW_CONSTRUCTS, 'aws', 'files', 'cost-report', 'unpriced', 'render'],
  'registration': [...BELOW_CONSTRUCTS, 'unpriced', 'cost-report', 'synth-output'],
  'inference': [...BELOW_CONSTRUCTS, 'aws', 'cost-report', 'registration', 'functions', 'lambda'],
  'budgets': [...BELOW_CONSTRUCTS, 'aws', 'synth-output', 'registration', 'functions', 'lambda'],
  'lambda': ['aws', 'input', 'pricing'],
  'cli': ['input', 'files', 'pricing', ...ABOVE_PRICING, 'gate', 'render'],
};

/** The layers that use neither CDK, processes, nor a clock. Only `PriceBook.fromFile` uses files. */
export const PURE_LAYERS: readonly string[] = ['aws', 'messages.ts', 'input', 'pricing', ...ABOVE_PRICING, 'gate', 'render'];

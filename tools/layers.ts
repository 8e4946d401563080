/** The pure layers directly above `pricing`; none of them imports another. */
const ABOVE_PRICING = ['price-list', 'price-book-review', 'usage-file', 'cost-report', 'unpriced'] as const;
/** The layers that the constructs and everything that runs at synthesis may import. */
const BELOW_CONSTRUCTS = ['messages.ts', 'input', 'pricing', 'gate', 'estimates'] as const;

/**
 * The layers of `src/` and, for each, the other layers that it may import.
 *
 * One table for both guards: eslint (`.projenrc.ts`) and `test/architecture.test.ts`, which also reads `import type`, and fails for
 * a permission that no file uses. Inside a function of `lambda`, constructs may import `contract.ts` only: that test checks it.
 * CONTRIBUTING.md says what each layer holds.
 */
export const LAYERS: { readonly [layer: string]: readonly string[] } = {
  'aws': [],
  'messages.ts': [],
  'input': [],
  // Reads files, and is no pure layer: of those, only `PriceBook.fromFile` imports it (test/architecture.test.ts).
  'files': ['input'],
  'pricing': ['input', 'files'],
  'price-list': ['pricing'],
  'price-book-review': ['messages.ts', 'input', 'pricing'],
  'usage-file': ['input', 'pricing'],
  'cost-report': ['messages.ts', 'input', 'pricing'],
  'unpriced': ['input', 'pricing'],
  'gate': ['messages.ts', 'input', 'pricing', 'cost-report'],
  'render': ['messages.ts', 'input', 'pricing', ...ABOVE_PRICING, 'gate'],
  'estimates': ['aws', 'messages.ts', 'input', 'files', 'pricing', 'unpriced', 'usage-file', 'cost-report', 'gate'],
  'functions': [],
  'synth-output': [...BELOW_CONSTRUCTS, 'aws', 'files', 'cost-report', 'render'],
  'registration': [...BELOW_CONSTRUCTS, 'unpriced', 'cost-report', 'synth-output'],
  'inference': [...BELOW_CONSTRUCTS, 'aws', 'cost-report', 'registration', 'functions', 'lambda'],
  'budgets': [...BELOW_CONSTRUCTS, 'aws', 'synth-output', 'registration', 'functions', 'lambda'],
  'lambda': ['aws', 'input', 'pricing'],
  'cli': ['input', 'files', 'pricing', ...ABOVE_PRICING, 'gate', 'render'],
};

/** The layers that know neither CDK, processes nor a clock; nor files, but for `PriceBook.fromFile`. */
export const PURE_LAYERS: readonly string[] = ['aws', 'messages.ts', 'input', 'pricing', ...ABOVE_PRICING, 'gate', 'render'];

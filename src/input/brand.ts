/** Classes of this library whose instances are recognized by a brand. */
export type Brand =
  'BatchInput' | 'BatchPrompts' | 'BedrockModel' | 'FileError' | 'PriceBook' | 'PricingError' | 'ProfileGeography' | 'StopAction' | 'UsageFileError';

/** Returns the symbol of a brand, which is the same in every copy of the library. */
function symbolOf(brand: Brand): symbol {
  return Symbol.for(`cdk-bedrock-cost.${brand}`);
}

/** Marks an instance, in the constructor of its class. The mark is not enumerable, so it is not printed. */
export function markAs(brand: Brand, instance: object): void {
  Object.defineProperty(instance, symbolOf(brand), { value: true });
}

/**
 * True for an instance of the class in any copy of the library. An app may load two copies, and `instanceof` recognizes the
 * instances of one only. `Construct.isConstruct` and `Stack.isStack` of the CDK work in the same way.
 */
export function isMarkedAs(brand: Brand, value: unknown): boolean {
  return typeof value === 'object' && value !== null && symbolOf(brand) in value;
}

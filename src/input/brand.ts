/** The classes of this library whose instances are recognized by a brand. */
export type Brand =
  'BatchInput' | 'BatchPrompts' | 'BedrockModel' | 'FileError' | 'PriceBook' | 'PricingError' | 'ProfileGeography' | 'StopAction' | 'UsageFileError';

/** The same symbol in every copy of the library. */
function symbolOf(brand: Brand): symbol {
  return Symbol.for(`cdk-bedrock-cost.${brand}`);
}

/** Marks an instance, in the constructor of its class. The mark is not enumerable, so that nothing prints it. */
export function markAs(brand: Brand, instance: object): void {
  Object.defineProperty(instance, symbolOf(brand), { value: true });
}

/**
 * True for an instance of the class, of whichever copy of the library: an app may load two, and `instanceof` recognizes the
 * instances of one only. `Construct.isConstruct` and `Stack.isStack` of the CDK work alike.
 */
export function isMarkedAs(brand: Brand, value: unknown): boolean {
  return typeof value === 'object' && value !== null && symbolOf(brand) in value;
}

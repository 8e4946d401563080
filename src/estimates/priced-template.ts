import { CfnResource, Stack } from 'aws-cdk-lib';

/** A property of a template that the price of a construct depends on, as it was priced. */
export interface PricedProperty {
  readonly resource: CfnResource;
  /** The path of the property, such as `ModelSource.CopyFrom`. */
  readonly property: string;
  /** The value that was priced; may hold tokens. Left out for a property that must not be set. */
  readonly value?: unknown;
  /** The value that the L1 construct has now, before overrides; left out where only overrides can change it. */
  current?(): unknown;
  /**
   * The part of a resolved value that the price depends on: two values with the same part cost the same.
   * @default - all of it
   */
  priced?(resolved: unknown): unknown;
}

interface TemplateJson {
  readonly Resources?: { readonly [logicalId: string]: { readonly Properties?: object } };
}

/** The longest value that a message shows in full. */
const SHOWN_MAX = 120;

/**
 * The first difference between a template and the usage that was priced, in words; undefined without a difference.
 *
 * Final only after Aspects have run. Detects overrides (`addPropertyOverride`) and properties that are set on the L1 construct, also by
 * Aspects.
 */
export function differenceIn(properties: readonly PricedProperty[]): string | undefined {
  for (const property of properties) {
    const difference = isUntouched(property) ? undefined : differenceOf(property);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

/** Avoids resolving a template without changes, as almost all are. */
function isUntouched({ resource, value, current }: PricedProperty): boolean {
  return !isOverridden(resource) && (current === undefined || current() === value);
}

function isOverridden(resource: CfnResource): boolean {
  const { rawOverrides } = resource as unknown as { readonly rawOverrides?: object };
  return rawOverrides === undefined || Object.keys(rawOverrides).length > 0;
}

/** A property as the template will have it. */
function finalValue(resource: CfnResource, property: string): unknown {
  const { Resources = {} } = Stack.of(resource).resolve(resource._toCloudFormation()) as TemplateJson;
  const [final] = Object.values(Resources);
  return property.split('.').reduce<unknown>((node, name) => (node as { readonly [name: string]: unknown } | undefined)?.[name], final?.Properties);
}

/** A property of a resource that has overrides, as the template will have it; undefined for a resource without any. */
export function overriddenValue(resource: CfnResource, property: string): unknown {
  return isOverridden(resource) ? finalValue(resource, property) : undefined;
}

function differenceOf({ resource, property, value, priced = (resolved) => resolved }: PricedProperty): string | undefined {
  const found = priced(finalValue(resource, property));
  const expected = priced(Stack.of(resource).resolve(value));
  if (JSON.stringify(found) === JSON.stringify(expected)) return undefined;
  return `${property} of ${resource.node.path} is ${shown(found)} in the template, and ${shown(expected)} was priced`;
}

function shown(value: unknown): string {
  const text = value === undefined ? 'not set' : JSON.stringify(value);
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}...` : text;
}

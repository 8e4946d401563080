import { constructPath, TemplateSource } from './plain-template';
import { Usage, usagesOf } from './usages';
import { ModelId } from '../pricing/model-id';

/** A priced resource of a report, or of an app at synth. */
export interface PricedResource {
  readonly path: string;
  /** Billing mode, as in the usage file. */
  readonly type: string;
  /** Null if no model is part of the price. */
  readonly model: string | null;
}

/** A use of Amazon Bedrock, and whether a price of the app includes it. */
export interface ReviewedUsage {
  readonly usage: Usage;
  readonly priced: boolean;
}

/** The number of uses by result. A free use with a price is priced. */
export interface Coverage {
  readonly priced: number;
  readonly unpriced: number;
  readonly free: number;
  readonly notCovered: number;
}

/** Finds the uses of Amazon Bedrock in the templates of an app, and those that the priced resources include. */
export function reviewUsages(sources: readonly TemplateSource[], resources: readonly PricedResource[]): ReviewedUsage[] {
  const prices = new Prices(sources, resources);
  return usagesOf(sources).map((usage) => ({ usage, priced: prices.include(usage) }));
}

export type Verdict = keyof Coverage;

export function verdictOf({ usage: { billing }, priced }: ReviewedUsage): Verdict {
  if (priced) return 'priced';
  return billing === 'spends' ? 'unpriced' : billing === 'free' ? 'free' : 'notCovered';
}

export function coverageOf(usages: readonly ReviewedUsage[]): Coverage {
  const number = (verdict: Verdict) => usages.filter((usage) => verdictOf(usage) === verdict).length;
  return { priced: number('priced'), unpriced: number('unpriced'), free: number('free'), notCovered: number('notCovered') };
}

/** Returns the uses that cost money and have no price. */
export function unpricedOf(usages: readonly ReviewedUsage[]): Usage[] {
  return usages.filter((usage) => verdictOf(usage) === 'unpriced').map(({ usage }) => usage);
}

/** The priced resources of an app by path. */
class Prices {
  private readonly paths: ReadonlySet<string>;
  /** Paths above a priced one. */
  private readonly above: ReadonlySet<string>;
  /** The billing modes and bare ids of models, by the scope of the estimates that no construct has. */
  private readonly modelsByScope = new Map<string, Set<string>>();

  constructor(sources: readonly TemplateSource[], resources: readonly PricedResource[]) {
    this.paths = new Set(resources.map(({ path }) => path));
    this.above = new Set([...this.paths].flatMap(pathsAbove));
    const constructs = resources.length === 0 ? new Set<string>() : constructPaths(sources);
    for (const { path, type, model } of resources) {
      if (model === null || constructs.has(path)) continue;
      const scope = path.slice(0, Math.max(0, path.lastIndexOf('/')));
      this.modelsByScope.set(scope, (this.modelsByScope.get(scope) ?? new Set()).add(`${type} ${ModelId.parse(model).bareId}`));
    }
  }

  /**
   * True if a price is at, above or below one of the resources that make up the use; or if estimates without a construct, in a scope of the
   * use, have all of its models in their billing modes.
   */
  public include(usage: Usage): boolean {
    return usage.paths.some((path) => this.isAt(path, usage.stack)) || this.hasModelsOf(usage);
  }

  private isAt(path: string, stack: string): boolean {
    const construct = constructPath(path);
    // The price of an L2 construct may be below it, beside the L1.
    return this.above.has(construct === stack ? path : construct) || [path, ...pathsAbove(path)].some((scope) => this.paths.has(scope));
  }

  private hasModelsOf({ path, workloads }: Usage): boolean {
    if (workloads.length === 0 || this.modelsByScope.size === 0) return false;
    const scopes = pathsAbove(path).flatMap((scope) => this.modelsByScope.get(scope) ?? []);
    return workloads.every(({ type, model }) => model !== undefined && scopes.some((models) => models.has(`${type} ${ModelId.parse(model).bareId}`)));
  }
}

/** The paths of the resources of templates, and those above them. */
function constructPaths(sources: readonly TemplateSource[]): Set<string> {
  const found = new Set<string>();
  for (const { template, paths } of sources) {
    const resources = Object.entries((template as { readonly Resources?: object } | null)?.Resources ?? {});
    for (const [logicalId, resource] of resources) {
      const path: unknown = paths?.get(logicalId) ?? (resource as { readonly Metadata?: { readonly 'aws:cdk:path'?: unknown } } | null)?.Metadata?.['aws:cdk:path'];
      if (typeof path === 'string') for (const scope of [path, ...pathsAbove(path)]) found.add(scope);
    }
  }
  return found;
}

function pathsAbove(path: string): string[] {
  const paths: string[] = [];
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) paths.push(path.slice(0, end));
  return paths;
}

import { CfnResource, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { knownConstructs } from './constructs';
import { BudgetEntry, isBelow, registryOf } from './registry';

/** An application inference profile that is not of this library, in the scope of a budget that does not see its use. */
export interface UnpricedProfile {
  readonly resource: CfnResource;
  readonly budget: BudgetEntry;
}

/**
 * The application inference profiles that budgets cover and no estimate describes.
 *
 * An estimate describes a profile if it is made at or below it, or at or below the construct that it is the main resource
 * of: `CostEstimates.of(profile).addOnDemand(...)`.
 */
export function unpricedProfiles(root: IConstruct): UnpricedProfile[] {
  const { budgets, entries } = registryOf(root);
  const described = new Set<IConstruct>();
  for (const { construct } of entries) {
    for (const scope of construct.node.scopes) if (!Stack.isStack(scope)) described.add(scope);
  }
  const found = new Map<CfnResource, BudgetEntry>();
  for (const budget of budgets.filter(({ construct }) => isBelow(construct, root))) {
    for (const profile of knownConstructs(root).profiles) {
      if (!found.has(profile) && isBelow(profile, budget.covers) && !isDescribed(profile, described)) found.set(profile, budget);
    }
  }
  return [...found].map(([resource, budget]) => ({ resource, budget }));
}

function isDescribed(resource: CfnResource, described: ReadonlySet<IConstruct>): boolean {
  const { scope } = resource.node;
  return described.has(resource) || (scope !== undefined && scope.node.defaultChild === resource && described.has(scope));
}

export function unpricedProfileText({ resource, budget }: UnpricedProfile): string {
  return `${resource.node.path} is an application inference profile whose use is in no estimate, and ${budget.construct.node.path} covers it`;
}

import { CfnResource, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { BudgetEntry, isBelow, registryOf } from './registry';

const PROFILE_TYPE = 'AWS::Bedrock::ApplicationInferenceProfile';

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
    for (const node of budget.covers.node.findAll()) {
      if (isProfile(node) && !found.has(node) && !isDescribed(node, described)) found.set(node, budget);
    }
  }
  return [...found].map(([resource, budget]) => ({ resource, budget }));
}

/** Reads the type alone, which only resources have: `isCfnResource` of CDK checks no more, and every construct of the app is asked. */
function isProfile(node: IConstruct): node is CfnResource {
  return (node as Partial<CfnResource>).cfnResourceType === PROFILE_TYPE;
}

function isDescribed(resource: CfnResource, described: ReadonlySet<IConstruct>): boolean {
  const { scope } = resource.node;
  return described.has(resource) || (scope !== undefined && scope.node.defaultChild === resource && described.has(scope));
}

export function unpricedProfileText({ resource, budget }: UnpricedProfile): string {
  return `${resource.node.path} is an application inference profile whose use is in no estimate, and ${budget.construct.node.path} covers it`;
}

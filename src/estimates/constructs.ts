import { CfnResource, Stack, Stage, Validations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { oncePerSynthesis, rootOf } from './registry';

const PROFILE_TYPE = 'AWS::Bedrock::ApplicationInferenceProfile';

/** The constructs of an app that the checks of a synthesis read, each list in the order of the tree. */
export interface KnownConstructs {
  /** The stages, without the app. */
  readonly stages: readonly Stage[];
  readonly stacks: readonly Stack[];
  /** The resources of each stack, without those of nested stacks. */
  readonly resources: ReadonlyMap<Stack, readonly CfnResource[]>;
  /** The application inference profiles of any library. */
  readonly profiles: readonly CfnResource[];
  /** The constructs on which rules of CDK are acknowledged. */
  readonly acknowledged: readonly IConstruct[];
}

/**
 * The constructs of the app of a scope. Found in one walk for all checks of a synthesis, since an app has thousands of constructs:
 * its Aspects have run when the first check asks, and nothing is added to the tree after them. Before a synthesis, each call walks the tree.
 */
export function knownConstructs(scope: IConstruct): KnownConstructs {
  return oncePerSynthesis(scope, find, () => find(rootOf(scope)));
}

function find(root: IConstruct): KnownConstructs {
  const stages: Stage[] = [];
  const stacks: Stack[] = [];
  const resources = new Map<Stack, CfnResource[]>();
  const profiles: CfnResource[] = [];
  const acknowledged: IConstruct[] = [];
  const visit = (construct: IConstruct): void => {
    if (isResource(construct)) {
      const ofStack = resources.get(construct.stack);
      if (ofStack) ofStack.push(construct);
      else resources.set(construct.stack, [construct]);
      if (construct.cfnResourceType === PROFILE_TYPE) profiles.push(construct);
    } else if (Stack.isStack(construct)) {
      stacks.push(construct);
    } else if (construct !== root && Stage.isStage(construct)) {
      stages.push(construct);
    }
    const { node } = construct;
    if (node.metadata.some(isAcknowledgement)) acknowledged.push(construct);
    for (const child of node.children) visit(child);
  };
  visit(root);
  return { stages, stacks, resources, profiles, acknowledged };
}

/** Reads the type alone, which only resources have: `isCfnResource` of CDK checks no more, and every construct of the app is asked. */
function isResource(construct: IConstruct): construct is CfnResource {
  return (construct as Partial<CfnResource>).cfnResourceType !== undefined;
}

function isAcknowledgement({ type }: { readonly type: string }): boolean {
  return type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY;
}

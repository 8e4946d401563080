import { resolve } from 'path';
import { Stack, Stage } from 'aws-cdk-lib';
import { Construct, IConstruct } from 'constructs';
import { SourceJson } from '../cost-report/report-json';
import { registryOf } from '../estimates/registry';

/** The id of the construct that holds the estimates of a scope. A colon is in no id that an app is likely to have. */
const ESTIMATES = 'cdk-bedrock-cost:estimates';

/**
 * The construct of an estimate that is not of a construct of this library. It has no resources.
 *
 * Its path is that of a child of the scope with its id, by which users know it, but it is not such a child: an app may create a
 * construct with the same id, such as an agent, before or after the estimate. The estimate is the cost of that construct then.
 */
export class EstimateConstruct extends Construct {
  /** The construct of the scope that had the id when the estimate was added. */
  private readonly first: IConstruct | undefined;

  constructor(private readonly owner: Construct, id: string, source: SourceJson | undefined) {
    super(estimatesIn(owner) ?? new Construct(owner, ESTIMATES), id);
    const { node } = this;
    this.first = childOf(owner, node.id);
    const ownPath = node.path;
    // CDK keeps one list of metadata for each path: an estimate with the path of another construct would erase its annotations.
    const path = [owner.node.path, node.id].filter(Boolean).join('/');
    Object.defineProperty(node, 'path', { get: () => (this.subject === this ? path : ownPath) });
    // CDK shows the source line of a violation only for constructs that carry this; its own L1s do.
    if (source && this.subject === this) node.addMetadata('aws:cdk:creationStack', [`${id} (${resolve(source.file)}:${source.line}:1)`]);
  }

  /**
   * The construct with the cost: the one of the scope that has the id, or this one. A construct that had the id when the estimate was
   * added takes its estimate with it when it is removed.
   */
  public get subject(): IConstruct {
    return childOf(this.owner, this.node.id) ?? this.first ?? this;
  }
}

/** The child of a scope; undefined for a stack or stage, which has resources of its own in places of its own. */
function childOf(scope: Construct, id: string): IConstruct | undefined {
  const found = scope.node.tryFindChild(id);
  return Construct.isConstruct(found) && !Stack.isStack(found) && !Stage.isStage(found) ? found : undefined;
}

/** True if an estimate of the scope has the id, or a construct of it that is priced itself. */
export function isIdTaken(scope: Construct, id: string): boolean {
  return estimatesIn(scope)?.node.tryFindChild(id) !== undefined || isPriced(childOf(scope, id));
}

/** True for a construct that is priced itself. */
export function isPriced(construct: IConstruct | undefined): boolean {
  return construct !== undefined && registryOf(construct).priced?.has(construct) === true;
}

function estimatesIn(scope: Construct): Construct | undefined {
  return scope.node.tryFindChild(ESTIMATES) as Construct | undefined;
}

import { resolve } from 'path';
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
  /** The construct of the scope that had the id last. */
  private last: IConstruct | undefined;

  constructor(private readonly owner: Construct, id: string, source: SourceJson | undefined) {
    super(estimatesIn(owner) ?? new Construct(owner, ESTIMATES), id);
    const { node } = this;
    const ownPath = node.path;
    // CDK keeps one list of metadata for each path: an estimate with the path of another construct would erase its annotations.
    const path = [owner.node.path, node.id].filter(Boolean).join('/');
    Object.defineProperty(node, 'path', { get: () => (this.subject === this ? path : ownPath) });
    // CDK shows the source line of a violation only for constructs that carry this; its own L1s do.
    if (source && this.subject === this) node.addMetadata('aws:cdk:creationStack', [`${id} (${resolve(source.file)}:${source.line}:1)`]);
  }

  /** The construct with the cost: the one of the scope that has the id, or this one. One that was removed takes its estimate with it. */
  public get subject(): IConstruct {
    const { owner, node, last = this } = this;
    const found = owner.node.tryFindChild(node.id);
    if (found) this.last = found;
    return found ?? last;
  }
}

/** True if an estimate of the scope has the id, or a construct of it that is priced itself. */
export function isIdTaken(scope: Construct, id: string): boolean {
  return estimatesIn(scope)?.node.tryFindChild(id) !== undefined || isPriced(scope.node.tryFindChild(id));
}

/** True for a construct that is priced itself. */
export function isPriced(construct: IConstruct | undefined): boolean {
  return construct !== undefined && registryOf(construct).priced?.has(construct) === true;
}

function estimatesIn(scope: Construct): Construct | undefined {
  return scope.node.tryFindChild(ESTIMATES) as Construct | undefined;
}

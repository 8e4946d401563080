import { CfnResource } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { addFinding } from '../estimates/findings';
import { entriesBelow } from '../estimates/registry';
import { usageFile } from '../estimates/settings';
import { didYouMean } from '../input/nearest';
import { MESSAGES } from '../messages';

/** Workloads of the usage file, and its region, that change nothing: their author does not know it. */
export function warnOfUnusedUsage(construct: IConstruct): void {
  const file = usageFile(construct);
  if (file === undefined) return;
  const entries = entriesBelow(construct.node.root);
  const paths = new Set(entries.map((entry) => entry.construct.node.path));
  const unused = file.workloads.map(({ name }) => name).filter((name) => !paths.has(name));
  if (unused.length > 0) {
    const found = unused.map((name) => whatIsAt(name, construct.node.root, [...paths])).join('; ');
    addFinding(construct, MESSAGES.unusedWorkload, `the usage file names ${found}`);
  }
  const withoutRegion = new Set(file.workloads.filter(({ region }) => region === undefined).map(({ name }) => name));
  const elsewhere = entries
    .filter(({ construct: { node }, region }) => withoutRegion.has(node.path) && region !== undefined && region !== file.region);
  if (file.region !== undefined && elsewhere.length > 0) {
    const list = elsewhere.map(({ construct: { node }, region }) => `${node.path} is priced in ${region}`).join(', ');
    addFinding(construct, MESSAGES.unusedRegion, `the usage file has region ${JSON.stringify(file.region)}, but ${list}, the region of its stack`);
  }
}

/** Why a workload of the name changes nothing: nothing is at the path, or something that has no estimate. */
function whatIsAt(name: string, root: IConstruct, priced: readonly string[]): string {
  const found = root.node.findAll().find(({ node }) => node.path === name);
  if (found === undefined) {
    const question = didYouMean(name, priced);
    return `${name}, and no construct has this path${question === undefined ? '' : ` (${question})`}`;
  }
  const resource = CfnResource.isCfnResource(found) ? found : found.node.defaultChild;
  const type = CfnResource.isCfnResource(resource) ? `a construct of the type ${resource.cfnResourceType}` : 'a construct';
  return `${name}, which is ${type} without an estimate (add one: CostEstimates.of(construct).addOnDemand('Usage', ...), whose workload is ${name}/Usage)`;
}

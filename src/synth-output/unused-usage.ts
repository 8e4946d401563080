import { CfnResource } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { entriesBelow } from '../estimates/registry';
import { usageFile } from '../estimates/settings';
import { didYouMean } from '../input/nearest';
import { MessageDefinition, MESSAGES } from '../messages';

/** The warnings of workloads of the usage file, and of its region, that change nothing: their author does not know it. */
export function unusedUsage(root: IConstruct): (readonly [MessageDefinition, string])[] {
  const file = usageFile(root);
  if (file === undefined) return [];
  const warnings: (readonly [MessageDefinition, string])[] = [];
  const entries = entriesBelow(root);
  const paths = new Set(entries.map((entry) => entry.construct.node.path));
  const unused = file.workloads.map(({ name }) => name).filter((name) => !paths.has(name));
  if (unused.length > 0) {
    const found = unused.map((name) => whatIsAt(name, root, [...paths])).join('; ');
    warnings.push([MESSAGES.unusedWorkload, `the usage file names ${found}`]);
  }
  const withoutRegion = new Set(file.workloads.filter(({ region }) => region === undefined).map(({ name }) => name));
  const elsewhere = entries
    .filter(({ construct: { node }, region }) => withoutRegion.has(node.path) && region !== undefined && region !== file.region);
  if (file.region !== undefined && elsewhere.length > 0) {
    const list = elsewhere.map(({ construct: { node }, region }) => `${node.path} is priced in ${region}`).join(', ');
    warnings.push([MESSAGES.unusedRegion, `the usage file has region ${JSON.stringify(file.region)}, but ${list}, the region of its stack`]);
  }
  return warnings;
}

/** The reason that a workload of the name changes nothing: the path has no construct, or one without an estimate. */
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

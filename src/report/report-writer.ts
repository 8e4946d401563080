import { rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { Annotations, attachCustomSynthesis, CfnResource, ISynthesisSession, Stack, Stage } from 'aws-cdk-lib';
import { ArtifactType } from 'aws-cdk-lib/cloud-assembly-schema';
import { Construct, IConstruct } from 'constructs';
import { buildReport, stackReport } from './build-report';
import { REPORT_FILE } from './parse-report';
import { printRefusal, printSummary } from './print-summary';
import { renderReportMarkdown, renderStackTable } from './render-report';
import { warnOfUnusedRates } from './unused-rates';
import { addFinding, severityOf } from '../estimates/findings';
import { addRecordListener } from '../estimates/record';
import { once, registryOf } from '../estimates/registry';
import { hasDetails, priceBook, settingsProblem, usageFile } from '../estimates/settings';
import { MESSAGES } from '../messages';
import { nearestNames } from '../pricing/nearest';

/** Beside REPORT_FILE in the cloud assembly, for people. */
const REPORT_MARKDOWN = 'bedrock-cost-report.md';

/** Writes the report when the app is synthesized. The root is synthesized last, so it holds all nested stages. */
class ReportWriter extends Construct {
  constructor(root: IConstruct) {
    super(root as Construct, freeId(root, 'BedrockCostReport'));
    // A refused synth leaves the folder as it was: without this, the report of the time before would pass for this one.
    this.node.addValidation({
      validate: () => {
        for (const file of Stage.isStage(root) ? [REPORT_FILE, REPORT_MARKDOWN] : []) rmSync(join((root as Stage).outdir, file), { force: true });
        return [];
      },
    });
    attachCustomSynthesis(this, {
      onSynthesize: ({ outdir, assembly }: ISynthesisSession) => {
        const report = buildReport(root);
        writeFileSync(join(outdir, REPORT_FILE), `${JSON.stringify(report, undefined, 2)}\n`);
        writeFileSync(join(outdir, REPORT_MARKDOWN), renderReportMarkdown(report));
        printSummary(root, report, join(outdir, REPORT_MARKDOWN));
        // What the manifest does not name is of an earlier synth: the command line can tell.
        assembly.addArtifact(this.node.id, { type: ArtifactType.NONE, properties: { file: REPORT_FILE } as never });
      },
    });
  }
}

/**
 * Prints a stack's table, where the app asks for details.
 *
 * In the custom synthesis of a plain child, since that runs after Aspects and validation (so that what they add is
 * counted) and before the stack's own metadata is written (so that the CLI shows it).
 */
class StackTable extends Construct {
  constructor(stack: Stack) {
    super(stack, freeId(stack, 'BedrockCostTable'));
    attachCustomSynthesis(this, {
      onSynthesize: () => {
        once(registryOf(stack), 'report:unused-workloads', () => warnOfUnusedUsage(this));
        once(registryOf(stack), 'report:unused-rates', () => warnOfUnusedRates(this));
        if (!hasDetails(stack) || severityOf(this, MESSAGES.stackTable) === 'off') return;
        const { stack: totals, resources } = stackReport(stack);
        if (resources.length > 0) {
          Annotations.of(this).addInfoV2(MESSAGES.stackTable.id, renderStackTable(totals, resources, priceBook(stack).changes));
        }
      },
    });
  }
}

/** Workloads of the usage file, and its region, that change nothing: their author does not know it. */
function warnOfUnusedUsage(construct: IConstruct): void {
  const file = usageFile(construct);
  if (file === undefined) return;
  const { entries } = registryOf(construct);
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
    const [nearest] = nearestNames(name, priced, 1);
    return `${name}, and no construct has this path${nearest === undefined ? '' : ` (did you mean ${nearest}?)`}`;
  }
  const resource = CfnResource.isCfnResource(found) ? found : found.node.defaultChild;
  const type = CfnResource.isCfnResource(resource) ? `an ${resource.cfnResourceType}` : 'a construct';
  return `${name}, which is ${type} without an estimate (add one: CostEstimates.of(construct).addOnDemand('Usage', ...), whose workload is ${name}/Usage)`;
}

/** An id that no child of the user's has. */
function freeId(scope: IConstruct, id: string): string {
  return scope.node.tryFindChild(id) ? freeId(scope, `${id}_`) : id;
}

addRecordListener({
  name: 'report',
  onFirstOfApp: (root) => { new ReportWriter(root); },
  onFirstOfStack: (stack) => { new StackTable(stack); },
  onBudgetRefusal: (budget) => {
    // Without valid settings there are no prices to report.
    if (settingsProblem(budget) === undefined) printRefusal(budget, buildReport(budget.node.root));
  },
});

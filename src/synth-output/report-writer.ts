import { rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { attachCustomSynthesis, ISynthesisSession, Stack, Stage } from 'aws-cdk-lib';
import { ArtifactType } from 'aws-cdk-lib/cloud-assembly-schema';
import { Construct, IConstruct } from 'constructs';
import { buildReport, stackReport } from './build-report';
import { printLines, printRefusal, printSummary } from './print-summary';
import { UnseenFindings, warnOfUnusedInput } from './unused-input';
import { REPORT_FILE } from '../cost-report/parse-report';
import { annotationsOf, severityOf } from '../estimates/findings';
import { once, registryOf } from '../estimates/registry';
import { hasDetails, priceBook, settingsProblem } from '../estimates/settings';
import { MESSAGES } from '../messages';
import { renderReportMarkdown, renderStackTable } from '../render/render-report';

/** Beside REPORT_FILE in the cloud assembly, for people. */
const REPORT_MARKDOWN = 'bedrock-cost-report.md';

/** Writes the report when the app is synthesized. The root is synthesized last, so it holds all nested stages. */
class ReportWriter extends Construct {
  constructor(root: IConstruct) {
    super(root as Construct, freeId(root, 'BedrockCostReport'));
    let unseen: UnseenFindings | undefined;
    this.node.addValidation({
      validate: () => {
        // A refused synth leaves the folder as it was: without this, the report of the time before would pass for this one.
        for (const file of Stage.isStage(root) ? [REPORT_FILE, REPORT_MARKDOWN] : []) rmSync(join((root as Stage).outdir, file), { force: true });
        unseen ??= warnOfUnusedInput(root);
        return unseen.refusals;
      },
    });
    attachCustomSynthesis(this, {
      onSynthesize: ({ outdir, assembly }: ISynthesisSession) => {
        const report = buildReport(root);
        writeFileSync(join(outdir, REPORT_FILE), `${JSON.stringify(report, undefined, 2)}\n`);
        writeFileSync(join(outdir, REPORT_MARKDOWN), renderReportMarkdown(report));
        printSummary(root, report, join(outdir, REPORT_MARKDOWN));
        printLines(root, unseen?.lines ?? []);
        // A report that the manifest does not name is from an earlier synth, which the command line detects.
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
        if (!hasDetails(stack) || severityOf(this, MESSAGES.stackTable) === 'off') return;
        const { stack: totals, resources } = stackReport(stack);
        if (resources.length > 0) {
          annotationsOf(this).addInfoV2(MESSAGES.stackTable.id, renderStackTable(totals, resources, priceBook(stack)._changes));
        }
      },
    });
  }
}

/** An id that no child of the user's has. */
function freeId(scope: IConstruct, id: string): string {
  return scope.node.tryFindChild(id) ? freeId(scope, `${id}_`) : id;
}

/** Attaches the report to an app. Of two copies of the library, the first one attaches it: all of them know the key. */
export function attachReport(root: IConstruct): void {
  once(registryOf(root), 'report:app', () => { new ReportWriter(root); });
}

/** Attaches the table to a stack, as `attachReport` does. */
export function attachStackTable(stack: Stack): void {
  once(registryOf(stack), `report:${stack.node.addr}`, () => { new StackTable(stack); });
}

/** Prints the summary of an app that a budget refuses, once for the app: nothing is synthesized after that. */
export function reportRefusal(budget: IConstruct): void {
  const { root } = budget.node;
  once(registryOf(root), 'report:refusal', () => {
    // Without valid settings there are no prices to report.
    if (settingsProblem(budget) === undefined) printRefusal(budget, () => buildReport(root));
  });
}

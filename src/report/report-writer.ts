import { writeFileSync } from 'fs';
import { join } from 'path';
import { Annotations, attachCustomSynthesis, ISynthesisSession, Stack } from 'aws-cdk-lib';
import { Construct, IConstruct } from 'constructs';
import { buildReport, stackReport } from './build-report';
import { REPORT_FILE } from './parse-report';
import { renderReportMarkdown, renderStackTable } from './render-report';
import { severityOf } from '../estimates/findings';
import { addRecordListener } from '../estimates/record';
import { priceBook } from '../estimates/settings';
import { MESSAGES } from '../messages';

/** Beside REPORT_FILE in the cloud assembly, for people. */
const REPORT_MARKDOWN = 'bedrock-cost-report.md';

/** Writes the report when the app is synthesized. The root is synthesized last, so it holds all nested stages. */
class ReportWriter extends Construct {
  constructor(root: IConstruct) {
    super(root as Construct, 'BedrockCostReport');
    attachCustomSynthesis(this, {
      onSynthesize: ({ outdir }: ISynthesisSession) => {
        const report = buildReport(root);
        writeFileSync(join(outdir, REPORT_FILE), `${JSON.stringify(report, undefined, 2)}\n`);
        writeFileSync(join(outdir, REPORT_MARKDOWN), renderReportMarkdown(report));
      },
    });
  }
}

/**
 * Prints a stack's table.
 *
 * In the custom synthesis of a plain child, since that runs after Aspects and validation (so that what they add is
 * counted) and before the stack's own metadata is written (so that the CLI shows it).
 */
class StackTable extends Construct {
  constructor(stack: Stack) {
    super(stack, 'BedrockCostTable');
    attachCustomSynthesis(this, {
      onSynthesize: () => {
        if (severityOf(this, MESSAGES.stackTable) === 'off') return;
        const { stack: totals, resources } = stackReport(stack);
        if (resources.length > 0) {
          Annotations.of(this).addInfoV2(MESSAGES.stackTable.id, renderStackTable(totals, resources, priceBook(stack).asOf ?? null));
        }
      },
    });
  }
}

addRecordListener({
  name: 'report',
  onFirstOfApp: (root) => { new ReportWriter(root); },
  onFirstOfStack: (stack) => { new StackTable(stack); },
});

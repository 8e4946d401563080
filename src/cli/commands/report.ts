import { Command } from 'commander';
import { ReportJson } from '../../cost-report/report-json';
import { renderReportMarkdown, renderReportTable } from '../../render/render-report';
import { jsonText } from '../../render/sanitize';
import { readReportWithCoverage } from '../coverage';
import { filesOfReport } from '../files';
import { Io } from '../io';
import { bookOf, formatOption, outputOption, reportPriceBookOption } from '../options';
import { writeResult } from '../output';

const RENDERERS: { readonly [format: string]: (report: ReportJson) => string } = {
  table: renderReportTable,
  json: (report) => jsonText(report),
  markdown: renderReportMarkdown,
};

export function reportCommand(io: Io): Command {
  return new Command('report')
    .description('the cost of a synthesized app by stack, its budgets and its findings')
    .argument('[cdk-out]', "the app's output folder, or a report file", 'cdk.out')
    .addOption(formatOption('table', 'json', 'markdown'))
    .addOption(outputOption())
    .addOption(reportPriceBookOption())
    .action((cdkOut: string, options: { readonly format: string; readonly output?: string; readonly priceBook?: string }) => {
      bookOf(options);
      writeResult(io, RENDERERS[options.format](readReportWithCoverage(io, cdkOut)), options.output, [...filesOfReport(cdkOut), options.priceBook]);
    });
}

import { Command } from 'commander';
import { filesOfReport, readReport } from './files';
import { Io } from './io';
import { bookOf, formatOption, outputOption, reportPriceBookOption } from './options';
import { writeResult } from './output';
import { ReportJson } from '../gate/report-json';
import { renderReportMarkdown, renderReportTable } from '../report/render-report';
import { jsonText } from '../report/sanitize';

const RENDERERS: { readonly [format: string]: (report: ReportJson) => string } = {
  table: renderReportTable,
  json: (report) => jsonText(report),
  markdown: renderReportMarkdown,
};

export function reportCommand(io: Io): Command {
  return new Command('report')
    .description('what a synthesized app costs: stack by stack, its budgets, what asks for attention')
    .argument('[cdk-out]', "the app's output folder, or a report file", 'cdk.out')
    .addOption(formatOption('table', 'json', 'markdown'))
    .addOption(outputOption())
    .addOption(reportPriceBookOption())
    .action((cdkOut: string, options: { readonly format: string; readonly output?: string; readonly priceBook?: string }) => {
      bookOf(options);
      writeResult(io, RENDERERS[options.format](readReport(cdkOut)), options.output, [...filesOfReport(cdkOut), options.priceBook]);
    });
}

import { existsSync } from 'fs';
import { Command } from 'commander';
import { readReport, writeResult } from './files';
import { InputError, Io } from './io';
import { bookOf, outputOption, reportPriceBookOption } from './options';
import { ReportJson } from '../gate/report-json';
import { renderUsageFile } from '../report/render-usage';

interface Options {
  readonly output?: string;
  readonly force?: boolean;
  readonly priceBook?: string;
}

export function usageInitCommand(io: Io): Command {
  return new Command('init')
    .description("a usage file with a workload for each construct of a synthesized app, with the code's numbers, to be edited")
    .argument('[cdk-out]', "the app's output folder, or a report file", 'cdk.out')
    .addOption(outputOption())
    .option('--force', 'write over a file that exists')
    .addOption(reportPriceBookOption())
    .action((cdkOut: string, { output, force = false, priceBook }: Options) => {
      bookOf({ priceBook });
      const report = readReport(cdkOut);
      checkUsage(report, cdkOut);
      // Somebody may have edited it.
      if (output !== undefined && !force && existsSync(output)) {
        throw new InputError(`--output: ${output}: found a file that exists already; allowed: a new file`, 'to change: name another file, or write over it with --force');
      }
      writeResult(io, renderUsageFile(report), output, cdkOut);
    });
}

function checkUsage({ resources, generatedBy }: ReportJson, cdkOut: string): void {
  if (resources.length === 0) throw new InputError(`${cdkOut}: found a report without priced constructs; allowed: one with at least one`);
  if (resources.some(({ usage }) => usage === undefined)) {
    throw new InputError(
      `${cdkOut}: found a report of ${generatedBy}, which does not tell the usage of all constructs`,
      'to change: install this version beside the app, and run cdk synth again',
    );
  }
}

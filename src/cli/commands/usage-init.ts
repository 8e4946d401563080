import { existsSync } from 'fs';
import { dirname, relative } from 'path';
import { Command } from 'commander';
import { ReportJson } from '../../cost-report/report-json';
import { count } from '../../render/cost-lines';
import { Note, renderUsageFile } from '../../render/render-usage';
import { oneLine } from '../../render/sanitize';
import { filesOfReport, readReport } from '../files';
import { InputError, Io } from '../io';
import { bookOf, outputOption, reportPriceBookOption } from '../options';
import { writeResult } from '../output';
import { isFolder } from '../paths';

interface Options {
  readonly output?: string;
  readonly force?: boolean;
  readonly priceBook?: string;
}

export function usageInitCommand(io: Io): Command {
  return new Command('init')
    .description('makes a usage file with a workload for each construct of a synthesized app, with the usage of the code, for editing')
    .argument('[cdk-out]', "the app's output folder, or a report file", 'cdk.out')
    .addOption(outputOption())
    .option('--force', 'overwrite an existing file')
    .addOption(reportPriceBookOption())
    .action((cdkOut: string, { output, force = false, priceBook }: Options) => {
      bookOf({ priceBook });
      const report = readReport(cdkOut);
      checkUsage(report, cdkOut);
      // The file may have been edited.
      if (output !== undefined && !force && existsSync(output) && !isFolder(output)) {
        throw new InputError(`--output must be a new file, got ${JSON.stringify(output)}, which exists. Name another file, or overwrite it with --force.`);
      }
      const { text, comments, leftOutPrices } = renderUsageFile(report, schemaFrom(output));
      writeResult(io, text, output, [...filesOfReport(cdkOut), priceBook]);
      const all = `of ${count(report.resources.length, 'workload')}`;
      printNotes(io, comments, `${comments.length} ${all} written as a comment; the estimate of this file may be lower than the report:`);
      printNotes(io, leftOutPrices, `${leftOutPrices.length} ${all} with a price that this file cannot hold; its estimate differs from the report:`);
    });
}

/** Path of the schema in the installed package, relative to the file's folder, as editors resolve it. */
function schemaFrom(output: string | undefined): string {
  const path = relative(output === undefined ? '.' : dirname(output), 'node_modules/cdk-bedrock-cost/schemas/usage.schema.json').replace(/\\/g, '/');
  return path.startsWith('.') ? path : `./${path}`;
}

/** Prints notes on standard error, since the usage file may be written to standard output. */
function printNotes(io: Io, notes: readonly Note[], heading: string): void {
  if (notes.length > 0) io.err(`note: ${heading}\n${notes.map(({ name, why }) => `  ${oneLine(`${name}: ${why}`)}\n`).join('')}`);
}

function checkUsage({ resources, generatedBy }: ReportJson, cdkOut: string): void {
  if (resources.length === 0) throw new InputError(`${cdkOut}: the report has no priced construct. Name the report of an app that has one.`);
  if (resources.some(({ usage }) => usage === undefined)) {
    throw new InputError(
      `${cdkOut}: the report of ${generatedBy} lacks the usage of some constructs. Install this version in the app, and run cdk synth again.`,
    );
  }
}

import { existsSync } from 'fs';
import { dirname, join, relative } from 'path';
import { Argument, Command } from 'commander';
import { REPORT_FILE } from '../../cost-report/parse-report';
import { ReportJson } from '../../cost-report/report-json';
import { count } from '../../render/cost-lines';
import { Note, renderUsageFile } from '../../render/render-usage';
import { oneLine } from '../../render/sanitize';
import { TemplateSource } from '../../unpriced/plain-template';
import { reviewUsages, unpricedOf } from '../../unpriced/review';
import { filesOfReport, readReport } from '../files';
import { InputError, Io } from '../io';
import { bookOf, outputOption, reportPriceBookOption } from '../options';
import { writeResult } from '../output';
import { isFolder } from '../paths';
import { isTemplate, MANIFEST_FILE, readAllTemplates } from '../templates';

interface Options {
  readonly output?: string;
  readonly force?: boolean;
  readonly priceBook?: string;
}

export function usageInitCommand(io: Io): Command {
  return new Command('init')
    .description('makes a usage file of an app: a workload for each priced construct, and a comment to fill in for each use of Amazon Bedrock without a price')
    .addArgument(new Argument('[cdk-out|template...]', "the app's output folder, a report file, or templates in JSON or YAML").default(['cdk.out'], '"cdk.out"'))
    .addOption(outputOption())
    .option('--force', 'overwrite an existing file')
    .addOption(reportPriceBookOption())
    .action((paths: readonly string[], { output, force = false, priceBook }: Options) => {
      bookOf({ priceBook });
      const { report, sources, files } = readApp(paths);
      const unpriced = unpricedOf(reviewUsages(sources, report?.resources ?? []));
      checkUsage(report, unpriced.length, paths);
      // The file may have been edited.
      if (output !== undefined && !force && existsSync(output) && !isFolder(output)) {
        throw new InputError(`--output must be a new file, got ${JSON.stringify(output)}, which exists. Name another file, or overwrite it with --force.`);
      }
      const { text, comments, leftOutPrices } = renderUsageFile(report, unpriced, schemaFrom(output));
      writeResult(io, text, output, [...files, priceBook]);
      const all = `of ${count(report?.resources.length ?? 0, 'workload')}`;
      printNotes(io, comments, `${comments.length} ${all} written as a comment; the estimate of this file may be lower than the report:`);
      printNotes(io, leftOutPrices, `${leftOutPrices.length} ${all} with a price that this file cannot hold; its estimate differs from the report:`);
      printNotes(io, unpriced.map(({ path, kind }) => ({ name: path, why: kind })), `${count(unpriced.length, 'use')} of Amazon Bedrock without a price, written as comments to fill in:`);
    });
}

/** The report and the templates of an app, and their files. */
interface AppInput {
  readonly report?: ReportJson;
  readonly sources: readonly TemplateSource[];
  readonly files: readonly string[];
}

/** Reads the templates of the paths, and the report of one of them. An app without priced constructs has no report. */
function readApp(paths: readonly string[]): AppInput {
  const { sources, files } = readAllTemplates(paths.filter(hasTemplates));
  const withReport = paths.filter((path) => (isFolder(path) ? existsSync(join(path, REPORT_FILE)) || !hasTemplates(path) : !hasTemplates(path)));
  if (withReport.length > 1) throw new InputError(`usage init makes the file of one app, got ${withReport.length} reports: ${withReport.join(', ')}. Name one of them.`);
  return { report: withReport.map(readReport)[0], sources, files: [...files, ...withReport.flatMap(filesOfReport)] };
}

function hasTemplates(path: string): boolean {
  return isFolder(path) ? existsSync(join(path, MANIFEST_FILE)) : isTemplate(path);
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

function checkUsage(report: ReportJson | undefined, uses: number, paths: readonly string[]): void {
  const { resources = [], generatedBy } = report ?? {};
  const named = paths.join(', ');
  if (resources.length === 0 && uses === 0) {
    throw new InputError(`${named}: ${report ? 'the report has no priced construct' : 'the templates have no use of Amazon Bedrock'}. Name the output folder of an app that has one.`);
  }
  if (resources.some(({ usage }) => usage === undefined)) {
    throw new InputError(
      `${named}: the report of ${generatedBy} lacks the usage of some constructs. Install this version in the app, and run cdk synth again.`,
    );
  }
}

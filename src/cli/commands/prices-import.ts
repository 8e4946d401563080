import { Command } from 'commander';
import { BEDROCK_OFFERS } from '../../price-list/price-list-file';
import { renderImportJson, renderImportText, renderNotUnderstood } from '../../render/render-import';
import { FilesImportResult, importPriceListFiles } from '../download/import-files';
import { modelNamesOption, notesOnNames, readModelNames } from '../download/model-names-file';
import { checkTarget, writeBook } from '../download/target';
import { Io } from '../io';
import { bookOf, formatOption, overwriteOption, priceBookOption } from '../options';
import { checkOutput, writeAtomically } from '../output';

interface Options {
  readonly output: string;
  readonly modelNames?: string;
  readonly notUnderstood?: string;
  readonly format: string;
  readonly force?: boolean;
  readonly priceBook?: string;
}

export function pricesImportCommand(io: Io): Command {
  return new Command('import')
    .description('makes a price book from AWS Price List files: every SKU is priced, skipped for a reason, or listed as not understood')
    .argument('<index-json...>', `index.json files of the offers ${BEDROCK_OFFERS.join(', ')}, also gzipped`)
    .requiredOption('-o, --output <file>', 'the price book to write, as JSON')
    .addOption(overwriteOption())
    .addOption(modelNamesOption())
    .option('--not-understood <file>', 'write every SKU that is not understood to a file, with its attributes, as JSON')
    .addOption(formatOption('table', 'json'))
    .addOption(priceBookOption('accepted by every command; an import makes a new book and reads no other'))
    .action(async (paths: readonly string[], options: Options) => {
      bookOf(options);
      const { output, modelNames, notUnderstood, priceBook, force = false } = options;
      const inputs = [...paths, ...(modelNames === undefined ? [] : [modelNames])];
      checkTarget(output, force, inputs);
      if (notUnderstood !== undefined) checkOutput('--not-understood', notUnderstood, [...inputs, output, ...(priceBook === undefined ? [] : [priceBook])]);
      const names = readModelNames(modelNames);
      const imported = await importPriceListFiles(paths, (text) => io.err(`${text}\n`), names);
      io.err(notesOnNames(modelNames, names, imported.summary.unusedModelNames));
      writeImport(io, imported, options);
      io.err(`wrote ${output}${notUnderstood === undefined ? '' : ` and ${notUnderstood}`}\n`);
    });
}

function writeImport(io: Io, { rates, summary, files }: FilesImportResult, { output, notUnderstood, format, force = false }: Options): void {
  // The summary of the SKUs shows why no book is made.
  if (rates.length === 0) io.err(renderImportText(summary, files));
  writeBook(output, rates, force);
  if (notUnderstood !== undefined) writeAtomically('--not-understood', notUnderstood, renderNotUnderstood(summary));
  if (format === 'json') io.out(renderImportJson(summary, files, output));
  else io.err(renderImportText(summary, files));
}

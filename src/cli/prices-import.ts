import { Command } from 'commander';
import { isSameFile, writeAtomically } from './files';
import { InputError, Io } from './io';
import { bookOf, formatOption, priceBookOption } from './options';
import { bookText, FilesImportResult, importPriceListFiles } from './price-list/import-files';
import { checkBook } from './price-list/target';
import { renderImportJson, renderImportText, renderNotUnderstood } from '../report/render-import';

interface Options {
  readonly output: string;
  readonly notUnderstood?: string;
  readonly format: string;
  readonly priceBook?: string;
}

export function pricesImportCommand(io: Io): Command {
  return new Command('import')
    .description('makes a price book of AWS Price List files: every SKU is priced, or skipped for a reason, or listed as not understood')
    .argument('<index-json...>', 'index.json files of the offers AmazonBedrock, AmazonBedrockService and AmazonBedrockFoundationModels, also gzipped')
    .requiredOption('-o, --output <file>', 'the price book to write, as JSON')
    .option('--not-understood <file>', 'write every SKU that is not understood to a file, with its attributes, as JSON')
    .addOption(formatOption('table', 'json'))
    .addOption(priceBookOption('accepted by every command; an import makes a book of its own and reads no other'))
    .action(async (paths: readonly string[], options: Options) => {
      bookOf(options);
      const { output, notUnderstood } = options;
      checkTarget('--output', output, paths);
      if (notUnderstood !== undefined) checkTarget('--not-understood', notUnderstood, [...paths, output]);
      writeImport(io, await importPriceListFiles(paths, (text) => io.err(`${text}\n`)), options);
      io.err(`wrote ${output}${notUnderstood === undefined ? '' : ` and ${notUnderstood}`}\n`);
    });
}

function writeImport(io: Io, result: FilesImportResult, { output, notUnderstood, format }: Options): void {
  const { rates, summary, files } = result;
  if (rates.length === 0) {
    io.err(renderImportText(summary, files));
    throw new InputError('found no rate in these files; allowed: price lists with at least one SKU that can be priced; nothing has been written');
  }
  writeAtomically('--output', output, bookText(rates), checkBook);
  if (notUnderstood !== undefined) writeAtomically('--not-understood', notUnderstood, renderNotUnderstood(summary));
  if (format === 'json') io.out(renderImportJson(summary, files, output));
  else io.err(renderImportText(summary, files));
}

function checkTarget(option: string, path: string, taken: readonly string[]): void {
  if (taken.some((other) => other === path || isSameFile(other, path))) {
    throw new InputError(`${option}: found ${JSON.stringify(path)}, which is named for something else, too; allowed: a file of its own`);
  }
}

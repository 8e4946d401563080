import { Command } from 'commander';
import { readTextFile } from '../../files/text-file';
import { renderAdviceJson } from '../../render/advice-json';
import { AdviceContext } from '../../render/advice-text';
import { renderAdviceMarkdown, renderAdviceTable } from '../../render/render-advice';
import { adviseUsageFile, WorkloadAdvice } from '../../usage-file/advise-usage-file';
import { bookOfFile } from '../../usage-file/estimate-usage-file';
import { parseUsageFile } from '../../usage-file/usage-file';
import { inFile } from '../files';
import { Io } from '../io';
import { bookOf, dayOption, formatOption, numberOf, outputOption, priceBookOption, requirePricesOf } from '../options';
import { writeResult } from '../output';

const RENDERERS: { readonly [format: string]: (workloads: readonly WorkloadAdvice[], context: AdviceContext) => string } = {
  table: renderAdviceTable,
  json: renderAdviceJson,
  markdown: renderAdviceMarkdown,
};

interface Options {
  readonly format: string;
  readonly output?: string;
  readonly priceBook?: string;
  readonly day?: string;
  readonly retrievedTokens: string;
  readonly indexGigabytes: string;
  readonly trainingTokens: string;
  readonly epochs: string;
  readonly adaptationTokens: string;
  readonly adaptationEpochs: string;
  readonly modelUnits?: string;
}

export function adviseCommand(io: Io): Command {
  return new Command('advise')
    .description('the cost of prompt engineering, retrieval, fine-tuning and domain adaptation for a usage file, lowest cost first')
    .argument('<usage>', 'usage file, YAML or JSON (schemas/usage.schema.json)')
    .option('--retrieved-tokens <tokens>', 'input tokens that retrieval adds to each request', '1000')
    .option('--index-gigabytes <gigabytes>', 'size of the index of retrieval', '1')
    .option('--training-tokens <tokens>', 'tokens of the training data of fine-tuning', '1000000')
    .option('--epochs <count>', 'number of epochs of fine-tuning', '3')
    .option('--adaptation-tokens <tokens>', 'tokens of the training data of domain adaptation', '100000000')
    .option('--adaptation-epochs <count>', 'number of epochs of domain adaptation', '1')
    .option('--model-units <units>', 'model units for a custom model that is not sold on demand (default: 1)')
    .addOption(formatOption('table', 'json', 'markdown'))
    .addOption(outputOption())
    .addOption(priceBookOption())
    .addOption(dayOption())
    .action((usage: string, options: Options) => {
      const inputs = inputsOf(options);
      const file = parseUsageFile(readTextFile(usage, 'a usage file'), usage);
      const book = bookOf(options);
      const priced = inFile(usage, () => bookOfFile(book, file));
      requirePricesOf(options.day, priced);
      const context = { inputs, asOf: book.asOf ?? null, changes: priced._changes };
      const workloads = inFile(usage, () => adviseUsageFile(book, file, inputs));
      writeResult(io, RENDERERS[options.format](workloads, context), options.output, [usage, options.priceBook]);
    });
}

function inputsOf(options: Options): AdviceContext['inputs'] {
  return {
    retrievedTokens: numberOf('--retrieved-tokens', options.retrievedTokens, { atLeast: 0 })!,
    indexGigabytes: numberOf('--index-gigabytes', options.indexGigabytes, { atLeast: 0 })!,
    trainingTokens: numberOf('--training-tokens', options.trainingTokens, { atLeast: 0 })!,
    epochs: numberOf('--epochs', options.epochs, { above: 0 })!,
    adaptationTokens: numberOf('--adaptation-tokens', options.adaptationTokens, { atLeast: 0 })!,
    adaptationEpochs: numberOf('--adaptation-epochs', options.adaptationEpochs, { above: 0 })!,
    modelUnits: numberOf('--model-units', options.modelUnits, { wholeFrom: 1 }),
  };
}

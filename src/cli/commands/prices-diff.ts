import { Command } from 'commander';
import { SILENCE_MS } from '../../files/text-file';
import { didYouMeanOneOf } from '../../input/nearest';
import { diffBooks, NamedBook } from '../../price-book-review/diff-books';
import { DiffFilter } from '../../price-book-review/pair-rates';
import { PriceBook } from '../../pricing/price-book/price-book';
import { renderBookDiffJson, renderBookDiffTable } from '../../render/render-book-diff';
import { InputError, Io } from '../io';
import { bookOf, formatOption, outputOption, priceBookOption, requireRegionName } from '../options';
import { writeResult } from '../output';

/** Argument that selects the embedded book instead of a file. */
const EMBEDDED = 'embedded';

interface Options extends DiffFilter {
  readonly format: string;
  readonly output?: string;
  readonly priceBook?: string;
}

export function pricesDiffCommand(io: Io): Command {
  return new Command('diff')
    .description('compares a price book with an older one: added, removed and changed prices; the exit code is 0 with and without differences')
    .argument('<old>', `the older price book (YAML or JSON); ${EMBEDDED} for the one of this version`)
    .argument('<new>', `the newer price book; ${EMBEDDED} for the one of this version`)
    .option('--model <model>', 'only the prices of this model')
    .option('--region <region>', 'only the prices of this region')
    .addOption(formatOption('table', 'json'))
    .addOption(outputOption())
    .addOption(priceBookOption('accepted by every command; here the two arguments name the books'))
    .action((oldName: string, newName: string, { model, region, format, output, priceBook }: Options) => {
      bookOf({ priceBook });
      const [before, after] = [oldName, newName].map(namedBook);
      requireRegionName(region);
      if (model !== undefined) requireModel(model, [before, after]);
      const diff = diffBooks(before, after, { model, region });
      const books = [oldName, newName].filter((name) => name !== EMBEDDED);
      writeResult(io, format === 'json' ? renderBookDiffJson(diff) : renderBookDiffTable(diff), output, [...books, priceBook]);
    });
}

function namedBook(name: string): NamedBook {
  return { name, book: name === EMBEDDED ? PriceBook.embedded() : PriceBook._fromFile(name, SILENCE_MS) };
}

/** Refuses a model that is in neither book, which would have no difference. */
function requireModel(model: string, books: readonly NamedBook[]): void {
  if (books.some(({ book }) => book._knows(model))) return;
  const nearest = [...new Set(books.flatMap(({ book }) => book._nearestModels(model)))];
  throw new InputError(
    `--model must be a model of one of the price books, got ${JSON.stringify(model)}. ${didYouMeanOneOf(nearest) ?? 'See cdk-bedrock-cost prices list.'}`,
  );
}

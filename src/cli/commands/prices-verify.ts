import { Command } from 'commander';
import { verifyBook } from '../../price-book-review/verify-book';
import { DEFAULT_MAX_PRICE_AGE_DAYS } from '../../pricing/price-book/price-age';
import { PriceBook } from '../../pricing/price-book/price-book';
import { renderVerifyJson, renderVerifyTable } from '../../render/render-verify';
import { ExitCode, Io } from '../io';
import { bookOf, formatOption, maxPriceAgeOf, maxPriceAgeOption, outputOption, priceBookOption } from '../options';
import { writeResult } from '../output';

const AGE = `maximum number of days since the newest price was last confirmed; older ones warn (default: ${DEFAULT_MAX_PRICE_AGE_DAYS})`;

interface Options {
  readonly maxPriceAgeDays?: string;
  readonly format: string;
  readonly output?: string;
  readonly priceBook?: string;
}

export function pricesVerifyCommand(io: Io, setExitCode: (code: ExitCode) => void): Command {
  return new Command('verify')
    .description('checks a price book: fails (exit code 1) when it is too old, contradicts itself, or has implausible prices')
    .addOption(maxPriceAgeOption(AGE))
    .addOption(formatOption('table', 'json'))
    .addOption(outputOption())
    .addOption(priceBookOption())
    .action(({ maxPriceAgeDays, format, output, priceBook }: Options) => {
      const limit = { today: io.today(), maxDays: maxPriceAgeOf(maxPriceAgeDays) };
      const result = verifyBook(bookOf({ priceBook }), limit, priceBook === undefined ? undefined : PriceBook.embedded());
      writeResult(io, format === 'json' ? renderVerifyJson(result) : renderVerifyTable(result), output, [priceBook]);
      if (!result.passed) setExitCode(ExitCode.FAILED);
    });
}

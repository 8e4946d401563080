import { Command, Option } from 'commander';
import { CheckOptions, checkReport, CheckResult, MISSING_PRICE_CHOICES, UNPRICED_CHOICES } from '../../gate/check';
import { DEFAULT_MAX_PRICE_AGE_DAYS } from '../../pricing/price-book/price-age';
import { renderCheckJson, renderCheckTable } from '../../render/render-check';
import { readReportWithCoverage } from '../coverage';
import { filesOfReport, inFile } from '../files';
import { ExitCode, InputError, Io } from '../io';
import { bookOf, formatOption, maxPriceAgeOf, maxPriceAgeOption, outputOption, reportPriceBookOption, usdOf } from '../options';
import { writeResult } from '../output';

const RENDERERS: { readonly [format: string]: (result: CheckResult) => string } = { table: renderCheckTable, json: renderCheckJson };

const AGE = 'maximum number of days since the oldest used price was last confirmed '
  + `(default: ${DEFAULT_MAX_PRICE_AGE_DAYS} warns, and fails if every price is older)`;

const NAME_FOLDER = 'Name the whole output folder of cdk synth (cdk.out), or a report in JSON that the command report has written of it.';

interface Options extends Pick<CheckOptions, 'maxMonthlyUsd' | 'onMissingPrice' | 'onUnpriced'> {
  readonly maxPriceAgeDays?: string;
  readonly format: string;
  readonly output?: string;
  readonly priceBook?: string;
}

export function checkCommand(io: Io, setExitCode: (code: ExitCode) => void): Command {
  return new Command('check')
    .description('fails (exit code 1) if a synthesized app is over a budget or a limit, a cost is unknown, or the prices are too old')
    .argument('[cdk-out]', "the app's output folder, or a report file", 'cdk.out')
    .option('--max-monthly-usd <usd>', 'maximum of the known monthly cost of the whole app')
    .addOption(new Option('--on-missing-price <what>', 'effect of an unknown cost (default: the setting of each budget, and "fail" without a budget)').choices(MISSING_PRICE_CHOICES))
    .addOption(new Option('--on-unpriced <what>', 'effect of a use of Amazon Bedrock without a price (default: "warn")').choices(UNPRICED_CHOICES))
    .addOption(maxPriceAgeOption(AGE))
    .addOption(formatOption('table', 'json'))
    .addOption(outputOption())
    .addOption(reportPriceBookOption())
    .action((cdkOut: string, { maxMonthlyUsd, onMissingPrice, onUnpriced, maxPriceAgeDays, format, output, priceBook }: Options) => {
      bookOf({ priceBook });
      const limit = maxMonthlyUsd === undefined ? undefined : usdOf('--max-monthly-usd', maxMonthlyUsd);
      const priceAge = { today: io.today(), maxDays: maxPriceAgeOf(maxPriceAgeDays), isDefault: maxPriceAgeDays === undefined };
      const report = readReportWithCoverage(io, cdkOut);
      // Unknown uses must not pass.
      if (onUnpriced === 'fail' && report.coverage === undefined) throw new InputError(`${cdkOut}: --on-unpriced fail requires the templates of the app. ${NAME_FOLDER}`);
      const options = { maxMonthlyUsd: limit, onMissingPrice, onUnpriced, priceAge, today: priceAge.today };
      const result = inFile(filesOfReport(cdkOut)[0], () => checkReport(report, options));
      writeResult(io, RENDERERS[format](result), output, [...filesOfReport(cdkOut), priceBook]);
      if (!result.passed) setExitCode(ExitCode.FAILED);
    });
}

import { Command } from 'commander';
import { renderImportJson, renderImportText, renderNotUnderstood } from '../../render/render-import';
import { AWS_ENDPOINT } from '../download/endpoint';
import { modelNamesOption, notesOnNames, readModelNames } from '../download/model-names-file';
import { Progress } from '../download/progress';
import { refresh } from '../download/refresh';
import { DEFAULT_TIMEOUT_MINUTES, PATIENT_NETWORK } from '../download/retry';
import { Io } from '../io';
import { bookOf, formatOption, numberOf, overwriteOption, priceBookOption, requireRegionName } from '../options';
import { checkOutput, writeAtomically } from '../output';

interface Options {
  readonly region?: readonly string[];
  readonly endpoint: string;
  readonly timeout: string;
  readonly output: string;
  readonly modelNames?: string;
  readonly notUnderstood?: string;
  readonly format: string;
  readonly force?: boolean;
  readonly priceBook?: string;
}

const MAX_TIMEOUT_MINUTES = 24 * 60;

const HELP = `
No AWS account and no credentials are needed: the price lists are public. The command downloads the region indexes of the offers
AmazonBedrock, AmazonBedrockService, AmazonBedrockFoundationModels and AmazonBedrockAgentCore (managed knowledge bases) over HTTPS,
and then the current list of every region (or of those of --region). Each list must be the version that the index names, complete
and unaltered; otherwise nothing is written. Until the book is written, downloads are kept in FILE.download: the next run from the same
endpoint continues an incomplete one. A redirect to another host is not followed. If a server sends nothing for 30 seconds, or fewer than
1,024 bytes a second, the request is repeated up to three times, as long as --timeout allows.
For a certificate authority of your own network, set NODE_EXTRA_CA_CERTS. Proxies are not used; without a direct connection to the
endpoint, download the files on another machine and use prices import.

To use the book, pass --price-book FILE to any command, or set the context key cdk-bedrock-cost:priceBook of an app.`;

export function pricesRefreshCommand(io: Io): Command {
  return new Command('refresh')
    .description('makes a price book from the current price lists of AWS; prices import does the same with files')
    .option('--region <region...>', 'only these regions (default: all of them)')
    .option('--endpoint <url>', 'address of the price lists, such as that of a mirror', AWS_ENDPOINT)
    .option('--timeout <minutes>', 'maximum time of all downloads together; a single download may take a third of it', String(DEFAULT_TIMEOUT_MINUTES))
    .requiredOption('-o, --output <file>', 'the price book to write, as JSON')
    .addOption(overwriteOption())
    .addOption(modelNamesOption())
    .option('--not-understood <file>', 'write every SKU that is not understood to a file, with its attributes, as JSON')
    .addOption(formatOption('table', 'json'))
    .addOption(priceBookOption('accepted by every command; a refresh makes a new book and reads no other'))
    .addHelpText('after', HELP)
    .action(async (options: Options) => {
      bookOf(options);
      options.region?.forEach(requireRegionName);
      const { region: regions = [], endpoint, output, modelNames, notUnderstood, format, force = false, priceBook } = options;
      const minutes = numberOf('--timeout', options.timeout, { above: 0, atMost: MAX_TIMEOUT_MINUTES })!;
      const inputs = [priceBook, modelNames].filter((path) => path !== undefined);
      if (modelNames !== undefined) checkOutput('--output', output, [modelNames]);
      if (notUnderstood !== undefined) checkOutput('--not-understood', notUnderstood, [output, ...inputs]);
      const names = readModelNames(modelNames);
      const network = { ...PATIENT_NETWORK, totalMs: minutes * 60_000 };
      const { summary, files } = await refresh({ regions, endpoint, output, force, names }, { network, progress: progressOn(io) });
      io.err(notesOnNames(modelNames, names, summary.unusedModelNames));
      if (notUnderstood !== undefined) writeAtomically('--not-understood', notUnderstood, renderNotUnderstood(summary));
      if (format === 'json') {
        io.out(renderImportJson(summary, files, output));
      } else {
        io.err(renderImportText(summary, files));
        io.err(`wrote ${output}${notUnderstood === undefined ? '' : ` and ${notUnderstood}`}\n`);
      }
    });
}

function progressOn(io: Io): Progress {
  const { isTTY, columns } = process.stderr;
  // Some terminals report a width of 0 columns.
  return new Progress({ write: (text) => io.err(text), ...(isTTY ? { columns: columns || 80 } : {}) });
}

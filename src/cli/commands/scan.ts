import { existsSync } from 'fs';
import { join } from 'path';
import { Argument, Command } from 'commander';
import { REPORT_FILE } from '../../cost-report/parse-report';
import { renderScanJson, renderScanTable, ScannedUsage } from '../../render/render-scan';
import { PricedPaths } from '../../unpriced/priced';
import { usagesOf } from '../../unpriced/usages';
import { readReport } from '../files';
import { Io } from '../io';
import { bookOf, formatOption, reportPriceBookOption } from '../options';
import { isFolder } from '../paths';
import { readTemplates } from '../templates';

const RENDERERS: { readonly [format: string]: (usages: readonly ScannedUsage[]) => string } = { table: renderScanTable, json: renderScanJson };

export function scanCommand(io: Io): Command {
  return new Command('scan')
    .description('every use of Amazon Bedrock in the templates of a CDK app, with this library or without, and the code that prices it')
    .addArgument(new Argument('[cdk-out|template...]', "the app's output folder, or templates in JSON or YAML").default(['cdk.out'], '"cdk.out"'))
    .addOption(formatOption('table', 'json'))
    .addOption(reportPriceBookOption())
    .action((paths: readonly string[], options: { readonly format: string; readonly priceBook?: string }) => {
      bookOf(options);
      const usages = usagesOf(readTemplates(paths).sources);
      const priced = new PricedPaths(paths.flatMap(pricedPathsOf));
      io.out(RENDERERS[options.format](usages.map((usage) => ({ usage, priced: priced.has(usage) }))));
    });
}

/** The paths of the report's resources. An app without priced resources has no report. */
function pricedPathsOf(path: string): string[] {
  if (!isFolder(path) || !existsSync(join(path, REPORT_FILE))) return [];
  return readReport(path).resources.map((resource) => resource.path);
}

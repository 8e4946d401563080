import { existsSync } from 'fs';
import { join } from 'path';
import { Argument, Command } from 'commander';
import { REPORT_FILE } from '../../cost-report/parse-report';
import { renderScanJson, renderScanTable } from '../../render/render-scan';
import { PricedResource, ReviewedUsage, reviewUsages } from '../../unpriced/review';
import { readReport } from '../files';
import { Io } from '../io';
import { bookOf, formatOption, reportPriceBookOption } from '../options';
import { isFolder } from '../paths';
import { readAllTemplates } from '../templates';

const RENDERERS: { readonly [format: string]: (usages: readonly ReviewedUsage[]) => string } = { table: renderScanTable, json: renderScanJson };

export function scanCommand(io: Io): Command {
  return new Command('scan')
    .description('every use of Amazon Bedrock in the templates of a CDK app, with this library or without, and the code that prices it')
    .addArgument(new Argument('[cdk-out|template...]', "the app's output folder, or templates in JSON or YAML").default(['cdk.out'], '"cdk.out"'))
    .addOption(formatOption('table', 'json'))
    .addOption(reportPriceBookOption())
    .action((paths: readonly string[], options: { readonly format: string; readonly priceBook?: string }) => {
      bookOf(options);
      io.out(RENDERERS[options.format](reviewUsages(readAllTemplates(paths).sources, paths.flatMap(pricedResourcesOf))));
    });
}

/** The resources of the report. An app without priced resources has no report. */
function pricedResourcesOf(path: string): readonly PricedResource[] {
  return isFolder(path) && existsSync(join(path, REPORT_FILE)) ? readReport(path).resources : [];
}

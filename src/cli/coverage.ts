import { existsSync } from 'fs';
import { join } from 'path';
import { readReport } from './files';
import { Io } from './io';
import { isFolder } from './paths';
import { MANIFEST_FILE, readTemplates } from './templates';
import { ReportJson, UnpricedJson } from '../cost-report/report-json';
import { coverageOf, reviewUsages, unpricedOf } from '../unpriced/review';
import { Usage } from '../unpriced/usages';

/**
 * Reads the report of an assembly's folder, with the uses of Amazon Bedrock in its templates that have no price. A report file, or a folder
 * without templates, has the report alone.
 */
export function readReportWithCoverage(io: Io, path: string): ReportJson {
  const report = readReport(path);
  if (!isFolder(path) || !existsSync(join(path, MANIFEST_FILE))) return report;
  const { sources, missing } = readTemplates([path]);
  if (missing.length > 0) {
    io.err(`note: uses of Amazon Bedrock without a price are unknown, since ${missing[0]} is missing. Name the whole output folder of cdk synth.\n`);
    return report;
  }
  const uses = reviewUsages(sources, report.resources);
  return { ...report, unpriced: unpricedOf(uses).map(unpricedJson), coverage: coverageOf(uses) };
}

function unpricedJson({ path, stack, resourceType, modelIds, suggestion }: Usage): UnpricedJson {
  return { path, stack, resourceType, modelIds, suggestion, source: null };
}

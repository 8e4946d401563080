import { existsSync } from 'fs';
import { dirname, join } from 'path';
import { InputError } from './io';
import { isFolder } from './paths';
import { parseReport, REPORT_FILE } from '../cost-report/parse-report';
import { ReportJson } from '../cost-report/report-json';
import { readTextFile } from '../files/text-file';
import { PricingError } from '../input/error';
import { problemLines } from '../usage-file/usage-file-error';

const MANIFEST_FILE = 'manifest.json';

/** Reads the report of an assembly's folder, or the report file itself. */
export function readReport(path: string): ReportJson {
  const file = reportFile(path);
  if (!existsSync(file)) {
    throw new InputError(
      `${file}: there is no such file. Run cdk synth first, and name its output folder (cdk.out) or the path of a ${REPORT_FILE}.`,
      ...(file === path ? [] : ['An app without priced Bedrock resources, or one that a budget with BLOCK refused, has no report.']),
    );
  }
  if (file !== path && !isNamedByManifest(path)) {
    throw new InputError(
      `${file}: the report is of an earlier synth, since the ${MANIFEST_FILE} beside it does not name it. Run cdk synth again.`,
      'An app without priced Bedrock resources has no report.',
    );
  }
  const parsed = parseReport(readTextFile(file, 'a report that cdk synth has written'));
  if ('problems' in parsed) throw new InputError(...problemLines(file, parsed.problems));
  return parsed.report;
}

/** Files that a command must not overwrite when it reads a report: the report, and the manifest that names it. */
export function filesOfReport(path: string): string[] {
  const file = reportFile(path);
  return [file, join(dirname(file), MANIFEST_FILE)];
}

function reportFile(path: string): string {
  return isFolder(path) ? join(path, REPORT_FILE) : path;
}

/** Whether the manifest of the folder names the report. True without a manifest, since the report may have been copied without it. */
function isNamedByManifest(folder: string): boolean {
  const manifest = join(folder, MANIFEST_FILE);
  return !existsSync(manifest) || readTextFile(manifest, 'the manifest of an assembly').includes(`"${REPORT_FILE}"`);
}

/** Adds the name of a file to the error of a value in it. */
export function inFile<T>(path: string, step: () => T): T {
  try {
    return step();
  } catch (e) {
    throw e instanceof PricingError ? new InputError(`${path}: ${e.message}`) : e;
  }
}

import { closeSync, existsSync, openSync, readSync } from 'fs';
import { dirname, join } from 'path';
import { InputError } from './io';
import { isFolder, reason } from './paths';
import { ReportJson } from '../gate/report-json';
import { parseReport, REPORT_FILE } from '../report/parse-report';
import { problemLines } from '../usage-file/usage-file-error';

/** More than any input of ours; what is longer was named by mistake. */
const MAX_BYTES = 64 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;
const MANIFEST_FILE = 'manifest.json';

/** The text of a file, in UTF-8. Also of a pipe such as /dev/stdin; never more than is sensible. */
export function readText(path: string, what: string): string {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    const file = openSync(path, 'r');
    try {
      for (;;) {
        const chunk = Buffer.alloc(CHUNK_BYTES);
        const read = readSync(file, chunk);
        if (read === 0) break;
        chunks.push(chunk.subarray(0, read));
        size += read;
        if (size > MAX_BYTES) break;
      }
    } finally {
      closeSync(file);
    }
  } catch (e) {
    throw unreadable(path, what, e);
  }
  if (size > MAX_BYTES) throw new InputError(`${path}: found more than ${MAX_BYTES} bytes; allowed: ${what} of at most that`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new InputError(`${path}: found bytes that are not UTF-8; allowed: ${what}, saved as UTF-8`);
  }
}

/** The error for a file that the system does not let us read. */
export function unreadable(path: string, what: string, e: unknown): InputError {
  return new InputError(`${path}: cannot be read: ${reason(e)}`, `allowed: the path of ${what}`);
}

/** The report of an assembly's folder, or the report file itself. */
export function readReport(path: string): ReportJson {
  const file = reportFile(path);
  if (!existsSync(file)) {
    throw new InputError(
      `${file}: there is no such file`,
      `allowed: the folder of an app that cdk synth has written (cdk.out), or the path of a ${REPORT_FILE}`,
      file === path
        ? 'to change: run cdk synth first, or name its output folder'
        : 'to change: run cdk synth first; an app without priced Bedrock resources, or one that a budget with BLOCK refused, has no report',
    );
  }
  if (file !== path && !isNamedByManifest(path)) {
    throw new InputError(
      `${file}: found a report of an earlier synth, which the ${MANIFEST_FILE} beside it does not name`,
      'to change: run cdk synth again; an app without priced Bedrock resources has no report',
    );
  }
  const parsed = parseReport(readText(file, 'a report that cdk synth has written'));
  if ('problems' in parsed) throw new InputError(...problemLines(file, parsed.problems));
  return parsed.report;
}

/** What must not be written over by a command that reads a report: the report, and the manifest that names it. */
export function filesOfReport(path: string): string[] {
  const file = reportFile(path);
  return [file, join(dirname(file), MANIFEST_FILE)];
}

function reportFile(path: string): string {
  return isFolder(path) ? join(path, REPORT_FILE) : path;
}

/** True also without a manifest: then the report was put there on its own, and nothing says that it is an old one. */
function isNamedByManifest(folder: string): boolean {
  const manifest = join(folder, MANIFEST_FILE);
  return !existsSync(manifest) || readText(manifest, 'the manifest of an assembly').includes(`"${REPORT_FILE}"`);
}

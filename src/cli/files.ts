import { closeSync, existsSync, fsyncSync, openSync, readSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'fs';
import { basename, dirname, extname, join } from 'path';
import { InputError, Io } from './io';
import { ReportJson } from '../gate/report-json';
import { parseReport, REPORT_FILE } from '../report/parse-report';
import { problemLines } from '../usage-file/usage-file-error';

/** More than any input of ours; what is longer was named by mistake. */
const MAX_BYTES = 64 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;

const REASONS: { readonly [code: string]: string } = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be read or written by this user',
  EROFS: 'it stands on a disk that cannot be written',
  ENOSPC: 'the disk is full',
};

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
  const file = isFolder(path) ? join(path, REPORT_FILE) : path;
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
      `${file}: found a report of an earlier synth, which the manifest.json beside it does not name`,
      'to change: run cdk synth again; an app without priced Bedrock resources has no report',
    );
  }
  const parsed = parseReport(readText(file, 'a report that cdk synth has written'));
  if ('problems' in parsed) throw new InputError(...problemLines(file, parsed.problems));
  return parsed.report;
}

/** True also without a manifest: then the report was put there on its own, and nothing says that it is an old one. */
function isNamedByManifest(folder: string): boolean {
  const manifest = join(folder, 'manifest.json');
  return !existsSync(manifest) || readText(manifest, 'the manifest of an assembly').includes(`"${REPORT_FILE}"`);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Writes a result to the file of `-o`, or to standard output. */
export function writeResult(io: Io, text: string, output: string | undefined, input?: string): void {
  if (output === undefined) {
    io.out(text);
    return;
  }
  if (input !== undefined && isSameFile(input, output)) {
    throw new InputError(`--output: found ${JSON.stringify(output)}, which is the input; allowed: another file`);
  }
  try {
    writeFileSync(output, text);
  } catch (e) {
    throw unwritable('--output', output, e);
  }
  io.err(`wrote ${output}\n`);
}

/**
 * Writes a file as a whole or not at all: beside its target, then under its name.
 *
 * @param check looks at what was written before it takes the place of the target; what it throws leaves the target alone
 */
export function writeAtomically(option: string, path: string, text: string, check: (written: string) => void = () => {}): void {
  const extension = extname(path);
  const temporary = join(dirname(path), `.${basename(path, extension)}.${process.pid}.tmp${extension}`);
  try {
    writeAndSync(option, path, temporary, text);
    check(temporary);
    try {
      renameSync(temporary, path);
    } catch (e) {
      throw unwritable(option, path, e);
    }
  } finally {
    rmSync(temporary, { force: true });
  }
}

function writeAndSync(option: string, path: string, temporary: string, text: string): void {
  try {
    const file = openSync(temporary, 'w');
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch (e) {
    throw unwritable(option, path, e);
  }
}

function unwritable(option: string, path: string, e: unknown): InputError {
  return new InputError(`${option}: ${path}: cannot be written: ${reason(e)}`, 'allowed: the path of a file in a folder that exists');
}

export function isSameFile(a: string, b: string): boolean {
  return existsSync(a) && existsSync(b) && realpathSync(a) === realpathSync(b);
}

function reason(e: unknown): string {
  const { code = 'unknown', message } = e as NodeJS.ErrnoException;
  return REASONS[code] ?? message;
}

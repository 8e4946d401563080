import { accessSync, closeSync, constants, existsSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'fs';
import { basename, dirname, extname, join, resolve } from 'path';
import { InputError, Io } from './io';
import { isFolder, isPipe, isSameFile, isSpecial, realPath } from './paths';
import { fileProblem } from '../files/text-file';

/** Paths of files that a shell has opened. The reader of such a file would not see its replacement. */
const STREAM = /^\/(dev\/(stdin|stdout|stderr|fd\/.*)|proc\/.*)$/;

/**
 * Writes a result to the file of `-o`, or to standard output.
 *
 * @param inputs every file that the command has read
 */
export function writeResult(io: Io, text: string, output: string | undefined, inputs: readonly (string | undefined)[]): void {
  if (output === undefined) {
    io.out(text);
    return;
  }
  if (inputs.some((input) => input !== undefined && isSameFile(input, output))) {
    throw new InputError(`--output must be another file than the input, got ${JSON.stringify(output)}.`);
  }
  refuseNoFile('--output', output);
  const isNew = !existsSync(output);
  try {
    writeText(output, text);
  } catch (e) {
    // A partial result must not be taken for a complete one.
    if (isNew) rmSync(output, { force: true });
    throw unwritable('--output', output, e);
  }
  io.err(`wrote ${output}\n`);
}

/**
 * Checks that a file can be written, before a long computation of its content begins.
 *
 * @param taken files that the command reads or writes besides
 */
export function checkOutput(option: string, path: string, taken: readonly string[] = []): void {
  refuseSpecial(option, path);
  refuseNoFile(option, path);
  const target = realPath(path);
  if (taken.some((other) => isSameFile(other, path))) {
    throw new InputError(`${option} must be a file of its own, got ${JSON.stringify(path)}, which the command reads or writes, too.`);
  }
  try {
    accessSync(dirname(target), constants.W_OK);
    if (existsSync(target)) accessSync(target, constants.W_OK);
  } catch (e) {
    throw unwritable(option, path, e);
  }
}

/**
 * Writes a file completely or not at all: to a temporary file in the folder of its target, which it then renames. A link is kept,
 * and its target is written.
 *
 * @param check checks the temporary file before it replaces the target; if it throws, the target is unchanged
 */
export function writeAtomically(option: string, path: string, text: string, check: (written: string) => void = () => {}): void {
  refuseSpecial(option, path);
  const target = realPath(path);
  const extension = extname(target);
  const temporary = join(dirname(target), `.${basename(target, extension)}.${process.pid}.tmp${extension}`);
  try {
    writeAndSync(option, path, temporary, text);
    check(temporary);
    try {
      renameSync(temporary, target);
    } catch (e) {
      throw unwritable(option, path, e);
    }
  } finally {
    rmSync(temporary, { force: true });
  }
}

function refuseNoFile(option: string, path: string): void {
  const target = realPath(path);
  if (path !== '' && !isFolder(target) && isFolder(dirname(target))) return;
  throw new InputError(`${option} must be a file in a folder that exists, got ${JSON.stringify(path)}.`);
}

/** Writes a text to a file. A pipe is opened without waiting first: opening a pipe that no program reads would block forever. */
function writeText(path: string, text: string): void {
  const pipe = isPipe(path) ? openSync(path, constants.O_WRONLY + constants.O_NONBLOCK) : undefined;
  try {
    writeFileSync(path, text);
  } finally {
    if (pipe !== undefined) closeSync(pipe);
  }
}

/** Refuses a device: a rename would replace it with a plain file, for every program of the machine. */
function refuseSpecial(option: string, path: string): void {
  if (!STREAM.test(resolve(path)) && !isSpecial(path)) return;
  throw new InputError(
    `${option} must be a file, which is written as a whole or not at all, got ${JSON.stringify(path)}, a device, pipe or socket.${option === '--output' ? '' : ` Leave out ${option}, or choose a file.`}`,
  );
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
  const isUnread = isPipe(path) && (e as NodeJS.ErrnoException).code === 'ENXIO';
  const problem = isUnread ? 'no program reads the pipe' : fileProblem(e);
  return new InputError(`${option} must be a file that can be written, got ${JSON.stringify(path)}: ${problem}.`);
}

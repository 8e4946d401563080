import { isMarkedAs, markAs } from '../input/brand';
import { oneLine } from '../input/one-line';

export const MEGABYTE = 1024 * 1024;

/** Maximum size of a text file. It is above the size of any valid input, so a larger file was named by mistake. */
export const MAX_TEXT_BYTES = 64 * MEGABYTE;
const CHUNK_BYTES = MEGABYTE;
/** Time for a writer to open a named pipe. */
const WRITER_MS = 2_000;
/** Time without a byte after which a pipe or a terminal is silent, for a file on the command line. */
export const SILENCE_MS = 60_000;
/** Time without a byte after which a pipe is silent, for a file that an app or its context names, which is rarely a pipe. */
export const SYNTH_SILENCE_MS = 5_000;
const POLL_MS = 20;

const REASONS: { readonly [code: string]: string } = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'this user has no permission for it',
  EPERM: 'this user has no permission for it',
  EROFS: 'it is on a read-only disk',
  ENOSPC: 'the disk is full',
  ELOOP: 'it is a link that leads to itself',
  ENXIO: 'it is a socket',
  EIO: 'the device cannot be read or written',
};

/** Error for a file that cannot be used. The message names the file, the problem and the remedy. */
export class FileError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'FileError';
    markAs('FileError', this);
  }
}

/** True for a `FileError` of this or another copy of the library. */
export function isFileError(problem: unknown): problem is FileError {
  return isMarkedAs('FileError', problem);
}

/** Describes the reason for which the system refuses a file. */
export function fileProblem(e: unknown): string {
  const { code = '', message } = e as NodeJS.ErrnoException;
  return REASONS[code] ?? message;
}

export interface ReadOptions {
  /** Option or context key that names the file, for messages. */
  readonly field?: string;
  /**
   * Maximum size in bytes, which also stops an endless pipe or device.
   * @default MAX_TEXT_BYTES
   */
  readonly maxBytes?: number;
  /**
   * Time in milliseconds without a byte after which a pipe or a terminal is refused.
   * @default SILENCE_MS
   */
  readonly silenceMs?: number;
}

/**
 * Reads the text of a file, a pipe or a device, in UTF-8 with or without a byte order mark. The library and the command line read
 * all text files with it.
 *
 * @param type the expected type of the file for messages, such as `a usage file`
 * @throws FileError for a file that is missing, not readable, silent, too large or not UTF-8
 */
export function readTextFile(path: string, type: string, { field, maxBytes = MAX_TEXT_BYTES, silenceMs = SILENCE_MS }: ReadOptions = {}): string {
  const place = oneLine(field === undefined ? path : `${field}: ${path}`);
  const chunks: Buffer[] = [];
  let size = 0;
  for (const chunk of fileChunks(path, type, place, silenceMs)) {
    size += chunk.length;
    if (size > maxBytes) throw new FileError(`${place}: must be ${type} of at most ${maxBytes / MEGABYTE} MB, got more. Check the path.`);
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  if (isUtf16(bytes)) throw new FileError(`${place}: is saved as UTF-16. Save it as UTF-8.`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new FileError(`${place}: holds bytes that are not UTF-8. Save it as UTF-8.`);
  }
}

/** Returns the size of a file in bytes; undefined if it does not exist. */
export function fileBytes(path: string): number | undefined {
  const { statSync }: typeof import('fs') = require('fs');
  return statSync(path, { throwIfNoEntry: false })?.size;
}

/** Creates the error for a file that the system refuses. */
export function unreadable(place: string, what: string, e: unknown): FileError {
  return new FileError(`${place}: cannot be read: ${fileProblem(e)}. Name the path of ${what}.`);
}

/**
 * Reads the bytes of a file, a pipe or a device in chunks. A pipe without a writer is empty.
 *
 * @param place the file for messages
 * @param silenceMs the time in milliseconds for which a pipe may send nothing
 * @throws FileError for a file that is missing, not readable or silent
 */
export function* fileChunks(path: string, what: string, place = path, silenceMs = SILENCE_MS): Generator<Buffer, void> {
  try {
    yield* openedChunks(path, silenceMs);
  } catch (e) {
    throw isFileError(e) ? new FileError(`${place}: ${e.message}`) : unreadable(place, what, e);
  }
}

function* openedChunks(path: string, silenceMs: number): Generator<Buffer, void> {
  const { closeSync, constants, fstatSync, openSync }: typeof import('fs') = require('fs');
  // O_NONBLOCK, because opening a named pipe without a writer would block forever.
  const file = openSync(path, constants.O_NONBLOCK ?? constants.O_RDONLY);
  try {
    const isPipe = fstatSync(file).isFIFO();
    for (let awaitsWriter = isPipe; ; awaitsWriter = false) {
      const chunk = nextChunk(file, awaitsWriter, silenceMs);
      if (chunk.length === 0) return;
      yield chunk;
    }
  } finally {
    closeSync(file);
  }
}

/** @param awaitsWriter whether an end without a byte may mean that the writer has not opened the pipe yet */
function nextChunk(file: number, awaitsWriter: boolean, silenceMs: number): Buffer {
  const { readSync }: typeof import('fs') = require('fs');
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  for (let waited = 0; ; waited += POLL_MS) {
    try {
      const read = readSync(file, chunk);
      if (read > 0 || !awaitsWriter || waited >= WRITER_MS) return chunk.subarray(0, read);
    } catch (e) {
      if ((e as NodeJS.ErrnoException).code !== 'EAGAIN') throw e;
      if (waited >= silenceMs) throw new FileError(`sends nothing for ${silenceMs / 1000} seconds. Name a file, or a pipe that ends.`);
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS);
  }
}

/** Detects UTF-16 by its byte order mark, or by the zero bytes of ASCII characters, which valid input in UTF-8 does not have. */
function isUtf16(bytes: Buffer): boolean {
  const [first, second, third, fourth] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  return bytes.length >= 4 && ((first === 0 && third === 0) !== (second === 0 && fourth === 0));
}

import { BigIntStats, lstatSync, readlinkSync, realpathSync, statSync } from 'fs';
import { basename, dirname, join, resolve } from 'path';

export function isFolder(path: string): boolean {
  return statOf(path)?.isDirectory() ?? false;
}

/** True for a device, a pipe or a socket: writing to it is not the same as replacing it. */
export function isSpecial(path: string): boolean {
  const stat = statOf(path);
  return stat !== undefined && !stat.isFile() && !stat.isDirectory();
}

export function isPipe(path: string): boolean {
  return statOf(path)?.isFIFO() ?? false;
}

/** The path of a file's bytes, through all links; also for a file that does not exist yet. */
export function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch (e) {
    const isMissing = (e as NodeJS.ErrnoException).code === 'ENOENT';
    // A link to a file that is still to come: writing to it makes that file.
    if (isMissing && isLink(path)) return realPath(resolve(dirname(path), readlinkSync(path)));
    return isMissing ? join(realPath(dirname(path)), basename(path)) : resolve(path);
  }
}

/** True when writing to one path changes what stands under the other. The files need not exist yet. */
export function isSameFile(a: string, b: string): boolean {
  const [one, other] = [statOf(a), statOf(b)];
  if (one === undefined || other === undefined) return realPath(a) === realPath(b);
  // Two names of one file share its number, also without a link between them. A terminal or a pipe loses nothing by being written to.
  return one.isFile() && one.dev === other.dev && one.ino === other.ino;
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

function statOf(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false });
  } catch {
    // What cannot be looked at cannot be opened either, and is refused there with the reason.
    return undefined;
  }
}

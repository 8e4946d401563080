import { BigIntStats, lstatSync, readlinkSync, realpathSync, statSync } from 'fs';
import { basename, dirname, join, resolve } from 'path';

export function isFolder(path: string): boolean {
  return statOf(path)?.isDirectory() ?? false;
}

/** True for a device, a pipe or a socket, which can be written to but must not be replaced. */
export function isSpecial(path: string): boolean {
  const stat = statOf(path);
  return stat !== undefined && !stat.isFile() && !stat.isDirectory();
}

export function isPipe(path: string): boolean {
  return statOf(path)?.isFIFO() ?? false;
}

/** Real path of a file, with all links resolved. The file need not exist yet. */
export function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch (e) {
    const isMissing = (e as NodeJS.ErrnoException).code === 'ENOENT';
    // Writing to a link whose target does not exist creates the target.
    if (isMissing && isLink(path)) return realPath(resolve(dirname(path), readlinkSync(path)));
    return isMissing ? join(realPath(dirname(path)), basename(path)) : resolve(path);
  }
}

/** True if writing to one path changes the file of the other. The files need not exist yet. */
export function isSameFile(a: string, b: string): boolean {
  const [one, other] = [statOf(a), statOf(b)];
  if (one === undefined || other === undefined) return realPath(a) === realPath(b);
  // Hard links of one file have the same inode. A terminal or a pipe may be input and output at the same time.
  return one.isFile() && one.dev === other.dev && one.ino === other.ino;
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

function statOf(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false });
  } catch {
    // A file without access to its status cannot be opened either. Opening it reports the reason.
    return undefined;
  }
}

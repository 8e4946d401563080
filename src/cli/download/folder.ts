import { mkdirSync, readdirSync, rmdirSync, rmSync } from 'fs';
import { join } from 'path';
import { lock } from './lock';
import { isListFile } from './offers';
import { onDisk, PartialFile } from './partial';

/**
 * Folder beside the output that keeps the downloads until the book is written. It is kept after a failed run, and the next run
 * continues the downloads. Only files with names of price lists are removed from it.
 */
export class DownloadFolder {
  /** @throws InputError if another run uses the same output */
  public static async claim(output: string): Promise<DownloadFolder> {
    const path = `${output}.download`;
    onDisk(path, () => mkdirSync(path, { recursive: true }));
    return new DownloadFolder(path, await lock(join(path, 'lock')));
  }

  private constructor(public readonly path: string, private readonly unlock: () => void) {}

  public pathOf(fileName: string): string {
    return join(this.path, fileName);
  }

  /** Removes the lists that this run does not use, such as versions that AWS has replaced. */
  public keepOnly(fileNames: readonly string[]): void {
    this.removeFiles((name) => !fileNames.includes(name.replace(/\.(part|etag)$/, '')));
  }

  /** Removes the folder after the book is written. A file that cannot be removed is not an error, since the book is complete. */
  public remove(): void {
    try {
      this.removeFiles(() => true);
    } catch {
      // The next run removes it.
    }
    this.leave();
  }

  /** Ends the use of the folder. Returns true if it has downloads that the next run can continue. */
  public leave(): boolean {
    const isUseful = this.removeUseless();
    this.unlock();
    try {
      rmdirSync(this.path);
    } catch {
      // Not empty: it has downloads, or another run has begun.
    }
    return isUseful;
  }

  /** Removes partial files without an ETag, which cannot be continued. Returns true if other downloads are left. */
  private removeUseless(): boolean {
    try {
      this.removeFiles((name) => {
        const [, whole] = /^(.*)\.(?:part|etag)$/.exec(name) ?? [];
        return whole !== undefined && new PartialFile(this.pathOf(whole)).etag === undefined;
      });
      return readdirSync(this.path).some(isListFile);
    } catch {
      // The next run removes it.
      return false;
    }
  }

  private removeFiles(isRemoved: (name: string) => boolean): void {
    for (const name of readdirSync(this.path)) if (isListFile(name) && isRemoved(name)) rmSync(this.pathOf(name), { force: true });
  }
}

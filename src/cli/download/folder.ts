import { mkdirSync, readdirSync, rmdirSync, rmSync } from 'fs';
import { join } from 'path';
import { lock } from './lock';
import { isListFile } from './offers';
import { onDisk, PartialFile } from './partial';

/**
 * The folder beside the output for downloads, until the book is made. It outlives a failed run, so that the next one can
 * continue. Only files of our own names are ever removed from it.
 */
export class DownloadFolder {
  /** @throws InputError when another run works on the same output */
  public static async claim(output: string): Promise<DownloadFolder> {
    const path = `${output}.download`;
    onDisk(path, () => mkdirSync(path, { recursive: true }));
    return new DownloadFolder(path, await lock(join(path, 'lock')));
  }

  private constructor(public readonly path: string, private readonly unlock: () => void) {}

  public pathOf(fileName: string): string {
    return join(this.path, fileName);
  }

  /** Removes what belongs to no file of this run, such as versions that AWS has replaced meanwhile. */
  public keepOnly(fileNames: readonly string[]): void {
    this.removeFiles((name) => !fileNames.includes(name.replace(/\.(part|etag)$/, '')));
  }

  /** For when the book is there: what cannot be removed is no reason to say that it is not. */
  public remove(): void {
    try {
      this.removeFiles(() => true);
    } catch {
      // It stays behind, and the next run removes it.
    }
    this.leave();
  }

  /** Ends the use of the folder; true if the next run can go on with something in it. */
  public leave(): boolean {
    const isUseful = this.removeUseless();
    this.unlock();
    try {
      rmdirSync(this.path);
    } catch {
      // Not empty: there is something to keep, or another run has begun.
    }
    return isUseful;
  }

  /** Bytes that nothing says the origin of cannot be continued. True if something else is left. */
  private removeUseless(): boolean {
    try {
      this.removeFiles((name) => {
        const [, whole] = /^(.*)\.(?:part|etag)$/.exec(name) ?? [];
        return whole !== undefined && new PartialFile(this.pathOf(whole)).etag === undefined;
      });
      return readdirSync(this.path).some(isListFile);
    } catch {
      // What cannot be removed, the next run removes.
      return false;
    }
  }

  private removeFiles(isRemoved: (name: string) => boolean): void {
    for (const name of readdirSync(this.path)) if (isListFile(name) && isRemoved(name)) rmSync(this.pathOf(name), { force: true });
  }
}

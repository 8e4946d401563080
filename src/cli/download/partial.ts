import { createHash } from 'crypto';
import { closeSync, createReadStream, existsSync, fsyncSync, openSync, readFileSync, readSync, renameSync, rmSync, statSync, truncateSync, writeFileSync, writeSync } from 'fs';
import { fileProblem } from '../../files/text-file';
import { InputError } from '../io';

/** Maximum size of a download. It is far above the size of AWS's price lists and protects the disk. */
const MAX_BYTES = 4 * 1024 ** 3;

/**
 * A partial download: `NAME.part` until it is complete, then `NAME`. `NAME.etag` has the ETag of the file that is downloaded, with
 * which another run can request the remaining bytes of the same file.
 */
export class PartialFile {
  private readonly part: string;
  private readonly tag: string;

  constructor(private readonly path: string) {
    this.part = `${path}.part`;
    this.tag = `${path}.etag`;
  }

  public get size(): number {
    return statSync(this.part, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** ETag of the file that the bytes are from; undefined without one: such bytes cannot be continued. */
  public get etag(): string | undefined {
    return this.size > 0 && existsSync(this.tag) ? readFileSync(this.tag, 'utf8') : undefined;
  }

  /** Starts the download again. The order of the steps matters: if the process is killed, bytes never have the ETag of another file. */
  public restart(etag: string | undefined): void {
    onDisk(this.part, () => {
      if (existsSync(this.part)) truncateSync(this.part, 0);
      rmSync(this.tag, { force: true });
      if (etag !== undefined) writeFileSync(this.tag, etag);
    });
  }

  public discard(): void {
    for (const path of [this.part, this.tag]) rmSync(path, { force: true });
  }

  /** Appends the chunks as they arrive. */
  public async append(chunks: AsyncIterable<Uint8Array>, progress: (size: number) => void): Promise<void> {
    const file = onDisk(this.part, () => openSync(this.part, 'a'));
    try {
      let { size } = this;
      for await (const chunk of chunks) {
        for (let written = 0; written < chunk.length;) written += onDisk(this.part, () => writeSync(file, chunk, written));
        size += chunk.length;
        if (size > MAX_BYTES) throw new InputError(`${this.part}: must be a price list of at most ${MAX_BYTES} bytes, got more. Check --endpoint.`);
        progress(size);
      }
      onDisk(this.part, () => fsyncSync(file));
    } finally {
      closeSync(file);
    }
  }

  /** Whether the file ends like JSON: the only check of completeness for an answer without a length. */
  public endsLikeJson(): boolean {
    const tail = Buffer.alloc(Math.min(64, this.size));
    const file = openSync(this.part, 'r');
    readSync(file, tail, 0, tail.length, this.size - tail.length);
    closeSync(file);
    return tail.toString('latin1').trimEnd().endsWith('}');
  }

  public async md5(): Promise<string> {
    const hash = createHash('md5');
    for await (const chunk of createReadStream(this.part)) hash.update(chunk);
    return hash.digest('hex');
  }

  public finish(): void {
    onDisk(this.path, () => renameSync(this.part, this.path));
    rmSync(this.tag, { force: true });
  }
}

/** Runs a step on disk. The message of an error names the file. */
export function onDisk<T>(path: string, step: () => T): T {
  try {
    return step();
  } catch (e) {
    throw new InputError(`${path}: cannot be written: ${fileProblem(e)}. Choose an --output on a disk with room, in a folder that this user may write to.`);
  }
}

import { createHash } from 'crypto';
import { closeSync, createReadStream, existsSync, fsyncSync, openSync, readFileSync, readSync, renameSync, rmSync, statSync, truncateSync, writeFileSync, writeSync } from 'fs';
import { fileProblem } from '../../files/text-file';
import { InputError } from '../io';

/** Far more than any price list of AWS; a longer answer would fill the disk. */
const MAX_BYTES = 4 * 1024 ** 3;

/**
 * A file on its way: `NAME.part` until it is whole, then `NAME`. The ETag of what the bytes are a part of stands beside it,
 * so that another run can ask for the rest of just that.
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

  /** Undefined for bytes that nothing says the origin of: they cannot be continued. */
  public get etag(): string | undefined {
    return this.size > 0 && existsSync(this.tag) ? readFileSync(this.tag, 'utf8') : undefined;
  }

  /** Begins anew. In this order: whenever the process is killed, bytes never stand beside the tag of others. */
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

  /** Appends what comes, as it comes. */
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

  /** Of an answer without length this is all that can be seen of its end before it is read. */
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

/** The result of a step on disk; an error of the system names the file. */
export function onDisk<T>(path: string, step: () => T): T {
  try {
    return step();
  } catch (e) {
    throw new InputError(`${path}: cannot be written: ${fileProblem(e)}. Choose an --output on a disk with room, in a folder that this user may write to.`);
  }
}

import { createHash } from 'node:crypto';

/** Bytes that can be read in part. A test may make them up when they are asked for: a file of 2 GB takes no room. */
export interface Content {
  readonly size: number;
  /** The bytes from one position to, but without, another. */
  read(from: number, to: number): Buffer;
}

export function contentOf(bytes: Buffer): Content {
  return { size: bytes.length, read: (from, to) => bytes.subarray(from, to) };
}

/** Some bytes of another content, which are not copied. */
export function slice(content: Content, start: number, end: number): Content {
  return { size: end - start, read: (from, to) => content.read(start + from, start + to) };
}

/** One content after the other. */
export function joined(contents: readonly Content[]): Content {
  const starts = contents.reduce((all, { size }) => [...all, all[all.length - 1] + size], [0]);
  const read = (from: number, to: number) => Buffer.concat(contents.flatMap((content, index) => {
    const [start, end] = [Math.max(from, starts[index]), Math.min(to, starts[index + 1])];
    return start < end ? [content.read(start - starts[index], end - starts[index])] : [];
  }));
  return { size: starts[contents.length], read };
}

export function md5(bytes: Buffer | string): string {
  return createHash('md5').update(bytes).digest('hex');
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const QUOTE = 0x22;

/** A line of a file. */
export interface FileLine {
  /** The number of the line, counted from 1. */
  readonly number: number;
  /** The bytes with the line break. */
  readonly bytes: Buffer;
  /** Whether the number of quotes is odd, so that a quoted field continues on another line. */
  readonly isOdd: boolean;
  /** Whether the line is longer than its kept bytes. */
  readonly isCut: boolean;
}

/** The lines of a file, each cut after `maxBytes`. */
export async function* fileLines(stream: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<FileLine> {
  let pieces: Buffer[] = [];
  let [number, length, isCut] = [1, 0, false];
  const keep = (piece: Buffer) => {
    isCut ||= length + piece.length > maxBytes;
    pieces.push(piece.subarray(0, maxBytes - length));
    length = Math.min(length + piece.length, maxBytes);
  };
  const line = (): FileLine => {
    const bytes = pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
    const complete = { number: number++, bytes, isOdd: quotesIn(bytes) % 2 === 1, isCut };
    [pieces, length, isCut] = [[], 0, false];
    return complete;
  };
  for await (const { buffer, byteOffset, byteLength } of stream) {
    const chunk = Buffer.from(buffer, byteOffset, byteLength);
    let from = 0;
    for (let at = chunk.indexOf(LINE_FEED); at !== -1; at = chunk.indexOf(LINE_FEED, from)) {
      keep(chunk.subarray(from, at + 1));
      from = at + 1;
      yield line();
    }
    if (from < chunk.length) keep(chunk.subarray(from));
  }
  if (length > 0) yield line();
}

/** A line without its line break: `\n` or `\r\n`. */
export function withoutBreak(bytes: Buffer): Buffer {
  if (bytes.at(-1) !== LINE_FEED) return bytes;
  return bytes.subarray(0, bytes.at(-2) === CARRIAGE_RETURN ? -2 : -1);
}

function quotesIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(QUOTE); at !== -1; at = bytes.indexOf(QUOTE, at + 1)) count++;
  return count;
}

/** A queue of lines that can be put back. */
export class LineQueue {
  /** The lines that were put back, the next one last. */
  private readonly ahead: FileLine[] = [];

  constructor(private readonly lines: AsyncIterator<FileLine>) {}

  public async next(): Promise<FileLine | undefined> {
    if (this.ahead.length > 0) return this.ahead.pop();
    const { value, done } = await this.lines.next();
    return done ? undefined : value;
  }

  public putBack(lines: readonly FileLine[]): void {
    for (let i = lines.length - 1; i >= 0; i--) this.ahead.push(lines[i]);
  }

  /** Stops reading the file. */
  public async close(): Promise<void> {
    await this.lines.return?.();
  }
}

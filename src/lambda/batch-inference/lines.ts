import { isUtf8 } from 'node:buffer';
import type { Piece } from './contract';

const NEWLINE = 10;
const BYTE_ORDER_MARK = Buffer.from('\ufeff');
const CARRIAGE_RETURN = 13;

/** The maximum bytes of a line, above the maximum request of any model. A longer line is reported, and its content is dropped. */
export const LONGEST_LINE = 64 * 1024 * 1024;

export interface Line {
  /** The number of the line, counted from 1, among the lines that begin in the piece. */
  readonly line: number;
  readonly bytes: number;
  /** Left out if the line has a problem. */
  readonly content?: string;
  readonly problem?: string;
}

/** The first byte to read of a piece: the byte before the piece shows whether a line begins with it. */
export function firstByteOf({ from }: Piece): number {
  return Math.max(from - 1, 0);
}

/**
 * The lines that begin in a piece. Each line of a file begins in exactly one piece, so the pieces of a file contain each line once. The
 * last line is read beyond the end of the piece.
 *
 * @param bytes the bytes of the file from `firstByteOf(piece)` to its end, read only as far as needed
 */
export async function* linesOf(piece: Piece, bytes: AsyncIterable<Uint8Array>, longest = LONGEST_LINE): AsyncGenerator<Line> {
  let at = firstByteOf(piece);
  // Skips the rest of a line that began before the piece.
  let skipping = piece.from > 0;
  let kept: Buffer[] = [];
  let length = 0;
  let line = 0;
  // Some editors begin a UTF-8 file with a byte order mark of three bytes, which JSON does not allow.
  let mayBeMarked = piece.from === 0;
  const take = (piecewise: Buffer) => {
    length += piecewise.length;
    if (length <= longest) kept.push(piecewise);
    else kept = [];
  };
  const finish = (): Line => {
    if (mayBeMarked && startsWith(kept, BYTE_ORDER_MARK)) kept = [Buffer.concat(kept).subarray(BYTE_ORDER_MARK.length)];
    mayBeMarked = false;
    const finished = { line: ++line, bytes: length, ...(length > longest ? tooLong(longest) : textOf(kept)) };
    [kept, length] = [[], 0];
    return finished;
  };
  for await (const chunk of bytes) {
    const buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    for (let begin = 0; begin < buffer.length;) {
      const newline = buffer.indexOf(NEWLINE, begin);
      const end = newline < 0 ? buffer.length : newline;
      if (!skipping) take(buffer.subarray(begin, end));
      if (newline < 0) break;
      if (!skipping) yield finish();
      skipping = false;
      begin = newline + 1;
      if (at + begin >= piece.to) return;
    }
    at += buffer.length;
  }
  if (length > 0) yield finish();
}

function textOf(parts: readonly Buffer[]): Pick<Line, 'content' | 'problem'> {
  const line = parts.length === 1 ? parts[0] : Buffer.concat(parts);
  // Decoding would silently replace each invalid byte by another character.
  if (!isUtf8(line)) return { problem: 'the line is not UTF-8' };
  return { content: line.toString('utf8', 0, line.at(-1) === CARRIAGE_RETURN ? line.length - 1 : line.length) };
}

function startsWith([first, ...others]: readonly Buffer[], mark: Buffer): boolean {
  if (first === undefined) return false;
  const begin = first.length < mark.length ? Buffer.concat([first, ...others]) : first;
  return begin.subarray(0, mark.length).equals(mark);
}

function tooLong(longest: number): Pick<Line, 'problem'> {
  return { problem: `the line is longer than ${longest} bytes, above the maximum request of any model` };
}

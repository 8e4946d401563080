import { isUtf8 } from 'node:buffer';
import type { Piece } from './contract';

const NEWLINE = 10;
const BYTE_ORDER_MARK = Buffer.from('\ufeff');
const CARRIAGE_RETURN = 13;

/** More than any model takes in one request. A longer line is told, and not kept. */
export const LONGEST_LINE = 64 * 1024 * 1024;

export interface Line {
  /** Counted from 1, among the lines that begin in the piece. */
  readonly line: number;
  readonly bytes: number;
  /** Left out where there is a problem. */
  readonly content?: string;
  readonly problem?: string;
}

/** The first byte that has to be read of a piece: the one before it tells whether a line begins with it. */
export function firstByteOf({ from }: Piece): number {
  return Math.max(from - 1, 0);
}

/**
 * The lines that begin in a piece. Each line of a file begins in one piece only, so that the pieces of a file give each line
 * once; the last one is read on behind the end of the piece.
 *
 * @param bytes of the file, from `firstByteOf(piece)` to its end; read only as far as needed
 */
export async function* linesOf(piece: Piece, bytes: AsyncIterable<Uint8Array>, longest = LONGEST_LINE): AsyncGenerator<Line> {
  let at = firstByteOf(piece);
  // Within a line that began before the piece, until it ends.
  let skipping = piece.from > 0;
  let kept: Buffer[] = [];
  let length = 0;
  let line = 0;
  // Some editors mark a file as UTF-8 with three bytes, which no JSON begins with.
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
  // Decoded all the same, each byte that is none of UTF-8 would become another character, and nobody would know.
  if (!isUtf8(line)) return { problem: 'the line is not UTF-8' };
  return { content: line.toString('utf8', 0, line.at(-1) === CARRIAGE_RETURN ? line.length - 1 : line.length) };
}

function startsWith([first, ...others]: readonly Buffer[], mark: Buffer): boolean {
  if (first === undefined) return false;
  const begin = first.length < mark.length ? Buffer.concat([first, ...others]) : first;
  return begin.subarray(0, mark.length).equals(mark);
}

function tooLong(longest: number): Pick<Line, 'problem'> {
  return { problem: `the line is longer than ${longest} bytes, which is more than a model takes in one request` };
}

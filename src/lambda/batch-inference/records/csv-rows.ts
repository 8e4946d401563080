import { isUtf8 } from 'node:buffer';
import { CsvError, parse } from 'csv-parse/sync';
import { fileLines, FileLine, LineQueue, withoutBreak } from './csv-lines';
import { shown } from './shape';

/** The longest that a row can be. What is longer is no prompt but a file whose quotes are broken. */
export const MAX_ROW_BYTES = 10_000_000;

const BYTE_ORDER_MARK = Buffer.from('\ufeff');

export interface CsvCells {
  readonly line: number;
  readonly cells: readonly string[];
  readonly content: string;
}
export interface CsvProblem {
  readonly line: number;
  readonly problem: string;
  /** The row as it is in the file. */
  readonly content: string;
}

/**
 * The rows of a CSV file (RFC 4180, UTF-8), the header first, each read or set aside, in order; empty lines are no rows.
 *
 * A row goes on over lines until its quotes are even in number; what lies between is read by csv-parse. It is not left to
 * find the rows itself: a stray quote would have it take the following rows, or the rest of the file, for one field, and
 * it ends at the first error. (Nor does it count the lines: it takes a `\r\n` within quotes for two.)
 */
export async function* csvRows(stream: AsyncIterable<Uint8Array>, maxRowBytes = MAX_ROW_BYTES): AsyncGenerator<CsvCells | CsvProblem> {
  const lines = new LineQueue(fileLines(stream, maxRowBytes));
  try {
    let width: number | undefined;
    for (let line = await lines.next(); line; line = await lines.next()) {
      const first = line.number === 1 ? withoutMark(line) : line;
      if (withoutBreak(first.bytes).length === 0) continue;
      const row = await rowFrom(first, lines, maxRowBytes, width);
      if ('cells' in row) width ??= row.cells.length;
      yield row;
    }
  } finally {
    await lines.close();
  }
}

async function rowFrom(first: FileLine, lines: LineQueue, maxRowBytes: number, width: number | undefined): Promise<CsvCells | CsvProblem> {
  if (first.isCut) return setAside([first], `the line is longer than ${maxRowBytes} bytes, of which the first are kept`);
  if (!first.isOdd) return readRow([first], width);
  const fault = openingFault(first);
  if (fault === 'INVALID_OPENING_QUOTE') return setAside([first], BROKEN_QUOTE);

  const row = [first];
  let length = first.bytes.length;
  do {
    const next = await lines.next();
    length += next?.bytes.length ?? 0;
    if (!next || length > maxRowBytes) {
      lines.putBack(next ? [...row.slice(1), next] : row.slice(1));
      const where = next ? `within ${maxRowBytes} bytes` : 'before the end of the file';
      return setAside([first], `a quote opens that is not closed ${where}, so only this line is set aside and the next ones are read as rows`);
    }
    row.push(next);
  } while (!row[row.length - 1].isOdd);

  const read = readRow(row, width);
  if ('cells' in read || parseRow(read.content).cells || !areRows(row.slice(1), width)) return read;
  lines.putBack(row.slice(1));
  return setAside([first], `${BROKEN_QUOTE}; the next lines are rows in themselves, so only this one is set aside`);
}

const BROKEN_QUOTE = 'a quote is broken (a field with a quote in it has to be in quotes, and the quote in it doubled)';

/**
 * Whether what seemed to be the rest of a broken row is whole rows, and the quote before them a stray one. The last line
 * made the number of quotes even: it has to be the beginning of a row that goes on after it.
 */
function areRows(rest: readonly FileLine[], width: number | undefined): boolean {
  const last = rest[rest.length - 1];
  return openingFault(last) === undefined
    // As the end of a prompt's last line, that is likelier.
    && !/^"(?:,|$)/.test(withoutBreak(last.bytes).toString())
    && rest.slice(0, -1).every((line) => withoutBreak(line.bytes).length === 0 || 'cells' in readRow([line], width));
}

/** The problem of the quotes of a line, except that the last of them is not closed in it. */
function openingFault({ bytes }: FileLine): string | undefined {
  return parseRow(`${withoutBreak(bytes)}"`).fault;
}

function readRow(lines: readonly FileLine[], width: number | undefined): CsvCells | CsvProblem {
  const bytes = bytesOf(lines);
  if (!isUtf8(bytes)) return setAside(lines, 'the text is not UTF-8');
  const content = bytes.toString();
  const { cells } = parseRow(content);
  if (!cells) return setAside(lines, BROKEN_QUOTE);
  if (cells.length !== (width ?? cells.length)) return setAside(lines, `the header has ${columns(width!)}, but the row has ${columns(cells.length)}`);
  return { line: lines[0].number, cells, content };
}

function parseRow(text: string): { readonly cells?: string[]; readonly fault?: string } {
  // Without quotes there is nothing to it, and csv-parse takes longer to set up than most rows to read.
  if (!text.includes('"')) return { cells: text.split(',') };
  try {
    const [cells]: string[][] = parse(text, { relax_column_count: true, record_delimiter: ['\r\n', '\n'] });
    return { cells };
  } catch (e) {
    return { fault: (e as CsvError).code };
  }
}

function setAside(lines: readonly FileLine[], reason: string): CsvProblem {
  const [first, last] = [lines[0].number, lines[lines.length - 1].number];
  const content = bytesOf(lines).toString();
  return { line: first, problem: `${first === last ? '' : `lines ${first} to ${last}: `}${reason}: ${shown(content)}`, content };
}

function bytesOf(lines: readonly FileLine[]): Buffer {
  return withoutBreak(lines.length === 1 ? lines[0].bytes : Buffer.concat(lines.map(({ bytes }) => bytes)));
}

function withoutMark(line: FileLine): FileLine {
  return line.bytes.subarray(0, 3).equals(BYTE_ORDER_MARK) ? { ...line, bytes: line.bytes.subarray(3) } : line;
}

function columns(count: number): string {
  return count === 1 ? '1 column' : `${count} columns`;
}

import { isUtf8 } from 'node:buffer';
import { CsvError, parse } from 'csv-parse/sync';
import { fileLines, FileLine, LineQueue, withoutBreak } from './csv-lines';
import { shown } from './shape';

/** The maximum bytes of a row. A longer row results from broken quotes. */
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
  /** The unchanged row. */
  readonly content: string;
}

/**
 * The rows of a CSV file (RFC 4180, UTF-8) in order, the header first, each read or set aside. Empty lines are skipped.
 *
 * A row continues over lines until its number of quotes is even; csv-parse then reads the row. csv-parse does not find the rows itself:
 * after a stray quote it would read the following rows, or the rest of the file, as one field, and it ends at the first error. It also
 * counts a `\r\n` within quotes as two lines.
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
      return setAside([first], `a quote opens that is not closed ${where}, so only this line is set aside and the next lines are read as rows`);
    }
    row.push(next);
  } while (!row[row.length - 1].isOdd);

  const read = readRow(row, width);
  if ('cells' in read || parseRow(read.content).cells || !areRows(row.slice(1), width)) return read;
  lines.putBack(row.slice(1));
  return setAside([first], `${BROKEN_QUOTE}; the next lines are complete rows, so only this line is set aside`);
}

const BROKEN_QUOTE = 'a quote is broken (a field that contains a quote must be in quotes, with the inner quote doubled)';

/**
 * Whether the lines after a broken one are whole rows, so that its quote is a stray one. The last line, which made the number of quotes
 * even, must then be the beginning of a row that continues after it.
 */
function areRows(rest: readonly FileLine[], width: number | undefined): boolean {
  const last = rest[rest.length - 1];
  return openingFault(last) === undefined
    // Such a line is more likely the end of a prompt's last line.
    && !/^"(?:,|$)/.test(withoutBreak(last.bytes).toString())
    && rest.slice(0, -1).every((line) => withoutBreak(line.bytes).length === 0 || 'cells' in readRow([line], width));
}

/** The problem of the quotes of a line, apart from an open last quote. */
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
  // A row without quotes needs no csv-parse, whose setup takes longer than reading most rows.
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

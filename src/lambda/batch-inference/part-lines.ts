import { RECORD_ID_LENGTH } from './record-id';

const NEWLINE = 10;
const TAB = '\t';
const NEWLINE_BYTE = Buffer.from('\n');

/** The first characters of a line of a part, before its record's id. */
export const LINE_BEGIN = '{"recordId":"';
const MODEL_INPUT = '","modelInput":';

/** The lines of a file in memory, without copies. */
export function* linesIn(content: Buffer): Generator<Buffer> {
  for (let begin = 0; begin < content.length;) {
    const newline = content.indexOf(NEWLINE, begin);
    const end = newline < 0 ? content.length : newline;
    if (end > begin) yield content.subarray(begin, end);
    begin = end + 1;
  }
}

/** The id of the record in a line of a part. */
export function idOfRecord(line: Buffer): string {
  return line.toString('latin1', LINE_BEGIN.length, LINE_BEGIN.length + RECORD_ID_LENGTH);
}

/** The request to the model in the line of a part. */
export function modelInputOf(line: Buffer): Buffer {
  return line.subarray(LINE_BEGIN.length + RECORD_ID_LENGTH + MODEL_INPUT.length, line.length - 1);
}

/** Lines by the ids of their records. Files of results and dead letters have the form: id, tab, line. */
export type LinesById = Map<string, Buffer>;

export function readLinesById(content: Buffer | undefined): LinesById {
  return new Map(content && [...linesIn(content)].map((line) => [line.toString('latin1', 0, RECORD_ID_LENGTH), line.subarray(RECORD_ID_LENGTH + 1)]));
}

/** Yields the lines in the order of the ids, which is the order of the input. They are not joined, to avoid a second copy in memory. */
export function* writeLinesById(lines: LinesById): Generator<Buffer> {
  for (const id of [...lines.keys()].sort()) {
    yield Buffer.from(id + TAB);
    yield lines.get(id)!;
    yield NEWLINE_BYTE;
  }
}

export function sizeOfLines(lines: LinesById): number {
  let size = 0;
  for (const line of lines.values()) size += RECORD_ID_LENGTH + 2 + line.length;
  return size;
}

import { INVALID_INPUT, Piece, Slice, SLICE_BYTES } from './contract';
import { MOST_OF_A_PLACE } from './record-id';

export interface InputFile {
  readonly key: string;
  readonly size: number;
  readonly eTag: string;
}

/** The maximum size of a slice as JSON. It is the input of a state of at most 256 KB, together with the settings. */
const SLICE_JSON_BYTES = 100_000;

/**
 * Splits the input into slices: several small files, or a byte range of a large one.
 *
 * @param wholeFiles whether files must be read from their beginning to find the ends of records, as with CSV, whose fields may contain
 * line breaks
 */
export function slicesOf(files: readonly InputFile[], wholeFiles: boolean, sliceBytes = SLICE_BYTES): Slice[] {
  const slices: Piece[][] = [];
  let bytes = 0;
  let json = 0;
  for (const piece of files.flatMap((file) => wholeFiles ? [wholeOf(file)] : piecesOf(file, sliceBytes))) {
    const size = piece.to - piece.from;
    const length = Buffer.byteLength(JSON.stringify(piece));
    if (slices.length === 0 || bytes + size > sliceBytes || json + length > SLICE_JSON_BYTES) {
      slices.push([]);
      [bytes, json] = [0, 0];
    }
    slices.at(-1)!.push(piece);
    bytes += size;
    json += length;
  }
  if (slices.length > MOST_OF_A_PLACE) {
    throw invalidInput(`The input must have at most ${MOST_OF_A_PLACE} slices, got ${slices.length}. Run it folder by folder.`);
  }
  return slices.map((pieces, index) => ({ index, pieces }));
}

function piecesOf(file: InputFile, sliceBytes: number): Piece[] {
  const count = Math.ceil(file.size / sliceBytes);
  return Array.from({ length: count }, (_, i) => ({ ...wholeOf(file), from: i * sliceBytes, to: Math.min((i + 1) * sliceBytes, file.size) }));
}

function wholeOf({ key, size, eTag }: InputFile): Piece {
  return { key, from: 0, to: size, size, eTag };
}

/** An error that no retry resolves. */
export function invalidInput(message: string): Error {
  return Object.assign(new Error(message), { name: INVALID_INPUT });
}

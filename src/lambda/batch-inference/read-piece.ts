import { BatchSettings, Piece, PromptSettings } from './contract';
import { firstByteOf, linesOf } from './lines';
import { InputRecord, readRecord } from './records/check-record';
import { csvPrompts, Prompt, readPrompt } from './records/prompts';
import { RecordFormat } from './records/record-format';
import { invalidInput } from './slices';
import { statusOf, Store } from './store';

/** A line of the input. */
export type ReadLine = { readonly line: number; readonly content?: string } & (InputRecord | { readonly problem: string } | { readonly blank: true });

/** All lines of a piece: records from the user, or records created from prompts. */
export async function* readPiece(input: Store, piece: Piece, settings: BatchSettings, format: RecordFormat | undefined): AsyncGenerator<ReadLine> {
  const bytes = input.bytes(piece.key, firstByteOf(piece), piece.eTag);
  try {
    if (settings.prompts?.format === 'csv') yield* readCsv(bytes, settings.prompts, format);
    else yield* readJsonLines(piece, bytes, settings.prompts, format);
  } catch (e) {
    if (statusOf(e) === 412) throw invalidInput(`s3://${input.bucket}/${piece.key} was changed while it was read. Start the run again.`);
    throw e;
  }
}

async function* readCsv(bytes: AsyncIterable<Uint8Array>, prompts: PromptSettings, format: RecordFormat | undefined): AsyncGenerator<ReadLine> {
  for await (const row of csvPrompts(bytes, prompts)) {
    yield 'problem' in row ? row : { line: row.line, content: row.prompt, ...recordOf(row, prompts, format) };
  }
}

async function* readJsonLines(
  piece: Piece, bytes: AsyncIterable<Uint8Array>, prompts: PromptSettings | undefined, format: RecordFormat | undefined,
): AsyncGenerator<ReadLine> {
  for await (const { line, content, problem } of linesOf(piece, bytes)) {
    if (content === undefined) yield { line, problem: problem! };
    else if (content.trim() === '') yield { line, blank: true };
    else yield { line, content, ...prompts ? promptRecord(content, prompts, format) : readRecord(content, format) };
  }
}

function promptRecord(content: string, prompts: PromptSettings, format: RecordFormat | undefined): InputRecord | { problem: string } {
  const read = readPrompt(content, prompts);
  return 'problem' in read ? read : recordOf(read, prompts, format);
}

function recordOf({ recordId, prompt }: Prompt, prompts: PromptSettings, format: RecordFormat | undefined): InputRecord {
  // Synth already refuses prompts for a model with an unknown format.
  if (format === undefined) throw invalidInput('The record format of this model is unknown. Give records, not prompts.');
  return { recordId, modelInput: format.record(prompt, prompts) };
}

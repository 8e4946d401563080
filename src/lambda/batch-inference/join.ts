import { BadLine } from './bad-lines';
import { JoinCall, JoinedFile, Slice } from './contract';
import { DeadLetter, RunEstimate, Source } from './outcomes';
import { linesIn, modelInputOf } from './part-lines';
import { indexOf, RECORD_ID_LENGTH, sliceOf } from './record-id';
import { RunFolder } from './run-folder';
import { BatchServices } from './services';
import { Store } from './store';

/** Writes a file of the output: the parts in order, each record with the id from the user. */
export async function join(services: BatchServices, { settings, run, file }: JoinCall): Promise<void> {
  const store = services.store(settings.output.bucket);
  const folder = new RunFolder(run.folder);
  const content = file.kind === 'results' ? results(store, folder, file) : deadLetters(store, folder, file);
  await store.stream(folder.joined(file.name), content);
}

async function* results(store: Store, folder: RunFolder, file: JoinedFile): AsyncGenerator<Buffer> {
  for await (const { part, content } of partsOf(store, folder.results, file)) {
    const sources = await sourcesOf(store, folder, part);
    for (const { id, rest } of linesById(content)) yield withNewline(withRecordId(rest, id, sources[indexOf(id)][0]));
  }
}

/** Dead letters, each with its position in the input. */
async function* deadLetters(store: Store, folder: RunFolder, file: JoinedFile): AsyncGenerator<Buffer> {
  const slices = await store.readExisting<Slice[]>(folder.slices);
  const { linesBefore } = await store.readExisting<RunEstimate>(folder.estimate);
  const placeOf = (slice: number, piece: number, line: number) => ({ key: slices[slice].pieces[piece].key, line: linesBefore[slice][piece] + line });
  for await (const { part, content } of partsOf(store, folder.deadLetters, file)) {
    const slice = sliceOf(part);
    if (part.includes('-')) {
      for (const line of linesIn(content)) {
        const { piece, line: number, kind, reason, content: text } = JSON.parse(line.toString()) as BadLine;
        yield Buffer.from(`${JSON.stringify({ source: placeOf(slice, piece, number), error: { kind, reason }, content: text })}\n`);
      }
      continue;
    }
    const sources = await sourcesOf(store, folder, part);
    for (const { id, rest } of linesById(content)) {
      const [recordId, piece, line] = sources[indexOf(id)];
      yield deadLetter(rest, recordId ?? id, placeOf(slice, piece, line));
    }
  }
}

interface StoredPart {
  readonly part: string;
  readonly content: Buffer;
}

async function* partsOf(store: Store, prefix: string, { first, last }: JoinedFile): AsyncGenerator<StoredPart> {
  // S3 lists the keys after a given key, so the first object is read by its own key.
  yield { part: first.slice(prefix.length), content: (await store.read(first))! };
  for await (const { key } of store.list(prefix, first)) {
    if (Buffer.compare(Buffer.from(key), Buffer.from(last)) > 0) return;
    yield { part: key.slice(prefix.length), content: (await store.read(key))! };
  }
}

async function sourcesOf(store: Store, folder: RunFolder, part: string): Promise<Source[]> {
  const content = await store.read(folder.sources(part));
  return [...linesIn(content!)].map((line) => JSON.parse(line.toString()) as Source);
}

function* linesById(content: Buffer): Generator<{ readonly id: string; readonly rest: Buffer }> {
  for (const line of linesIn(content)) yield { id: line.toString('latin1', 0, RECORD_ID_LENGTH), rest: line.subarray(RECORD_ID_LENGTH + 1) };
}

/** The beginning of the record, after the kind and the reason, whose texts cannot contain it. */
const RECORD_FIELD = Buffer.from(',"record":{"recordId":"');

function deadLetter(stored: Buffer, recordId: string | number, source: object): Buffer {
  const at = stored.indexOf(RECORD_FIELD);
  const { kind, reason } = JSON.parse(`${stored.toString('utf8', 0, at)}}`) as DeadLetter;
  const record = stored.subarray(at + ',"record":'.length, stored.length - 1);
  return Buffer.concat([
    Buffer.from(`{"record":{"recordId":${JSON.stringify(recordId)},"modelInput":`),
    modelInputOf(record),
    Buffer.from(`},"source":${JSON.stringify(source)},"error":${JSON.stringify({ kind, reason })}}\n`),
  ]);
}

/**
 * Replaces the internal record id by the user's id without changing the rest of the line, since parsing could change its numbers. The
 * internal id is a JSON string of 11 characters after the field's name.
 */
function withRecordId(line: Buffer, id: string, recordId: string | number | null): Buffer {
  if (recordId === null) return line;
  const value = Buffer.from(`"${id}"`);
  for (let at = line.indexOf(value); at >= 0; at = line.indexOf(value, at + 1)) {
    if (!/"recordId"\s*:\s*$/.test(line.toString('latin1', Math.max(0, at - 30), at))) continue;
    return Buffer.concat([line.subarray(0, at), Buffer.from(JSON.stringify(recordId)), line.subarray(at + value.length)]);
  }
  return line;
}

function withNewline(line: Buffer): Buffer {
  return Buffer.concat([line, Buffer.from('\n')]);
}

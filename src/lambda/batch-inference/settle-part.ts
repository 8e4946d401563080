import { TokenCounts } from './contract';
import { addCounts, Counts, DeadLetter, PartAgain } from './outcomes';
import { idOfRecord, LinesById, linesIn, readLinesById, sizeOfLines, writeLinesById } from './part-lines';
import { addTokens } from './run-cost';
import { RunFolder } from './run-folder';
import { Store } from './store';
import { readOutput, Verdict } from './verdict';

/** The results of the records of a part in one round. */
export interface SettledPart {
  readonly succeeded: number;
  readonly deadLetters: number;
  readonly errors: Counts;
  readonly again?: PartAgain;
  readonly tokens: TokenCounts;
  /** The number of results that do not state their tokens. */
  readonly withoutFigures: number;
  /** The number of records that have a line in the output. */
  readonly answers: number;
}

export interface PartToSettle {
  readonly id: string;
  readonly round: number;
  /** Whether the part was settled before, so that later rounds may have added results, which are kept. */
  readonly isRepeated?: boolean;
  /** The output of the job for the part, if there is any. */
  readonly answers?: Buffer;
  /** Whether records that a retry may resolve are run again, with and without an answer. */
  readonly mayTryAgain: { readonly answered: boolean; readonly unanswered: boolean };
  /** The verdict on records that have no line in the output. */
  readonly without: Verdict;
}

/**
 * Adds the results of a part to the results of earlier rounds, stores records to run again for the next round, and adds the others to
 * the dead letters. Idempotent.
 */
export async function settlePart(
  store: Store, folder: RunFolder, { id, round, isRepeated, answers, mayTryAgain, without }: PartToSettle,
): Promise<SettledPart> {
  const isFirst = round === 0 && !isRepeated;
  const [records, results, deadLetters] = await Promise.all([
    store.read(folder.part(round, id)),
    isFirst ? undefined : store.read(folder.partResults(id)),
    isFirst ? undefined : store.read(folder.partDeadLetters(id)),
  ]);
  const lines = new Map([...linesIn(records!)].map((line) => [idOfRecord(line), line]));
  const verdicts = readVerdicts(answers);
  const kept = { results: readLinesById(results), deadLetters: readLinesById(deadLetters), again: [] as Buffer[] };
  const settled: Counted[] = [];
  for (const [recordId, line] of lines) {
    const { answer, verdict } = verdicts.get(recordId) ?? { verdict: without };
    settled.push(settle(recordId, line, verdict, answer, mayTryAgain, kept));
  }
  const again = Buffer.concat(kept.again.flatMap((line) => [line, Buffer.from('\n')]));
  await Promise.all([
    writeLines(store, folder.partResults(id), kept.results),
    writeLines(store, folder.partDeadLetters(id), kept.deadLetters),
    kept.again.length > 0 ? store.write(folder.part(round + 1, id), again) : undefined,
  ]);
  return {
    succeeded: settled.filter(({ result }) => result === 'succeeded').length,
    deadLetters: settled.filter(({ result }) => result === 'dead letter').length,
    errors: addCounts(settled.map(({ kind }) => kind === undefined ? {} : { [kind]: 1 })),
    again: kept.again.length > 0 ? { id, records: kept.again.length, bytes: again.length } : undefined,
    tokens: addTokens(settled.flatMap(({ tokens }) => tokens ?? [])),
    answers: verdicts.size,
    withoutFigures: settled.filter(({ result, tokens }) => result === 'succeeded' && tokens === undefined).length,
  };
}

interface Counted {
  readonly result: 'succeeded' | 'again' | 'dead letter';
  readonly kind?: string;
  readonly tokens?: TokenCounts;
}

interface Kept {
  readonly results: LinesById;
  readonly deadLetters: LinesById;
  readonly again: Buffer[];
}

function settle(recordId: string, line: Buffer, verdict: Verdict, answer: Buffer | undefined, mayTryAgain: PartToSettle['mayTryAgain'], kept: Kept): Counted {
  if (verdict.succeeded) {
    kept.results.set(recordId, answer!);
    kept.deadLetters.delete(recordId);
    return { result: 'succeeded', tokens: verdict.tokens };
  }
  if (verdict.again && (answer === undefined ? mayTryAgain.unanswered : mayTryAgain.answered)) {
    kept.again.push(line);
    return { result: 'again' };
  }
  kept.deadLetters.set(recordId, deadLetterLine(verdict.letter, line));
  kept.results.delete(recordId);
  return { result: 'dead letter', kind: verdict.letter.kind };
}

/** The line of a dead letter: `{"kind": ..., "reason": ..., "record": ...}`. The record is the last field, unchanged. */
function deadLetterLine({ kind, reason }: DeadLetter, record: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${JSON.stringify({ kind, reason }).slice(0, -1)},"record":`), record, Buffer.from('}')]);
}

/** The output of a job by record. Of several lines for one record, a result precedes an error. */
function readVerdicts(answers: Buffer | undefined): Map<string, { readonly answer: Buffer; readonly verdict: Verdict }> {
  const verdicts = new Map<string, { readonly answer: Buffer; readonly verdict: Verdict }>();
  for (const answer of answers ? linesIn(answers) : []) {
    const read = readOutput(answer.toString());
    if (read && !verdicts.get(read.recordId)?.verdict.succeeded) verdicts.set(read.recordId, { answer, verdict: read.verdict });
  }
  return verdicts;
}

/** The maximum bytes of a file that is written from memory. A larger one is streamed. */
const WRITTEN_AT_ONCE = 16 * 1024 * 1024;

/** Writes lines. Without lines, a file is written only to replace the one of an earlier call. */
async function writeLines(store: Store, key: string, lines: LinesById): Promise<void> {
  if (lines.size === 0 && await store.find(key) === undefined) return;
  if (sizeOfLines(lines) > WRITTEN_AT_ONCE) await store.stream(key, toAsync(writeLinesById(lines)));
  else await store.write(key, Buffer.concat([...writeLinesById(lines)]));
}

async function* toAsync(pieces: Iterable<Buffer>): AsyncGenerator<Buffer> {
  yield* pieces;
}

import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { place } from './job';
import { BatchJob, Counts, InputFile, InputRecord, RecordAnswer } from './types';
import { chance } from '../../../../tools/chance';

interface Tally {
  success: number;
  error: number;
  inputTokens: number;
  outputTokens: number;
}

/**
 * Writes and counts the output of a job for the records processed so far. The order of the lines differs from that of the input, and
 * is always the same for the same job.
 */
export async function writeOutput(
  s3: S3Client, job: BatchJob, processed: number, answerOf: (record: InputRecord) => RecordAnswer | undefined,
): Promise<Counts> {
  const tally = { success: 0, error: 0, inputTokens: 0, outputTokens: 0 };
  const total = recordCount(job.files);
  let left = processed;
  for (const { name, records } of job.files) {
    const lines = records.slice(0, Math.max(0, left)).flatMap((record) => lineOf(record, answerOf(record), tally));
    left -= records.length;
    shuffle(lines, job.number);
    await write(s3, job, `${name}.out`, lines.map((line) => `${line}\n`).join(''));
  }
  const { success, error } = tally;
  const counts = { totalRecordCount: total, processedRecordCount: success + error, successRecordCount: success, errorRecordCount: error };
  await write(s3, job, 'manifest.json.out', JSON.stringify({ ...counts, inputTokenCount: tally.inputTokens, outputTokenCount: tally.outputTokens }));
  return counts;
}

/** The location of a job's output. */
export function outputFolder({ id, request }: BatchJob): { readonly bucket: string; readonly key: string } {
  const { bucket, key } = place(request.outputDataConfig.s3OutputDataConfig.s3Uri);
  return { bucket, key: `${key}${key === '' || key.endsWith('/') ? '' : '/'}${id}/` };
}

function write(s3: S3Client, job: BatchJob, name: string, content: string): Promise<unknown> {
  const { bucket, key } = outputFolder(job);
  return s3.send(new PutObjectCommand({ Bucket: bucket, Key: `${key}${name}`, Body: Buffer.from(content) }));
}

function lineOf({ text, recordId }: InputRecord, answer: RecordAnswer | undefined, tally: Tally): string[] {
  if (!answer) return [];
  if ('error' in answer) {
    tally.error++;
    return [`{"modelInput":${text},"recordId":${JSON.stringify(recordId)},"error":${JSON.stringify(answer.error)}}`];
  }
  const { usage = {} }: any = answer.modelOutput;
  tally.success++;
  tally.inputTokens += usage.inputTokens ?? usage.input_tokens ?? 0;
  tally.outputTokens += usage.outputTokens ?? usage.output_tokens ?? 0;
  return [`{"modelInput":${text},"modelOutput":${JSON.stringify(answer.modelOutput)},"recordId":${JSON.stringify(recordId)}}`];
}

/** Always changes the order of two or more lines. */
function shuffle(lines: string[], seed: number): void {
  const [first] = lines;
  const random = chance(seed);
  for (let last = lines.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [lines[last], lines[other]] = [lines[other], lines[last]];
  }
  if (lines.length > 1 && lines[0] === first) lines.push(lines.shift()!);
}

export function recordCount(files: readonly InputFile[]): number {
  return files.reduce((sum, { records }) => sum + records.length, 0);
}

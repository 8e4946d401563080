import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { place } from './job';
import { InputFile, InputRecord, JobQuotas } from './types';

export type { InputRecord } from './types';

/** The input of a job: its files, and violations of Bedrock's guidelines. */
export interface Input {
  readonly files: readonly InputFile[];
  readonly violations: readonly string[];
}

/** A reason for which a job fails. */
export class InputProblem extends Error {}

/** Reads all files of an input. Throws an InputProblem for input that Bedrock refuses. */
export async function readInput(s3: S3Client, uri: string, quotas: JobQuotas): Promise<Input> {
  const { bucket, key } = place(uri);
  const found = await filesBelow(s3, bucket, key);
  const violations = found.filter(({ name }) => !name.endsWith('.jsonl')).map(({ name }) => `${uri} has ${name}, which is no .jsonl file`);
  const listed = found.filter(({ name }) => name.endsWith('.jsonl'));
  if (listed.length === 0) throw new InputProblem(`There is no .jsonl file in ${uri}`);
  requireAtMost('bytes of a job', listed.reduce((sum, { size }) => sum + size, 0), quotas.bytesPerJob);
  const ids = new Set<string>();
  const files: InputFile[] = [];
  for (const { name, size } of listed) {
    requireAtMost(`bytes in ${name}`, size, quotas.bytesPerFile);
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: name }));
    const records = recordsOf(name, await Body!.transformToString(), ids, violations);
    requireAtMost(`records in ${name}`, records.length, quotas.recordsPerFile);
    files.push({ name: name.slice(name.lastIndexOf('/') + 1), records });
  }
  requireAtMost('records of a job', ids.size, quotas.recordsPerJob);
  if (ids.size < quotas.minimumRecords) throw new InputProblem(`The job has ${ids.size} records; at least ${quotas.minimumRecords} are required`);
  return { files, violations };
}

async function filesBelow(s3: S3Client, bucket: string, key: string): Promise<{ readonly name: string; readonly size: number }[]> {
  const files: { name: string; size: number }[] = [];
  let token: string | undefined;
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: key, ContinuationToken: token }));
    files.push(...(page.Contents ?? []).map(({ Key, Size }) => ({ name: Key!, size: Size ?? 0 })));
    token = page.NextContinuationToken;
  } while (token);
  return files.filter(({ name }) => key === '' || key.endsWith('/') || name === key || name.startsWith(`${key}/`));
}

function recordsOf(file: string, content: string, ids: Set<string>, violations: string[]): InputRecord[] {
  const lines = content.split('\n');
  if (lines[lines.length - 1] === '') lines.pop();
  return lines.map((line, index) => {
    const where = `line ${index + 1} of ${file}`;
    const { recordId = '', modelInput } = parsed(line, where);
    if (!/^[a-zA-Z0-9]{11}$/.test(recordId)) violations.push(`${where}: recordId ${JSON.stringify(recordId)}`);
    const before = ids.size;
    // Bedrock gives a record without an id one of its own.
    const id = recordId === '' ? `GEN${`${before}`.padStart(8, '0')}` : recordId;
    ids.add(id);
    if (ids.size === before) throw new InputProblem(`${where}: the recordId ${id} has been used before in this job`);
    return { recordId: id, modelInput, text: JSON.stringify(modelInput) };
  });
}

function parsed(line: string, where: string): any {
  try {
    const record = JSON.parse(line);
    if (typeof record?.modelInput === 'object' && record.modelInput !== null) return record;
  } catch {
    // The same error as for a record without a modelInput.
  }
  throw new InputProblem(`${where} is not a JSON object with modelInput`);
}

function requireAtMost(what: string, count: number, quota: number): void {
  if (count > quota) throw new InputProblem(`There are ${count} ${what}; at most ${quota} are allowed`);
}

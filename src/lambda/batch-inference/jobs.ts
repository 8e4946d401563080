import { createHash } from 'node:crypto';
import type { BatchSettings, Job, JobPart, Run } from './contract';
import { packJobs } from './pack-jobs';
import { RunFolder } from './run-folder';

/** Names are looked for by what they contain: none may be the beginning of another. */
const INDEX_DIGITS = 5;

/** The jobs of a round. Name and token follow from what they run, so that a repeated call makes no other job of it. */
export function jobsOf(settings: BatchSettings, run: Run, round: number, parts: readonly JobPart[], how: Job['how']): Job[] {
  const folder = new RunFolder(run.folder);
  const packed = how === 'on-demand' ? [parts] : packJobs(parts, settings.quotas);
  const uri = (key: string) => `s3://${settings.output.bucket}/${key}`;
  return packed.map((ofJob, index) => ({
    index,
    how,
    round,
    name: `${settings.jobNamePrefix}-${hashOf(run.id).slice(0, 12)}-${round}-${String(index).padStart(INDEX_DIGITS, '0')}`,
    token: hashOf(JSON.stringify([settings.resource, run.id, round, index, ofJob])),
    inputUri: uri(folder.jobInput(round, index)),
    outputUri: uri(folder.jobOutput(round, index)),
    // What else is known of a part does not belong into the input of a state.
    parts: ofJob.map(({ id, records, bytes }) => ({ id, records, bytes })),
  }));
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

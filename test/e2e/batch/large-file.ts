import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { SliceOutcome } from '../../../src/lambda/batch-inference/outcomes';
import { Checks } from '../../../tools/staging';
import { FakeS3 } from '../../fakes/s3/fake-s3';

const FILE_BYTES = 2_000_000_000;

const LINE = Buffer.from(`${JSON.stringify({
  recordId: 'order-1', modelInput: { messages: [{ role: 'user', content: [{ text: 'word '.repeat(200) }] }], inferenceConfig: { maxTokens: 100 } },
})}\n`);
/** Several lines at once are copied faster than one. */
const LINES = Buffer.concat(Array.from({ length: 100 }, () => LINE));

/** A file of 2 GB, split in one call by the deployed bundle; a run makes eight calls of it. */
export async function splitLargeFile() {
  const s3 = await FakeS3.start();
  const size = FILE_BYTES - FILE_BYTES % LINE.length;
  s3.putVirtual('input', 'large.jsonl', size, bytesOf);
  const counted = { parts: 0 };
  const forget = setInterval(() => forgetParts(s3, counted), 20);
  const started = Date.now();
  const { ETag } = await s3.client().send(new HeadObjectCommand({ Bucket: 'input', Key: 'large.jsonl' }));
  const { stdout } = await promisify(execFile)(process.execPath, [join(__dirname, 'split-a-file.js'), `${size}`, ETag!], {
    env: { ...process.env, AWS_ENDPOINT_URL: s3.endpoint, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', NODE_NO_WARNINGS: '1' },
  });
  const seconds = (Date.now() - started) / 1000;
  clearInterval(forget);
  forgetParts(s3, counted);
  const { parts, badLines }: SliceOutcome = s3.json('output', 'run/steps/slices/0.json');
  const records = parts.reduce((sum, part) => sum + part.records, 0);
  await s3.stop();
  return {
    expected: size / LINE.length,
    records,
    badLines,
    parts: parts.length,
    written: counted.parts,
    peakMb: JSON.parse(stdout).peakBytes / 1e6,
    megabytesPerSecond: size / 1e6 / seconds,
  };
}

export async function splitsALargeFile(checks: InstanceType<typeof Checks>): Promise<void> {
  console.log('\na file of 2 GB');
  const split = await splitLargeFile();
  const { expected, records, badLines, parts, written } = split;
  checks.check(`its ${expected} records are complete`, records === expected && badLines === 0 && written === parts, JSON.stringify(split));
}

function bytesOf(from: number, to: number): Buffer {
  const bytes = Buffer.alloc(to - from);
  for (let at = 0; at < bytes.length;) at += LINES.copy(bytes, at, (from + at) % LINE.length);
  return bytes;
}

/** Counts the written bytes without storing them, since the test would need the memory. */
function forgetParts(s3: FakeS3, counted: { parts: number }): void {
  for (const key of s3.keys('output', 'run/steps/round-0/')) {
    counted.parts++;
    s3.delete('output', key);
  }
}

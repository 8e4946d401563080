import type { JoinedFile } from './contract';

/** A file of the output is as large as one call of a function joins with ease. */
const JOINED_BYTES = 1024 * 1024 * 1024;

/** Cuts what lies in one folder, in its order, into files of the output: `results-00000.jsonl` and so on. */
export function joinedFiles(kind: JoinedFile['kind'], stored: readonly { readonly key: string; readonly size: number }[], largest = JOINED_BYTES): JoinedFile[] {
  const files: { first: string; last: string; bytes: number }[] = [];
  for (const { key, size } of stored) {
    const file = files.at(-1);
    if (file && file.bytes + size <= largest) Object.assign(file, { last: key, bytes: file.bytes + size });
    else files.push({ first: key, last: key, bytes: size });
  }
  return files.map(({ first, last }, i) => ({ kind, name: `${kind}-${String(i).padStart(5, '0')}.jsonl`, first, last }));
}

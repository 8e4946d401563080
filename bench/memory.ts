import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Row } from './table';
import { splitLargeFile } from '../test/e2e/batch/large-file';
import { writeSyntheticList } from '../test/price-list/synthetic-list';
import { ROOT } from '../tools/staging';

/** The most memory that commands and functions take for large input. */
export async function measureMemory(): Promise<Row[]> {
  const { peakMb, megabytesPerSecond } = await splitLargeFile();
  return [
    { what: 'memory: prices import of a list of 20,000 SKUs, 18 MB', measured: importLargeList(), target: 300, unit: 'MB' },
    { what: 'memory: batch inference splits a file of 2 GB', measured: peakMb, target: 256, unit: 'MB' },
    { what: 'the same, megabytes a second', measured: megabytesPerSecond, unit: 'MB/s' },
  ];
}

function importLargeList(): number {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const path = (name: string) => join(folder, name);
  try {
    writeSyntheticList(path('list.json'), 20_000);
    writeFileSync(path('hook.js'), "process.on('exit', () => require('fs').writeFileSync(__dirname + '/rss', String(process.resourceUsage().maxRSS)));");
    const command = [join(ROOT, 'bin/cdk-bedrock-cost'), 'prices', 'import', path('list.json'), '-o', path('book.json')];
    execFileSync(process.execPath, ['--require', path('hook.js'), ...command], { stdio: 'ignore' });
    return Number(readFileSync(path('rss'), 'utf8')) / 1e3;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

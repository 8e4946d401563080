import { spawnSync } from 'child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';

const ROOT = join(__dirname, '../../..');
if (!existsSync(join(ROOT, 'assets/cli/main.js'))) {
  throw new Error('assets/cli/main.js does not exist. Run npm run build.');
}

export interface CliResult {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A day as YYYY-MM-DD in UTC, so many days before today: the real command line knows the calendar. */
export function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
}

/** The real command line in a process of its own, in a folder of its own. */
export class CliFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'bedrock-cost-cli-'));

  write(name: string, content: string | object): string {
    const path = join(this.path, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  }

  run(...args: readonly string[]): CliResult {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'bin/cdk-bedrock-cost'), ...args], { cwd: this.path, encoding: 'utf8' });
    return { code: status, out: stdout, err: stderr };
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}

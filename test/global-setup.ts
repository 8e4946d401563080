import type { Config } from '@jest/types';
import { runs } from './runs';

/** Checks `SEED` and `RUNS`, and prints them before the first test: a run that is killed prints no summary. */
export default function globalSetup({ seed }: Config.GlobalConfig): void {
  if (!Number.isInteger(seed)) throw new Error(`SEED must be a whole number from -2147483648 to 2147483647, got ${JSON.stringify(process.env.SEED)}.`);
  runs({ quick: 1, full: 1 });
  const { RUNS, npm_lifecycle_event: script = '' } = process.env;
  const args = process.argv.slice(2).filter((arg) => !arg.startsWith('--seed'));
  const command = script.startsWith('test') ? `SEED=${seed} npm run ${script}` : ['npx jest', ...args, `--seed=${seed}`].join(' ');
  console.log(`To repeat this run: ${RUNS ? `RUNS=${RUNS} ` : ''}${command}`);
}

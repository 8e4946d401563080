import { ExitCode } from './io';
import { run } from './run';
import { fileProblem } from '../files/text-file';

let isOutputLost = false;

process.stdout.on('error', (e: NodeJS.ErrnoException) => {
  // `... | head` closes the pipe early: that is no error of ours.
  if (e.code === 'EPIPE' || isOutputLost) return;
  isOutputLost = true;
  process.exitCode = ExitCode.INVALID;
  process.stderr.write(`error: standard output must be a file that can be written: ${fileProblem(e)}.\n`);
});
// Standard error is where problems are reported: its own cannot be.
process.stderr.on('error', () => {});

// Set, not called: what has been written still has to reach a slow reader.
void run(process.argv.slice(2), {
  out: (text) => { process.stdout.write(text); },
  err: (text) => { process.stderr.write(text); },
  today: () => new Date().toISOString().slice(0, 10),
}).then((code) => { process.exitCode = isOutputLost ? ExitCode.INVALID : code; });

import { ExitCode } from './io';
import { run } from './run';
import { fileProblem } from '../files/text-file';

let isOutputLost = false;

process.stdout.on('error', (e: NodeJS.ErrnoException) => {
  // `... | head` closes the pipe early, which is not an error of the command.
  if (e.code === 'EPIPE' || isOutputLost) return;
  isOutputLost = true;
  process.exitCode = ExitCode.INVALID;
  process.stderr.write(`error: standard output must be a file that can be written: ${fileProblem(e)}.\n`);
});
// A failure of standard error cannot be reported.
process.stderr.on('error', () => {});

// Sets the exit code and does not call process.exit, which would discard output that a slow reader has not received yet.

void run(process.argv.slice(2), {
  out: (text) => { process.stdout.write(text); },
  err: (text) => { process.stderr.write(text); },
  today: () => new Date().toISOString().slice(0, 10),
}).then((code) => { process.exitCode = isOutputLost ? ExitCode.INVALID : code; });

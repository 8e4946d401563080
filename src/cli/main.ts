import { ExitCode } from './io';
import { run } from './run';
import { fileProblem } from '../pricing/text-file';

// `... | head` closes the pipe early: that is no error of ours.
let isLost = false;
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (e: NodeJS.ErrnoException) => {
    if (e.code === 'EPIPE') return;
    if (stream === process.stdout && !isLost) process.stderr.write(`error: standard output cannot be written: ${fileProblem(e)}.\n`);
    isLost = true;
    // Neither passed nor failed: nobody has read the verdict.
    process.exitCode = ExitCode.INVALID;
  });
}

// Set, not called: what has been written still has to reach a slow reader.
void run(process.argv.slice(2), {
  out: (text) => { process.stdout.write(text); },
  err: (text) => { process.stderr.write(text); },
  today: () => new Date().toISOString().slice(0, 10),
}).then((code) => { if (!isLost) process.exitCode = code; });

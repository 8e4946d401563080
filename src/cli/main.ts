import { run } from './run';

// `... | head` closes the pipe early: that is no error of ours.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (e: NodeJS.ErrnoException) => {
    if (e.code !== 'EPIPE') throw e;
  });
}

// Set, not called: what has been written still has to reach a slow reader.
void run(process.argv.slice(2), {
  out: (text) => { process.stdout.write(text); },
  err: (text) => { process.stderr.write(text); },
  today: () => new Date().toISOString().slice(0, 10),
}).then((code) => { process.exitCode = code; });

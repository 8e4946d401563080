import { ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

const START_SECONDS = 60;
const LAUNCHER = join(__dirname, 'ministack-with-bedrock.py');

/**
 * A MiniStack of our own: on loopback, on a free port, with its Lambda functions as local processes of Node.
 *
 * What version 1.5.33 does, as far as it matters here and differs from what one might expect:
 *
 * - CloudFormation hands nested properties of custom resources on with numbers and truth values as texts, as AWS does. It
 *   deletes what was replaced after the update, under its old id and properties; an update that fails it sends back, also
 *   to the custom resource that failed, and it knows `RetainExceptOnCreate`. But a custom resource whose creation has failed
 *   gets no Delete, which on AWS it gets.
 * - It makes `AWS::SSM::Parameter` whole, under names with slashes (`/Stack/LogicalId`), and of `AWS::Scheduler::Schedule` no
 *   time zone, start, end, or action after completion.
 * - EventBridge Scheduler answers all calls and looks every 10 s what is due: `at`, `rate` and `cron`, all in UTC whatever
 *   their time zone. It calls functions, topics, queues, state machines and buses, no other service (`aws-sdk:...`), and
 *   puts nothing in the place of `<aws.scheduler.scheduled-time>`.
 * - Step Functions waits and retries in the time of SFN_WAIT_SCALE; timeouts of tasks and functions pass in real time, and the
 *   timeout of a whole state machine counts for nothing. What CDK's framework calls in Lambda and Step Functions is answered by
 *   a stub within the process, which says in no user agent who calls. The name of an execution is taken for ever, also for the
 *   same input; nothing is redriven; 256 KB are no limit. Whatever a function throws is called `Runtime.HandlerError`.
 * - Its Map states keep `MaxConcurrency` and tolerated failures, a Distributed Map also reads items from S3. It has no
 *   `ItemBatcher`, `ResultWriter` (the results are the output), JSONata or `...Path` of its fields, and a failed item that is
 *   tolerated leaves null. No history names the states within a Map; children are executions of their own in ListExecutions.
 * - `aws-sdk:s3` can list, copy and delete, but neither get nor put an object. There is no `aws-sdk:bedrock`: the actions of
 *   batch jobs are added by ministack-with-bedrock.py, which names the state machine's role in the user agent.
 * - S3 knows `If-None-Match`, ranges, copies and uploads in parts, and takes parts of any size (AWS: 5 MB but for the last).
 *   CloudFormation turns on its events by the bucket's own `NotificationConfiguration`, not by CDK's
 *   `Custom::S3BucketNotifications`: that is a function in Python with an SDK that is not there, and never answers.
 * - EventBridge hands events of S3 on to functions and state machines, with input transformers, and refuses `PutEvents` of a
 *   source `aws.*`, as AWS does: nothing makes Bedrock's own events.
 * - Bedrock's provisioned throughput is a list without statuses, and batch jobs write nothing: bedrock-proxy.ts answers in its place.
 */
export class Emulator {
  /**
   * @param python the Python of a virtual environment that MiniStack is installed in
   * @param more of its environment, which Lambda functions find in theirs; E2E_BEDROCK_URL says where its Step Functions call Bedrock
   */
  public static async start(python: string, folder: string, port: number, more: NodeJS.ProcessEnv): Promise<Emulator> {
    const log = createWriteStream(join(folder, 'emulator.log'));
    // Without BIND_HOST it would listen on every network interface.
    const env = { PATH: process.env.PATH, HOME: folder, TMPDIR: process.env.TMPDIR, BIND_HOST: '127.0.0.1', MINISTACK_HOST: '127.0.0.1', GATEWAY_PORT: `${port}`, LAMBDA_EXECUTOR: 'local', ...more };
    const server = spawn(python, [LAUNCHER], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    server.stdout.pipe(log);
    server.stderr.pipe(log);
    const emulator = new Emulator(server, port);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => { emulator.stop(); process.exit(1); });
    process.once('exit', () => emulator.stop());
    await emulator.untilReady();
    return emulator;
  }

  private constructor(private readonly server: ChildProcess, private readonly port: number) {}

  public get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Ends the server and the Lambda processes that it started: they are of its process group. */
  public stop(): void {
    if (this.server.pid === undefined || this.server.exitCode !== null) return;
    try {
      process.kill(-this.server.pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }

  private async untilReady(): Promise<void> {
    for (const end = Date.now() + START_SECONDS * 1000; Date.now() < end;) {
      if (this.server.exitCode !== null) throw new Error(`the emulator ended with exit code ${this.server.exitCode}`);
      const ready = await fetch(`${this.url}/_ministack/health`).then(({ ok }) => ok, () => false);
      if (ready) return;
      await new Promise((done) => setTimeout(done, 200));
    }
    throw new Error(`the emulator did not answer within ${START_SECONDS} s`);
  }
}

/** A port that nothing listens on now. */
export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer().once('error', fail).listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });
}

import { ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

const START_SECONDS = 60;
const LAUNCHER = join(__dirname, 'ministack-with-bedrock.py');

/**
 * A separate MiniStack process: on loopback, on a free port, with its Lambda functions as local processes of Node.js.
 *
 * Relevant behavior of version 1.5.33, and its differences from AWS:
 *
 * - CloudFormation passes nested properties of custom resources with numbers and booleans as texts, as AWS does. It deletes replaced
 *   resources after the update, with their old id and properties; it rolls back a failed update, also of the custom resource that
 *   failed; and it supports `RetainExceptOnCreate`. Unlike AWS, it sends no Delete to a custom resource whose creation failed.
 * - It supports all properties of `AWS::SSM::Parameter`, with names such as `/Stack/LogicalId`, but no time zone, start, end, or action after
 *   completion of `AWS::Scheduler::Schedule`.
 * - EventBridge Scheduler supports all calls, and starts due schedules every 10 s: `at`, `rate` and `cron`, all in UTC regardless of their
 *   time zone. It calls functions, topics, queues, state machines and buses, but no other service (`aws-sdk:...`), and does not replace
 *   `<aws.scheduler.scheduled-time>`.
 * - Step Functions waits and retries in the time of SFN_WAIT_SCALE; timeouts of tasks and functions pass in real time, and the timeout of a
 *   state machine has no effect. A stub in the process answers the calls of CDK's framework to Lambda and Step Functions, without the caller
 *   in the user agent. The name of an execution cannot be reused, even with the same input; executions cannot be redriven; there is no limit
 *   of 256 KB. Every error of a function is named `Runtime.HandlerError`.
 * - Map states follow `MaxConcurrency` and tolerated failures; a Distributed Map also reads items from S3. There is no `ItemBatcher`,
 *   `ResultWriter` (the results are the output), JSONata or `...Path` fields, and a tolerated failed item results in null. The history does
 *   not contain the states within a Map; children are separate executions in ListExecutions.
 * - `aws-sdk:s3` can list, copy and delete, but not get or put an object. There is no `aws-sdk:bedrock`: ministack-with-bedrock.py adds the
 *   actions of batch jobs, with the state machine's role in the user agent.
 * - S3 supports `If-None-Match`, ranges, copies and multipart uploads, and accepts parts of any size (AWS: 5 MB except for the last).
 *   CloudFormation enables its events by the `NotificationConfiguration` of the bucket, not by CDK's `Custom::S3BucketNotifications`: that is
 *   a Python function whose SDK is missing, and which never responds.
 * - EventBridge passes events of S3 to functions and state machines, with input transformers, and refuses `PutEvents` with a source `aws.*`,
 *   as AWS does: there are no events of Bedrock.
 * - Provisioned throughput of Bedrock is a list without statuses, and batch jobs write no output: bedrock-proxy.ts replaces both.
 */
export class Emulator {
  /**
   * @param python the Python of a virtual environment with MiniStack
   * @param more further environment variables, also for Lambda functions; E2E_BEDROCK_URL is the URL of Bedrock for its Step Functions
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

  /** Ends the server and the Lambda processes that it started, which are in its process group. */
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

/** A free port. */
export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer().once('error', fail).listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });
}

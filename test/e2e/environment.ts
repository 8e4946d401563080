import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BedrockProxy } from './bedrock-proxy';
import { Cli } from './cli';
import { Emulator, freePort } from './emulator';
import { Http2Front } from './http2-front';
import { Recorder } from './iam/recorder';
import { ACCOUNT, REGION } from './services';
import { emptyFolder, ROOT } from '../../tools/staging';

/** How much faster than its own time the emulator waits in Step Functions: CDK's waiter polls every 3 s, not every 30. */
const SPEED = 10;

/** An account of AWS in which nothing is yet: an emulator of its own, and what stands in front of it. */
export interface Environment {
  readonly url: string;
  readonly bedrock: BedrockProxy;
  /** What the Lambda functions have called. */
  readonly recorder: Recorder;
  readonly cli: Cli;
  /** Puts the clock of the functions to a time, at which it stays; or lets it go on as before. Needs fast functions. */
  setClock(time: number | undefined): void;
}

/**
 * Starts one, in a folder below .tmp/, and ends it whatever happens.
 *
 * @param fastFunctions whether time passes faster for the functions too (see iam/name-caller.js)
 */
export async function withEnvironment(
  python: string, name: string, { fastFunctions = false }: { readonly fastFunctions?: boolean }, act: (environment: Environment) => Promise<void>,
): Promise<void> {
  const folder = emptyFolder(name);
  const clock = join(folder, 'clock');
  const port = await freePort();
  const bedrock = await BedrockProxy.start(port);
  const recorder = await Recorder.start(port, bedrock.url);
  const runtime = await Http2Front.start(recorder.url);
  const emulator = await Emulator.start(python, folder, port, {
    AWS_ENDPOINT_URL: recorder.url,
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: runtime.url,
    E2E_BEDROCK_URL: recorder.url,
    // Lambda's runtime brings the AWS SDK; a local process finds it here.
    NODE_PATH: join(ROOT, 'node_modules'),
    NODE_OPTIONS: `--require ${JSON.stringify(join(__dirname, 'iam', 'name-caller.js'))}`,
    SFN_WAIT_SCALE: `${1 / SPEED}`,
    ...(fastFunctions ? { E2E_CLOCK_FROM: `${Date.now()}`, E2E_CLOCK_SPEED: `${SPEED}`, E2E_CLOCK_FILE: clock } : {}),
  });
  try {
    const cli = new Cli(emulator.url);
    const { code, text } = await cli.run(ROOT, 'bootstrap', `aws://${ACCOUNT}/${REGION}`);
    if (code !== 0) throw new Error(`cdk bootstrap failed\n${text}`);
    const setClock = (time: number | undefined) => (time === undefined ? rmSync(clock, { force: true }) : writeFileSync(clock, `${time}`));
    await act({ url: emulator.url, bedrock, recorder, cli, setClock });
  } catch (error) {
    console.error(tail(join(folder, 'emulator.log')));
    throw error;
  } finally {
    emulator.stop();
    runtime.stop();
    recorder.stop();
    bedrock.stop();
  }
}

function tail(path: string): string {
  try {
    return readFileSync(path, 'utf8').split('\n').slice(-40).join('\n');
  } catch {
    return '';
  }
}

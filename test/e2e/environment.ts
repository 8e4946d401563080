import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BedrockProxy } from './bedrock-proxy';
import { Cli } from './cli';
import { Emulator, freePort } from './emulator';
import { Http2Front } from './http2-front';
import { Recorder } from './iam/recorder';
import { ACCOUNT, REGION } from './services';
import { emptyFolder, ROOT } from '../../tools/staging';

/** The factor by which waits in Step Functions are shorter: CDK's waiter polls every 3 s instead of every 30 s. */
const SPEED = 10;

/** An empty AWS account: a separate emulator, and the proxies in front of it. */
export interface Environment {
  readonly url: string;
  readonly bedrock: BedrockProxy;
  /** The calls of the Lambda functions. */
  readonly recorder: Recorder;
  readonly cli: Cli;
  /** Sets the clock of the functions to a fixed time, or resets it. It requires `fastFunctions`. */
  setClock(time: number | undefined): void;
}

/**
 * Runs an action with a new environment in a folder below .tmp/, and always ends the environment.
 *
 * @param fastFunctions true if time also passes faster in the functions (see iam/name-caller.js)
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
    // The Lambda runtime includes the AWS SDK; a local process finds it here.
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

import { iamActions } from './actions';
import { Asked, LocalServer, send } from '../../fakes/http';

/** One call of AWS by a function. */
export interface RecordedCall {
  readonly functionName: string;
  /** The IAM action of the call itself. */
  readonly action: string;
  /** Further IAM actions that AWS requires for it. */
  readonly takes: readonly string[];
  readonly path: string;
  readonly body: string;
}

/**
 * A proxy between the Lambda functions and the emulator that records the caller and the action of each call. It passes calls of Bedrock to the
 * Bedrock proxy, and the others to the emulator.
 */
export class Recorder {
  public static async start(emulatorPort: number, bedrockUrl: string): Promise<Recorder> {
    const calls: RecordedCall[] = [];
    const server = await LocalServer.start((asked) => {
      const [action, ...takes] = iamActions(asked);
      calls.push({ functionName: callerOf(asked), action, takes, path: asked.path, body: asked.body.toString() });
      return send(action.startsWith('bedrock:') ? bedrockUrl : `http://127.0.0.1:${emulatorPort}`, asked);
    });
    return new Recorder(server, calls);
  }

  private constructor(private readonly server: LocalServer, public readonly calls: RecordedCall[]) {}

  public get url(): string {
    return this.server.endpoint;
  }

  public stop(): void {
    void this.server.stop();
  }
}

/** See name-caller.js. */
function callerOf({ headers }: Asked): string {
  return /exec-env\/Lambda-(\S+)/.exec(headers['user-agent'] ?? '')?.[1] ?? 'nobody';
}

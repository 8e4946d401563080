import { S3Client } from '@aws-sdk/client-s3';
import { ACCOUNT, REGION } from './services';
import { answerCall } from '../fakes/answer-call';
import { BedrockControlPlane } from '../fakes/bedrock/control-plane';
import { ModelInvocationJobs } from '../fakes/bedrock/model-invocation-jobs';
import { ThroughputBehaviour } from '../fakes/bedrock/stored-throughput';
import { Faults } from '../fakes/faults';
import { Answer, Asked, LocalServer, send } from '../fakes/http';
import { parseCall } from '../fakes/protocol';
import { restOperation } from '../fakes/sdk-model';

/** A request of a handler to the Bedrock control plane. */
export interface BedrockRequest {
  readonly method: string;
  readonly path: string;
  readonly body: any;
}

/**
 * Amazon Bedrock instead of the emulator's: the fake control plane of the unit tests over HTTP, in real time, whose jobs read and write the
 * emulator's S3. It records the requests, and can let calls fail. It passes other requests to the emulator.
 */
export class BedrockProxy {
  public static async start(emulatorPort: number): Promise<BedrockProxy> {
    const emulatorUrl = `http://127.0.0.1:${emulatorPort}`;
    const controlPlane = new BedrockControlPlane({ region: REGION, account: ACCOUNT, now: Date.now }, s3At(emulatorUrl));
    // The tests make purchases older by days, after which the hour for deleting a commitment would have passed.
    Object.assign(controlPlane.throughputs.behaviour, { renewsAfterMs: Infinity });
    const faults = new Faults();
    const requests: BedrockRequest[] = [];
    const server = await LocalServer.start((asked) => {
      requests.push({ method: asked.method, path: asked.path, body: asked.body.length > 0 ? JSON.parse(asked.body.toString()) : undefined });
      return answer(asked, emulatorUrl, controlPlane, faults);
    });
    return new BedrockProxy(server, requests, controlPlane, faults);
  }

  private constructor(
    private readonly server: LocalServer,
    public readonly requests: BedrockRequest[],
    private readonly controlPlane: BedrockControlPlane,
    public readonly faults: Faults,
  ) {}

  public get url(): string {
    return this.server.endpoint;
  }

  /** The jobs of batch inference. */
  public get batch(): ModelInvocationJobs {
    return this.controlPlane.jobs;
  }

  /** The behavior of provisioned throughput; may be changed at any time. */
  public get behaviour(): ThroughputBehaviour {
    return this.controlPlane.throughputs.behaviour;
  }

  /** Makes all purchases older. */
  public age(days: number): void {
    this.controlPlane.throughputs.age(days);
  }

  public stop(): void {
    void this.server.stop();
  }
}

async function answer(asked: Asked, emulatorUrl: string, controlPlane: BedrockControlPlane, faults: Faults): Promise<Answer> {
  const { method, path, headers, body } = asked;
  const call = restOperation('bedrock', method, path) && parseCall({ method, path, headers, body: body.toString() });
  if (!call) return send(emulatorUrl, asked);
  const reply = await answerCall(call, ({ operation, input }) => {
    const output = controlPlane.perform(operation, input);
    if (!output) throw new Error(`the control plane has no ${operation}`);
    return output;
  }, faults);
  if (reply === 'broken') throw new Error('the end-to-end tests break no connections');
  return reply;
}

function s3At(endpoint: string): S3Client {
  return new S3Client({ endpoint, region: REGION, forcePathStyle: true, credentials: { accessKeyId: ACCOUNT, secretAccessKey: 'test' } });
}

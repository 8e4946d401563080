import { S3Client } from '@aws-sdk/client-s3';
import { Refusal } from './bedrock/answers';
import { BatchJobs } from './bedrock/batch-jobs';
import { Faults } from './bedrock/faults';
import { Behaviour, Throughput } from './bedrock/throughput';
import { Answer, Asked, LocalServer, send } from './http';
import { restOperation } from './sdk-model';
import { ACCOUNT, REGION } from './services';

/** A request that a handler made to the Bedrock control plane. */
export interface BedrockRequest {
  readonly method: string;
  readonly path: string;
  readonly body: any;
}

/**
 * Stands between the handlers' AWS SDK and the emulator, records what was asked, and supplies what AWS does and the
 * emulator does not (see bedrock/throughput.ts). Calls can be made to fail.
 */
export class BedrockProxy {
  public static async start(emulatorPort: number): Promise<BedrockProxy> {
    const emulatorUrl = `http://127.0.0.1:${emulatorPort}`;
    const throughput = new Throughput(emulatorUrl);
    const batch = new BatchJobs(s3At(emulatorUrl), Date.now, REGION);
    const faults = new Faults();
    const requests: BedrockRequest[] = [];
    const server = await LocalServer.start((asked) => {
      requests.push({ method: asked.method, path: asked.path, body: asked.body.length > 0 ? JSON.parse(asked.body.toString()) : undefined });
      return answer(asked, emulatorUrl, [throughput, batch], faults);
    });
    return new BedrockProxy(server, requests, throughput, batch, faults);
  }

  private constructor(
    private readonly server: LocalServer,
    public readonly requests: BedrockRequest[],
    private readonly throughput: Throughput,
    /** The jobs of batch inference, of which the emulator only has the list. */
    public readonly batch: BatchJobs,
    public readonly faults: Faults,
  ) {}

  public get url(): string {
    return this.server.url;
  }

  /** How AWS behaves; may be changed at any time. */
  public get behaviour(): Behaviour {
    return this.throughput.behaviour;
  }

  /** Makes all that was bought older. */
  public age(days: number): void {
    this.throughput.age(days);
  }

  public stop(): void {
    this.server.stop();
  }
}

async function answer(asked: Asked, emulatorUrl: string, [throughput, batch]: readonly [Throughput, BatchJobs], faults: Faults): Promise<Answer> {
  const operation = restOperation('bedrock', asked.method, asked.path);
  return faults.strike(`${operation}`, async () => {
    try {
      return await throughput.answer(operation, asked) ?? await batch.answer(operation, asked) ?? await send(emulatorUrl, asked);
    } catch (refusal) {
      if (refusal instanceof Refusal) return refusal.answer();
      throw refusal;
    }
  });
}

function s3At(endpoint: string): S3Client {
  return new S3Client({ endpoint, region: REGION, forcePathStyle: true, credentials: { accessKeyId: ACCOUNT, secretAccessKey: 'test' } });
}

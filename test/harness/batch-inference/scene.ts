import { BedrockRuntime } from '@aws-sdk/client-bedrock-runtime';
import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { S3, S3Client } from '@aws-sdk/client-s3';
import type { HttpRequest } from '@smithy/core/protocols';
import { ConfiguredRetryStrategy } from '@smithy/core/retry';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { BatchInference } from '../../../src/inference/batch/batch-inference';
import { BatchInferenceProps } from '../../../src/inference/batch/props';
import { BedrockModel } from '../../../src/inference/bedrock-model';
import { RunRequest, RunSummary } from '../../../src/lambda/batch-inference/contract';
import { batchSteps } from '../../../src/lambda/batch-inference/handler';
import { Store } from '../../../src/lambda/batch-inference/store';
import { ModelInvocationJobs } from '../../fakes/bedrock/model-invocation-jobs';
import { FakeRuntime } from '../../fakes/fake-runtime';
import { FakeS3 } from '../../fakes/s3/fake-s3';
import { flat, stackIn } from '../../inference/synth';
import { runStateMachine, StateMachineResult } from '../state-machine/state-machine';

export const INPUT = 'records';
export const OUTPUT = 'results';
const START = Date.parse('2026-11-25T02:00:00Z');

/** A run that has ended. */
export interface EndedRun extends StateMachineResult {
  /** The folders of all runs so far. */
  readonly folders: readonly string[];
}

/** A wrapper of a step, which can replace it or make it fail. */
export type OnStep = (step: string, act: () => Promise<unknown>) => Promise<unknown>;

/**
 * Batch inference as it is synthesized, with its own functions and AWS's real SDK. S3, CloudWatch and models are fakes over HTTP, and
 * jobs end as a test specifies. Waits take no real time: they advance the clock of the jobs.
 */
export class BatchScene {
  /** The definition of the state machine for props. */
  public static definitionOf(props: Partial<BatchInferenceProps> = {}): object {
    const stack: Stack = stackIn();
    new BatchInference(stack, 'Nightly', {
      model: BedrockModel.of('amazon.nova-pro-v1:0'),
      inputBucket: Bucket.fromBucketName(stack, 'Records', INPUT),
      outputBucket: Bucket.fromBucketName(stack, 'Results', OUTPUT),
      usage: { jobsPerMonth: 30, recordsPerJob: 1_000, inputTokensPerRecord: 100, outputTokensPerRecord: 10 },
      ...props,
    });
    const [machine] = Object.values(Template.fromStack(stack).findResources('AWS::StepFunctions::StateMachine'));
    const text = flat(machine.Properties.DefinitionString).replace(/<AWS::Partition>/g, 'aws');
    return JSON.parse(text.replace(/<NightlyServiceRole\w+\.Arn>/g, 'arn:aws:iam::111111111111:role/service-role'));
  }

  public static async start(): Promise<BatchScene> {
    const s3 = await FakeS3.start();
    return new BatchScene(s3, await FakeRuntime.start());
  }

  public jobs: ModelInvocationJobs;
  private readonly client: S3Client;
  private readonly steps: ReturnType<typeof batchSteps>;
  private now = START;
  /** The time that the function has waited within a call, in milliseconds. */
  private waited = 0;
  private executions = 0;
  /** The start of each execution, by name. A redrive keeps the start of the first attempt. */
  private readonly began = new Map<string, string>();

  private constructor(public readonly s3: FakeS3, public readonly runtime: FakeRuntime) {
    this.client = s3.client({ retryStrategy: AT_ONCE, ...UNSIGNED });
    this.steps = this.handler();
    this.jobs = this.newJobs();
  }

  /** Wraps each call of the function. */
  public onStep: OnStep = (_, act) => act();
  /** Wraps each call of Amazon Bedrock's control plane. */
  public onBedrock: OnStep = (_, act) => act();
  public async stop(): Promise<void> {
    await Promise.all([this.s3.stop(), this.runtime.stop()]);
  }

  public reset(): void {
    this.s3.reset();
    this.began.clear();
    this.waited = 0;
    this.runtime.reset();
    this.jobs = this.newJobs();
    this.onStep = this.onBedrock = (_, act) => act();
  }

  /** Runs the definition. The name of an earlier execution redrives that execution. */
  public async run(definition: object, request: RunRequest = {}, executionName = `execution-${++this.executions}`): Promise<EndedRun> {
    this.began.set(executionName, this.began.get(executionName) ?? new Date(this.now).toISOString());
    const ended = await runStateMachine(definition, {
      input: request,
      executionId: `arn:aws:states:us-east-1:111111111111:execution:Nightly:${executionName}`,
      startTime: this.began.get(executionName)!,
      tasks: {
        lambda: (_, payload) => {
          this.waited = 0;
          return this.onStep(payload.step, () => this.steps(payload));
        },
        bedrock: (action, parameters) => this.onBedrock(action, () => this.jobs.call(`${action[0].toUpperCase()}${action.slice(1)}`, parameters)),
      },
      onWait: (seconds) => { this.now += seconds * 1000; },
      s3: this.client,
    });
    return { ...ended, folders: this.folders };
  }

  /** The folder of the only run. */
  public get folder(): string {
    const [folder, ...others] = this.folders;
    if (folder === undefined || others.length > 0) throw new Error(`one run was expected, there are: ${JSON.stringify(this.folders)}`);
    return folder;
  }

  public summary(folder = this.folder): RunSummary {
    return this.s3.json(OUTPUT, `${folder}summary.json`);
  }

  /** The lines of all files of the output of a kind, in the order of the files. */
  public lines(kind: 'results' | 'dead-letters', folder = this.folder): any[] {
    return this.s3.keys(OUTPUT, `${folder}${kind}-`).flatMap((key) => this.s3.text(OUTPUT, key).trimEnd().split('\n').map((line) => JSON.parse(line)));
  }

  private get folders(): string[] {
    return [...new Set(this.s3.keys(OUTPUT).flatMap((key) => /^(?:.*\/)?\d{4}-\d\d-\d\dT\d{6}Z-[0-9a-f]{12}\//.exec(key) ?? []))];
  }

  private newJobs(): ModelInvocationJobs {
    return new ModelInvocationJobs({ region: 'us-east-1', account: '111111111111', now: () => this.now }, this.client);
  }

  private handler() {
    const s3 = new S3({ endpoint: this.s3.endpoint, region: 'us-east-1', forcePathStyle: true, credentials: CREDENTIALS, retryStrategy: AT_ONCE, ...UNSIGNED });
    return batchSteps({
      store: (bucket) => new Store(s3, bucket),
      runtime: new BedrockRuntime({
        // The client uses HTTP/2 by default.
        endpoint: this.runtime.endpoint, region: 'us-east-1', credentials: CREDENTIALS, maxAttempts: 1, requestHandler: new NodeHttpHandler(),
      }),
      cloudWatch: new CloudWatch({ endpoint: this.runtime.endpoint, region: 'us-east-1', credentials: CREDENTIALS, maxAttempts: 1 }),
      wait: (milliseconds) => { this.waited += milliseconds; return Promise.resolve(); },
      timeLeft: () => 900_000 - this.waited,
    });
  }
}

/** As many attempts as the handler's own client makes, without delays. */
const AT_ONCE = new ConfiguredRetryStrategy(6, 0);
/** Requests are not signed: the fakes do not check signatures, which take a tenth of the time. */
const UNSIGNED = { cacheMiddleware: true, signer: { sign: async (request: HttpRequest) => request } };
const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };

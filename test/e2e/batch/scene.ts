import { BedrockClient, ListModelInvocationJobsCommand, ModelInvocationJobSummary } from '@aws-sdk/client-bedrock';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Checks } from '../../../tools/staging';
import { BedrockRequest } from '../bedrock-proxy';
import { Environment } from '../environment';
import { ACCOUNT, call, REGION } from '../services';

export const INPUT = 'e2e-batch-input';
export const OUTPUT = 'e2e-batch-output';
export const QUESTIONS = 'e2e-batch-questions';
const LONGEST_RUN_MS = 120_000;

/** A deployed batch, with its buckets and the jobs of its account. */
export class BatchScene {
  public readonly check: InstanceType<typeof Checks>['check'];
  private readonly s3: S3Client;
  private readonly bedrock: BedrockClient;

  constructor(public readonly environment: Environment, checks: InstanceType<typeof Checks>) {
    const settings = { region: REGION, credentials: { accessKeyId: ACCOUNT, secretAccessKey: 'none' } };
    this.s3 = new S3Client({ ...settings, endpoint: environment.url, forcePathStyle: true });
    this.bedrock = new BedrockClient({ ...settings, endpoint: environment.bedrock.url });
    this.check = checks.check.bind(checks);
  }

  public same(what: string, actual: unknown, expected: unknown): void {
    this.check(what, JSON.stringify(actual) === JSON.stringify(expected), `is       ${JSON.stringify(actual)}\nnot      ${JSON.stringify(expected)}`);
  }

  public async machine(): Promise<{ readonly stateMachineArn: string; readonly roleArn: string }> {
    const { stateMachines } = await this.states('ListStateMachines', {});
    return this.states('DescribeStateMachine', { stateMachineArn: stateMachines.find(({ name }: { name: string }) => name.includes('Nightly')).stateMachineArn });
  }

  /** Starts an execution and waits for its end. */
  public async run(input: object): Promise<any> {
    const { stateMachineArn } = await this.machine();
    const { executionArn } = await this.states('StartExecution', { stateMachineArn, input: JSON.stringify(input) });
    for (const end = Date.now() + LONGEST_RUN_MS; ;) {
      const execution = await this.states('DescribeExecution', { executionArn });
      if (execution.status !== 'RUNNING') return { ...execution, output: execution.output && JSON.parse(execution.output) };
      if (Date.now() > end) throw new Error(`the execution has not ended: ${JSON.stringify(execution)}`);
      await new Promise((done) => setTimeout(done, 500));
    }
  }

  public async put(key: string, body: string, bucket = INPUT): Promise<void> {
    await this.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
  }

  /** Waits until a folder has this number of summaries, and returns their keys. */
  public async untilSummaries(folder: string, count: number): Promise<string[]> {
    for (const end = Date.now() + LONGEST_RUN_MS; ;) {
      const keys = (await this.keys(folder)).filter((key) => key.endsWith('/summary.json'));
      if (keys.length >= count || Date.now() > end) return keys;
      await new Promise((done) => setTimeout(done, 500));
    }
  }

  public async read(key: string): Promise<string> {
    const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: OUTPUT, Key: key }));
    return Body!.transformToString();
  }

  /** The lines of several files, one after the other. */
  public async lines(keys: readonly string[]): Promise<any[]> {
    const files = await Promise.all(keys.map((key) => this.read(key)));
    return files.flatMap((file) => file.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line)));
  }

  /** All keys of the output below a folder. */
  public async keys(Prefix = ''): Promise<string[]> {
    const { Contents = [] } = await this.s3.send(new ListObjectsV2Command({ Bucket: OUTPUT, Prefix }));
    return Contents.map(({ Key }) => Key!);
  }

  /** The ended runs, in their order. */
  public async summaries(): Promise<string[]> {
    return (await this.keys()).filter((key) => key.endsWith('/summary.json')).sort();
  }

  /** Every created job. */
  public async jobs(): Promise<ModelInvocationJobSummary[]> {
    const { invocationJobSummaries = [] } = await this.bedrock.send(new ListModelInvocationJobsCommand({ maxResults: 1000 }));
    return invocationJobSummaries;
  }

  /** Every request for a job. */
  public submissions(): BedrockRequest[] {
    return this.environment.bedrock.requests.filter(({ method, path }) => method === 'POST' && path === '/model-invocation-job');
  }

  private states(operation: string, body: object): Promise<any> {
    return call(this.environment.url, 'states', `AWSStepFunctions.${operation}`, body);
  }
}

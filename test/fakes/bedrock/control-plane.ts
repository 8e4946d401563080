import { S3Client } from '@aws-sdk/client-s3';
import { ModelInvocationJobs } from './model-invocation-jobs';
import { Account, ProvisionedThroughputs } from './provisioned-throughputs';
import { Tag } from './stored-throughput';
import { refuse } from '../refusal';

/**
 * The control plane of Amazon Bedrock: a state machine that takes operations, as the SDK names them, with their fields. Unit,
 * fuzz and end-to-end tests use this one, in process or behind HTTP (`FakeAws`, test/e2e/bedrock-proxy.ts).
 */
export class BedrockControlPlane {
  public readonly throughputs: ProvisionedThroughputs;
  public readonly jobs: ModelInvocationJobs;

  /** @param s3 where jobs read their input and write their output; without it jobs keep the status that a test gives them */
  constructor(owner: Account, s3?: S3Client) {
    this.throughputs = new ProvisionedThroughputs(owner);
    this.jobs = new ModelInvocationJobs(owner, s3);
  }

  public reset(): void {
    this.throughputs.reset();
    this.jobs.reset();
  }

  /** The output of an operation, or undefined for an operation that is not here. Jobs answer when S3 has answered them. */
  public perform(operation: string, input: any, caller?: unknown): object | Promise<object> | undefined {
    const { throughputs } = this;
    switch (operation) {
      case 'CreateProvisionedModelThroughput': return throughputs.create(input, caller);
      case 'GetProvisionedModelThroughput': return throughputs.get(input.provisionedModelId);
      case 'ListProvisionedModelThroughputs': return throughputs.list(input);
      case 'UpdateProvisionedModelThroughput': return throughputs.update(input.provisionedModelId, input);
      case 'DeleteProvisionedModelThroughput': return throughputs.delete(input.provisionedModelId, caller);
      case 'CreateModelInvocationJob': case 'GetModelInvocationJob': case 'ListModelInvocationJobs': case 'StopModelInvocationJob':
        return this.jobs.call(operation, input);
      case 'ListTagsForResource': return { tags: this.tagged(input.resourceARN).tags };
      case 'TagResource': return this.tag(input.resourceARN, input.tags);
      case 'UntagResource': return this.untag(input.resourceARN, input.tagKeys);
      default: return undefined;
    }
  }

  private tag(arn: string, tags: readonly Tag[]): object {
    const found = this.tagged(arn);
    found.tags = [...found.tags.filter(({ key }) => !tags.some((tag) => tag.key === key)), ...tags];
    return {};
  }

  private untag(arn: string, keys: readonly string[]): object {
    const found = this.tagged(arn);
    found.tags = found.tags.filter(({ key }) => !keys.includes(key));
    return {};
  }

  private tagged(arn: string): { tags: Tag[] } {
    return this.jobs.find(arn) ?? this.throughputs.stored.get(arn) ?? refuse('ResourceNotFoundException', `The resource ${arn} could not be found.`);
  }
}

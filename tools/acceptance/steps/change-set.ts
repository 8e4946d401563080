import { BedrockClient, ListProvisionedModelThroughputsCommand } from '@aws-sdk/client-bedrock';
import { ChangeSet } from '../observations';
import { Scene } from '../scene';

/** The number of characters to keep from the end of the CDK CLI's output, which has the error. */
const LAST_CHARACTERS = 600;

/** Makes the change set of a stack with provisioned throughput and deletes it again. */
export async function prepareThroughput({ aws, deployment }: Scene): Promise<ChangeSet> {
  const purchasesBefore = await purchases(aws.bedrock);
  const { code, text } = await deployment.prepareDryRun();
  await deployment.deleteDryRun();
  return { exitCode: code, text: code === 0 ? '' : text.trim().slice(-LAST_CHARACTERS), purchasesBefore, purchasesAfter: await purchases(aws.bedrock) };
}

async function purchases(bedrock: BedrockClient): Promise<number> {
  const { provisionedModelSummaries = [] } = await bedrock.send(new ListProvisionedModelThroughputsCommand({ maxResults: 1000 }));
  return provisionedModelSummaries.length;
}

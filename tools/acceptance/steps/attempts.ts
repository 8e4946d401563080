import { BedrockClient, CreateModelInvocationJobCommand } from '@aws-sdk/client-bedrock';
import { BedrockRuntimeClient, ConverseCommand, ConverseCommandInput, ConverseCommandOutput } from '@aws-sdk/client-bedrock-runtime';
import { Interrupted } from '../clock';
import { Attempt, Form, TokenCounts } from '../observations';
import { formsOf, Scene } from '../scene';
import { CeilingReached, PLANNED } from '../spending';

/** Makes a call and returns whether AWS authorized it. */
export async function attempt(role: string, act: () => Promise<unknown>): Promise<Attempt> {
  try {
    await act();
    return { role, outcome: 'allowed', message: '' };
  } catch (thrown) {
    if (thrown instanceof Interrupted || thrown instanceof CeilingReached) throw thrown;
    const { name, message } = thrown as Error;
    const denied = /^(AccessDenied|UnauthorizedOperation|NotAuthorized)/.test(name);
    return { role, outcome: denied ? 'denied' : 'failed', message: `${name}: ${message}` };
  }
}

/** One paid request, counted as soon as it is answered. */
export async function converse(scene: Scene, runtime: BedrockRuntimeClient, form: Form, system?: ConverseCommandInput['system']): Promise<void> {
  const { prices, spending, sent } = scene;
  const { cachedTokens, shortTokens, outputTokens } = PLANNED;
  const settle = spending.reserve('a request', prices.onDemand({ input: shortTokens, output: outputTokens, cacheRead: 0, cacheWrite: system ? cachedTokens : 0 }));
  const { usage } = await runtime.send(new ConverseCommand({
    modelId: formsOf(scene)[form],
    system,
    messages: [{ role: 'user', content: [{ text: 'Answer with one word: which planet is the third from the sun?' }] }],
    inferenceConfig: { maxTokens: outputTokens },
  }));
  const tokens = tokensOf(usage);
  settle(prices.onDemand(tokens));
  sent.add(form, tokens);
}

function tokensOf(usage: ConverseCommandOutput['usage']): TokenCounts {
  return {
    input: usage?.inputTokens ?? 0,
    output: usage?.outputTokens ?? 0,
    cacheRead: usage?.cacheReadInputTokens ?? 0,
    cacheWrite: usage?.cacheWriteInputTokens ?? 0,
  };
}

/** The input of a job that would have no records: creating it costs nothing. */
export function createEmptyJob({ options, outputs }: Scene, bedrock: BedrockClient): Promise<unknown> {
  return bedrock.send(new CreateModelInvocationJobCommand({
    jobName: `acceptance-empty-${Date.now()}`,
    roleArn: outputs.DirectJobRoleArn,
    modelId: options.model,
    inputDataConfig: { s3InputDataConfig: { s3Uri: `s3://${outputs.InputBucket}/empty/none.jsonl` } },
    outputDataConfig: { s3OutputDataConfig: { s3Uri: `s3://${outputs.OutputBucket}/empty/` } },
  }));
}

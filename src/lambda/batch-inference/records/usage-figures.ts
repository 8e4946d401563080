import { isObject } from '../../../input/argument';
import { TokenCounts } from '../contract';

type Fields = { readonly [field: string]: unknown };

/**
 * The token counts in the output of any model; undefined without token counts. Cached input counts as input, since batch inference has
 * one price for both.
 */
export function figuresOf(modelOutput: unknown): TokenCounts | undefined {
  if (!isObject(modelOutput)) return undefined;
  const { usage, meta } = modelOutput;
  return (isObject(usage) ? usageFigures(usage) : undefined)
    ?? figures([modelOutput.prompt_token_count], [modelOutput.generation_token_count])
    ?? titanFigures(modelOutput)
    ?? (isObject(meta) && isObject(meta.billed_units) ? cohereFigures(modelOutput, meta.billed_units) : undefined);
}

function usageFigures(usage: Fields): TokenCounts | undefined {
  // Anthropic's Messages; Nova and Converse, with two names of cached tokens; chat completions, whose prompt tokens include them.
  return figures([usage.input_tokens, usage.cache_creation_input_tokens ?? 0, usage.cache_read_input_tokens ?? 0], [usage.output_tokens])
    ?? figures([
      usage.inputTokens,
      usage.cacheReadInputTokens ?? usage.cacheReadInputTokenCount ?? 0,
      usage.cacheWriteInputTokens ?? usage.cacheWriteInputTokenCount ?? 0,
    ], [usage.outputTokens])
    ?? figures([usage.prompt_tokens], [usage.completion_tokens]);
}

/** The token counts of Titan: text has results, an embedding has none. */
function titanFigures({ inputTextTokenCount, results, embedding }: Fields): TokenCounts | undefined {
  if (Array.isArray(results)) return figures([inputTextTokenCount], results.map((result) => (isObject(result) ? result.tokenCount : undefined)));
  return embedding === undefined ? undefined : figures([inputTextTokenCount], []);
}

function cohereFigures({ embeddings }: Fields, billed: Fields): TokenCounts | undefined {
  return figures([billed.input_tokens], embeddings === undefined ? [billed.output_tokens] : []);
}

function figures(input: readonly unknown[], output: readonly unknown[]): TokenCounts | undefined {
  return input.every(isFigure) && output.every(isFigure) ? { input: total(input), output: total(output) } : undefined;
}

function isFigure(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

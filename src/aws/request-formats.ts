/** The bodies of requests that embed texts or images. */
type EmbeddingFormat = 'nova-embeddings' | 'titan-image-embeddings' | 'titan-text-embeddings' | 'cohere-embeddings';
/** The bodies of requests that models answer with text. */
type TextFormat = 'claude' | 'nova' | 'titan-text' | 'cohere-command-r' | 'llama-3' | 'llama-4' | 'mistral-completions' | 'chat-completions' | 'deepseek-r1' | 'jamba' | 'gpt-oss';

/** The format of the bodies of requests: that of a model family, or that of the Converse API. */
export type RequestFormat = EmbeddingFormat | TextFormat | 'converse';

const EMBEDDINGS: { readonly [format in EmbeddingFormat]: true } = {
  'nova-embeddings': true,
  'titan-image-embeddings': true,
  'titan-text-embeddings': true,
  'cohere-embeddings': true,
};

/**
 * The first characters of the ids of a family, narrower ones first, and the format of its requests: AWS's "Inference request
 * parameters and response fields for foundation models". Families that are not described there are left out, since a wrong guess
 * would be paid for by a whole batch: the Converse API invokes them.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html
 */
const FAMILIES: readonly (readonly [prefix: string, format: EmbeddingFormat | TextFormat])[] = [
  ['anthropic.claude', 'claude'],
  ['amazon.nova-micro', 'nova'],
  ['amazon.nova-lite', 'nova'],
  ['amazon.nova-pro', 'nova'],
  ['amazon.nova-premier', 'nova'],
  ['amazon.nova-2-lite', 'nova'],
  ['amazon.nova-2-pro', 'nova'],
  ['amazon.nova-2-omni', 'nova'],
  ['amazon.nova-2-multimodal-embeddings', 'nova-embeddings'],
  ['amazon.titan-text', 'titan-text'],
  ['amazon.titan-embed-image', 'titan-image-embeddings'],
  ['amazon.titan-embed-text', 'titan-text-embeddings'],
  ['cohere.command-r', 'cohere-command-r'],
  ['cohere.embed', 'cohere-embeddings'],
  ['meta.llama3', 'llama-3'],
  ['meta.llama4', 'llama-4'],
  ['mistral.mistral-7b', 'mistral-completions'],
  ['mistral.mixtral', 'mistral-completions'],
  ['mistral.mistral-large-2402', 'mistral-completions'],
  ['mistral.mistral-small-2402', 'mistral-completions'],
  ['mistral.', 'chat-completions'],
  ['deepseek.r1', 'deepseek-r1'],
  ['deepseek.v3', 'chat-completions'],
  ['ai21.jamba', 'jamba'],
  ['openai.gpt-oss', 'gpt-oss'],
  ['qwen.', 'chat-completions'],
];

/**
 * The format of requests to a model; undefined where it is not known, and for an embedding model with Converse, which does not
 * support it.
 *
 * @param bareModelId the id of the model without geography, in no ARN
 */
export function requestFormatOf(bareModelId: string, invocationType: 'InvokeModel' | 'Converse'): RequestFormat | undefined {
  const format = FAMILIES.find(([prefix]) => bareModelId.startsWith(prefix))?.[1];
  if (invocationType === 'InvokeModel') return format;
  return isEmbeddingFormat(format) ? undefined : 'converse';
}

/** Whether the answer is an embedding, which has no output tokens. */
export function isEmbeddingFormat(format: RequestFormat | undefined): format is EmbeddingFormat {
  return format !== undefined && format in EMBEDDINGS;
}

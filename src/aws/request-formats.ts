/** The request formats of embedding models. */
type EmbeddingFormat = 'nova-embeddings' | 'titan-image-embeddings' | 'titan-text-embeddings' | 'cohere-embeddings';
/** The request formats of models that return text. */
type TextFormat = 'claude' | 'nova' | 'titan-text' | 'cohere-command-r' | 'llama-3' | 'llama-4' | 'mistral-completions' | 'chat-completions' | 'deepseek-r1' | 'jamba' | 'gpt-oss';

/** The format of request bodies: of a model family, or of the Converse API. */
export type RequestFormat = EmbeddingFormat | TextFormat | 'converse';

const EMBEDDINGS: { readonly [format in EmbeddingFormat]: true } = {
  'nova-embeddings': true,
  'titan-image-embeddings': true,
  'titan-text-embeddings': true,
  'cohere-embeddings': true,
};

/**
 * The prefixes of the ids of a family, the longest first, and the format of its requests, from AWS's "Inference request parameters and
 * response fields for foundation models". Families that are not described there are left out, since a whole batch with a wrong format
 * would be billed. The Converse API invokes them.
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
 * The format of requests to a model; undefined if it is not known, and for an embedding model with Converse, which does not support it.
 *
 * @param bareModelId the id of the model without geography and not in an ARN
 */
export function requestFormatOf(bareModelId: string, invocationType: 'InvokeModel' | 'Converse'): RequestFormat | undefined {
  const format = FAMILIES.find(([prefix]) => bareModelId.startsWith(prefix))?.[1];
  if (invocationType === 'InvokeModel') return format;
  return isEmbeddingFormat(format) ? undefined : 'converse';
}

/** Whether the response is an embedding, which has no output tokens. */
export function isEmbeddingFormat(format: RequestFormat | undefined): format is EmbeddingFormat {
  return format !== undefined && format in EMBEDDINGS;
}

import { COHERE_EMBED, NOVA_EMBED, TITAN_EMBED_IMAGE, TITAN_EMBED_TEXT } from './embedding-formats';
import { chatCompletions, CLAUDE, COHERE_COMMAND_R, NOVA } from './message-formats';
import { DEEPSEEK_R1, LLAMA_3, LLAMA_4, MISTRAL_TEXT, TITAN_TEXT } from './prompt-formats';
import { RecordFormat } from './record-format';
import { ModelId } from '../../../pricing/model-id';

const CHAT = chatCompletions();

/**
 * What the ids of a family begin with, the narrower one first, and how the bodies of its requests look: AWS's "Inference
 * request parameters and response fields for foundation models". A family that is not described there is not here, for a
 * wrong guess would be paid for by the whole run: Converse asks it instead.
 */
const FAMILIES: readonly (readonly [prefix: string, format: RecordFormat])[] = [
  ['anthropic.claude', CLAUDE],
  ['amazon.nova-micro', NOVA],
  ['amazon.nova-lite', NOVA],
  ['amazon.nova-pro', NOVA],
  ['amazon.nova-premier', NOVA],
  ['amazon.nova-2-lite', NOVA],
  ['amazon.nova-2-pro', NOVA],
  ['amazon.nova-2-omni', NOVA],
  ['amazon.nova-2-multimodal-embeddings', NOVA_EMBED],
  ['amazon.titan-text', TITAN_TEXT],
  ['amazon.titan-embed-image', TITAN_EMBED_IMAGE],
  ['amazon.titan-embed-text', TITAN_EMBED_TEXT],
  ['cohere.command-r', COHERE_COMMAND_R],
  ['cohere.embed', COHERE_EMBED],
  ['meta.llama3', LLAMA_3],
  ['meta.llama4', LLAMA_4],
  ['mistral.mistral-7b', MISTRAL_TEXT],
  ['mistral.mixtral', MISTRAL_TEXT],
  ['mistral.mistral-large-2402', MISTRAL_TEXT],
  ['mistral.mistral-small-2402', MISTRAL_TEXT],
  ['mistral.', CHAT],
  ['deepseek.r1', DEEPSEEK_R1],
  ['deepseek.v3', CHAT],
  ['ai21.jamba', chatCompletions('max_tokens', 0)],
  ['openai.gpt-oss', chatCompletions('max_completion_tokens')],
  ['qwen.', CHAT],
];

/** How the model's own records look, by its id, its profile's id or the ARN of either; undefined where no family is known. */
export function familyOf(modelId: string): RecordFormat | undefined {
  const { bareId } = ModelId.parse(modelId);
  return FAMILIES.find(([prefix]) => bareId.startsWith(prefix))?.[1];
}

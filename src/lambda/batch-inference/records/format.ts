import { COHERE_EMBED, NOVA_EMBED, TITAN_EMBED_IMAGE, TITAN_EMBED_TEXT } from './embedding-formats';
import { chatCompletions, CLAUDE, COHERE_COMMAND_R, CONVERSE, NOVA } from './message-formats';
import { DEEPSEEK_R1, LLAMA_3, LLAMA_4, MISTRAL_TEXT, TITAN_TEXT } from './prompt-formats';
import { RecordFormat } from './record-format';
import { RequestFormat, requestFormatOf } from '../../../aws/request-formats';
import { ModelId } from '../../../pricing/model-id';
import { BatchSettings } from '../contract';

const FORMATS: { readonly [format in RequestFormat]: RecordFormat } = {
  'claude': CLAUDE,
  'nova': NOVA,
  'nova-embeddings': NOVA_EMBED,
  'titan-text': TITAN_TEXT,
  'titan-image-embeddings': TITAN_EMBED_IMAGE,
  'titan-text-embeddings': TITAN_EMBED_TEXT,
  'cohere-command-r': COHERE_COMMAND_R,
  'cohere-embeddings': COHERE_EMBED,
  'llama-3': LLAMA_3,
  'llama-4': LLAMA_4,
  'mistral-completions': MISTRAL_TEXT,
  'chat-completions': chatCompletions(),
  'deepseek-r1': DEEPSEEK_R1,
  'jamba': chatCompletions('max_tokens', 0),
  'gpt-oss': chatCompletions('max_completion_tokens'),
  'converse': CONVERSE,
};

/** The format of a model's records, by its id, its profile's id or the ARN of either; undefined if it is not known. */
export function recordFormat(formatModelId: string, invocationType: BatchSettings['invocationType']): RecordFormat | undefined {
  const format = requestFormatOf(ModelId.parse(formatModelId).bareId, invocationType);
  return format && FORMATS[format];
}

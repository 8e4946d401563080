import { RecordFormat } from './record-format';
import { isFilledText, notAllowed, textProblem } from './shape';
import { isObject } from '../../../input/argument';

/** A format of an embedding model, without limits and a system prompt. */
function embedding({ record, check }: { record(text: string): object } & Pick<RecordFormat, 'check'>): RecordFormat {
  return { output: 'embedding', record: (text) => ({ ...record(text) }), check, maxTokens: () => undefined };
}

export const TITAN_EMBED_TEXT = embedding({
  record: (inputText) => ({ inputText }),
  check: ({ inputText }) => textProblem('modelInput.inputText', inputText),
});

/** The format of Titan Multimodal Embeddings: a text, an image, or both. */
export const TITAN_EMBED_IMAGE = embedding({
  record: (inputText) => ({ inputText }),
  check: ({ inputText, inputImage }) => (inputText === undefined && isFilledText(inputImage)
    ? undefined
    : textProblem('modelInput.inputText', inputText)),
});

/** The format of Cohere Embed: a list of texts. A prompt becomes a list of one, so that a failed record affects no other prompt. */
export const COHERE_EMBED = embedding({
  record: (text) => ({ texts: [text], input_type: 'search_document' }),
  check: ({ input_type: inputType, texts, images, inputs }) => {
    if (!isFilledText(inputType)) {
      return notAllowed('modelInput.input_type', inputType, 'a text such as "search_document" or "search_query"');
    }
    if (texts !== undefined || (images === undefined && inputs === undefined)) {
      return isListOf(texts, isFilledText) ? undefined : notAllowed('modelInput.texts', texts, 'a list of one text or more');
    }
    if (images !== undefined) return isListOf(images, isFilledText) ? undefined : notAllowed('modelInput.images', images, 'a list of one image or more');
    return isListOf(inputs, isObject) ? undefined : notAllowed('modelInput.inputs', inputs, 'a list of one object or more');
  },
});

/** The format of Nova embeddings for indexing. Other purposes need records from the user. */
export const NOVA_EMBED = embedding({
  record: (value) => ({
    schemaVersion: 'nova-multimodal-embed-v1',
    taskType: 'SINGLE_EMBEDDING',
    singleEmbeddingParams: { embeddingPurpose: 'GENERIC_INDEX', text: { truncationMode: 'END', value } },
  }),
  check: ({ taskType, singleEmbeddingParams: params }) => {
    if (!isFilledText(taskType)) return notAllowed('modelInput.taskType', taskType, 'a text such as "SINGLE_EMBEDDING"');
    if (taskType !== 'SINGLE_EMBEDDING') return undefined;
    if (!isObject(params)) return notAllowed('modelInput.singleEmbeddingParams', params, 'an object');
    return textProblem('modelInput.singleEmbeddingParams.embeddingPurpose', params.embeddingPurpose);
  },
});

function isListOf(value: unknown, isOne: (one: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isOne);
}

import { isEmbeddingFormat, requestFormatOf } from '../../../../src/aws/request-formats';
import { recordFormat } from '../../../../src/lambda/batch-inference/records/format';
import { CONVERSE, NOVA } from '../../../../src/lambda/batch-inference/records/message-formats';

const familyOf = (modelId: string) => recordFormat(modelId, 'InvokeModel');

describe('a request of Converse', () => {
  test('is created from a prompt and its settings', () => {
    expect(CONVERSE.record('Hi', { maxTokens: 300, system: 'Be brief.', temperature: 0 })).toStrictEqual({
      messages: [{ role: 'user', content: [{ text: 'Hi' }] }],
      system: [{ text: 'Be brief.' }],
      inferenceConfig: { maxTokens: 300, temperature: 0 },
    });
    expect(CONVERSE.record('Hi', { maxTokens: 1 })).toStrictEqual({
      messages: [{ role: 'user', content: [{ text: 'Hi' }] }], inferenceConfig: { maxTokens: 1 },
    });
  });

  test('states its maximum number of tokens, or none', () => {
    expect(CONVERSE.maxTokens({ inferenceConfig: { maxTokens: 5 } })).toBe(5);
    expect(CONVERSE.maxTokens({ inferenceConfig: {} })).toBeUndefined();
    expect(CONVERSE.maxTokens({ inferenceConfig: [5] })).toBeUndefined();
  });

  test.each([
    [{ messages: [{ role: 'user', content: [{ text: 'Hi' }] }] }],
    [{ messages: [{ role: 'user', content: [{ image: {} }] }, { role: 'assistant', content: [{ text: 'So' }] }], toolConfig: {} }],
  ])('is valid: %j', (input) => {
    expect(CONVERSE.check(input)).toBeUndefined();
  });

  test.each([
    [{}, 'modelInput.messages is required. Set a list of one message or more.'],
    [{ messages: {} }, 'modelInput.messages must be a list of one message or more, got {}.'],
    [{ messages: [{ role: 'system', content: [{ text: 'x' }] }] }, 'modelInput.messages[0].role must be one of user, assistant, got "system".'],
    [{ messages: [{ role: 'user', content: 'Hi' }] }, 'modelInput.messages[0].content must be a list of one object or more, got "Hi".'],
    [{ messages: [{ role: 'user', content: [] }] }, 'modelInput.messages[0].content must be a list of one object or more, got [].'],
    [{ messages: [{ role: 'user', content: ['Hi'] }] }, 'modelInput.messages[0].content must be a list of one object or more, got ["Hi"].'],
    [{ messages: [{ role: 'user', content: [{ text: 'Hi' }] }], inferenceConfig: { maxTokens: 0 } }, 'modelInput.inferenceConfig.maxTokens must be a whole number of 1 or more, got 0.'],
    [{ messages: [{ role: 'user', content: [{ text: 'Hi' }] }], inferenceConfig: null }, 'modelInput.inferenceConfig must be an object, got null.'],
  ])('fails: %j', (input, problem) => {
    expect(CONVERSE.check(input)).toContain(problem);
  });
});

describe('the format of a model', () => {
  test('is specific with InvokeModel, and common to all models with Converse', () => {
    expect(recordFormat('us.amazon.nova-lite-v1:0', 'InvokeModel')).toBe(NOVA);
    expect(recordFormat('us.amazon.nova-lite-v1:0', 'Converse')).toBe(CONVERSE);
    expect(recordFormat('minimax.minimax-m2', 'Converse')).toBe(CONVERSE);
  });

  test('is not known with InvokeModel for an unknown family', () => {
    expect(recordFormat('minimax.minimax-m2', 'InvokeModel')).toBeUndefined();
  });

  test.each(['amazon.titan-embed-text-v2:0', 'cohere.embed-v4:0', 'amazon.nova-2-multimodal-embeddings-v1:0'])('fails for %s, which Converse does not support', (id) => {
    expect(recordFormat(id, 'Converse')).toBeUndefined();
  });
});

test.each([
  'amazon.titan-embed-text-v2:0', 'amazon.titan-embed-image-v1', 'cohere.embed-v4:0', 'amazon.nova-2-multimodal-embeddings-v1:0', 'amazon.nova-lite-v1:0',
  'anthropic.claude-sonnet-5', 'mistral.mistral-large-2402-v1:0', 'qwen.qwen3-32b-v1:0',
])('the contract and the format agree on whether %s answers with an embedding', (id) => {
  expect(isEmbeddingFormat(requestFormatOf(id, 'InvokeModel'))).toBe(familyOf(id)!.output === 'embedding');
});

const ALL = { maxTokens: 300, system: 'Be brief.', temperature: 0.2 };
const LEAST = { maxTokens: 300 };

/** As AWS documents the bodies of requests: "Inference request parameters and response fields for foundation models". */
describe('a prompt becomes a request of the model', () => {
  test.each([
    ['anthropic.claude-3-haiku-20240307-v1:0', {
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: 300,
      system: 'Be brief.',
      temperature: 0.2,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
    }],
    ['amazon.nova-micro-v1:0', {
      system: [{ text: 'Be brief.' }], messages: [{ role: 'user', content: [{ text: 'Hi' }] }], inferenceConfig: { maxTokens: 300, temperature: 0.2 },
    }],
    ['amazon.titan-text-express-v1', { inputText: 'Be brief.\n\nHi', textGenerationConfig: { maxTokenCount: 300, temperature: 0.2 } }],
    ['cohere.command-r-v1:0', { message: 'Hi', preamble: 'Be brief.', max_tokens: 300, temperature: 0.2 }],
    ['meta.llama3-1-8b-instruct-v1:0', {
      prompt: '<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>'
        + '<|start_header_id|>assistant<|end_header_id|>\n\n',
      max_gen_len: 300,
      temperature: 0.2,
    }],
    ['meta.llama4-scout-17b-instruct-v1:0', {
      prompt: '<|begin_of_text|><|header_start|>system<|header_end|>\n\nBe brief.<|eot|><|header_start|>user<|header_end|>\n\nHi<|eot|>'
        + '<|header_start|>assistant<|header_end|>\n\n',
      max_gen_len: 300,
      temperature: 0.2,
    }],
    ['mistral.mistral-7b-instruct-v0:2', { prompt: '<s>[INST] Be brief.\n\nHi [/INST]', max_tokens: 300, temperature: 0.2 }],
    ['mistral.mistral-large-2407-v1:0', {
      messages: [{ role: 'system', content: 'Be brief.' }, { role: 'user', content: 'Hi' }], max_tokens: 300, temperature: 0.2,
    }],
    ['deepseek.r1-v1:0', {
      prompt: '<｜begin▁of▁sentence｜>Be brief.<｜User｜>Hi<｜Assistant｜><think>\n', max_tokens: 300, temperature: 0.2,
    }],
    ['ai21.jamba-1-5-mini-v1:0', {
      messages: [{ role: 'system', content: 'Be brief.' }, { role: 'user', content: 'Hi' }], max_tokens: 300, temperature: 0.2,
    }],
    ['openai.gpt-oss-20b-1:0', {
      messages: [{ role: 'system', content: 'Be brief.' }, { role: 'user', content: 'Hi' }], max_completion_tokens: 300, temperature: 0.2,
    }],
    ['amazon.titan-embed-text-v2:0', { inputText: 'Hi' }],
    ['cohere.embed-english-v3', { texts: ['Hi'], input_type: 'search_document' }],
    ['amazon.nova-2-multimodal-embeddings-v1:0', {
      schemaVersion: 'nova-multimodal-embed-v1',
      taskType: 'SINGLE_EMBEDDING',
      singleEmbeddingParams: { embeddingPurpose: 'GENERIC_INDEX', text: { truncationMode: 'END', value: 'Hi' } },
    }],
  ])('of %s', (modelId, expected) => {
    expect(familyOf(modelId)!.record('Hi', ALL)).toEqual(expected);
  });

  test.each([
    ['anthropic.claude-sonnet-4-6', {
      anthropic_version: 'bedrock-2023-05-31', max_tokens: 300, messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
    }],
    ['amazon.nova-pro-v1:0', { messages: [{ role: 'user', content: [{ text: 'Hi' }] }], inferenceConfig: { maxTokens: 300 } }],
    ['meta.llama3-8b-instruct-v1:0', {
      prompt: '<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n', max_gen_len: 300,
    }],
    ['mistral.mixtral-8x7b-instruct-v0:1', { prompt: '<s>[INST] Hi [/INST]', max_tokens: 300 }],
    ['qwen.qwen3-32b-v1:0', { messages: [{ role: 'user', content: 'Hi' }], max_tokens: 300 }],
  ])('of %s, without optional settings', (modelId, expected) => {
    // Compared as text, since a field without a value would be sent too.
    expect(JSON.parse(JSON.stringify(familyOf(modelId)!.record('Hi', LEAST)))).toEqual(expected);
    expect(familyOf(modelId)!.record('Hi', LEAST)).toStrictEqual(expected);
  });
});

describe('a family is found', () => {
  const claude = familyOf('anthropic.claude-sonnet-4-6');

  test.each(['us.anthropic.claude-sonnet-4-6', 'global.anthropic.claude-sonnet-4-6', 'arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-v2',
    'arn:aws:bedrock:eu-west-1:111122223333:inference-profile/eu.anthropic.claude-sonnet-4-5-20250929-v1:0'])('by %s', (id) => {
    expect(familyOf(id)).toBe(claude);
  });

  test.each([
    'amazon.nova-canvas-v1:0', 'amazon.nova-sonic-v1:0', 'amazon.titan-image-generator-v2:0', 'meta.llama2-13b-chat-v1', 'cohere.command-text-v14',
    'cohere.rerank-v3-5:0', 'stability.sd3-large-v1:0', 'openai.gpt-5.5', 'arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/a1b2', '',
  ])('fails for %s, whose format is not known', (id) => {
    expect(familyOf(id)).toBeUndefined();
  });
});

const MESSAGES = [{ role: 'user', content: 'Hi' }];
const BLOCKS = [{ role: 'user', content: [{ text: 'Hi' }] }];
const CLAUDE = { anthropic_version: 'bedrock-2023-05-31', max_tokens: 10 };

describe('a record from the user is checked', () => {
  test.each([
    ['anthropic.claude-sonnet-5', { ...CLAUDE, messages: MESSAGES, thinking: { type: 'adaptive' } }],
    ['anthropic.claude-sonnet-5', { ...CLAUDE, messages: [...MESSAGES, { role: 'assistant', content: '' }] }],
    ['amazon.nova-lite-v1:0', { schemaVersion: 'messages-v1', messages: BLOCKS }],
    ['amazon.titan-text-lite-v1', { inputText: 'Hi' }],
    ['amazon.titan-text-lite-v1', { inputText: 'Hi', textGenerationConfig: { maxTokenCount: 0 } }],
    ['amazon.titan-embed-image-v1', { inputImage: 'aGk=' }],
    ['cohere.embed-v4:0', { input_type: 'clustering', inputs: [{ content: [] }] }],
    ['cohere.embed-v4:0', { input_type: 'image', images: ['data:image/png;base64,aGk='] }],
    ['mistral.mistral-large-2402-v1:0', { messages: MESSAGES }],
    ['mistral.pixtral-large-2502-v1:0', { messages: [...MESSAGES, { role: 'assistant', content: '', tool_calls: [] }, { role: 'tool', content: '3' }] }],
    ['openai.gpt-oss-120b-1:0', { messages: [{ role: 'developer', content: 'Be brief.' }, ...MESSAGES] }],
    ['amazon.nova-2-multimodal-embeddings-v1:0', { taskType: 'SEGMENTED_EMBEDDING', segmentedEmbeddingParams: {} }],
  ])('and valid: %s %j', (modelId, input) => {
    expect(familyOf(modelId)!.check(input)).toBeUndefined();
  });

  test.each([
    ['anthropic.claude-sonnet-5', { max_tokens: 10, messages: MESSAGES }, 'modelInput.anthropic_version is required. Set "bedrock-2023-05-31".'],
    ['anthropic.claude-sonnet-5', { ...CLAUDE, max_tokens: undefined, messages: MESSAGES }, 'modelInput.max_tokens is required. Set a whole number of 1 or more.'],
    ['anthropic.claude-sonnet-5', { ...CLAUDE, max_tokens: 0, messages: MESSAGES }, 'modelInput.max_tokens must be a whole number of 1 or more, got 0.'],
    ['anthropic.claude-sonnet-5', { ...CLAUDE, max_tokens: '10', messages: MESSAGES }, 'modelInput.max_tokens must be a whole number of 1 or more, got "10".'],
    ['anthropic.claude-sonnet-5', CLAUDE, 'modelInput.messages is required. Set a list of one message or more.'],
    ['anthropic.claude-sonnet-5', { ...CLAUDE, messages: [] }, 'modelInput.messages must be a list of one message or more, got [].'],
    ['anthropic.claude-sonnet-5', { ...CLAUDE, messages: ['Hi'] }, 'modelInput.messages[0] must be an object with role and content, got "Hi".'],
    ['anthropic.claude-sonnet-5', { ...CLAUDE, messages: [{ role: 'system', content: 'x' }] }, 'modelInput.messages[0].role must be one of user, assistant, got "system".'],
    ['anthropic.claude-sonnet-5', { ...CLAUDE, messages: [...MESSAGES, { role: 'user', content: ' ' }] }, 'modelInput.messages[1].content must be a text that is not blank, or a list of one object or more, got " ".'],
    ['amazon.nova-lite-v1:0', { messages: MESSAGES }, 'modelInput.messages[0].content must be a list of one object or more, got "Hi".'],
    ['amazon.nova-lite-v1:0', { messages: BLOCKS, inferenceConfig: { maxTokens: 1.5 } }, 'modelInput.inferenceConfig.maxTokens must be a whole number of 1 or more, got 1.5.'],
    ['amazon.nova-lite-v1:0', { messages: BLOCKS, inferenceConfig: { max_new_tokens: -1 } }, 'modelInput.inferenceConfig.max_new_tokens must be a whole number of 1 or more, got -1.'],
    ['amazon.nova-lite-v1:0', { messages: BLOCKS, inferenceConfig: 10 }, 'modelInput.inferenceConfig must be an object, got 10.'],
    ['amazon.titan-text-lite-v1', { prompt: 'Hi' }, 'modelInput.inputText is required. Set a text that is not blank.'],
    ['amazon.titan-text-lite-v1', { inputText: 'Hi', textGenerationConfig: { maxTokenCount: -1 } }, 'modelInput.textGenerationConfig.maxTokenCount must be a whole number of 0 or more, got -1.'],
    ['amazon.titan-embed-image-v1', {}, 'modelInput.inputText is required. Set a text that is not blank.'],
    ['cohere.command-r-plus-v1:0', { message: 3 }, 'modelInput.message must be a text that is not blank, got 3.'],
    ['cohere.embed-english-v3', { texts: ['Hi'] }, 'modelInput.input_type is required. Set a text such as "search_document" or "search_query".'],
    ['cohere.embed-english-v3', { input_type: 'clustering' }, 'modelInput.texts is required. Set a list of one text or more.'],
    ['cohere.embed-english-v3', { input_type: 'clustering', texts: ['a', ''] }, 'modelInput.texts must be a list of one text or more, got ["a",""].'],
    ['cohere.embed-v4:0', { input_type: 'clustering', images: [] }, 'modelInput.images must be a list of one image or more, got [].'],
    ['cohere.embed-v4:0', { input_type: 'clustering', inputs: 'x' }, 'modelInput.inputs must be a list of one object or more, got "x".'],
    ['meta.llama3-8b-instruct-v1:0', { prompt: 'Hi', max_gen_len: 0 }, 'modelInput.max_gen_len must be a whole number of 1 or more, got 0.'],
    ['mistral.mixtral-8x7b-instruct-v0:1', {}, 'modelInput.prompt is required. Set a text that is not blank.'],
    ['ai21.jamba-1-5-mini-v1:0', { messages: MESSAGES, max_tokens: null }, 'modelInput.max_tokens must be a whole number of 0 or more, got null.'],
    ['openai.gpt-oss-20b-1:0', { messages: MESSAGES, max_completion_tokens: 0 }, 'modelInput.max_completion_tokens must be a whole number of 1 or more, got 0.'],
    ['amazon.nova-2-multimodal-embeddings-v1:0', { taskType: 'SINGLE_EMBEDDING', singleEmbeddingParams: {} }, 'modelInput.singleEmbeddingParams.embeddingPurpose is required. Set a text that is not blank.'],
    ['amazon.nova-2-multimodal-embeddings-v1:0', { taskType: 'SINGLE_EMBEDDING' }, 'modelInput.singleEmbeddingParams is required. Set an object.'],
    ['amazon.nova-2-multimodal-embeddings-v1:0', {}, 'modelInput.taskType is required. Set a text such as "SINGLE_EMBEDDING".'],
  ])('fails of %s: %j', (modelId, input, problem) => {
    expect(familyOf(modelId)!.check(input)).toContain(problem);
  });
});

describe('the maximum output tokens are read from the field of each family', () => {
  test.each([
    ['anthropic.claude-sonnet-5', { max_tokens: 7 }, 7],
    ['amazon.nova-lite-v1:0', { inferenceConfig: { maxTokens: 7 } }, 7],
    ['amazon.nova-lite-v1:0', { inferenceConfig: { max_new_tokens: 7 } }, 7],
    ['amazon.nova-lite-v1:0', { messages: BLOCKS }, undefined],
    ['amazon.titan-text-lite-v1', { textGenerationConfig: { maxTokenCount: 0 } }, 0],
    ['amazon.titan-text-lite-v1', { inputText: 'Hi' }, undefined],
    ['cohere.command-r-v1:0', { max_tokens: 7 }, 7],
    ['meta.llama4-scout-17b-instruct-v1:0', { max_gen_len: 7, max_tokens: 9 }, 7],
    ['mistral.mistral-7b-instruct-v0:2', { max_tokens: 7 }, 7],
    ['mistral.mistral-7b-instruct-v0:2', { max_gen_len: 7 }, undefined],
    ['openai.gpt-oss-20b-1:0', { max_tokens: 7 }, 7],
    ['openai.gpt-oss-20b-1:0', { max_tokens: '7' }, undefined],
    ['cohere.embed-v4:0', { max_tokens: 128_000 }, undefined],
  ])('%s %j', (modelId, input, expected) => {
    expect(familyOf(modelId)!.maxTokens(input)).toBe(expected);
  });
});

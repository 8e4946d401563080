import { figuresOf } from '../../../../src/lambda/batch-inference/records/usage-figures';

/** The bodies of responses that AWS documents for each model. */
describe('the tokens of an output are read', () => {
  test.each([
    ['Claude', { type: 'message', content: [], usage: { input_tokens: 10, output_tokens: 5 } }, 10, 5],
    ['Claude with a cache', { usage: { input_tokens: 3, cache_creation_input_tokens: 2000, cache_read_input_tokens: 100, output_tokens: 5 } }, 2103, 5],
    ['Claude without one', { usage: { input_tokens: 3, cache_creation_input_tokens: null, cache_read_input_tokens: null, output_tokens: 5 } }, 3, 5],
    ['Converse', { output: {}, usage: { inputTokens: 10, outputTokens: 5, totalTokens: 15 } }, 10, 5],
    ['Converse with a cache', { usage: { inputTokens: 10, outputTokens: 5, cacheReadInputTokens: 100, cacheWriteInputTokens: 1000 } }, 1110, 5],
    ['Nova', { usage: { inputTokens: 10, outputTokens: 5, cacheReadInputTokenCount: 100, cacheWriteInputTokenCount: 0 } }, 110, 5],
    ['one that names its cache twice', { usage: { inputTokens: 10, outputTokens: 5, cacheReadInputTokens: 100, cacheReadInputTokenCount: 100 } }, 110, 5],
    ['chat completions', { choices: [], usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15, prompt_tokens_details: { cached_tokens: 4 } } }, 10, 5],
    ['Llama', { generation: 'x', prompt_token_count: 10, generation_token_count: 5, stop_reason: 'stop' }, 10, 5],
    ['Titan Text', { inputTextTokenCount: 8, results: [{ tokenCount: 3, outputText: 'blue\n', completionReason: 'FINISH' }] }, 8, 3],
    ['Titan Text with more results', { inputTextTokenCount: 8, results: [{ tokenCount: 3 }, { tokenCount: 4 }] }, 8, 7],
    ['Titan embeddings', { embedding: [0.1], inputTextTokenCount: 8 }, 8, 0],
    ['Command R', { text: 'x', meta: { billed_units: { input_tokens: 10, output_tokens: 5 } } }, 10, 5],
    ['Cohere embeddings', { embeddings: [[0.1]], meta: { billed_units: { input_tokens: 10 } } }, 10, 0],
    ['one that had nothing to say', { usage: { input_tokens: 0, output_tokens: 0 } }, 0, 0],
  ])('of %s', (_, modelOutput, input, output) => {
    expect(figuresOf(modelOutput)).toEqual({ input, output });
  });
});

describe('fails to read tokens', () => {
  test.each([
    [undefined], [null], ['text'], [[]], [{}], [{ usage: null }], [{ usage: {} }], [{ usage: [] }],
    [{ usage: { input_tokens: 10 } }], [{ usage: { output_tokens: 10 } }],
    [{ usage: { input_tokens: '10', output_tokens: 5 } }], [{ usage: { input_tokens: -1, output_tokens: 5 } }],
    [{ usage: { input_tokens: 10, output_tokens: 5, cache_read_input_tokens: -3 } }],
    [{ usage: { inputTokens: NaN, outputTokens: 5 } }], [{ usage: { prompt_tokens: Infinity, completion_tokens: 5 } }],
    [{ usage: { input_tokens: 10, outputTokens: 5 } }],
    [{ prompt_token_count: 10 }], [{ inputTextTokenCount: 8 }], [{ inputTextTokenCount: 8, results: [{}] }],
    [{ inputTextTokenCount: 8, results: [null] }],
    [{ embedding: [], inputTextTokenCount: 'eight' }], [{ meta: { billed_units: { input_tokens: 10 } } }], [{ meta: {} }],
    [{ outputs: [{ text: 'x', stop_reason: 'stop' }] }],
  ])('of %j', (modelOutput) => {
    expect(figuresOf(modelOutput)).toBeUndefined();
  });
});

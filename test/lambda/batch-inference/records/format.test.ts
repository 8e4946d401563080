import { CONVERSE } from '../../../../src/lambda/batch-inference/records/converse';
import { familyOf } from '../../../../src/lambda/batch-inference/records/families';
import { recordFormat } from '../../../../src/lambda/batch-inference/records/format';

describe('a request of Converse', () => {
  test('is made of a prompt and what goes with it', () => {
    expect(CONVERSE.record('Hi', { maxTokens: 300, system: 'Be brief.', temperature: 0 })).toStrictEqual({
      messages: [{ role: 'user', content: [{ text: 'Hi' }] }],
      system: [{ text: 'Be brief.' }],
      inferenceConfig: { maxTokens: 300, temperature: 0 },
    });
    expect(CONVERSE.record('Hi', { maxTokens: 1 })).toStrictEqual({
      messages: [{ role: 'user', content: [{ text: 'Hi' }] }], inferenceConfig: { maxTokens: 1 },
    });
  });

  test('says how many tokens it may have, or not', () => {
    expect(CONVERSE.maxTokens({ inferenceConfig: { maxTokens: 5 } })).toBe(5);
    expect(CONVERSE.maxTokens({ inferenceConfig: {} })).toBeUndefined();
    expect(CONVERSE.maxTokens({ inferenceConfig: [5] })).toBeUndefined();
  });

  test.each([
    [{ messages: [{ role: 'user', content: [{ text: 'Hi' }] }] }],
    [{ messages: [{ role: 'user', content: [{ image: {} }] }, { role: 'assistant', content: [{ text: 'So' }] }], toolConfig: {} }],
  ])('is good: %j', (input) => {
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
  test('is its own with InvokeModel, and one for all with Converse', () => {
    expect(recordFormat('us.amazon.nova-lite-v1:0', 'InvokeModel')).toBe(familyOf('amazon.nova-lite-v1:0'));
    expect(recordFormat('us.amazon.nova-lite-v1:0', 'Converse')).toBe(CONVERSE);
    expect(recordFormat('minimax.minimax-m2', 'Converse')).toBe(CONVERSE);
  });

  test('is not known with InvokeModel where no family is', () => {
    expect(recordFormat('minimax.minimax-m2', 'InvokeModel')).toBeUndefined();
  });

  test.each(['amazon.titan-embed-text-v2:0', 'cohere.embed-v4:0', 'amazon.nova-2-multimodal-embeddings-v1:0'])('fails for %s, which Converse does not ask', (id) => {
    expect(recordFormat(id, 'Converse')).toBeUndefined();
  });
});

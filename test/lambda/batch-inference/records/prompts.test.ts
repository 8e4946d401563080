import { readPrompt } from '../../../../src/lambda/batch-inference/records/prompts';

const FIELDS = { promptField: 'prompt', idField: 'id' };

describe('a prompt of a JSONL file is read', () => {
  test.each([
    ['"Hello"', { recordId: null, prompt: 'Hello' }],
    ['{"prompt":"Hello"}', { recordId: null, prompt: 'Hello' }],
    ['{"prompt":" Hello\\n","id":"a","topic":"greeting"}', { recordId: 'a', prompt: ' Hello\n' }],
    ['{"prompt":"Hello","id":7}', { recordId: 7, prompt: 'Hello' }],
    ['{"prompt":"Hello","id":null}', { recordId: null, prompt: 'Hello' }],
    ['\ufeff"Hello"\r', { recordId: null, prompt: 'Hello' }],
    ['"\\ud83d"', { recordId: null, prompt: '\ud83d' }],
  ])('%s', (line, expected) => {
    expect(readPrompt(line, FIELDS)).toEqual(expected);
  });

  test('with any field names, but not from inherited properties', () => {
    expect(readPrompt('{"constructor":"Hello","__proto__":"a"}', { promptField: 'constructor', idField: '__proto__' })).toEqual({ recordId: 'a', prompt: 'Hello' });
    expect(readPrompt('{}', { promptField: 'constructor', idField: 'toString' })).toEqual({ problem: expect.stringContaining('constructor is required. Set a text that is not blank.') });
  });
});

describe('fails with a reason', () => {
  test.each([
    ['Hello', /^the line is not JSON \(.+\): Hello$/],
    ['""', /^the prompt must be a text that is not blank, got ""\.$/],
    ['" \\n"', /^the prompt must be a text that is not blank, got " \\n"\./],
    ['7', /^a prompt must be a text, or an object with the field "prompt", got 7\.$/],
    ['["Hello"]', /^a prompt must be a text, or an object with the field "prompt", got \["Hello"\]\./],
    ['null', /^a prompt must be a text, or an object with the field "prompt", got null\./],
    ['{"text":"Hello"}', /^prompt is required\. Set a text that is not blank\.$/],
    ['{"prompt":["Hello"]}', /^prompt must be a text that is not blank, got \["Hello"\]\./],
    ['{"prompt":"Hello","id":{}}', /^id must be a text or a number, got \{\}\.$/],
    ['{"prompt":"Hello","id":-1e999}', /^id must be a text or a number, got -Infinity\./],
  ])('of %s', (line, problem) => {
    expect(readPrompt(line, FIELDS)).toEqual({ problem: expect.stringMatching(problem) });
  });
});

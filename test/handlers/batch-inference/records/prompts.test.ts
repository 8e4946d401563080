import { readPrompt } from '../../../../src/handlers/batch-inference/records/prompts.lambda';

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

  test('by whatever the fields are called, but not by what all objects have', () => {
    expect(readPrompt('{"constructor":"Hello","__proto__":"a"}', { promptField: 'constructor', idField: '__proto__' })).toEqual({ recordId: 'a', prompt: 'Hello' });
    expect(readPrompt('{}', { promptField: 'constructor', idField: 'toString' })).toEqual({ problem: expect.stringContaining('constructor: nothing is not allowed') });
  });
});

describe('fails, and says why', () => {
  test.each([
    ['Hello', /^the line is not JSON \(.+\): Hello$/],
    ['""', /^the prompt: "" is not allowed; expected a text that is not blank$/],
    ['" \\n"', /^the prompt: " \\n" is not allowed/],
    ['7', /^7 is not a prompt; expected a text, or an object with the field "prompt"$/],
    ['["Hello"]', /^\["Hello"\] is not a prompt/],
    ['null', /^null is not a prompt/],
    ['{"text":"Hello"}', /^prompt: nothing is not allowed; expected a text that is not blank$/],
    ['{"prompt":["Hello"]}', /^prompt: \["Hello"\] is not allowed/],
    ['{"prompt":"Hello","id":{}}', /^id: \{\} is not allowed; expected a text or a number, or nothing$/],
    ['{"prompt":"Hello","id":-1e999}', /^id: -Infinity is not allowed/],
  ])('of %s', (line, problem) => {
    expect(readPrompt(line, FIELDS)).toEqual({ problem: expect.stringMatching(problem) });
  });
});

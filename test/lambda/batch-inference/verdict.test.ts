import { readOutput, withoutOutput } from '../../../src/lambda/batch-inference/verdict';

const read = (line: object) => readOutput(JSON.stringify({ recordId: 'A', modelInput: {}, ...line }))?.verdict;

test('a record with an output has succeeded, with the tokens that it says', () => {
  expect(read({ modelOutput: { usage: { inputTokens: 12, outputTokens: 3 } } })).toEqual({ succeeded: true, tokens: { input: 12, output: 3 } });
  expect(read({ modelOutput: { embedding: [1] } })).toEqual({ succeeded: true, tokens: undefined });
});

test.each([
  [400, false], [403, false], [404, false], [422, false],
  [408, true], [424, true], [429, true], [500, true], [503, true], [529, true],
  ['AnswerLost', false], ['nonsense', false], [undefined, false],
])('an error %s is tried again: %s', (errorCode, again) => {
  expect(read({ error: { errorCode, errorMessage: 'so it was' } })).toMatchObject({ succeeded: false, again, letter: { reason: 'so it was' } });
});

test.each([
  ['no JSON', '{"recordId":"A","modelOut'],
  ['no object', 'null'],
  ['no id', '{"modelOutput":{}}'],
  ['neither output nor error', '{"recordId":"A"}'],
])('a line that is %s says nothing', (_, line) => {
  expect(readOutput(line)).toBeUndefined();
});

test.each([
  [{ Status: 'Failed', Message: 'the role may not read' }, true, 'JobFailed', 'the job failed (the role may not read)'],
  [{ Status: 'Expired' }, true, 'JobExpired', 'the job had not begun when its timeout was over, which the time in the queue counts towards'],
  [{ Status: 'PartiallyCompleted' }, true, 'NoOutput', 'the job ended as PartiallyCompleted without a line for the record'],
  // Who stops a job, such as a budget, wants no other one in its place.
  [{ Status: 'Stopped' }, false, 'JobStopped', 'the job was stopped before it came to the record'],
  [{ Error: 'Bedrock.ValidationException', Cause: 'no such model' }, false, 'NotSubmitted', 'there is no job for it, as far as is known (Bedrock.ValidationException: no such model)'],
  [{ Error: 'Bedrock.AccessDeniedException', Cause: 'no' }, false, 'NotSubmitted', 'there is no job for it, as far as is known (Bedrock.AccessDeniedException: no)'],
  [{ Error: 'Bedrock.ThrottlingException', Cause: 'slowly' }, true, 'NotSubmitted', 'there is no job for it, as far as is known (Bedrock.ThrottlingException: slowly)'],
  // There may be one all the same.
  [{ Error: 'Bedrock.SdkClientException', Cause: 'lost' }, false, 'NotSubmitted', 'there is no job for it, as far as is known (Bedrock.SdkClientException: lost)'],
])('a record without a line, of a job that ended as %j, is tried again: %s', (end, again, kind, reason) => {
  expect(withoutOutput(end)).toEqual({ succeeded: false, again, letter: { kind, reason } });
});

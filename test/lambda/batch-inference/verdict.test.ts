import { readOutput, withoutOutput } from '../../../src/lambda/batch-inference/verdict';

const read = (line: object) => readOutput(JSON.stringify({ recordId: 'A', modelInput: {}, ...line }))?.verdict;

test('a record with an output has succeeded, with the token counts of the output', () => {
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
])('a line with %s has no verdict', (_, line) => {
  expect(readOutput(line)).toBeUndefined();
});

test.each([
  [{ Status: 'Failed', Message: 'the role may not read' }, true, 'JobFailed', 'the job failed (the role may not read)'],
  [{ Status: 'Expired' }, true, 'JobExpired', 'the job had not started before its timeout, which includes the time in the queue'],
  [{ Status: 'PartiallyCompleted' }, true, 'NoOutput', 'the job ended as PartiallyCompleted without a line for the record'],
  // A job that was stopped, such as by a budget, is not replaced.
  [{ Status: 'Stopped' }, false, 'JobStopped', 'the job was stopped before it processed the record'],
  [{ Error: 'Bedrock.ValidationException', Cause: 'no such model' }, false, 'NotSubmitted', 'no job is known to exist for the record (Bedrock.ValidationException: no such model)'],
  [{ Error: 'Bedrock.AccessDeniedException', Cause: 'no' }, false, 'NotSubmitted', 'no job is known to exist for the record (Bedrock.AccessDeniedException: no)'],
  [{ Error: 'Bedrock.ThrottlingException', Cause: 'slowly' }, true, 'NotSubmitted', 'no job is known to exist for the record (Bedrock.ThrottlingException: slowly)'],
  // A job may still exist.
  [{ Error: 'Bedrock.SdkClientException', Cause: 'lost' }, false, 'NotSubmitted', 'no job is known to exist for the record (Bedrock.SdkClientException: lost)'],
])('a record without a line, of a job that ended as %j, is tried again: %s', (end, again, kind, reason) => {
  expect(withoutOutput(end)).toEqual({ succeeded: false, again, letter: { kind, reason } });
});

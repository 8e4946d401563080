import { readRecord } from '../../../../src/lambda/batch-inference/records/check-record';
import { recordFormat } from '../../../../src/lambda/batch-inference/records/format';

const NOVA = recordFormat('amazon.nova-lite-v1:0', 'InvokeModel');
const INPUT = { messages: [{ role: 'user', content: [{ text: 'Hi' }] }] };

describe('a record is read', () => {
  test.each([
    [{ recordId: 'CALL0000001', modelInput: INPUT }, 'CALL0000001'],
    [{ modelInput: INPUT, recordId: 7 }, 7],
    [{ recordId: '', modelInput: INPUT }, ''],
    [{ recordId: null, modelInput: INPUT }, null],
    [{ modelInput: INPUT }, null],
  ])('with its id: %j', (record, recordId) => {
    expect(readRecord(JSON.stringify(record), NOVA)).toEqual({ recordId, modelInput: INPUT });
  });

  test('after a byte order mark, and with a line break of Windows', () => {
    expect(readRecord(`\ufeff${JSON.stringify({ recordId: 'a', modelInput: INPUT })}\r`, NOVA)).toEqual({ recordId: 'a', modelInput: INPUT });
  });

  test('with any object as its body, if the model\'s format is not known', () => {
    expect(readRecord('{"modelInput":{"anything":1}}', undefined)).toEqual({ recordId: null, modelInput: { anything: 1 } });
  });
});

describe('media in S3, which are not copied to the input of the job', () => {
  const record = (content: object) => JSON.stringify({ modelInput: { messages: [{ role: 'user', content: [content, { text: 'Hi' }] }] } });
  const uri = 's3://media/videos/a.mp4';
  // AWS's own example of a record with a video.
  const video = record({ video: { format: 'mp4', source: { s3Location: { uri, bucketOwner: '111122223333' } } } });
  const refusal = (path: string) => `${path}.s3Location must be the media in base64: media in S3 are not copied to the input of the job, got "${uri}".`;

  test.each([
    ['Nova', video, 'modelInput.messages[0].content[0].video.source'],
    ['Converse', record({ document: { name: 'a', format: 'pdf', source: { s3Location: { uri } } } }), 'modelInput.messages[0].content[0].document.source'],
  ])('are refused in the format of %s', (_, line, path) => {
    expect(readRecord(line, NOVA)).toEqual({ problem: refusal(path) });
  });

  test('are refused if the format of the model is not known', () => {
    expect(readRecord(JSON.stringify({ modelInput: { inputType: 'video', mediaSource: { s3Location: { uri } } } }), undefined)).toEqual({ problem: refusal('modelInput.mediaSource') });
  });

  test.each([
    ['in base64', { video: { format: 'mp4', source: { bytes: 'AAAA' } } }],
    ['named by a text', { text: '{"s3Location":{"uri":"s3://a/b"}}' }],
    ['named by what a tool was asked for', { toolUse: { toolUseId: 'a', name: 'find', input: { source: { s3Location: { uri } } } } }],
  ])('%s are not refused', (_, content) => {
    expect(readRecord(record(content), NOVA)).toEqual({ recordId: null, modelInput: JSON.parse(record(content)).modelInput });
  });
});

describe('fails with a reason', () => {
  test.each([
    ['{"modelInput":', /^the line is not JSON \(.+\): \{"modelInput":$/],
    ['', /^the line is not JSON/],
    ['[1]', /^a record must be an object with recordId and modelInput, got \[1\]\.$/],
    ['null', /^a record must be an object with recordId and modelInput, got null\./],
    ['"text"', /^a record must be an object with recordId and modelInput, got "text"\./],
    ['{}', /^modelInput is required\. Set an object, the body of a request\.$/],
    ['{"modelInput":[]}', /^modelInput must be an object, the body of a request, got \[\]\./],
    ['{"modelInput":"{}"}', /^modelInput must be an object, the body of a request, got "\{\}"\./],
    ['{"recordId":true,"modelInput":{}}', /^recordId must be a text, or a number that JavaScript does not round, got true\.$/],
    ['{"recordId":1e999,"modelInput":{}}', /^recordId must be a text, or a number that JavaScript does not round, got Infinity\./],
    ['{"recordID":"a","modelInput":{}}', /^a record must have the fields recordId and modelInput only, got \["recordID"\]\.$/],
    ['{"recordId":"a","modelInput":{}}', /^modelInput\.messages is required\. Set a list of one message or more\./],
  ])('of %j', (line, problem) => {
    expect(readRecord(line, NOVA)).toEqual({ problem: expect.stringMatching(problem) });
  });

  test('with a short text for a line of any length', () => {
    const { problem } = readRecord(JSON.stringify({ modelInput: 'x'.repeat(100_000) }), NOVA) as { problem: string };
    expect(problem).toBe(`modelInput must be an object, the body of a request, got "${'x'.repeat(79)}....`);
  });

  test('without cutting a surrogate pair', () => {
    const { problem } = readRecord(JSON.stringify({ modelInput: '😀'.repeat(1000) }), NOVA) as { problem: string };
    expect(Buffer.from(problem).toString()).toBe(problem);
  });

  test('of a value that is nested too deep for JSON.stringify', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(readRecord(`{"modelInput":${deep}}`, NOVA)).toEqual({ problem: expect.stringContaining('nested too deep') });
  });
});

import { recordFormat } from '../../../../src/lambda/batch-inference/records/format';
import { estimateTokens, textBytes } from '../../../../src/lambda/batch-inference/records/token-estimate';
import { fc } from '../../../fast-check';

const PNG = `${'iVBORw0KGgoA'.repeat(1000)}iVBORw0KGgo=`;

describe('the texts of a request are measured', () => {
  test.each([
    [{}, 0, 0],
    [{ prompt: 'Hello' }, 5, 0],
    // 3 bytes for the euro sign, 4 for the emoji.
    [{ a: ['€', { b: '😀' }], c: 12, d: null, e: true }, 7, 0],
    // user, text, Hi
    [{ messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }] }, 10, 0],
  ])('in UTF-8: %j', (input, bytes, media) => {
    expect(textBytes(input)).toEqual({ bytes, media });
  });

  test.each<[string, { [field: string]: unknown }, number]>([
    ['Claude', { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } }, 'image'.length],
    ['Claude, a document', { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: PNG } }, 'document'.length],
    ['Claude, by URL', { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } }, 'image'.length],
    ['Nova', { image: { format: 'png', source: { bytes: PNG } } }, 'png'.length],
    ['Nova, from S3', { video: { format: 'mp4', source: { s3Location: { uri: 's3://bucket/a.mp4' } } } }, 'mp4'.length],
    ['chat completions', { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } }, 'image_url'.length],
    ['chat completions, by URL', { type: 'image_url', image_url: { url: 'https://example.com/a.png' } }, 'image_url'.length],
    ['chat completions, sound', { type: 'input_audio', input_audio: { data: PNG, format: 'wav' } }, 'input_audio'.length],
    ['Titan', { inputText: 'ab', inputImage: PNG }, 2],
    ['Cohere', { images: [`data:image/png;base64,${PNG}`] }, 0],
    ['Cohere v4', { type: 'image_url', image_url: `data:image/png;base64,${PNG}` }, 'image_url'.length],
    ['any with base64', { images: [PNG] }, 0],
  ])('without a medium, which is counted separately: %s', (_, block, bytes) => {
    expect(textBytes(block)).toEqual({ bytes, media: 1 });
    expect(textBytes({ content: [block, block] })).toEqual({ bytes: 2 * bytes, media: 2 });
  });

  test.each<[string, { [field: string]: unknown }, number]>([
    ['a document that is text', { source: { type: 'text', media_type: 'text/plain', data: 'abc' } }, 'texttext/plainabc'.length],
    ['a document of Converse that is text', { document: { source: { text: 'abc' } } }, 3],
    ['where a search result is from', { source: 'https://a.b' }, 11],
    ['words in a field called image', { image: 'a cat, asleep' }, 13],
    ['data that is no medium', { data: 'abc' }, 3],
    ['a format that is no medium\'s', { format: 'markdown' }, 8],
  ])('with text that only looks like a medium: %s', (_, input, bytes) => {
    expect(textBytes(input)).toEqual({ bytes, media: 0 });
  });

  test('at any depth', () => {
    let input: { [field: string]: unknown } = { text: 'abc' };
    for (let depth = 0; depth < 100_000; depth++) input = { input };
    expect(textBytes(input)).toEqual({ bytes: 3, media: 0 });
  });

  test('completely, for any request', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(fc.property(fc.array(text), (texts) => {
      const bytes = texts.reduce((sum, one) => sum + new TextEncoder().encode(one).length, 0);
      expect(textBytes({ messages: texts.map((one) => ({ content: [{ text: one }] })) })).toEqual({ bytes, media: 0 });
    }));
  });
});

describe('the tokens of a record are estimated', () => {
  const settings = { bytesPerToken: 4, outputTokensPerRecord: 200 };
  const titan = recordFormat('amazon.titan-text-lite-v1', 'InvokeModel');
  const stating = (maxTokenCount: number) => ({ inputText: 'x', textGenerationConfig: { maxTokenCount } });

  test.each([['', 0], ['x', 1], ['xxxx', 1], ['xxxxx', 2]])('by the bytes of its text, rounded up: %j', (inputText, input) => {
    expect(estimateTokens({ inputText }, titan, settings).input).toBe(input);
  });

  test('with 1,600 more for each medium', () => {
    expect(estimateTokens({ inputText: 'xxxxx', images: [PNG, PNG] }, undefined, settings).input).toBe(2 + 3200);
  });

  test.each([
    ['states more than is declared', stating(1000), 200, 1000],
    ['states as much', stating(200), 200, 200],
    ['states less', stating(50), 50, 50],
    ['states none', stating(0), 0, 0],
    ['states nothing', { inputText: 'x' }, 200, 200],
  ])('with the declared and the maximum output, if a record %s', (_, input, output, outputAtMost) => {
    expect(estimateTokens(input, titan, settings)).toEqual({ input: 1, output, outputAtMost, media: 0 });
  });

  test('as declared, if the format is not known', () => {
    expect(estimateTokens({ max_tokens: 5 }, undefined, settings)).toEqual({ input: 0, output: 200, outputAtMost: 200, media: 0 });
  });

  test('without output for an embedding', () => {
    expect(estimateTokens({ inputText: 'x' }, recordFormat('amazon.titan-embed-text-v2:0', 'InvokeModel'), settings)).toEqual({ input: 1, output: 0, outputAtMost: 0, media: 0 });
  });
});

import { readRecord } from '../../../../src/lambda/batch-inference/records/check-record';
import { recordFormat } from '../../../../src/lambda/batch-inference/records/format';
import { CsvPrompt, csvPrompts, readPrompt } from '../../../../src/lambda/batch-inference/records/prompts';
import { textBytes } from '../../../../src/lambda/batch-inference/records/token-estimate';
import { fc } from '../../../fast-check';

const FIELDS = { promptField: 'prompt', idField: 'id' };

/** The characters with a meaning in CSV, and strings of JavaScript that are not valid UTF-8. */
const character = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('"', ',', '\n', '\r', '\r\n', ' ', 'a', '😀', '\ufeff', '\u2028', '\ud83d', '\0') },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }) },
);
const text = fc.array(character, { maxLength: 12 }).map((characters) => characters.join(''));

async function* piecesOf(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

async function read(file: string, size: number, maxRowBytes?: number): Promise<CsvPrompt[]> {
  const rows: CsvPrompt[] = [];
  for await (const row of csvPrompts(piecesOf(Buffer.from(file), size), FIELDS, maxRowBytes)) rows.push(row);
  return rows;
}

function quoted(field: string): string {
  return `"${field.replace(/"/g, '""')}"`;
}

test('property: rows of any CSV file are read one by one, as prompts or set aside as blank', async () => {
  const row = fc.record({ prompt: text, id: text });
  await fc.assert(fc.asyncProperty(fc.array(row, { maxLength: 8 }), fc.constantFrom('\n', '\r\n'), fc.integer({ min: 1, max: 40 }), async (rows, end, size) => {
    const file = ['prompt,id', ...rows.map(({ prompt, id }) => `${quoted(prompt)},${quoted(id)}`), ''].join(end);
    const back = await read(file, size);
    // UTF-8 has no surrogates.
    const written = (value: string) => Buffer.from(value).toString();
    expect(back.map((one) => ('problem' in one ? 'blank' : [one.prompt, one.recordId]))).toEqual(
      rows.map(({ prompt, id }) => (prompt.trim() === '' ? 'blank' : [written(prompt), written(id) || null])));
  }), { numRuns: 500 });
});

test('property: each line of any CSV file is in one row, in order, independent of the pieces of the stream', async () => {
  const file = fc.array(fc.oneof(character, fc.constantFrom('\n', '\n', '",1\n', ',1\n', '\n"')), { maxLength: 60 }).map((parts) => parts.join(''));
  await fc.assert(fc.asyncProperty(file, fc.integer({ min: 1, max: 40 }), fc.constantFrom(undefined, 30), async (body, size, maxRowBytes) => {
    const whole = `prompt,id\n${body}`;
    const rows = await read(whole, size, maxRowBytes);
    expect(await read(whole, 10_000, maxRowBytes)).toEqual(rows);
    const numbers = rows.map(({ line }) => line);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    // A row ends at the beginning of the next one: only empty lines belong to no row.
    const lines = Buffer.from(whole).toString().split('\n');
    const isEmpty = (line: string) => line === '' || line === '\r';
    const starts = new Set(numbers);
    for (let number = 2, within = false; number <= lines.length; number++) {
      within ||= starts.has(number);
      if (!within) expect(isEmpty(lines[number - 1])).toBe(true);
    }
  }), { numRuns: 1000 });
});

test('property: rows without quotes are all read, with a stray quote at any position between them', async () => {
  const words = fc.array(fc.constantFrom('a', 'bc', 'd e'), { minLength: 1, maxLength: 12 });
  await fc.assert(fc.asyncProperty(words, fc.nat(), fc.constantFrom('"x,1', 'x",1', 'x"y,1', '"x"y,1', '"x"y"z,1'), async (rows, at, stray) => {
    const lines = rows.map((word) => `${word},1`);
    lines.splice(at % (lines.length + 1), 0, stray);
    const back = await read(['prompt,id', ...lines].join('\n'), 9);
    expect(back.map((row) => ('problem' in row ? row.content : `${row.prompt},${row.recordId}`))).toEqual(lines);
    expect(back.filter((row) => 'problem' in row)).toHaveLength(1);
  }));
});

const modelId = fc.constantFrom(
  'anthropic.claude-sonnet-4-6', 'amazon.nova-lite-v1:0', 'amazon.titan-text-lite-v1', 'amazon.titan-embed-text-v2:0', 'amazon.titan-embed-image-v1',
  'amazon.nova-2-multimodal-embeddings-v1:0', 'cohere.command-r-v1:0', 'cohere.embed-v4:0', 'meta.llama3-8b-instruct-v1:0',
  'meta.llama4-scout-17b-instruct-v1:0', 'mistral.mistral-7b-instruct-v0:2', 'mistral.pixtral-large-2502-v1:0', 'deepseek.r1-v1:0', 'deepseek.v3-v1:0',
  'ai21.jamba-1-5-mini-v1:0', 'openai.gpt-oss-20b-1:0', 'qwen.qwen3-32b-v1:0',
);
const format = fc.tuple(modelId, fc.constantFrom('InvokeModel', 'Converse'))
  .map(([id, type]) => recordFormat(id, type as 'InvokeModel' | 'Converse')!).filter((found) => found !== undefined);
const settings = fc.record({
  maxTokens: fc.integer({ min: 1, max: 100_000 }), system: fc.option(text.filter((one) => one.trim() !== ''), { nil: undefined }), temperature: fc.option(fc.constantFrom(0, 0.5, 1), { nil: undefined }),
}, { requiredKeys: ['maxTokens'] });

test('property: any created record passes its own check, and is read from its line', () => {
  const prompt = text.filter((one) => one.trim() !== '');
  const id = fc.oneof(text, fc.integer(), fc.constant(null));
  fc.assert(fc.property(format, settings, prompt, id, (made, given, asked, recordId) => {
    const modelInput = made.record(asked, given);
    expect(made.check(modelInput)).toBeUndefined();
    expect(readRecord(JSON.stringify({ recordId, modelInput }), made)).toEqual({ recordId, modelInput });
    expect(made.maxTokens(modelInput)).toBe(made.output === 'text' ? given.maxTokens : undefined);
    expect(textBytes(modelInput).bytes).toBeGreaterThanOrEqual(Buffer.byteLength(asked));
    expect(JSON.stringify(modelInput)).toContain(JSON.stringify(asked).slice(1, -1));
  }), { numRuns: 500 });
});

test('property: any prompt in a JSONL file is read', () => {
  fc.assert(fc.property(text.filter((one) => one.trim() !== ''), fc.oneof(text, fc.integer()), (prompt, id) => {
    expect(readPrompt(JSON.stringify(prompt), FIELDS)).toEqual({ recordId: null, prompt });
    expect(readPrompt(JSON.stringify({ id, prompt }), FIELDS)).toEqual({ recordId: id, prompt });
  }));
});

test('property: any line of JSON is read as a record, a prompt or a problem, without an error', () => {
  fc.assert(fc.property(fc.oneof(fc.json(), text), format, (line, wanted) => {
    const record = readRecord(line, wanted);
    expect('problem' in record ? typeof record.problem : typeof record.modelInput).toMatch(/string|object/);
    const prompt = readPrompt(line, FIELDS);
    expect('problem' in prompt ? typeof prompt.problem : typeof prompt.prompt).toBe('string');
  }), { numRuns: 500 });
});

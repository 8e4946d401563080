import { INVALID_INPUT } from '../../../../src/lambda/batch-inference/contract';
import { CsvPrompt, csvPrompts } from '../../../../src/lambda/batch-inference/records/prompts';

const FIELDS = { promptField: 'prompt', idField: 'id' };

/** A stream of pieces of `size` bytes. */
async function* streamOf(file: string | Buffer, size = 7): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(file);
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

async function read(file: string | Buffer, maxRowBytes?: number): Promise<CsvPrompt[]> {
  const rows: CsvPrompt[] = [];
  for await (const row of csvPrompts(streamOf(file), FIELDS, maxRowBytes)) rows.push(row);
  return rows;
}

/** Each row in short: its line, and its prompt or the fact that it was set aside. */
async function brief(file: string, maxRowBytes?: number): Promise<unknown[]> {
  return (await read(file, maxRowBytes)).map((row) => ('problem' in row ? [row.line, '!', row.content] : [row.line, row.prompt]));
}

describe('prompts of a CSV file are read', () => {
  test('by the columns of the header, with any other columns', async () => {
    expect(await read('id,topic,prompt\na,x,Hello\nb,y,Bye\n')).toEqual([
      { line: 2, recordId: 'a', prompt: 'Hello' }, { line: 3, recordId: 'b', prompt: 'Bye' },
    ]);
  });

  test('without a column of ids, or with an empty id', async () => {
    expect(await read('prompt\nHello')).toEqual([{ line: 2, recordId: null, prompt: 'Hello' }]);
    expect(await read('prompt,id\nHello,')).toEqual([{ line: 2, recordId: null, prompt: 'Hello' }]);
  });

  test.each([
    ['quotes', '"say ""hi"", please",1', 'say "hi", please'],
    ['line breaks', '"one\ntwo\r\n\r\nthree",1', 'one\ntwo\r\n\r\nthree'],
    ['white space around', ' Hello ,1', ' Hello '],
    ['a comma alone', '",",1', ','],
    ['emoji', 'Hello 😀,1', 'Hello 😀'],
    ['a byte order mark', '\ufeffHello,1', '\ufeffHello'],
    ['nothing around it', 'Hello,1', 'Hello'],
    ['a carriage return', 'one\rtwo,1', 'one\rtwo'],
  ])('with %s', async (_, row, prompt) => {
    expect(await read(`prompt,id\n${row}\n`)).toEqual([{ line: 2, recordId: '1', prompt }]);
    expect(await read(`prompt,id\r\n${row}\r\n`)).toEqual([{ line: 2, recordId: '1', prompt }]);
  });

  test('after a byte order mark', async () => {
    expect(await read('\ufeff"prompt","id"\nHello,1')).toEqual([{ line: 2, recordId: '1', prompt: 'Hello' }]);
  });

  test('with the lines they begin in, also after rows of several lines and empty lines', async () => {
    expect(await brief('prompt,id\r\n"a\r\nb\nc",1\r\n\r\nd,2\r\n\r\n')).toEqual([[2, 'a\r\nb\nc'], [6, 'd']]);
  });

  test('with a header of several lines', async () => {
    expect(await brief('"what\nit is",prompt\nx,Hello\n')).toEqual([[3, 'Hello']]);
  });

  test('of a file with only a header', async () => {
    expect(await read('prompt,id\n')).toEqual([]);
  });
});

describe('a row that is not a prompt is set aside', () => {
  test.each([
    ['Hello', 'the header has 2 columns, but the row has 1 column: "Hello"'],
    ['a,b,c', 'the header has 2 columns, but the row has 3 columns: "a,b,c"'],
    [',1', 'prompt must be a text that is not blank, got "".; the row is ",1"'],
    ['"  ",1', 'prompt must be a text that is not blank, got "  ".; the row is "\\"  \\",1"'],
    ['5" pipe,1', 'a quote is broken (a field that contains a quote must be in quotes, with the inner quote doubled): "5\\" pipe,1"'],
    ['"Hi" he said,1', 'a quote is broken'],
    ['"Hi he said,1', 'a quote opens that is not closed before the end of the file, so only this line is set aside'],
  ])('fails alone: %s', async (row, problem) => {
    expect(await read(`prompt,id\nbefore,0\n${row}\nafter,2\n`)).toEqual([
      { line: 2, recordId: '0', prompt: 'before' },
      { line: 3, problem: expect.stringContaining(problem), content: row },
      { line: 4, recordId: '2', prompt: 'after' },
    ]);
  });

  test('fails if it is not UTF-8, and the others are read', async () => {
    const file = Buffer.concat([Buffer.from('prompt,id\nfür,1\n'), Buffer.from('für,2\n', 'latin1'), Buffer.from('für,3\n')]);
    expect(await read(file)).toEqual([
      { line: 2, recordId: '1', prompt: 'für' },
      { line: 3, problem: 'the text is not UTF-8: "f\ufffdr,2"', content: 'f\ufffdr,2' },
      { line: 4, recordId: '3', prompt: 'für' },
    ]);
  });
});

describe('a stray quote affects no other row', () => {
  const good = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => `row ${from + i},1`);
  const goodRows = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => [from + i, `row ${from + i}`]);

  test.each([
    ['opens a field', '"a,1'],
    ['opens a field that goes on', '"a" b "c,1'],
    ['stands in a field', '5" pipe,1'],
    ['closes a field', 'a",1'],
  ])('fails its own row: it %s, and no other quote follows', async (_, row) => {
    expect(await brief(['prompt,id', ...good(2, 4), row, ...good(6, 9)].join('\n'))).toEqual([...goodRows(2, 4), [5, '!', row], ...goodRows(6, 9)]);
  });

  test.each([
    ['opens a field', '"a,1'],
    ['stands in a field', '5" pipe,1'],
    ['closes a field', 'a",1'],
  ])('fails its own row: it %s, and quoted rows of one and of several lines follow', async (_, row) => {
    const file = ['prompt,id', 'b,1', row, '"c, d",1', 'e,1', '"f', 'g",1', '"h', 'i",1', 'j,1'].join('\n');
    expect(await brief(file)).toEqual([[2, 'b'], [3, '!', row], [4, 'c, d'], [5, 'e'], [6, 'f\ng'], [8, 'h\ni'], [10, 'j']]);
  });

  test('fails only the rows with quotes for inches, not those between them', async () => {
    expect(await brief(['prompt,id', '5" pipe,1', 'b,1', 'c,1', '6" pipe,1', 'd,1'].join('\n'))).toEqual([
      [2, '!', '5" pipe,1'], [3, 'b'], [4, 'c'], [5, '!', '6" pipe,1'], [6, 'd'],
    ]);
  });

  test('fails a row of several lines with undoubled quotes as one row, not its lines', async () => {
    const row = '"First line\nsays "hi", to all\nand ends",1';
    const [, broken, after] = await read(`prompt,id\nbefore,0\n${row}\nafter,2\n`);
    expect(broken).toEqual({ line: 3, problem: expect.stringMatching(/^lines 3 to 5: a quote is broken/), content: row });
    expect(after).toMatchObject({ line: 6, prompt: 'after' });
    expect(await brief('prompt\n"The "one"\nsecond line\nend"\nafter')).toEqual([[2, '!', '"The "one"\nsecond line\nend"'], [5, 'after']]);
    expect(await brief('prompt\n"A "b"\nc\n"\nafter')).toEqual([[2, '!', '"A "b"\nc\n"'], [5, 'after']]);
  });

  test('fails its own row if the next quote is further away than the maximum length of a row', async () => {
    const rows = good(3, 40);
    const file = ['prompt,id', '"a,1', ...rows, '"b', 'c",1'].join('\n');
    const [first, ...others] = await read(file, 100);
    expect(first).toEqual({ line: 2, problem: expect.stringContaining('a quote opens that is not closed within 100 bytes'), content: '"a,1' });
    expect(others).toHaveLength(39);
    expect(others.every((row) => 'prompt' in row)).toBe(true);
  });
});

describe('a row has a maximum length', () => {
  test('up to which it is read', async () => {
    // 20 bytes with its line break.
    const longest = `${'x'.repeat(17)},1`;
    expect(await brief(`prompt,id\n${longest}\nb,1`, 20)).toEqual([[2, 'x'.repeat(17)], [3, 'b']]);
    const [long, after] = await read(`prompt,id\nx${longest}\nb,1`, 20);
    expect(long).toEqual({ line: 2, problem: expect.stringContaining('the line is longer than 20 bytes'), content: `x${longest}` });
    expect(after).toMatchObject({ line: 3, prompt: 'b' });
  });

  test('above which a line is not kept in memory', async () => {
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('prompt,id\n');
      for (let i = 0; i < 1000; i++) yield Buffer.alloc(1000, 'x');
      yield Buffer.from('\nb,1\n');
    }
    const rows: CsvPrompt[] = [];
    for await (const row of csvPrompts(endless(), FIELDS, 5000)) rows.push(row);
    expect(rows).toEqual([
      { line: 2, problem: expect.stringContaining('longer than 5000 bytes'), content: 'x'.repeat(5000) }, { line: 3, recordId: '1', prompt: 'b' },
    ]);
  });
});

describe('a file without a column of prompts', () => {
  test.each([
    ['text,id\nHello,1\n', 'The CSV file has no column "prompt" in its header (line 1). Its columns are "text", "id".'],
    ['id, prompt\n', 'Its columns are "id", " prompt".'],
    ['prompt,prompt\n', 'The CSV file has 2 columns "prompt" in its header'],
    ['', 'The file is empty'],
    ['\n\n', 'The file is empty'],
    ['"prompt,id\nHello,1', 'The header of the CSV file cannot be read: a quote opens that is not closed'],
    [Buffer.from('\ufeffprompt\n', 'utf16le'), 'The header of the CSV file cannot be read: the text is not UTF-8'],
  ])('fails as a whole: %j', async (file, message) => {
    await expect(read(file)).rejects.toMatchObject({ name: INVALID_INPUT, message: expect.stringContaining(message) });
  });
});

describe('the stream', () => {
  test('fails the reading with its own error', async () => {
    async function* torn(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('prompt\nHello\n');
      throw new Error('torn');
    }
    const rows: CsvPrompt[] = [];
    await expect((async () => { for await (const row of csvPrompts(torn(), FIELDS)) rows.push(row); })()).rejects.toThrow('torn');
    expect(rows).toHaveLength(1);
  });

  test('is closed when the reader stops', async () => {
    let closed = false;
    async function* watched(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield Buffer.from('prompt\n');
      } finally {
        closed = true;
      }
    }
    for await (const { line } of csvPrompts(watched(), FIELDS)) if (line > 5) break;
    expect(closed).toBe(true);
  });
});

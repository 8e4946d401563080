import { CsvCells, CsvProblem, csvRows } from './csv-rows';
import { isFilledText, isId, notAllowed, parseJsonLine, shortened, shown } from './shape';
import { isObject } from '../../../input/argument';
import { INVALID_INPUT, PromptSettings } from '../contract';

export interface Prompt {
  /** null if the prompt has no id. */
  readonly recordId: string | number | null;
  readonly prompt: string;
}

type Fields = Pick<PromptSettings, 'promptField' | 'idField'>;

/** Reads a prompt of a JSONL file: a text, or an object with the prompt in one of its fields. Other fields are ignored. */
export function readPrompt(line: string, { promptField, idField }: Fields): Prompt | { readonly problem: string } {
  const parsed = parseJsonLine(line);
  if ('problem' in parsed) return parsed;
  const { value } = parsed;
  if (typeof value === 'string') return promptOf(null, value, 'the prompt');
  if (!isObject(value)) return { problem: `a prompt must be a text, or an object with the field ${shown(promptField)}, got ${shown(value)}.` };
  const id = ownField(value, idField) ?? null;
  if (id !== null && !isId(id)) return { problem: notAllowed(idField, id, 'a text or a number') };
  return promptOf(id, ownField(value, promptField), promptField);
}

export type CsvPrompt = { readonly line: number } & (Prompt | Pick<CsvProblem, 'problem' | 'content'>);

/**
 * The prompts of a CSV file with a header, and the invalid rows, in the order of the file.
 *
 * @throws an error named INVALID_INPUT if the file has no column of prompts
 */
export async function* csvPrompts(
  stream: AsyncIterable<Uint8Array>, settings: Fields, maxRowBytes?: number,
): AsyncGenerator<CsvPrompt> {
  let header: Header | undefined;
  for await (const row of csvRows(stream, maxRowBytes)) {
    if (!header) header = headerOf(row, settings);
    else yield 'problem' in row ? row : csvPrompt(row, header, settings);
  }
  if (!header) throw invalidInput(`The file is empty. A CSV file of prompts begins with a header that has the column "${settings.promptField}".`);
}

interface Header {
  readonly prompt: number;
  readonly id: number;
}

function headerOf(row: CsvCells | CsvProblem, { promptField, idField }: Fields): Header {
  if ('problem' in row) throw invalidInput(`The header of the CSV file cannot be read: ${row.problem}`);
  const named = row.cells.filter((name) => name === promptField).length;
  if (named !== 1) {
    throw invalidInput(`The CSV file has ${named === 0 ? 'no column' : `${named} columns`} "${promptField}" in its header (line ${row.line}). `
      + `Its columns are ${row.cells.map(shown).join(', ').slice(0, 1000)}.`);
  }
  return { prompt: row.cells.indexOf(promptField), id: row.cells.indexOf(idField) };
}

function csvPrompt({ line, cells, content }: CsvCells, header: Header, { promptField }: Fields): CsvPrompt {
  // An empty id equals a missing one.
  const read = promptOf(cells[header.id] || null, cells[header.prompt], promptField);
  return 'problem' in read ? { line, problem: `${read.problem}; the row is ${shown(content)}`, content } : { line, ...read };
}

function promptOf(recordId: Prompt['recordId'], prompt: unknown, field: string): Prompt | { readonly problem: string } {
  return isFilledText(prompt) ? { recordId, prompt } : { problem: notAllowed(shortened(field), prompt, 'a text that is not blank') };
}

function ownField(value: { readonly [field: string]: unknown }, field: string): unknown {
  return Object.hasOwn(value, field) ? value[field] : undefined;
}

function invalidInput(message: string): Error {
  return Object.assign(new Error(message), { name: INVALID_INPUT });
}

import { isId, parseJsonLine } from './json-line';
import { ModelInput, RecordFormat } from './record-format';
import { isObject, notAllowed, shown } from './shape';

export interface InputRecord {
  /** null where the record has none. */
  readonly recordId: string | number | null;
  readonly modelInput: ModelInput;
}

/** Reads a record that the user wrote. Where the format is not known, that `modelInput` is an object is all that is asked. */
export function readRecord(line: string, format: RecordFormat | undefined): InputRecord | { readonly problem: string } {
  const parsed = parseJsonLine(line);
  if ('problem' in parsed) return parsed;
  const { value } = parsed;
  if (!isObject(value)) return { problem: `${shown(value)} is not a record; expected an object with recordId and modelInput` };
  const { recordId = null, modelInput, ...more } = value;
  const unknown = Object.keys(more);
  if (unknown.length > 0) return { problem: `the record has fields that no record has: ${shown(unknown)}; expected recordId and modelInput` };
  if (recordId !== null && !isId(recordId)) return { problem: notAllowed('recordId', recordId, 'a text, a number that JavaScript does not round, or nothing') };
  if (!isObject(modelInput)) return { problem: notAllowed('modelInput', modelInput, 'an object, the body of a request') };
  const problem = format?.check(modelInput);
  return problem === undefined ? { recordId, modelInput } : { problem };
}

import { ModelInput, RecordFormat } from './record-format';
import { isId, notAllowed, parseJsonLine, shown } from './shape';
import { isObject } from '../../../input/argument';

export interface InputRecord {
  /** null if the record has no id. */
  readonly recordId: string | number | null;
  readonly modelInput: ModelInput;
}

/** Reads a record from the user. Without a known format, only `modelInput` is checked to be an object. */
export function readRecord(line: string, format: RecordFormat | undefined): InputRecord | { readonly problem: string } {
  const parsed = parseJsonLine(line);
  if ('problem' in parsed) return parsed;
  const { value } = parsed;
  if (!isObject(value)) return { problem: `a record must be an object with recordId and modelInput, got ${shown(value)}.` };
  const { recordId = null, modelInput, ...more } = value;
  const unknown = Object.keys(more);
  if (unknown.length > 0) return { problem: `a record must have the fields recordId and modelInput only, got ${shown(unknown)}.` };
  if (recordId !== null && !isId(recordId)) return { problem: notAllowed('recordId', recordId, 'a text, or a number that JavaScript does not round') };
  if (!isObject(modelInput)) return { problem: notAllowed('modelInput', modelInput, 'an object, the body of a request') };
  const problem = format?.check(modelInput) ?? mediaInS3Problem(modelInput);
  return problem === undefined ? { recordId, modelInput } : { problem };
}

const MEDIA_IN_BASE64 = 'the media in base64: media in S3 are not copied to the input of the job';

/** Fields of free JSON, whose content is not a source of media. */
const FREE_JSON = new Set(['input', 'inputSchema', 'input_schema', 'json', 'parameters', 'toolConfig', 'tools']);

/**
 * The problem of media in S3, which must be in the folder of the job's input. Records are copied into that folder but media are not,
 * so the job would fail on them.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-data.html
 */
function mediaInS3Problem(modelInput: ModelInput): string | undefined {
  // Without recursion, since JSON can be nested deeper than the call stack.
  const open: [string, unknown][] = [['modelInput', modelInput]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [path, value] = next;
    if (Array.isArray(value)) value.forEach((one, i) => open.push([`${path}[${i}]`, one]));
    if (!isObject(value)) continue;
    for (const [field, inner] of Object.entries(value)) {
      if (field === 's3Location' && isObject(inner)) return notAllowed(`${path}.s3Location`, inner.uri, MEDIA_IN_BASE64);
      if (!FREE_JSON.has(field)) open.push([`${path}.${field}`, inner]);
    }
  }
  return undefined;
}

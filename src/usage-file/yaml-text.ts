import { UsageFileError } from './usage-file-error';
import { yamlValue } from '../input/yaml-value';

/** Maximum length of a usage file, which has room for ten thousand workloads. */
const MAX_CHARACTERS = 2_000_000;

const EMPTY = 'is empty. Write version: 1 and workloads.';

/**
 * Parses a YAML or JSON text (JSON is YAML). The value is not validated.

 *
 * @param empty the problem of a text without a value
 * @throws UsageFileError for a text that is empty, too long, not YAML, has a key twice, or multiplies itself
 */
export function parseYamlText(text: string, fileName: string, empty = EMPTY): unknown {
  const refuse = (...problems: string[]) => new UsageFileError(fileName, problems);
  if (text.length > MAX_CHARACTERS) {
    throw refuse(`must be at most ${MAX_CHARACTERS} characters, got ${text.length}. Split the workloads over several files.`);
  }
  if (text.trim() === '') throw refuse(empty);

  const parsed = yamlValue(text, ['usd']);
  if ('problems' in parsed) throw refuse(...parsed.problems);
  if (parsed.value === null) throw refuse(empty);
  return parsed.value;
}

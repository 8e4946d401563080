import { UsageFileError } from './usage-file-error';
import { containsItself } from '../pricing/contains-itself';

/** Ten thousand workloads fit in it; what is longer is not a usage file. */
const MAX_CHARACTERS = 2_000_000;
/** How often aliases may be expanded: a file that multiplies itself (an alias bomb) stops here. */
const MAX_ALIASES = 100;

const EMPTY = 'the file is empty. Write a usage file with version: 1 and workloads.';
// How the engine, and so the library in its list of errors, calls nesting that is too deep for it.
const STACK_OVERFLOW = 'Maximum call stack size exceeded';

const CONTAINS_ITSELF = 'an alias makes a value contain itself. Write the values out, without aliases.';

type Yaml = typeof import('yaml');

/**
 * The value of a YAML or JSON text (JSON is YAML); nothing in it is trusted yet.
 *
 * @param empty the problem of a text without a value
 * @throws UsageFileError for a text that is empty, too long, not YAML, has a key twice, or multiplies itself
 */
export function parseYamlText(text: string, fileName: string, empty = EMPTY): unknown {
  const refuse = (...problems: string[]) => new UsageFileError(fileName, problems);
  if (text.length > MAX_CHARACTERS) {
    throw refuse(`the file must have at most ${MAX_CHARACTERS} characters, got ${text.length}. Split the workloads over several files.`);
  }
  if (text.trim() === '') throw refuse(empty);

  const yaml: Yaml = require('../../assets/vendor/yaml.js');
  try {
    // The library looks for duplicate keys in quadratic time, so that is done here.
    const document = yaml.parseDocument(text, { version: '1.2', schema: 'core', uniqueKeys: false, stringKeys: true, logLevel: 'error' });
    const problems = [...document.errors, ...document.warnings].map(describeSyntaxError);
    if (problems.some((problem) => problem.includes(STACK_OVERFLOW))) throw new RangeError(STACK_OVERFLOW);
    if (problems.length === 0) problems.push(...duplicateKeys(yaml, document, text));
    if (problems.length > 0) throw refuse(...problems);
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    if (value === null) throw refuse(empty);
    if (containsItself(value)) throw refuse(CONTAINS_ITSELF);
    return value;
  } catch (e) {
    if (e instanceof UsageFileError) throw e;
    const why = e instanceof RangeError ? 'it is nested too deeply.' : `${(e as Error).message.split('\n')[0]}. Write the workloads out, without aliases.`;
    throw refuse(`the file cannot be read as YAML or JSON: ${why}`);
  }
}

interface SyntaxProblem {
  readonly message: string;
  readonly linePos?: readonly { readonly line: number; readonly col: number }[];
}

function describeSyntaxError({ message, linePos }: SyntaxProblem): string {
  const at = linePos?.[0];
  const what = message.split('\n')[0].replace(/ at line \d+, column \d+:?$/, '');
  return `${at ? `line ${at.line}, column ${at.col}: ` : ''}the file is not valid YAML or JSON: ${what}${/[.?!]$/.test(what) ? '' : '.'}`;
}

function duplicateKeys(yaml: Yaml, document: ReturnType<Yaml['parseDocument']>, text: string): string[] {
  const lines = new yaml.LineCounter();
  const problems: string[] = [];
  yaml.visit(document, {
    Map: (_, map) => {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        if (!yaml.isScalar(key)) continue;
        const name = String(key.value);
        if (seen.has(name)) {
          problems.push(`line ${lineOf(lines, text, key.range?.[0])}: the field ${JSON.stringify(name)} is set twice. Remove one of the two.`);
        }
        seen.add(name);
      }
    },
  });
  return problems;
}

function lineOf(lines: InstanceType<Yaml['LineCounter']>, text: string, offset = 0): number {
  if (lines.lineStarts.length === 0) {
    lines.addNewLine(0);
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
  }
  return lines.linePos(offset).line;
}

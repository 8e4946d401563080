import { MAX_NESTING, nestingProblem, parseJson } from './nesting';

/** How often aliases may be expanded: a file that multiplies itself (an alias bomb) stops here. */
const MAX_ALIASES = 100;
// How the engine, and so the library in its list of errors, calls nesting that is too deep for it.
const STACK_OVERFLOW = 'Maximum call stack size exceeded';
const DEEP = `must not be nested more than ${MAX_NESTING} levels deep. Check that it is the right file.`;
/** A number as digits: its text is exact whatever a float makes of it. */
const PLAIN_DECIMAL = /^\d+(\.\d+)?$/;

type Yaml = typeof import('yaml');
type Document = ReturnType<Yaml['parseDocument']>;

/** The value of a text, or every problem that keeps it from having one. */
export type YamlValue = { readonly value: unknown } | { readonly problems: readonly string[] };

/**
 * The value of a YAML or JSON text (JSON is YAML); nothing in it is trusted yet.
 *
 * @param decimalFields names of fields whose numbers keep the digits that were written, as texts: 2.50 is "2.50"
 */
export function yamlValue(text: string, decimalFields: readonly string[] = []): YamlValue {
  const yaml: Yaml = require('../../assets/vendor/yaml.js');
  try {
    // The library looks for duplicate keys in quadratic time, so that is done here.
    const document = yaml.parseDocument(text, { version: '1.2', schema: 'core', uniqueKeys: false, stringKeys: true, logLevel: 'error' });
    const problems = [...document.errors, ...document.warnings].map(describeSyntaxError);
    if (problems.some((problem) => problem.includes(STACK_OVERFLOW))) return { problems: [DEEP] };
    if (problems.length === 0) problems.push(...keyProblems(yaml, document, text, decimalFields));
    if (problems.length > 0) return { problems };
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    const nesting = nestingProblem(value);
    if (nesting === 'contains itself') return { problems: ['has an alias that makes a value contain itself. Write the values out, without aliases.'] };
    return nesting === undefined ? { value } : { problems: [DEEP] };
  } catch (e) {
    if (e instanceof RangeError) return { problems: [DEEP] };
    return { problems: [`is not valid YAML or JSON: ${(e as Error).message.split('\n')[0]}. Write the values out, without aliases.`] };
  }
}

/** The value of a JSON text, however long. */
export function jsonValue(text: string): YamlValue {
  try {
    return { value: parseJson(text) };
  } catch (e) {
    return { problems: [(e as Error).message.startsWith('nested') ? DEEP : `is not valid JSON: ${(e as Error).message}. Correct it there.`] };
  }
}

interface SyntaxProblem {
  readonly code: string;
  readonly message: string;
  readonly linePos?: readonly { readonly line: number; readonly col: number }[];
}

function describeSyntaxError({ code, message, linePos }: SyntaxProblem): string {
  const at = linePos?.[0];
  if (code === 'MULTIPLE_DOCS') return `${at ? `line ${at.line}: ` : ''}holds several YAML documents, separated by "---". Keep one document in a file.`;
  const what = message.split('\n')[0].replace(/ at line \d+, column \d+:?$/, '');
  return `${at ? `line ${at.line}, column ${at.col}: ` : ''}not valid YAML or JSON: ${what}`;
}

/** Problems of the keys of all mappings; numbers of decimal fields become texts on the way. */
function keyProblems(yaml: Yaml, document: Document, text: string, decimalFields: readonly string[]): string[] {
  const lines = new yaml.LineCounter();
  const problems: string[] = [];
  yaml.visit(document, {
    Map: (_, map) => {
      const seen = new Set<string>();
      for (const { key, value } of map.items) {
        if (!yaml.isScalar(key)) continue;
        const name = String(key.value);
        const line = () => lineOf(lines, text, key.range?.[0]);
        if (name === '<<') problems.push(`line ${line()}: YAML merge keys (<<) are not supported. Write the fields out in each entry.`);
        else if (seen.has(name)) problems.push(`line ${line()}: the field ${JSON.stringify(name)} is given twice. Keep one of them.`);
        seen.add(name);
        if (decimalFields.includes(name) && yaml.isScalar(value) && typeof value.value === 'number' && PLAIN_DECIMAL.test(value.source ?? '')) {
          value.value = value.source;
        }
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

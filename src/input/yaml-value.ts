import { JsonShapeError, MAX_NESTING, nestingProblem, parseJson } from './nesting';

/** Maximum number of expanded aliases, which stops a file that multiplies itself (an alias bomb). */
const MAX_ALIASES = 100;
/** Maximum depth of tokens. It is far above MAX_NESTING, the limit of the value, because an indented comment counts as a level of tokens. */
const MAX_TOKEN_NESTING = 4 * MAX_NESTING;
// Message of the engine for nesting that is too deep, which the YAML library has in its list of errors.
const STACK_OVERFLOW = 'Maximum call stack size exceeded';
// Pretty errors are off, because each of them searches the text.
const PARSING = { version: '1.2', schema: 'core', uniqueKeys: false, stringKeys: true, logLevel: 'error', prettyErrors: false } as const;
const DEEP = `must not be nested more than ${MAX_NESTING} levels deep. Check that it is the right file.`;
/** A number in plain digits, whose text is exact even if the float is not. */
const PLAIN_DECIMAL = /^\d+(\.\d+)?$/;
/** Token of the lexer that precedes a scalar. */
const SCALAR = '\u001f';

type Yaml = typeof import('yaml');
type Document = ReturnType<Yaml['parseDocument']>;

/** Value of a text, or all of its problems. */
export type YamlValue = { readonly value: unknown } | { readonly problems: readonly string[] };

/** Tags of a format, such as `!Sub` of CloudFormation, and the field of the object that a value with the tag becomes. */
export type YamlTags = ReadonlyMap<string, string>;

/**
 * Parses a YAML or JSON text (JSON is YAML). The value is not validated.
 *
 * @param decimalFields names of fields whose numbers become texts with the written digits: 2.50 is "2.50"
 * @param tags tags that the format has; any other tag is a problem
 */
export function yamlValue(text: string, decimalFields: readonly string[] = [], tags: YamlTags = new Map()): YamlValue {
  const yaml: Yaml = require('../../assets/vendor/yaml.js');
  try {
    if (isYamlDeeperThan(yaml, text, MAX_TOKEN_NESTING)) return { problems: [DEEP] };
    // Duplicate keys are checked below, because the library takes quadratic time for them.
    const document = yaml.parseDocument(text, { ...PARSING, customTags: customTags(yaml, tags) });
    const lines = new yaml.LineCounter();
    const place = (offset: number) => placeOf(lines, text, offset);
    const problems = [...document.errors, ...document.warnings].map((problem) => describeSyntaxError(problem, place));
    if (problems.some((problem) => problem.includes(STACK_OVERFLOW))) return { problems: [DEEP] };
    if (problems.length === 0) problems.push(...nodeProblems(yaml, document, (offset) => placeOf(lines, text, offset).line, decimalFields));
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

/** Parses a JSON text of any length. */
export function jsonValue(text: string): YamlValue {
  try {
    return { value: parseJson(text) };
  } catch (e) {
    if (e instanceof JsonShapeError) return { problems: [e.problem === 'too deep' ? DEEP : twice(e.problem.line, e.problem.key)] };
    return { problems: [`is not valid JSON: ${(e as Error).message}. Correct it there.`] };
  }
}

/** Definitions of tags whose values become an object: `!Ref Role` is `{ Ref: 'Role' }`. */
function customTags(yaml: Yaml, tags: YamlTags): import('yaml').Tags {
  return [...tags].flatMap(([tag, field]) => {
    const wrap = (value: unknown) => {
      const map = new yaml.YAMLMap();
      map.items.push(new yaml.Pair(new yaml.Scalar(field), value));
      return map;
    };
    return [
      { tag, resolve: (value: string) => ({ [field]: value }) },
      { tag, collection: 'seq' as const, resolve: (value: unknown) => wrap(value) },
      { tag, collection: 'map' as const, resolve: (value: unknown) => wrap(value) },
    ];
  });
}

interface SyntaxProblem {
  readonly code: string;
  readonly message: string;
  readonly pos: readonly [number, number];
}

interface Place {
  readonly line: number;
  readonly col: number;
}

function describeSyntaxError({ code, message, pos }: SyntaxProblem, place: (offset: number) => Place): string {
  const { line, col } = place(pos[0]);
  if (code === 'MULTIPLE_DOCS') return `line ${line}: holds several YAML documents, separated by "---". Keep one document in a file.`;
  return `line ${line}, column ${col}: not valid YAML or JSON: ${message.split('\n')[0]}`;
}

/** Returns the problems of keys and numbers. Converts the numbers of decimal fields to texts. */
function nodeProblems(yaml: Yaml, document: Document, lineOf: (offset: number) => number, decimalFields: readonly string[]): string[] {
  const problems: string[] = [];
  yaml.visit(document, {
    Scalar: (_, { value, source = '', range }) => {
      if (typeof value === 'number' && !isMeant(source, value)) problems.push(`line ${lineOf(range?.[0] ?? 0)}: ${source} is not a number as it is written. Write its digits, or a text in quotes.`);
    },
    Map: (_, map) => {
      const seen = new Set<string>();
      for (const { key, value } of map.items) {
        if (!yaml.isScalar(key)) continue;
        const name = String(key.value);
        const line = () => lineOf(key.range?.[0] ?? 0);
        if (name === '<<') problems.push(`line ${line()}: YAML merge keys (<<) are not supported. Write the fields out in each entry.`);
        else if (seen.has(name)) problems.push(twice(line(), name));
        seen.add(name);
        if (decimalFields.includes(name) && yaml.isScalar(value) && typeof value.value === 'number' && PLAIN_DECIMAL.test(value.source ?? '')) {
          value.value = value.source;
        }
      }
    },
  });
  return problems;
}

/** Whether a number has its written value: false for another base than ten, and for a number so small that it would be 0. */
function isMeant(source: string, value: number): boolean {
  return !/^[-+]?0[xob]/i.test(source) && !(value === 0 && /[1-9]/.test(source.split(/e/i)[0]));
}

function twice(line: number, name: string): string {
  return `line ${line}: the field ${JSON.stringify(name)} is given twice. Keep one of them.`;
}

function placeOf(lines: InstanceType<Yaml['LineCounter']>, text: string, offset: number): Place {
  if (lines.lineStarts.length === 0) {
    lines.addNewLine(0);
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
  }
  return lines.linePos(offset);
}

/**
 * True for a YAML text that is nested more than about `levels` deep. The levels are counted in its tokens, because parsing such a text
 * takes long and can crash Node.
 */
function isYamlDeeperThan(yaml: Yaml, text: string, levels: number): boolean {
  let flow = 0;
  let indicators = 0;
  const indents: number[] = [];
  let isLineStart = true;
  let isScalar = false;
  for (const token of new yaml.Lexer().lex(text)) {
    const isPunctuation = !isScalar;
    isScalar = token === SCALAR;
    if (!isPunctuation) continue;
    if (token === '[' || token === '{') flow++;
    else if (token === ']' || token === '}') flow = Math.max(0, flow - 1);
    else if (token === '-' || token === '?' || (token === ':' && flow === 0)) indicators++;
    if (token === '\n' || token === '\r\n') {
      indicators = 0;
      isLineStart = true;
    } else if (isLineStart && flow === 0) {
      openBlock(indents, /^ *$/.test(token) ? token.length : 0);
      isLineStart = false;
    }
    if (flow + indicators + indents.length > levels) return true;
  }
  return false;
}

/** Begins a block, and ends the blocks that are indented as far or further. */
function openBlock(indents: number[], indent: number): void {
  while (indents.length > 0 && indents[indents.length - 1] >= indent) indents.pop();
  indents.push(indent);
}

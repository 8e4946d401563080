import { createHash } from 'node:crypto';
import { withContext } from './definition';
import { TerminalError } from './errors';
import { ExecutionError, StateMachine } from './library';

/** A part of a template that is replaced by a value. */
type Expression = { readonly path: string } | { readonly name: string; readonly args: readonly Expression[] } | { readonly literal: unknown };

/** Finds the values of paths. */
type Lookup = (path: string) => any;

/**
 * A template with the values of its paths and intrinsic functions. The library evaluates paths, but not functions: it removes all
 * backslashes from their texts, so that States.JsonToString returns no JSON, and its States.Hash reads only the first 64 bytes.
 */
export async function evaluate(template: unknown, input: unknown, context: object): Promise<any> {
  const found: { [path: string]: unknown } = {};
  for (const path of new Set(pathsOf(template))) found[path] = (await library({ 'value.$': withContext(path) }, input, context)).value;
  return filled(template, (path) => found[path]);
}

/** The result of a Pass of the library with these parameters. */
async function library(template: object, input: unknown, context: object): Promise<any> {
  const machine = { StartAt: 'Evaluate', States: { Evaluate: { Type: 'Pass' as const, Parameters: template as {}, End: true as const } } };
  try {
    return await new StateMachine(machine, { validationOptions: { noValidate: true } }).run(input as {}, { context: { ...context } }).result;
  } catch (thrown) {
    throw thrown instanceof ExecutionError ? thrown.cause : thrown;
  }
}

function isReplaced(name: string, value: unknown): value is string {
  return name.endsWith('.$') && typeof value === 'string';
}

function pathsOf(template: unknown): string[] {
  if (typeof template !== 'object' || template === null) return [];
  return Object.entries(template).flatMap(([name, value]) => (isReplaced(name, value) ? pathsIn(parse(value)) : pathsOf(value)));
}

function pathsIn(expression: Expression): string[] {
  if ('path' in expression) return [expression.path];
  return 'args' in expression ? expression.args.flatMap(pathsIn) : [];
}

function filled(template: unknown, lookup: Lookup): unknown {
  if (Array.isArray(template)) return template.map((item) => filled(item, lookup));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(Object.entries(template).map(([name, value]) => (
    isReplaced(name, value) ? [name.slice(0, -2), valueOf(parse(value), lookup)] : [name, filled(value, lookup)]
  )));
}

function valueOf(expression: Expression, lookup: Lookup): any {
  if ('path' in expression) return lookup(expression.path);
  if ('literal' in expression) return typeof expression.literal === 'string' ? unescaped(expression.literal) : expression.literal;
  const call = FUNCTIONS[expression.name];
  if (!call) throw new TerminalError('States.Runtime', `The intrinsic function ${expression.name} is not supported here`);
  // Only here do escaped braces mean another thing than braces.
  const [first, ...others] = expression.args;
  if (expression.name === 'States.Format' && 'literal' in first) return call(first.literal, ...others.map((arg) => valueOf(arg, lookup)));
  return call(...expression.args.map((arg) => valueOf(arg, lookup)));
}

const FUNCTIONS: { readonly [name: string]: (...args: any[]) => unknown } = {
  'States.Array': (...items) => items,
  'States.ArrayGetItem': (items, index) => items[index],
  'States.ArrayLength': (items) => items.length,
  'States.Format': format,
  'States.Hash': (text, algorithm) => createHash(algorithm.replace('-', '')).update(text).digest('hex'),
  'States.JsonMerge': (one, other) => ({ ...one, ...other }),
  'States.JsonToString': (value) => JSON.stringify(value),
  'States.MathAdd': (a, b) => a + b,
  'States.StringSplit': (text, separators) => text.split(new RegExp(`[${separators.replace(/[\]\\^-]/g, '\\$&')}]`)).filter((part: string) => part !== ''),
  'States.StringToJson': (text) => JSON.parse(text),
};

function format(template: string, ...values: readonly unknown[]): string {
  let next = 0;
  const text = template.replace(/\\(.)|\{\}/g, (_, escaped) => escaped ?? `${values[next++]}`);
  if (next !== values.length) throw new TerminalError('States.Runtime', `States.Format has ${next} places for ${values.length} values: ${template}`);
  return text;
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}

/** A text in quotes, a number or a word, a path (to the next comma or parenthesis outside of its brackets), or a call. */
function parse(text: string): Expression {
  if (!text.startsWith('States.')) return { path: text };
  const [expression, rest] = parseCall(text);
  if (rest !== '') throw new TerminalError('States.Runtime', `There is more than an intrinsic function in ${text}`);
  return expression;
}

function parseCall(text: string): [Expression, string] {
  const open = text.indexOf('(');
  const args: Expression[] = [];
  let rest = text.slice(open + 1).trimStart();
  while (!rest.startsWith(')')) {
    const [arg, after] = parseArgument(rest);
    args.push(arg);
    rest = after.trimStart().replace(/^,\s*/, '');
    if (rest === '') throw new TerminalError('States.Runtime', `There is no end to ${text}`);
  }
  return [{ name: text.slice(0, open), args }, rest.slice(1).trimStart()];
}

function parseArgument(text: string): [Expression, string] {
  if (text.startsWith('States.')) return parseCall(text);
  const [quoted, content] = /^'((?:\\.|[^'\\])*)'/.exec(text) ?? [];
  if (quoted !== undefined) return [{ literal: content }, text.slice(quoted.length)];
  const [word] = /^(?:\[[^\]]*\]|[^,()[\]])+/.exec(text) ?? [''];
  const rest = text.slice(word.length);
  return [word.startsWith('$') ? { path: word.trim() } : { literal: JSON.parse(word) }, rest];
}

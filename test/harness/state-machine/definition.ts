import { isKnown, unknownFields } from './tasks';

export interface State {
  readonly Type: string;
  readonly [field: string]: any;
}

export interface Machine {
  readonly StartAt: string;
  readonly States: { readonly [name: string]: State };
  readonly TimeoutSeconds?: number;
  readonly ProcessorConfig?: { readonly Mode?: string; readonly ExecutionType?: string };
}

/** Kinds of states that run here instead of in the library: see libraryMachine. */
const DONE_HERE = ['Task', 'Wait', 'Map', 'Parallel', 'Pass'];

/** Fields of such a state that the library still handles: the source of its input and the target of its result. */
const OF_THE_LIBRARY = ['InputPath', 'ResultPath', 'OutputPath', 'Catch', 'Next', 'End'];

/** A timeout near the maximum of a Node.js timer, in seconds, since timeouts do not use real time here. */
const NEVER = 2_000_000;

export function isDoneHere({ Type }: State): boolean {
  return DONE_HERE.includes(Type);
}

export function processorOf(state: State): Machine {
  return state.ItemProcessor ?? state.Iterator;
}

export function isDistributed(state: State): boolean {
  return state.Type === 'Map' && processorOf(state).ProcessorConfig?.Mode === 'DISTRIBUTED';
}

/**
 * A machine as the library runs it. Task, Wait, Map, Parallel and Pass become Tasks of the same name, whose local handlers do the
 * work of the state (state-machine.ts gives the reasons). The library handles the order of states, choices, all paths, Succeed,
 * Fail, and Catch.
 */
export function libraryMachine({ StartAt, States }: Machine): any {
  return withContext({ StartAt, States: Object.fromEntries(Object.entries(States).map(([name, state]) => [name, libraryState(state)])) });
}

function libraryState(state: State): object {
  if (state.Type === 'Choice') return { ...state, Choices: state.Choices.map(withoutFalse) };
  if (!isDoneHere(state)) return state;
  const kept = Object.fromEntries(Object.entries(state).filter(([field]) => OF_THE_LIBRARY.includes(field)));
  return { Type: 'Task', Resource: 'here', TimeoutSeconds: NEVER, ...withoutRoot(kept) };
}

/** Removes `"ResultPath": "$"`, which is the default, since the library reads it as a field of that name. */
function withoutRoot(state: any): object {
  const { ResultPath, ...others } = state;
  const caught = others.Catch ? { Catch: others.Catch.map(withoutRoot) } : {};
  return { ...others, ...caught, ...(ResultPath === undefined || ResultPath === '$' ? {} : { ResultPath }) };
}

/** Negates tests such as `"IsPresent": false`, which are never true in the library. */
function withoutFalse(rule: any): any {
  if (rule.And) return { ...rule, And: rule.And.map(withoutFalse) };
  if (rule.Or) return { ...rule, Or: rule.Or.map(withoutFalse) };
  if (rule.Not) return { ...rule, Not: withoutFalse(rule.Not) };
  const test = Object.keys(rule).find((field) => /^Is[A-Z]/.test(field) && rule[field] === false);
  if (!test) return rule;
  const { Variable, [test]: _, ...others } = rule;
  return { ...others, Not: { Variable, [test]: true } };
}

/** Renames `$$.Execution`: the library would set its own StartTime, and the input of a part as the input of the execution. */
export function withContext<T>(value: T): T {
  return JSON.parse(JSON.stringify(value).replace(/\$\$\.Execution\b/g, () => '$$.Started'));
}

/** Throws for unsupported states before a run starts. In a run, a Catch could take the error and a test could pass. */
export function requireSupported(machine: Machine): void {
  for (const [name, state] of Object.entries(machine.States)) {
    const problem = problemOf(state);
    if (problem) throw new Error(`${name}: ${problem} is not supported here`);
    if (state.Type === 'Map') requireSupported(processorOf(state));
    for (const branch of state.Branches ?? []) requireSupported(branch);
  }
}

function problemOf(state: State): string | undefined {
  if (state.QueryLanguage === 'JSONata' || state.Arguments || state.Assign || state.Output) return 'JSONata or a variable';
  if (state.Type === 'Task' && !isKnown(state.Resource)) return `the resource ${state.Resource}`;
  const unknown = state.Type === 'Task' ? unknownFields(state.Resource, state.Parameters ?? {}) : [];
  if (unknown.length > 0) return `${unknown} as a parameter of ${state.Resource}`;
  if (state.Type !== 'Map') return undefined;
  if (state.ItemBatcher) return 'ItemBatcher';
  if (processorOf(state).ProcessorConfig?.ExecutionType === 'EXPRESS') return 'a child that is EXPRESS';
  if (!state.ItemReader) return undefined;
  if (!isDistributed(state)) return 'ItemReader of a Map that is not DISTRIBUTED';
  if (!/^arn:[^:]+:states:::s3:getObject$/.test(state.ItemReader.Resource)) return `the reader ${state.ItemReader.Resource}`;
  return ['JSON', 'JSONL'].includes(state.ItemReader.ReaderConfig?.InputType) ? undefined : `the items' type ${state.ItemReader.ReaderConfig?.InputType}`;
}

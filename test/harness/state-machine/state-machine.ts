import { S3Client } from '@aws-sdk/client-s3';
import { Machine, requireSupported } from './definition';
import { TerminalError } from './errors';
import { FakeTime } from './fake-time';
import { StateMachine } from './library';
import { Run, World } from './run';
import { Tasks } from './tasks';

export interface StateMachineRun {
  readonly input: unknown;
  /** An ARN whose last part is the execution's name. */
  readonly executionId: string;
  /** ISO 8601 */
  readonly startTime: string;
  readonly tasks: Tasks;
  /** Receives the seconds by which the clock advances. It advances while everything waits, in a Wait or before a Retry. */
  readonly onWait?: (seconds: number) => void;
  /** The client with which ItemReader reads and ResultWriter writes. */
  readonly s3?: S3Client;
}

export interface StateMachineResult {
  readonly status: 'SUCCEEDED' | 'FAILED';
  readonly output?: any;
  readonly error?: string;
  readonly cause?: string;
  /** State transitions as AWS charges them: entered states and retries, including those of children, and one for each started child. */
  readonly transitions: number;
  /** The approximate number of events in the longest history of an execution or a child. AWS ends one with more than 25,000. */
  readonly longestHistory: number;
}

/** An execution of a standard workflow ends after a year. */
const YEAR = 365 * 86_400;

/**
 * Runs a state machine, written in the Amazon States Language with JSONPath, without AWS and without real waits.
 *
 * The library aws-local-stepfunctions 3.0 handles the order of states, Choice, Succeed, Fail, Catch, and all paths. Before it runs a
 * machine or a part of one, each Task, Wait, Map, Parallel and Pass becomes a Task with the same name, paths and Catch. The local
 * handler of this Task does the work of the state (definition.ts, run.ts). The reasons are these limits of the library:
 * - A Map has no ItemReader, no ResultWriter and no tolerated failures, and starts the rest of its items after it has failed.
 *   Its items can read neither `$$.Map.Item` nor the execution's own `$$.Execution.Input`.
 * - `$$.Execution.StartTime` is always the present. Here `$$.Execution` becomes `$$.Started`.
 * - Wait, Retry and the timeouts of tasks (60 s by default) take real time or none. Here they advance a clock.
 * - Intrinsic functions return wrong texts (template.ts), and a Pass cannot have a result that is null, false, 0 or an empty text.
 * - `"ResultPath": "$"` makes a field of that name, and tests such as `"IsPresent": false` are never true. Here both are rewritten.
 *
 * Differences from AWS that remain:
 * - A path on an input that is null, false, 0 or an empty text finds nothing, and `[*]` without a match is an error, not [].
 * - Numbers compare with texts as in JavaScript. States.Runtime stands for States.ParameterPathFailure and similar errors.
 * - The context object has only `$$.Execution` (Id, Name, Input, StartTime) and `$$.Map.Item` (Index, Value).
 * - TimeoutSeconds applies to the machine, not to a state. Full jitter waits for the maximum. Heartbeats, ItemBatcher, EXPRESS
 *   children, variables, JSONata, and resources other than Lambda's and Bedrock's are not supported: a definition with them is
 *   refused. Only the intrinsic functions in template.ts are supported: another one ends the execution.
 * - A file without items results in a Map without items, and the result of a Map that tolerates failures has only its successes.
 *   AWS documents neither case.
 */
export async function runStateMachine(definition: object, options: StateMachineRun): Promise<StateMachineResult> {
  const machine = definition as Machine;
  requireValid(machine);
  let endOfTime: () => void = () => undefined;
  const time = new FakeTime(options.onWait ?? (() => undefined), machine.TimeoutSeconds ?? YEAR, () => endOfTime());
  const world: World = { tasks: options.tasks, s3: options.s3, time, startTime: options.startTime, transitions: 0, longestHistory: 0 };
  const { executionId: Id, startTime: StartTime, input: Input } = options;
  const run = new Run(world, machine, { Started: { Id, Name: Id.split(':').pop()!, StartTime, Input } });
  endOfTime = () => run.end(new TerminalError('States.Timeout', 'The execution has reached its timeout.'));
  const end = await run.result(Input).then(
    (output) => ({ status: 'SUCCEEDED' as const, output }),
    (error: Error) => ({ status: 'FAILED' as const, error: error.name, cause: error.message }),
  );
  await time.settled();
  return { ...end, transitions: world.transitions, longestHistory: world.longestHistory };
}

/** Validated definitions, as JSON. Validation takes as long as the rest of a run. */
const valid = new Set<string>();

function requireValid(machine: Machine): void {
  const text = JSON.stringify(machine);
  if (valid.has(text)) return;
  requireSupported(machine);
  // Validates only the definition, without the ARNs of some service integrations and without paths in intrinsic functions.
  new StateMachine(JSON.parse(text), { validationOptions: { checkArn: false, checkPaths: false } });
  valid.add(text);
}

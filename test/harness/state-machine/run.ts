import { S3Client } from '@aws-sdk/client-s3';
import { isDistributed, isDoneHere, libraryMachine, Machine, processorOf, State } from './definition';
import { pauseAfter, requireSmall, Retrier, StateError, TerminalError } from './errors';
import { FakeTime } from './fake-time';
import { Child, readItems, writeResults } from './items';
import { ExecutionError, StateMachine } from './library';
import { callResource, Tasks } from './tasks';
import { evaluate } from './template';

/** The state that all executions of a test share. */
export interface World {
  readonly tasks: Tasks;
  readonly s3?: S3Client;
  readonly time: FakeTime;
  readonly startTime: string;
  transitions: number;
  longestHistory: number;
}

/** `$$` without what the library sets itself. */
export interface Context {
  readonly Started: { readonly Id: string; readonly Name: string; readonly StartTime: string; readonly Input: unknown };
  readonly Map?: { readonly Item: { readonly Index: number; readonly Value: unknown } };
}

/** The number of events of a successful state in the history of its execution. */
const EVENTS: { readonly [type: string]: number } = { Task: 5, Map: 4, Parallel: 4, Fail: 1 };
const HISTORY_LIMIT = 25_000;

/** A machine that runs: an execution, or a branch or an iteration in one. */
export class Run {
  private isOff = false;
  private readonly parts = new Set<Run>();
  private events = 0;
  private abortLibrary?: () => void;
  private fail?: (error: Error) => void;

  /** @param owner the run that this one is a part of; without it, the run is an execution with a history of its own */
  constructor(private readonly world: World, private readonly machine: Machine, private readonly context: Context, private readonly owner?: Run) {}

  public async result(input: unknown): Promise<any> {
    const failed = new Promise<never>((_, fail) => { this.fail = fail; });
    if (!this.owner) requireSmall('input of an execution', input);
    const machine = new StateMachine(libraryMachine(this.machine), { validationOptions: { noValidate: true } });
    const { result, eventLogs, abort } = machine.run(JSON.parse(JSON.stringify(input)), this.options());
    this.abortLibrary = abort;
    const counted = this.count(eventLogs);
    try {
      return await Promise.race([result, failed]);
    } catch (thrown) {
      throw thrown instanceof ExecutionError ? thrown.cause : thrown;
    } finally {
      this.abort();
      await counted;
    }
  }

  /** Starts no further states. Running tasks continue. */
  public abort(): void {
    this.isOff = true;
    this.abortLibrary?.();
    this.world.time.look();
    for (const part of this.parts) part.abort();
  }

  /** Ends the run with an error that no state catches. */
  public end(error: Error): void {
    this.fail?.(error);
    this.abort();
  }

  private options() {
    const states = Object.entries(this.machine.States).filter(([, state]) => isDoneHere(state));
    const taskResourceLocalHandlers = Object.fromEntries(states.map(([name, state]) => [name, (input: any) => this.tried(name, state, input)]));
    return { context: { ...this.context }, overrides: { taskResourceLocalHandlers } };
  }

  private async count(events: AsyncIterable<{ readonly type: string; readonly state?: unknown }>): Promise<void> {
    for await (const event of events) {
      if (event.type !== 'StateEntered') continue;
      const { name } = event.state as { readonly name: string };
      this.world.transitions++;
      this.record(EVENTS[this.machine.States[name].Type] ?? 2);
    }
  }

  /** Adds events to the history of the execution that the run belongs to. */
  private record(events: number): void {
    if (this.owner) return this.owner.record(events);
    this.events += events;
    this.world.longestHistory = Math.max(this.world.longestHistory, this.events);
    if (this.events <= HISTORY_LIMIT) return;
    this.end(new TerminalError('States.Runtime', `The execution reached the maximum number of history events (${HISTORY_LIMIT}).`));
  }

  /** Runs a state with its retries, after their delays. Retries are billed as transitions. */
  private async tried(name: string, state: State, input: any): Promise<any> {
    requireSmall(`input of ${name}`, input);
    const tries = new Map<Retrier, number>();
    for (;;) {
      try {
        const result = await this.act(name, state, input);
        requireSmall(`result of ${name}`, result);
        return result;
      } catch (thrown) {
        const pause = this.isOff ? undefined : pauseAfter(thrown as Error, state.Retry ?? [], tries);
        if (pause === undefined) throw thrown;
        await this.pass(pause);
        this.world.transitions++;
        this.record(3);
      }
    }
  }

  private async act(name: string, state: State, input: any): Promise<any> {
    if (state.Type === 'Wait') {
      await this.pass(await this.secondsOf(state, input));
      return input;
    }
    const result = await this.resultOf(name, state, input);
    return state.ResultSelector === undefined ? result : this.evaluated(state.ResultSelector, result);
  }

  private async resultOf(name: string, state: State, input: unknown): Promise<any> {
    if (state.Type === 'Map') return this.map(name, state, input);
    const given = state.Parameters === undefined ? input : await this.evaluated(state.Parameters, input);
    if (state.Type === 'Parallel') return this.parallel(state, given);
    if (state.Type === 'Pass') return state.Result === undefined ? given : state.Result;
    requireSmall(`parameters of ${name}`, given);
    return this.world.time.during(() => callResource(state.Resource, given, this.world.tasks));
  }

  private async secondsOf(state: State, input: unknown): Promise<number> {
    const { Timestamp, TimestampPath } = state;
    if (Timestamp === undefined && TimestampPath === undefined) return (await this.numberOf(state, 'Seconds', input))!;
    const timestamp = Timestamp ?? (await this.evaluated({ 'value.$': TimestampPath }, input)).value;
    return (Date.parse(timestamp) - Date.parse(this.world.startTime)) / 1000 - this.world.time.elapsed;
  }

  private pass(seconds: number): Promise<void> {
    return this.world.time.pass(seconds, () => this.isOff);
  }

  private async parallel({ Branches }: State, input: unknown): Promise<unknown[]> {
    const results: unknown[] = [];
    await this.pooled(Branches.length, Infinity, async (index) => {
      results[index] = await this.part(new Run(this.world, Branches[index], this.context, this), input);
    });
    return results;
  }

  private async map(name: string, state: State, input: unknown): Promise<unknown> {
    const items = await this.itemsOf(state, input);
    const limit = await this.numberOf(state, 'MaxConcurrency', input) || Infinity;
    if (isDistributed(state)) return this.distributed(name, state, input, items, limit);
    const results: unknown[] = [];
    await this.pooled(items.length, Math.min(limit, 40), async (index) => {
      this.record(2);
      const context = { ...this.context, Map: { Item: { Index: index, Value: items[index] } } };
      results[index] = await this.part(new Run(this.world, processorOf(state), context, this), await this.selected(state, input, context));
    });
    return results;
  }

  /** Runs a Distributed Map, in which each child is an execution of its own. */
  private async distributed(name: string, state: State, input: unknown, items: readonly unknown[], limit: number): Promise<unknown> {
    const tolerated = await this.toleratedOf(state, input, items.length);
    const label = state.Label ?? name.replace(/\W/g, '').slice(0, 40);
    const children: Child[] = [];
    let failures = 0;
    await this.pooled(items.length, limit, async (index) => {
      children[index] = await this.child(label, state, input, items[index], index);
      if (children[index].error && ++failures > tolerated) {
        throw new StateError('States.ExceedToleratedFailureThreshold', `The specified tolerated failure threshold was exceeded: ${children[index].error}`);
      }
    });
    if (!state.ResultWriter) return children.filter(({ error }) => !error).map(({ output }) => output);
    const place = await this.evaluated(state.ResultWriter.Parameters, input);
    const mapRun = `${this.context.Started.Id.replace(':execution:', ':mapRun:').replace(/:[^:]*$/, '')}/${label}:${this.context.Started.Name}`;
    return this.world.time.during(() => writeResults(this.client, mapRun, place, children));
  }

  private async child(label: string, state: State, input: unknown, item: unknown, index: number): Promise<Child> {
    const selected = await this.selected(state, input, { ...this.context, Map: { Item: { Index: index, Value: item } } });
    this.world.transitions++;
    const { Id, Name } = this.context.Started;
    const name = `${Name}-${index}`;
    const id = `${Id.replace(/:[^:]*$/, '')}/${label}:${name}`;
    const StartTime = new Date(Date.parse(this.world.startTime) + this.world.time.elapsed * 1000).toISOString();
    const run = new Run(this.world, processorOf(state), { Started: { Id: id, Name: name, StartTime, Input: selected } });
    try {
      return { id, input: selected, output: await this.part(run, selected) };
    } catch (error) {
      // The Map itself has ended, and its children with it: the error is not a failure of this child.
      if (this.isOff) throw error;
      return { id, input: selected, error: error as Error };
    }
  }

  private async part(run: Run, input: unknown): Promise<unknown> {
    this.parts.add(run);
    try {
      return await run.result(input);
    } finally {
      this.parts.delete(run);
    }
  }

  /** Runs `count` actions, at most `limit` at a time. The first failure ends the running actions and starts no others. */
  private async pooled(count: number, limit: number, act: (index: number) => Promise<void>): Promise<void> {
    let next = 0;
    const work = async () => {
      while (next < count && !this.isOff) await act(next++);
    };
    try {
      await Promise.all(Array.from({ length: Math.min(limit, count) }, work));
    } catch (thrown) {
      next = count;
      for (const part of this.parts) part.abort();
      throw thrown;
    }
  }

  private async itemsOf({ ItemReader, ItemsPath = '$' }: State, input: unknown): Promise<readonly unknown[]> {
    if (ItemReader) {
      const parameters = await this.evaluated(ItemReader.Parameters, input);
      return this.world.time.during(() => readItems(this.client, parameters, ItemReader.ReaderConfig));
    }
    const { items } = await this.evaluated({ 'items.$': ItemsPath }, input);
    if (!Array.isArray(items)) throw new TerminalError('States.Runtime', `${ItemsPath} is not a list`);
    return items;
  }

  private async selected({ ItemSelector, Parameters }: State, input: unknown, context: Context): Promise<unknown> {
    const template = ItemSelector ?? Parameters;
    return template === undefined ? context.Map!.Item.Value : this.evaluated(template, input, context);
  }

  private async toleratedOf(state: State, input: unknown, items: number): Promise<number> {
    const [count, percentage] = [await this.numberOf(state, 'ToleratedFailureCount', input), await this.numberOf(state, 'ToleratedFailurePercentage', input)];
    return Math.min(count ?? (percentage === undefined ? 0 : Infinity), percentage === undefined ? Infinity : items * percentage / 100);
  }

  /** The value of a field, or of the path in its `Path` variant. */
  private async numberOf(state: State, field: string, input: unknown): Promise<number | undefined> {
    const path = state[`${field}Path`];
    return path === undefined ? state[field] : (await this.evaluated({ 'value.$': path }, input)).value;
  }

  private evaluated(template: unknown, input: unknown, context = this.context): Promise<any> {
    return evaluate(template, input, context);
  }

  private get client(): S3Client {
    if (!this.world.s3) throw new TerminalError('States.Runtime', 'The test has no S3');
    return this.world.s3;
  }
}

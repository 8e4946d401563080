import { ActionResult, errorText, failure } from './action-result';
import { AlarmEvent, ManualEvent, StopEnv, StopRecord } from './contract';
import { confirm } from './count';
import { deletedThroughput, Deletion, isDeleted } from './deletion';
import { Deletions } from './deletions';
import { log } from './environment';
import { publish } from './publish';
import { StopState } from './record';
import { newestCommand, Run } from './run';
import { isLate, parseStopCommand, StopCommand } from './stop-command';
import { StopRecordStore } from './stop-record-store';
import { env } from '../shared/environment';

/** The maximum number of events of other runs that one run carries out. */
const MAX_ROUNDS = 3;

/**
 * Stops the spending of one stack's part of a budget when its alarm is raised, and undoes the stop when the alarm is OK again.
 *
 * Every action is idempotent, since events can be delivered twice and failed runs are repeated. A failed action does not keep the
 * others from being taken. The newest event wins: a stale event carries out the command of the newest one. At its end, each run
 * checks whether another run has changed the state, and then carries out that change. Returns the record at the end of the run.
 */
export async function handler(event: AlarmEvent | ManualEvent): Promise<StopRecord | undefined> {
  let command = parseStopCommand(event, env(StopEnv.ALARM_ARN), new Date());
  if (command.do === 'nothing') return undefined;
  await confirm(command);
  const store = new StopRecordStore(env(StopEnv.RECORD_PARAMETER));
  const deletions = new Deletions(env(StopEnv.DELETED_PATH));
  const state = await opened(store, command);
  // Without the record, there is no status to return and no stop to verify.
  if (store.isRefused && (command.do === 'status' || command.do === 'verify')) throw new Error(`The record cannot be read: ${store.broken}`);
  if (command.do === 'status') return recordOf(state, await deletions.all());
  if (isLate(command, state)) {
    log('info', { late: command, why: `an event of ${state.asOf} was handled already, and is carried out again` });
    command = newestCommand(state, command);
  }

  const results: ActionResult[] = [];
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const run = new Run(command, store, deletions);
    await run.carryOut();
    const newest = await run.newest();
    results.push(...run.results);
    if (newest === undefined) break;
    command = newest;
  }

  const mendable = results.filter(({ retryable }) => retryable);
  if (mendable.length > 0) {
    throw new Error(`${mendable.length} of ${results.length} have to be tried again: ${mendable.map(({ action, target, text }) => `${action} ${target}: ${text}`).join('; ').slice(0, 2000)}`);
  }
  return recordOf(store.last, await deletions.all().catch((e) => {
    log('error', { answered: 'without the deleted throughput', why: errorText(e) });
    return [];
  }));
}

/** The state before this run, which decides whether the event is stale. */
async function opened(store: StopRecordStore, command: StopCommand): Promise<StopState> {
  try {
    return await store.read();
  } catch (e) {
    const failed = failure('record', env(StopEnv.RECORD_PARAMETER), e, `start it again: {"do":"${command.do}"}`);
    log('error', failed);
    // A failed check is repeated within minutes, and the function's own alarm notifies.
    if (command.do === 'stop' || command.do === 'undo') await publish(command, [failed], undefined);
    throw new Error(`The record ${env(StopEnv.RECORD_PARAMETER)} cannot be read: ${failed.text}`);
  }
}

function recordOf({ version, undenied, ...state }: StopState, deletions: readonly Deletion[]): StopRecord {
  const deleted = deletions.filter(isDeleted).map(deletedThroughput);
  const restored = deletions.flatMap(({ arn, now }) => (now === undefined || now === arn ? [] : [[arn, now]]));
  return { ...state, ...(deleted.length > 0 ? { deleted } : {}), ...(restored.length > 0 ? { restored: Object.fromEntries(restored) } : {}) };
}

import { AlarmEvent, ManualEvent, StopEnv, StopRecord } from './contract';
import { confirm } from './count';
import { deletedThroughput, Deletion, isDeleted } from './deletion';
import { Deletions } from './deletions';
import { env, log } from './environment';
import { StateMemory } from './memory';
import { failure, Outcome, textOf } from './outcome';
import { publish } from './publish';
import { StopState } from './record';
import { newestEvent, Run } from './run';
import { isLate, wishOf, Wish } from './wish';

/** How often one run follows events that other runs have handled meanwhile, before it leaves that to them. */
const MAX_ROUNDS = 3;

/**
 * Stops the spending of one stack's part of a budget when its alarm says so, and undoes that when the alarm is OK again.
 *
 * Everything can be done twice, since events are delivered twice and a run that failed is repeated; whatever fails keeps
 * nothing else from being done. The newest event wins: one that is older carries out what the newest one wanted, and each run
 * looks at its end whether another one has changed the state meanwhile, and then follows. The answer is the record as it is
 * then.
 */
export async function handler(event: AlarmEvent | ManualEvent): Promise<StopRecord | undefined> {
  let wish = wishOf(event, env(StopEnv.ALARM_ARN), new Date());
  if (wish.do === 'nothing') return undefined;
  await confirm(wish);
  const memory = new StateMemory(env(StopEnv.RECORD_PARAMETER));
  const deletions = new Deletions(env(StopEnv.DELETED_PATH));
  const state = await opened(memory, wish);
  // Without the record, there is nothing to answer, nor anything to check.
  if (memory.isRefused && (wish.do === 'status' || wish.do === 'verify')) throw new Error(`The record cannot be read: ${memory.broken}`);
  if (wish.do === 'status') return recordOf(state, await deletions.all());
  if (isLate(wish, state)) {
    log('info', { late: wish, why: `an event of ${state.asOf} was handled already, and is carried out again` });
    wish = newestEvent(state, wish);
  }

  const outcomes: Outcome[] = [];
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const run = new Run(wish, memory, deletions);
    await run.carryOut();
    const newest = await run.newest();
    outcomes.push(...run.outcomes);
    if (newest === undefined) break;
    wish = newest;
  }

  const mendable = outcomes.filter(({ retryable }) => retryable);
  if (mendable.length > 0) {
    throw new Error(`${mendable.length} of ${outcomes.length} have to be tried again: ${mendable.map(({ action, target, text }) => `${action} ${target}: ${text}`).join('; ').slice(0, 2000)}`);
  }
  return recordOf(memory.last, await deletions.all().catch((e) => {
    log('error', { answered: 'without what was deleted', why: textOf(e) });
    return [];
  }));
}

/** The state at the beginning, without which the order of events is not known. */
async function opened(memory: StateMemory, wish: Wish): Promise<StopState> {
  try {
    return await memory.read();
  } catch (e) {
    const outcome = failure('record', env(StopEnv.RECORD_PARAMETER), e, `start it again: {"do":"${wish.do}"}`);
    log('error', outcome);
    // Of a check, the next one is minutes away; the function's own alarm notifies.
    if (wish.do === 'stop' || wish.do === 'undo') await publish(wish, [outcome], undefined);
    throw new Error(`The record ${env(StopEnv.RECORD_PARAMETER)} cannot be read: ${outcome.text}`);
  }
}

function recordOf({ version, undenied, ...state }: StopState, deletions: readonly Deletion[]): StopRecord {
  const deleted = deletions.filter(isDeleted).map(deletedThroughput);
  const restored = deletions.flatMap(({ arn, now }) => (now === undefined || now === arn ? [] : [[arn, now]]));
  return { ...state, ...(deleted.length > 0 ? { deleted } : {}), ...(restored.length > 0 ? { restored: Object.fromEntries(restored) } : {}) };
}

import { PublishCommand } from '@aws-sdk/client-sns';
import { sns } from './stop-spending/clients.lambda';
import { allow, deny, rolesDenied, wouldDeny } from './stop-spending/deny-invocations.lambda';
import { Memory } from './stop-spending/memory.lambda';
import { failure, Outcome, Refusal, Say, textOf } from './stop-spending/outcome';
import { begun, stopped, undone, withRestoredOf } from './stop-spending/record';
import { stopJobs } from './stop-spending/stop-batch-jobs.lambda';
import { readTargets, Targets } from './stop-spending/targets.lambda';
import { deleteThroughput, restoreThroughput } from './stop-spending/throughput.lambda';
import { isNews, tell } from './stop-spending/told';
import { isLate, Wish, wishOf } from './stop-spending/wish';
import { AlarmEvent, ManualEvent, StopActionKind, StopEnv, StopRecord, StopStep } from './stop-spending.contract';

/**
 * Stops the spending of one stack's part of a budget when its alarm says so, and undoes that when the alarm is OK again.
 *
 * Everything can be done twice, since events are delivered twice and a run that failed is repeated; whatever fails keeps
 * nothing else from being done. The answer is the record as it is then.
 */
export async function handler(event: AlarmEvent | ManualEvent): Promise<StopRecord | undefined> {
  const wish = wishOf(event, env(StopEnv.ALARM_ARN), new Date());
  if (wish.do === 'nothing') return undefined;
  const outcomes: Outcome[] = [];
  const say: Say = (outcome) => {
    outcomes.push(outcome);
    log(outcome.result === 'failed' ? 'error' : 'info', outcome);
  };
  const memory = await Memory.open(env(StopEnv.RECORD_PARAMETER)).catch((e) => {
    say(failure('record', env(StopEnv.RECORD_PARAMETER), e, `start it again: {"do":"${wish.do}"}`));
    return undefined;
  });
  if (memory && wish.do === 'status') {
    if (memory.broken !== undefined) throw new Error(`the record cannot be read: ${memory.broken}`);
    return memory.record;
  }
  if (memory && isLate(wish, memory.record)) {
    log('info', { ignored: wish, why: `an event of ${memory.record.asOf} has been obeyed already` });
    return memory.record;
  }
  if (memory?.broken !== undefined) say(failure('record', env(StopEnv.RECORD_PARAMETER), new Refusal(memory.broken), BROKEN));
  const before = memory?.record;
  if (memory) await (wish.do === 'stop' ? stop : undo)({ wish, memory, say, outcomes });
  const changed = before?.state !== memory?.record.state || before?.denied !== memory?.record.denied;
  if (wish.do !== 'status' && isNews(wish, outcomes, changed)) await publish(wish, outcomes, before);

  const mendable = outcomes.filter(({ retryable }) => retryable);
  if (mendable.length > 0) {
    throw new Error(`${mendable.length} of ${outcomes.length} have to be tried again: ${mendable.map(({ action, target, text }) => `${action} ${target}: ${text}`).join('; ').slice(0, 2000)}`);
  }
  return memory?.record;
}

interface Run {
  readonly wish: Wish;
  readonly memory: Memory;
  readonly say: Say;
  readonly outcomes: readonly Outcome[];
}

async function stop(run: Run): Promise<void> {
  const steps: readonly StopStep[] = JSON.parse(env(StopEnv.STEPS));
  const isReal = steps.some(({ dryRun }) => !dryRun);
  if (isReal) await note(run, (record) => begun(record, run.wish));
  const targets = await readTargets(env(StopEnv.TARGETS_PATH), run.say);
  for (const step of steps) await stopBy(step, targets, run);
  if (!isReal) return;
  await note(run, (record) => stopped(record, {
    denied: count(run, 'done', StopActionKind.DENY_INVOCATIONS),
    jobs: count(run, 'done', StopActionKind.STOP_BATCH_JOBS),
    failed: count(run, 'failed'),
  }));
}

async function stopBy({ action, dryRun }: StopStep, { roles, batches, throughputs }: Targets, { memory, say }: Run): Promise<void> {
  switch (action) {
    case StopActionKind.DENY_INVOCATIONS:
      for (const role of roles) say(await (dryRun ? wouldDeny : deny)(role, env(StopEnv.DENY_POLICY_ARN)));
      return;
    case StopActionKind.STOP_BATCH_JOBS:
      for (const batch of batches) await stopJobs(batch, dryRun, say);
      return;
    case StopActionKind.DELETE_THROUGHPUT:
      for (const throughput of throughputs) say(await deleteThroughput(throughput, dryRun, memory));
  }
}

/** Undoes what is configured now, and what the record says was done when something else was. */
async function undo(run: Run): Promise<void> {
  const { memory, say } = run;
  const steps: readonly StopStep[] = JSON.parse(env(StopEnv.STEPS));
  const isReal = (action: StopActionKind) => steps.some((step) => step.action === action && !step.dryRun);
  const { state, denied = 0, deleted = [] } = memory.record;
  if (state === 'running' && denied === 0 && deleted.length === 0 && steps.every(({ dryRun }) => dryRun)) return;

  await note(run, (record) => begun(record, run.wish));
  const targets = await readTargets(env(StopEnv.TARGETS_PATH), say);
  if (isReal(StopActionKind.DENY_INVOCATIONS) || denied > 0) {
    const policyArn = process.env[StopEnv.DENY_POLICY_ARN];
    const roles = new Set([...targets.roles, ...policyArn === undefined ? [] : await rolesDenied(policyArn)]);
    for (const role of roles) say(policyArn === undefined ? notAllowed(role) : await allow(role, policyArn));
  }
  for (const throughput of memory.record.deleted ?? []) say(await restoreThroughput(throughput, memory));
  const known = targets.throughputs.map(({ arn }) => arn);
  const isComplete = count(run, 'failed', 'targets') === 0;
  await note(run, (record) => undone(isComplete ? withRestoredOf(record, known) : record, {
    stillDenied: isComplete ? count(run, 'failed', StopActionKind.DENY_INVOCATIONS) : denied,
    failed: count(run, 'failed'),
  }));
}

/** The action was taken away while it was in force. */
function notAllowed(role: string): Outcome {
  return failure(StopActionKind.DENY_INVOCATIONS, role, new Refusal('is denied by a policy that is no longer configured'), `aws iam list-attached-role-policies --role-name ${role}, and detach it`);
}

const BROKEN = 'no throughput is deleted or bought again: look in the log for what was deleted before, and write {"state":"running"} into the parameter';

/** Changes the record. If that fails, what can be done without it is done. */
async function note({ memory, say }: Run, next: (record: StopRecord) => StopRecord): Promise<void> {
  if (memory.broken !== undefined) return;
  try {
    await memory.change(next);
  } catch (e) {
    say(failure('record', env(StopEnv.RECORD_PARAMETER), e, 'look in the log for what was done'));
  }
}

async function publish(wish: Wish, outcomes: readonly Outcome[], before: StopRecord | undefined): Promise<void> {
  const { subject, message } = tell({
    wish,
    outcomes,
    budget: env(StopEnv.BUDGET),
    functionName: env('AWS_LAMBDA_FUNCTION_NAME'),
    stoppedJobs: wish.do === 'undo' ? before?.stoppedJobs : undefined,
  });
  try {
    await sns.send(new PublishCommand({ TopicArn: env(StopEnv.TOPIC_ARN), Subject: subject, Message: message }));
  } catch (e) {
    log('error', { told: 'nobody', why: textOf(e), message });
  }
}

function count({ outcomes }: Run, result: Outcome['result'], ...actions: Outcome['action'][]): number {
  return outcomes.filter((outcome) => outcome.result === result && (actions.length === 0 || actions.includes(outcome.action))).length;
}

function log(level: 'info' | 'error', what: object): void {
  console[level](JSON.stringify({ budget: process.env[StopEnv.BUDGET], ...what }));
}

function env(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Refusal(`the environment variable ${name} is missing`);
  return value;
}

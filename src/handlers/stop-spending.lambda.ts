import { createHash } from 'crypto';
import { PublishCommand } from '@aws-sdk/client-sns';
import { sns } from './stop-spending/clients.lambda';
import { Deleted, deletedThroughput, Deletion, isDeleted } from './stop-spending/deletion';
import { Deletions } from './stop-spending/deletions.lambda';
import { allow, deny, rolesWith, wouldDeny } from './stop-spending/deny-invocations.lambda';
import { StateMemory } from './stop-spending/memory.lambda';
import { failure, Outcome, Refusal, Say, textOf } from './stop-spending/outcome';
import { begun, StopState, stopped, undone } from './stop-spending/record';
import { stopJobs } from './stop-spending/stop-batch-jobs.lambda';
import { readTargets, Targets } from './stop-spending/targets.lambda';
import { deleteThroughput, restoreThroughput } from './stop-spending/throughput.lambda';
import { isNews, tell } from './stop-spending/told';
import { isLate, Wish, wishOf } from './stop-spending/wish';
import { AlarmEvent, ManualEvent, StopActionKind, StopEnv, StopRecord, StopStep } from './stop-spending.contract';

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
  const memory = new StateMemory(env(StopEnv.RECORD_PARAMETER));
  const deletions = new Deletions(env(StopEnv.DELETED_PATH));
  const state = await opened(memory, wish);
  if (wish.do === 'status') return recordOf(state, await deletions.all());
  if (isLate(wish, state)) {
    log('info', { late: wish, why: `an event of ${state.asOf} was handled already, and is carried out again` });
    wish = newestEvent(state, wish);
  }

  const outcomes: Outcome[] = [];
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const run = new Run(wish, memory, deletions);
    await run.carryOut();
    outcomes.push(...run.outcomes);
    const newest = await run.newest();
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
    throw new Error(`the record ${env(StopEnv.RECORD_PARAMETER)} cannot be read: ${outcome.text}`);
  }
}

/** One event that is carried out. */
class Run {
  public readonly outcomes: Outcome[] = [];
  /** The state in which the record was when this run began to act. */
  private noted: StopState['state'] | undefined;
  private readonly steps: readonly StopStep[] = JSON.parse(env(StopEnv.STEPS));
  private readonly say: Say = (outcome) => {
    this.outcomes.push(outcome);
    log(outcome.result === 'failed' ? 'error' : 'info', outcome);
  };

  constructor(private readonly wish: Wish, private readonly memory: StateMemory, private readonly deletions: Deletions) {}

  public async carryOut(): Promise<void> {
    const { memory, wish } = this;
    const before = memory.last;
    if (memory.broken !== undefined) await this.mend(memory.broken);
    if (wish.do === 'verify') {
      await this.verify();
      if (await this.isNewToCheck()) await publish(wish, this.outcomes, before);
      return;
    }
    await (wish.do === 'stop' ? this.stop() : this.undo());
    const changed = before.state !== memory.last.state || before.denied !== memory.last.denied;
    if (isNews(wish, this.outcomes, changed)) await publish(wish, this.outcomes, before);
  }

  /** The event that another run has handled since this one noted its own, which this one then follows. */
  public async newest(): Promise<Wish | undefined> {
    const { wish, noted } = this;
    if (noted === undefined) return undefined;
    try {
      const state = await this.memory.read();
      return state.state === noted ? undefined : newestEvent(state, wish);
    } catch (e) {
      this.say(failure('record', env(StopEnv.RECORD_PARAMETER), e, `start it again: {"do":"${wish.do}"}`));
      return undefined;
    }
  }

  private async stop(): Promise<void> {
    if (this.isReal && !await this.begin('stopped')) return;
    const targets = await readTargets(env(StopEnv.TARGETS_PATH), this.say);
    for (const step of this.steps) await this.stopBy(step, targets);
    if (!this.isReal) return;
    await this.note((state) => stopped(state, {
      denied: this.count('done', StopActionKind.DENY_INVOCATIONS),
      jobs: this.count('done', StopActionKind.STOP_BATCH_JOBS),
      failed: this.count('failed'),
      undenied: this.undenied,
    }));
  }

  private async stopBy({ action, dryRun }: StopStep, { roles, batches, throughputs }: Targets): Promise<void> {
    const { say } = this;
    switch (action) {
      case StopActionKind.DENY_INVOCATIONS:
        for (const role of roles) say(await (dryRun ? wouldDeny : deny)(role, env(StopEnv.DENY_POLICY_ARN)));
        return;
      case StopActionKind.STOP_BATCH_JOBS:
        for (const batch of batches) await stopJobs(batch, dryRun, say);
        return;
      case StopActionKind.DELETE_THROUGHPUT:
        for (const throughput of throughputs) say(await deleteThroughput(throughput, dryRun, this.deletions.of(throughput.arn)));
    }
  }

  /** Undoes what is configured now, and what the record says was done when something else was. */
  private async undo(): Promise<void> {
    const { say } = this;
    const { state, denied = 0 } = this.memory.last;
    const isAllDry = this.steps.every(({ dryRun }) => dryRun);
    if (state === 'running' && denied === 0 && isAllDry && !(await this.deletions.all()).some(isDeleted)) return;
    if (!await this.begin('running')) return;
    const targets = await readTargets(env(StopEnv.TARGETS_PATH), say);
    const isComplete = this.count('failed', 'targets') === 0;
    if (this.does(StopActionKind.DENY_INVOCATIONS) || denied > 0) await this.allowAll(targets.roles);
    await this.restoreAll(targets, isComplete);
    await this.note((now) => undone(now, {
      stillDenied: isComplete ? this.count('failed', StopActionKind.DENY_INVOCATIONS) : denied,
      failed: this.count('failed'),
    }));
  }

  private async allowAll(targets: readonly string[]): Promise<void> {
    const policyArn = process.env[StopEnv.DENY_POLICY_ARN];
    const roles = new Set([...targets, ...policyArn === undefined ? [] : await rolesKnownWith(policyArn)]);
    for (const role of roles) this.say(policyArn === undefined ? notAllowed(role) : await allow(role, policyArn));
    const secondLine = process.env[StopEnv.SECOND_LINE_POLICY_ARN];
    if (secondLine === undefined) return;
    for (const role of await rolesKnownWith(secondLine)) this.say(deniedByAwsBudgets(role));
  }

  private async restoreAll({ throughputs }: Targets, isComplete: boolean): Promise<void> {
    const named = throughputs.map(({ arn }) => arn);
    // Targets name throughput only as long as the action is configured.
    const knowsAll = isComplete && this.steps.some(({ action }) => action === StopActionKind.DELETE_THROUGHPUT);
    try {
      // Those that are named are looked for in any case: a list may be older than what was written last.
      for (const arn of new Set([...await this.deletions.arns(), ...named])) await this.restore(arn, knowsAll && !named.includes(arn));
    } catch (e) {
      this.say(failure(StopActionKind.DELETE_THROUGHPUT, env(StopEnv.DELETED_PATH), e, 'undo again: {"do":"undo"}'));
    }
  }

  /** @param isGone whether its stack no longer has it: then nobody would use or delete what was bought */
  private async restore(arn: string, isGone: boolean): Promise<void> {
    const memory = this.deletions.of(arn);
    const deletion = await memory.read();
    if (isDeleted(deletion)) this.say(isGone ? notBoughtAgain(deletion) : await restoreThroughput(deletion, memory));
    if (isGone) await this.deletions.forget(arn);
  }

  /**
   * While the budget is stopped, attaches the policy where it is missing: AWS Budgets, an administrator, or a deployment may
   * have taken it away, and roles may have been deployed since.
   */
  private async verify(): Promise<void> {
    if (this.memory.last.state !== 'stopped' || !this.does(StopActionKind.DENY_INVOCATIONS)) return;
    this.noted = 'stopped';
    const policyArn = env(StopEnv.DENY_POLICY_ARN);
    const targets = await readTargets(env(StopEnv.TARGETS_PATH), this.say);
    try {
      const denied = new Set(await rolesWith(policyArn));
      for (const role of targets.roles) if (!denied.has(role)) this.say(await deny(role, policyArn));
    } catch (e) {
      this.say(failure(StopActionKind.DENY_INVOCATIONS, policyArn, e, `aws iam list-entities-for-policy --policy-arn ${policyArn}`));
    }
  }

  /** Whether a check has attached something, or fails otherwise than the last one. */
  private async isNewToCheck(): Promise<boolean> {
    const { undenied } = this;
    if (this.memory.last.undenied !== undenied) {
      await this.note((state) => (state.state === 'stopped' ? { ...state, undenied } : state));
      if (undenied !== undefined) return true;
    }
    return this.count('done') > 0;
  }

  /** What could not be denied, for a later check to compare. */
  private get undenied(): string | undefined {
    const failed = this.outcomes.filter(({ action, result }) => result === 'failed' && (action === StopActionKind.DENY_INVOCATIONS || action === 'targets'));
    if (failed.length === 0) return undefined;
    return createHash('sha256').update(failed.map(({ target }) => target).sort().join()).digest('hex').slice(0, 16);
  }

  /** Notes the event. False if a newer one was noted since the record was read first: then nothing may be done. */
  private async begin(wanted: StopState['state']): Promise<boolean> {
    const isNoted = await this.note((state) => (isLate(this.wish, state) ? state : begun(state, this.wish)));
    // Without its record, what can be done is done.
    if (!isNoted) return true;
    // The newer event is carried out by the run that has noted it, and by this one next.
    this.noted = wanted;
    return this.memory.last.state === wanted;
  }

  /** Changes the state. If that fails, what can be done without it is done. */
  private async note(next: (state: StopState) => StopState): Promise<boolean> {
    if (this.memory.isRefused) return false;
    try {
      await this.memory.change(next);
      return true;
    } catch (e) {
      this.say(failure('record', env(StopEnv.RECORD_PARAMETER), e, 'look in the log for what was done'));
      return false;
    }
  }

  private async mend(why: string): Promise<void> {
    this.say(failure('record', env(StopEnv.RECORD_PARAMETER), new Refusal(`it cannot be read: ${why}`), 'where it is no JSON, its earlier versions count, and it is written again'));
    if (await this.note((state) => ({ ...state }))) this.memory.broken = undefined;
  }

  private get isReal(): boolean {
    return this.steps.some(({ dryRun }) => !dryRun);
  }

  private does(action: StopActionKind): boolean {
    return this.steps.some((step) => step.action === action && !step.dryRun);
  }

  private count(result: Outcome['result'], ...actions: Outcome['action'][]): number {
    return this.outcomes.filter((outcome) => outcome.result === result && (actions.length === 0 || actions.includes(outcome.action))).length;
  }
}

/** What the newest event asked for, on behalf of an event that is older or has been overtaken: it may have failed since. */
function newestEvent({ state, asOf, by }: StopState, wish: Wish): Wish {
  return { do: state === 'stopped' ? 'stop' : 'undo', time: asOf ?? wish.time, receivedAt: wish.receivedAt, by: by ?? wish.by };
}

function recordOf({ version, undenied, ...state }: StopState, deletions: readonly Deletion[]): StopRecord {
  const deleted = deletions.filter(isDeleted).map(deletedThroughput);
  const restored = deletions.flatMap(({ arn, now }) => (now === undefined || now === arn ? [] : [[arn, now]]));
  return { ...state, ...(deleted.length > 0 ? { deleted } : {}), ...(restored.length > 0 ? { restored: Object.fromEntries(restored) } : {}) };
}

/** None when AWS does not tell. */
async function rolesKnownWith(policyArn: string): Promise<string[]> {
  try {
    return await rolesWith(policyArn);
  } catch (e) {
    console.error(`who else has ${policyArn} is not known: ${(e as Error).message}`);
    return [];
  }
}

/** The action was taken away while it was in force. */
function notAllowed(role: string): Outcome {
  return failure(StopActionKind.DENY_INVOCATIONS, role, new Refusal('is denied by a policy that is no longer configured'), `aws iam list-attached-role-policies --role-name ${role}, and detach it`);
}

/** The two policies never touch each other. */
function deniedByAwsBudgets(role: string): Outcome {
  return {
    action: StopActionKind.DENY_INVOCATIONS,
    target: role,
    result: 'kept',
    text: 'is still denied by the policy that AWS Budgets has attached, until its next period: to allow it now, reverse the action of the budget in the AWS Budgets console',
  };
}

function notBoughtAgain({ arn, resource }: Deleted): Outcome {
  return { action: StopActionKind.DELETE_THROUGHPUT, target: arn, result: 'kept', text: `${resource}: its stack no longer has it, so that it is not bought again` };
}

async function publish(wish: Wish, outcomes: readonly Outcome[], before: StopState | undefined): Promise<void> {
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

function log(level: 'info' | 'error', what: object): void {
  console[level](JSON.stringify({ budget: process.env[StopEnv.BUDGET], ...what }));
}

function env(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Refusal(`the environment variable ${name} is missing`);
  return value;
}

import { createHash } from 'crypto';
import { StopActionKind, StopEnv, StopStep } from './contract';
import { Deleted, isDeleted } from './deletion';
import { Deletions } from './deletions';
import { allow, deny, rolesWith, wouldDeny } from './deny-invocations';
import { env, log } from './environment';
import { StateMemory } from './memory';
import { failure, Outcome, Refusal, Say } from './outcome';
import { publish } from './publish';
import { begun, StopState, stopped, undone } from './record';
import { stopJobs } from './stop-batch-jobs';
import { readTargets, Targets } from './targets';
import { deleteThroughput, restoreThroughput } from './throughput';
import { isNews } from './told';
import { isLate, Wish } from './wish';

/** One event that is carried out. */
export class Run {
  public readonly outcomes: Outcome[] = [];
  private readonly say: Say;
  /** The state in which the record was when this run began to act. */
  private noted: StopState['state'] | undefined;
  private readonly steps: readonly StopStep[] = JSON.parse(env(StopEnv.STEPS));

  constructor(private readonly wish: Wish, private readonly memory: StateMemory, private readonly deletions: Deletions) {
    this.say = (outcome) => {
      this.outcomes.push(outcome);
      log(outcome.result === 'failed' ? 'error' : 'info', outcome);
    };
  }

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

  /** While the budget is stopped, does what is missing of that. */
  private async verify(): Promise<void> {
    if (this.memory.last.state !== 'stopped') return;
    this.noted = 'stopped';
    if (this.does(StopActionKind.DENY_INVOCATIONS)) await this.denyMissing();
    if (this.does(StopActionKind.DELETE_THROUGHPUT)) await this.deleteLeft();
  }

  /** AWS Budgets, an administrator, or a deployment may have taken the policy away, and roles may have been deployed since. */
  private async denyMissing(): Promise<void> {
    const policyArn = env(StopEnv.DENY_POLICY_ARN);
    const targets = await readTargets(env(StopEnv.TARGETS_PATH), this.say);
    try {
      const denied = new Set(await rolesWith(policyArn));
      for (const role of targets.roles) if (!denied.has(role)) this.say(await deny(role, policyArn));
    } catch (e) {
      this.say(failure(StopActionKind.DENY_INVOCATIONS, policyArn, e, `aws iam list-entities-for-policy --policy-arn ${policyArn}`));
    }
  }

  /**
   * Throughput that is recorded as deleted and is still there: AWS deletes nothing that is still being made, which takes longer than the tries of an
   * event. Other throughput is not touched.
   */
  private async deleteLeft(): Promise<void> {
    try {
      for (const { arn, name, resource } of (await this.deletions.all()).filter(isDeleted)) {
        const outcome = await deleteThroughput({ throughput: resource, arn, name }, false, this.deletions.of(arn));
        if (outcome.result !== 'already') this.say(outcome);
      }
    } catch (e) {
      this.say(failure(StopActionKind.DELETE_THROUGHPUT, env(StopEnv.DELETED_PATH), e, 'stop again: {"do":"stop"}'));
    }
  }

  /** Whether a check has attached or deleted something, or fails otherwise than the last one. */
  private async isNewToCheck(): Promise<boolean> {
    const { undenied } = this;
    if (this.memory.last.undenied !== undenied) {
      await this.note((state) => (state.state === 'stopped' ? { ...state, undenied } : state));
      if (undenied !== undefined) return true;
    }
    return this.count('done') > 0;
  }

  /** Roles that could not be denied, for a later check to compare. */
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

/** The command of the newest event, on behalf of an event that is older or has been overtaken: it may have failed since. */
export function newestEvent({ state, asOf, by }: StopState, wish: Wish): Wish {
  return { do: state === 'stopped' ? 'stop' : 'undo', time: asOf ?? wish.time, receivedAt: wish.receivedAt, by: by ?? wish.by };
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

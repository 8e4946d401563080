import { ActionResult, failure, ReportResult } from './action-result';
import { StopActionKind, StopEnv, StopStep } from './contract';
import { Deleted, isDeleted } from './deletion';
import { Deletions } from './deletions';
import { allow, deny, rolesWith, wouldDeny } from './deny-invocations';
import { log } from './environment';
import { isNews } from './notification';
import { publish } from './publish';
import { begun, StopState, stopped, undone } from './record';
import { stopJobs } from './stop-batch-jobs';
import { isLate, StopCommand } from './stop-command';
import { StopRecordStore } from './stop-record-store';
import { readTargets, Targets } from './targets';
import { deleteThroughput, restoreThroughput } from './throughput';
import { env } from '../shared/environment';
import { Refusal } from '../shared/errors';
import { hash } from '../shared/hash';

/** Carries out one command. */
export class Run {
  public readonly results: ActionResult[] = [];
  private readonly report: ReportResult;
  /** The state that this run has written, or has found during a check. */
  private noted: StopState['state'] | undefined;
  private readonly steps: readonly StopStep[] = JSON.parse(env(StopEnv.STEPS));

  constructor(private readonly command: StopCommand, private readonly store: StopRecordStore, private readonly deletions: Deletions) {
    this.report = (result) => {
      this.results.push(result);
      log(result.result === 'failed' ? 'error' : 'info', result);
    };
  }

  public async carryOut(): Promise<void> {
    const { store, command } = this;
    const before = store.last;
    if (store.broken !== undefined) await this.mend(store.broken);
    if (command.do === 'verify') {
      await this.verify();
      if (await this.isNewToCheck()) await publish(command, this.results, before);
      return;
    }
    await (command.do === 'stop' ? this.stop() : this.undo());
    const changed = before.state !== store.last.state || before.denied !== store.last.denied;
    if (isNews(command, this.results, changed)) await publish(command, this.results, before);
  }

  /** The command of an event that another run has handled since this run wrote its own. This run carries it out too. */
  public async newest(): Promise<StopCommand | undefined> {
    const { command, noted } = this;
    if (noted === undefined) return undefined;
    try {
      const state = await this.store.read();
      return state.state === noted ? undefined : newestCommand(state, command);
    } catch (e) {
      this.report(failure('record', env(StopEnv.RECORD_PARAMETER), e, `start it again: {"do":"${command.do}"}`));
      return undefined;
    }
  }

  private async stop(): Promise<void> {
    if (this.isReal && !await this.begin('stopped')) return;
    const targets = await readTargets(env(StopEnv.TARGETS_PATH), this.report);
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
    const { report } = this;
    switch (action) {
      case StopActionKind.DENY_INVOCATIONS:
        for (const role of roles) report(await (dryRun ? wouldDeny : deny)(role, env(StopEnv.DENY_POLICY_ARN)));
        return;
      case StopActionKind.STOP_BATCH_JOBS:
        for (const batch of batches) await stopJobs(batch, dryRun, report);
        return;
      case StopActionKind.DELETE_THROUGHPUT:
        for (const throughput of throughputs) report(await deleteThroughput(throughput, dryRun, this.deletions.of(throughput.arn)));
    }
  }

  /** Undoes the configured actions, and those that the record has from an earlier configuration. */
  private async undo(): Promise<void> {
    const { report } = this;
    const { state, denied = 0 } = this.store.last;
    const isAllDry = this.steps.every(({ dryRun }) => dryRun);
    if (state === 'running' && denied === 0 && isAllDry && !(await this.deletions.all()).some(isDeleted)) return;
    if (!await this.begin('running')) return;
    const targets = await readTargets(env(StopEnv.TARGETS_PATH), report);
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
    for (const role of roles) this.report(policyArn === undefined ? notAllowed(role) : await allow(role, policyArn));
    const budgetsPolicy = process.env[StopEnv.BUDGET_ACTION_POLICY_ARN];
    if (budgetsPolicy === undefined) return;
    for (const role of await rolesKnownWith(budgetsPolicy)) this.report(deniedByAwsBudgets(role));
  }

  private async restoreAll({ throughputs }: Targets, isComplete: boolean): Promise<void> {
    const named = throughputs.map(({ arn }) => arn);
    // Targets list throughput only while the action is configured.
    const knowsAll = isComplete && this.steps.some(({ action }) => action === StopActionKind.DELETE_THROUGHPUT);
    try {
      // Targets are looked up in any case: a list of parameters may lag behind the last write.
      for (const arn of new Set([...await this.deletions.arns(), ...named])) await this.restore(arn, knowsAll && !named.includes(arn));
    } catch (e) {
      this.report(failure(StopActionKind.DELETE_THROUGHPUT, env(StopEnv.DELETED_PATH), e, 'undo again: {"do":"undo"}'));
    }
  }

  /** @param isGone whether its stack no longer has it, so that a purchase would be neither used nor deleted */
  private async restore(arn: string, isGone: boolean): Promise<void> {
    const store = this.deletions.of(arn);
    const deletion = await store.read();
    if (isDeleted(deletion)) this.report(isGone ? notBoughtAgain(deletion) : await restoreThroughput(deletion, store));
    if (isGone) await this.deletions.forget(arn);
  }

  /** Takes the missing actions while the budget is stopped. */
  private async verify(): Promise<void> {
    if (this.store.last.state !== 'stopped') return;
    this.noted = 'stopped';
    if (this.does(StopActionKind.DENY_INVOCATIONS)) await this.denyMissing();
    if (this.does(StopActionKind.DELETE_THROUGHPUT)) await this.deleteLeft();
  }

  /** Attaches the policy where AWS Budgets, an administrator or a deployment has detached it, and to roles that were deployed since. */
  private async denyMissing(): Promise<void> {
    const policyArn = env(StopEnv.DENY_POLICY_ARN);
    const targets = await readTargets(env(StopEnv.TARGETS_PATH), this.report);
    try {
      const denied = new Set(await rolesWith(policyArn));
      for (const role of targets.roles) if (!denied.has(role)) this.report(await deny(role, policyArn));
    } catch (e) {
      this.report(failure(StopActionKind.DENY_INVOCATIONS, policyArn, e, `aws iam list-entities-for-policy --policy-arn ${policyArn}`));
    }
  }

  /**
   * Deletes throughput that is recorded as deleted and still exists. AWS does not delete throughput that it is creating, and the
   * creation takes longer than the retries of an event. Other throughput is not touched.
   */
  private async deleteLeft(): Promise<void> {
    try {
      for (const { arn, name, resource } of (await this.deletions.all()).filter(isDeleted)) {
        const deleted = await deleteThroughput({ throughput: resource, arn, name }, false, this.deletions.of(arn));
        if (deleted.result !== 'already') this.report(deleted);
      }
    } catch (e) {
      this.report(failure(StopActionKind.DELETE_THROUGHPUT, env(StopEnv.DELETED_PATH), e, 'stop again: {"do":"stop"}'));
    }
  }

  /** Whether a check has attached or deleted something, or has other failures than the last check. */
  private async isNewToCheck(): Promise<boolean> {
    const { undenied } = this;
    if (this.store.last.undenied !== undenied) {
      await this.note((state) => (state.state === 'stopped' ? { ...state, undenied } : state));
      if (undenied !== undefined) return true;
    }
    return this.count('done') > 0;
  }

  /** The hash of the roles that could not be denied, which a later check compares. */
  private get undenied(): string | undefined {
    const failed = this.results.filter(({ action, result }) => result === 'failed' && (action === StopActionKind.DENY_INVOCATIONS || action === 'targets'));
    if (failed.length === 0) return undefined;
    return hash(failed.map(({ target }) => target).sort().join()).slice(0, 16);
  }

  /** Writes the event into the record. False if a newer event was written since the record was first read; then no action is taken. */
  private async begin(wanted: StopState['state']): Promise<boolean> {
    const isNoted = await this.note((state) => (isLate(this.command, state) ? state : begun(state, this.command)));
    // Without the record, the actions that do not need it are taken.
    if (!isNoted) return true;
    // The newer event is carried out by the run that has written it, and then by this run.
    this.noted = wanted;
    return this.store.last.state === wanted;
  }

  /** Changes the state. A failure is reported, and actions that do not need the state are still taken. */
  private async note(next: (state: StopState) => StopState): Promise<boolean> {
    if (this.store.isRefused) return false;
    try {
      await this.store.change(next);
      return true;
    } catch (e) {
      this.report(failure('record', env(StopEnv.RECORD_PARAMETER), e, 'see the log for the actions that were taken'));
      return false;
    }
  }

  private async mend(why: string): Promise<void> {
    this.report(failure('record', env(StopEnv.RECORD_PARAMETER), new Refusal(`it cannot be read: ${why}`), 'if it is not JSON, its earlier versions are used and it is written again'));
    if (await this.note((state) => ({ ...state }))) this.store.broken = undefined;
  }

  private get isReal(): boolean {
    return this.steps.some(({ dryRun }) => !dryRun);
  }

  private does(action: StopActionKind): boolean {
    return this.steps.some((step) => step.action === action && !step.dryRun);
  }

  private count(result: ActionResult['result'], ...actions: ActionResult['action'][]): number {
    return this.results.filter((one) => one.result === result && (actions.length === 0 || actions.includes(one.action))).length;
  }
}

/** The command of the newest event, which a run with an older event carries out too, since it may have failed. */
export function newestCommand({ state, asOf, by }: StopState, command: StopCommand): StopCommand {
  return { do: state === 'stopped' ? 'stop' : 'undo', time: asOf ?? command.time, receivedAt: command.receivedAt, by: by ?? command.by };
}

/** X*/
async function rolesKnownWith(policyArn: string): Promise<string[]> {
  try {
    return await rolesWith(policyArn);
  } catch (e) {
    console.error(`The other roles that have ${policyArn} are not known: ${(e as Error).message}`);
    return [];
  }
}

/** The failure for a policy that is still attached after its action was removed from the budget. */
function notAllowed(role: string): ActionResult {
  return failure(StopActionKind.DENY_INVOCATIONS, role, new Refusal('is denied by a policy that is no longer configured'), `aws iam list-attached-role-policies --role-name ${role}, and detach it`);
}

/** The result for a role that AWS Budgets denies too: this function does not detach that policy. */
function deniedByAwsBudgets(role: string): ActionResult {
  return {
    action: StopActionKind.DENY_INVOCATIONS,
    target: role,
    result: 'kept',
    text: 'is still denied by the policy that AWS Budgets has attached, until the next budget period: to allow it now, reverse the action of the budget in the AWS Budgets console',
  };
}

function notBoughtAgain({ arn, resource }: Deleted): ActionResult {
  return { action: StopActionKind.DELETE_THROUGHPUT, target: arn, result: 'kept', text: `${resource}: its stack no longer has it, so it is not bought again` };
}
